"""The whole journey on this machine: its real fingerprint, and a signing server of its own.

Prints each step as a person would want to read it, runs the very commands that an administrator
would run, and removes everything again. `KEEP=1` leaves the server running and says how to go on.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
CUSTOMER = "Example Company"
SETTLED_SECONDS = 10
DRIFTED = 13
RELEASING = 11
NO_WINDOW = 2
ACTIVATING = 10
OTHER_MACHINE_ID = "0123456789abcdef0123456789abcdef"
OTHER_SYSTEM = 'PRETTY_NAME="Debian GNU/Linux 99 (demo)"\nID=debian\nVERSION_ID="99"\n'


class Demo:
    """One customer, one vendor, one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.agent_home = folder / "agent"
        self.server_home = folder / "server"
        self.server: subprocess.Popen[str] | None = None
        self._step = 0

    def say(self, text: str) -> None:
        """Announce a step."""
        self._step += 1
        line = f"{self._step}. {text}"
        print(f"\n\033[1m{line}\033[0m" if sys.stdout.isatty() else f"\n{line}", flush=True)

    def note(self, text: str) -> None:
        """Say a word between commands."""
        print(f"   {text}", flush=True)

    def vendor(self, *arguments: str) -> Mapping[str, Any]:
        """Run the vendor's command quietly and return its JSON."""
        command = [str(BIN / "faragostar-server"), "--home", str(self.server_home), "--json"]
        done = _run([*command, *arguments])
        if done.returncode != 0:
            raise SystemExit(f"{shlex.join([*command, *arguments])}\n{done.stdout}{done.stderr}")
        found: Mapping[str, Any] = json.loads(done.stdout or "{}")
        return found

    def agent(self, *arguments: str, expect: int = 0, inside: tuple[str, ...] = ()) -> None:
        """Run the agent's command as an administrator would, and show what it says."""
        self.note(f"$ faragostar-man {shlex.join(arguments)}")
        command = [*inside, str(BIN / "faragostar-man"), "--home", str(self.agent_home)]
        done = _run([*command, *arguments])
        for line in (done.stdout + done.stderr).splitlines():
            self.note(f"| {line}")
        if done.returncode != expect:
            raise SystemExit(f"demo: exit code {done.returncode} where {expect} was expected")

    def serve(self, port: str = "0") -> str:
        """Start the signing server and return its address; it says when it listens."""
        log = (self.folder / "server.log").open("a")
        command = [str(BIN / "faragostar-server"), "--home", str(self.server_home)]
        self.server = subprocess.Popen(
            [*command, "serve", "--port", port],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        for line in self.server.stdout or ():
            if "http://" in line:
                return "http://" + line.partition("http://")[2].split()[0]
        raise SystemExit(f"demo: the server did not start; see {log.name}")

    def stop(self) -> None:
        """Stop the server, as a service manager would."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGTERM)
            self.server.wait(timeout=SETTLED_SECONDS)
            self.server = None


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def prepare(demo: Demo) -> tuple[str, str]:
    """Be the vendor: keys, a customer, a license, a running server."""
    demo.say("The vendor sets up a signing server and issues a license")
    root = demo.folder / "root.jws"
    demo.vendor("init", "--demo")
    demo.vendor("trust", "export", str(root))
    demo.vendor("customer", "add", CUSTOMER)
    issued = demo.vendor(
        "issue", "--customer", CUSTOMER, "--modules", "letters,bpm", "--seats", "50"
    )
    url = demo.serve()
    demo.note(f"license key   {issued['license_key']}")
    demo.note(f"support code  {issued['support_code']}")
    demo.note(f"listening on  {url}")
    return url, str(issued["license_key"])


def journey(demo: Demo, url: str, key: str) -> None:
    """Be the administrator: the journey that the product exists for."""
    demo.say("This server: set up once, and look at its real fingerprint")
    demo.agent("setup", "--server", url, "--root", str(demo.folder / "root.jws"))
    demo.agent("fingerprint")
    demo.say("Activate: the license is bound to this machine")
    demo.agent("activate", key)
    demo.say("Before a change: release, and keep the receipt and the code")
    demo.agent("release", "--reason", "hardware", "--yes")
    demo.say("After the change: take the license again")
    demo.agent("reactivate")
    away(demo, url)
    change(demo)
    demo.say("What happened, all of it")
    demo.agent("history")


def away(demo: Demo, url: str) -> None:
    """Show that a server that is away stops nobody."""
    demo.say("The signing server is away: the license runs on, and a release is complete here")
    demo.stop()
    demo.agent("check")
    demo.agent("release", "--reason", "os", "--yes", expect=RELEASING)
    demo.serve(url.rpartition(":")[2])
    demo.note("… the server is back")
    demo.agent("check", expect=12)
    demo.agent("reactivate")


def change(demo: Demo) -> None:
    """Show a real change: this very machine with another machine-id and system release."""
    inside = changed_machine(demo.folder)
    if isinstance(inside, str):
        demo.say(f"A change without notice: left out here, {inside}")
        return
    demo.say("A change without notice: another system release and machine-id, for real")
    demo.agent("check", expect=DRIFTED, inside=inside)
    demo.note("… the change is undone")
    demo.agent("check")


def changed_machine(folder: Path) -> tuple[str, ...] | str:
    """Return what runs a command in a mount namespace with another system, or why nothing can."""
    if os.geteuid() != 0:
        return "it needs root"
    others = {"/etc/machine-id": f"{OTHER_MACHINE_ID}\n", "/etc/os-release": OTHER_SYSTEM}
    mounts = []
    for number, (path, content) in enumerate(others.items()):
        if Path(path).exists():  # a container may have no machine-id
            other = folder / f"other-{number}"
            other.write_text(content)
            mounts.append(shlex.join(["mount", "--bind", str(other), str(Path(path).resolve())]))
    script = " && ".join([*mounts, 'exec "$@"'])
    # Where mounts are shared (systemd shares all), "unchanged" would change the host itself.
    shared = " shared:" in Path("/proc/self/mountinfo").read_text()
    propagation = "private" if shared else "unchanged"
    inside = ("unshare", "--mount", "--propagation", propagation, "sh", "-c", script, "sh")
    if shutil.which("unshare") is None or _run([*inside, "true"]).returncode != 0:
        return "this system gives no mount namespaces"
    return inside


def window(demo: Demo) -> None:
    """Open the window on what the journey left, where there is a screen; closing it goes on."""
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        demo.say("The window: left out here, there is no screen to open it on")
        return
    demo.say("The window: the same license; close it to go on")
    done = _run([str(BIN / "faragostar-man"), "--home", str(demo.agent_home), "ui"])
    for line in (done.stdout + done.stderr).splitlines():
        demo.note(f"| {line}")
    if done.returncode not in (0, NO_WINDOW):
        raise SystemExit(f"demo: the window ended with exit code {done.returncode}")


def farewell(demo: Demo, key: str) -> None:
    """Say how to go on by hand."""
    agent = f"{BIN}/faragostar-man --home {demo.agent_home}"
    server = f"{BIN}/faragostar-server --home {demo.server_home}"
    demo.say("Everything is left running; go on by hand")
    demo.note(f"{agent} status")
    demo.note(f"{agent} release --reason os")
    demo.note(f"{server} license show {key}")
    if demo.server is not None:
        demo.note(f"kill {demo.server.pid} && rm -r {demo.folder}    # when done")


def main() -> None:
    """Run the demo and clean up, whatever happens."""
    keep = os.environ.get("KEEP", "") not in ("", "0")
    demo = Demo(Path(tempfile.mkdtemp(prefix="faragostar-demo-")))
    kept = False
    try:
        url, key = prepare(demo)
        journey(demo, url, key)
        window(demo)
        if keep:
            farewell(demo, key)
            kept = True
        else:
            demo.say("Done; everything was removed again. KEEP=1 leaves it running.")
    finally:
        if not kept:
            demo.stop()
            shutil.rmtree(demo.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
