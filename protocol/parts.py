"""A signed document as numbered pieces of text, for QR codes and for pasting (docs/protocol.md §3).

Each part says its number, the total and a digest of the whole, so parts can be read in any order
and a part of another document is found; a check of its own finds the one that was misread:

    FGP1:3/7;<digest of the whole>;<piece>;<check of this part>;

Documents are base64url, dots, spaces and line breaks. The last two are spelled as letters that no
document has, because white space is the first thing that a paste changes.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from protocol.encoding import to_base64url
from protocol.exchange import MAX_EXCHANGE_BYTES
from protocol.problems import MalformedEnvelope, PartDamaged, PartsAbsent, PartsMissing, PartsMixed

MAX_PART_CHARACTERS = 700
PART_MARK = "FGP1:"
_PIECE = 640
_DIGEST_BYTES = 12
_CHECK_BYTES = 3
_TO_LETTERS = bytes.maketrans(b"\n ", b"~,")
_FROM_LETTERS = bytes.maketrans(b"~,", b"\n ")
_DOCUMENT = re.compile(rb"[A-Za-z0-9_. \n-]+")
# `:` stands after the mark alone, so no piece and no digest can look like the begin of a part.
_BEGIN = re.compile(re.escape(PART_MARK))
_NUMBERS = re.compile(r"([0-9]{1,3})/([0-9]{1,3});")
_REST = re.compile(r"([A-Za-z0-9_-]{16});([A-Za-z0-9_.~,-]{1,640});([A-Za-z0-9_-]{4});")
# A paste breaks lines, and marks the direction of Latin in Persian text; neither says anything.
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


class _Part(NamedTuple):
    number: int
    total: int
    digest: str
    piece: str


def split_parts(raw: bytes) -> tuple[str, ...]:
    """Cut a request or an answer into parts of at most `MAX_PART_CHARACTERS`.

    Raises:
        MalformedEnvelope: these are not the bytes of signed documents.
    """
    if len(raw) > MAX_EXCHANGE_BYTES or not _DOCUMENT.fullmatch(raw):
        raise MalformedEnvelope("only signed documents travel in parts")
    letters = raw.translate(_TO_LETTERS).decode()
    pieces = [letters[start : start + _PIECE] for start in range(0, len(letters), _PIECE)]
    digest = _short(raw, _DIGEST_BYTES)
    parts = (
        _Part(number, len(pieces), digest, piece) for number, piece in enumerate(pieces, start=1)
    )
    return tuple(f"{_body(part)}{_check(part)};" for part in parts)


def join_parts(texts: Iterable[str]) -> bytes:
    """Put parts together again: in any order, several in one text, any of them twice.

    What stands around and between parts is passed over.

    Raises:
        PartsAbsent: there is no part in any of the texts.
        PartDamaged: a part was cut or misread.
        PartsMixed: parts of two documents.
        PartsMissing: not all of them; names which.
    """
    found: dict[int, _Part] = {}
    for part in _parts(texts):
        first = next(iter(found.values()), part)
        if (part.total, part.digest) != (first.total, first.digest):
            raise PartsMixed("two totals or two digests")
        if found.setdefault(part.number, part) != part:
            raise PartsMixed(f"two parts {part.number}")
    if not found:
        raise PartsAbsent("no part begins in this text")
    total = next(iter(found.values())).total
    if missing := tuple(number for number in range(1, total + 1) if number not in found):
        raise PartsMissing(missing, total)
    pieces = "".join(found[number].piece for number in sorted(found))
    raw = pieces.encode().translate(_FROM_LETTERS)
    if _short(raw, _DIGEST_BYTES) != found[1].digest:
        raise PartsMixed("the parts are not of the document that they name")
    return raw


def _parts(texts: Iterable[str]) -> Iterator[_Part]:
    for text in texts:
        seen = _UNSEEN.sub("", text)
        for begin in _BEGIN.finditer(seen):
            yield _part(seen, begin.end())


def _part(text: str, start: int) -> _Part:
    """Read one part; what follows its last semicolon is not looked at."""
    numbers = _NUMBERS.match(text, start)
    if numbers is None:
        raise PartDamaged(None)
    number, total = int(numbers[1]), int(numbers[2])
    rest = _REST.match(text, numbers.end())
    if rest is None or not 1 <= number <= total:
        raise PartDamaged(number)
    part = _Part(number, total, rest[1], rest[2])
    if _check(part) != rest[3]:
        raise PartDamaged(number)
    return part


def _body(part: _Part) -> str:
    return f"{PART_MARK}{part.number}/{part.total};{part.digest};{part.piece};"


def _check(part: _Part) -> str:
    return _short(_body(part).encode(), _CHECK_BYTES)


def _short(raw: bytes, size: int) -> str:
    return to_base64url(hashlib.sha256(raw).digest()[:size])
