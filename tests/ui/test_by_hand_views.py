"""What the page of what is carried by hand shows, without a window; and paths as pasted."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from agent.advising import advice_lines
from agent.texts import LANGUAGES
from agent.ui.fields import Choosing, PathField
from agent.ui.jobs import Known
from agent.ui.jobs.by_hand import As, GiveOut, ReleaseByHand
from agent.ui.jobs.license import Activate
from agent.ui.views.by_hand import exchange_of, said_of_answer
from agent.ui.wording import Act, WindowTexts
from protocol.values import ReleaseReason
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer

EN = WindowTexts("en")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, SimulatedServer())


def offered(world: World) -> list[Act]:
    known = Known(view=world.agent.status())
    return [offer.act for offer in exchange_of(known, EN).offers]


def test_what_is_offered_is_what_may_be_asked_and_what_waits_is_first(world: World) -> None:
    assert offered(world) == [Act.ACTIVATE]
    world.agent.export_activate(None, LICENSE_KEY)
    assert offered(world) == [Act.CHECK, Act.ACTIVATE, Act.WITHDRAW]
    world.agent.check()
    assert offered(world) == [Act.CHECK, Act.RELEASE]
    world.agent.export_release(None, ReleaseReason.OS)
    assert offered(world) == [Act.CHECK]
    world.agent.check()
    assert offered(world) == [Act.REACTIVATE, Act.ACTIVATE]
    world.agent.export_activate(None)
    assert offered(world)[0] is Act.CHECK


def test_what_is_on_its_way_is_said_with_its_place(world: World, tmp_path: Path) -> None:
    world.agent.export_activate(tmp_path / "request", LICENSE_KEY)
    shown = exchange_of(Known(view=world.agent.status()), EN)
    assert shown.waiting == (
        EN.text("waiting-activate"),
        EN.text("request-exported", {"path": tmp_path / "request"}),
    )


def test_a_notice_is_declared_on_its_own_page(world: World) -> None:
    world.agent.activate(LICENSE_KEY)
    shown = exchange_of(Known(view=world.agent.status()), EN)
    assert shown.may_declare
    assert Act.NOTICE not in [offer.act for offer in shown.offers]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_may_only_look_is_told_why_nothing_can_be_asked(world: World, language: str) -> None:
    texts = WindowTexts(language)
    world.agent.activate(LICENSE_KEY)
    view = world.agent.status()
    for known in (Known(view=view, as_of=view.confirmed_at), Known(is_set_up=False)):
        shown = exchange_of(known, texts)
        assert not shown.offers
        assert not shown.may_take_in
        assert not shown.may_declare
        assert shown.advice


def test_only_an_answer_that_changed_nothing_is_spoken_of(world: World) -> None:
    agent = world.agent
    agent.export_activate(None, LICENSE_KEY)
    answer = world.server.answer(agent.given_out)
    assert said_of_answer(world.agent.import_(answer), EN) == ""
    assert EN.text("answer-known") in said_of_answer(world.agent.import_(answer), EN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_advice_on_what_is_carried_names_buttons_and_no_command(
    world: World, language: str
) -> None:
    texts = WindowTexts(language)
    world.agent.export_activate(None, LICENSE_KEY)
    lines = " ".join(advice_lines(world.agent.status(), texts))
    assert texts.gettext("By file") in lines
    assert "faragostar-man" not in lines


def test_no_license_key_stands_in_a_job_that_is_logged() -> None:
    wish = Activate(LICENSE_KEY, LICENSE_KEY)
    for job in (wish, GiveOut(wish, As.TEXT)):
        assert LICENSE_KEY not in repr(job)


def test_a_release_by_hand_is_a_release_with_the_same_reason() -> None:
    job = ReleaseByHand(ReleaseReason.MOVE, "a word", As.TEXT, None)
    assert (job.reason, job.note) == (ReleaseReason.MOVE, "a word")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (r'"\\tsclient\C\answer.jws"', r"\\tsclient\C\answer.jws"),
        (" «/media/stick/answer.jws» ", "/media/stick/answer.jws"),
        ("\u202aC:\\Users\\رضا\\answer.jws\u202c", "C:\\Users\\رضا\\answer.jws"),
        ("file:///media/a%20stick/answer.jws", "/media/a stick/answer.jws"),
        ("/media/۱۴۰۵/answer.jws", "/media/۱۴۰۵/answer.jws"),
    ],
)
def test_a_path_is_read_as_it_was_meant(qapp: QApplication, typed: str, meant: str) -> None:
    assert qapp is not None
    field = PathField("File", EN, Choosing.OPEN)
    field.findChildren(QLineEdit)[0].setText(typed)
    assert field.path == Path(meant)
    field.deleteLater()


def test_an_empty_path_is_none(qapp: QApplication) -> None:
    assert qapp is not None
    field = PathField("File", EN, Choosing.SAVE)
    field.findChildren(QLineEdit)[0].setText(' " ')
    assert field.path is None
    field.deleteLater()
