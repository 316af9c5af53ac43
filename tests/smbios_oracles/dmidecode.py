"""What dmidecode printed of a table that it had dumped."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from agent.hardware import smbios
from tests.smbios_oracles.dmidecode_words import FIELDS, LISTS
from tests.smbios_oracles.parts import KINDS, REAL, Compared, Part, parts_of, table_beside

TEXT_ORACLES = tuple(sorted(REAL.glob("*.orig.txt")))
_VERSION = re.compile(r"SMBIOS (\d+)\.(\d+)")
_HEADER = re.compile(r"Handle 0x(\w{4}), DMI type (\d+), (\d+) bytes")


def compared_with_text(oracle: Path) -> Iterator[Compared]:
    """Every field of the six kinds that dmidecode printed, and the version above them."""
    raw = table_beside(oracle)
    parts = {kind: iter(found) for kind, found in parts_of(raw).items()}
    blocks = oracle.read_text(encoding="latin-1").split("\n\n")
    told = _VERSION.search(blocks[0])
    assert told
    version = smbios.read_structures(raw, KINDS).version
    yield Compared("version", (int(told[1]), int(told[2])), version)
    for block in blocks:
        header = _HEADER.match(block)
        if header and int(header[2]) in parts:
            kind = int(header[2])
            yield from _compared_block(header, block.splitlines()[2:], next(parts[kind]))
    for kind, left in parts.items():
        yield from (Compared(f"one more of type {kind}", "nothing", part) for part in left)


def _compared_block(header: re.Match[str], lines: list[str], part: Part) -> Iterator[Compared]:
    kind, where = int(header[2]), f"0x{header[1]} type {header[2]}"
    yield Compared(f"{where} handle", int(header[1], 16), part.structure.number(0x02, 2))
    yield Compared(f"{where} length", int(header[3]), len(part.structure.formatted))
    for field, told, listed in _fields(lines):
        if field in FIELDS[kind]:
            yield Compared(f"{where} {field}", told, FIELDS[kind][field](part))
        if listed:
            bits = LISTS[kind, field](part)
            yield from (Compared(f"{where} {field}", *pair) for pair in zip_longest(listed, bits))


def _fields(lines: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Each field with its text and the lines below it."""
    fields: list[tuple[str, str, list[str]]] = []
    for line in lines:
        if line.startswith("\t\t"):
            fields[-1][2].append(line.strip())
        else:
            field, _, told = line.removeprefix("\t").partition(":")
            fields.append((field, told.removeprefix(" "), []))
    return iter(fields)
