"""How signed documents travel: the same bytes over HTTP and in hand-carried files (§3).

A request travels alone. An answer travels behind every root that its reader has not seen yet, so a
rotated key never leaves an agent unable to read the answer that tells of it.
"""

from typing import NamedTuple

from protocol import jws
from protocol.problems import MalformedEnvelope, TooLarge
from protocol.trust import RootSignatures, Trust

MAX_EXCHANGE_BYTES = 512 * 1024
_MAX_ROOTS = 64


class AnswerBytes(NamedTuple):
    """What came back: roots to walk first, then the answer; all still unverified."""

    roots: tuple[RootSignatures, ...]
    answer: bytes


def pack_roots(roots: tuple[RootSignatures, ...]) -> bytes:
    """Spell a chain of roots: a line each, its signatures separated by one space."""
    return b"".join(b" ".join(signatures) + b"\n" for signatures in roots)


def unpack_roots(raw: bytes) -> tuple[RootSignatures, ...]:
    """Read a chain of roots.

    Raises:
        TooLarge: more than any honest chain.
        MalformedEnvelope: empty, or not lines of envelopes.
    """
    if len(raw) > MAX_EXCHANGE_BYTES:
        raise TooLarge(f"{len(raw)} bytes")
    lines = raw.splitlines()
    if not lines or len(lines) > _MAX_ROOTS or not all(lines):
        raise MalformedEnvelope("not a chain of roots")
    return tuple(tuple(line.split(b" ")) for line in lines)


def pack_answer(roots: tuple[RootSignatures, ...], answer: bytes) -> bytes:
    """Spell an answer for HTTP or a file: later roots first."""
    return pack_roots(roots) + answer + b"\n"


def unpack_answer(raw: bytes) -> AnswerBytes:
    """Take an answer apart.

    Raises:
        TooLarge: more than any honest answer.
        MalformedEnvelope: not lines of envelopes.
    """
    *roots, answer = unpack_roots(raw)
    if len(answer) != 1:
        raise MalformedEnvelope("the last line is the answer, alone")
    return AnswerBytes(tuple(roots), answer[0])


def walk_roots(trust: Trust, roots: tuple[RootSignatures, ...]) -> Trust:
    """Advance through the roots that are new to this reader and pass over those that are not.

    An answer may be older than the agent that reads it, and a root may have been signed by more
    keys since: neither makes the answer unreadable.

    Raises:
        ProtocolError: a root that is not the direct successor, or not signed by both thresholds.
    """
    for signatures in roots:
        if not trust.has_passed(signatures):
            trust = trust.advance(signatures)
    return trust


def request_bytes(raw: bytes) -> bytes:
    """Read a request file: one envelope, which editors may have ended with a line break.

    Raises:
        TooLarge: more than any honest request.
    """
    envelope = raw.rstrip(b"\r\n")
    if len(envelope) > jws.MAX_DOCUMENT_BYTES:
        raise TooLarge(f"{len(envelope)} bytes")
    return envelope
