"""Support reads a code, the window shows its answer: only where the vendor asks such codes."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent.texts import LANGUAGES
from agent.ui.jobs import Known
from agent.ui.views.offers import offers_of
from agent.ui.views.tones import Tone
from agent.ui.views.typed import are_digits_of, remark_on_challenge
from agent.ui.wording import Place, WindowTexts
from protocol.challenge import shown_code
from tests.journeys.site import Host
from tests.ui.conftest import Open
from tests.ui.driving import Driver

CODE = shown_code("12345678")
NAMES = {"fa": "فارسی", "en": "English"}
DOOR = "Answer a challenge code…"


@pytest.fixture
def asked(active: Host, opened: Open, language: str) -> Driver:
    """The page, reached as a person reaches it, after the vendor's word was heard."""
    active.agent.check()
    driver = opened(active, language)
    driver.click("Support")
    driver.click(DOOR)
    assert driver.window.page.place is Place.CHALLENGE
    return driver


def answered(driver: Driver, typed: str) -> str:
    """Type a code by the keyboard, and copy what is shown."""
    # Pasted: Qt's own typist knows no Persian keys.
    driver.field("Challenge code").setText(typed)
    driver.press(Qt.Key.Key_Return)
    driver.work()
    found = driver.texts.gettext(
        "Answer to the code {code:words}", code=driver.texts.latin(shown(driver))
    )
    driver.press_named(driver.texts.gettext("Copy: {what:words}", what=found))
    return QApplication.clipboard().text()


def shown(driver: Driver) -> str:
    return driver.texts.number(CODE)


def test_a_code_is_answered_in_large_digits_as_the_command_answers_it(
    active: Host, asked: Driver
) -> None:
    answer = active.agent.respond(CODE).answer
    assert answered(asked, CODE) == answer
    assert asked.texts.latin(asked.texts.number(answer)) in asked.words()


@pytest.mark.parametrize("language", ["fa"])
def test_persian_digits_with_spaces_are_typed_as_well(active: Host, asked: Driver) -> None:
    typed = CODE.translate(str.maketrans("0123456789-", "۰۱۲۳۴۵۶۷۸۹ "))
    assert answered(asked, typed) == active.agent.respond(CODE).answer


def test_a_mistyped_group_is_named_before_anything_is_asked(asked: Driver) -> None:
    texts = asked.texts
    jobs = len(asked.outcomes)
    wrong = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)
    asked.write(wrong)
    assert texts.gettext("Group {group:number} is mistyped", group=2) in asked.words()
    assert not asked.button("Show the answer").isEnabled()
    asked.press(Qt.Key.Key_Return)
    assert not asked.worker.is_busy
    assert len(asked.outcomes) == jobs


def test_an_answer_goes_with_its_code(asked: Driver) -> None:
    stands = asked.texts.latin(asked.texts.number(answered(asked, CODE)))
    assert stands in asked.words()
    asked.field("Challenge code").setFocus()
    asked.press(Qt.Key.Key_Backspace)
    assert stands not in asked.words()
    asked.write(CODE[-1])
    assert stands in asked.words()
    asked.click("Back")
    asked.click(DOOR)
    assert stands not in asked.words()
    assert asked.field("Challenge code").text() == ""


def test_nobody_is_asked_where_the_vendor_has_not_said_so(
    active: Host, opened: Open, language: str
) -> None:
    driver = opened(active, language)
    driver.click("Support")
    assert not driver.has(DOOR)
    active.agent.check()
    driver.until(lambda: driver.has(DOOR))


def test_the_answer_is_kept_in_the_other_language(asked: Driver, language: str) -> None:
    answer = answered(asked, CODE)
    other = next(each for each in LANGUAGES if each != language)
    asked.click(NAMES[other])
    asked.speaks(other)
    assert asked.field("Challenge code").text() == CODE
    assert asked.texts.latin(asked.texts.number(answer)) in asked.words()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_is_judged_letter_by_letter(language: str) -> None:
    texts = WindowTexts(language)
    tones = {
        "": Tone.CALM,
        CODE[:3]: Tone.CALM,
        CODE: Tone.GOOD,
        CODE.replace("-", ""): Tone.GOOD,
        CODE + "1": Tone.WARNING,
        "0" + CODE[1:]: Tone.WARNING,
    }
    said = {typed: remark_on_challenge(typed, texts) for typed in tones}
    assert {typed: remark[0] for typed, remark in said.items()} == tones
    assert all(re.search(r"\w", remark[1]) for remark in said.values())
    assert are_digits_of(CODE, CODE.replace("-", " "))
    assert not are_digits_of("", "")


def test_a_window_that_sees_nothing_offers_nothing() -> None:
    assert not offers_of(Known()).challenge
