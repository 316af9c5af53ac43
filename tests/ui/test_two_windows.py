"""Two windows of one home: the second works beside the first, and neither does harm."""

import pytest
from PySide6.QtWidgets import QCheckBox

from agent.ui.wording import Place
from protocol.values import Standing
from tests.journeys.site import Host, Site
from tests.ui.conftest import Open
from tests.ui.driving import Driver


@pytest.fixture
def pair(site: Site, host: Host, opened: Open, language: str) -> tuple[Driver, Driver]:
    host.agent.activate(site.issue().license_key)
    return opened(host, language), opened(host, language)


def shows(driver: Driver, code: str) -> bool:
    return driver.texts.text(code) in driver.words()


def test_what_one_does_the_other_shows(pair: tuple[Driver, Driver]) -> None:
    first, second = pair
    key = first.host.agent.license_key()
    assert key is not None
    first.release(key)
    second.until(lambda: shows(second, "standing-released"))
    second.click("Activate again…")
    second.click("Activate again on this server")
    second.work()
    first.window.go(Place.OVERVIEW)
    first.until(lambda: shows(first, "standing-active"))


def test_what_the_other_did_already_is_refused_by_name_and_told(
    site: Site, pair: tuple[Driver, Driver]
) -> None:
    first, second = pair
    key = first.host.agent.license_key()
    assert key is not None
    for window in pair:
        window.click("Give the license back…")
        window.window.go(Place.CONFIRM_RELEASE)
        window.write(key[-4:])
        window.tick(window.seen(QCheckBox)[0])
        # Both are at their last step: nobody looks any more before both have pressed.
        assert window.button("Give the license back now").isEnabled()
    first.click("Give the license back now")
    second.button("Give the license back now").click()
    outcomes = [window.work() for window in pair]
    refused = [o.trouble.text_code for o in outcomes if o.trouble is not None]
    assert refused in ([], ["not-allowed-releasing"], ["not-allowed-released"])
    assert first.host.state.standing is Standing.RELEASED
    assert len(first.host.agent.receipts()) == 1
    first.until(lambda: shows(first, "standing-released"))
    second.until(lambda: shows(second, "standing-released"))
    site.assert_nothing_lost_or_doubled()
