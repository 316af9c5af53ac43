"""The recovery file at the window: saved off this disk, loaded on a server installed anew."""

from pathlib import Path

import pytest

from agent.recovery import Cost, seal, unseal
from agent.texts import LANGUAGES
from agent.ui.jobs.recovery import LoadRecovery, SaveRecovery
from agent.ui.jobs.shelves import Shelf
from agent.ui.views.recovery import remark_on_passphrase
from agent.ui.views.shelves import shelf_name
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts
from protocol.values import ReleaseReason, Standing
from tests import machines
from tests.journeys.site import Host, Site
from tests.ui.conftest import Open
from tests.ui.driving import Driver

PASSPHRASE = "کلاغ پشت ماه کاغذی"
CHEAP = Cost(log_n=14)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess at the passphrase costs little, and so does whoever knows it."""
    monkeypatch.setattr(seal, "__defaults__", (CHEAP,))


def place(driver: Driver) -> Place:
    return driver.window.page.place


def save(driver: Driver, path: Path, passphrase: str = PASSPHRASE) -> None:
    driver.field("Recovery file").setText(str(path))
    driver.field("Passphrase").setText(passphrase)
    driver.field("The same passphrase again").setText(passphrase)
    driver.click("Save the recovery file")
    driver.work()


def events(host: Host) -> list[str]:
    return [entry.event for entry in host.agent.history()]


def test_it_is_saved_off_this_disk_from_the_papers_of_a_release(
    active: Host, opened: Open, language: str, elsewhere: Path
) -> None:
    active.agent.release(ReleaseReason.OS)
    driver = opened(active, language)
    driver.click("Save receipt and codes…")
    driver.click("Save the recovery file…")
    save(driver, elsewhere / "kept.recovery")
    kept = unseal((elsewhere / "kept.recovery").read_bytes(), PASSPHRASE)
    assert kept.identity.device == active.agent.device
    assert driver.texts.advice("recovery-saved") in driver.words()
    assert not driver.field("Passphrase").text(), "nobody reads it over a shoulder afterwards"
    assert "recovery-saved" in events(active)
    driver.click("Back")
    assert place(driver) is Place.KEEP_PAPERS


@pytest.mark.usefixtures("cheap")
def test_on_the_licenses_own_disk_it_is_said_to_go_with_it(
    active: Host, opened: Open, tmp_path: Path
) -> None:
    driver = opened(active, "en")
    driver.window.go(Place.SAVE_RECOVERY)
    save(driver, tmp_path / "kept.recovery")
    assert "this file goes with it" in driver.words()


@pytest.mark.usefixtures("cheap")
def test_nothing_is_written_over_and_nothing_under_a_poor_passphrase(
    active: Host, opened: Open, language: str, tmp_path: Path
) -> None:
    driver = opened(active, language)
    driver.window.go(Place.SAVE_RECOVERY)
    driver.field("Recovery file").setText(str(tmp_path / "kept.recovery"))
    act = driver.button("Save the recovery file")
    for first, second in (("short", "short"), (PASSPHRASE, ""), (PASSPHRASE, "another one, long")):
        driver.field("Passphrase").setText(first)
        driver.field("The same passphrase again").setText(second)
        assert not act.isEnabled()
    (tmp_path / "kept.recovery").write_text("theirs")
    save(driver, tmp_path / "kept.recovery")
    assert driver.texts.text("file-taken", {"path": tmp_path / "kept.recovery"}) in driver.words()
    assert (tmp_path / "kept.recovery").read_text() == "theirs"
    assert "recovery-saved" not in events(active)


def test_after_a_new_operating_system_the_file_and_one_button_bring_the_license_back(
    site: Site, active: Host, opened: Open, language: str, elsewhere: Path
) -> None:
    driver = opened(active, language)
    driver.window.go(Place.SAVE_RECOVERY)
    save(driver, elsewhere / "kept.recovery")
    active.agent.release(ReleaseReason.OS)
    fresh = site.host(machines.with_reinstalled_os(active.hardware))
    driver = opened(fresh, language)
    driver.click("Activate a license…")
    driver.click("I have a recovery file…")
    driver.field("Recovery file").setText(str(elsewhere / "kept.recovery"))
    driver.field("Passphrase of the recovery file").setText("not this one")
    driver.click("Load the recovery file")
    assert driver.work().trouble is not None
    assert driver.texts.text("recovery-file-refused") in driver.words()
    assert place(driver) is Place.LOAD_RECOVERY

    driver.field("Passphrase of the recovery file").setText(PASSPHRASE)
    driver.click("Load the recovery file")
    assert driver.work().trouble is None
    assert place(driver) is Place.REACTIVATE
    driver.click("Activate again on this server")
    driver.work()
    assert driver.texts.text("standing-active") in driver.words()
    driver.click("Finish")
    assert place(driver) is Place.OVERVIEW
    assert fresh.state.standing is Standing.ACTIVE
    site.assert_nothing_lost_or_doubled()


@pytest.mark.usefixtures("cheap")
def test_where_a_license_runs_no_file_is_loaded_and_the_license_stays(
    active: Host, opened: Open, tmp_path: Path
) -> None:
    driver = opened(active, "en")
    driver.window.go(Place.SAVE_RECOVERY)
    save(driver, tmp_path / "kept.recovery")
    driver.window.go(Place.LOAD_RECOVERY)
    driver.field("Recovery file").setText(str(tmp_path / "kept.recovery"))
    driver.field("Passphrase of the recovery file").setText(PASSPHRASE)
    driver.click("Load the recovery file")
    outcome = driver.work()
    assert outcome.trouble is not None
    assert outcome.trouble.code == "not-allowed"
    assert driver.texts.text("unchanged") in driver.words()
    driver.click("Back")
    assert place(driver) is Place.OVERVIEW


@pytest.mark.parametrize(
    ("first", "second", "tone"),
    [
        ("", "", Tone.CALM),
        ("eleven char", "", Tone.CALM),
        ("twelve chars", "", Tone.CALM),
        ("twelve chars", "twelve", Tone.CALM),
        ("twelve chars", "twelve chorus", Tone.WARNING),
        ("twelve chars", "twelve chars", Tone.GOOD),
    ],
)
def test_a_passphrase_is_judged_while_it_is_chosen(first: str, second: str, tone: Tone) -> None:
    said = {remark_on_passphrase(first, second, WindowTexts(each))[1] for each in LANGUAGES}
    assert len(said) == len(LANGUAGES)
    assert remark_on_passphrase(first, second, WindowTexts("en"))[0] is tone


def test_the_callers_own_drive_is_named_as_that_and_a_long_path_is_shortened() -> None:
    texts = WindowTexts("en")
    caller = Shelf(Path(r"\\tsclient\C"), "network")
    assert shelf_name(caller, texts).startswith("Your own computer")
    deep = Shelf(Path("/mnt") / ("x" * 80), "network")
    assert len(shelf_name(deep, texts)) < 60


def test_no_passphrase_shows_itself() -> None:
    for job in (SaveRecovery(Path("f"), "secret", "secret"), LoadRecovery(Path("f"), "secret")):
        assert "secret" not in repr(job)


def test_it_is_offered_where_it_is_advised_and_beside_the_phone(
    site: Site, host: Host, opened: Open
) -> None:
    issued = site.issue()
    host.agent.activate(issued.license_key)
    driver = opened(host, "en")
    for words, wanted in (
        ("Save the recovery file…", Place.SAVE_RECOVERY),
        ("Load a recovery file…", Place.LOAD_RECOVERY),
    ):
        driver.click("Support")
        driver.click(words)
        assert place(driver) is wanted
        driver.click("Back")
        assert place(driver) is Place.SUPPORT
    driver.click("Overview")
    driver.release(issued.license_key)
    driver.click("Overview")
    assert driver.texts.advice("recovery-advised") in driver.words()
    driver.click("Save the recovery file…")
    assert place(driver) is Place.SAVE_RECOVERY
