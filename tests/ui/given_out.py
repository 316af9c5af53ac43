"""What a person does on the page of what is carried by hand, to have something to look at."""

from collections.abc import Callable, Mapping

from agent.ui.wording import Act
from protocol.codes import LICENSE_KEY_PREFIX, format_code
from protocol.parts import split_parts
from tests.ui.carrying import REQUEST, paste, pick
from tests.ui.driving import Driver


def _typed(driver: Driver) -> None:
    driver.field("License key").setText(format_code(LICENSE_KEY_PREFIX, 1))


def _written(driver: Driver) -> None:
    driver.field(REQUEST).setText(str(driver.host.folder / "request.jws"))
    driver.click("Write the file")
    driver.work()


def _shown(driver: Driver) -> None:
    driver.click("Show as QR codes")
    driver.work()
    driver.click("Next part")


def _incomplete(driver: Driver) -> None:
    paste(driver, split_parts(b"eyJ" * 700)[1])


def _refused(driver: Driver) -> None:
    paste(driver, "hello")


def _to_be_released(driver: Driver) -> None:
    pick(driver, Act.RELEASE)


def _to_be_confirmed(driver: Driver) -> None:
    _to_be_released(driver)
    driver.click("Copy as text")
    driver.click("Continue")
    driver.until(lambda: not driver.worker.is_busy)
    driver.click("Continue")


def _nothing(_driver: Driver) -> None:
    """Look."""


WITHOUT_A_LICENSE: Mapping[str, Callable[[Driver], None]] = {
    "9-file-new": _nothing,
    "9-file-key": _typed,
    "9-file-parts": _incomplete,
    "9-file-refused": _refused,
}
WAITING: Mapping[str, Callable[[Driver], None]] = {
    "9-file-written": _written,
    "9-file-codes": _shown,
}
ACTIVE: Mapping[str, Callable[[Driver], None]] = {
    "9-file-active": _nothing,
    "9-file-release": _to_be_released,
    "9-file-confirm": _to_be_confirmed,
}
BY_HAND = {**WITHOUT_A_LICENSE, **WAITING, **ACTIVE}
