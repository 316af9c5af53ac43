"""A process that kills itself at one commit: `python -m tests.kills.committing FOLDER ACT AT WHEN`.

Its server is on the other end of its pipes, so the server outlives it.
"""

import os
import signal
import sys
from base64 import b64decode, b64encode
from pathlib import Path

from agent.config import Home
from agent.hardware.linux import LinuxProbe
from agent.identity import Keys
from agent.machine import Machine, Ports
from agent.publication import PublicFolder
from agent.use_cases import Agent
from protocol.values import ReleaseReason
from tests.agent.dying import DyingStore
from tests.agent.worlds import FakeClock
from tests.simulated_server import LICENSE_KEY


class PipedServer:
    def send(self, request: bytes) -> bytes:
        print(b64encode(request).decode(), flush=True)  # noqa: T201 - the wire
        return b64decode(sys.stdin.readline())


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, act: str, at: int, when: str) -> None:
    home = Home(folder / "home")
    ports = Ports(
        store=DyingStore(home.store, at, when, die),
        server=PipedServer(),
        probe=LinuxProbe(folder / "machine"),
        clock=FakeClock(),
        public=PublicFolder(home.public),
    )
    agent = Agent(Machine(Keys(home.identity), ports))
    if act == "activate":
        agent.activate(LICENSE_KEY)
    else:
        agent.release(ReleaseReason.HARDWARE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
