"""Time the parts of a fingerprint in one process: the median and the slowest, in microseconds.

Run as `python -m benchmarks.fingerprint`. The goal is 5 ms for the whole collection after start-up,
and 1 ms for the largest table. The table here has the 128 memory slots of a large virtual machine;
the machine is the one that runs this.
"""

import statistics
import time
from collections.abc import Callable

from agent.fingerprint import take_tags
from agent.hardware import smbios
from agent.hardware.linux import LinuxProbe
from protocol.comparison import compare
from protocol.weights import DEFAULT_POLICY
from tests.machines import Machine, smbios_table
from tests.smbios_tables import Module

ROUNDS = 300
SALT = bytes(32)


def microseconds(measured: Callable[[], object]) -> tuple[float, float]:
    """The median and the slowest round."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        measured()
        rounds.append((time.perf_counter() - started) * 1e6)
    return statistics.median(rounds), max(rounds)


def main() -> None:
    """Print one row per part."""
    inventory = LinuxProbe().read()
    tags = take_tags(inventory, SALT)
    table = smbios_table(Machine(memory=(Module("S0A1B2C3"),) * 128))
    for name, measured in (
        ("collection", LinuxProbe().read),
        (f"table of {len(table)} bytes", lambda: smbios.parse(table)),
        ("tags", lambda: take_tags(inventory, SALT)),
        ("comparison", lambda: compare(tags, tags, DEFAULT_POLICY)),
    ):
        median, slowest = microseconds(measured)
        print(f"{name:<24}{median:>8.0f}{slowest:>8.0f}")


if __name__ == "__main__":
    main()
