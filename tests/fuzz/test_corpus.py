"""What the fuzzer starts from and what it found, given to its targets once more."""

from collections.abc import Iterator

import pytest

from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import CORPUS, TARGETS


def inputs() -> Iterator[tuple[str, bytes]]:
    for target in TARGETS:
        yield from ((target, seed) for seed in SEEDS[target])
        yield from ((target, path.read_bytes()) for path in sorted((CORPUS / target).iterdir()))


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_found_before_holds(target: str) -> None:
    given = [raw for name, raw in inputs() if name == target]
    assert len(given) > len(SEEDS[target])
    for raw in given:
        TARGETS[target](raw)
