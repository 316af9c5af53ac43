"""A machine as a folder: what the probe read of it, and nothing else.

The folder is laid out like `/`, so that `LinuxProbe` reads it again and finds the same; what is no
file, and why something could not be read, stands in `.faragostar/probe.json`.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from agent.errors import FolderTaken
from agent.files import OWNER_ONLY, OWNER_ONLY_FOLDER, named_file, require_folder
from agent.fingerprint import Inventory, UnknownReason
from agent.hardware.answers import (
    RECORDED_ANSWERS,
    Answers,
    OpenMachine,
    RecordedAnswers,
    RootMount,
    open_machine,
)
from agent.hardware.linux import read_machine
from agent.hardware.tree import MachineTree
from agent.hardware.windows.answers import RecordedWindows


class Recording(NamedTuple):
    """One machine's files, folders and links by their paths on it, and the answers beside them."""

    files: Mapping[str, bytes]
    folders: frozenset[str]
    links: Mapping[str, str]
    answers: RecordedAnswers | RecordedWindows


class Recorded(NamedTuple):
    """What was read while it was recorded."""

    inventory: Inventory
    recording: Recording


def record(root: Path = Path("/")) -> Recorded:
    """Read a machine once more, and keep whatever was looked at."""
    machine = open_machine(root)
    tree = RecordingTree(machine.tree)
    answers = RecordingAnswers(machine.answers)
    inventory = read_machine(OpenMachine(tree, answers))
    return Recorded(inventory, tree.recording(answers))


class RecordingAnswers:
    """Passes questions on, and keeps the answers."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._root: RootMount | UnknownReason = UnknownReason.ABSENT
        self._addresses: dict[str, str] = {}

    def root_mount(self) -> RootMount | UnknownReason:
        """What the root lies on."""
        self._root = self._answers.root_mount()
        return self._root

    def permanent_address(self, interface: str) -> str | None:
        """The address a card was made with."""
        address = self._answers.permanent_address(interface)
        if address is not None:
            self._addresses[interface] = address
        return address

    def recorded(self, refused: Mapping[str, UnknownReason]) -> RecordedAnswers:
        """All answers so far, beside what could not be read."""
        addresses, refusals = dict(self._addresses), dict(refused)
        if isinstance(self._root, UnknownReason):
            return RecordedAnswers(
                unreadable=self._root, permanent_addresses=addresses, refused=refusals
            )
        return RecordedAnswers(root=self._root, permanent_addresses=addresses, refused=refusals)


class RecordingTree(MachineTree):
    """Reads like the tree of the same machine, and keeps what was found."""

    def __init__(self, tree: MachineTree) -> None:
        super().__init__(tree.root, tree.refused)
        self._files: dict[str, bytes] = {}
        self._folders: set[str] = set()
        self._links: dict[str, str] = {}
        self._failed: dict[str, UnknownReason] = {}

    def read(self, path: str) -> bytes | UnknownReason:
        """The file's bytes, kept under the name that its links end in."""
        found = super().read(path)
        if isinstance(found, bytes):
            self._files[self._followed(path)] = found
        elif found is not UnknownReason.ABSENT:
            self._failed[path] = found
        return found

    def names(self, folder: str) -> tuple[str, ...] | UnknownReason:
        """What lies in the folder; files that nobody reads are kept empty."""
        found = super().names(folder)
        if isinstance(found, tuple):
            place = self._followed(folder)
            self._folders.add(place)
            for name in found:
                self._keep(f"{place}/{name}")
        elif found is not UnknownReason.ABSENT:
            self._failed[folder] = found
        return found

    def exists(self, path: str) -> bool:
        """Whether there is something at the path; then it is kept, empty."""
        found = super().exists(path)
        if found:
            self._keep(path)
        return found

    def target(self, path: str) -> str | None:
        """Where the links end; the links are kept, and what they end in."""
        found = super().target(path)
        if found is not None:
            self._keep(path)
        return found

    def recording(self, answers: RecordingAnswers) -> Recording:
        """All that was kept so far."""
        return Recording(
            files=dict(self._files),
            folders=frozenset(self._folders),
            links=dict(self._links),
            answers=answers.recorded(self._failed),
        )

    def _keep(self, path: str) -> None:
        place = self._followed(path)
        located = Path(self.prefix + place)
        if located.is_symlink():
            return  # out of a recorded folder: nothing was found there
        if located.is_dir():
            self._folders.add(place)
        elif located.exists():
            self._files.setdefault(place, b"")

    def _followed(self, path: str) -> str:
        """The path without links; each link on the way is kept."""
        place = ""
        for name in filter(None, path.split("/")):
            place = f"{place}/{name}"
            if Path(self.prefix + place).is_symlink() and (target := self._end_of(place)):
                self._links[place] = target
                place = target
        return place

    def _end_of(self, link: str) -> str | None:
        """Where a link ends on this machine, whether anything is there or not."""
        real = os.path.realpath(self.prefix + link)
        return real[len(self.prefix) :] if self.is_inside(real) else None


def write(recording: Recording, folder: Path) -> None:
    """Lay the machine out in a folder of the owner's alone, wholly or not at all.

    Raises:
        FolderTaken: something stands under that name, or in that folder; it was not touched.
        FileUnreadable: it cannot be written.
    """
    folder = folder.absolute()
    require_folder(folder.parent)
    with named_file(folder):
        if os.path.lexists(folder) and not _is_empty_folder(folder):
            raise FolderTaken(path=folder)
        fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
        fresh.mkdir(OWNER_ONLY_FOLDER)
        try:
            _lay_out(recording, fresh)
            if sys.platform == "win32" and folder.is_dir():
                folder.rmdir()  # there no folder takes the place of another
            # Takes the place of an empty folder, and of no other.
            fresh.replace(folder)
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
            raise


def _is_empty_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink() and not any(place.iterdir())


def _lay_out(recording: Recording, folder: Path) -> None:
    for place in recording.folders:
        _make(folder, place)
    answers = msgspec.json.format(msgspec.json.encode(recording.answers))
    for place, content in {**recording.files, RECORDED_ANSWERS: answers}.items():
        above, _, name = place.rpartition("/")
        handle = os.open(
            _make(folder, above) / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY
        )
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    for place, target in recording.links.items():
        above, _, name = place.rpartition("/")
        _make(folder, above).joinpath(name).symlink_to(os.path.relpath(target, above or "/"))


def _make(folder: Path, place: str) -> Path:
    """The folder at that place of the machine; every one above it is the owner's alone too."""
    made = folder
    for name in filter(None, place.split("/")):
        made /= name
        made.mkdir(OWNER_ONLY_FOLDER, exist_ok=True)
    return made
