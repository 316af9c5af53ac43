"""A machine without a network and its vendor, and how both are copied to try one more change."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from tests.vm.hardware import Hardware
from tests.vm.machine import IMAGE, Machine, Said, Visit, agent

_SERVER = Path(sys.executable).parent / "faragostar-server"
DONE, RELEASING, RELEASED, DRIFTED, STOPPED, CASE = 0, 11, 12, 13, 14, 23


class Vendor:
    """The real signing server's command over a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.key = ""

    def found(self) -> bytes:
        """Set the server up, sell one license, and return the trust root."""
        self.run("init", "--demo")
        self.run("customer", "add", "Example Company")
        self.key = self.run("issue", "--customer", "Example Company")["license_key"]
        root = self.home.with_suffix(".root")
        self.run("trust", "export", str(root))
        return root.read_bytes()

    def copy(self, home: Path) -> "Vendor":
        """Another vendor with the same past."""
        shutil.copytree(self.home, home)
        other = Vendor(home)
        other.key = self.key
        return other

    def answer(self, request: bytes) -> bytes:
        """Answer what came by hand, as staff do."""
        asked, answered = self.home.with_suffix(".asked"), self.home.with_suffix(".answered")
        asked.write_bytes(request)
        answered.unlink(missing_ok=True)  # the command writes over nobody's file
        self.run("answer", str(asked), "-o", str(answered))
        return answered.read_bytes()

    def run(self, *arguments: str) -> dict[str, Any]:
        """Run the command; it must succeed."""
        command = [str(_SERVER), "--home", str(self.home), "--json", *arguments]
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        found: dict[str, Any] = msgspec.json.decode(done.stdout or "{}")
        return found


class Site:
    """One machine on its hardware, and its vendor; only files go between them."""

    def __init__(self, folder: Path, consoles: Path, machine: Machine, vendor: Vendor) -> None:
        self.folder = folder
        self.consoles = consoles
        self.machine = machine
        self.vendor = vendor

    def copy(self, folder: Path, consoles: Path) -> "Site":
        """The same machine and the same books, as they are now."""
        machine = Machine(folder / "machine", consoles, self.machine.system)
        return Site(folder, consoles, machine, self.vendor.copy(folder / "vendor"))

    def look(self, hardware: Hardware, *before: str) -> tuple[Said, Said]:
        """Switch on and ask where the license stands: at a look, and when the timer runs."""
        visit = self.machine.boot(hardware, agent("status"), agent("check"), before=before)
        status, check = visit.said
        return status, check

    def carry(self, visit: Visit, request: str) -> dict[str, bytes]:
        """Take the request file to the vendor, and bring the answer."""
        return {"answer.jws": self.vendor.answer(visit.files[request])}


def activated(folder: Path, consoles: Path, hardware: Hardware, wheel: Path) -> Site:
    """Install the agent on this hardware and bind a license to it, everything by hand."""
    folder.mkdir(parents=True)
    vendor = Vendor(folder / "vendor")
    root = vendor.found()
    site = Site(
        folder, consoles, Machine(folder / "machine", consoles, IMAGE / "system.img"), vendor
    )
    asked = site.machine.boot(
        hardware,
        agent("setup", "--server", "https://vendor.example", "--root", "/media/stick/root.jws"),
        agent("export", "activate", "/media/stick/request.jws", "--key", vendor.key),
        before=[f"python3 -m zipfile -e {wheel.name} /opt/faragostar-man"],
        carry={wheel.name: wheel.read_bytes(), "root.jws": root},
    )
    assert [said.exit for said in asked.said] == [DONE, DONE], asked.said
    taken = site.machine.boot(
        hardware,
        agent("import", "/media/stick/answer.jws"),
        agent("status"),
        carry=site.carry(asked, "request.jws"),
    )
    assert [said.exit for said in taken.said] == [DONE, DONE], taken.said
    assert taken.said[1].view["standing"] == "active"
    return site
