"""Attacks by the honest key: payloads in a second spelling, or of wrong fields."""

from typing import Any

from protocol.documents import AnyAnswer
from protocol.encoding import canonical
from protocol.values import MAX_INTEGER
from tests.protocol.samples import ACTIVATE, LICENSE, PERMIT, RECEIPT, TRUTH
from tests.vectors.forge import (
    FIELDS,
    NOT_CANONICAL,
    TOO_DEEP,
    TOO_LARGE,
    Attack,
    device,
    fields,
    server,
    spell,
)

PLAIN = canonical(LICENSE)


def attacks() -> list[Attack]:
    return [*_spellings(), *_defaults(), *_numbers(), *_texts(), *_depths(), *_fields(), *_others()]


def _license(name: str, what: str, payload: bytes, code: str | None) -> Attack:
    return Attack("license", f"payload-{name}", what, server(payload), code)


def _replaced(old: bytes, new: bytes) -> bytes:
    assert PLAIN.count(old) == 1, old
    return PLAIN.replace(old, new)


def _spellings() -> list[Attack]:
    first = b'"audit_index":40,'
    moved = b"{" + PLAIN[1:-1].removeprefix(first) + b"," + first[:-1] + b"}"
    return [
        _license("space-before", "outer white space", b" " + PLAIN, NOT_CANONICAL),
        _license("newline-after", "outer white space", PLAIN + b"\n", NOT_CANONICAL),
        _license("inner-space", "white space", _replaced(first, first + b" "), NOT_CANONICAL),
        _license("reordered", "the first field last", moved, NOT_CANONICAL),
        _license("duplicate-last-wins", "a key twice", _doubled(b"1", b"10"), NOT_CANONICAL),
        _license("duplicate-first-wins", "a key twice", _doubled(b"10", b"1"), NOT_CANONICAL),
        _license("duplicate-equal", "a key twice, alike", _doubled(b"10", b"10"), NOT_CANONICAL),
        _license("duplicate-inside", "twice in a map", _doubled_weight(), NOT_CANONICAL),
        _license(
            "escaped-letter", "F as an escape", _replaced(b"Fara", b"\\u0046ara"), NOT_CANONICAL
        ),
        _license("escaped-slash", "a slash escaped", _replaced(b"Fara", b"\\/ara"), NOT_CANONICAL),
        _license(
            "escaped-key", "a key escaped", _replaced(b'"seats"', b'"se\\u0061ts"'), NOT_CANONICAL
        ),
        _license("escaped-persian", "a letter escaped", _escaped_persian(), NOT_CANONICAL),
        _license("two-documents", "another after the first", PLAIN + PLAIN, FIELDS),
        _license("comment", "a comment", _replaced(first, first + b"/**/"), FIELDS),
        _license("trailing-comma", "a comma too many", PLAIN[:-1] + b",}", FIELDS),
        _license("single-quotes", "other quotes", PLAIN.replace(b'"', b"'"), FIELDS),
        _license("unclosed", "its last brace is missing", PLAIN[:-1], FIELDS),
    ]


def _doubled(one: bytes, other: bytes) -> bytes:
    return _replaced(b'"seats":10', b'"seats":' + one + b',"seats":' + other)


def _doubled_weight() -> bytes:
    old = b'"weights":{"board":{"bare":25,"vm":0}'
    return _replaced(old, old + b',"board":{"bare":25,"vm":0}')


def _escaped_persian() -> bytes:
    return PLAIN.replace("ن".encode(), b"\\u0646", 1)


def _defaults() -> list[Attack]:
    found = [
        _changed("explicit-null", "a default, said", {"baseline": None}, NOT_CANONICAL),
        _changed("explicit-null-date", "a default, said", {"warranty_until": None}, NOT_CANONICAL),
    ]
    said: tuple[tuple[str, AnyAnswer, dict[str, Any]], ...] = (
        ("receipt-explicit-empty-list", RECEIPT, {"freed": []}),
        ("truth-explicit-false", TRUTH, {"hold": False}),
        ("truth-explicit-zero", TRUTH, {"last_sequence": 0}),
        ("truth-explicit-empty-list", TRUTH, {"cases": []}),
    )
    for name, document, extra in said:
        raw = server(spell(fields(document) | extra), document.typ)
        found.append(Attack("answer", f"payload-{name}", "a default, said", raw, NOT_CANONICAL))
    return found


def _changed(name: str, what: str, changes: dict[str, Any], code: str | None) -> Attack:
    return _license(name, what, spell(fields(LICENSE) | changes), code)


def _numbers() -> list[Attack]:
    spelled = {
        "float": (b"10.0", FIELDS),
        "fraction": (b"10.5", FIELDS),
        "exponent": (b"1e1", FIELDS),
        "not-a-number": (b"NaN", FIELDS),
        "infinity": (b"Infinity", FIELDS),
        "true": (b"true", FIELDS),
        "text": (b'"10"', FIELDS),
        "null": (b"null", FIELDS),
        "leading-zero": (b"010", FIELDS),
        "plus": (b"+10", FIELDS),
        "minus-zero": (b"-0", NOT_CANONICAL),
        "negative": (b"-1", FIELDS),
        "largest": (str(MAX_INTEGER).encode(), None),
        "too-large": (str(MAX_INTEGER + 1).encode(), FIELDS),
        "two-to-64": (str(2**64).encode(), FIELDS),
        "wraps-to-10": (str(2**64 + 10).encode(), FIELDS),
        "4400-digits": (b"9" * 4400, FIELDS),
    }
    return [
        _license(
            f"number-{name}",
            f"seats are {text[:20].decode()}",
            _replaced(b":10,", b":%s," % text),
            code,
        )
        for name, (text, code) in spelled.items()
    ]


def _texts() -> list[Attack]:
    spelled = {
        "high-surrogate": b"\\ud800",
        "low-surrogate": b"\\udc00",
        "two-high-surrogates": b"\\ud800\\ud800",
        "raw-surrogate": b"\xed\xa0\x80",
        "overlong-utf-8": b"\xc0\xaf",
        "latin-1": b"\xe9",
        "beyond-unicode": b"\xf4\x90\x80\x80",
        "raw-control": b"\x01",
        "raw-newline": b"\n",
        "unknown-escape": b"\\x41",
    }
    found = [
        _license(f"text-{name}", f"a customer named {text!r}", _replaced(b"Fara", text), FIELDS)
        for name, text in spelled.items()
    ]
    found.append(_license("byte-order-mark", "BOM", b"\xef\xbb\xbf" + PLAIN, FIELDS))
    found.append(_license("utf-16", "two bytes a letter", PLAIN.decode().encode("utf-16"), FIELDS))
    return found


def _depths() -> list[Attack]:
    unclosed = b'{"op":' + b"[" * 40000
    return [
        _deep("depth-8", 8, FIELDS),
        _deep("depth-9", 9, TOO_DEEP),
        _deep("depth-9-lists", 9, TOO_DEEP, b"[", b"]"),
        _deep("depth-20000", 20_000, TOO_DEEP, b"[", b"]"),
        _deep("depth-100000", 100_000, TOO_LARGE, b"[", b"]"),
        _license("depth-hidden", "behind an escaped quote", _hidden_depth(), TOO_DEEP),
        _license("depth-in-text", "brackets in a text are none", _brackets_in_text(), None),
        Attack("request", "payload-depth-unclosed", "as an op", device(unclosed), TOO_DEEP),
        Attack(
            "request",
            "payload-depth-unclosed-key",
            "while op is sought",
            device(b'{"a":' + b"[" * 40000),
            TOO_DEEP,
        ),
    ]


def _deep(
    name: str, depth: int, code: str, opening: bytes = b'{"":', closing: bytes = b"}"
) -> Attack:
    inner = opening * (depth - 1) + b"0" + closing * (depth - 1)
    return _license(name, f"{depth} levels", b'{"a":' + inner + b"}", code)


def _hidden_depth() -> bytes:
    return b'{"a\\"":' + b'{"\\"}":' * 8 + b"0" + b"}" * 9


def _brackets_in_text() -> bytes:
    return _replaced(b"Fara", b"[" * 60 + b"{}" * 20 + b'\\"')


def _fields() -> list[Attack]:
    without_seats = {name: value for name, value in fields(LICENSE).items() if name != "seats"}
    bad_tag = fields(LICENSE)["fingerprint"] | {"components": {"board": ["A" * 21]}}
    return [
        _changed("unknown-field", "a field of no license", {"admin": True}, FIELDS),
        _license("missing-field", "no seats", spell(without_seats), FIELDS),
        _license("empty-object", "no field at all", b"{}", FIELDS),
        *(
            _license(f"root-{name}", "no object", text, FIELDS)
            for name, text in (("null", b"null"), ("list", b"[]"), ("text", b'""'), ("zero", b"0"))
        ),
        _license("empty", "nothing", b"", FIELDS),
        _license("nested-unknown", "in the policy", _nested_unknown(), FIELDS),
        _changed("tag-short", "a tag of 21 letters", {"fingerprint": bad_tag}, FIELDS),
        _changed("uuid-capitals", "a second spelling", _uuid("01890A5D"), FIELDS),
        _changed("uuid-version-4", "not a UUIDv7", _uuid("01890a5d", "4"), FIELDS),
        _changed("uuid-newline", "a line break after it", _uuid("01890a5d", "7", "\n"), FIELDS),
        _changed("date-newline", "and a line break", {"warranty_until": "2030-01-01\n"}, FIELDS),
        _changed("text-too-long", "201 letters", {"support_code": "x" * 201}, FIELDS),
        _changed("too-many-modules", "65 of them", {"modules": ["m"] * 65}, FIELDS),
        _changed("unknown-level", "not of its closed set", {"policy": _level("none")}, FIELDS),
    ]


def _nested_unknown() -> bytes:
    return spell(fields(LICENSE) | {"policy": fields(LICENSE)["policy"] | {"x": 1}})


def _level(level: str) -> dict[str, Any]:
    policy: dict[str, Any] = fields(LICENSE)["policy"]
    return policy | {"level": level}


def _uuid(start: str, version: str = "7", end: str = "") -> dict[str, str]:
    return {"license_id": f"{start}-ac96-{version}74b-bcce-000000000001{end}"}


def _others() -> list[Attack]:
    honest = fields(ACTIVATE)
    opless = {name: value for name, value in honest.items() if name != "op"}
    requests = {
        "op-unknown": (spell(honest | {"op": "destroy"}), FIELDS),
        "op-missing": (spell(opless), FIELDS),
        "op-number": (spell(honest | {"op": 1}), FIELDS),
        "op-of-another": (spell(honest | {"op": "check-in"}), FIELDS),
        "op-twice": (spell(honest).replace(b'"op":', b'"op":"activate","op":'), NOT_CANONICAL),
        "sequence-zero": (spell(honest | {"sequence": 0}), FIELDS),
        "explicit-null": (spell(honest | {"shown": None}), NOT_CANONICAL),
        "unknown-field": (spell(honest | {"device": "A" * 43}), FIELDS),
        "white-space": (spell(honest) + b" ", NOT_CANONICAL),
    }
    found = [
        Attack("request", f"payload-{name}", "signed by its device", device(payload), code)
        for name, (payload, code) in requests.items()
    ]
    unknown = device(spell(fields(PERMIT) | {"for_ever": True}), "permit+jws")
    expired = device(spell(fields(PERMIT) | {"expires_at": -1}), "permit+jws")
    found.append(Attack("permit", "payload-unknown-field", "a field of no permit", unknown, FIELDS))
    found.append(Attack("permit", "payload-negative-time", "before 1970", expired, FIELDS))
    return found
