"""Stand-ins for what identifies a machine: of the same shape, and always the same for one key.

A permutation per shape, so equal values stay equal, different ones stay different, and recordings
of one key can be compared. It works on the parts of a value: a board serial that holds the service
tag, or a UUID that ends in a card's address, goes on doing so. Placeholders stay what they are, and
no stand-in is one. Nothing leads back without the key. Pure.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from agent.hardware.normalisation import (
    SHORTEST_IDENTITY,
    DiskIdentity,
    clean,
    disk_identity,
    identity,
    is_run,
    uuid_identity,
)

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HEX = "0123456789ABCDEF"
_BYTE = "[0-9A-Fa-f]{2}"
_NO_HEX_BEFORE, _NO_HEX_BEHIND = "(?<![0-9A-Fa-f])", "(?![0-9A-Fa-f])"
_UUID = re.compile(
    f"{_NO_HEX_BEFORE}(?P<hex>{_BYTE * 4}-(?:{_BYTE * 2}-){{3}}{_BYTE * 6}){_NO_HEX_BEHIND}"
)
_ADDRESS = re.compile(
    f"{_NO_HEX_BEFORE}(?P<hex>{_BYTE}(?P<mark>[:-])(?:{_BYTE}(?P=mark)){{4}}{_BYTE}){_NO_HEX_BEHIND}"
)
# Names of cards that are made of their address (systemd.net-naming-scheme(7)).
_NAMED_BY_ADDRESS = re.compile(r"(?<![0-9A-Za-z])(?:en|wl|ww)x(?P<hex>[0-9a-f]{12})(?![0-9A-Za-z])")
# VMware spells the system's UUID out in its serial.
_SPELLED_UUID = re.compile(f"(?i:vmware-)(?P<hex>{_BYTE}(?:[ -]?{_BYTE}){{15}}){_NO_HEX_BEHIND}")
_FORMS = (_SPELLED_UUID, _UUID, _ADDRESS, _NAMED_BY_ADDRESS)
# Letters of other alphabets have no permutation here; nor have the marks and joiners between them.
_TOKEN = re.compile(r"(?:[0-9A-Za-z]|[^\x00-\x7f])+")
_FOREIGN_LETTERS = 12
# What firmware says when it has nothing to say, word by word. Rules for placeholders are wider, and
# let through what somebody wrote beside such a word.
_UNSET_WORDS = re.compile(
    r"(?:to|be|fill?ed|by|oem|default|string|value|serial|number|no|not|specified|settable|set"
    r"|present|available|applicable|supported|defined|provided|none|null|na|unknown|undefined"
    r"|invalid|empty|bad|index|uninitialized|system|base|mother|board|chassis|enclosure|product"
    r"|processor|cpu|disk|version|manufacturer|name|uuid|sku|part|asset|tag|information|tbd|type"
    r"|array|dimm|sernum|partnum|num|msft|drive|scsi|virtio|ide|sata|nvme|qemu|hard|vbox|virtual"
    r"|persistent|card|overlayblk|dummy|qm|a(?=\d)|0x(?:0+|f+)|0*123456789\d?|0++\d?|\d{1,2}(?!\d))*"
)
_UNSET = "NONE"
_SHORTEST_HEX = 8
_ADDRESS_DIGITS, _UUID_DIGITS, _ATA_DIGITS = 12, 32, 40
_UUID_HEAD = 10
_FLAG_BITS = 2  # group, and locally administered
_ROUNDS = 4
_WORD_BYTES = 4
# A stand-in is a placeholder once in thousands; more turns than these are a circle of them.
_MOST_TURNS = 64

_Value = TypeVar("_Value", str, bytes)


class Pseudonyms:
    """The stand-ins of one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def text(self, value: str) -> str:
        """A serial, tag or id; a placeholder stays one."""
        plain = value if value.isascii() else clean(value)
        if not _identifies(plain):
            return _unset(plain)
        return _walk(self._replaced, plain, _identifies)

    def disk(self, value: str) -> str:
        """What a disk calls itself; here other words are placeholders."""
        plain = value if value.isascii() else clean(value)
        if not _identifies_a_disk(plain):
            return _unset(plain)
        return _walk(self._replaced, plain, _identifies_a_disk)

    def name(self, value: str, is_free: Callable[[str], bool] = lambda _: True) -> str:
        """A name that somebody gave, whatever it looks like; for a free one another free one."""
        return _walk(self._replaced, value, is_free)

    def number(self, digits: str) -> str:
        """A number in hexadecimal digits, as `text` would; one that was never set stays."""
        if not _identifies(digits):
            return digits
        made = self.text(digits)
        if set(made.upper()) <= set(_HEX):
            return made
        return _spelled_like(digits, self._other_letters(digits.upper(), [_HEX] * len(digits)))

    def form(self, value: str) -> str:
        """A UUID or an address where the value is written as one, and else as any other text."""
        is_form = _UUID.fullmatch(value) or _ADDRESS.fullmatch(value)
        return self._replaced(value) if is_form else self.text(value)

    def uuid(self, raw: bytes) -> bytes:
        """A UUID in either byte order, in that order; one that was never set stays."""
        if uuid_identity(raw) is None:
            return raw
        return _walk(self._other_uuid, raw, lambda made: uuid_identity(made) is not None)

    def address(self, raw: bytes) -> bytes:
        """A card's address; of a group or locally administered if it was. Unset ones stay."""
        if len(set(raw)) == 1:
            return raw
        return _walk(self._other_address, raw, lambda made: len(set(made)) > 1)

    def within(self, text: str) -> str:
        """A maker's or a model's text, in which only UUIDs and addresses identify anything."""
        return self._replace_forms(text, lambda between: between)

    def _replaced(self, value: str) -> str:
        return self._replace_forms(value, lambda between: _TOKEN.sub(self._token, between))

    def _replace_forms(self, text: str, otherwise: Callable[[str], str]) -> str:
        """Known forms by what they spell; what stands between them as told."""
        pieces: list[str] = []
        start = 0
        for form in _forms(text):
            pieces += [otherwise(text[start : form.start]), text[form.start : form.spelled]]
            spelled = text[form.spelled : form.end]
            digits = "".join(letter for letter in spelled if letter.isalnum())
            pieces.append(_spelled_like(spelled, self._other_hex(digits)))
            start = form.end
        return "".join([*pieces, otherwise(text[start:])])

    def _token(self, found: re.Match[str]) -> str:
        token = found[0]
        if not token.isascii():
            return self._foreign(token)
        upper = token.upper()
        if set(upper) <= set(_HEX) and not token.isdigit():
            if len(token) == _ATA_DIGITS and (said := _ata_text(token)):
                return _spelled_like(token, _ata_digits(self._replaced(said)))
            if len(token) in {_ADDRESS_DIGITS, _UUID_DIGITS}:
                return _spelled_like(token, self._other_hex(token))
            if len(token) >= _SHORTEST_HEX and not token.isalpha():
                return _spelled_like(token, self._other_letters(upper, [_HEX] * len(upper)))
        classes = [_DIGITS if letter.isdigit() else _LETTERS for letter in upper]
        return _spelled_like(token, self._other_letters(upper, classes))

    def _foreign(self, token: str) -> str:
        """Letters for a word of another alphabet: too many for two words to meet."""
        said = token.encode("utf-8", "surrogatepass")
        seed = hmac.digest(self._key, said, "sha256")[:_FOREIGN_LETTERS]
        return "".join(_LETTERS[byte % len(_LETTERS)] for byte in seed)

    def _other_hex(self, digits: str) -> str:
        raw = bytes.fromhex(digits)
        return (self.address(raw) if len(digits) == _ADDRESS_DIGITS else self.uuid(raw)).hex()

    def _other_uuid(self, raw: bytes) -> bytes:
        """The same for both byte orders; the node becomes what a card's address would."""
        canonical = min(raw, _swapped(raw))
        head = self._permuted(canonical[:_UUID_HEAD], [256] * _UUID_HEAD)
        made = bytes(head) + self._other_address(canonical[_UUID_HEAD:])
        return made if raw == canonical else _swapped(made)

    def _other_address(self, raw: bytes) -> bytes:
        first, flags = divmod(raw[0], 1 << _FLAG_BITS)
        made = self._permuted([first, *raw[1:]], [256 >> _FLAG_BITS, *[256] * (len(raw) - 1)])
        return bytes([made[0] << _FLAG_BITS | flags, *made[1:]])

    def _other_letters(self, token: str, alphabets: Sequence[str]) -> str:
        pairs = list(zip(token, alphabets, strict=True))
        places = [alphabet.index(letter) for letter, alphabet in pairs]
        made = self._permuted(places, [len(alphabet) for alphabet in alphabets])
        return "".join(alphabet[place] for alphabet, place in zip(alphabets, made, strict=True))

    def _permuted(self, places: Sequence[int], radices: Sequence[int]) -> list[int]:
        """A Feistel network over digits of any radix: nothing meets, and nothing leads back."""
        made = list(places)
        half = len(made) // 2
        sides = (range(half), range(half, len(made)))
        for turn in range(_ROUNDS):
            told, moved = sides[turn % 2], sides[1 - turn % 2]
            message = repr((turn, list(radices), [made[place] for place in told])).encode()
            seed = hmac.digest(self._key, message, "sha256")
            stream = hashlib.shake_256(seed).digest(_WORD_BYTES * len(moved))
            for number, place in enumerate(moved):
                word = stream[_WORD_BYTES * number : _WORD_BYTES * (number + 1)]
                made[place] = (made[place] + int.from_bytes(word, "big")) % radices[place]
        return made


class _Form(NamedTuple):
    """Where a known form stands in a text, and where its digits begin."""

    start: int
    spelled: int
    end: int


def _forms(text: str) -> Iterator[_Form]:
    """The forms in their order; of two that overlap, the one that begins first."""
    found = [match for form in _FORMS for match in form.finditer(text)]
    end = 0
    for match in sorted(found, key=lambda match: match.start()):
        if match.start() >= end:
            end = match.end()
            yield _Form(match.start(), match.start("hex"), end)


def _walk(
    permute: Callable[[_Value], _Value], value: _Value, holds: Callable[[_Value], bool]
) -> _Value:
    """Permute until the promise holds: still a permutation of those for which it does."""
    for _ in range(_MOST_TURNS):
        value = permute(value)
        if holds(value):
            break
    return value


def _identifies(value: str) -> bool:
    return identity(value) is not None


def _identifies_a_disk(value: str) -> bool:
    return disk_identity(DiskIdentity("", value, "")) is not None


def _unset(value: str) -> str:
    """A placeholder, without what somebody may have written beside its words."""
    if not value.isascii():
        return _UNSET
    letters = "".join(letter for letter in value.lower() if letter.isalnum())
    # Shorter than an identity even a run may be somebody's mark.
    says_nothing = len(set(letters)) <= 1 or (len(letters) >= SHORTEST_IDENTITY and is_run(letters))
    return value if says_nothing or _UNSET_WORDS.fullmatch(letters) else _UNSET


def _swapped(raw: bytes) -> bytes:
    return raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]


def _ata_text(digits: str) -> str | None:
    """What the digits say in swapped pairs; None where they are no text."""
    raw = bytes.fromhex(digits)
    said = bytes(raw[place ^ 1] for place in range(len(raw))).decode("latin-1")
    return said if said.isascii() and said.isprintable() else None


def _ata_digits(said: str) -> str:
    raw = said.encode("ascii")
    return bytes(raw[place ^ 1] for place in range(len(raw))).hex()


def _spelled_like(sample: str, letters: str) -> str:
    """The letters with the marks and the case of the sample."""
    made = iter(letters)
    is_upper = any(letter.isupper() for letter in sample)
    return "".join(
        _cased(next(made), letter, is_upper=is_upper) if letter.isalnum() else letter
        for letter in sample
    )


def _cased(letter: str, sample: str, *, is_upper: bool) -> str:
    upper = sample.isupper() if sample.isalpha() else is_upper
    return letter.upper() if upper else letter.lower()
