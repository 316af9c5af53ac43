"""What the fuzzer starts from and what it found, given to its targets once more."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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


@pytest.mark.parametrize("target", TARGETS)
def test_what_leads_nowhere_new_is_not_kept(target: str, tmp_path: Path) -> None:
    run(["tests.fuzz.seeds", str(tmp_path)])
    assert len(list((tmp_path / target).iterdir())) == len(SEEDS[target])
    assert run(["tests.fuzz.keep", target, str(tmp_path / target)]) == "0 kept\n"


def run(arguments: list[str]) -> str:
    """A process of its own: keeping traces every line, as whoever measures these tests does."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=CORPUS.parents[2],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
