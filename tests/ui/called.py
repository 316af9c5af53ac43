"""Moments of a call: what support reads out is typed, and answered."""

from collections.abc import Callable, Mapping

from protocol.challenge import shown_code
from tests.ui.driving import Driver

_CODE = shown_code("20418837")


def _mistyped(driver: Driver) -> None:
    driver.field("Challenge code").setText("9" + _CODE[1:])


def _answered(driver: Driver) -> None:
    driver.field("Challenge code").setText(_CODE)
    driver.click("Show the answer")
    driver.work()


ON_THE_PHONE: Mapping[str, Callable[[Driver], None]] = {
    "2-challenge": lambda _driver: None,
    "2-challenge-mistyped": _mistyped,
    "2-challenge-answered": _answered,
}
