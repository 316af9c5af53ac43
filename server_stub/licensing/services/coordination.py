"""Was a change agreed before it happened? A case's verdict, from signed evidence alone (§5, §7).

Pure: facts in, finding out. The facts are readings (a binding, check-ins, a release, what the
device reports of its drift), receipts and change windows; `case_facts` reads them from the books.
A change is taken to lie between the last reading that matched and the first that differed, and
every doubt about that is the customer's: the widest period that the evidence allows is tried.
"""

from protocol.documents import WindowSummary
from protocol.values import CaseKind, Coordination, DriftRecord, Timestamp
from protocol.verdicts import Comparison, Verdict
from protocol.windows import Change, covers, falls_in, known_changes, outside_scope
from server_stub.licensing.services.findings import (
    Because,
    BindingFacts,
    CaseFacts,
    Finding,
    Moment,
    Source,
    What,
)

# A machine that died so soon, and never said that it runs, costs its owner nothing (§7).
YOUNG_SECONDS = 72 * 3600

# What can take a machine's identity away: its device key, and the tags that it could be known by.
_ENDS_THE_DEVICE = frozenset({Change.NEW_HOST, Change.BOARD, Change.BOOT_DISK, Change.OS_REINSTALL})
_NOBODY_CAN_TELL = {
    CaseKind.FORK: Because.FORK,
    CaseKind.COVERAGE_LOWERED: Because.COVERAGE_LOWERED,
}
_MAKES_ANOTHER_MACHINE = frozenset({Change.NEW_HOST, Change.BOARD})


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
    if facts.kind in _NOBODY_CAN_TELL:
        return Coordination.UNDETERMINED, _NOBODY_CAN_TELL[facts.kind]
    if facts.binding is None:
        return Coordination.COORDINATED, Because.NEVER_HELD
    released_clean = facts.released_at is not None and not facts.released_drifted
    if released_clean or _taken_too_early(facts, facts.binding):
        return Coordination.COORDINATED, Because.RECEIPT
    if any(_window_covers(facts, window) for window in _of_that_time(facts, believed)):
        return Coordination.COORDINATED, Because.WINDOW
    return _uncovered(facts, facts.binding, believed)


def _taken_too_early(facts: CaseFacts, binding: BindingFacts) -> bool:
    """Whether it was released for a change and taken again before that change was made.

    No reading since the receipt says otherwise: the machine was never seen as it was bound.
    """
    young = facts.opened_at - binding.held_since < YOUNG_SECONDS
    return binding.after_release and _asks_itself(facts) and binding.same_at is None and young


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
