"""A window of its own process, pressed as far as an act, for a test that ends it with SIGKILL.

python -m tests.ui.crashing HOME ROOT LANGUAGE ACT     (the license key comes on standard input)
"""

import sys
from pathlib import Path
from typing import NamedTuple, cast

from PySide6.QtWidgets import QApplication

from agent.home import Home
from agent.ui.looks import dress
from agent.ui.rubbish import Collector
from tests.journeys.site import Host
from tests.ui.driving import Driver


class Machine(NamedTuple):
    """What a driver needs of a host of another process."""

    home: Home
    root: Path


def main(home: str, root: str, language: str, act: str) -> None:
    """Open the window, begin the act, and work on until this process is ended."""
    license_key = sys.stdin.readline().strip()
    app = QApplication(["faragostar-man", "-style", "Fusion"])
    Collector(app)
    dress(app)
    driver = Driver(cast("Host", Machine(Home(Path(home)), Path(root))), language)
    driver.begin()
    if act == "activate":
        driver.click("Activate a license…")
        driver.field("License key").setText(license_key)
        driver.click("Activate")
        driver.work()
    else:
        driver.release(license_key)
    sys.exit("nothing ended this window")


if __name__ == "__main__":
    main(*sys.argv[1:])
