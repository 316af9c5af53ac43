"""Bytes and text, each in its only spelling."""

import base64
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.encoding import (
    MAX_DEPTH,
    canonical,
    decode_canonical,
    from_base64url,
    sha256,
    to_base64url,
)
from protocol.problems import MalformedEnvelope, NotCanonical, NotTheSchema, ProtocolError, TooDeep
from protocol.values import Document

_anything = msgspec.json.Decoder(dict[str, object])


class Nest(Document, frozen=True, kw_only=True):
    inner: "Nest | None" = None
    text: str = ""


_nests = msgspec.json.Decoder(Nest)


def nested(depth: int) -> Nest:
    return Nest(inner=nested(depth - 1)) if depth > 1 else Nest(text="x")


@given(st.binary(max_size=100))
def test_bytes_survive_base64url(raw: bytes) -> None:
    text = to_base64url(raw)
    assert text.encode() == base64.urlsafe_b64encode(raw).rstrip(b"=")
    assert from_base64url(text.encode()) == raw


@given(st.binary(max_size=12))
def test_text_is_decoded_only_if_it_is_the_one_spelling(text: bytes) -> None:
    try:
        raw = from_base64url(text)
    except MalformedEnvelope:
        return
    assert to_base64url(raw).encode() == text


@pytest.mark.parametrize("length", range(1, 7))
def test_every_last_letter_but_the_clean_ones_is_refused(length: int) -> None:
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    unused_bits = {0: 0, 1: 6, 2: 4, 3: 2}[length % 4]
    accepted = 0
    for letter in letters:
        try:
            from_base64url(b"A" * (length - 1) + bytes([letter]))
        except MalformedEnvelope:
            continue
        accepted += 1
    assert accepted == (64 >> unused_bits if unused_bits < 6 else 0)


@pytest.mark.parametrize(
    "text", [b"AA==", b"AAA=", b"A A", b"AA\n", b"+A", b"/A", b"AA\x00", b"\xff"]
)
def test_foreign_letters_are_refused(text: bytes) -> None:
    with pytest.raises(MalformedEnvelope):
        from_base64url(text)


def test_hash_is_sha256_in_base64url() -> None:
    assert sha256(b"") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"


def test_document_of_the_greatest_depth_is_read() -> None:
    document = nested(MAX_DEPTH)
    assert decode_canonical(canonical(document), _nests) == document


def test_document_one_level_deeper_is_not() -> None:
    with pytest.raises(TooDeep):
        decode_canonical(canonical(nested(MAX_DEPTH + 1)), _nests)


def test_parser_that_runs_out_of_stack_is_a_refusal() -> None:
    with pytest.raises(TooDeep):
        decode_canonical(b'{"inner":' * 9000, _nests)


@given(st.text(alphabet='{}[]"\\ab', max_size=30))
def test_brackets_in_a_text_are_no_depth(text: str) -> None:
    document = Nest(text=text)
    assert decode_canonical(canonical(document), _nests) == document


@given(
    st.recursive(st.none(), lambda inner: st.dictionaries(st.text('{["\\'), inner), max_leaves=20)
)
def test_depth_is_counted_as_a_parser_counts_it(value: object) -> None:
    raw = msgspec.json.encode({"": value}, order="sorted")
    deep = levels(value) + 1 > MAX_DEPTH
    try:
        _anything_canonical(raw)
    except TooDeep:
        assert deep
    else:
        assert not deep


def levels(value: object) -> int:
    if not isinstance(value, dict):
        return 0
    return 1 + max((levels(inner) for inner in value.values()), default=0)


def _anything_canonical(raw: bytes) -> object:
    decoder: msgspec.json.Decoder[msgspec.Struct] = _anything  # type: ignore[assignment]  # depth only
    return decode_canonical(raw, decoder)


@pytest.mark.parametrize(
    "hostile",
    [
        b'{"' + b'\\"' * 32_000 + b"{" * 9,
        b'{"' + b"\\" * 64_001 + b"{" * 9,
        b'"' * 64_001,
        b'"{' * 32_000,
        b"{" * 64_000,
        b"{}" * 32_000,
        b'{"":' * 12_000 + b"0" + b"}" * 12_000,
    ],
    ids=["escaped quotes", "backslashes", "quotes", "openings", "braces", "pairs", "depth"],
)
def test_hostile_bytes_are_refused_in_linear_time(hostile: bytes) -> None:
    started = time.process_time()
    with pytest.raises(ProtocolError):
        decode_canonical(hostile, _nests)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"text":1}', b'{"other":1}', b"\xff"])
def test_what_is_no_such_document_is_refused(raw: bytes) -> None:
    with pytest.raises(NotTheSchema):
        decode_canonical(raw, _nests)


@pytest.mark.parametrize(
    "raw",
    [b"{} ", b'{"text":""}', b'{"inner":null}', b'{"text":"a","text":"b"}', b'{"text":"\\u0061"}'],
)
def test_second_spelling_is_refused(raw: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode_canonical(raw, _nests)
