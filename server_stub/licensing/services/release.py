"""Release: the proof that a license document was destroyed frees its license (§3, §5)."""

from protocol import documents
from protocol.documents import Release
from protocol.envelope import open_request
from protocol.problems import RefusalCode
from protocol.values import CaseKind, CaseState, LicenseId
from server_stub.licensing import fingerprints
from server_stub.licensing.models import Binding, Case, Device, Exchange, License, Receipt
from server_stub.licensing.models.decisions import IS_CONTEST, IS_PROOF
from server_stub.licensing.models.licenses import BindingState
from server_stub.licensing.services import cases, contests, coverage, forks
from server_stub.licensing.services.binding import active_binding, end_binding
from server_stub.licensing.services.cases import LiveCases
from server_stub.licensing.services.order import require_order
from server_stub.licensing.services.refusals import Refused
from server_stub.licensing.services.turn import Outcome, Turn

_DENIED = frozenset({CaseState.DECLINED.value, CaseState.CANCELLED.value})


def release(turn: Turn, request: Release, license: License, proof: documents.License) -> Outcome:
    """Free the license and sign the receipt.

    A proof covers the generation it names, and a newer one where it names the request that was
    given it, or where its store has heard of anything since. A proof older than another device's
    binding gets its receipt and changes nothing. A proof that contradicts a later sign of life, or
    that may be a copy's, is a case, and the same proof under a later sequence frees nothing until
    that case is approved.

    Raises:
        Refused: its sequence was used by another request; or it knows nothing of its own device's
            binding: an old store was put back, and a receipt would tell it that the license is
            free; or the store was lost, and nobody hears of it.
    """
    device = turn.meet_device()
    require_order(turn, device)
    covered = _bound_here(request, license, device)
    if covered is None:
        forks.give_up(turn, request, license, device)
    elif not _covers(turn, request, covered):
        raise Refused(RefusalCode.OLDER_THAN_BINDING, device.last_sequence)
    elif (case := _needs_case(turn, request, device, covered, proof)) is not None:
        return cases.answer_again(turn, case)
    else:
        live = LiveCases.of(license, device)
        _free(turn, request, license, covered)
        cases.settle(turn, live, by="release")
    device.covered_sequence = max(device.covered_sequence, request.sequence)
    return _receipt(turn, request, license, covered)


def _needs_case(
    turn: Turn, request: Release, device: Device, covered: Binding, proof: documents.License
) -> Case | None:
    """The case that must be decided before this proof frees what it covers; None if none must.

    Where another home of this key contests the binding, that is the case, and it is not taken back
    by a proof of the home that renewed: whose license it is, people decide first.
    """
    license = covered.license
    contest = contests.contest_of(license, device)
    if contest is not None and contest.state == CaseState.OPEN.value:
        contests.note_proof(contest, request.reactivation_code)
        return contest
    live = LiveCases.of(license, device).without(contest)
    told = cases.about_proof(license, device, request.reactivation_code)
    is_outdated = told is not None and told.generation != license.generation
    is_denied = told is not None and told.state in _DENIED
    may_ask_again = is_outdated or (is_denied and live.open is None)
    if told is not None and not may_ask_again:
        return told if told.state != CaseState.APPROVED.value else None
    if told is None and not _is_contradicted(request, device, covered):
        return None
    if live.open is not None and _has_proved_often(license, device):
        return live.open
    evidence: dict[str, object] = {
        "generation": proof.generation,
        "sequence": request.sequence,
        "proof": turn.signed.digest,
        "reactivation_code": request.reactivation_code,
    }
    # Who gives back waits for nothing else; but what was approved may be another home's, that runs.
    others = live.without(live.open).without(live.approval)
    return cases.ensure(turn, others, CaseKind.FORK, evidence)


def _has_proved_often(license: License, device: Device) -> bool:
    """Whether this key opened so many cases by its proofs that the next waits for the open one."""
    proofs = license.cases.filter(IS_PROOF, device=device, generation=license.generation)
    return proofs.count() >= contests.MOST_PROOFS


def _is_contradicted(request: Release, device: Device, covered: Binding) -> bool:
    """Whether it may be a copy's, or something later says that the license still runs."""
    license = covered.license
    return (
        device.must_renew
        or forks.is_contested(license, covered.device_id)
        or contests.has_met_contest(license, device, request.reactivation_code)
        or _is_of_before_a_decision(request, device, covered)
        or _was_in_use_since(request, covered)
        or _is_of_another_store(request, covered, device)
    )


def _is_of_before_a_decision(request: Release, device: Device, covered: Binding) -> bool:
    """Whether people decided since for a home of this key, and the proof may be another home's.

    That it has heard of the newer binding says nothing: so may every home of the key. The home
    that was decided for names the document it was given, or the request that was given it.
    """
    decided = Case.objects.filter(
        IS_CONTEST,
        license_id=covered.license_id,
        device=device,
        evidence__generation__gte=request.generation,
        spent_at__isnull=False,
    )
    return not forks.was_made_by(request.takes_back, covered) and decided.exists()


def _bound_here(request: Release, license: License, device: Device) -> Binding | None:
    """The binding that stands, if it is this device's, or its heir's who never heard of it.

    One store counts for both keys: a renewal whose answer was lost is over with the release. Not
    where another home contests that renewal, and it is the one that gives back.
    """
    binding = active_binding(license)
    if binding is None or binding.device_id == device.device_id:
        return binding
    if binding.device_id not in forks.heirs_of(device) or binding.sequence >= request.sequence:
        return None
    since = license.bindings.filter(device_id=binding.device_id, in_use_sequence__gt=0)
    if since.exists() or contests.is_given_up(request, license, device):
        return None
    return binding


def _is_of_another_store(request: Release, binding: Binding, device: Device) -> bool:
    """Whether an heir's binding may be a copy's: the two requests knew of different answers.

    A renewal and the release after it, from one store whose renewal was never answered, know of
    the same one.
    """
    if binding.device_id == device.device_id:
        return False
    asked = forks.exchange_of(binding)
    renewal = open_request(bytes(asked.request)).request if asked else None
    return renewal is None or renewal.last_answer != request.last_answer


def _covers(turn: Turn, request: Release, binding: Binding) -> bool:
    """Whether this proof speaks of the binding that stands: names it, or was signed after it.

    A later number alone says nothing: a store begun anew counts from one again, and what it runs
    outlives a proof of the store before.
    """
    if binding.generation == request.generation:
        return True
    return binding.sequence < request.sequence and _knows_of(turn, request, binding)


def _knows_of(turn: Turn, request: Release, binding: Binding) -> bool:
    """Whether its store asked for the binding, or has heard what was answered since."""
    if forks.was_made_by(request.takes_back, binding):
        return True
    # Refused ones too: what was shown and learnt was made by no request that is known.
    asked = Exchange.objects.filter(device_id=binding.device_id, sequence=binding.sequence)
    return not asked.filter(audit_id__gt=turn.acknowledged).exists()


def _was_in_use_since(request: Release, covered: Binding) -> bool:
    """Whether an accepted request of a later sequence showed what this proof says is gone."""
    return Binding.objects.filter(
        license_id=covered.license_id,
        device_id=covered.device_id,
        generation__gte=request.generation,
        in_use_sequence__gte=request.sequence,
    ).exists()


def _free(turn: Turn, request: Release, license: License, binding: Binding) -> None:
    license.released_drifted = _has_drifted(turn, request, license, binding)
    license.reactivation_hash = request.reactivation_code
    license.last_device_id = binding.device_id
    license.save()
    told = fingerprints.remembered(binding, request)
    binding.last_statuses = {name: status.value for name, status in told.items()}
    end_binding(turn, binding, BindingState.RELEASED)


def _has_drifted(turn: Turn, request: Release, license: License, binding: Binding) -> bool:
    """Whether it proves a change that nobody was told of: a release washes none clean (§7)."""
    policy = fingerprints.read_policy(license.policy)
    told = fingerprints.as_released(binding, request, policy)
    drifted = told.counts_as_drift(policy)
    return drifted and not coverage.covers_release(turn, license, told)


def _receipt(turn: Turn, request: Release, license: License, covered: Binding | None) -> Outcome:
    freed = (covered.generation,) if covered else ()
    generation = max((request.generation, *freed))
    answer = documents.Receipt(
        **turn.head(generation),
        license_id=LicenseId(license.license_id),
        proof=turn.signed.digest,
        covered_sequence=request.sequence,
        reactivation_code=request.reactivation_code,
        freed=freed,
    )
    document = turn.sign(answer)
    Receipt.objects.create(
        license=license,
        device_id=turn.signed.device,
        generation=generation,
        freed=list(freed),
        reason=request.reason.value,
        proof=turn.signed.digest,
        document=document,
        audit_index=turn.journal.next_index,
        created_at=turn.now,
    )
    return Outcome(document, "answered-receipt", license.license_id)
