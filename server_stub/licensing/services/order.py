"""The order of one device's requests: what was used, what is covered, what was last."""

from protocol.documents import Release
from protocol.problems import RefusalCode
from server_stub.licensing.models import Device, Exchange
from server_stub.licensing.services.refusals import Refused
from server_stub.licensing.services.turn import Turn

# A request an hour for a century: no honest device leaps further, and one that did could never go
# back.
LONGEST_LEAP = 1_000_000
_FORK = ("forked_at", "forked_before", "must_renew")


def require_order(turn: Turn, device: Device) -> None:
    """Refuse a sequence that another request used, or that a later release covered.

    A release is never refused as covered: its proof is valid for ever, and an old one merely gets
    its receipt (docs/protocol.md §5). A fork is suspected where two histories show: two requests
    of one sequence, or a later one that knows less. Late and doubled requests never look so, and
    a store that was begun anew remembers no answer at all.

    Raises:
        Refused: with the device's last sequence, for a device that lost its counter.
    """
    sequence = turn.request.sequence
    turn.acknowledged = _acknowledged(turn, device)
    if sequence > device.last_sequence + LONGEST_LEAP:
        raise Refused(RefusalCode.SEQUENCE_USED, device.last_sequence)
    if turn.is_sequence_used:
        if turn.request.last_answer is not None:
            suspect(turn, device)
        raise Refused(RefusalCode.SEQUENCE_USED, device.last_sequence)
    if sequence <= device.covered_sequence and not isinstance(turn.request, Release):
        raise Refused(RefusalCode.SEQUENCE_COVERED, device.last_sequence)
    if 0 < turn.acknowledged < device.acknowledged and sequence > device.acknowledged_by:
        suspect(turn, device)


def suspect(turn: Turn, device: Device) -> None:
    """Have the device take a new key; what is seen until then is the same fork."""
    if device.must_renew:
        return
    device.forked_before, device.forked_at = device.forked_at, turn.now
    device.must_renew = True
    turn.is_fork_suspected = True
    turn.journal.record(
        "fork-suspected",
        device=device.device_id,
        facts={"sequence": turn.request.sequence, "acknowledged": turn.acknowledged},
    )


def keep_device(turn: Turn, device: Device, *, accepted: bool) -> None:
    """Write the device's row, with what an accepted request tells of it."""
    if accepted:
        device.last_seen = turn.now
        device.last_sequence = max(device.last_sequence, turn.request.sequence)
        if turn.acknowledged > device.acknowledged:
            device.acknowledged = turn.acknowledged
            device.acknowledged_by = turn.request.sequence
    if accepted or turn.is_new_device:
        device.save(force_insert=turn.is_new_device, force_update=not turn.is_new_device)
    elif turn.is_fork_suspected:
        # A refusal teaches nothing else of its device.
        device.save(update_fields=_FORK)


def _acknowledged(turn: Turn, device: Device) -> int:
    """The audit index of the newest answer that the device says it has; 0 for a foreign one."""
    if turn.request.last_answer is None:
        return 0
    answers = Exchange.objects.filter(device=device, answer_digest=turn.request.last_answer)
    return answers.values_list("audit_id", flat=True).first() or 0
