"""Runs a program on this very kernel, as if other hardware and another system were beneath it.

A mount namespace of its own lays a recorded machine's files over the real ones: the SMBIOS table
on a tmpfs over /sys/firmware (where firmware has none, the folder cannot be made), cards over
/sys/class/net, the root's disk over /sys/dev/block, and single files over /etc and /proc. Nothing
of it is seen outside. Deliberately absent: real devices; those are swapped in an emulated machine.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.machine_folders import ROOT_DEVICE, Card
from tests.machines import Machine

ROOT = Path(__file__).parents[2]
# Files that a bind mount can cover one by one; what this system has not, it cannot be given.
FILES = (
    "etc/machine-id",
    "usr/lib/os-release",
    "etc/debian_version",
    "proc/cpuinfo",
    "proc/uptime",
    "proc/sys/kernel/random/boot_id",
)


def why_not() -> str:
    """The reason why no namespace can be made here; empty where one can."""
    if os.geteuid() != 0:
        return "namespaces of mounts and networks need root"
    if shutil.which("unshare") is None:
        return "unshare (util-linux) is not installed"
    tried = subprocess.run(
        ["unshare", "--mount", "--net", "true"], check=False, capture_output=True, text=True
    )
    return tried.stderr.strip()


class Sandbox(NamedTuple):
    """One machine over this one. `folder` keeps what is laid over; write it anew to swap a part."""

    folder: Path
    # A network namespace of its own has no way out, not even to this machine.
    own_network: bool = True

    def install(self, machine: Machine) -> None:
        """Make this the machine that the next program sees."""
        machine.write(self.folder / "machine")
        _write_flat_cards(machine.cards, self.folder / "cards")
        _write_root_disk(machine, self.folder / "disks")

    def run(self, *program: str, veth: bool = False) -> subprocess.CompletedProcess[str]:
        """Run the program to its end; with `veth` it sees a real pair of cards, and no others."""
        script = [*self._mounts(), *(_veth_pair() if veth else self._cards())]
        namespaces = ["--mount", "--propagation", "private", *(["--net"] * self.own_network)]
        return subprocess.run(
            [
                *("unshare", *namespaces, "sh", "-ec"),
                "\n".join([*script, 'exec "$@"']),
                *("sandbox", *program),
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
        )

    def python(self, code: str, *, veth: bool = False) -> str:
        """What the code prints; its failure is ours."""
        done = self.run(sys.executable, "-c", code, veth=veth)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _mounts(self) -> list[str]:
        recorded = self.folder / "machine"
        covers = [
            (recorded / name, Path("/", name).resolve())
            for name in FILES
            if Path("/", name).exists()
        ]
        if (recorded / "sys/firmware").exists():
            firmware = "/sys/firmware"
            return [
                f"mount -t tmpfs tmpfs {firmware}",
                f"cp -a {shlex.quote(str(recorded / 'sys/firmware/dmi'))} {firmware}/",
                *(_bind(source, target) for source, target in covers),
            ]
        return [_bind(source, target) for source, target in covers]

    def _cards(self) -> list[str]:
        return [
            _bind(self.folder / "cards", Path("/sys/class/net")),
            _bind(self.folder / "disks", Path("/sys/dev/block")),
        ]


def _bind(source: Path, target: Path) -> str:
    return f"mount --bind {shlex.quote(str(source))} {shlex.quote(str(target))}"


def _veth_pair() -> list[str]:
    # A sysfs shows the network namespace that it was mounted in.
    return [
        "ip link add veth0 type veth peer name veth1",
        "mount -t sysfs sysfs /sys",
    ]


def _write_flat_cards(cards: tuple[Card, ...], folder: Path) -> None:
    """Folders instead of links: the devices that links would lead to are this machine's."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for card in cards:
        # A name that no real card has: the driver would be asked for its permanent address.
        interface = folder / f"sb-{card.name}"
        interface.mkdir()
        (interface / "address").write_text(f"{card.address}\n")
        (interface / "addr_assign_type").write_text(f"{card.assigned}\n")
        (interface / "type").write_text("1\n")
        if card.bus and "/usb" not in card.bus:
            (interface / "device").mkdir()


def _write_root_disk(machine: Machine, folder: Path) -> None:
    """The machine's first disk under the number of whatever is mounted on this system's root."""
    shutil.rmtree(folder, ignore_errors=True)
    number = Path("/").stat().st_dev
    for device in (f"{os.major(number)}:{os.minor(number)}", ROOT_DEVICE):
        for attribute, value in machine.disks[0].attributes.items():
            path = folder / device / attribute
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{value}\n")
