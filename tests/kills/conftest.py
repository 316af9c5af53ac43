"""The nursery of the doomed, and how much of the proof this run is asked for."""

import os
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import NamedTuple, TypeVar

import pytest

from tests.agent.worlds import World
from tests.kills.acts import Act
from tests.kills.stage import Nursery, Stage
from tests.kills.tracing import require_tracing
from tests.simulated_server import SimulatedServer

# `scripts/prove.sh` sets it: every point then, and not a sample.
WHOLE = os.environ.get("FARAGOSTAR_PROVE") == "1"
SEED = int(os.environ.get("FARAGOSTAR_SEED", "1"))
T = TypeVar("T")
Tell = Callable[[str], None]


class Profile(NamedTuple):
    """Some points of all, always the same ones for a seed; or all of them."""

    whole: bool
    seed: int

    def of(self, points: Sequence[T], sample: int) -> Sequence[T]:
        if self.whole or len(points) <= sample:
            return points
        return random.Random(self.seed).sample(points, sample)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, SimulatedServer())


@pytest.fixture
def profile() -> Profile:
    return Profile(WHOLE, SEED)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    require_tracing()
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def stage(nursery: Nursery, tmp_path: Path, act: Act) -> Stage:
    """The stage of the act that `performing` names."""
    return Stage(nursery, tmp_path, act)


def performing(acts: Iterable[Act]) -> pytest.MarkDecorator:
    """Once for each act."""
    return pytest.mark.parametrize("act", acts, ids=lambda act: act.name)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Print a figure with the time that it took; `scripts/prove.sh` shows it."""
    began = monotonic()

    def figure(text: str) -> None:
        record_property("figure", text)
        print(f"{text} in {monotonic() - began:.0f} s")  # noqa: T201 - the proof's own report

    return figure
