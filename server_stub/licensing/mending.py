"""A spool that lacks records, made whole from those that were found elsewhere.

No record is written anew: line by line, a mended spool is what it would be had nothing been lost.
So nothing is put before a record that follows none. A file that was moved away has no hole at its
end, and the one that was begun in its place has none at its beginning.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec

from server_stub.errors import DocumentInvalid
from server_stub.licensing.evidence import EvidenceSpool
from server_stub.licensing.records import damaged, is_changed, read_record


class _Link(msgspec.Struct, frozen=True):
    """What a record says of its place, without its body."""

    index: int
    previous: str
    hash: str


class _Line(NamedTuple):
    """Where a record lies."""

    link: _Link
    file: Path
    offset: int
    size: int


_links = msgspec.json.Decoder(_Link)


def mend(spool: EvidenceSpool, found: Sequence[Path], lost: Sequence[range]) -> None:
    """Put into the spool what it lacks and the files have, durably, or leave it as it is.

    `lost`: entries that an earlier restore declared to be lost; what turned up of them belongs to
    another history.

    Raises:
        StoreUnreadable: the spool is what it was.
        DocumentInvalid: a line is no record.
    """
    spool.become(lambda: _whole(spool.path, found, lost))


def _whole(path: Path, found: Sequence[Path], lost: Sequence[range]) -> Iterator[bytes] | None:
    own = {line.link.hash: line for line in _lines_of(path)}
    brought = {
        line.link.hash: line
        for file in found
        for line in _lines_of(file)
        if not any(line.link.index in each for each in lost)
    }
    ordered = _in_order(own, brought)
    hashes = {line.link.hash for line in ordered}
    # Not whole without each of its own: then it is not these files that it lacks.
    if hashes == own.keys() or not own.keys() <= hashes:
        return None
    return _read(ordered)


def _in_order(own: dict[str, _Line], brought: dict[str, _Line]) -> list[_Line]:
    """From the newest record back to the first, by the hash that each follows."""
    by_hash = brought | own
    # Of two with one index the spool's own comes later, and so is found first.
    lines = sorted(by_hash.values(), key=lambda line: (line.link.index, line.link.hash in own))
    ordered = lines[-1:]
    while ordered and ordered[-1].link.previous:
        link = ordered[-1].link
        before = by_hash.get(link.previous)
        if before is None or before.link.index >= link.index:
            # What it follows is nowhere: the nearest before the hole.
            at = bisect_left(lines, link.index, key=lambda line: line.link.index)
            if not at:
                break
            before = lines[at - 1]
        ordered.append(before)
    return ordered[::-1]


def _lines_of(path: Path) -> Iterator[_Line]:
    offset = 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield _Line(_links.decode(line), path, offset, len(line))
            except msgspec.DecodeError as cause:
                raise damaged(path, number) from cause
            offset += len(line)


def _read(ordered: Iterable[_Line]) -> Iterator[bytes]:
    """Read them all once more, each as it was when its place was found."""
    with ExitStack() as stack:
        paths = {line.file for line in ordered}
        files = {path: stack.enter_context(path.open("rb")) for path in paths}
        for line in ordered:
            file = files[line.file]
            file.seek(line.offset)
            raw = file.read(line.size)
            if not _is(raw, line.link):
                raise DocumentInvalid("a changed record", file=f"{line.file} ({line.link.index})")
            yield raw


def _is(raw: bytes, link: _Link) -> bool:
    try:
        record = read_record(raw)
    except msgspec.DecodeError:
        return False
    return _links.decode(raw) == link and not is_changed(record)
