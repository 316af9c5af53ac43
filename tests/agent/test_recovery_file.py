"""The recovery file: sealed, and opened by its passphrase alone (§7)."""

import msgspec
import pytest

from agent.errors import RecoveryRefused
from agent.identity import new_identity
from agent.recovery import LARGEST_FILE, Cost, Recovery, seal, unseal
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY

PASSPHRASE = "correct horse battery"
CHEAP = Cost(log_n=14)
HEADER_BYTES = len(b"faragostar-man recovery 1\n") + 3 + 16 + 12


def recovery_of(world: World, **changes: object) -> Recovery:
    return msgspec.structs.replace(world.agent.recovery(), **changes)


@pytest.fixture
def sealed(active: World) -> bytes:
    return seal(active.agent.recovery(), PASSPHRASE, CHEAP)


def test_what_was_sealed_opens_with_its_passphrase_alone(active: World, sealed: bytes) -> None:
    found = unseal(sealed, PASSPHRASE)
    assert found.identity == active.machine.identity
    assert found.high_water == active.state.high_water
    assert found.sequence == active.state.sequence
    assert [key.license_key for key in found.license_keys] == [LICENSE_KEY]
    for wrong in ("", PASSPHRASE + " ", PASSPHRASE.upper()):
        with pytest.raises(RecoveryRefused) as refusal:
            unseal(sealed, wrong)
        assert refusal.value.text_code == "recovery-file-refused"


def test_one_passphrase_has_one_spelling(active: World) -> None:
    recovery = active.agent.recovery()
    assert unseal(seal(recovery, "caf\u00e9 caf\u00e9", CHEAP), "cafe\u0301 cafe\u0301") == recovery


def test_nothing_of_it_can_be_read_and_no_license_document_is_in_it(
    active: World, sealed: bytes
) -> None:
    for secret in (LICENSE_KEY.encode(), active.machine.identity.salt, b"device_seed"):
        assert secret not in sealed
    with active.machine.store.reading() as memory:
        document = memory.license_document
    assert document is not None
    assert document not in msgspec.json.encode(active.agent.recovery())
    assert repr(active.agent.recovery()) == "Recovery(…)"


def test_every_changed_byte_is_refused(sealed: bytes) -> None:
    cheap_to_try = [*range(HEADER_BYTES - 28, HEADER_BYTES + 4), len(sealed) // 2, len(sealed) - 1]
    for place in cheap_to_try:
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(RecoveryRefused):
            unseal(bytes(changed), PASSPHRASE)


@pytest.mark.parametrize("size", [0, 5, HEADER_BYTES - 1, HEADER_BYTES, -1])
def test_a_shortened_file_is_refused(sealed: bytes, size: int) -> None:
    with pytest.raises(RecoveryRefused):
        unseal(sealed[:size], PASSPHRASE)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "recovery-file-unknown"),
        (b"PK\3\4 a document of an office", "recovery-file-unknown"),
        (b"faragostar-man recovery 2\n" + b"x" * 99, "recovery-file-newer"),
        (b"faragostar-man recovery 1\n" + b"x" * LARGEST_FILE, "recovery-file-refused"),
    ],
)
def test_other_files_are_named(content: bytes, code: str) -> None:
    with pytest.raises(RecoveryRefused) as refusal:
        unseal(content, PASSPHRASE)
    assert refusal.value.text_code == code


@pytest.mark.parametrize("cost", [(13, 8, 1), (21, 8, 1), (63, 8, 1), (14, 9, 1), (14, 8, 5)])
def test_a_cost_out_of_bounds_is_refused_before_anything_is_derived(
    sealed: bytes, cost: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.recovery._key", lambda *_: pytest.fail("a key was derived"))
    place = HEADER_BYTES - 31
    forged = sealed[:place] + bytes(cost) + sealed[place + 3 :]
    with pytest.raises(RecoveryRefused):
        unseal(forged, PASSPHRASE)


@pytest.mark.parametrize("part", ["seed", "roots", "name"])
def test_what_is_sealed_must_be_whole(active: World, part: str) -> None:
    identity = active.machine.identity
    changes: dict[str, dict[str, object]] = {
        "seed": {"identity": msgspec.structs.replace(identity, device_seed=b"short")},
        "roots": {"roots": b"\n\n"},
        "name": {"identity": msgspec.structs.replace(identity, device=new_identity().device)},
    }
    odd = seal(recovery_of(active, **changes[part]), PASSPHRASE, CHEAP)
    with pytest.raises(RecoveryRefused):
        unseal(odd, PASSPHRASE)


def test_sealed_bytes_that_are_no_recovery_are_refused(active: World) -> None:
    class Other(msgspec.Struct):
        x: int = 1

    odd = seal(Other(), PASSPHRASE, CHEAP)  # type: ignore[arg-type]  # a fault, injected
    with pytest.raises(RecoveryRefused):
        unseal(odd, PASSPHRASE)
    assert active.agent.status().usable
