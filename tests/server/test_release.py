"""Release: a proof frees the license, once, and never against a later sign of life (§3, §5)."""

from typing import NoReturn

import pytest

from protocol import codes, envelope
from protocol.documents import Case, License, Refusal, Truth
from protocol.keys import Es256Key
from protocol.problems import KeyRevoked
from protocol.values import CaseKind, Standing
from server_stub.licensing.signer import new_document_key
from tests.server.conftest import Office
from tests.server.devices import Device, digest, new_request_id
from tests.server.receipts import active_generations, receipt


def test_a_proof_frees_the_license(office: Office, device: Device, document: bytes) -> None:
    request = device.release(document, code="FGR-a")
    answer = receipt(office, request)
    assert (answer.generation, answer.freed, answer.covered_sequence) == (1, (1,), 2)
    assert answer.proof == envelope.open_request(request).digest
    assert answer.reactivation_code == codes.code_hash("FGR-a")
    assert active_generations() == []


def test_a_late_double_of_a_release_gets_the_same_receipt(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    request = device.release(document)
    first = office.answer_bytes(request)
    office.bound(device, license_key)
    assert office.answer_bytes(request) == first
    assert active_generations() == [2]


def test_an_older_proof_gets_its_receipt_and_changes_nothing(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    from server_stub.licensing.models import License as Row

    receipt(office, device.release(document, code="FGR-a"))
    again = receipt(office, device.release(document, code="FGR-b"))
    assert (again.generation, again.freed) == (1, ())
    assert Row.objects.get().reactivation_hash == codes.code_hash("FGR-a")
    taker = office.device("new")
    office.bound(taker, license_key, code="FGR-a")
    assert receipt(office, device.release(document)).freed == ()
    assert active_generations() == [2]


def test_a_proof_frees_a_generation_given_for_an_earlier_request(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    rebind = device.activate(license_key)
    release = device.release(document)
    assert isinstance(office.answer(rebind), License)
    answer = receipt(office, release)
    assert (answer.generation, answer.freed) == (2, (2,))
    assert active_generations() == []


def test_a_binding_of_a_later_request_is_untouched_by_an_old_proof(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    release = device.release(document)
    office.bound(device, license_key)
    answer = office.answer(release)
    # No receipt: its device, on an old store, would call a license free that is bound to it.
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.last_sequence) == ("older-than-binding", 3)
    assert active_generations() == [2]
    again = device.release(
        document, last_answer=digest(office.answer_bytes(release)), takes_back=None
    )
    assert receipt(office, again).freed == (2,)


class TestALostStore:
    """Its proof is under way; the device's key lay beside it, and is bound anew."""

    @pytest.fixture
    def late(self, office: Office, device: Device, document: bytes, license_key: str) -> bytes:
        device.check_in(document)
        proof = device.release(document, last_answer=digest(document), takes_back=None)
        office.bound(device, license_key, sequence=2)
        return proof

    def test_its_late_proof_frees_nothing_that_runs(self, office: Office, late: bytes) -> None:
        answer = office.answer(late)
        assert isinstance(answer, Refusal)
        assert (answer.code, answer.last_sequence) == ("older-than-binding", 2)
        assert active_generations() == [2]

    def test_the_store_that_runs_goes_on_and_gives_back(
        self, office: Office, device: Device, late: bytes
    ) -> None:
        from server_stub.licensing.models import Binding

        office.answer(late)
        running = bytes(Binding.objects.get(generation=2).document)
        truth = office.answer(device.check_in(running, sequence=3, last_answer=digest(running)))
        assert isinstance(truth, Truth)
        assert (truth.held, truth.renew_key) == (True, False)
        assert receipt(office, device.release(running)).freed == (2,)

    def test_a_number_above_names_no_request_that_bound(
        self, office: Office, device: Device, document: bytes, late: bytes
    ) -> None:
        del late
        other = device.release(document, sequence=9, takes_back=new_request_id())
        assert office.code(other) == "older-than-binding"
        assert active_generations() == [2]


def test_an_answer_of_before_the_binding_is_no_word_of_it(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    heard = office.answer_bytes(device.check_in(document))
    office.bound(device, license_key)
    proof = device.release(document, last_answer=digest(heard), takes_back=None)
    assert office.code(proof) == "older-than-binding"
    assert active_generations() == [2]


def test_a_proof_frees_the_license_whatever_became_of_its_documents_key(
    office: Office, device: Device, document: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def revoked(*_: object) -> NoReturn:
        raise KeyRevoked("revoked while the proof was on its way")

    genuine = envelope.open_license(document, office.server.trust)
    forged = envelope.sign_answer(genuine, Es256Key(new_document_key()))
    monkeypatch.setattr(envelope, "open_license", revoked)
    assert office.code(device.release(forged)) == "document-invalid"
    assert office.code(device.check_in(document)) == "document-invalid"
    assert office.code(office.device("s").release(document)) == "document-invalid"
    assert receipt(office, device.release(document)).freed == (1,)
    assert active_generations() == []


def test_what_a_release_covers_is_refused_when_it_arrives_late(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    activate, check_in = device.activate(license_key), device.check_in(document)
    receipt(office, device.release(document))
    for late in (activate, check_in, activate):
        answer = office.answer(late)
        assert isinstance(answer, Refusal)
        assert (answer.code, answer.last_sequence) == ("sequence-covered", 4)
    assert active_generations() == []


def test_an_old_proof_is_valid_even_when_covered(
    office: Office, device: Device, document: bytes
) -> None:
    # Two licenses on one machine: the release of one must not lose the proof of the other.
    other = office.bound(device, office.issue().license_key)
    first, second = device.release(document), device.release(other)
    assert receipt(office, second).freed == (1,)
    assert receipt(office, first).freed == (1,)
    assert active_generations() == []


def test_a_later_sign_of_life_turns_the_proof_into_a_case(
    office: Office, device: Device, document: bytes
) -> None:
    release = device.release(document)
    office.answer(device.check_in(document))
    answer = office.answer(release)
    assert isinstance(answer, Case)
    assert answer.case.kind is CaseKind.FORK
    assert active_generations() == [1]


def test_a_sign_of_life_of_the_generation_before_counts_too(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    office.bound(device, license_key)
    release = device.release(document)
    office.answer(device.check_in(document))
    assert office.code(release) == "case+jws"
    assert active_generations() == [2]


def test_an_earlier_sign_of_life_does_no_harm(
    office: Office, device: Device, document: bytes
) -> None:
    office.answer(device.check_in(document))
    assert receipt(office, device.release(document)).freed == (1,)


def test_a_later_check_in_that_shows_no_use_does_no_harm(
    office: Office, device: Device, document: bytes
) -> None:
    release = device.release(document)
    office.answer(device.check_in(document, Standing.RELEASING))
    assert receipt(office, release).freed == (1,)


def test_another_devices_document_is_no_proof(office: Office, document: bytes) -> None:
    from server_stub.licensing.models import Device as Row

    stranger = office.device("s")
    assert office.code(stranger.release(document)) == "device-mismatch"
    assert not Row.objects.filter(device_id=stranger.id).exists()
    assert active_generations() == [1]


def test_a_forged_or_misnumbered_document_is_no_proof(
    office: Office, device: Device, document: bytes
) -> None:
    genuine = envelope.open_license(document, office.server.trust)
    forged = envelope.sign_answer(genuine, Es256Key(new_document_key()))
    assert office.code(device.release(forged)) == "document-invalid"
    assert office.code(device.release(document, generation=7)) == "document-invalid"
    assert office.code(device.check_in(forged)) == "document-invalid"
    assert office.code(office.device("s").release(forged)) == "document-invalid"
    assert active_generations() == [1]


def test_a_refused_release_stays_refused(office: Office, device: Device, document: bytes) -> None:
    request = device.release(document, generation=7)
    assert office.answer_bytes(request) == office.answer_bytes(request)


def test_a_license_that_the_books_lost_is_unknown(
    office: Office, device: Device, document: bytes
) -> None:
    from server_stub.licensing.models import Binding
    from server_stub.licensing.models import License as Row

    Binding.objects.all().delete()
    Row.objects.all().delete()
    assert office.code(device.release(document)) == "license-unknown"
    assert office.code(device.check_in(document)) == "license-unknown"


def test_a_used_sequence_is_refused_and_suspected(
    office: Office, device: Device, document: bytes
) -> None:
    from server_stub.licensing.models import AuditEntry

    office.answer(device.check_in(document))
    answer = office.answer(device.release(document, sequence=2, last_answer=digest(document)))
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.last_sequence) == ("sequence-used", 2)
    assert AuditEntry.objects.filter(event="fork-suspected").count() == 1
    assert active_generations() == [1]


def test_an_activate_older_than_the_binding_is_refused(
    office: Office, device: Device, license_key: str
) -> None:
    early = device.activate(license_key)
    office.bound(device, license_key)
    answer = office.answer(early)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.last_sequence) == ("older-than-binding", 2)
    assert active_generations() == [1]


def test_the_license_goes_round_many_machines_and_comes_back(office: Office) -> None:
    issued = office.issue()
    code = None
    for turn in range(1, 6):
        holder = office.device(f"machine-{turn}")
        document = office.bound(holder, issued.license_key, code=code)
        truth = office.answer(holder.check_in(document))
        assert isinstance(truth, Truth)
        assert (truth.held, truth.generation) == (True, turn)
        code = f"FGR-{turn}"
        assert receipt(office, holder.release(document, code=code)).freed == (turn,)
