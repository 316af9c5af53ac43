"""Activate: bind a license to the device that asks, or say who must decide (§3, §5)."""

from protocol import documents
from protocol.documents import Activate
from protocol.encoding import canonical
from protocol.problems import RefusalCode
from protocol.values import LicenseId
from server_stub.licensing import fingerprints
from server_stub.licensing.models import Binding, License
from server_stub.licensing.models.licenses import BindingState
from server_stub.licensing.services import cases, contests, forks, rights
from server_stub.licensing.services.cases import LiveCases
from server_stub.licensing.services.order import require_order
from server_stub.licensing.services.papers import Papers
from server_stub.licensing.services.refusals import Refused
from server_stub.licensing.services.rights import Application, MayBind
from server_stub.licensing.services.turn import Outcome, Turn

_CHANGED_BY_BINDING = ("generation", "reactivation_hash", "last_device", "released_drifted")


def activate(turn: Turn, request: Activate, license: License, papers: Papers) -> Outcome:
    """Bind, or open a case.

    Raises:
        Refused: out of order, suspended, a paper of another license, a wrong code; or the device
            was forked, and must ask under a new key.
    """
    device = turn.meet_device(request.agreement_key)
    require_order(turn, device)
    current = active_binding(license)
    live = _without_proof(LiveCases.of(license, device))
    if (contest := contests.contest_of(license, device)) is not None:
        contests.require_its_home(turn, request, papers.shown, contest, device)
    goes_on = contests.is_decided_for(license, device, request.case_id)
    if device.must_renew and not (goes_on or forks.waits_as_it_is(device)):
        raise Refused(RefusalCode.KEY_RENEWAL_NEEDED)
    former = forks.former_device(papers.former)
    application = Application(license, current, device, request, papers.shown, live, turn, former)
    _require_admissible(application, papers.fault)
    decision = rights.decide(application)
    if isinstance(decision, MayBind):
        _require_not_suspended(application)
        return _bind(turn, application, decision)
    _decide_anew(turn, application)
    return cases.answer_with_case(turn, live, decision.kind, decision.evidence)


def _without_proof(live: LiveCases) -> LiveCases:
    """Leave out an approval to free what this key holds: whoever asks for the license has none."""
    approval = live.approval
    frees = approval is not None and approval.is_proof
    return live.without(approval) if frees else live


def _decide_anew(turn: Turn, application: Application) -> None:
    """End what the holder's key waits for, where that key is to be renewed and its heir asks.

    It could not use an approval, which would only stand in the way of the heir's. Its proof stays.
    """
    former, current = application.former, application.current
    if former is None or current is None or current.device_id != former.device_id:
        return
    if former.must_renew and application.is_heir:
        for case in application.cases.cases:
            if case.device_id == former.device_id and not case.is_proof:
                cases.cancel(turn, case, "its next key")


def active_binding(license: License) -> Binding | None:
    """The one binding that stands."""
    return license.bindings.filter(state=BindingState.ACTIVE).first()


def end_binding(turn: Turn, binding: Binding, state: BindingState) -> None:
    """End a binding and say so in the books."""
    binding.state = state
    binding.ended_at = turn.now
    binding.save(update_fields=["state", "ended_at", "last_statuses"])
    turn.journal.record(
        f"binding-{state.value}",
        license=binding.license_id,
        device=binding.device_id,
        facts={"generation": binding.generation},
    )


def _require_admissible(application: Application, fault: RefusalCode | None) -> None:
    current, request = application.current, application.request
    own = application.is_own_rebind
    if own and current is not None and current.sequence > request.sequence:
        raise Refused(RefusalCode.OLDER_THAN_BINDING, application.device.last_sequence)
    former = application.former
    if former is not None and application.is_heir and request.sequence <= former.covered_sequence:
        # One store counts for both keys: what its release covered must not bind it afterwards.
        raise Refused(RefusalCode.SEQUENCE_COVERED, former.last_sequence)
    if fault is not None:
        raise Refused(fault)
    if application.license.hold:
        raise Refused(RefusalCode.ON_HOLD)
    # Two copies of who holds it must not run on unseen: people may decide, though nobody is bound.
    if not application.is_of_the_holder:
        _require_not_suspended(application)


def _require_not_suspended(application: Application) -> None:
    """A perpetual license in use is never stopped from afar: its own machine may be repaired."""
    if application.license.suspended and not application.is_in_use:
        raise Refused(RefusalCode.LICENSE_SUSPENDED)


def _bind(turn: Turn, application: Application, decision: MayBind) -> Outcome:
    license, device, current = application.license, application.device, application.current
    generation = application.proven_generation + 1
    if application.former is not None and application.is_heir:
        forks.renew(turn, license, application.former, device)
    if decision.approval is not None:
        # Staff decided for this key: though it had handed over, it counts again.
        device.renewed_as = None
    if current is not None:
        own = application.is_own_rebind
        end_binding(turn, current, BindingState.REBOUND if own else BindingState.MOVED)
        if not own:
            # What an earlier release left was used up by the binding that ends here.
            license.reactivation_hash, license.released_drifted = "", False
    cases.settle(turn, application.cases, by="binding")
    cases.outdate(turn, application.cases)
    if (unused := LiveCases.of(license, device).approval) is not None:
        # To free what ends here.
        cases.cancel(turn, unused, "a later binding")
    turn.journal.record(
        "binding-made",
        license=license.license_id,
        device=device.device_id,
        facts={"generation": generation, "sequence": application.request.sequence},
    )
    license.generation = generation
    license.last_device_id = device.device_id
    license.save(update_fields=_CHANGED_BY_BINDING)
    document = turn.sign(_document(turn, application, decision, generation))
    Binding.objects.create(
        license=license,
        generation=generation,
        device_id=device.device_id,
        sequence=application.request.sequence,
        document=document,
        fingerprint=canonical(application.request.fingerprint),
        baseline=canonical(decision.baseline),
        created_at=turn.now,
    )
    return Outcome(document, "answered-license", license.license_id)


def _document(
    turn: Turn, application: Application, decision: MayBind, generation: int
) -> documents.License:
    license, fingerprint = application.license, application.request.fingerprint
    return documents.License(
        **turn.head(generation),
        license_id=LicenseId(license.license_id),
        product=license.product,
        customer=license.customer.name,
        modules=tuple(license.modules),
        seats=license.seats,
        support_code=license.support_code,
        policy=fingerprints.read_policy(license.policy),
        fingerprint=fingerprint,
        warranty_until=license.warranty_until or None,
        baseline=decision.baseline if decision.baseline != fingerprint else None,
    )
