"""A second opinion by `joserfc`, in the words of oracle.mjs and Oracle.java."""

import base64
import json

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

KINDS: dict[str, tuple[str, str, type[ECKey] | type[OKPKey]]] = {
    "ES256": ("EC", "P-256", ECKey),
    "Ed25519": ("OKP", "Ed25519", OKPKey),
}


def answer(task: str) -> str:
    door, *words = task.split(" ")
    return verify(*words) if door == "verify" else sign(*words)


def verify(alg: str, x: str, y: str, envelope: str) -> str:
    kty, crv, load = KINDS[alg]
    jwk: dict[str, str | list[str]] = {"kty": kty, "crv": crv, "x": x}
    if kty == "EC":
        jwk["y"] = y
    try:
        key = load.import_key(jwk)
        opened = jws.deserialize_compact(envelope, key, algorithms=[alg])
    except (JoseError, ValueError):
        return "refused"
    return f"{key.thumbprint()} {encode(opened.payload)}"


def sign(alg: str, typ: str, payload: str, carry: str) -> str:
    key = ECKey.generate_key("P-256") if alg == "ES256" else OKPKey.generate_key("Ed25519")
    public = key.as_dict(private=False)
    jwk = {name: public[name] for name in ("crv", "kty", "x", "y") if name in public}
    header = {"alg": alg, "jwk": jwk, "kid": key.thumbprint(), "typ": typ}
    if carry != "carry":
        del header["jwk"]
    raw = base64.urlsafe_b64decode(payload + "==")
    registry = jws.JWSRegistry(algorithms=[alg])
    envelope = jws.serialize_compact(json.loads(json.dumps(header)), raw, key, registry=registry)
    return f"{envelope} {jwk['x']} {jwk.get('y', '-')}"


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
