"""Marks that only the screen needs: which way words run, and where a long one may be broken."""

import re

# Nothing is seen of it, and a line may end there.
BREAK = "\u200b"
_MARKS = re.compile("[\u200b\u200e\u200f\u2066-\u2069]")
_SHORTEST, _PIECE = 25, 16
# What has no blank in it for so long: paths, numbers, thumbprints.
_LONG = re.compile(rf"[^\s\u2066-\u2069]{{{_SHORTEST},}}")
_SEPARATORS = re.compile(r"([/\\._:=&?-]+)")


def breakable(text: str) -> str:
    """Let long words be broken: after what separates their parts, or else in pieces."""
    return _LONG.sub(lambda found: _broken(found[0]), text)


def unbroken(text: str) -> str:
    """Give a text back as it was before `breakable`."""
    return text.replace(BREAK, "")


def unmarked(copied: str) -> str:
    """What was copied, without the marks that only the screen needs."""
    return _MARKS.sub("", copied)


def _broken(word: str) -> str:
    return "".join(map(_in_pieces, _SEPARATORS.sub(rf"\1{BREAK}", word).split(BREAK)))


def _in_pieces(part: str) -> str:
    if len(part) < _SHORTEST:
        return part + BREAK
    pieces = (part[at : at + _PIECE] for at in range(0, len(part), _PIECE))
    return BREAK.join(pieces) + BREAK
