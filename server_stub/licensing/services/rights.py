"""Who may take a license: the claim alone, the previous device, a code, or an approval (§3, §5).

Reads, and changes nothing.
"""

from typing import NamedTuple

from protocol import codes
from protocol.documents import Activate
from protocol.problems import RefusalCode
from protocol.values import CaseKind, DeviceId, Digest, Fingerprint
from server_stub.licensing import fingerprints
from server_stub.licensing.models import Binding, Case, Device, License
from server_stub.licensing.services import coverage
from server_stub.licensing.services.cases import LiveCases
from server_stub.licensing.services.papers import SignedPaper
from server_stub.licensing.services.refusals import Refused
from server_stub.licensing.services.turn import Turn


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

    @property
    def proven_generation(self) -> int:
        """The highest generation that we know of or have signed; a bare number proves nothing."""
        return max(self.license.generation, self.shown.generation if self.shown else 0)

    @property
    def is_own_rebind(self) -> bool:
        """Whether the license is bound to the very device that asks."""
        return self.current is not None and self.current.device_id == self.device.device_id


def decide(application: Application) -> MayBind | NeedsCase:
    """May this device be bound, or must staff decide?

    Raises:
        Refused: a wrong reactivation code.
    """
    if application.cases.is_reserved_for_another:
        return NeedsCase(CaseKind.BOUND_ELSEWHERE, {"reserved": True})
    approval = application.cases.approval
    if approval is not None and application.request.case_id == approval.pk:
        return MayBind(application.request.fingerprint, approval)
    if application.current is None:
        return _decide_free(application)
    if application.is_own_rebind:
        return _decide_rebind(application, application.current)
    return NeedsCase(CaseKind.BOUND_ELSEWHERE, {"bound": application.current.generation})


def _decide_free(application: Application) -> MayBind | NeedsCase:
    license, request = application.license, application.request
    previous = _previous_device(application)
    if previous is None:
        return MayBind(request.fingerprint)
    if application.device.device_id != previous:
        if request.code_proof is None:
            return NeedsCase(CaseKind.RIGHT_MISSING, {})
        if not _proves_code(license, request, application.device):
            raise Refused(RefusalCode.CODE_WRONG)
    if license.released_drifted:
        return NeedsCase(CaseKind.CHANGED, {"released_drifted": True})
    return MayBind(request.fingerprint)


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
