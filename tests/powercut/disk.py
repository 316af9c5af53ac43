"""A disk as strace saw it used, and every state in which a power cut may leave it.

What was written and not yet synced is on the disk or is not, in any combination, whole or torn at a
sector; a name made, moved or removed in a folder that was not synced since holds or does not. This
is less than any journaling file system promises, so whatever survives here survives there.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NamedTuple

from tests.kills.tracing import Call

SECTOR = 512
PAGE = 4096

_FD = re.compile(r"^(\d+)<([^>]*)>")
_HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_PATHS = re.compile(r'"([^"]*)"')


class Write(NamedTuple):
    """Bytes for a place in a file; a cut to `at` when there are none to write."""

    at: int
    content: bytes | None

    def torn(self) -> list["Write | None"]:
        """Nothing of it, all of it, and what is there when the power goes at a sector."""
        if self.content is None or len(self.content) <= SECTOR:
            return [None, self]
        middle = min(PAGE, len(self.content)) // 2 // SECTOR * SECTOR
        beginning = Write(self.at, self.content[:middle])
        # Room was made for the whole, and only its end was written.
        end = Write(self.at + middle, self.content[middle:])
        return [None, self, beginning, end]


class Name(NamedTuple):
    """A folder's entry: from now on this file, or none."""

    path: str
    file: int | None
    moved_from: str | None = None


@dataclass
class File:
    """What is on the disk of a file, and what is on its way."""

    durable: bytes = b""
    pending: list[Write] = field(default_factory=list)


class Image(NamedTuple):
    """What the disk holds after a power cut."""

    folders: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]

    def restore(self) -> None:
        """Lay it out where it came from."""
        for folder in self.folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
        for path, content in self.files:
            Path(path).write_bytes(content)


class Disk:
    """Follows the calls of one process after another."""

    def __init__(self, home: Path) -> None:
        """Begin with what is there; it has been synced."""
        self._home = home
        self._files: list[File] = []
        self._names: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._entries: dict[str, list[Name]] = {}
        self._offsets: dict[str, int] = {}
        self._folders = [str(home)]
        for path in sorted(home.rglob("*")):
            if path.is_dir():
                self._folders.append(str(path))
            else:
                self._files.append(File(path.read_bytes()))
                self._names[str(path)] = len(self._files) - 1
        self._seen = dict(self._names)

    def follow(self, call: Call) -> None:
        """Take one call that succeeded into account."""
        if call.result.startswith("-") or call.result in ("", "?"):
            return
        match call.name:
            case "open" | "openat":
                self._open(call)
            case "write" | "pwrite64":
                self._write(call)
            case "ftruncate":
                path, (*_, size) = self._target(call)
                self._at(path).pending.append(Write(int(size), None))
            case "fsync" | "fdatasync":
                self._sync(call)
            case "unlink" | "unlinkat":
                path = _paths(call)[0]
                self._seen.pop(path)
                self._enter(Name(path, None))
            case "rename" | "renameat" | "renameat2":
                source, target = _paths(call)
                file = self._seen.pop(source)
                self._seen[target] = file
                self._enter(Name(target, file, moved_from=source))
            case "mkdir" | "mkdirat" | "chmod" | "fchmod" | "fchmodat":
                pass  # folders were made before, and rights are not what is lost
            case _:
                raise NotImplementedError(call.name)

    def _open(self, call: Call) -> None:
        path = _paths(call)[0]
        descriptor = call.result.partition("<")[0]
        self._offsets[descriptor] = 0
        if path not in self._seen and "O_CREAT" in call.arguments:
            self._files.append(File())
            self._seen[path] = len(self._files) - 1
            self._enter(Name(path, self._seen[path]))

    def _write(self, call: Call) -> None:
        path, rest = self._target(call)
        match = _HEX.search(call.arguments)
        assert match is not None
        content = _bytes(match[1])
        assert call.result == str(len(content))
        descriptor = call.arguments.partition("<")[0]
        at = int(rest[-1]) if call.name == "pwrite64" else self._offsets[descriptor]
        if call.name == "write":
            self._offsets[descriptor] += len(content)
        self._at(path).pending.append(Write(at, content))

    def _sync(self, call: Call) -> None:
        path, _ = self._target(call)
        if path in self._folders:
            for name in self._entries.pop(path, []):
                _name(self._names, name)
        else:
            file = self._at(path)
            file.durable = _written(file.durable, file.pending)
            file.pending = []

    def _target(self, call: Call) -> tuple[str, list[str]]:
        match = _FD.match(call.arguments)
        assert match is not None
        return match[2], call.arguments.rpartition('"')[2].strip(", ").split(", ")

    def _at(self, path: str) -> File:
        return self._files[self._seen[path]]

    def _enter(self, name: Name) -> None:
        self._entries.setdefault(str(Path(name.path).parent), []).append(name)

    def images(self, most: int, sample: int, chance: random.Random) -> tuple[set[Image], bool]:
        """Every state a power cut may leave now; a sample when there are more than `most`.

        The second value tells whether they are all.
        """
        writes = [(i, w.torn()) for i, f in enumerate(self._files) for w in f.pending]
        names = [name for entries in self._entries.values() for name in entries]
        ways = 2 ** len(names)
        for _, torn in writes:
            ways *= len(torn)
        choices: Iterator[Sequence[object]] = (
            iter(product(*(torn for _, torn in writes), *((False, True) for _ in names)))
            if ways <= most
            else (
                [chance.choice(torn) for _, torn in writes] + [chance.random() < 0.5 for _ in names]
                for _ in range(sample)
            )
        )
        found = set()
        for choice in choices:
            kept = list(zip(writes, choice, strict=False))
            holds = [n for n, chosen in zip(names, choice[len(writes) :], strict=True) if chosen]
            found.add(self._image([(i, w) for (i, _), w in kept if isinstance(w, Write)], holds))
        return found, ways <= most

    def _image(self, writes: list[tuple[int, Write]], names: list[Name]) -> Image:
        entries = dict(self._names)
        for name in names:
            _name(entries, name)
        content = [
            (path, _written(self._files[i].durable, [w for j, w in writes if j == i]))
            for path, i in sorted(entries.items())
        ]
        return Image(tuple(self._folders), tuple(content))


def _name(entries: dict[str, int], name: Name) -> None:
    if name.moved_from is not None:
        entries.pop(name.moved_from, None)
    if name.file is None:
        entries.pop(name.path, None)
    else:
        entries[name.path] = name.file


def _written(content: bytes, writes: list[Write]) -> bytes:
    after = bytearray(content)
    for write in writes:
        if write.content is None:
            del after[write.at :]
            after.extend(bytes(max(0, write.at - len(after))))
        else:
            after.extend(bytes(max(0, write.at - len(after))))
            after[write.at : write.at + len(write.content)] = write.content
    return bytes(after)


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _paths(call: Call) -> list[str]:
    return _PATHS.findall(call.arguments)
