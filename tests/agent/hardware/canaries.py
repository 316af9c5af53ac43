"""Words that are put into a machine, and looked for in what is written of it.

A canary is looked for in what is written, in the names of files and folders, in any case, and as
hexadecimal digits, in swapped pairs and in wide letters.
"""

import json
from itertools import count
from pathlib import Path


class Canaries:
    """Hands out words that nothing else has, and looks for them."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.numbers: list[bytes] = []
        self._count = count(1)

    def word(self, place: str = "") -> str:
        """Nine letters, and so no number that the kernel could count."""
        digits = f"{next(self._count):03}".translate(str.maketrans("0123456789", "bcdfghjklm"))
        word = f"acme{place[:2]}{digits}"
        self.words.append(word)
        return word

    def serial(self) -> str:
        """As makers write serials."""
        serial = f"Z{next(self._count):03}QX7{next(self._count):03}K"
        self.words.append(serial)
        return serial

    def persian(self) -> str:
        word = f"بایگانی‌{'ابپتثجچحخد'[next(self._count) % 10]}"
        self.words.append(word)
        return word

    def number(self, size: int = 8) -> bytes:
        """Bytes that begin as a card's or a disk's address may."""
        number = bytes([0x50]) + bytes(
            (0xB7 * next(self._count) + 29 * n) % 251 for n in range(size - 1)
        )
        self.numbers.append(number)
        return number

    def mac(self) -> str:
        return self.number(6).hex(":")

    def uuid(self) -> str:
        digits = self.number(16).hex()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def found_in(self, folder: Path) -> list[str]:
        """Those that stand anywhere in the folder."""
        paths = list(folder.rglob("*"))
        names = b"\n".join(str(path.relative_to(folder)).encode() for path in paths)
        links = b"\n".join(str(path.readlink()).encode() for path in paths if path.is_symlink())
        files = (path.read_bytes() for path in paths if path.is_file() and not path.is_symlink())
        written = b"\n".join((names, links, *files, *_unpacked(folder))).lower()
        spellings = {word: _spellings_of_word(word) for word in self.words}
        spellings |= {number.hex(): _spellings_of_number(number) for number in self.numbers}
        return [
            canary
            for canary, spelled in spellings.items()
            if any(spelling.lower() in written for spelling in spelled)
        ]


def _unpacked(folder: Path) -> list[bytes]:
    """What Windows answered in bytes stands in base64."""
    told = json.loads((folder / ".faragostar/probe.json").read_bytes()).get("windows")
    if told is None:
        return []
    import base64

    return [base64.b64decode(raw) for raw in told["bytes_of"].values() if isinstance(raw, str)]


def _spellings_of_word(word: str) -> list[bytes]:
    raw = word.encode()
    swapped = bytes(raw[place ^ 1] for place in range(len(raw) & ~1))
    escaped = json.dumps(word)[1:-1].encode()
    return [
        raw,
        raw.hex().encode(),
        swapped,
        swapped.hex().encode(),
        word.encode("utf-16-le"),
        escaped,
    ]


def _spellings_of_number(number: bytes) -> list[bytes]:
    digits = number.hex()
    spellings = [number, digits.encode(), number.hex(":").encode(), number.hex("-").encode()]
    if len(number) == 16:
        swapped = number[3::-1] + number[5:3:-1] + number[7:5:-1] + number[8:]
        spellings += [swapped, swapped.hex().encode(), number[8:], swapped.hex("-", 2).encode()]
        spellings += [f"{raw[:4].hex()}-{raw[4:6].hex()}".encode() for raw in (number, swapped)]
    return spellings
