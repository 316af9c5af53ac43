"""What every test may rely on."""

import os
from collections.abc import Iterator

import pytest

USUAL = 0o022


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """Start and end alike: the signing server's command narrows the umask of its process."""
    before = os.umask(USUAL)
    yield
    os.umask(before)
