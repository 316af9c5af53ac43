"""Roots and answers travel together; files are forgiven a line break and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.exchange import (
    MAX_EXCHANGE_BYTES,
    pack_answer,
    pack_roots,
    request_bytes,
    unpack_answer,
    unpack_roots,
    walk_roots,
)
from protocol.jws import MAX_DOCUMENT_BYTES
from protocol.problems import MalformedEnvelope, ProtocolError, RootOutOfOrder, TooLarge
from protocol.trust import Trust
from tests.protocol.world import ROOT_1, ROOT_2, ROOT_3, TRUST_1
from tests.vectors.forge import LICENSE_BYTES, REQUEST_BYTES

envelopes = st.from_regex(rb"[A-Za-z0-9_-]{1,6}(\.[A-Za-z0-9_-]{0,6}){2}", fullmatch=True)
chains = st.lists(st.lists(envelopes, min_size=1, max_size=3).map(tuple), max_size=4).map(tuple)


@given(chains, envelopes)
def test_answer_is_unpacked_as_it_was_packed(
    roots: tuple[tuple[bytes, ...], ...], answer: bytes
) -> None:
    unpacked = unpack_answer(pack_answer(roots, answer))
    assert unpacked.roots == roots
    assert unpacked.answer == answer


def test_roots_are_unpacked_as_they_were_packed() -> None:
    assert unpack_roots(pack_roots((ROOT_1, ROOT_2))) == (ROOT_1, ROOT_2)


def test_answer_survives_an_editor_that_ends_lines_its_own_way() -> None:
    packed = pack_answer((ROOT_2,), LICENSE_BYTES)
    assert unpack_answer(packed.replace(b"\n", b"\r\n")) == unpack_answer(packed)
    assert unpack_answer(packed.rstrip(b"\n")) == unpack_answer(packed)


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\n",
        b"a.b.c\n\n",
        b"\na.b.c\n",
        b"a.b.c\n\nd.e.f\n",
        b"a.b.c d.e.f\n",
        b"a.b.c \n",
        b"a.b.c\n" * 65,
    ],
)
def test_what_is_no_answer_is_refused(hostile: bytes) -> None:
    with pytest.raises(MalformedEnvelope):
        unpack_answer(hostile)


def test_exchange_beyond_any_honest_size_is_refused_unread() -> None:
    with pytest.raises(TooLarge):
        unpack_answer(b"\n" * (MAX_EXCHANGE_BYTES + 1))


@given(st.binary(max_size=200))
def test_any_bytes_are_taken_apart_or_refused(raw: bytes) -> None:
    try:
        unpacked = unpack_answer(raw)
    except ProtocolError:
        return
    assert unpacked.answer


def test_reader_walks_the_roots_that_are_new_to_it() -> None:
    assert walk_roots(TRUST_1, ()) is TRUST_1
    assert walk_roots(TRUST_1, (ROOT_2, ROOT_3)).root.version == 3


def test_reader_passes_over_roots_that_it_has_seen() -> None:
    newest = Trust.follow((ROOT_1, ROOT_2, ROOT_3))
    assert walk_roots(newest, (ROOT_2, ROOT_3)) is newest


def test_reader_that_misses_a_root_does_not_jump() -> None:
    with pytest.raises(RootOutOfOrder):
        walk_roots(TRUST_1, (ROOT_3,))


def test_request_file_is_forgiven_its_last_line_break() -> None:
    for ending in (b"", b"\n", b"\r\n"):
        assert request_bytes(REQUEST_BYTES + ending) == REQUEST_BYTES


def test_request_file_beyond_64_kib_is_refused() -> None:
    assert len(request_bytes(b"A" * MAX_DOCUMENT_BYTES + b"\r\n")) == MAX_DOCUMENT_BYTES
    with pytest.raises(TooLarge):
        request_bytes(b"A" * (MAX_DOCUMENT_BYTES + 1))
