"""Ceasing to wait: from any thread, before and after, and never for the next job."""

import threading
from collections.abc import Callable, Iterator

import pytest

from agent.errors import ServerSlow, WaitingStopped
from agent.ui.patience import Patience
from tests.waiting import PATIENCE_SECONDS


class Door:
    """A server that answers when it is let."""

    def __init__(self, answer: Callable[[], bytes]) -> None:
        self.answer = answer

    def send(self, request: bytes) -> bytes:
        return request + self.answer()


def test_an_answer_comes_through_and_its_asking_is_told() -> None:
    told: list[str] = []
    patience = Patience(lambda: told.append("asking"))
    assert patience.around(Door(lambda: b"!")).send(b"hear") == b"hear!"
    assert told == ["asking"]


def test_what_the_server_raises_comes_through_too() -> None:
    def slow() -> bytes:
        raise ServerSlow(server="there", seconds=20)

    with pytest.raises(ServerSlow):
        Patience(lambda: None).around(Door(slow)).send(b"")


def test_to_stop_ends_the_wait_and_the_late_answer_reaches_nobody() -> None:
    arrived = threading.Event()
    let_go = threading.Event()

    def late() -> bytes:
        assert let_go.wait(PATIENCE_SECONDS)
        arrived.set()
        return b"late"

    patience = Patience(lambda: threading.Thread(target=patience.stop).start())
    with pytest.raises(WaitingStopped):
        patience.around(Door(late)).send(b"")
    let_go.set()
    assert arrived.wait(PATIENCE_SECONDS)
    patience = Patience(lambda: None)
    assert patience.around(Door(lambda: b"in time")).send(b"") == b"in time"


def test_once_stopped_nothing_leaves_until_another_job_begins() -> None:
    told: list[str] = []
    patience = Patience(lambda: told.append("asking"))
    patience.stop()
    with pytest.raises(WaitingStopped):
        patience.around(Door(lambda: b"")).send(b"")
    assert not told
    patience.begin()
    assert patience.around(Door(lambda: b"heard")).send(b"") == b"heard"


def test_what_comes_is_told_as_it_comes_and_its_end_too() -> None:
    told: list[str] = []
    patience = Patience(lambda: None, lambda: told.append("gathering"))
    assert list(patience.each("abc")) == ["a", "b", "c"]
    assert told == ["gathering"]


def test_who_stops_waiting_keeps_what_came_and_waits_for_nothing_more() -> None:
    let_go = threading.Event()
    patience = Patience(lambda: None)

    def coming() -> Iterator[str]:
        yield "a"
        let_go.wait(PATIENCE_SECONDS)
        yield "b"

    found = patience.each(coming())
    assert next(found) == "a"
    patience.stop()
    assert list(found) == []
    let_go.set()
    assert list(patience.each("c")) == [], "until somebody is patient again"
    patience.begin()
    assert list(patience.each("c")) == ["c"]


def test_what_goes_wrong_while_it_comes_is_raised_where_it_is_waited_for() -> None:
    def coming() -> Iterator[str]:
        yield "a"
        raise ServerSlow(server="there", seconds=20)

    found = Patience(lambda: None).each(coming())
    assert next(found) == "a"
    with pytest.raises(ServerSlow):
        next(found)
