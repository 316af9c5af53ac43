"""What an attacker's workbench has: envelopes of any bytes, signed by any key.

Deliberately not `protocol.jws`: that one refuses to sign what is wrong.
"""

import base64
import json
from typing import Any, NamedTuple

from protocol.encoding import canonical
from protocol.keys import OkpJwk, SigningKey
from protocol.values import Document
from tests.protocol.samples import ACTIVATE, DEVICE_KEY, LICENSE, PERMIT
from tests.protocol.world import DOCUMENT_KEY

MALFORMED = "document-malformed"
TOO_LARGE = "document-too-large"
TOO_DEEP = "document-too-deep"
WRONG_TYPE = "document-wrong-type"
WRONG_ALGORITHM = "document-wrong-algorithm"
UNKNOWN_KEY = "document-unknown-key"
BAD_SIGNATURE = "document-bad-signature"
NOT_CANONICAL = "document-not-canonical"
FIELDS = "document-wrong-fields"
MISMATCH = "answer-of-another-request"
KEY_REVOKED = "key-revoked"
KEY_RETIRED = "key-retired"
OUT_OF_DATES = "key-out-of-dates"
ROOT_INVALID = "root-invalid"
OUT_OF_ORDER = "root-out-of-order"
THRESHOLD = "root-threshold-not-met"

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Attack(NamedTuple):
    """`code` None: not an attack after all, the bytes must be accepted."""

    door: str
    name: str
    what: str
    raw: bytes
    code: str | None
    trust: str = "root-1"


def encode(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def decode(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))


def spell(value: Any) -> bytes:
    """Canonical JSON of anything, honest or not."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def fields(document: Document) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(canonical(document))
    return values


def jwk_of(key: SigningKey) -> dict[str, str]:
    jwk = key.public.jwk
    if isinstance(jwk, OkpJwk):
        return {"crv": jwk.crv, "kty": "OKP", "x": jwk.x}
    return {"crv": jwk.crv, "kty": "EC", "x": jwk.x, "y": jwk.y}


def header(typ: str, key: SigningKey, /, **changes: Any) -> dict[str, Any]:
    """An honest header, then the attacker's changes; None takes a field away."""
    honest = {"alg": key.public.algorithm.value, "kid": key.public.kid, "typ": typ}
    return {name: v for name, v in (honest | changes).items() if v is not None}


def seal(head: bytes, payload: bytes, key: SigningKey) -> bytes:
    signed = encode(head) + b"." + encode(payload)
    return signed + b"." + encode(key.sign(signed))


def server(payload: bytes, typ: str = "license+jws", key: SigningKey = DOCUMENT_KEY) -> bytes:
    """Any payload under an honest server header."""
    return seal(spell(header(typ, key)), payload, key)


def server_headed(changes: dict[str, Any], key: SigningKey = DOCUMENT_KEY) -> bytes:
    """The honest license under a dishonest header."""
    return seal(spell(header("license+jws", key, **changes)), canonical(LICENSE), key)


def device(payload: bytes, typ: str = "request+jws", key: SigningKey = DEVICE_KEY) -> bytes:
    """Any payload under an honest device header."""
    return seal(spell(header(typ, key, jwk=jwk_of(key))), payload, key)


def device_headed(changes: dict[str, Any], key: SigningKey = DEVICE_KEY) -> bytes:
    """The honest request under a dishonest header."""
    honest = header("request+jws", key, jwk=jwk_of(key))
    changed = {name: v for name, v in (honest | changes).items() if v is not None}
    return seal(spell(changed), canonical(ACTIVATE), key)


def resigned(raw: bytes, signature: bytes) -> bytes:
    return raw.rpartition(b".")[0] + b"." + encode(signature)


LICENSE_BYTES = server(canonical(LICENSE))
REQUEST_BYTES = device(canonical(ACTIVATE))
PERMIT_BYTES = device(canonical(PERMIT), "permit+jws")
