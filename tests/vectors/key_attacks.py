"""Attacks on keys and signatures: whose, when, by which algorithm, of which numbers."""

import hmac
from typing import Any

import msgspec

from protocol.encoding import canonical, sha256
from protocol.keys import SigningKey
from protocol.values import Timestamp
from tests.protocol.samples import (
    ACTIVATE,
    DEVICE_KEY,
    LICENSE,
    OTHER_DEVICE_KEY,
    PERMIT,
    RECEIPT,
    REFUSAL,
)
from tests.protocol.world import (
    DATED_KEY,
    DOCUMENT_ED25519_KEY,
    DOCUMENT_KEY,
    NOT_AFTER,
    NOT_BEFORE,
    RETIRED_AT,
    RETIRED_KEY,
    REVOKED_KEY,
    ROOT_A,
)
from tests.protocol.world import (
    UNKNOWN_KEY as UNKNOWN,
)
from tests.vectors.forge import (
    BAD_SIGNATURE,
    KEY_RETIRED,
    KEY_REVOKED,
    LICENSE_BYTES,
    MALFORMED,
    MISMATCH,
    OUT_OF_DATES,
    P256_ORDER,
    REQUEST_BYTES,
    UNKNOWN_KEY,
    WRONG_ALGORITHM,
    Attack,
    decode,
    device,
    device_headed,
    encode,
    header,
    jwk_of,
    resigned,
    server,
    server_headed,
    spell,
)
from tests.vectors.weak_keys import (
    OFF_CURVE,
    OFF_CURVE_ED25519,
    SMALL_ORDER_DOCUMENT,
    ed25519_jwk,
    weak_points,
)

ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
SIGNATURE = decode(LICENSE_BYTES.rpartition(b".")[2])


def attacks() -> list[Attack]:
    return [*_algorithms(), *_keys(), *_times(), *_signatures(), *_weak(), *_answers()]


def _license(name: str, what: str, raw: bytes, code: str | None, trust: str = "root-1") -> Attack:
    return Attack("license", name, what, raw, code, trust)


def _algorithms() -> list[Attack]:
    claims = ("Ed25519", "EdDSA", "HS256", "RS256", "ES384", "es256", "none", "None", "")
    found = [
        _license(
            f"alg-{alg or 'empty'}-for-es256", "not the record's", _claimed(alg), WRONG_ALGORITHM
        )
        for alg in claims
    ]
    for alg in ("ES256", "EdDSA", "HS256", "Ed448", "none"):
        what = f"{alg} for an Ed25519 key"
        ed25519 = server_headed({"alg": alg}, DOCUMENT_ED25519_KEY)
        found.append(_license(f"alg-{alg}-for-ed25519", what, ed25519, WRONG_ALGORITHM))
        raw = device_headed({"alg": alg})
        found.append(Attack("request", f"alg-{alg}", what, raw, WRONG_ALGORITHM))
    jwk = DOCUMENT_KEY.public.jwk
    secrets = {"jwk": canonical(jwk), "kid": DOCUMENT_KEY.public.kid.encode(), "empty": b""}
    for name, secret in secrets.items():
        what = f"HMAC keyed by the public key: {name}"
        found.append(_license(f"hs256-by-{name}", what, _hmac(secret), WRONG_ALGORITHM))
    found.append(_license("alg-null", "no algorithm", server_headed({"alg": None}), MALFORMED))
    return found


def _claimed(alg: str) -> bytes:
    return server_headed({"alg": alg})


def _hmac(secret: bytes) -> bytes:
    head = spell(header("license+jws", DOCUMENT_KEY, alg="HS256"))
    signed = encode(head) + b"." + encode(canonical(LICENSE))
    return signed + b"." + encode(hmac.digest(secret, signed, "sha256"))


def _by(key: SigningKey, **changes: Any) -> bytes:
    return server(canonical(msgspec.structs.replace(LICENSE, **changes)), key=key)


def _keys() -> list[Attack]:
    impostor = {"kid": DOCUMENT_KEY.public.kid}
    ecdsa_device = device(canonical(ACTIVATE), key=DOCUMENT_KEY)
    permit = device(canonical(PERMIT), "permit+jws", OTHER_DEVICE_KEY)
    in_place = {"jwk": jwk_of(OTHER_DEVICE_KEY), "kid": OTHER_DEVICE_KEY.public.kid}
    return [
        _license(
            "key-ed25519", "the root names an Ed25519 document key", _by(DOCUMENT_ED25519_KEY), None
        ),
        _license("key-unknown", "of no root", _by(UNKNOWN), UNKNOWN_KEY),
        _license(
            "key-impostor", "under a known kid", server_headed(impostor, UNKNOWN), BAD_SIGNATURE
        ),
        _license("key-of-root", "a root key signs a document", _by(ROOT_A), UNKNOWN_KEY),
        _license("key-of-device", "a device signs its license", _by(DEVICE_KEY), UNKNOWN_KEY),
        _license("key-revoked", "verifies nothing", _by(REVOKED_KEY), KEY_REVOKED),
        _license(
            "key-revoked-early",
            "not even what is old",
            _by(REVOKED_KEY, audit_index=1),
            KEY_REVOKED,
        ),
        Attack("request", "key-es256", "device keys are Ed25519", ecdsa_device, WRONG_ALGORITHM),
        Attack(
            "request",
            "key-replaced",
            "not the key that signed",
            device_headed(in_place),
            BAD_SIGNATURE,
        ),
        Attack("permit", "of-another-device", "genuine, not ours", permit, UNKNOWN_KEY),
    ]


def _times() -> list[Attack]:
    early, late = Timestamp(NOT_BEFORE - 1), Timestamp(NOT_AFTER + 1)
    at, after = RETIRED_AT, RETIRED_AT + 1
    return [
        _license(
            "key-first-second",
            "signed in its first second",
            _by(DATED_KEY, server_time=NOT_BEFORE),
            None,
        ),
        _license(
            "key-last-second",
            "signed in its last second",
            _by(DATED_KEY, server_time=NOT_AFTER),
            None,
        ),
        _license(
            "key-too-early",
            "a second before its dates",
            _by(DATED_KEY, server_time=early),
            OUT_OF_DATES,
        ),
        _license(
            "key-too-late",
            "a second after its dates",
            _by(DATED_KEY, server_time=late),
            OUT_OF_DATES,
        ),
        _license("key-retired-before", "its last document", _by(RETIRED_KEY, audit_index=at), None),
        _license(
            "key-retired-after", "the next one", _by(RETIRED_KEY, audit_index=after), KEY_RETIRED
        ),
    ]


def _es256(r: int, s: int) -> bytes:
    return resigned(LICENSE_BYTES, r.to_bytes(32) + s.to_bytes(32))


def _signatures() -> list[Attack]:
    r, s = int.from_bytes(SIGNATURE[:32]), int.from_bytes(SIGNATURE[32:])
    other = DOCUMENT_KEY.sign(server(canonical(RECEIPT), "receipt+jws").rpartition(b".")[0])
    payload_only = DOCUMENT_KEY.sign(canonical(LICENSE))
    forged = {
        "zero": bytes(64),
        "ones": b"\xff" * 64,
        "r-zero": bytes(32) + SIGNATURE[32:],
        "s-zero": SIGNATURE[:32] + bytes(32),
        "r-order": P256_ORDER.to_bytes(32) + SIGNATURE[32:],
        "s-order": SIGNATURE[:32] + P256_ORDER.to_bytes(32),
        "swapped": SIGNATURE[32:] + SIGNATURE[:32],
        "of-another-document": other,
        "of-the-payload": payload_only,
        "63-bytes": SIGNATURE[:63],
        "65-bytes-of-the-same-numbers": SIGNATURE[:32] + b"\x00" + SIGNATURE[32:],
        "65-bytes": SIGNATURE + b"\x00",
        "96-bytes": SIGNATURE + bytes(32),
        "der": _der(SIGNATURE),
    }
    found = [
        _license(
            f"signature-{name}", "not R || S of this", resigned(LICENSE_BYTES, raw), BAD_SIGNATURE
        )
        for name, raw in forged.items()
    ]
    what = "n - s verifies too: the digest that names the document does not cover it"
    found.append(_license("signature-malleated", what, _es256(r, P256_ORDER - s), None))
    found.extend(_ed25519_signatures())
    return found


def _ed25519_signatures() -> list[Attack]:
    signature = decode(REQUEST_BYTES.rpartition(b".")[2])
    s = int.from_bytes(signature[32:], "little")
    forged = {
        "zero": bytes(64),
        "s-plus-order": signature[:32] + (s + ED25519_ORDER).to_bytes(32, "little"),
        "s-zero": signature[:32] + bytes(32),
        "short": signature[:32],
        "of-another-device": OTHER_DEVICE_KEY.sign(REQUEST_BYTES.rpartition(b".")[0]),
    }
    return [
        Attack(
            "request",
            f"signature-{name}",
            "not R || S of this",
            resigned(REQUEST_BYTES, raw),
            BAD_SIGNATURE,
        )
        for name, raw in forged.items()
    ]


def _der(signature: bytes) -> bytes:
    numbers = b"".join(b"\x02\x21\x00" + signature[i : i + 32] for i in (0, 32))
    return b"\x30" + bytes([len(numbers)]) + numbers


def _weak() -> list[Attack]:
    """Keys that nobody owns: R = identity, s = 0 verifies under some of them for any message."""
    universal = (1).to_bytes(32, "little") + bytes(32)
    found = []
    for name, point in weak_points().items():
        jwk = ed25519_jwk(point)
        kid = sha256(spell(jwk))
        raw = resigned(device_headed({"jwk": jwk, "kid": kid}), universal)
        found.append(Attack("request", f"weak-key-{name}", "a key nobody owns", raw, MALFORMED))
    nowhere = {"jwk": OFF_CURVE_ED25519, "kid": sha256(spell(OFF_CURVE_ED25519))}
    raw = resigned(device_headed(nowhere), universal)
    found.append(Attack("request", "jwk-off-curve", "no point at all", raw, BAD_SIGNATURE))
    stray = jwk_of(DEVICE_KEY)
    stray["x"] = stray["x"][:-1] + chr(ord(stray["x"][-1]) + 1)
    strayed = device_headed({"jwk": stray, "kid": sha256(spell(stray))})
    found.append(Attack("request", "jwk-stray-bits", "a second spelling", strayed, MALFORMED))
    for name, jwk in (("off-curve", OFF_CURVE), ("small-order", SMALL_ORDER_DOCUMENT)):
        alg = "ES256" if jwk["kty"] == "EC" else "Ed25519"
        head = {"kid": sha256(spell(jwk)), "alg": alg}
        raw = resigned(server_headed(head), universal)
        found.append(
            _license(f"record-{name}", "a root that names no key", raw, MALFORMED, "root-odd")
        )
    return found


def _answers() -> list[Attack]:
    other_id = {"request_id": "01890a5d-ac96-774b-bcce-b302099a8058"}
    other_hash = {"request_hash": sha256(b"another request")}
    found = [
        Attack("answer", "honest", "a refusal, genuine", _refusal({}), None),
        Attack("answer-to", "honest", "a license to this request", LICENSE_BYTES, None),
        Attack(
            "answer-to",
            "request-id-of-another",
            "a genuine answer to another request",
            _refusal(other_id),
            MISMATCH,
        ),
        Attack(
            "answer-to",
            "digest-of-another",
            "the same id, other bytes",
            _refusal(other_hash),
            MISMATCH,
        ),
    ]
    forged = _by(UNKNOWN, **other_id)
    found.append(Attack("answer-to", "forged", "is not even read", forged, UNKNOWN_KEY))
    return found


def _refusal(changes: dict[str, Any]) -> bytes:
    return server(canonical(msgspec.structs.replace(REFUSAL, **changes)), "refusal+jws")
