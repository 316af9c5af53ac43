"""Attacks on roots: who signs, in which order, over which bytes."""

from typing import Any

import msgspec

from protocol.encoding import canonical
from protocol.exchange import pack_roots
from protocol.keys import SigningKey
from protocol.trust import KeyRecord, KeyUse, Root
from protocol.values import KeyThumbprint
from tests.protocol.world import (
    DOCUMENT_KEY,
    DOCUMENT_RECORDS,
    ROOT_1,
    ROOT_2,
    ROOT_3,
    ROOT_A,
    ROOT_B,
    ROOT_C,
    ROOT_D,
    ROOT_RETIRED,
    ROOT_REVOKED,
    make_root,
    record,
)
from tests.protocol.world import (
    UNKNOWN_KEY as UNKNOWN,
)
from tests.vectors.forge import (
    BAD_SIGNATURE,
    FIELDS,
    LICENSE_BYTES,
    MALFORMED,
    NOT_CANONICAL,
    OUT_OF_ORDER,
    ROOT_INVALID,
    THRESHOLD,
    UNKNOWN_KEY,
    WRONG_TYPE,
    Attack,
    encode,
    fields,
    header,
    jwk_of,
    seal,
    server,
    spell,
)

PLAIN_1 = make_root(1, ROOT_A, ROOT_B, ROOT_C)
PLAIN_2 = make_root(2, ROOT_B, ROOT_C, ROOT_D)


def attacks() -> list[Attack]:
    return [*_thresholds(), *_signers(), *_order(), *_contradictions(), *_bytes(), *_lines()]


def _signed(payload: Root | bytes, *keys: SigningKey, **changes: Any) -> bytes:
    """A root as a line: its signatures, separated by a space."""
    plain = payload if isinstance(payload, bytes) else canonical(payload)
    heads = ((spell(header("root+jws", key, **changes)), key) for key in keys)
    return b" ".join(seal(head, plain, key) for head, key in heads) + b"\n"


def _pin(name: str, what: str, raw: bytes, code: str | None) -> Attack:
    return Attack("pin", name, what, raw, code)


def _advance(name: str, what: str, raw: bytes, code: str | None) -> Attack:
    return Attack("advance", name, what, raw, code)


def _thresholds() -> list[Attack]:
    new_only = make_root(2, ROOT_A, ROOT_B, ROOT_D, threshold=3)
    return [
        _pin("honest", "root 1", pack_roots((ROOT_1,)), None),
        _advance("honest", "root 2", pack_roots((ROOT_2,)), None),
        _pin("threshold-not-met", "one of two", _signed(PLAIN_1, ROOT_A), THRESHOLD),
        _advance("threshold-old", "new keys alone", _signed(PLAIN_2, ROOT_B, ROOT_D), THRESHOLD),
        _advance("threshold-new", "two of three", _signed(new_only, ROOT_A, ROOT_B), THRESHOLD),
        _advance(
            "threshold-both",
            "three who meet both thresholds",
            _signed(new_only, ROOT_A, ROOT_B, ROOT_D),
            None,
        ),
        _advance("threshold-none", "strangers", _signed(PLAIN_2, UNKNOWN), THRESHOLD),
    ]


def _signers() -> list[Attack]:
    twice = _signed(PLAIN_1, ROOT_A, ROOT_A)
    others = (
        *DOCUMENT_RECORDS,
        record(ROOT_RETIRED, KeyUse.ROOT, retired_at=9),
        record(ROOT_REVOKED, KeyUse.ROOT, revoked=True),
    )
    former = make_root(1, ROOT_A, ROOT_B, others=others)
    by_document = _signed(PLAIN_1, ROOT_A, DOCUMENT_KEY)
    impostor = _signed(PLAIN_1, ROOT_A).strip() + b" " + _impostor()
    return [
        _pin("same-key-twice", "counts once", twice, THRESHOLD),
        _pin("document-key", "does not count", by_document, THRESHOLD),
        _pin(
            "retired-root-key", "does not count", _signed(former, ROOT_A, ROOT_RETIRED), THRESHOLD
        ),
        _pin(
            "revoked-root-key", "does not count", _signed(former, ROOT_A, ROOT_REVOKED), THRESHOLD
        ),
        _pin("foreign-signature", "does not count", _signed(PLAIN_1, ROOT_A, UNKNOWN), THRESHOLD),
        _pin("foreign-besides", "does no harm", _signed(PLAIN_1, ROOT_A, UNKNOWN, ROOT_B), None),
        _pin("impostor", "another key under B's kid", impostor, THRESHOLD),
        _pin("alg-of-another", "HS256", _signed(PLAIN_1, ROOT_A, ROOT_B, alg="HS256"), THRESHOLD),
        _pin(
            "jwk-smuggled",
            "an attacker's key in the header",
            _signed(PLAIN_1, ROOT_A, ROOT_B, jwk=jwk_of(UNKNOWN)),
            UNKNOWN_KEY,
        ),
        _pin(
            "header-unknown",
            "a foreign header",
            _signed(PLAIN_1, ROOT_A, ROOT_B, jku="https://evil"),
            MALFORMED,
        ),
        _pin(
            "wrong-type",
            "signed as a license",
            _signed(PLAIN_1, ROOT_A, ROOT_B, typ="license+jws"),
            WRONG_TYPE,
        ),
        _pin("many-signatures", "129 of them", _signed(PLAIN_1, *[ROOT_A] * 129), ROOT_INVALID),
    ]


def _impostor() -> bytes:
    head = spell(header("root+jws", ROOT_B))
    return seal(head, canonical(PLAIN_1), UNKNOWN)


def _order() -> list[Attack]:
    skipped = make_root(3, ROOT_A, ROOT_B, ROOT_C)
    abroad = make_root(2, ROOT_A, ROOT_B, ROOT_C, audience="other.example.test")
    replay = Attack(
        "advance", "replayed", "root 2 after root 2", pack_roots((ROOT_2,)), OUT_OF_ORDER
    )
    return [
        _advance("same-version", "root 1 after root 1", pack_roots((ROOT_1,)), OUT_OF_ORDER),
        _advance("skipped", "root 3 after root 1", _signed(skipped, ROOT_A, ROOT_B), OUT_OF_ORDER),
        _advance("skipped-genuine", "by root 2's keys", pack_roots((ROOT_3,)), OUT_OF_ORDER),
        _advance(
            "other-audience", "another server's", _signed(abroad, ROOT_A, ROOT_B), OUT_OF_ORDER
        ),
        replay._replace(trust="root-2"),
        Attack("advance", "old", "root 1 after 2", pack_roots((ROOT_1,)), OUT_OF_ORDER, "root-2"),
        Attack("advance", "honest-3", "root 3 after 2", pack_roots((ROOT_3,)), None, "root-2"),
        Attack(
            "walk",
            "passed",
            "1 and 2 are passed over",
            pack_roots((ROOT_1, ROOT_2)),
            None,
            "root-2",
        ),
        Attack("walk", "backwards", "3 before 2", pack_roots((ROOT_3, ROOT_2)), OUT_OF_ORDER),
        Attack("walk", "honest", "2 and 3", pack_roots((ROOT_2, ROOT_3)), None),
        Attack(
            "walk", "rival", "another root 1", _signed(abroad_1(), ROOT_A, ROOT_B), OUT_OF_ORDER
        ),
    ]


def abroad_1() -> Root:
    return make_root(1, ROOT_A, ROOT_B, ROOT_D)


def _contradictions() -> list[Attack]:
    unreachable = make_root(1, ROOT_A, ROOT_B, threshold=3)
    former = (record(ROOT_RETIRED, KeyUse.ROOT, retired_at=9), *DOCUMENT_RECORDS)
    spent = make_root(1, ROOT_A, others=former)
    return [
        _pin("threshold-unreachable", "three of two", _signed(unreachable, ROOT_A), ROOT_INVALID),
        _pin(
            "threshold-of-the-retired",
            "only with a retired key",
            _signed(spent, ROOT_A, ROOT_RETIRED),
            ROOT_INVALID,
        ),
        _pin("record-of-another-key", "kid and key differ", _swapped_record(), ROOT_INVALID),
        _pin("record-alg", "Ed25519 for a P-256 key", _wrong_alg(), ROOT_INVALID),
        _pin("record-two-uses", "root and document", _two_uses(), FIELDS),
        _pin("threshold-zero", "nobody must sign", _changed({"threshold": 0}), FIELDS),
        _pin("version-zero", "before the first", _changed({"version": 0}), FIELDS),
        _pin("keys-empty", "no key", _changed({"keys": {}}), FIELDS),
        _pin("unknown-field", "a field of no root", _changed({"expires": 0}), FIELDS),
        _pin("two-payloads", "a signature each", _two_payloads(), ROOT_INVALID),
    ]


def _changed(changes: dict[str, Any]) -> bytes:
    return _signed(spell(fields(PLAIN_1) | changes), ROOT_A, ROOT_B)


def _with_record(kid: KeyThumbprint, entry: KeyRecord) -> bytes:
    root = msgspec.structs.replace(PLAIN_1, keys=PLAIN_1.keys | {kid: entry})
    return _signed(root, ROOT_A, ROOT_B)


def _swapped_record() -> bytes:
    kid, _ = record(UNKNOWN, KeyUse.DOCUMENT)
    _, entry = record(DOCUMENT_KEY, KeyUse.DOCUMENT)
    return _with_record(kid, entry)


def _wrong_alg() -> bytes:
    kid, entry = record(DOCUMENT_KEY, KeyUse.DOCUMENT)
    return _with_record(kid, msgspec.structs.replace(entry, alg=ROOT_A.public.algorithm))


def _two_uses() -> bytes:
    values = fields(PLAIN_1)
    values["keys"][ROOT_A.public.kid]["use"] = ["root", "document"]
    return _signed(spell(values), ROOT_A, ROOT_B)


def _two_payloads() -> bytes:
    return _signed(PLAIN_1, ROOT_A).strip() + b" " + _signed(PLAIN_2, ROOT_B)


def _bytes() -> list[Attack]:
    plain = canonical(PLAIN_1)
    renamed = encode(plain.replace(b"signing.", b"evil.ir.", 1))
    edited = pack_roots((ROOT_1,)).replace(encode(plain), renamed)
    doubled = plain.replace(b'"version":1', b'"version":1,"version":1')
    return [
        _pin("edited", "after it was signed", edited, THRESHOLD),
        _pin("white-space", "signed so", _signed(plain + b" ", ROOT_A, ROOT_B), NOT_CANONICAL),
        _pin("duplicate-version", "a key twice", _signed(doubled, ROOT_A, ROOT_B), NOT_CANONICAL),
        _pin("a-license", "a document as a root", LICENSE_BYTES + b"\n", WRONG_TYPE),
        Attack(
            "license",
            "a-root",
            "a root as a document",
            _signed(PLAIN_1, ROOT_A).strip(),
            WRONG_TYPE,
        ),
        Attack(
            "license",
            "a-root-payload",
            "signed by a root key as a license",
            server(plain, key=ROOT_A),
            UNKNOWN_KEY,
        ),
    ]


def _lines() -> list[Attack]:
    roots = pack_roots((ROOT_2,))
    lone = b"x\n" * 65
    return [
        Attack(
            "exchange", "honest", "a root, then the license", roots + LICENSE_BYTES + b"\n", None
        ),
        Attack("exchange", "empty", "no line", b"", MALFORMED),
        Attack(
            "exchange",
            "blank-line",
            "between root and answer",
            roots + b"\n" + LICENSE_BYTES,
            MALFORMED,
        ),
        Attack(
            "exchange", "two-answers", "in a line", LICENSE_BYTES + b" " + LICENSE_BYTES, MALFORMED
        ),
        Attack("exchange", "trailing-space", "after the answer", LICENSE_BYTES + b" \n", MALFORMED),
        Attack("exchange", "too-many-roots", "65 lines", lone, MALFORMED),
        Attack(
            "exchange",
            "edited-root",
            "one of its payloads",
            roots.replace(b".", b".A", 1) + LICENSE_BYTES,
            ROOT_INVALID,
        ),
        Attack(
            "exchange",
            "forged",
            "behind a genuine root",
            roots + server(b"{}", key=UNKNOWN),
            UNKNOWN_KEY,
        ),
        Attack(
            "exchange",
            "edited-license",
            "behind a genuine root",
            roots + LICENSE_BYTES[:-4] + b"AAAA",
            BAD_SIGNATURE,
        ),
    ]
