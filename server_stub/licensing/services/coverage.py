"""Which change windows bear on a machine: those that cover it, and the one it is told of (§5, §7).

Reads, and changes nothing. When a change happened is `coordination`'s judgement, so that what is
bound without a case is never more than what a case would call coordinated.
"""

from protocol.documents import WindowSummary
from protocol.values import CaseKind, Fingerprint, Timestamp
from protocol.verdicts import Comparison
from protocol.weights import is_identifiable
from protocol.windows import GRACE_AFTER_WINDOW_SECONDS, altered, covers, covers_anew
from server_stub.licensing import fingerprints
from server_stub.licensing.models import License, Window
from server_stub.licensing.models.licenses import BindingState
from server_stub.licensing.services import coordination
from server_stub.licensing.services.case_facts import facts_of, summary
from server_stub.licensing.services.turn import Turn


def covers_rebind(turn: Turn, license: License, comparison: Comparison, now: Fingerprint) -> bool:
    """Whether something changed, and all of it was declared: then it is bound in agreement."""
    policy = fingerprints.read_policy(license.policy)
    if not altered(comparison, policy) or not is_identifiable(now, policy):
        return False
    current = license.bindings.get(state=BindingState.ACTIVE)
    enrolled = fingerprints.enrolment_of(current).fingerprint
    return any(
        covers_anew(window, comparison, enrolled, policy) for window in _in_time(turn, license)
    )


def covers_release(turn: Turn, license: License, comparison: Comparison) -> bool:
    """Whether everything that a proof tells of its machine was declared."""
    policy = fingerprints.read_policy(license.policy)
    return any(covers(window, comparison, policy) for window in _in_time(turn, license))


def _in_time(turn: Turn, license: License) -> tuple[WindowSummary, ...]:
    """The windows in which the change can have happened, and that still count.

    One that is over counts for three days more. Later only what is known to have happened before
    counts: by the device's drift record, which may come by hand, or by its own check-ins.
    """
    if not Window.objects.filter(license=license).exists():
        return ()
    facts = facts_of(turn, license, CaseKind.CHANGED, is_holder=True)
    is_told, latest = coordination.is_told_of(facts), coordination.latest_of(facts)
    return tuple(
        window
        for window in coordination.windows_of_the_change(facts)
        if is_told or latest <= window.ends_at + GRACE_AFTER_WINDOW_SECONDS
    )


def told_window(license: License, now: Timestamp) -> WindowSummary | None:
    """The window that the license's holder is told of: the one that runs, else the newest.

    None once it has been over for three days, or was taken back.
    """
    until = now - GRACE_AFTER_WINDOW_SECONDS
    told = Window.objects.filter(license=license, closed_at=None, ends_at__gte=until)
    newest_last = sorted(told, key=lambda row: (row.starts_at <= now <= row.ends_at, row.pk))
    return summary(newest_last[-1]) if newest_last else None
