"""Settings at the window: seen, tried, changed, refused; and how the window speaks."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QRadioButton

from agent import config
from agent.config import Settings, change, save_settings, stored_settings
from agent.home import Home
from agent.preferences import Preferences, load_preferences
from agent.texts import Digits
from agent.ui.wording import Place
from tests.journeys.site import Host, Site
from tests.rights import as_nobody, needs_root
from tests.ui.conftest import Open
from tests.ui.driving import Driver

ADDRESS = "Address of the signing server"
DETOUR = "The way to it leads through a proxy"
SECRET = "http://user:secret@proxy.example:3128"


def place(driver: Driver) -> Place:
    return driver.window.page.place


@pytest.fixture
def driver(host: Host, opened: Open, language: str) -> Driver:
    driver = opened(host, language)
    driver.click("Settings")
    return driver


def test_what_is_set_is_seen_and_nothing_can_be_saved_before_it_changes(
    driver: Driver, host: Host
) -> None:
    assert place(driver) is Place.SETTINGS
    assert driver.field(ADDRESS).text() == host.server.url
    assert not driver.button("Save").isEnabled()
    driver.click("Test the connection")
    driver.work()
    assert driver.texts.text("doctor-answer-ok", {"server": host.server.url}) in driver.words()


def test_a_proxy_is_set_hidden_and_taken_away(driver: Driver, host: Host) -> None:
    driver.click(DETOUR)
    driver.field("Proxy").setText(SECRET)
    driver.click("Save")
    assert driver.work().trouble is None
    assert driver.texts.gettext("Saved") in driver.words()
    assert stored_settings(host.home).proxy == SECRET
    assert driver.field("Proxy").text() == "http://user:…@proxy.example:3128"
    assert not driver.button("Save").isEnabled()

    driver.field(ADDRESS).setText(f"{host.server.url}/")
    assert driver.texts.gettext("Saved") not in driver.words()
    driver.click("Save")
    driver.work()
    assert stored_settings(host.home).proxy == SECRET, "what is hidden and left alone stays"

    driver.click(DETOUR)
    driver.click("Save")
    driver.work()
    assert stored_settings(host.home) == Settings(server=f"{host.server.url}/")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        (ADDRESS, "http://license.example", "server-url-insecure"),
        (ADDRESS, "", "server-missing"),
        ("Proxy", "proxy:3128", "setting-invalid"),
        ("Proxy", "http://user:…@other:3128", "setting-invalid"),
        ("Certificate that the proxy signs with ({form} file)", "/no/file.pem", "setting-invalid"),
    ],
)
def test_what_config_set_refuses_the_window_refuses(
    driver: Driver, host: Host, name: str, value: str, code: str
) -> None:
    before = stored_settings(host.home)
    driver.click(DETOUR)
    shown = driver.texts.gettext(name, form="PEM")
    next(f for f in driver.seen(QLineEdit) if f.accessibleName() == shown).setText(value)
    driver.click("Save")
    trouble = driver.work().trouble
    assert trouble is not None
    assert trouble.text_code == code
    assert driver.texts.text("standing-unlicensed") in driver.words()
    assert stored_settings(host.home) == before
    driver.field(ADDRESS).setText("https://mended.example")
    driver.click(DETOUR)
    driver.click("Try again")
    assert driver.work().trouble is None
    assert stored_settings(host.home).server == "https://mended.example"


def test_what_another_process_sets_is_seen_unless_somebody_types(
    driver: Driver, host: Host
) -> None:
    save_settings(host.home, change(stored_settings(host.home), "server", "https://a.example"))
    driver.until(lambda: driver.field(ADDRESS).text() == "https://a.example")
    driver.field(ADDRESS).setText("https://half.ex")
    looked = len(driver.outcomes)
    save_settings(host.home, change(stored_settings(host.home), "server", "https://b.example"))
    driver.until(lambda: len(driver.outcomes) > looked)
    assert driver.field(ADDRESS).text() == "https://half.ex"


def test_how_often_the_server_is_asked_is_chosen_by_keyboard(driver: Driver, host: Host) -> None:
    texts = driver.texts
    driver.reach("Ask the signing server")
    choice = driver.seen(QComboBox)[0]
    assert choice.currentText() == texts.gettext("Every hour")
    driver.press(*[Qt.Key.Key_Down] * 3)
    assert choice.currentText() == texts.gettext("Once a day")
    assert driver.button("Save").isEnabled()
    driver.click("Save")
    assert driver.work().trouble is None
    assert texts.gettext("Saved") in driver.words()
    assert stored_settings(host.home).check_interval == 24
    driver.reach("Ask the signing server")
    driver.press(*[Qt.Key.Key_Up] * 3)
    driver.click("Save")
    driver.work()
    assert stored_settings(host.home).check_interval is None


def test_scrolling_the_page_over_the_choice_changes_nothing(driver: Driver) -> None:
    choice = driver.seen(QComboBox)[0]
    middle = QPointF(choice.rect().center())
    turned = QWheelEvent(
        middle,
        choice.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt's value
    )
    QApplication.sendEvent(choice, turned)
    assert choice.currentIndex() == 0
    assert not driver.button("Save").isEnabled()


def test_an_unusual_interval_is_shown_as_it_is_and_not_lost(driver: Driver, host: Host) -> None:
    save_settings(host.home, change(stored_settings(host.home), "check_interval", "5"))
    every = driver.texts.gettext("Every {hours:number} hours", hours=5)
    choice = driver.seen(QComboBox)[0]
    driver.until(lambda: choice.currentText() == every)
    assert not driver.button("Save").isEnabled()
    choice.setCurrentIndex(0)
    driver.click("Overview")
    driver.click("Settings")
    assert choice.currentText() == every, "what was not saved is forgotten"
    driver.field(ADDRESS).setText("https://other.example")
    driver.click("Save")
    driver.work()
    assert stored_settings(host.home).check_interval == 5
    save_settings(host.home, change(stored_settings(host.home), "check_interval", "6"))
    driver.until(lambda: choice.currentText() != every)
    assert every not in [choice.itemText(place) for place in range(choice.count())]


def test_settings_that_are_damaged_are_told_and_not_overwritten(driver: Driver, host: Host) -> None:
    host.home.settings.write_bytes(b"{")
    driver.until(lambda: not driver.has("Save"))
    told = driver.texts.text("store-damaged", {"path": host.home.settings})
    assert told in driver.words()
    assert host.home.settings.read_bytes() == b"{"


def test_where_nothing_is_set_up_settings_lead_there(
    host: Host, opened: Open, language: str, tmp_path: Path
) -> None:
    host.home = Home(tmp_path / "fresh")
    driver = opened(host, language)
    driver.click("Settings")
    assert not driver.has("Save")
    driver.click("Set this program up…")
    assert place(driver) is Place.FIRST_RUN


@needs_root
def test_who_may_not_read_them_chooses_a_language_and_nothing_else(
    site: Site, host: Host, opened: Open, language: str
) -> None:
    host.agent.activate(site.issue().license_key)
    with as_nobody(host.home.public):
        driver = opened(host, language)
        driver.click("Settings")
    said = "Only an administrator may see and change the way to the signing server."
    assert driver.texts.gettext(said) in driver.words()
    assert not driver.has("Save")
    assert driver.has("English")


def test_latin_digits_are_chosen_by_keyboard_and_remembered(host: Host, opened: Open) -> None:
    driver = opened(host, "fa")
    driver.click("Settings")
    driver.field(ADDRESS).setText("https://half.exam")
    chosen = next(r for r in driver.seen(QRadioButton) if "۱۲۳" in r.text())
    chosen.setFocus()
    driver.press(Qt.Key.Key_Left)
    assert "1086" in driver.words(), "the screen's code"
    assert not set("۰۱۲۳۴۵۶۷۸۹") & set(driver.words())
    assert driver.field(ADDRESS).text() == "https://half.exam", "what was typed stays"
    driver.until(lambda: load_preferences() == Preferences("fa", Digits.LATIN))


def test_a_language_that_cannot_be_remembered_is_spoken_all_the_same(
    driver: Driver, tmp_path: Path
) -> None:
    other = {"fa": "en", "en": "fa"}[driver.texts.language]
    (tmp_path / "liked").write_text("a file where a folder must be")
    words = {"fa": "فارسی", "en": "English"}
    driver.tick(next(r for r in driver.seen(QRadioButton) if r.text() == words[other]))
    driver.speaks(other)
    driver.until(lambda: driver.has("Try again"))
    assert driver.outcomes[-1].trouble is not None
    assert driver.outcomes[-1].trouble.code == "file-unreadable"
    (tmp_path / "liked").unlink()
    driver.click("Try again")
    driver.until(lambda: load_preferences().language == other)


def test_versions_and_licences_are_named_and_copied(driver: Driver) -> None:
    driver.click("About this program and its licences…")
    assert place(driver) is Place.ABOUT
    driver.until(lambda: driver.has("Copy"))
    driver.settle()
    words = driver.words()
    for name in (config.VERSION, "LGPL-3.0-only", "OFL-1.1", "cryptography", "PSF-2.0"):
        assert driver.texts.latin(name) in words
    driver.click("Copy")
    copied = QApplication.clipboard().text()
    assert f"Version: {config.VERSION}" in copied
    assert "\u2066" not in copied
    driver.click("Back")
    assert place(driver) is Place.SETTINGS
