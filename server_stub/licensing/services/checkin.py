"""Check-in: a device says what it holds and hears the truth (§3, §5)."""

from protocol import documents
from protocol.documents import CheckIn, Request, Truth
from protocol.values import LicenseId
from server_stub.licensing import fingerprints
from server_stub.licensing.models import Binding, Device, License
from server_stub.licensing.models.licenses import BindingState
from server_stub.licensing.services import (
    announcements,
    cases,
    coverage,
    forks,
    holds,
    holidays,
    offers,
)
from server_stub.licensing.services.binding import active_binding
from server_stub.licensing.services.order import require_order
from server_stub.licensing.services.turn import Outcome, Turn

_REPORTED = (
    "in_use_sequence",
    "reported_sequence",
    "last_check_in",
    "last_standing",
    "last_statuses",
    "same_at",
    "different_at",
)


def check_in(
    turn: Turn, request: CheckIn, license: License | None, proof: documents.License | None
) -> Outcome:
    """Note what the device reports and answer with what the server holds for it.

    Raises:
        Refused: out of order.
    """
    device = turn.meet_device()
    require_order(turn, device)
    if license is None:
        license = _license_bound_to(device)
    current = active_binding(license) if license else None
    held = is_held(current, device, request.generation)
    if current is not None and held:
        _note_report(turn, request, current)
        if license is not None and proof is not None and request.standing.holds_document:
            holds.end_by_check_in(turn, license)
    elif license is not None and proof is not None and request.standing.holds_document:
        _note_use_of_an_old_generation(request, license, device)
    runs_on = license is not None and not held and forks.may_run_on(turn, request, license, device)
    return tell(turn, device, license, held=held, hold=runs_on)


def tell(
    turn: Turn, device: Device, license: License | None, *, held: bool, hold: bool = False
) -> Outcome:
    """Tell the truth: what the server holds for this device.

    `hold`: it runs on meanwhile, though the server does not hold what it shows. It has handed over
    and can do so no more; what is to become of it people decide, and not a new key. Nor is a new
    key asked of one that holds nothing and waits: it uses its approval as it is.
    """
    current = active_binding(license) if license else None
    is_mine = current is not None and current.device_id == device.device_id
    truth = Truth(
        **turn.head(license.generation if license else 0),
        held=held,
        hold=hold or (license is not None and license.hold),
        license_id=LicenseId(license.license_id) if license else None,
        last_sequence=max(device.last_sequence, turn.request.sequence),
        cases=cases.summaries(device, runs=_runs(turn.request)),
        announcements=announcements.told(),
        offers=offers.told(),
        holidays=holidays.told(turn.now),
        renew_key=device.must_renew and not (hold or forks.waits_as_it_is(device)),
        window=coverage.told_window(license, turn.now) if license and is_mine else None,
        suspended=license is not None and is_mine and license.suspended,
    )
    return Outcome(turn.sign(truth), "answered-truth", license.license_id if license else "")


def _runs(request: Request) -> bool:
    """Whether the home that asks says that it runs, as no home does that has given back."""
    return isinstance(request, CheckIn) and request.standing.holds_document


def _license_bound_to(device: Device) -> License | None:
    """A device that lost its document still hears which license is bound to it."""
    newest = device.bindings.filter(state=BindingState.ACTIVE).order_by("-created_at", "-pk")
    binding = newest.select_related("license").first()
    return binding.license if binding else None


def is_held(current: Binding | None, device: Device, generation: int) -> bool:
    """Whether the server holds exactly this generation for this device."""
    return (
        current is not None
        and current.device_id == device.device_id
        and current.generation == generation
    )


def _note_report(turn: Turn, request: CheckIn, current: Binding) -> None:
    """Keep what the holder says; a report that a newer one overtook tells only of use."""
    if request.license is not None and request.standing.holds_document:
        current.in_use_sequence = max(current.in_use_sequence, request.sequence)
    if request.sequence > current.reported_sequence:
        current.reported_sequence = request.sequence
        current.last_check_in = turn.now
        current.last_standing = request.standing.value
        told = fingerprints.remembered(current, request)
        current.last_statuses = {name: status.value for name, status in told.items()}
        if request.license is not None:
            _note_reading(turn, request, current)
    # Not the document and its fingerprints: they never change and fill pages.
    current.save(update_fields=_REPORTED)


def _note_reading(turn: Turn, request: CheckIn, current: Binding) -> None:
    """Keep between which check-ins the machine changed; one that cannot tell says nothing."""
    same = fingerprints.is_as_enrolled(current, request)
    if same is True:
        current.same_at, current.different_at = turn.now, None
    elif same is False and current.different_at is None:
        current.different_at = turn.now


def _note_use_of_an_old_generation(request: CheckIn, license: License, device: Device) -> None:
    """A copy may live on: a proof that says otherwise must be younger than this."""
    older = license.bindings.filter(
        device=device,
        generation=request.generation,
        in_use_sequence__lt=request.sequence,
    )
    for binding in older:
        binding.in_use_sequence = request.sequence
        binding.save(update_fields=["in_use_sequence"])
