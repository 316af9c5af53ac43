"""A public folder and what stands in it, honest or not; the tables of cases are made of this."""

from typing import Any, NamedTuple

from msgspec.structs import replace

from protocol.envelope import sign_answer, sign_permit
from protocol.exchange import pack_roots
from protocol.jws import digest
from protocol.keys import SigningKey
from protocol.trust import RootSignatures
from protocol.values import Timestamp
from protocol.verifier import Here, PublicCopies, Watch
from tests.protocol.samples import DEVICE_KEY, LICENSE, NOW, PERMIT
from tests.protocol.world import DOCUMENT_KEY, ROOT_1
from tests.vectors.forge import decode, encode

HOUR = 3600
DAY = 24 * HOUR
YEARS = 10 * 8766 * HOUR
TAG = "0123456789abcdef" * 4
PERMIT_SECONDS = 30 * DAY


def at(seconds: int) -> Timestamp:
    return Timestamp(NOW + seconds)


def license(key: SigningKey = DOCUMENT_KEY, **changes: Any) -> bytes:
    return sign_answer(replace(LICENSE, **changes), key)


LICENSE_1 = license()
HONEST = replace(PERMIT, document=digest(LICENSE_1), machine_tag=TAG, expires_at=at(PERMIT_SECONDS))


def permit(document: bytes = LICENSE_1, key: SigningKey = DEVICE_KEY, **changes: Any) -> bytes:
    return sign_permit(replace(HONEST, document=digest(document), **changes), key)


def flipped(raw: bytes, part: int) -> bytes:
    """One bit of a part's decoded bytes is another."""
    parts = raw.split(b".")
    content = bytearray(decode(parts[part]))
    content[len(content) // 2] ^= 1
    parts[part] = encode(bytes(content))
    return b".".join(parts)


def chain(*roots: RootSignatures) -> bytes:
    return pack_roots(roots)


class Case(NamedTuple):
    """`answer` and `reasons` as the application must hear them."""

    answer: str
    copies: PublicCopies
    here: Here
    pin: bytes


def case(
    answer: str,
    *,
    roots: bytes | None = chain(ROOT_1),
    license: bytes | None = LICENSE_1,
    permit: bytes | None = permit(),
    tag: str = TAG,
    now: int = NOW,
    watch: Watch = Watch(),  # noqa: B008 - frozen
    elapsed: int = 0,
    pin: bytes = chain(ROOT_1),
) -> Case:
    return Case(answer, PublicCopies(roots, license, permit), Here(tag, now, watch, elapsed), pin)


def with_license(answer: str, document: bytes, **changes: Any) -> Case:
    """A license and the permit that belongs to it."""
    return case(answer, license=document, permit=permit(document), **changes)
