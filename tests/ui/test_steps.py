"""The steps of the two wizards: checks that hold nobody up, how far a release is, then and now."""

from pathlib import Path

from PySide6.QtWidgets import QRadioButton

from agent.doctor import Finding, Outcome
from agent.ui.jobs import Known
from agent.ui.jobs.checks import WayFound
from agent.ui.views.reactivating import changes_of
from agent.ui.views.releasing import checks_of, open_line, progress_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Act, Place, WindowTexts
from protocol.values import Standing
from tests import machines
from tests.journeys.site import Host, Site
from tests.ui.carrying import REQUEST, pick
from tests.ui.conftest import Open
from tests.ui.driving import Driver

EN = WindowTexts("en")
ANSWERS = Finding("answer", Outcome.OK, "doctor-answer-ok", {"server": "https://x"})
SILENT = Finding("dns", Outcome.FAIL, "doctor-dns-fail", {"host": "x"})
SLOW_CLOCK = Finding("clock", Outcome.WARN, "doctor-clock-warn", {"seconds": "900"})


def place(driver: Driver) -> Place:
    return driver.window.page.place


def test_the_checks_are_seen_and_what_nobody_ticked_is_said_once_more(
    site: Site, host: Host, opened: Open, language: str
) -> None:
    host.agent.activate(site.issue().license_key)
    driver = opened(host, language)
    driver.click("Give the license back…")
    driver.click("Continue")
    driver.until(lambda: driver.texts.gettext("The signing server answers") in driver.words())
    driver.tick(driver.checkbox("A backup of this server was made"))
    driver.click("Continue")
    assert place(driver) is Place.CONFIRM_RELEASE
    users = driver.texts.gettext("The users know that the software stops")
    assert driver.texts.gettext("Not ticked: {what:words}", what=users) in driver.words()
    driver.click("Back")
    assert driver.checkbox("A backup of this server was made").isChecked()
    driver.tick(driver.checkbox("The users know that the software stops"))
    driver.click("Continue")
    assert users not in driver.words()
    assert host.usable


def test_without_the_server_a_release_goes_on_and_its_proof_waits(
    site: Site, host: Host, opened: Open, language: str
) -> None:
    issued = site.issue()
    host.agent.activate(issued.license_key)
    driver = opened(host, language)
    site.server.stop()
    driver.click("Give the license back…")
    driver.click("Continue")
    unreached = checks_of(Known(), WayFound((SILENT,)), driver.texts)[0].text
    driver.until(lambda: unreached in driver.words())
    driver.click("Continue")
    driver.write(issued.license_key[-4:])
    driver.tick(driver.checkbox("I have read this: the software stops here now"))
    driver.click("Give the license back now")
    driver.work()
    assert host.state.standing is Standing.RELEASING
    assert driver.texts.gettext("The vendor has not confirmed it yet") in driver.words()
    site.server.start()
    driver.click("Send again")
    driver.work()
    assert driver.texts.gettext("The vendor has it: the receipt has come") in driver.words()
    assert not driver.has("Send again")
    site.assert_nothing_lost_or_doubled()


def test_a_changed_server_sees_what_changed_and_what_came_of_it(
    site: Site, host: Host, opened: Open, language: str
) -> None:
    host.agent.activate(site.issue().license_key)
    host.become(machines.with_other_board(host.hardware))
    host.agent.check()
    driver = opened(host, language)
    driver.click("Activate again…")
    assert driver.texts.name("component", "board") in driver.words()
    driver.click("Activate again on this server")
    driver.work()
    assert place(driver) is Place.REACTIVATE
    assert not driver.has("Activate again on this server")
    driver.click("Finish")
    assert place(driver) is Place.OVERVIEW


def test_the_other_two_ways_are_offered_where_one_activates_again(
    site: Site, host: Host, opened: Open
) -> None:
    host.agent.activate(site.issue().license_key)
    driver = opened(host, "en")
    for words, wanted in (
        ("I have a recovery file…", Place.LOAD_RECOVERY),
        ("I have the reactivation code…", Place.ACTIVATE),
    ):
        driver.window.go(Place.REACTIVATE)
        driver.click(words)
        assert place(driver) is wanted


def test_a_check_says_what_it_is_about_while_it_is_made_and_afterwards() -> None:
    def tones(way: WayFound) -> list[Tone]:
        return [step.tone for step in checks_of(Known(), way, EN)]

    assert tones(WayFound()) == [Tone.WAITING, Tone.CALM]
    assert tones(WayFound(is_whole=True)) == [Tone.WAITING, Tone.CALM]
    assert tones(WayFound((ANSWERS, SLOW_CLOCK), is_whole=True)) == [
        Tone.GOOD,
        Tone.WARNING,
        Tone.CALM,
    ]
    stopped = checks_of(Known(), WayFound((SILENT,)), EN)[0]
    assert stopped.tone is Tone.WARNING
    assert EN.text(SILENT.code, SILENT.parameters) == stopped.advice


def test_where_nothing_was_given_back_there_is_no_progress_and_nothing_left_open() -> None:
    assert progress_of(Known(), EN) == ()
    assert open_line((), EN) == ""
    assert changes_of(Known(), EN)[0].tone is Tone.CALM


def _speak_persian(driver: Driver) -> None:
    driver.click("فارسی")
    driver.speaks("fa")
    driver.until(lambda: not driver.worker.is_busy)


def test_the_release_that_is_confirmed_is_the_one_that_was_chosen_in_another_language(
    site: Site, host: Host, opened: Open, elsewhere: Path
) -> None:
    issued = site.issue()
    host.agent.activate(issued.license_key)
    driver = opened(host, "en")
    file = elsewhere / "release.jws"
    driver.click("By file")
    pick(driver, Act.RELEASE)
    driver.field(REQUEST).setText(str(file))
    driver.click("Write the file")
    driver.tick(driver.seen(QRadioButton)[3])
    driver.click("Continue")
    driver.click("Continue")
    driver.click("Back")
    _speak_persian(driver)
    driver.click("Continue")
    retired = driver.texts.gettext("This server is taken out of service")
    assert retired in driver.words()
    assert file.name in driver.words()
    driver.write(issued.license_key[-4:])
    driver.tick(driver.checkbox("I have read this: the software stops here now"))
    driver.click("Give the license back now")
    driver.work()
    assert file.exists()
    view = driver.outcomes[-1].known.view
    assert view is not None
    assert view.standing is Standing.RELEASING


def test_the_reason_and_the_note_outlast_the_recovery_file_and_another_language(
    site: Site, host: Host, opened: Open
) -> None:
    host.agent.activate(site.issue().license_key)
    driver = opened(host, "en")
    driver.click("Give the license back…")
    driver.tick(driver.seen(QRadioButton)[2])
    driver.field("A word to the vendor").setText("rack 7")
    driver.click("Continue")
    driver.tick(driver.checkbox("A backup of this server was made"))
    driver.click("Save the recovery file…")
    _speak_persian(driver)
    driver.click("Back")
    assert driver.checkbox("A backup of this server was made").isChecked()
    driver.click("Continue")
    assert driver.texts.gettext("The license moves to another server") in driver.words()
    assert "rack 7" in driver.words()
    users = driver.texts.gettext("The users know that the software stops")
    assert driver.texts.gettext("Not ticked: {what:words}", what=users) in driver.words()
    driver.click("Back")
    driver.click("Back")
    assert driver.field("A word to the vendor").text() == "rack 7"
