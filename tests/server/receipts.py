"""Receipts, and the bindings that they leave."""

from protocol.documents import Receipt
from tests.server.conftest import Office


def receipt(office: Office, raw: bytes) -> Receipt:
    answer = office.answer(raw)
    assert isinstance(answer, Receipt), answer
    return answer


def active_generations() -> list[int]:
    from server_stub.licensing.models import Binding

    return [binding.generation for binding in Binding.objects.filter(state="active")]
