"""I5: nothing is bound without the right of docs/protocol.md §3.

Judged anew from what was signed: the request behind each binding, and who held the license before.
"""

from typing import Any, NamedTuple

from protocol.values import DeviceId
from tests.machine.world import World


class Row(NamedTuple):
    """A binding as the server's table has it."""

    id: int
    license_id: str
    device_id: str
    generation: int
    state: str


def lost_its_books(world: World) -> bool:
    """A server whose both disks were put back cannot know what it signed since."""
    return world.vendor.fell_behind


def assert_has_right(world: World, row: Row, bindings: list[Row]) -> None:
    from protocol.envelope import open_handover
    from server_stub.licensing.models import Binding, Case, Exchange

    binding = Binding.objects.get(pk=row.id)
    request = _request_of(binding, Exchange)
    if request is None:
        assert lost_its_books(world), f"I5: nobody asked for {row}"
        return  # learnt from the document itself, which the server had signed
    before = [other for other in bindings if other.id < row.id]
    # What was taken back before it was held takes nobody's right away.
    earlier = [other for other in before if other.state != "withdrawn"]
    if not earlier or row.device_id in {earlier[-1].device_id, before[-1].device_id}:
        return
    spent = Case.objects.filter(
        pk=request.case_id or 0, device_id=row.device_id, state="approved", spent_at__isnull=False
    )
    if spent.exists():
        return
    if request.handover is not None:
        former = open_handover(request.handover.encode(), DeviceId(row.device_id))
        if former in {other.device_id for other in before}:
            return
    assert earlier[-1].state == "released", f"I5: {row} was taken from a machine that held it"
    assert request.code_proof is not None, f"I5: {row} was bound with no right at all"
    assert _opens(world, request, row), f"I5: {row} was bound with a code that opens nothing"


def _request_of(binding: Any, exchanges: Any) -> Any:
    from protocol.documents import Activate
    from protocol.envelope import open_request

    asked = exchanges.objects.filter(
        device_id=binding.device_id, sequence=binding.sequence, accepted=True
    ).first()
    request = open_request(bytes(asked.request)).request if asked else None
    return request if isinstance(request, Activate) else None


def _opens(world: World, request: Any, row: Row) -> bool:
    """Whether the code was made by some release of this license."""
    from protocol import codes
    from protocol.documents import Receipt as ReceiptDocument
    from protocol.envelope import open_answer
    from server_stub.licensing.models import Receipt

    trust = world.vendor.server.trust
    for receipt in Receipt.objects.filter(license_id=row.license_id):
        opened = open_answer(bytes(receipt.document), trust)
        assert isinstance(opened, ReceiptDocument)
        code = opened.reactivation_code
        if codes.is_proof(request.code_proof, code, DeviceId(row.device_id), request.request_id):
            return True
    return False
