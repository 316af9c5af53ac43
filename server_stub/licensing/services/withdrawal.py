"""Withdraw: a device takes back what it asked for and does not hold (§3, §5)."""

from protocol.documents import Withdraw
from protocol.problems import RefusalCode
from server_stub.licensing.models import AuditEntry, Binding, Device, License
from server_stub.licensing.models.licenses import BindingState
from server_stub.licensing.services import contests, forks
from server_stub.licensing.services.binding import active_binding, end_binding
from server_stub.licensing.services.checkin import is_held, tell
from server_stub.licensing.services.order import require_order
from server_stub.licensing.services.refusals import Refused
from server_stub.licensing.services.turn import Outcome, Turn

# The binding that stands, and those that it only renewed on the same machine.
_ONE_HOLDING = (BindingState.ACTIVE, BindingState.REBOUND)


def withdraw(turn: Turn, request: Withdraw, license: License) -> Outcome:
    """Cover every earlier request, end the device's case, free what it never got to hold.

    Raises:
        Refused: out of order, or it names a case that is none of this device's.
    """
    device = turn.meet_device()
    require_order(turn, device)
    if request.case_id is not None and not device.cases.filter(pk=request.case_id).exists():
        raise Refused(RefusalCode.CASE_UNKNOWN)
    contests.withdraw(turn, request, license, device)
    current = active_binding(license)
    if current is not None and _was_never_held(request, license, current, device):
        _free(turn, license, current)
        current = None
    device.covered_sequence = max(device.covered_sequence, request.sequence)
    # Whoever only has the key learns nothing of where the license is or how often it was bound.
    known = license if license.bindings.filter(device=device).exists() else None
    held = is_held(current, device, request.generation)
    return tell(turn, device, known, held=held)._replace(license_id=license.license_id)


def _was_never_held(request: Withdraw, license: License, current: Binding, device: Device) -> bool:
    """Whether this device was given the license by the request it takes back, and never held it.

    A later number alone says nothing: a store begun anew counts from one again, and what it runs
    outlives a withdrawal of the store before, which names another request. Not where this device
    held the generation before, itself or under a former key, whatever it says now: that machine
    repairs itself, and a word alone takes no license from a machine that was seen to run it.
    """
    mine = current.device_id == device.device_id and current.sequence < request.sequence
    if not mine or request.generation or not forks.was_made_by(request.takes_back, current):
        return False
    ended = license.bindings.exclude(state__in=_ONE_HOLDING).order_by("-generation").first()
    if ended is not None and ended.state == BindingState.MOVED and _is_former(ended, device):
        return False
    holding = license.bindings.filter(generation__gt=ended.generation if ended else 0)
    return not holding.filter(in_use_sequence__gt=0).exists()


def _is_former(ended: Binding, device: Device) -> bool:
    return device.device_id in forks.heirs_of(ended.device)


def _free(turn: Turn, license: License, binding: Binding) -> None:
    """Free it with the right that it had before."""
    end_binding(turn, binding, BindingState.WITHDRAWN)
    if _is_as_good_as_unbound(license, binding):
        license.last_device = None
        license.save(update_fields=["last_device"])


def _is_as_good_as_unbound(license: License, binding: Binding) -> bool:
    """Whether nobody ever held it, and no other machine asked for it meanwhile.

    Whoever mistyped the machine takes the key to another one. A stranger who asked shows that the
    key may have leaked: then only this device and the vendor's staff can go on.
    """
    left = license.bindings.filter(state__in=[BindingState.RELEASED, BindingState.MOVED])
    asked = license.cases.exclude(device_id=binding.device_id)
    refused = AuditEntry.objects.filter(license=license.license_id, event__startswith="refused-")
    tried = refused.exclude(device=binding.device_id)
    return not (left.exists() or asked.exists() or tried.exists())
