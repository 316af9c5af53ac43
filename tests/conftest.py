"""What every test may rely on."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests import databases
from tests.databases import Kind

USUAL = 0o022

# Whatever profile is in force; but how long an example takes says how busy the machine is.
settings.register_profile(
    "patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    """Start this run's PostgreSQL before its workers, which inherit where it is."""
    if databases.KIND is Kind.POSTGRESQL:
        databases.cluster()
        config.add_cleanup(databases.end_cluster)


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """Start and end alike: the signing server's command narrows the umask of its process."""
    before = os.umask(USUAL)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def _databases_end_with_their_test() -> Iterator[None]:
    with databases.gone_afterwards():
        yield
