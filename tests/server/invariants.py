"""What must hold of the server's tables after every step (docs/protocol.md §5, §6)."""

from collections import Counter

from protocol import jws
from server_stub.licensing.audit import chain_faults
from server_stub.licensing.models import (
    AuditEntry,
    Binding,
    Case,
    Device,
    Exchange,
    License,
    Receipt,
    ServerState,
)
from server_stub.licensing.records import spool_faults
from server_stub.licensing.server import SigningServer
from server_stub.licensing.verification import open_as_then


def assert_invariants(server: SigningServer, *, unrecorded: int = 0) -> None:
    """`unrecorded`: exchanges whose evidence a simulated crash kept from being written."""
    server.keyring.catch_up(ServerState.objects.get().root_version)
    for license in License.objects.all():
        _assert_one_binding(license)
    for receipt in Receipt.objects.all():
        _assert_proof_is_stored(receipt)
    _assert_exchanges(server, unrecorded)
    assert list(chain_faults(AuditEntry.objects.order_by("index"), ServerState.objects.get())) == []
    assert list(spool_faults(server.evidence.records())) == []
    cases = Counter(Case.objects.filter(state="open").values_list("license", "device"))
    assert max(cases.values(), default=1) == 1


def _assert_one_binding(license: License) -> None:
    bindings = list(license.bindings.order_by("pk"))
    generations = [binding.generation for binding in bindings]
    assert generations == sorted(set(generations)), "generations only rise"
    assert license.generation >= max(generations, default=0)
    active = [binding for binding in bindings if binding.state == "active"]
    assert len(active) <= 1, "never two"
    assert active in ([], bindings[-1:]), "only the newest generation stands"
    if active:
        assert license.last_device_id == active[0].device_id
    for binding in bindings:
        if binding.state == "released":
            # Its own device's, or the former key's of the same machine.
            keys = {binding.device_id, *_former_keys(binding.device_id)}
            named = Receipt.objects.filter(license=license, device__in=keys)
            assert any(binding.generation in receipt.freed for receipt in named)


def _former_keys(device: str) -> list[str]:
    former = Device.objects.filter(renewed_as=device).first()
    return [] if former is None else [former.device_id, *_former_keys(former.device_id)]


def _assert_proof_is_stored(receipt: Receipt) -> None:
    proof = Exchange.objects.get(audit_id=receipt.audit_index)
    assert (proof.op, proof.request_hash) == ("release", receipt.proof)
    assert bytes(proof.answer) == bytes(receipt.document)
    freed = Binding.objects.filter(license=receipt.license, generation__in=receipt.freed)
    assert all(binding.state == "released" for binding in freed)


def _assert_exchanges(server: SigningServer, unrecorded: int) -> None:
    missing, recorded = 0, server.evidence.newest()
    for exchange in Exchange.objects.select_related("audit"):
        answer = open_as_then(bytes(exchange.answer), server.trust)
        assert answer.audit_index == exchange.audit_id
        assert answer.request_hash == exchange.request_hash == jws.digest(bytes(exchange.request))
        missing += exchange.audit_id > recorded
    assert missing == unrecorded
