"""Moments of a license's life, each with the page to look at."""

from collections.abc import Iterator
from typing import NamedTuple

from agent.ui.wording import Place
from protocol.codes import LICENSE_KEY_PREFIX, format_code
from protocol.values import ReleaseReason
from tests import machines
from tests.journeys.site import Host, Site
from tests.ui.driving import Driver


class Scene(NamedTuple):
    """A machine in some standing, and what a person looks at."""

    name: str
    host: Host
    place: Place

    def play(self, driver: Driver) -> None:
        """Go to the page, and do there what it is about."""
        if self.name.endswith("unreachable"):
            driver.click("Check now")
            driver.work()
            return
        driver.window.go(self.place)
        if self.name.endswith("trouble"):
            driver.field("License key").setText(format_code(LICENSE_KEY_PREFIX, 1))
            driver.click("Activate")
            driver.work()
        driver.settle()


def scenes(site: Site) -> Iterator[Scene]:
    """Yield moments of a license's life, each with the page to look at."""
    host, issued = site.host(), site.issue(warranty_until="2027-03-20", modules=("letters", "bpm"))
    yield Scene("1-unlicensed", host, Place.OVERVIEW)
    yield Scene("1-activate", host, Place.ACTIVATE)
    host.agent.activate(issued.license_key)
    yield Scene("2-active", host, Place.OVERVIEW)
    yield Scene("2-server", host, Place.SERVER)
    yield Scene("2-release", host, Place.RELEASE)
    yield Scene("2-confirm", host, Place.CONFIRM_RELEASE)
    yield from _changed(host)
    yield from _given_back(site, host)


def _changed(host: Host) -> Iterator[Scene]:
    enrolled = host.hardware
    host.become(machines.with_other_board(enrolled))
    host.agent.check()
    yield Scene("3-drifted", host, Place.OVERVIEW)
    yield Scene("3-server", host, Place.SERVER)
    yield Scene("3-confirm", host, Place.CONFIRM_RELEASE)
    host.agent.reactivate()
    yield Scene("3-case", host, Place.OVERVIEW)
    host.agent.withdraw()
    host.become(enrolled)
    host.agent.check()


def _given_back(site: Site, host: Host) -> Iterator[Scene]:
    site.server.stop()
    host.agent.release(ReleaseReason.HARDWARE)
    yield Scene("4-releasing", host, Place.OVERVIEW)
    site.server.start()
    host.agent.check()
    yield Scene("5-released", host, Place.OVERVIEW)
    yield Scene("5-keep", host, Place.KEEP_PAPERS)
    yield Scene("5-reactivate", host, Place.REACTIVATE)
    yield Scene("5-history", host, Place.HISTORY)
    host.agent.reactivate()
    site.server.stop()
    yield Scene("6-unreachable", host, Place.OVERVIEW)
    yield Scene("6-trouble", site.host(), Place.ACTIVATE)
    site.server.start()
