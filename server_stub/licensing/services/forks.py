"""Forks: a device's store was put back or copied, and a new key takes its place (§5, ADR 32).

Who only claims takes no license from the machine that runs it: a copy that tells the same as the
original stops nobody until the vendor's people have decided.
"""

from collections.abc import Iterator

from django.db.models import F

from protocol.documents import CheckIn, Release
from protocol.values import CaseKind, DeviceId, RequestId
from protocol.verdicts import Verdict
from protocol.windows import altered
from server_stub.licensing import fingerprints
from server_stub.licensing.models import Binding, Case, Device, Exchange, License
from server_stub.licensing.models.decisions import IS_CONTEST, IS_PROOF, WAITS
from server_stub.licensing.models.licenses import BindingState
from server_stub.licensing.services import cases, contests
from server_stub.licensing.services.turn import Turn

# Within so long a second fork is no accident, and a former key that still runs no echo.
A_WHILE = 30 * 86_400


def may_hand_over(license: License, former: Device, heir: Device) -> bool:
    """Whether a handover from one key to the other still counts.

    It names one heir for ever, and counts once: an heir that held the license before is known by
    its own key, so a paper that was kept takes nothing back.
    """
    if former.renewed_as_id not in {None, heir.device_id} or heir.renewed_as_id is not None:
        return False
    if license.bindings.filter(device_id=heir.device_id).exists():
        return False
    return not Device.objects.filter(renewed_as=heir.device_id).exclude(pk=former.pk).exists()


def is_second(former: Device) -> bool:
    """Whether this is the second fork within a month: then its renewal is for people to decide."""
    if not former.must_renew or former.forked_at is None or former.forked_before is None:
        return False
    return former.forked_at - former.forked_before < A_WHILE


def waits_as_it_is(device: Device) -> bool:
    """Whether a key that is to be renewed goes on with what it waits for, for it holds nothing.

    Nobody runs under it, so what is decided for it supersedes none of its homes; under another key
    it could not use that, and one machine that was put back would wait for ever. Not so a contest,
    whose home runs, and a proof, which asks for nothing.
    """
    if device.bindings.filter(state=BindingState.ACTIVE).exists():
        return False
    waiting = device.cases.filter(WAITS, generation=F("license__generation"))
    return waiting.exclude(IS_CONTEST | IS_PROOF).exists()


def renew(turn: Turn, license: License, former: Device, heir: Device) -> None:
    """Let the heir's key take the former one's place."""
    former.must_renew = False
    former.renewed_as_id = heir.device_id
    former.save(update_fields=["must_renew", "renewed_as"])
    heir.forked_at = former.forked_at
    turn.journal.record(
        "key-renewed",
        license=license.license_id,
        device=former.device_id,
        facts={"renewed_as": heir.device_id},
    )


def is_contested(license: License, holder: str) -> bool:
    """Whether a former key of this holder was seen to live on, and nobody has decided yet.

    Or it was decided for that key, which has not taken the license yet.
    """
    waiting = license.cases.filter(
        WAITS, generation=license.generation, kind=CaseKind.FORK.value
    ).exclude(device_id=holder)
    return any(holder in heirs_of(case.device) for case in waiting.select_related("device"))


def may_run_on(turn: Turn, request: CheckIn, license: License, device: Device) -> bool:
    """Whether a device whose key was renewed runs on until somebody decides, though not held.

    Both copies match: the heir may be the copy. A case is opened once it is certain that the
    former key lives: it has heard an answer that was given after the renewal. A check-in that the
    network held back until then is no sign of that.
    """
    renewed = _renewed_binding(request, license, device)
    if renewed is None:
        return False
    is_certain = turn.acknowledged > _renewed_by(renewed, device)
    decided = _case_about(renewed)
    if decided is not None:
        # What was decided for this key counts on once it was used.
        runs_on = decided.waits or decided.spent_at is not None
        if runs_on and is_certain:
            contests.hear(turn, decided, device)
        return runs_on
    if turn.now - (renewed.ended_at or 0) >= A_WHILE or not _matches(renewed, request):
        return False
    if is_certain:
        contests.open_contest(turn, renewed, device)
    return True


def give_up(turn: Turn, request: Release, license: License, device: Device) -> None:
    """A former key that gave back what it still showed waits for nothing any more.

    But where a home of it contests: who contests runs, and people decide.
    """
    if device.renewed_as_id is None:
        return
    if (contest := contests.contest_of(license, device)) is not None:
        contests.give_up(turn, request, contest, device, by="release")
        return
    shown_since = license.bindings.filter(device=device, in_use_sequence__gt=request.sequence)
    if not shown_since.exists():
        cases.take_back(turn, license, device, by="release")


def _renewed_binding(request: CheckIn, license: License, device: Device) -> Binding | None:
    """The binding that the request shows in use, if an heir of its device holds the license."""
    shows_it = request.license is not None and request.standing.holds_document
    if device.renewed_as_id is None or not shows_it:
        return None
    current = license.bindings.filter(state=BindingState.ACTIVE).first()
    if current is None or current.device_id not in heirs_of(device):
        return None
    moved = license.bindings.filter(device=device, state=BindingState.MOVED)
    newest = moved.order_by("-generation").first()
    return newest if newest is not None and newest.generation == request.generation else None


def heirs_of(device: Device) -> Iterator[str]:
    """Every key that took this one's place, one after another."""
    seen = {device.device_id}
    heir = device.renewed_as
    while heir is not None and heir.device_id not in seen:
        seen.add(heir.device_id)
        yield heir.device_id
        heir = heir.renewed_as


def _case_about(renewed: Binding) -> Case | None:
    """The newest case that this former key's living on has met."""
    about = Case.objects.filter(
        IS_CONTEST,
        license_id=renewed.license_id,
        device_id=renewed.device_id,
        evidence__generation=renewed.generation,
    )
    return about.order_by("-pk").first()


def _renewed_by(renewed: Binding, device: Device) -> int:
    """The audit index of the answer that gave the license to the heir."""
    made = Binding.objects.filter(
        license_id=renewed.license_id,
        device_id=device.renewed_as_id or "",
        generation__gt=renewed.generation,
    ).order_by("generation")
    first = made.first()
    asked = exchange_of(first) if first is not None else None
    return asked.audit_id if asked is not None else 0


def exchange_of(binding: Binding) -> Exchange | None:
    """The accepted request that made this binding, with its answer."""
    return Exchange.objects.filter(
        device_id=binding.device_id, sequence=binding.sequence, accepted=True
    ).first()


def was_made_by(request_id: RequestId | None, binding: Binding) -> bool:
    """Whether this is the request that made the binding."""
    asked = exchange_of(binding)
    return asked is not None and asked.request_id == request_id


def _matches(renewed: Binding, request: CheckIn) -> bool:
    """Whether its machine reports itself as enrolled; a copy started elsewhere does not."""
    policy = fingerprints.read_policy(renewed.license.policy)
    told = fingerprints.as_told(
        fingerprints.enrolment_of(renewed), request.statuses, request.os, policy
    )
    if told.verdict is Verdict.INSUFFICIENT:
        # Enrolled with too little to be known by: whatever differs tells it apart.
        return not altered(told, policy)
    return told.verdict in fingerprints.THE_SAME_MACHINE and not told.counts_as_drift(policy)


def former_device(name: DeviceId | None) -> Device | None:
    """The device that signed a handover, if it is known here."""
    return Device.objects.filter(pk=name).first() if name else None
