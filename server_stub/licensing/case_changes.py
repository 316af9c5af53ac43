"""What changed, as a case's page says it; of a fork, in what the two copies differ.

Reads, and changes nothing. A fork's verdict rests on no change of the bound machine, so its
evidence names none; but who decides between two copies wants to know whether they look alike.
"""

from typing import NamedTuple

from protocol.documents import Activate
from protocol.envelope import open_request
from protocol.values import CaseKind, Fingerprint
from protocol.verdicts import Verdict
from protocol.windows import altered
from server_stub.licensing import fingerprints
from server_stub.licensing.models import Case, Exchange


class Changes(NamedTuple):
    """What differs and counts; `alike` where two copies were compared and nothing does."""

    parts: tuple[str, ...] = ()
    alike: bool = False


def changes_of(case: Case) -> Changes:
    """What the case's device differs in, from the machine that held the license then."""
    told: tuple[str, ...] = tuple(case.evidence.get("changed", ()))
    if told or case.kind != CaseKind.FORK.value:
        return Changes(told)
    held = case.license.bindings.filter(generation=case.generation).first()
    asked = _as_it_asked(case)
    if held is None or held.device_id == case.device_id or asked is None:
        return Changes()
    policy = fingerprints.read_policy(case.license.policy)
    found = fingerprints.compare_with(fingerprints.enrolment_of(held), asked, policy)
    parts = altered(found, policy)
    return Changes(parts, alike=not parts and found.verdict is Verdict.MATCH)


def _as_it_asked(case: Case) -> Fingerprint | None:
    """The case's device as it last showed itself: a former key when it was bound, its heir now."""
    asked = Exchange.objects.filter(
        device=case.device_id, op="activate", accepted=True, audit__license=case.license_id
    )
    newest = asked.order_by("-audit_id").first()
    request = open_request(bytes(newest.request)).request if newest else None
    return request.fingerprint if isinstance(request, Activate) else None
