"""What the books know about a change: the facts that a case's verdict is computed from.

Reads, and changes nothing. Every reading was signed: by the device in a recorded request, or by
the server in what it answered.
"""

from typing import NamedTuple

import msgspec

from protocol.documents import Activate, Release, WindowSummary
from protocol.envelope import open_request
from protocol.values import CaseKind, DriftRecord, Policy, Timestamp
from protocol.verdicts import Comparison
from server_stub.licensing import fingerprints
from server_stub.licensing.models import Binding, Exchange, License, Receipt, Window
from server_stub.licensing.models.licenses import BindingState
from server_stub.licensing.services.findings import BindingFacts, CaseFacts
from server_stub.licensing.services.turn import Turn


def facts_of(turn: Turn, license: License, kind: CaseKind, *, is_holder: bool = False) -> CaseFacts:
    """Everything signed that bears on the request of this turn.

    `is_holder`: the bound machine asks, even if under the key that takes its own one's place; a
    new key must not blur when its machine changed.
    """
    policy = fingerprints.read_policy(license.policy)
    held = _Held.of(license)
    if held is None:
        return CaseFacts(kind=kind, opened_at=turn.now, policy=policy, binding=None)
    drifted = held.released_at is not None and license.released_drifted
    is_own = is_holder or held.binding.device_id == turn.signed.device
    asks_itself = held.released_at is None and is_own
    return CaseFacts(
        kind=kind,
        opened_at=turn.now,
        policy=policy,
        binding=_binding_facts(held, turn.now, is_own=is_own),
        released_at=held.released_at,
        released_drifted=drifted,
        reported=_reported(turn) if asks_itself else None,
        comparison=_as_it_asks(turn, held.binding, policy)
        if asks_itself
        else _as_released(held.binding, policy)
        if drifted
        else None,
        windows=_windows(license, held, turn.now),
    )


class _Held(NamedTuple):
    """The last time that a machine held the license: by which binding, since when, until when."""

    binding: Binding
    since: Timestamp
    last_sign: Timestamp | None
    released_at: Timestamp | None
    after_release: bool

    @classmethod
    def of(cls, license: License) -> "_Held | None":
        """Leave out bindings that were withdrawn: no machine ever held them."""
        newest = license.bindings.order_by("-generation").first()
        held = license.bindings.exclude(state=BindingState.WITHDRAWN).order_by("-generation")
        binding = held.first()
        if newest is None or binding is None:
            return None
        newest_first = list(held)
        run = _unbroken(binding, newest_first)
        before = next(iter(newest_first[len(run) :]), None)
        # A request to be bound anew is a sign of life too.
        signs = [b.last_check_in for b in run] + [b.created_at for b in run[:-1]]
        signs += [binding.ended_at] if binding.state == BindingState.RELEASED else []
        signs += run[-1].noticed_at
        # One that was bound anew and took that back said that it holds nothing.
        stands = binding.state == BindingState.ACTIVE
        ended = binding if binding.state == BindingState.RELEASED else newest
        return cls(
            binding,
            Timestamp(run[-1].created_at),
            max((Timestamp(at) for at in signs if at is not None), default=None),
            None if stands or ended.ended_at is None else Timestamp(ended.ended_at),
            before is not None
            and (before.device_id, before.state) == (binding.device_id, BindingState.RELEASED),
        )


def _unbroken(binding: Binding, newest_first: list[Binding]) -> list[Binding]:
    """The bindings by which the same machine held it without a break, the newest first."""
    run = [binding]
    for earlier in newest_first[1:]:
        if earlier.device_id != binding.device_id or earlier.state != BindingState.REBOUND:
            break
        run.append(earlier)
    return run


def _binding_facts(held: _Held, now: Timestamp, *, is_own: bool) -> BindingFacts:
    """A binding made while the server's own clock was ahead was made now, for all that is known."""
    binding = held.binding
    return BindingFacts(
        made_at=min(Timestamp(binding.created_at), now),
        held_since=min(held.since, now),
        stands=held.released_at is None,
        is_own=is_own,
        last_sign=held.last_sign,
        same_at=None if binding.same_at is None else Timestamp(binding.same_at),
        different_at=None if binding.different_at is None else Timestamp(binding.different_at),
        after_release=held.after_release,
    )


def _reported(turn: Turn) -> DriftRecord | None:
    return turn.request.drift if isinstance(turn.request, Activate) else None


def _as_it_asks(turn: Turn, binding: Binding, policy: Policy) -> Comparison | None:
    if not isinstance(turn.request, Activate):
        return None
    enrolment = fingerprints.enrolment_of(binding)
    return fingerprints.compare_with(enrolment, turn.request.fingerprint, policy)


def _as_released(binding: Binding, policy: Policy) -> Comparison | None:
    # By its generation alone: the proof may be of the device's former key.
    receipts = Receipt.objects.filter(license_id=binding.license_id, generation=binding.generation)
    freed = receipts.order_by("audit_index").last()
    proof = Exchange.objects.get(audit_id=freed.audit_index) if freed else None
    release = open_request(bytes(proof.request)).request if proof else None
    if not isinstance(release, Release):
        return None
    return fingerprints.as_released(binding, release, policy)


def _windows(license: License, held: _Held, now: Timestamp) -> tuple[WindowSummary, ...]:
    """The windows that were open at any time since; one that was closed early ended then.

    What had changed before a notice is settled once the machine was bound in agreement since: what
    differs from that binding has changed after the notice.
    """
    rows = Window.objects.filter(license=license, ends_at__gte=min(held.since, now))
    binding = held.binding
    is_agreed = bytes(binding.baseline) == bytes(binding.fingerprint)
    summaries = (
        _as_it_was(row, is_settled=is_agreed and binding.created_at > row.received_at)
        for row in rows.order_by("starts_at", "pk")
    )
    return tuple(window for window in summaries if window.ends_at > window.starts_at)


def _as_it_was(row: Window, *, is_settled: bool) -> WindowSummary:
    window = summary(row)
    closed_at = row.ends_at if row.closed_at is None else row.closed_at
    return msgspec.structs.replace(
        window,
        ends_at=Timestamp(min(row.ends_at, closed_at)),
        not_covered=() if is_settled else window.not_covered,
    )


def summary(window: Window) -> WindowSummary:
    """One window as its holder may see it: as it was declared."""
    return WindowSummary(
        window_id=window.pk,
        scope=tuple(window.scope),
        starts_at=Timestamp(window.starts_at),
        ends_at=Timestamp(window.ends_at),
        received_at=Timestamp(window.received_at),
        not_covered=tuple(window.not_covered),
        citation=window.citation or None,
    )
