"""Moments of a license's life, each with the page to look at."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtWidgets import QTextBrowser

from agent.home import Home
from agent.license_store import SqliteStore
from agent.notices import declared
from agent.ui.jobs import Job
from agent.ui.jobs.checks import FindWay
from agent.ui.jobs.shelves import FindShelves
from agent.ui.jobs.support import Examine
from agent.ui.wording import Place
from protocol.codes import LICENSE_KEY_PREFIX, format_code
from protocol.tehran import TEHRAN
from protocol.values import ReleaseReason, Timestamp
from tests import machines
from tests.journeys.desk import Desk
from tests.journeys.site import Host, Site
from tests.machine_folders import Card, Disk
from tests.smbios_tables import Module
from tests.ui import given_out
from tests.ui.called import ON_THE_PHONE
from tests.ui.driving import Driver
from tests.ui.given_out import BY_HAND
from tests.ui.planned import BEFORE_A_CHANGE

EVENTS = (
    "activate-asked",
    "license-received",
    "now-drifted",
    "case-received",
    "heard-case-approved",
    "request-exported",
    "recovery-saved",
)
ANNOUNCED = (
    "نسخهٔ تازهٔ برنامهٔ مدیریت مجوز آماده است؛ می‌توانید آن را از پورتال دریافت کنید.",
    "A newer version of Faragostar Man is ready; it can be fetched from the portal.",
    "https://portal.faragostar.net/",
)
LONG_MESSAGE = (
    "با سلام. برد تازه‌ای که در گزارش این سرور دیده می‌شود با آنچه در نامهٔ شمارهٔ ۱۲ اعلام کرده "
    "بودید یکی نیست (7F3KQZ2 به جای 9QW4RT1). لطفاً تصویر فاکتور تعویض و شمارهٔ سریال برد پیشین را "
    "با تیکت در پورتال بفرستید.\nپس از آن می‌توانید دوباره درخواست دهید؛ تا آن زمان مجوز شما محفوظ "
    "است و کسی نمی‌تواند آن را در سرور دیگری فعال کند."
)


# What such a page looks for by itself; a picture is made when it was found.
_LOOKED_FOR: dict[Place, type[Job]] = {
    Place.CHECKS: FindWay,
    Place.DIAGNOSTICS: Examine,
    Place.SAVE_RECOVERY: FindShelves,
    Place.KEEP_PAPERS: FindShelves,
}


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
        if self.place is Place.DOCUMENT:
            driver.window.go(Place.HISTORY)
            driver.click("Open")
            driver.work()
            return
        driver.window.go(self.place)
        if (sought := _LOOKED_FOR.get(self.place)) is not None:
            driver.until(lambda: any(isinstance(o.job, sought) for o in driver.outcomes))
        if self.name.endswith("trouble"):
            driver.field("License key").setText(format_code(LICENSE_KEY_PREFIX, 1))
            driver.click("Activate")
            driver.work()
        if self.name in BEFORE_A_CHANGE:
            BEFORE_A_CHANGE[self.name][1](driver)
        if (done := {**BY_HAND, **ON_THE_PHONE}.get(self.name)) is not None:
            done(driver)
        if self.name.endswith("tested"):
            self._test(driver)
        if self.place is Place.ABOUT:
            driver.until(lambda: driver.has("Copy"))
        if self.place is Place.GUIDE:
            driver.until(lambda: bool(driver.seen(QTextBrowser)[0].toPlainText()))
        driver.settle()

    def _test(self, driver: Driver) -> None:
        """Try a way to the signing server that leads through a proxy which is not there."""
        server = self.host.server
        driver.field("Address of the signing server").setText(server.url)
        driver.click("The way to it leads through a proxy")
        driver.field("Proxy").setText("http://127.0.0.1:9")
        if self.place is Place.FIRST_RUN:
            driver.field("File with the trust root").setText(str(server.root_file))
        driver.click("Test the connection")
        driver.work()


def scenes(site: Site) -> Iterator[Scene]:
    """Yield moments of a license's life, each with the page to look at."""
    yield from _set_up(site)
    host, issued = site.host(), site.issue(warranty_until="2027-03-20", modules=("letters", "bpm"))
    yield Scene("1-unlicensed", host, Place.OVERVIEW)
    yield Scene("1-activate", host, Place.ACTIVATE)
    host.agent.activate(issued.license_key)
    yield Scene("2-active", host, Place.OVERVIEW)
    yield Scene("2-server", host, Place.SERVER)
    yield Scene("2-release", host, Place.RELEASE)
    yield Scene("2-confirm", host, Place.CONFIRM_RELEASE)
    for name, (place, _done) in BEFORE_A_CHANGE.items():
        yield Scene(name, host, place)
    yield from _kept_safe(host)
    yield from _changed(host)
    yield from _given_back(site, host)
    yield from _of_the_past(site, host)
    yield from _decided(site)
    yield from _by_hand(site)


def _set_up(site: Site) -> Iterator[Scene]:
    host = site.host()
    for place in (Place.SETTINGS, Place.ABOUT, Place.GUIDE):
        yield Scene(f"0-{place.name.lower()}", host, place)
    yield Scene("0-settings-tested", host, Place.SETTINGS)
    host.home = Home(site.folder / "nowhere")
    site.hosts.remove(host)
    yield Scene("0-first-run", host, Place.FIRST_RUN)
    yield Scene("0-first-run-tested", host, Place.FIRST_RUN)
    yield Scene("0-settings-of-nothing", host, Place.SETTINGS)


def _kept_safe(host: Host) -> Iterator[Scene]:
    """What somebody does before a change, or when something does not work."""
    yield Scene("2-checks", host, Place.CHECKS)
    yield Scene("2-recovery-save", host, Place.SAVE_RECOVERY)
    yield Scene("2-recovery-load", host, Place.LOAD_RECOVERY)
    yield Scene("2-support", host, Place.SUPPORT)
    yield Scene("2-diagnostics", host, Place.DIAGNOSTICS)
    host.agent.check()
    yield Scene("2-support-asks", host, Place.SUPPORT)
    for name in ON_THE_PHONE:
        yield Scene(name, host, Place.CHALLENGE)


def _changed(host: Host) -> Iterator[Scene]:
    enrolled = host.hardware
    host.become(machines.with_other_board(enrolled))
    host.agent.check()
    yield Scene("3-drifted", host, Place.OVERVIEW)
    yield Scene("3-server", host, Place.SERVER)
    yield Scene("3-confirm", host, Place.CONFIRM_RELEASE)
    yield Scene("3-reactivate", host, Place.REACTIVATE)
    host.agent.reactivate()
    yield Scene("3-case", host, Place.OVERVIEW)
    host.agent.withdraw()
    host.become(enrolled)
    host.agent.check()


def _given_back(site: Site, host: Host) -> Iterator[Scene]:
    site.server.stop()
    host.agent.release(ReleaseReason.HARDWARE)
    yield Scene("4-releasing", host, Place.OVERVIEW)
    yield Scene("4-checks", host, Place.CHECKS)
    yield Scene("4-keep", host, Place.KEEP_PAPERS)
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


def _of_the_past(site: Site, host: Host) -> Iterator[Scene]:
    """A license that ran for years, on a machine with many parts of which some are hidden."""
    with SqliteStore(host.home.store).transaction() as tx:
        for day in range(40):
            at, event = Timestamp(1_770_000_000 + day * 86_400), EVENTS[day % len(EVENTS)]
            tx.record(at, event, number="12", path=str(host.home.folder / "request.jws"))
    yield Scene("7-history", host, Place.HISTORY)
    yield Scene("7-document", host, Place.DOCUMENT)
    yield Scene("7-report", host, Place.REPORT)
    many = site.host(with_many_parts(machines.BARE_SERVER))
    yield Scene("7-parts-unlicensed", many, Place.SERVER)
    many.agent.activate(site.issue().license_key)
    many.become(replace(many.hardware, readable_table=False))
    many.agent.check()
    yield Scene("7-parts-hidden", many, Place.SERVER)


def _decided(site: Site) -> Iterator[Scene]:
    """Cases and a change window, as the vendor's people deal with them."""
    host, desk = site.host(), Desk(site)
    host.agent.activate(site.issue(warranty_until="2027-03-20").license_key)
    yield Scene("8-no-case", host, Place.CASES)
    with desk.open() as staff:
        for inside in (True, False):
            staff.publish("hardware", 12_000_000, in_warranty=inside)
    host.agent.check()
    enrolled = host.hardware
    host.become(machines.with_other_board(enrolled))
    case = host.agent.reactivate().case
    assert case is not None
    yield Scene("8-case-open", host, Place.CASES)
    with desk.open() as staff:
        staff.decline(case.case_id, message=LONG_MESSAGE)
    host.agent.check()
    yield Scene("8-case-declined", host, Place.CASES)
    case = host.agent.reactivate().case
    assert case is not None
    with desk.open() as staff:
        staff.approve(case.case_id, fee="waive", message="این بار هزینه‌ای ندارد.")
    host.agent.check()
    yield Scene("8-case-waived", host, Place.CASES)
    with desk.open() as staff:
        staff.announce(*ANNOUNCED)
    now = site.server.now()
    until = Timestamp(now + 5 * 86_400)
    host.agent.notice(declared("board,os-upgrade", now, until, reason="کار", contact="سارا"))
    yield Scene("8-window", host, Place.CASES)
    host.agent.check()
    yield Scene("8-announced", host, Place.OVERVIEW)
    with desk.open() as staff:
        staff.offer("tickets", "https://portal.faragostar.net/tickets/new")
        staff.close_on(datetime.fromtimestamp(site.server.now(), TEHRAN).date())
    host.agent.check()
    yield Scene("8-support", host, Place.SUPPORT)


def _by_hand(site: Site) -> Iterator[Scene]:
    host, issued = site.host(), site.issue()
    for name in given_out.WITHOUT_A_LICENSE:
        yield Scene(name, host, Place.EXCHANGE)
    host.agent.export_activate(None, issued.license_key)
    for name in given_out.WAITING:
        yield Scene(name, host, Place.EXCHANGE)
    host.agent.check()
    for name in given_out.ACTIVE:
        yield Scene(name, host, Place.EXCHANGE)


def with_many_parts(machine: machines.Machine) -> machines.Machine:
    """A server full of disks, cards and memory."""
    disks = tuple(
        Disk(f"nvme{n}n1", {"serial": f"S634F0RA00{n}F2A", "device/model": "Dell Ent NVMe P5600"})
        for n in range(4)
    )
    cards = tuple(
        Card(f"eno{n}", f"b0:7b:25:aa:10:0{n}", f"pci0000:00/0000:00:1{n}.0") for n in range(6)
    )
    memory = tuple(Module(f"S0A1B2C{n}") for n in range(8))
    return replace(machine, disks=disks, cards=cards, memory=memory)
