"""Requests that go out by file, at the window, and whole lives without a network."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton

from agent.ui.wording import Act, Place
from protocol.codes import LICENSE_KEY_PREFIX, format_code, spoken
from protocol.envelope import open_request
from protocol.values import ReleaseReason, Standing
from tests import machines
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense
from tests.ui.carrying import (
    ANSWER,
    REQUEST,
    answered,
    answered_elsewhere,
    by_file,
    code_of,
    confirm,
    holder,
    isolated,
    pick,
    place,
    standing,
    take_in,
    write,
)
from tests.ui.conftest import Open

__all__ = ["holder", "isolated"]


def test_the_whole_life_by_file(
    site: Site, isolated: Host, issued: IssuedLicense, opened: Open, language: str
) -> None:
    driver = by_file(opened, isolated, issued, language)
    write(driver, site.folder / "activate.jws")
    assert standing(driver) is Standing.ACTIVATING
    digits = spoken(open_request((site.folder / "activate.jws").read_bytes()).digest)
    assert driver.texts.number(digits) in driver.words()
    take_in(driver, f'"{answered_elsewhere(site, site.folder / "activate.jws")}"')
    assert (standing(driver), place(driver)) == (Standing.ACTIVE, Place.OVERVIEW)
    site.assert_nothing_lost_or_doubled()

    driver.click("By file")
    pick(driver, Act.RELEASE)
    driver.field(REQUEST).setText(str(site.folder / "release.jws"))
    driver.click("Write the file")
    assert place(driver) is Place.RELEASE
    assert standing(driver) is Standing.ACTIVE
    confirm(driver, issued.license_key)
    assert (standing(driver), place(driver)) == (Standing.RELEASING, Place.EXCHANGE)
    take_in(driver, answered_elsewhere(site, site.folder / "release.jws"))
    assert (standing(driver), place(driver)) == (Standing.RELEASED, Place.KEEP_PAPERS)
    assert str(isolated.agent.reactivation_code()) in driver.words()
    site.assert_nothing_lost_or_doubled()

    isolated.become(machines.with_other_board(isolated.hardware))
    driver.click("By file")
    pick(driver, Act.REACTIVATE)
    write(driver, site.folder / "again.jws")
    take_in(driver, answered_elsewhere(site, site.folder / "again.jws"))
    assert (standing(driver), place(driver)) == (Standing.ACTIVE, Place.OVERVIEW)
    assert isolated.state.generation == 2
    site.assert_nothing_lost_or_doubled()


def test_a_license_moves_to_another_server_with_its_code(
    site: Site, holder: Host, issued: IssuedLicense, opened: Open, tmp_path: Path
) -> None:
    holder.agent.export_release(tmp_path / "release", ReleaseReason.MOVE)
    holder.agent.import_(site.server.answer((tmp_path / "release").read_bytes()))
    code = holder.agent.reactivation_code()
    second = site.host(machines.VIRTUAL_MACHINE)
    driver = by_file(opened, second, issued, "fa")
    driver.tick(driver.checkbox("From another server: I have its reactivation code"))
    driver.field("Reactivation code").setText(str(code))
    write(driver, tmp_path / "second")
    take_in(driver, answered(site, tmp_path / "second"))
    assert second.usable
    site.assert_nothing_lost_or_doubled()


def test_what_waits_is_offered_again_after_a_restart(
    site: Site, isolated: Host, issued: IssuedLicense, opened: Open, language: str
) -> None:
    driver = by_file(opened, isolated, issued, language)
    write(driver, site.folder / "activate")
    driver.close()

    driver = opened(isolated, language)
    driver.click("By file")
    assert driver.texts.text("waiting-activate") in driver.words()
    assert str(site.folder / "activate") in driver.words()
    write(driver, site.folder / "once more")
    assert (site.folder / "once more").read_bytes() == (site.folder / "activate").read_bytes()
    take_in(driver, answered(site, site.folder / "once more"))
    assert isolated.usable
    site.assert_nothing_lost_or_doubled()


def test_another_file_is_never_written_over(
    holder: Host, issued: IssuedLicense, opened: Open, tmp_path: Path
) -> None:
    (tmp_path / "letter").write_text("dear")
    driver = opened(holder, "en")
    driver.click("By file")
    pick(driver, Act.RELEASE)
    driver.field(REQUEST).setText(str(tmp_path / "letter"))
    driver.click("Write the file")
    confirm(driver, issued.license_key)
    assert code_of(driver.outcomes[-1]) == "file-taken"
    assert (tmp_path / "letter").read_text() == "dear"
    assert holder.usable, "nothing was given back for a file that could not be written"


def test_a_release_that_turns_back_is_still_one_by_file(
    holder: Host, issued: IssuedLicense, opened: Open, tmp_path: Path
) -> None:
    driver = opened(holder, "en")
    driver.click("By file")
    pick(driver, Act.RELEASE)
    driver.field(REQUEST).setText(str(tmp_path / "release"))
    driver.click("Write the file")
    driver.tick(driver.seen(QRadioButton)[1])
    driver.click("Continue")
    driver.until(lambda: not driver.worker.is_busy)
    driver.click("Back")
    assert driver.seen(QRadioButton)[1].isChecked()
    confirm(driver, issued.license_key)
    asked = open_request((tmp_path / "release").read_bytes()).request
    assert getattr(asked, "reason", None) is ReleaseReason.OS


def test_a_request_is_taken_back_by_file(
    site: Site, isolated: Host, issued: IssuedLicense, opened: Open, tmp_path: Path
) -> None:
    driver = by_file(opened, isolated, issued, "en")
    write(driver, tmp_path / "activate")
    pick(driver, Act.WITHDRAW)
    write(driver, tmp_path / "withdraw")
    take_in(driver, answered(site, tmp_path / "withdraw"))
    assert standing(driver) is Standing.UNLICENSED
    site.assert_nothing_lost_or_doubled()


def test_where_no_answer_came_the_same_is_offered_by_file(
    site: Site, isolated: Host, issued: IssuedLicense, opened: Open, language: str
) -> None:
    driver = opened(isolated, language)
    driver.click("Activate a license…")
    driver.field("License key").setText(issued.license_key)
    driver.click("Activate")
    assert code_of(driver.work()) == "server-unreachable"
    driver.click("Do it by file…")
    assert place(driver) is Place.EXCHANGE
    assert driver.field("License key").text() == issued.license_key
    write(driver, site.folder / "activate")
    take_in(driver, answered(site, site.folder / "activate"))
    assert isolated.usable

    driver.click("Check now")
    driver.work()
    assert driver.texts.advice("server-unreachable") in driver.words()
    assert driver.texts.gettext("Nothing to do.") not in driver.words()
    assert driver.button("Do it by file…").y() == driver.button("Check now").y(), "there is room"
    driver.click("Do it by file…")
    write(driver, site.folder / "check")
    take_in(driver, answered(site, site.folder / "check"))
    assert place(driver) is Place.OVERVIEW
    site.assert_nothing_lost_or_doubled()


def test_a_receipt_that_the_network_did_not_bring_is_fetched_by_file(
    site: Site, holder: Host, opened: Open, language: str, tmp_path: Path
) -> None:
    holder.agent.release(ReleaseReason.HARDWARE)
    driver = opened(holder, language)
    driver.click("Save receipt and codes…")
    driver.click("Do it by file…")
    write(driver, tmp_path / "release")
    take_in(driver, answered(site, tmp_path / "release"))
    assert (standing(driver), place(driver)) == (Standing.RELEASED, Place.KEEP_PAPERS)
    site.assert_nothing_lost_or_doubled()


def test_another_failure_offers_no_other_way(host: Host, opened: Open) -> None:
    driver = opened(host, "en")
    driver.click("Activate a license…")
    driver.field("License key").setText(format_code(LICENSE_KEY_PREFIX, 1))
    driver.click("Activate")
    assert driver.work().trouble is not None
    assert not driver.has("Do it by file…")


def test_by_keyboard(
    site: Site, isolated: Host, issued: IssuedLicense, opened: Open, tmp_path: Path
) -> None:
    driver = opened(isolated, "en")
    driver.click("By file")
    key = Qt.Key
    driver.reach("License key")
    driver.write(issued.license_key)
    driver.reach(REQUEST)
    driver.write(str(tmp_path / "activate"))
    driver.press(key.Key_Return)
    assert not driver.worker.is_busy, "Enter in a field does nothing"
    driver.reach("Write the file")
    driver.press(key.Key_Space)
    driver.work()
    answer = answered(site, tmp_path / "activate")
    driver.reach(ANSWER)
    driver.write(str(answer))
    driver.reach("Take the file in")
    driver.press(key.Key_Space)
    driver.work()
    assert isolated.usable


def test_a_key_that_was_typed_stays_in_the_other_language(
    isolated: Host, issued: IssuedLicense, opened: Open
) -> None:
    driver = by_file(opened, isolated, issued, "en")
    driver.click("فارسی")
    driver.until(lambda: not driver.worker.is_busy)
    driver.speaks("fa")
    assert driver.field("License key").text() == issued.license_key
