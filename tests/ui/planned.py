"""What a person does on the pages before a change, to have something to look at."""

import time
from collections.abc import Callable, Mapping

from agent.ui.printing import Sheet
from agent.ui.views.notices import periods
from agent.ui.views.planning import change_name
from agent.ui.wording import Place
from protocol.windows import Change
from tests.ui.driving import Driver


def _ticked(driver: Driver, *changes: Change) -> None:
    waiting = driver.texts.gettext("Looking at this server…")
    driver.until(lambda: waiting not in driver.words())
    driver.settle()
    for change in changes:
        driver.button(change_name(change, driver.texts)).setChecked(True)
    driver.settle()


def _must_be_declared(driver: Driver) -> None:
    _ticked(driver, Change.BOOT_DISK, Change.OS_UPGRADE)


def _must_be_released(driver: Driver) -> None:
    _ticked(driver, Change.BOARD, Change.NIC, Change.OS_REINSTALL)


def _declared(driver: Driver) -> None:
    _must_be_declared(driver)
    driver.click("Declare this change…")
    driver.click(periods(int(time.time()), driver.texts)[0].name)
    driver.field("Why the change is made").setText("تعویض دیسک سیستم")
    driver.field("Whom the vendor may ask: name and phone").setText("رضایی ۰۹۱۲۰۰۰۰۰۰۰")


def _wrong(driver: Driver) -> None:
    driver.field("From").setText("1405/09/10 22:00")
    driver.field("Until").setText("1405/09/10 21:00")


def _printed(driver: Driver) -> None:
    _must_be_released(driver)
    driver.click("Print the checklist…")
    verdict = driver.texts.text("plan-release")
    driver.until(lambda: verdict in driver.seen(Sheet)[0].toPlainText())


def _written(driver: Driver) -> None:
    _declared(driver)
    driver.click("Letter to the vendor…")


# In every scene's name stands what is seen; where it begins, and what is done there.
BEFORE_A_CHANGE: Mapping[str, tuple[Place, Callable[[Driver], None]]] = {
    "2-plan": (Place.PLAN, _ticked),
    "2-plan-declare": (Place.PLAN, _must_be_declared),
    "2-plan-release": (Place.PLAN, _must_be_released),
    "2-notice": (Place.PLAN, _declared),
    "2-notice-wrong": (Place.NOTICE, _wrong),
    "2-paper": (Place.PLAN, _printed),
    "2-paper-letter": (Place.PLAN, _written),
    "2-paper-none": (Place.PRINTED, lambda driver: driver.click("Letter to the vendor")),
}
