"""Parts come back as the document that they were cut from, or say what is wrong with them."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.exchange import MAX_EXCHANGE_BYTES, pack_answer
from protocol.parts import MAX_PART_CHARACTERS, PART_MARK, join_parts, split_parts
from protocol.problems import (
    MalformedEnvelope,
    PartDamaged,
    PartsAbsent,
    PartsMissing,
    PartsMixed,
    PartsProblem,
)
from tests.protocol.world import ROOT_2
from tests.vectors.forge import LICENSE_BYTES, REQUEST_BYTES

ANSWER = pack_answer((ROOT_2,), LICENSE_BYTES)
DOCUMENTS = st.from_regex(rb"[A-Za-z0-9_. \n-]{1,3000}", fullmatch=True)
LONG = b"A.b-_9 \n" * 400


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_parts_in_any_order_are_the_document_again(raw: bytes, chance: object) -> None:
    parts = list(split_parts(raw))
    chance.shuffle(parts)  # type: ignore[attr-defined]  # hypothesis hands out random.Random
    assert join_parts(parts) == raw


@pytest.mark.parametrize("raw", [REQUEST_BYTES, ANSWER], ids=["request", "answer"])
def test_requests_and_answers_travel_whole(raw: bytes) -> None:
    assert join_parts(split_parts(raw)) == raw


def test_no_part_is_longer_than_was_promised() -> None:
    parts = split_parts(b"A" * MAX_EXCHANGE_BYTES)
    assert max(map(len, parts)) <= MAX_PART_CHARACTERS
    assert join_parts(parts) == b"A" * MAX_EXCHANGE_BYTES


def test_a_part_says_its_number_and_the_total() -> None:
    assert [part.split(";")[0] for part in split_parts(LONG)] == [
        f"{PART_MARK}{number}/5" for number in range(1, 6)
    ]


@pytest.mark.parametrize("raw", [b"", "سند".encode(), b"A" * (MAX_EXCHANGE_BYTES + 1), b"a~b"])
def test_what_is_no_document_is_not_cut(raw: bytes) -> None:
    with pytest.raises(MalformedEnvelope):
        split_parts(raw)


def wrapped(part: str) -> str:
    return "\r\n\t".join(part[start : start + 76] for start in range(0, len(part), 76))


PASTES: dict[str, Callable[[list[str]], Iterable[str]]] = {
    "each part twice": lambda parts: [*parts, *parts],
    "in one text": lambda parts: ["".join(parts)],
    "lines broken": lambda parts: map(wrapped, parts),
    "marks of direction": lambda parts: [f"\u2066{part}\u2069\ufeff" for part in parts],
    "no-break spaces": lambda parts: [part.replace(";", ";\u00a0") for part in parts],
    "words around": lambda parts: [f"Part {n} of 5: {part} then" for n, part in enumerate(parts)],
}


@pytest.mark.parametrize("paste", PASTES)
def test_what_a_paste_brings_is_forgiven(paste: str) -> None:
    assert join_parts(PASTES[paste](list(split_parts(LONG)))) == LONG


def test_missing_parts_are_named() -> None:
    parts = split_parts(LONG)
    with pytest.raises(PartsMissing) as problem:
        join_parts([parts[4], parts[1], parts[0]])
    assert problem.value.parameters == {"numbers": "3, 4", "total": "5"}


@pytest.mark.parametrize("texts", [(), ("",), ("no part at all",)])
def test_text_without_parts_says_so(texts: tuple[str, ...]) -> None:
    with pytest.raises(PartsAbsent):
        join_parts(texts)


def test_parts_of_two_documents_are_found() -> None:
    ours, others = split_parts(LONG), split_parts(LONG.swapcase())
    with pytest.raises(PartsMixed):
        join_parts((ours[0], others[1], *ours[2:]))


def forged(part: str, old: str, new: str) -> str:
    """A part edited by somebody who can make its check fit again."""
    from protocol.parts import _short

    body = part.replace(old, new)[: -len("CHCK;")]
    return f"{body}{_short(body.encode(), 3)};"


def test_a_forged_part_never_joins_another_document() -> None:
    parts = split_parts(LONG)
    second = forged(parts[1], "A.b", "B.b")
    with pytest.raises(PartsMixed):
        join_parts((parts[0], second, *parts[2:]))
    with pytest.raises(PartsMixed):
        join_parts((*parts, second))


DAMAGES: dict[str, tuple[Callable[[str], str], str]] = {
    "cut": (lambda p: p[:-40], "2"),
    "cut before its check": (lambda p: p[:-5], "2"),
    "one letter misread": (lambda p: p.replace("A.b", "A.6", 1), "2"),
    "another number": (lambda p: p.replace("2/5", "3/5"), "3"),
    "number beyond the total": (lambda p: forged(p, "2/5", "6/5"), "6"),
    "number nought": (lambda p: forged(p, "2/5", "0/5"), "0"),
    "no numbers": (lambda p: p.replace("2/5", "x/5"), "?"),
    "too many digits": (lambda p: forged(p, "2/5", "2222/5555"), "?"),
    "an endless piece": (lambda p: forged(p, "A.b", "A.b" * 9000), "2"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_part_is_named(damage: str) -> None:
    spoil, number = DAMAGES[damage]
    parts = split_parts(LONG)
    with pytest.raises(PartDamaged) as problem:
        join_parts((parts[0], spoil(parts[1]), *parts[2:]))
    assert problem.value.parameters == {"number": number}


@given(st.lists(st.text(alphabet="FGP1:/;ab09.~,- \n", max_size=80), max_size=6))
def test_no_text_does_more_than_be_refused(texts: list[str]) -> None:
    try:
        assert join_parts(texts)
    except PartsProblem as problem:
        assert problem.code.startswith("part")  # noqa: PT017 - any of them is right
