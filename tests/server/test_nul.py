"""U+0000: a device may sign it, SQLite would keep it, PostgreSQL has no place for it."""

from typing import Any

import msgspec
import pytest

from protocol.documents import License, Receipt, Refusal, Truth
from protocol.values import ComponentStatus
from server_stub import cli
from server_stub.home import Home
from server_stub.licensing.models import Customer, Exchange, Window
from tests.server.command import Server
from tests.server.conftest import Office
from tests.server.devices import Device, machine

NUL = "a\x00b"
NOW = 1_800_000_000
SOON = {"starts_at": NOW + 3600, "ends_at": NOW + 7200}


def refusal(office: Office, raw: bytes) -> str:
    answer = office.answer(raw)
    assert isinstance(answer, Refusal), answer
    assert office.answer(raw) == answer
    return answer.code


@pytest.mark.parametrize(
    "said", [{"reason": NUL}, {"contact": NUL}, {"agent_version": NUL}, {"scope": (NUL,)}]
)
def test_a_notice_that_says_it_is_refused_on_the_record(
    office: Office, device: Device, document: bytes, said: dict[str, Any]
) -> None:
    assert refusal(office, device.notice(document, **SOON, **said)) == "document-invalid"
    assert Window.objects.count() == 0
    assert Exchange.objects.filter(accepted=False).count() == 1


def test_six_letters_that_look_like_it_are_letters(
    office: Office, device: Device, document: bytes
) -> None:
    office.answer(device.notice(document, **SOON, reason="\\u0000", contact="\\\\u0000"))
    assert Window.objects.get().reason == "\\u0000"


def test_a_key_of_a_table_may_not_hide_it(office: Office, device: Device, document: bytes) -> None:
    statuses = {NUL: ComponentStatus.SAME}
    assert refusal(office, device.check_in(document, statuses=statuses)) == "document-invalid"
    raw = device.release(document, statuses=statuses)
    assert refusal(office, raw) == "document-invalid"
    raw = device.release(document, reactivation_code="\x00" * 43)
    assert refusal(office, raw) == "document-invalid"
    parts = machine().components
    hidden = msgspec.structs.replace(machine(), components={**parts, NUL: parts["cpu"]})
    raw = device.notice(document, **SOON, fingerprint=hidden)
    assert refusal(office, raw) == "document-invalid"
    assert isinstance(office.answer(device.check_in(document)), Truth)


def test_a_strangers_leaves_no_trace(office: Office, license_key: str) -> None:
    stranger = office.device("stranger")
    raw = stranger.activate(license_key, agreement_key="\x00" * 43)
    assert refusal(office, raw) == "document-invalid"
    assert Exchange.objects.count() == 0
    assert isinstance(office.answer(stranger.activate(license_key)), License)


def test_a_proof_is_not_refused_for_its_note(
    office: Office, device: Device, document: bytes
) -> None:
    assert isinstance(office.answer(device.release(document, note=NUL)), Receipt)


@pytest.mark.parametrize("name", [NUL, "\udc80"])
def test_the_command_line_takes_text_alone(
    home: Home, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--home", str(home.path), "customer", "add", name])
    assert ended.value.code == 2
    assert "UTF-8" in capsys.readouterr().err
    assert Customer.objects.count() == 0


def test_the_command_line_takes_no_number_that_a_document_cannot_hold(founded: Server) -> None:
    assert founded("customer", "add", "Alborz").code == 0
    assert founded("issue", "--customer", "Alborz", "--seats", str(2**53)).code == 2
    assert founded("issue", "--customer", "Alborz", "--seats", str(2**53 - 1)).code == 0
