"""Bytes to text and back, each in its only spelling (docs/protocol.md §1).

base64url without padding, canonical JSON, SHA-256. Nothing here knows what a document means.
"""

import binascii
import hashlib
import re
from typing import TypeVar

import msgspec

from protocol.problems import MalformedEnvelope, NotCanonical, NotTheSchema, TooDeep
from protocol.values import Digest

MAX_DEPTH = 8

DocumentT = TypeVar("DocumentT", bound=msgspec.Struct)

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LAST_LETTERS = (_LETTERS, b"", _LETTERS[::16], _LETTERS[::4])
_PADDING = (b"", b"", b"==", b"=")
_TO_URL = bytes.maketrans(b"+/", b"-_")
_BRACES = bytes.maketrans(b"[]", b"{}")
_NOT_STRUCTURE = bytes(set(range(256)) - set(b'{}[]"\\'))
# Possessive, and an unfinished string is taken whole: linear, whatever an attacker writes.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_encoder = msgspec.json.Encoder(order="sorted")
# Base64 as a JSON text: msgspec reads it five times as fast as `binascii`.
_decoder = msgspec.json.Decoder(bytes)


def to_base64url(raw: bytes) -> str:
    """Encode without padding (RFC 7515 §2)."""
    return binascii.b2a_base64(raw, newline=False).rstrip(b"=").translate(_TO_URL).decode()


def from_base64url(text: bytes) -> bytes:
    """Decode the one spelling of some bytes.

    Raises:
        MalformedEnvelope: padding, a foreign letter, or unused bits that are not zero.
    """
    # What a decoder would ignore or round off is looked for by hand: foreign letters, and unused
    # bits of the last letter. Encoding again and comparing costs twice as much.
    if text.translate(None, _LETTERS) or text[-1:] not in _LAST_LETTERS[len(text) % 4]:
        raise MalformedEnvelope("not base64url in its only spelling")
    standard = text.replace(b"-", b"+").replace(b"_", b"/")
    return _decoder.decode(b'"%b%b"' % (standard, _PADDING[len(text) % 4]))


def sha256(raw: bytes) -> Digest:
    """Hash as documents quote it."""
    return Digest(to_base64url(hashlib.sha256(raw).digest()))


def canonical(document: msgspec.Struct) -> bytes:
    """Spell a document: keys sorted, no white space, fields at their default absent."""
    return _encoder.encode(document)


def decode_canonical(raw: bytes, decoder: "msgspec.json.Decoder[DocumentT]") -> DocumentT:
    """Parse verified bytes, strictly, and refuse every spelling but the canonical one.

    Raises:
        TooDeep: nested deeper than `MAX_DEPTH`.
        NotTheSchema: not JSON, an unknown field, a wrong type, a bound overstepped.
        NotCanonical: the same values, spelled otherwise (order, white space, duplicate keys …).
    """
    _refuse_depth(raw)
    try:
        document = decoder.decode(raw)
    except RecursionError as cause:
        raise TooDeep("nested deeper than the parser goes") from cause
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        raise NotTheSchema(str(cause)) from cause
    if canonical(document) != raw:
        raise NotCanonical("not the canonical spelling")
    return document


def _refuse_depth(raw: bytes) -> None:
    """Peel innermost brackets layer by layer: linear, and in C for every honest document."""
    skeleton = raw.translate(_BRACES, _NOT_STRUCTURE)
    if skeleton.count(b"{") <= MAX_DEPTH:
        return
    without_strings = skeleton.replace(b'""', b"")
    if b'"' in without_strings or b"\\" in without_strings:
        # A string holds a bracket, a quote or an escape: take the strings out by the grammar.
        without_strings = _STRING.sub(b"", raw).translate(_BRACES, _NOT_STRUCTURE)
    for _ in range(MAX_DEPTH):
        without_strings = without_strings.replace(b"{}", b"")
    if b"{}" in without_strings:
        raise TooDeep(f"nested deeper than {MAX_DEPTH}")
