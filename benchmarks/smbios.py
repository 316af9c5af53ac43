"""What reading an SMBIOS table costs: the parser against finding where each structure ends.

Run as `python -m benchmarks.smbios`. The goal is 1 ms for the largest table known: a virtual
machine's, with 128 processors, 128 memory slots and 360 structures that say nothing of interest.
The floor is the least that Python can do with it: one search per structure. Both are timed in
turns, so that a busy machine slows both; real tables are measured too where they lie beside the
repository.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from agent.hardware import smbios
from agent.hardware.entry_point import locate
from tests.machines import BARE_SERVER, smbios_table
from tests.smbios_oracles.parts import REAL
from tests.smbios_tables import Module, memory_device, structure

GOAL_US = 1000
_ROUNDS = 400
_SLOTS = 128
_OTHERS = 360


def largest() -> bytes:
    """As large as the largest real one, generated."""
    processor = structure(4, bytes([1, 3, 1, 2, *bytes(8), 3, *bytes(25)]), "CPU #000", "I", "Xeon")
    cache = structure(7, bytes([1, *bytes(14)]), "L1 Cache")
    end = structure(127, b"")
    modules = b"".join(memory_device(Module("", "", 0), slot) for slot in range(_SLOTS))
    others = processor * _SLOTS + cache * _OTHERS + modules
    return smbios_table(BARE_SERVER).removesuffix(end) + others + end


def walk(table: bytes) -> int:
    """Find the end of every structure and do nothing else: the floor."""
    start = count = 0
    while start + 1 < len(table):
        end = table.find(b"\0\0", start + table[start + 1])
        if end < 0:
            break
        start, count = end + 2, count + 1
    return count


def compare(name: str, raw: bytes) -> None:
    """Print the medians of both, and the ratio."""
    table = locate(raw).structures
    pairs = [
        (_timed(lambda: smbios.parse(raw)), _timed(lambda: walk(table))) for _ in range(_ROUNDS)
    ]
    parsed, walked = (statistics.median(column) / 1000 for column in zip(*pairs, strict=True))
    best = min(pair[0] for pair in pairs) / 1000
    line = (
        f"{name:<32}{len(table):>6} bytes {parsed:7.1f} us (best {best:.1f}), floor {walked:6.1f}"
    )
    sys.stdout.write(f"{line} us, ratio {parsed / walked:.1f}\n")


def _timed(measured: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    measured()
    return time.perf_counter_ns() - started


def main() -> None:
    """Print one row per table."""
    sys.stdout.write(f"goal: {GOAL_US} us for the largest\n")
    compare("largest, generated", largest())
    dumps: list[Path] = sorted((*REAL.glob("*.dmi"), *REAL.glob("*.bin"), *REAL.glob("*.dat")))
    for path in dumps:
        compare(path.stem, path.read_bytes())


if __name__ == "__main__":
    main()
