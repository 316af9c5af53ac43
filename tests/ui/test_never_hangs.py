"""Whatever lasts - a broken file, a bug, a slow step - the window answers and can be left."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication

from agent.bootstrap import open_agent
from agent.config import Home
from agent.ui.desk import Desk
from agent.ui.jobs import Job, Known, Look, Outcome, Workplace
from agent.ui.jobs.checks import FindWay
from agent.ui.jobs.license import Check, Withdraw
from agent.ui.jobs.manner import Remember
from agent.ui.jobs.planning import ReadGround
from agent.ui.jobs.printed import ReadForPaper
from agent.ui.jobs.shelves import FindShelves
from agent.ui.patience import Patience
from agent.ui.wording import Manner, WindowTexts
from agent.ui.worker import Worker
from agent.use_cases import Agent
from tests.journeys.site import Host, Site
from tests.ui import driving
from tests.ui.conftest import Open
from tests.ui.driving import opener_of
from tests.waiting import PATIENCE_SECONDS, until


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether every opening of the agent fails from now on, in a way that nobody foresaw."""
    monkeypatch.setattr(driving, "PATIENCE_SECONDS", 10)
    state = [False]

    def breaking(host: Host) -> Callable[..., Agent]:
        real = opener_of(host)

        def opened(home: Home, *, around: object = None) -> Agent:
            if state[0]:
                raise RuntimeError("out of the blue")
            return real(home, around=around)

        return opened

    monkeypatch.setattr(driving, "opener_of", breaking)
    return state


def test_a_failure_that_lasts_ends_every_job_and_keeps_the_window_usable(
    site: Site, host: Host, opened: Open, broken: list[bool], language: str
) -> None:
    host.agent.activate(site.issue().license_key)
    driver = opened(host, language)
    broken[0] = True
    driver.click("Check now")
    assert driver.work().trouble is not None
    assert "out of the blue" in driver.words()
    broken[0] = False
    driver.click("Try again")
    assert driver.work().trouble is None
    assert driver.texts.text("standing-active") in driver.words()


def test_a_first_look_that_fails_unforeseen_says_what_happened(
    site: Site, host: Host, opened: Open, broken: list[bool], language: str
) -> None:
    host.agent.activate(site.issue().license_key)
    broken[0] = True
    driver = opened(host, language)
    assert driver.texts.text("standing-unknown") in driver.words()
    assert "out of the blue" in driver.words()


@pytest.mark.parametrize("name", ["settings", "identity"])
def test_one_bad_byte_in_a_file_is_a_damage_and_not_a_hang(
    site: Site, host: Host, opened: Open, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(driving, "opener_of", lambda _: open_agent)
    host.agent.activate(site.issue().license_key)
    getattr(host.home, name).write_bytes(b'{"server":"\xff\xfe","device_key":"\xff"}')
    driver = opened(host, "en")
    assert driver.outcomes[0].known.view is None or not driver.outcomes[0].known.view.usable
    assert str(getattr(host.home, name)) in driver.words() or name == "identity"


def test_a_desk_that_cannot_even_be_opened_is_told(
    host: Host, opened: Open, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def no_desk(*_: object) -> object:
        raise RuntimeError("no desk at all")

    monkeypatch.setattr(driving, "PATIENCE_SECONDS", 10)
    monkeypatch.setattr(driving, "MeasuredDesk", no_desk)
    assert "no desk at all" in opened(host, language).words()


class Slow:
    """A desk that is at its first job until it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.done: list[Job] = []

    def do(self, job: Job, *_: object) -> Outcome:
        self.done.append(job)
        self.begun.set()
        self.let_go.wait(PATIENCE_SECONDS)
        return Outcome(job, Known())

    def is_behind(self) -> bool:
        return False


@pytest.fixture
def slow(qapp: QApplication) -> Iterator[tuple[Slow, Worker]]:
    desk = Slow()
    worker = Worker(lambda _: cast("Desk", desk))
    worker.start()
    assert desk.begun.wait(PATIENCE_SECONDS)
    yield desk, worker
    desk.let_go.set()
    worker.end()
    qapp.processEvents()


def told_of(worker: Worker, many: int) -> list[Job]:
    """Let the work go on until so many outcomes were told; return what they came of."""
    told: list[Job] = []
    worker.ended.connect(lambda outcome: told.append(outcome.job))
    until(lambda: bool(QApplication.processEvents()) or len(told) >= many)
    return told


def test_to_look_for_the_same_thing_twice_is_asked_once(slow: tuple[Slow, Worker]) -> None:
    desk, worker = slow
    for _ in range(4):
        worker.ask(FindWay(), Manner("en"))
    worker.ask(ReadForPaper(with_key=False), Manner("en"))
    worker.ask(ReadForPaper(with_key=True), Manner("en"))
    desk.let_go.set()
    assert told_of(worker, 3) == desk.done == [Look(), FindWay(), ReadForPaper(with_key=True)]


def test_what_somebody_asked_for_goes_before_whatever_is_only_looked_for(
    slow: tuple[Slow, Worker],
) -> None:
    desk, worker = slow
    for look in (FindWay(), FindShelves(), ReadGround()):
        worker.ask(look, Manner("en"))
    worker.ask(Check(), Manner("en"))
    worker.ask(Withdraw(), Manner("en"))
    desk.let_go.set()
    told = told_of(worker, 6)
    assert not worker.is_busy
    # What was under way is given up, told to nobody, and begun anew in the end.
    asked: list[Job] = [Check(), Withdraw(), FindShelves(), ReadGround(), FindWay()]
    assert desk.done == [Look(), FindWay(), *asked]
    assert told == [Look(), *asked]


def test_who_stops_waiting_for_what_has_not_begun_finds_it_stopped(
    qapp: QApplication,
) -> None:
    stopped: list[tuple[Job, bool]] = []

    class Watched(Slow):
        def __init__(self, patience: Patience) -> None:
            super().__init__()
            self.patience = patience

        def do(self, job: Job, *_: object) -> Outcome:
            outcome = super().do(job)
            stopped.append((job, not list(self.patience.each([1]))))
            return outcome

    desks: list[Watched] = []

    def desk_of(patience: Patience) -> Desk:
        desks.append(Watched(patience))
        return cast("Desk", desks[0])

    worker = Worker(desk_of)
    worker.start()
    until(lambda: bool(desks) and desks[0].begun.is_set())
    for job in (FindWay(), Check(), Remember(Manner("en")), Withdraw()):
        worker.ask(job, Manner("en"))
    worker.stop_waiting()
    desks[0].let_go.set()
    told_of(worker, 4)
    worker.end()
    qapp.processEvents()
    assert (Check(), True) in stopped
    assert (Withdraw(), False) in stopped


def test_patience_is_made_once_and_by_the_window(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[threading.Thread] = []

    class Noted(Patience):
        def __init__(self, *told: Callable[[], None]) -> None:
            made.append(threading.current_thread())
            super().__init__(*told)

    monkeypatch.setattr("agent.ui.patience.Patience", Noted)
    desk = Slow()
    desk.let_go.set()
    worker = Worker(lambda _: cast("Desk", desk))
    assert not made
    worker.start()
    assert desk.begun.wait(PATIENCE_SECONDS)
    worker.end()
    qapp.processEvents()
    assert made == [threading.main_thread()]


@pytest.mark.usefixtures("qapp")
def test_a_share_that_does_not_answer_is_left_when_something_is_to_be_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    let_go = threading.Event()
    patience = Patience(lambda: None)
    patience.stop()
    monkeypatch.setattr(
        "agent.hardware.volumes.shelves_here", lambda _: let_go.wait(PATIENCE_SECONDS) or ()
    )

    def nobody() -> Agent:
        raise AssertionError

    at = Workplace(Home(tmp_path), WindowTexts("en"), nobody, lambda _: None, patience)
    assert FindShelves().done(at) is None
    let_go.set()


@pytest.mark.usefixtures("qapp")
def test_a_window_that_is_closed_waits_for_the_step_that_is_being_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agent.ui.worker._END_MILLISECONDS", 20, raising=False)
    began, let_go, written = threading.Event(), threading.Event(), threading.Event()

    class Slow:
        def do(self, job: Job, *_: object) -> Outcome:
            began.set()
            let_go.wait(PATIENCE_SECONDS)
            written.set()
            return Outcome(job, Known())

    worker = Worker(lambda _: cast("Desk", Slow()))
    worker.start()
    assert began.wait(PATIENCE_SECONDS)
    threading.Timer(0.5, let_go.set).start()
    worker.end()
    try:
        assert written.is_set()
    finally:
        assert written.wait(PATIENCE_SECONDS)
        worker.end()
