"""Was a change agreed before it happened? A case's verdict, from signed evidence alone (§5, §7).

Pure: facts in, finding out. The facts are readings (a binding, check-ins, a release, what the
device reports of its drift), receipts and change windows; `case_facts` reads them from the books.
A change is taken to lie between the last reading that matched and the first that differed, and
every doubt about that is the customer's: the widest period that the evidence allows is tried.
"""

from enum import StrEnum

import msgspec

from protocol.documents import WindowSummary
from protocol.values import CaseKind, Coordination, DriftRecord, Policy, Timestamp
from protocol.verdicts import Comparison, Verdict
from protocol.windows import Change, covers, falls_in, known_changes, outside_scope

# A machine that died so soon, and never said that it runs, costs its owner nothing (§7).
YOUNG_SECONDS = 72 * 3600

# What can take a machine's identity away: its device key, and the tags that it could be known by.
_ENDS_THE_DEVICE = frozenset({Change.NEW_HOST, Change.BOARD, Change.BOOT_DISK, Change.OS_REINSTALL})
_MAKES_ANOTHER_MACHINE = frozenset({Change.NEW_HOST, Change.BOARD})


class Because(StrEnum):
    """Why the verdict is what it is."""

    RECEIPT = "receipt"
    NEVER_HELD = "never-held"
    WINDOW = "window"
    NO_WINDOW = "no-window"
    OUTSIDE_SCOPE = "outside-scope"
    OUTSIDE_PERIOD = "outside-period"
    NEVER_CONFIRMED = "never-confirmed"
    NO_READING = "no-reading"
    COVERAGE_LOWERED = "coverage-lowered"
    FORK = "fork"


class What(StrEnum):
    """What a timeline tells."""

    BINDING_MADE = "binding-made"
    LAST_SIGN = "last-sign-of-life"
    CHECKED_IN_SAME = "checked-in-same"
    CHECKED_IN_DIFFERENT = "checked-in-different"
    LAST_MATCH = "last-match"
    FIRST_DIFFERENCE = "first-difference"
    NOTICE_RECEIVED = "notice-received"
    LETTER_RECEIVED = "letter-received"
    WINDOW_FROM = "window-from"
    WINDOW_UNTIL = "window-until"
    RELEASED = "released"
    RELEASED_DRIFTED = "released-drifted"
    CASE_OPENED = "case-opened"


class Source(StrEnum):
    """Whose clock and word a moment is: the server's own, or what the device reports."""

    SERVER = "server"
    DEVICE = "device"


class Moment(msgspec.Struct, frozen=True):
    """One line of the timeline."""

    what: What
    at: Timestamp
    source: Source = Source.SERVER


class BindingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The binding that the case is about: the one that stands, or that the license was freed from.

    `held_since`: when its machine first took the license, in one unbroken run of bindings.
    `last_sign`: the newest that was heard of it. `same_at`, `different_at`: the newest check-in
    that found everything as enrolled, and the first after it that did not.
    """

    made_at: Timestamp
    held_since: Timestamp
    stands: bool
    is_own: bool
    last_sign: Timestamp | None = None
    same_at: Timestamp | None = None
    different_at: Timestamp | None = None


class CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that a verdict is computed from.

    `binding` is None when no machine ever held the license. `comparison` is of the bound machine:
    as it asks now, or as its release told. `windows` end when they were closed.
    """

    kind: CaseKind
    opened_at: Timestamp
    policy: Policy
    binding: BindingFacts | None
    released_at: Timestamp | None = None
    released_drifted: bool = False
    reported: DriftRecord | None = None
    comparison: Comparison | None = None
    windows: tuple[WindowSummary, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict with its timeline.

    `outside`: what changed and no window of that time covers. `clock_differs`: what the device
    reports cannot be, by the server's own clock, and was left out of account.
    """

    coordination: Coordination
    because: Because
    timeline: tuple[Moment, ...]
    outside: tuple[str, ...] = ()
    clock_differs: bool = False

    @property
    def is_charged(self) -> bool:
        """Whether the tariff applies by itself."""
        forgiven = self.because is Because.NEVER_CONFIRMED
        return self.coordination is Coordination.UNCOORDINATED and not forgiven


def judge(facts: CaseFacts) -> Finding:
    """Reach the verdict."""
    believed = _believed(facts)
    coordination, because = _verdict(facts, believed)
    outside: tuple[str, ...] = ()
    if because is Because.OUTSIDE_SCOPE and facts.comparison is not None:
        outside = _outside(facts, facts.comparison, _period(facts, believed))
    return Finding(
        coordination=coordination,
        because=because,
        timeline=_timeline(facts),
        outside=outside,
        clock_differs=facts.reported is not None and believed is None and _asks_itself(facts),
    )


def windows_of_the_change(facts: CaseFacts) -> tuple[WindowSummary, ...]:
    """The windows in which the change can have happened, by all that is known of it."""
    return _of_that_time(facts, _believed(facts))


def is_told_of(facts: CaseFacts) -> bool:
    """Whether the device reports when the change was, and the server's readings bear it out."""
    return _believed(facts) is not None


def latest_of(facts: CaseFacts) -> Timestamp:
    """When the change had happened at the latest."""
    return _period(facts, _believed(facts)).first_difference


def _verdict(facts: CaseFacts, believed: DriftRecord | None) -> tuple[Coordination, Because]:
    if facts.kind is CaseKind.FORK:
        return Coordination.UNDETERMINED, Because.FORK
    if facts.kind is CaseKind.COVERAGE_LOWERED:
        return Coordination.UNDETERMINED, Because.COVERAGE_LOWERED
    if facts.binding is None:
        return Coordination.COORDINATED, Because.NEVER_HELD
    if facts.released_at is not None and not facts.released_drifted:
        return Coordination.COORDINATED, Because.RECEIPT
    if any(_window_covers(facts, window) for window in _of_that_time(facts, believed)):
        return Coordination.COORDINATED, Because.WINDOW
    return _uncovered(facts, facts.binding, believed)


def _uncovered(
    facts: CaseFacts, binding: BindingFacts, believed: DriftRecord | None
) -> tuple[Coordination, Because]:
    if _died_young(facts, binding):
        return Coordination.UNCOORDINATED, Because.NEVER_CONFIRMED
    seen = binding.same_at if _is_measured(facts) else binding.last_sign
    if seen is None and believed is None:
        return Coordination.UNDETERMINED, Because.NO_READING
    return Coordination.UNCOORDINATED, _why_not(facts, believed)


def _why_not(facts: CaseFacts, believed: DriftRecord | None) -> Because:
    if _of_that_time(facts, believed):
        return Because.OUTSIDE_SCOPE
    return Because.OUTSIDE_PERIOD if facts.windows else Because.NO_WINDOW


def _asks_itself(facts: CaseFacts) -> bool:
    """Whether the machine that is bound asks for itself."""
    return facts.binding is not None and facts.binding.stands and facts.binding.is_own


def _is_measured(facts: CaseFacts) -> bool:
    """Whether the change was seen on the bound machine; of a dead one only its silence is known."""
    return _asks_itself(facts) or facts.released_drifted


def _died_young(facts: CaseFacts, binding: BindingFacts) -> bool:
    young = facts.opened_at - binding.held_since < YOUNG_SECONDS
    return not _is_measured(facts) and binding.last_sign is None and young


def _server_period(facts: CaseFacts) -> DriftRecord:
    """Between which of the server's own readings the change lies; a binding is one that matched."""
    if facts.binding is None:
        return DriftRecord(last_match=facts.opened_at, first_difference=facts.opened_at)
    binding, until = facts.binding, facts.released_at or facts.opened_at
    if not _is_measured(facts):
        begun = max(binding.made_at, binding.last_sign or 0)
        return DriftRecord(last_match=Timestamp(begun), first_difference=until)
    return DriftRecord(
        last_match=Timestamp(max(binding.made_at, binding.same_at or 0)),
        first_difference=Timestamp(min(until, binding.different_at or until)),
    )


def _believed(facts: CaseFacts) -> DriftRecord | None:
    """What the device reports, unless its clock contradicts the server's readings."""
    reported, ours = facts.reported, _server_period(facts)
    if reported is None or not _asks_itself(facts):
        return None
    ordered = reported.last_match <= reported.first_difference
    meets = (
        reported.last_match <= ours.first_difference
        and reported.first_difference >= ours.last_match
    )
    return reported if ordered and meets else None


def _period(facts: CaseFacts, believed: DriftRecord | None) -> DriftRecord:
    ours = _server_period(facts)
    if believed is None:
        return ours
    return DriftRecord(
        last_match=max(ours.last_match, believed.last_match),
        first_difference=min(ours.first_difference, believed.first_difference),
    )


def _of_that_time(facts: CaseFacts, believed: DriftRecord | None) -> tuple[WindowSummary, ...]:
    period = _period(facts, believed)
    return tuple(window for window in facts.windows if falls_in(window, period))


def _window_covers(facts: CaseFacts, window: WindowSummary) -> bool:
    declared = known_changes(window.scope)
    if not _is_measured(facts):
        return bool(declared & _ENDS_THE_DEVICE)
    if facts.comparison is None:
        return False
    if facts.comparison.verdict is Verdict.DIFFERENT:
        return bool(declared & _MAKES_ANOTHER_MACHINE)
    return covers(window, facts.comparison, facts.policy)


def _outside(facts: CaseFacts, comparison: Comparison, period: DriftRecord) -> tuple[str, ...]:
    """What the window that covers most leaves out."""
    left = [
        outside_scope(window, comparison, facts.policy)
        for window in facts.windows
        if falls_in(window, period)
    ]
    return min(left, key=len, default=())


def _timeline(facts: CaseFacts) -> tuple[Moment, ...]:
    moments = [Moment(What.CASE_OPENED, facts.opened_at)]
    if facts.binding is not None:
        moments += _readings(facts, facts.binding)
    if facts.released_at is not None:
        drifted = facts.released_drifted
        what = What.RELEASED_DRIFTED if drifted else What.RELEASED
        moments.append(Moment(what, facts.released_at))
    if facts.reported is not None and _asks_itself(facts):
        reported = facts.reported
        moments.append(Moment(What.LAST_MATCH, reported.last_match, Source.DEVICE))
        moments.append(Moment(What.FIRST_DIFFERENCE, reported.first_difference, Source.DEVICE))
    for window in facts.windows:
        by_letter = window.citation is not None
        came = What.LETTER_RECEIVED if by_letter else What.NOTICE_RECEIVED
        moments.append(Moment(came, window.received_at))
        moments.append(Moment(What.WINDOW_FROM, window.starts_at))
        moments.append(Moment(What.WINDOW_UNTIL, window.ends_at))
    order = list(What)
    return tuple(sorted(moments, key=lambda moment: (moment.at, order.index(moment.what))))


def _readings(facts: CaseFacts, binding: BindingFacts) -> list[Moment]:
    found = [Moment(What.BINDING_MADE, binding.made_at)]
    if binding.same_at is not None:
        found.append(Moment(What.CHECKED_IN_SAME, binding.same_at))
    if binding.different_at is not None:
        found.append(Moment(What.CHECKED_IN_DIFFERENT, binding.different_at))
    if not _is_measured(facts) and binding.last_sign not in {None, binding.same_at}:
        found.append(Moment(What.LAST_SIGN, Timestamp(binding.last_sign or 0)))
    return found
