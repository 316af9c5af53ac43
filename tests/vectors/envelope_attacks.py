"""Attacks on the envelope: parts, base64url, header."""

from protocol.encoding import canonical
from tests.protocol.samples import LICENSE, OTHER_DEVICE_KEY
from tests.protocol.world import DOCUMENT_ED25519_KEY, DOCUMENT_KEY
from tests.vectors.forge import (
    BAD_SIGNATURE,
    FIELDS,
    LICENSE_BYTES,
    MALFORMED,
    NOT_CANONICAL,
    PERMIT_BYTES,
    REQUEST_BYTES,
    TOO_DEEP,
    TOO_LARGE,
    UNKNOWN_KEY,
    WRONG_ALGORITHM,
    WRONG_TYPE,
    Attack,
    device_headed,
    encode,
    header,
    jwk_of,
    seal,
    server_headed,
    spell,
)

LIMIT = 64 * 1024

HEAD, PAYLOAD, SIGNATURE = LICENSE_BYTES.split(b".")
HONEST_HEADER = header("license+jws", DOCUMENT_KEY)


def attacks() -> list[Attack]:
    return [*_parts(), *_size(), *_base64(), *_spelled_headers(), *_types(), *_foreign_fields()]


def _license(name: str, what: str, raw: bytes, code: str | None) -> Attack:
    return Attack("license", name, what, raw, code)


def _parts() -> list[Attack]:
    return [
        _license("honest", "the license that every attack starts from", LICENSE_BYTES, None),
        Attack("request", "honest", "the request that attacks start from", REQUEST_BYTES, None),
        Attack("permit", "honest", "the permit that attacks start from", PERMIT_BYTES, None),
        _license("no-bytes", "nothing at all", b"", MALFORMED),
        _license("one-part", "a header alone", HEAD, MALFORMED),
        _license("two-parts", "no signature", HEAD + b"." + PAYLOAD, MALFORMED),
        _license("four-parts", "a part too many", LICENSE_BYTES + b"." + SIGNATURE, MALFORMED),
        _license("empty-parts", "two dots", b"..", MALFORMED),
        _license("empty-header", "no header", b"." + PAYLOAD + b"." + SIGNATURE, MALFORMED),
        _license("empty-payload", "no payload", HEAD + b".." + SIGNATURE, BAD_SIGNATURE),
        _license("empty-signature", "no signature", HEAD + b"." + PAYLOAD + b".", BAD_SIGNATURE),
        _license("detached-payload", "RFC 7797", b".".join((HEAD, b"", SIGNATURE)), BAD_SIGNATURE),
        _license("trailing-letters", "bytes after the end", LICENSE_BYTES + b"AAAA", BAD_SIGNATURE),
        _license("trailing-newline", "a line break after it", LICENSE_BYTES + b"\n", MALFORMED),
        _license("leading-space", "white space before", b" " + LICENSE_BYTES, MALFORMED),
        _license("leading-byte-order-mark", "BOM", b"\xef\xbb\xbf" + LICENSE_BYTES, MALFORMED),
        _license("truncated-signature", "four letters short", LICENSE_BYTES[:-4], MALFORMED),
        _license("truncated-by-one", "one letter short", LICENSE_BYTES[:-1], MALFORMED),
        _license("flattened-json", "JWS JSON serialization", _flattened(), MALFORMED),
        _license("utf-16", "the same letters, two bytes each", _utf16(), MALFORMED),
    ]


def _flattened() -> bytes:
    parts = {"payload": PAYLOAD, "protected": HEAD, "signature": SIGNATURE}
    return spell({name: part.decode() for name, part in parts.items()})


def _utf16() -> bytes:
    return LICENSE_BYTES.decode().encode("utf-16")


def _size() -> list[Attack]:
    longest = b"A" * (LIMIT - len(LICENSE_BYTES)) + LICENSE_BYTES
    deep_header = encode(b'{"a":' * 8000 + b"0" + b"}" * 8000) + b".." + SIGNATURE
    endless_string = encode(b'{"' + b'\\"{' * 16000) + b".." + SIGNATURE
    return [
        _license("size-64-kib", "as long as allowed: refused for its header", longest, MALFORMED),
        _license("size-64-kib-and-1", "one byte more", b"A" + longest, TOO_LARGE),
        _license("dots-only", "64 KiB of dots", b"." * LIMIT, MALFORMED),
        _license("deep-header", "8000 levels before any key is asked", deep_header, TOO_DEEP),
        _license("endless-string", "quadratic for a careless scanner", endless_string, MALFORMED),
    ]


def _base64() -> list[Attack]:
    stray = SIGNATURE[:-1] + bytes([SIGNATURE[-1] + 1])
    plus = SIGNATURE.replace(b"-", b"+").replace(b"_", b"/")
    broken = HEAD + b"." + PAYLOAD[:40] + b"\n" + PAYLOAD[40:] + b"." + SIGNATURE
    return [
        _license("padding", "= after the signature", LICENSE_BYTES + b"==", MALFORMED),
        _license("padded-header", "= after the header", _with_header(HEAD + b"="), MALFORMED),
        _license("standard-alphabet", "+ and / in the signature", _signed_by(plus), MALFORMED),
        _license("stray-bits", "unused bits of the last letter set", _signed_by(stray), MALFORMED),
        _license("stray-bits-payload", "the same in a signed payload", _stray_payload(), MALFORMED),
        _license("embedded-newline", "a line break inside", broken, BAD_SIGNATURE),
        _license("signed-newline", "a line break inside, signed", _signed_newline(), MALFORMED),
        _license("newline-in-header", "a line break in the header", _newline_header(), MALFORMED),
        _license("letters-1-mod-4", "a length no bytes have", _signed_by(b"A" * 85), MALFORMED),
        _license("zero-byte", "a NUL after the signature", LICENSE_BYTES + b"\x00", MALFORMED),
    ]


def _with_header(head: bytes) -> bytes:
    return head + b"." + PAYLOAD + b"." + SIGNATURE


def _signed_by(signature: bytes) -> bytes:
    return HEAD + b"." + PAYLOAD + b"." + signature


def _signed(head: bytes, payload: bytes) -> bytes:
    signed = head + b"." + payload
    return signed + b"." + encode(DOCUMENT_KEY.sign(signed))


def _signed_newline() -> bytes:
    return _signed(HEAD, PAYLOAD[:40] + b"\n" + PAYLOAD[40:])


def _newline_header() -> bytes:
    return _signed(HEAD[:8] + b"\n" + HEAD[8:], PAYLOAD)


def _stray_payload() -> bytes:
    payload = spell({"seats": 10})
    text = encode(payload + b" " * (-len(payload) % 3 + 1))
    assert len(text) % 4 == 2, "a last letter with four unused bits"
    return _signed(HEAD, text[:-1] + bytes([text[-1] + 1]))


def _spelled_headers() -> list[Attack]:
    honest = spell(HONEST_HEADER)
    spaced = honest.replace(b":", b": ", 1)
    reversed_keys = b"{%s}" % b",".join(reversed(honest[1:-1].split(b",")))
    doubled = b'{"alg":"none",' + honest[1:]
    null_jwk = honest.replace(b',"kid"', b',"jwk":null,"kid"')
    escaped = honest.replace(b"+jws", b"\\u002bjws")
    return [
        _header("header-white-space", "white space in the header", spaced, NOT_CANONICAL),
        _header("header-order", "its fields reordered", reversed_keys, NOT_CANONICAL),
        _header("header-duplicate-alg", "alg twice", doubled, NOT_CANONICAL),
        _header("header-null-jwk", "an explicit default", null_jwk, NOT_CANONICAL),
        _header("header-escaped", "a letter as its escape", escaped, NOT_CANONICAL),
        _header("header-trailing", "white space after it", honest + b"\n", NOT_CANONICAL),
        _header("header-no-json", "not JSON", b"alg=ES256", MALFORMED),
        _header("header-array", "a list", b"[%s]" % honest, MALFORMED),
        _header("header-byte-order-mark", "a BOM before it", b"\xef\xbb\xbf" + honest, MALFORMED),
        _header("header-not-utf-8", "Latin-1", honest.replace(b"ES", b"\xc9S"), MALFORMED),
        _header("header-surrogate", "half a letter", honest.replace(b"ES", b"\\ud800"), MALFORMED),
    ]


def _header(name: str, what: str, head: bytes, code: str) -> Attack:
    return _license(name, what, seal(head, canonical(LICENSE), DOCUMENT_KEY), code)


def _types() -> list[Attack]:
    license_as_receipt = server_headed({"typ": "receipt+jws"})
    root_typed = server_headed({"typ": "root+jws"})
    request_as_license = device_headed({"typ": "license+jws"})
    return [
        _license("typ-receipt", "another document's type", license_as_receipt, WRONG_TYPE),
        _license("typ-missing", "no type", server_headed({"typ": None}), MALFORMED),
        _license("typ-jwt", "a token of the same key", server_headed({"typ": "JWT"}), WRONG_TYPE),
        _license("typ-case", "capitals", server_headed({"typ": "License+JWS"}), WRONG_TYPE),
        _license("typ-list", "a list of types", server_headed({"typ": ["license+jws"]}), MALFORMED),
        _license("device-document", "signed by a device", request_as_license, UNKNOWN_KEY),
        Attack("answer", "typ-request", "a request as an answer", REQUEST_BYTES, WRONG_TYPE),
        Attack("answer", "typ-root", "a root's type", root_typed, WRONG_TYPE),
        Attack("answer", "license-as-receipt", "fields of a license", license_as_receipt, FIELDS),
        Attack("request", "typ-permit", "a permit as a request", PERMIT_BYTES, WRONG_TYPE),
        Attack("permit", "typ-request", "a request as a permit", REQUEST_BYTES, WRONG_TYPE),
        Attack("request", "typ-license", "a license as a request", LICENSE_BYTES, WRONG_TYPE),
    ]


def _foreign_fields() -> list[Attack]:
    own = jwk_of(DOCUMENT_KEY)
    device_jwk = jwk_of(OTHER_DEVICE_KEY)
    ed25519 = jwk_of(DOCUMENT_ED25519_KEY)
    unsigned = encode(spell(HONEST_HEADER | {"alg": "none"})) + b"." + PAYLOAD + b"."
    found = [
        _license("alg-none", "no signature, and says so", unsigned, WRONG_ALGORITHM),
        _license("jwk-smuggled", "its own honest key", server_headed({"jwk": own}), UNKNOWN_KEY),
        _license("jwk-foreign", "another key", server_headed({"jwk": ed25519}), UNKNOWN_KEY),
        Attack("request", "jwk-missing", "no key", device_headed({"jwk": None}), UNKNOWN_KEY),
        Attack(
            "request",
            "jwk-of-another",
            "an honest key of another device",
            device_headed({"jwk": device_jwk}),
            UNKNOWN_KEY,
        ),
        Attack("request", "kid-missing", "no kid", device_headed({"kid": None}), MALFORMED),
        Attack(
            "request",
            "kid-mismatch",
            "a kid that is not the key's thumbprint",
            device_headed({"kid": "A" * 43}),
            UNKNOWN_KEY,
        ),
        Attack(
            "request",
            "kid-short",
            "a kid that is no thumbprint",
            device_headed({"kid": "A" * 42}),
            MALFORMED,
        ),
    ]
    extras = {
        "x5u": "https://evil.example.test/key",
        "jku": "https://evil.example.test/keys",
        "x5c": [],
        "x5t": "A" * 27,
        "crit": ["exp"],
        "b64": False,
        "zip": "DEF",
        "cty": "JWT",
        "epk": own,
        "unknown": 1,
    }
    for name, value in extras.items():
        what = f"the header field {name}"
        found.append(_license(f"header-{name}", what, server_headed({name: value}), MALFORMED))
        found.append(
            Attack("request", f"header-{name}", what, device_headed({name: value}), MALFORMED)
        )
    private = {"jwk": jwk_of(OTHER_DEVICE_KEY) | {"d": "A" * 43}}
    found.append(Attack("request", "jwk-private", "d as well", device_headed(private), MALFORMED))
    return found
