"""Who may take a license: the claim alone, the previous device, a code, or an approval (§3, §5).

Reads, and changes nothing.
"""

from typing import NamedTuple

from protocol import codes
from protocol.documents import Activate
from protocol.problems import RefusalCode
from protocol.values import CaseKind, CaseState, DeviceId, Digest, Fingerprint
from server_stub.licensing import fingerprints
from server_stub.licensing.models import Binding, Case, Device, License
from server_stub.licensing.services import coverage, forks
from server_stub.licensing.services.cases import LiveCases
from server_stub.licensing.services.papers import SignedPaper
from server_stub.licensing.services.refusals import Refused
from server_stub.licensing.services.turn import Turn

# So many keys may wait for a decision as the heir of one: whoever has a copy can draw more.
MOST_HEIRS = 3


class MayBind(NamedTuple):
    """Bind; `baseline` is the machine as it was last bound in agreement."""

    baseline: Fingerprint
    approval: Case | None = None


class NeedsCase(NamedTuple):
    """Staff must decide."""

    kind: CaseKind
    evidence: dict[str, object]


class Application(NamedTuple):
    """All that a decision depends on."""

    license: License
    current: Binding | None
    device: Device
    request: Activate
    shown: SignedPaper | None
    cases: LiveCases
    turn: Turn
    former: Device | None = None

    @property
    def proven_generation(self) -> int:
        """The highest generation that we know of or have signed; a bare number proves nothing."""
        return max(self.license.generation, self.shown.generation if self.shown else 0)

    @property
    def is_own_rebind(self) -> bool:
        """Whether the license is bound to the very device that asks."""
        return self.current is not None and self.current.device_id == self.device.device_id

    @property
    def is_in_use(self) -> bool:
        """Whether it asks for what it holds, under its own key or the one that takes its place."""
        return self.is_own_rebind or (self.current is not None and self.is_heir)

    @property
    def is_of_the_holder(self) -> bool:
        """Whether who holds it handed over, or a former key of that did, whatever that counts."""
        if self.former is None or self.current is None:
            return False
        return self.current.device_id in {self.former.device_id, *forks.heirs_of(self.former)}

    @property
    def is_heir(self) -> bool:
        """Whether a handover that counts names this device, of whoever holds or held it last."""
        holder = self.current.device_id if self.current else self.license.last_device_id
        return (
            self.former is not None
            and holder in {None, self.former.device_id}
            and forks.may_hand_over(self.license, self.former, self.device)
        )


def decide(application: Application) -> MayBind | NeedsCase:
    """May this device be bound, or must staff decide?

    Raises:
        Refused: a wrong reactivation code, or one heir of a key after another.
    """
    approval = application.cases.approval
    if approval is not None and application.request.case_id == approval.pk:
        return MayBind(application.request.fingerprint, approval)
    if _shows_a_wrong_code(application):
        raise Refused(RefusalCode.CODE_WRONG)
    if application.cases.is_reserved_for_another:
        return _decide_reserved(application)
    if application.current is None:
        return _decide_free(application)
    if application.is_in_use:
        return _decide_same_machine(application, application.current)
    if application.former is not None and application.is_of_the_holder:
        return _forked(application, application.former, {})
    return NeedsCase(CaseKind.BOUND_ELSEWHERE, {"bound": application.current.generation})


def _decide_reserved(application: Application) -> NeedsCase:
    """Another device was approved; it may be the former key of this one, which cannot use that."""
    evidence: dict[str, object] = {"reserved": True}
    if application.former is not None and application.is_heir:
        return _forked(application, application.former, evidence)
    return NeedsCase(CaseKind.BOUND_ELSEWHERE, evidence)


def _decide_free(application: Application) -> MayBind | NeedsCase:
    license, request = application.license, application.request
    previous = _previous_device(application)
    if previous is None:
        return MayBind(request.fingerprint)
    is_entitled = application.device.device_id == previous or application.is_heir
    if not is_entitled and request.code_proof is None:
        return NeedsCase(CaseKind.RIGHT_MISSING, {})
    if license.released_drifted:
        return NeedsCase(CaseKind.CHANGED, {"released_drifted": True})
    return MayBind(request.fingerprint)


def _shows_a_wrong_code(application: Application) -> bool:
    """Whether it stands on a code alone, and the code is none of the last release.

    Bound or free, the answer is the same: whoever found a license key learns nothing by guessing.
    """
    previous, device = _previous_device(application), application.device
    holder = application.current.device_id if application.current else previous
    if holder is None or device.device_id in {holder, previous} or application.is_heir:
        return False
    shown = application.request.code_proof is not None
    return shown and not _proves_code(application.license, application.request, device)


def _previous_device(application: Application) -> str | None:
    """Who held the license last; None for one that nobody ever held.

    A paper newer than our own books (after a restore) says it better than they do.
    """
    license, shown = application.license, application.shown
    if shown is not None and shown.generation > license.generation:
        return shown.device
    return license.last_device_id


def _proves_code(license: License, request: Activate, device: Device) -> bool:
    if not license.reactivation_hash or request.code_proof is None:
        return False
    stored = Digest(license.reactivation_hash)
    return codes.is_proof(
        request.code_proof, stored, DeviceId(device.device_id), request.request_id
    )


def _decide_same_machine(application: Application, current: Binding) -> MayBind | NeedsCase:
    """The device that holds it asks anew, or under the key that takes its place."""
    former = application.former if application.is_heir else None
    if forks.is_contested(application.license, current.device_id):
        return NeedsCase(CaseKind.FORK, {"contested": True})
    if former is not None and forks.is_second(former):
        return _forked(application, former, {"forked_before": former.forked_before})
    decision = _decide_rebind(application, current)
    if isinstance(decision, NeedsCase) and former is not None:
        # It may be a copy on another machine: the one that runs keeps its binding.
        return _forked(application, former, decision.evidence)
    return decision


def _forked(application: Application, former: Device, evidence: dict[str, object]) -> NeedsCase:
    """Staff must decide about this heir of a key.

    Raises:
        Refused: whoever has that key names one heir after another.
    """
    others = [
        case
        for case in application.cases.cases
        if case.device_id != application.device.device_id
        and case.state == CaseState.OPEN.value
        and case.evidence.get("handed_over_by") == former.device_id
    ]
    if len(others) >= MOST_HEIRS:
        raise Refused(RefusalCode.TOO_MANY_CASES)
    return NeedsCase(CaseKind.FORK, {**evidence, "handed_over_by": former.device_id})


def _decide_rebind(application: Application, current: Binding) -> MayBind | NeedsCase:
    policy = fingerprints.read_policy(application.license.policy)
    enrolment = fingerprints.enrolment_of(current)
    now = application.request.fingerprint
    comparison = fingerprints.compare_with(enrolment, now, policy)
    kind = fingerprints.objection(enrolment, now, policy, comparison)
    if coverage.covers_rebind(application.turn, application.license, comparison, now):
        return MayBind(now)
    if kind is None:
        return MayBind(enrolment.baseline)
    evidence: dict[str, object] = {
        "verdict": comparison.verdict.value,
        "rule": comparison.rule.value,
        "score": comparison.score,
        "coverage": comparison.coverage,
        "os": comparison.os.value,
        "statuses": {name: status.value for name, status in comparison.statuses.items()},
    }
    if application.request.drift is not None:
        evidence["last_match"] = application.request.drift.last_match
        evidence["first_difference"] = application.request.drift.first_difference
    return NeedsCase(kind, evidence)
