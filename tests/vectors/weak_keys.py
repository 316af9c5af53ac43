"""Public keys that no private key makes, and a root that names two of them."""

from protocol.encoding import canonical, sha256, to_base64url
from protocol.keys import Algorithm, EcJwk, OkpJwk
from protocol.trust import KeyRecord, KeyUse, Trust
from protocol.values import KeyId, KeyThumbprint, Timestamp
from tests.protocol.world import ROOT_A, ROOT_B, ROOT_C, make_root, sign_root

_P = 2**255 - 19
_ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SIGN = 1 << 255


def ed25519_jwk(point: bytes) -> dict[str, str]:
    return {"crv": "Ed25519", "kty": "OKP", "x": to_base64url(point)}


def weak_points() -> dict[str, bytes]:
    """All points of small order, and second spellings (y >= p) of these and of others."""
    numbers = {
        "order-1": 1,
        "order-2": _P - 1,
        "order-4": 0,
        "order-4-negative": _SIGN,
        "order-8": _ORDER_EIGHT,
        "order-8-negative": _ORDER_EIGHT + _SIGN,
        "order-8-other": _P - _ORDER_EIGHT,
        "order-8-other-negative": _P - _ORDER_EIGHT + _SIGN,
        "identity-signed": 1 + _SIGN,
        "order-2-signed": _P - 1 + _SIGN,
        "zero-above-p": _P,
        "one-above-p": _P + 1,
        "y-3-above-p": _P + 3,
        "largest": 2**256 - 1,
    }
    return {name: number.to_bytes(32, "little") for name, number in numbers.items()}


OFF_CURVE_ED25519 = ed25519_jwk((2).to_bytes(32, "little"))
OFF_CURVE = {"crv": "P-256", "kty": "EC", "x": "A" * 42 + "E", "y": "A" * 42 + "E"}
SMALL_ORDER_DOCUMENT = ed25519_jwk(weak_points()["order-1"])


def _odd_trust() -> Trust:
    ec = EcJwk(crv="P-256", x=OFF_CURVE["x"], y=OFF_CURVE["y"])
    okp = OkpJwk(crv="Ed25519", x=SMALL_ORDER_DOCUMENT["x"])
    records = tuple(
        (
            _kid(jwk),
            KeyRecord(alg=alg, use=KeyUse.DOCUMENT, jwk=jwk, not_before=Timestamp(0)),
        )
        for jwk, alg in ((ec, Algorithm.ES256), (okp, Algorithm.ED25519))
    )
    root = make_root(1, ROOT_A, ROOT_B, ROOT_C, others=records)
    return Trust.pin(sign_root(root, ROOT_A, ROOT_B))


def _kid(jwk: EcJwk | OkpJwk) -> KeyThumbprint:
    return KeyThumbprint(KeyId(sha256(canonical(jwk))))


ODD_TRUST = _odd_trust()
