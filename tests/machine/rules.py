"""Everything that may happen, in any order: Hypothesis drives the real agents and services.

A rule is what a user, the network, a disk, a clock or a member of staff can do; it never says what
ought to come of it. `Watch` says that after every step, `come_to_rest` at the end.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agent.notices import Declaration
from agent.use_cases import Agent
from protocol.values import ReleaseReason, Standing, Timestamp
from protocol.windows import Change
from tests.machine.choices import (
    AMOUNT,
    ANY,
    CHANGE,
    DECISIONS,
    DISK,
    LICENSE,
    MACHINE,
    SCOPE,
    SITE,
    UNDECIDED,
    VENDOR,
    WEATHER,
    WISHES,
    WRONG_CODE,
)
from tests.machine.invariants import Watch
from tests.machine.network import Fate
from tests.machine.rest import come_to_rest
from tests.machine.sites import Seen
from tests.machine.vendor import DAY, SUPERVISORS, YEAR, Backup
from tests.machine.world import CALM, SITES, Weather, World

_A_WEEK = 7 * 24
_TAKEN_AGAIN = (Standing.RELEASED, Standing.SUPERSEDED, Standing.DRIFTED)


def _has_asked(seen: Seen) -> bool:
    request = seen.state.request
    return seen.state.case is not None or (request is not None and request.op == "activate")


class Walk(RuleBasedStateMachine):
    """One walk through one world."""

    steps: ClassVar[Counter[str]] = Counter()
    told: ClassVar[Counter[str]] = Counter()
    walks: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.watch = Watch(self.world)
        self.backups: list[Backup] = []
        # Whether every step so far was taken, and looked at; otherwise there is nothing to rest.
        self.is_sound = False

    def teardown(self) -> None:
        try:
            if self.is_sound:
                self.is_sound = False
                come_to_rest(self.world, self.watch)
                self.is_sound = True
        finally:
            if not self.is_sound:
                note("\n".join(self.world.log))
            type(self).told.update(self.world.failures)
            type(self).walks += 1
            self.world.close()

    @initialize(first=st.booleans(), second=st.booleans())
    def some_run_already(self, first: bool, second: bool) -> None:  # noqa: FBT001
        """Most of what can go wrong begins with a license that runs."""
        licenses = self.world.vendor.licenses
        for site, wanted, (_, key) in zip(
            self.world.sites, (first, second), licenses, strict=False
        ):
            if wanted:
                self._act("activate", site.number, lambda agent, key=key: agent.activate(key), CALM)

    @invariant()
    def holds(self) -> None:
        self.watch.after_every_step()
        self.is_sound = True

    # Users and the timer.

    @rule(
        site=SITE,
        license=LICENSE,
        code=st.sampled_from((None, None, "known", "wrong")),
        weather=WEATHER,
    )
    def activate(self, site: int, license: int, code: str | None, weather: Weather) -> None:
        license_id, key = self.world.vendor.licenses[license]
        typed = {None: None, "wrong": WRONG_CODE, "known": self._known_code(license_id)}[code]
        self._act("activate", site, lambda agent: agent.activate(key, typed), weather)

    def _known_code(self, license_id: str) -> str | None:
        """The newest code that any machine shows for this license."""
        for site in self.world.sites:
            if site.look().state.license_id == license_id:
                code = site.agent().reactivation_code()
                if code is not None:
                    return code
        return None

    @rule(site=SITE, weather=WEATHER)
    def reactivate(self, site: int, weather: Weather) -> None:
        here = self._first(site, lambda seen: seen.state.standing in _TAKEN_AGAIN)
        self._act("reactivate", here, Agent.reactivate, weather)

    @rule(site=SITE, reason=st.sampled_from(ReleaseReason), weather=WEATHER)
    def release(self, site: int, reason: ReleaseReason, weather: Weather) -> None:
        here = self._first(site, lambda seen: seen.state.holds_document)
        self._act("release", here, lambda agent: agent.release(reason), weather)

    @rule(site=SITE, rarely=st.booleans(), weather=WEATHER)
    def check(self, site: int, rarely: bool, weather: Weather) -> None:  # noqa: FBT001 - drawn
        """By the timer, whose server is asked once a week where nothing is to be asked."""
        asks = Agent.check if not rarely else lambda agent: agent.check_when_due(_A_WEEK)
        self._act("check", site, asks, weather)

    @rule(site=SITE, weather=WEATHER)
    def withdraw(self, site: int, weather: Weather) -> None:
        here = self._first(site, _has_asked)
        self._act("withdraw", here, Agent.withdraw, weather)

    @rule(site=SITE, scope=SCOPE, days=st.integers(1, 14), weather=WEATHER)
    def notice(self, site: int, scope: tuple[Change, ...], days: int, weather: Weather) -> None:
        declaration = self._declared(scope, days)
        here = self._first(site, lambda seen: seen.state.holds_document)
        self._act("notice", here, lambda agent: agent.notice(declaration), weather)

    def _declared(self, scope: tuple[Change, ...], days: int) -> Declaration:
        now = self.world.vendor.now
        return Declaration(
            scope=scope,
            starts_at=Timestamp(now),
            ends_at=Timestamp(now + days * DAY),
            reason="a walk",
            contact="admin",
        )

    # By hand.

    @rule(site=SITE, wish=st.sampled_from(WISHES), license=LICENSE, scope=SCOPE, weather=WEATHER)
    def request_file(
        self, site: int, wish: str, license: int, scope: tuple[Change, ...], weather: Weather
    ) -> None:
        self._count(f"export {wish}")
        key = self.world.vendor.licenses[license][1]
        exports: dict[str, Callable[[Agent, Path], object]] = {
            "activate": lambda agent, file: agent.export_activate(file, key),
            "release": lambda agent, file: agent.export_release(file, ReleaseReason.MOVE),
            "check": lambda agent, file: agent.export_check(file),
            "notice": lambda agent, file: agent.export_notice(file, self._declared(scope, 3)),
            "withdraw": lambda agent, file: agent.export_withdraw(file),
        }
        self.world.export(self.world.sites[site], exports[wish], weather)

    @precondition(lambda self: any(message.answers for message in self.world.network.sent))
    @rule(site=SITE, pick=ANY, weather=WEATHER)
    def answer_file(self, site: int, pick: int, weather: Weather) -> None:
        self._count("import")
        answered = [message for message in self.world.network.sent if message.answers]
        message = answered[-1 - pick % len(answered)]
        self.world.bring(self.world.sites[site], message, weather)

    # The network.

    def _waits(self) -> bool:
        return any(site.waiting for site in self.world.sites)

    @precondition(_waits)
    @rule(pick=ANY, fate=st.sampled_from([f for f in Fate if f is not Fate.HELD]))
    def wait_ends(self, pick: int, fate: Fate) -> None:
        self._count("wait ends")
        waiting = [(s, n) for s in self.world.sites for n in range(len(s.waiting))]
        site, number = waiting[pick % len(waiting)]
        self.world.resume(site, number, fate)

    @precondition(lambda self: self.world.network.sent)
    @rule(pick=ANY)
    def old_request_arrives(self, pick: int) -> None:
        self._count("old request arrives")
        sent = self.world.network.sent
        # Counted from the newest: a small number is a short way back.
        self.world.arrive(sent[-1 - pick % len(sent)])

    # Machines.

    @rule(site=SITE, happening=st.sampled_from(MACHINE), change=CHANGE, amount=AMOUNT)
    def machine_changes(self, site: int, happening: str, change: str, amount: int) -> None:
        self._count(happening)
        here = self.world.sites[site]
        match happening:
            case "hardware changes":
                # Swapped twice, it is the old part again.
                base, changes = here.hardware
                here.lose_power()
                here.hardware = (base, changes ^ {change})
            case "reboots":
                here.lose_power()
            case "hours pass":
                here.uptime += (1, 20, 73)[amount] * 3600
            case "agent's clock jumps":
                here.clock_offset = (0, -10, 10)[amount] * YEAR + amount * DAY
        here.seen = None

    @rule(site=SITE, happening=st.sampled_from(DISK), pick=ANY, same=st.booleans())
    def disk_changes(self, site: int, happening: str, pick: int, same: bool) -> None:  # noqa: FBT001
        self._count(happening)
        world, here = self.world, self.world.sites[site]
        match happening:
            case "snapshot":
                world.snapshot(here)
            case "snapshot put back" if world.snapshots:
                world.put_back(len(world.snapshots) - 1 - pick % len(world.snapshots))
            case "copied":
                other = world.sites[(site + 1 + pick % (SITES - 1)) % SITES]
                world.copy(here, other, hardware=same)
            case "store damaged":
                here.damage_store()
            case "recovery saved":
                world.save_recovery(here)
            case "recovery loaded" if world.recoveries:
                world.recover(here, -1 - pick % len(world.recoveries))
            case "machine lost":
                # Stolen or burnt; in its place stands another with a fresh installation.
                here.lose_everything()

    # The vendor.

    @rule(happening=st.sampled_from(VENDOR), license=LICENSE, amount=AMOUNT)
    def vendor_changes(self, happening: str, license: int, amount: int) -> None:
        self._count(happening)
        vendor = self.world.vendor
        license_id = vendor.licenses[license][0]
        match happening:
            case "server's clock jumps":
                vendor.set_clock((0, -10, 10)[amount] * YEAR + amount * DAY)
            case "server restarts":
                vendor.restart()
            case "key rotated":
                vendor.rotate()
            case "suspension":
                vendor.suspend(license_id, suspended=amount > 0)
            case "window by letter":
                scope = tuple(sorted(Change))[amount * 4 : amount * 4 + 4]
                self.world.staff(lambda: vendor.open_window(license_id, scope, 3))
            case "backup":
                self.backups.append(vendor.backup())
            case "restored" if self.backups:
                self.world.restore(self.backups[-1], evidence_lost=False)
            case "restored, evidence lost" if self.backups:
                self.world.restore(self.backups[-1], evidence_lost=True)
            case "hold ended":
                self.world.staff(lambda: vendor.end_hold(license_id, SUPERVISORS[amount % 2]))

    @precondition(lambda self: self.world.vendor.cases(*UNDECIDED))
    @rule(pick=ANY, decision=st.sampled_from(DECISIONS), by=st.sampled_from(SUPERVISORS))
    def case_is_decided(self, pick: int, decision: str, by: str) -> None:
        self._count(f"case {decision}")
        vendor = self.world.vendor
        cases = vendor.cases(*UNDECIDED)
        case = cases[pick % len(cases)].id
        decide: dict[str, Callable[[], object]] = {
            "approved": lambda: vendor.approve(case, by, owner_agrees=False),
            "approved with the owner": lambda: vendor.approve(case, by, owner_agrees=True),
            "declined": lambda: vendor.decline(case, by),
            "cancelled": lambda: vendor.cancel(case, by),
        }
        self.world.staff(decide[decision])

    def _first(self, site: int, allows: Callable[[Seen], bool]) -> int:
        """The first machine from here on where this can be done; else this one, in vain."""
        numbers = [(site + step) % SITES for step in range(SITES)]
        found = (number for number in numbers if allows(self.world.sites[number].look()))
        return next(found, site)

    def _act(self, name: str, site: int, act: Any, weather: Weather) -> None:
        self._count(name)
        self.world.act(self.world.sites[site], act, weather)

    def _count(self, name: str) -> None:
        self.is_sound = False
        self.world.log.append(f"{self.world.step}: {name}")
        type(self).steps[name] += 1
