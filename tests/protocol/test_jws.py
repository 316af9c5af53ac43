"""One envelope: made only if it can be opened, opened only in its one spelling."""

import msgspec
import pytest

from protocol import jws
from protocol.documents import License
from protocol.encoding import canonical
from protocol.envelope import open_license, sign_answer, sign_request
from protocol.problems import (
    AlgorithmRefused,
    BadSignature,
    NotTheSchema,
    ProtocolError,
    TooDeep,
    TooLarge,
    WrongType,
)
from protocol.trust import KeyUse, Trust
from protocol.values import Document
from tests.protocol.samples import ANSWERS, DEVICE_KEY, LICENSE, REQUESTS
from tests.protocol.world import (
    DOCUMENT_ED25519_KEY,
    DOCUMENT_KEY,
    ROOT_1,
    ROOT_A,
    ROOT_B,
    TRUST_1,
    UNKNOWN_KEY,
    make_root,
    record,
    sign_root,
)
from tests.vectors.doors import refusal
from tests.vectors.forge import LICENSE_BYTES, PERMIT_BYTES, REQUEST_BYTES


def test_signing_is_deterministic_and_equal_to_the_forge() -> None:
    assert sign_answer(LICENSE, DOCUMENT_KEY) == LICENSE_BYTES
    assert sign_request(REQUESTS[0], DEVICE_KEY) == REQUEST_BYTES


def test_split_gives_the_parts_and_believes_nothing() -> None:
    envelope = jws.split(LICENSE_BYTES, License.typ)
    assert envelope.kid == DOCUMENT_KEY.public.kid
    assert envelope.digest == jws.digest(LICENSE_BYTES)
    assert envelope.verified_by(DOCUMENT_KEY.public) == canonical(LICENSE)


def test_another_key_verifies_nothing() -> None:
    envelope = jws.split(LICENSE_BYTES)
    with pytest.raises(BadSignature):
        envelope.verified_by(UNKNOWN_KEY.public)
    with pytest.raises(AlgorithmRefused):
        envelope.verified_by(DOCUMENT_ED25519_KEY.public)


def test_another_type_is_refused() -> None:
    with pytest.raises(WrongType):
        jws.split(LICENSE_BYTES, "receipt+jws")


@pytest.mark.parametrize(
    "changes",
    [{"seats": -1}, {"seats": 2**53}, {"support_code": "x" * 201}, {"license_id": "not a UUID"}],
    ids=["negative", "too large", "too long", "no UUID"],
)
def test_license_that_nobody_could_open_is_not_signed(changes: dict[str, object]) -> None:
    with pytest.raises(NotTheSchema):
        sign_answer(msgspec.structs.replace(LICENSE, **changes), DOCUMENT_KEY)


def test_document_over_64_kib_is_not_signed() -> None:
    release = msgspec.structs.replace(REQUESTS[2], license="x" * 64_000)
    with pytest.raises(TooLarge):
        sign_request(release, DEVICE_KEY)


class Nest(Document, frozen=True, kw_only=True):
    inner: "Nest | None" = None
    leaf: bool = False


def test_document_nested_too_deep_is_not_signed() -> None:
    nest = Nest(leaf=True)
    for _ in range(8):
        nest = Nest(inner=nest)
    with pytest.raises(TooDeep):
        jws.sign(nest, "nest+jws", DEVICE_KEY)


# The smallest honest root: bits are flipped one by one.
SMALL_ROOT = sign_root(
    make_root(1, ROOT_A, threshold=1, others=(record(ROOT_B, KeyUse.DOCUMENT),)), ROOT_A
)
SIGNED = {
    **{f"answer {a.typ}": ("answer", sign_answer(a, DOCUMENT_KEY)) for a in ANSWERS},
    **{f"request {type(r).__name__}": ("request", sign_request(r, DEVICE_KEY)) for r in REQUESTS},
    "permit": ("permit", PERMIT_BYTES),
    "license by Ed25519": ("license", sign_answer(LICENSE, DOCUMENT_ED25519_KEY)),
    "root": ("pin", SMALL_ROOT[0]),
}


@pytest.mark.parametrize("name", SIGNED)
def test_every_flipped_bit_is_refused(name: str) -> None:
    door, honest = SIGNED[name]
    assert refusal(door, honest, TRUST_1) is None
    for bit in range(len(honest) * 8):
        flipped = bytearray(honest)
        flipped[bit // 8] ^= 1 << bit % 8
        assert refusal(door, bytes(flipped), TRUST_1), f"bit {bit}"


@pytest.mark.parametrize("name", SIGNED)
def test_every_truncation_and_every_dropped_byte_is_refused(name: str) -> None:
    door, honest = SIGNED[name]
    for position in range(len(honest)):
        shorter = honest[:position]
        without = honest[:position] + honest[position + 1 :]
        assert refusal(door, shorter, TRUST_1), f"first {position} bytes"
        assert refusal(door, without, TRUST_1), f"without byte {position}"


def test_open_license_is_verified_or_raises() -> None:
    assert open_license(LICENSE_BYTES, TRUST_1) == LICENSE
    with pytest.raises(ProtocolError):
        open_license(PERMIT_BYTES, TRUST_1)


def test_pinned_root_signs_nothing_itself() -> None:
    trust = Trust.pin(ROOT_1)
    by_root = jws.sign(LICENSE, License.typ, ROOT_A)
    assert refusal("license", by_root, trust) == "document-unknown-key"
