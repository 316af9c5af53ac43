"""An emulated machine: a system disk that goes from hardware to hardware, and errands on a stick.

Nothing but the stick goes in or out: no network, no shared folder. Every start ends with the power
off, like a real swap of parts. Emulation and not virtualisation: the processor is a part as well.
"""

import os
import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tests.vm.hardware import Hardware

IMAGE = Path(os.environ.get("FARAGOSTAR_VM", ""))
_STICK_BYTES = 34 << 20
# A start takes a quarter of a minute; beside other work on two cores, a few minutes.
_PATIENCE_SECONDS = 900
# The partition by its own id (see image.sh): a disk's name depends on the others.
_KERNEL = (
    "root=PARTUUID=5a17f00d-01 ro console=ttyS0 loglevel=5 panic=-1 mitigations=off"
    # Beside other work the emulated timer may tick too late for the kernel's test of it, which
    # would end the start.
    " no_timer_check"
)
_RUN = """\
run() {
  part=$1; shift
  "$@" >"$part.out" 2>"$part.err" </dev/null
  echo $? >"$part.exit"
}
"""


class Said(NamedTuple):
    """What one command left behind."""

    exit: int
    out: bytes
    err: str

    @property
    def view(self) -> dict[str, Any]:
        """The one JSON object on its standard output."""
        found: dict[str, Any] = msgspec.json.decode(self.out)
        return found

    @property
    def verdict(self) -> str:
        """What the hardware was judged to be."""
        return str(self.view["drift"]["verdict"])

    def parts(self, *statuses: str) -> set[str]:
        """The components that stand so."""
        parts = self.view["drift"]["components"]
        return {part["id"] for part in parts if part["status"] in statuses}


def agent(*arguments: str) -> str:
    """A line of an errand: the agent's command as an administrator gives it."""
    return shlex.join(["faragostar-man", "--json", "--lang", "en", *arguments])


def as_clerk(line: str) -> str:
    """The same line given by a user without rights."""
    return f"setpriv --reuid=clerk --regid=clerk --clear-groups --no-new-privs {line}"


class Visit(NamedTuple):
    """What came back on the stick: each command's answer, and the files it wrote."""

    said: tuple[Said, ...]
    files: Mapping[str, bytes]


class Machine:
    """One system disk. `folder` is its own; `consoles` takes what each start printed."""

    starts = 0
    seconds = 0.0

    def __init__(self, folder: Path, consoles: Path, system: Path) -> None:
        folder.mkdir(parents=True)
        consoles.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.consoles = consoles
        self.system = folder / "system.qcow2"
        form = "raw" if system.suffix == ".img" else "qcow2"
        _do("qemu-img", "create", "-q", "-f", "qcow2", "-F", form, "-b", system, self.system)

    def boot(
        self,
        hardware: Hardware,
        *lines: str,
        before: Sequence[str] = (),
        carry: Mapping[str, bytes] | None = None,
    ) -> Visit:
        """Switch on this hardware, run the lines, switch off.

        `before` is done by the shell before them and must succeed; it prints on the console.
        """
        stick = self.folder / "stick"
        commands = [f"run {number} {line}" for number, line in enumerate(lines)]
        errand = "\n".join(["set -e", *before, "set +e", _RUN, *commands, ""])
        _write_stick(stick, {"errand.sh": errand.encode(), **(carry or {})})
        for place, _ in enumerate(hardware.data_disks):
            with (self.folder / f"data-{place}").open("wb") as disk:
                disk.truncate(_STICK_BYTES)
        self._start(hardware, stick)
        files = _read_stick(stick, self.folder / "came-back")
        assert f"{len(lines) - 1}.exit" in files, "the errand was not done; see the console"
        said = (
            Said(int(files[f"{part}.exit"]), files[f"{part}.out"], files[f"{part}.err"].decode())
            for part in range(len(lines))
        )
        return Visit(tuple(said), files)

    def _start(self, hardware: Hardware, stick: Path) -> None:
        console = self.consoles / f"{len(list(self.consoles.iterdir()))}.log"
        modules: list[str | Path] = ["-initrd", IMAGE / "initrd"]
        began = time.monotonic()
        done = subprocess.run(
            [
                *("qemu-system-x86_64", "-accel", "tcg", "-display", "none", "-monitor", "none"),
                *("-nodefaults", "-no-reboot", "-serial", f"file:{console}"),
                *("-kernel", IMAGE / "vmlinuz", "-append", _KERNEL),
                *([] if hardware.boots_without_modules else modules),
                *hardware.options(self.system, stick, self.folder),
            ],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stderr
        Machine.starts += 1
        Machine.seconds += time.monotonic() - began


def _write_stick(stick: Path, files: Mapping[str, bytes]) -> None:
    stick.unlink(missing_ok=True)
    _do("mkfs.vfat", "-C", "-n", "STICK", stick, str(_STICK_BYTES >> 10))
    for name, content in files.items():
        _do("mcopy", "-i", stick, "-", f"::{name}", input_=content)


def _read_stick(stick: Path, folder: Path) -> Mapping[str, bytes]:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    _do("mcopy", "-n", "-i", stick, "::*", folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _do(*command: str | Path, input_: bytes = b"") -> None:
    subprocess.run(command, check=True, input=input_, capture_output=True)
