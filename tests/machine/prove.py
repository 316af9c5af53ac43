"""The long profile: so many steps of the machine, on every core, from a seed that is printed.

    python -m tests.machine.prove --steps 300000 --seed 1

`FARAGOSTAR_TEST_DATABASE` chooses the database. Any violation ends the run with its own story.
"""

import argparse
import itertools
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import hypothesis
import msgspec
from hypothesis.stateful import run_state_machine_as_test

from tests import databases
from tests.machine import profiles
from tests.machine.rules import Walk

WALKS, STEPS = 20, 150


class Share(msgspec.Struct):
    """What one process did."""

    seeds: list[int]
    walks: int
    seconds: float
    rules: dict[str, int]
    told: dict[str, int]


def walk(seed: int, steps: int, apart: int, *, shrinks: bool) -> Share:
    """Walk from this seed, and every `apart`th after it, until enough steps were taken."""
    began, seeds = time.monotonic(), []
    for number in itertools.count(seed, apart):
        seeds.append(number)
        machine = hypothesis.seed(number)(Walk)
        run_state_machine_as_test(machine, settings=profiles.prove(WALKS, STEPS, shrinks=shrinks))
        taken = sum(Walk.steps.values())
        # How far it is, and how far it came before a violation: that ends the run.
        print(f"seed {number}: {taken} steps", file=sys.stderr, flush=True)  # noqa: T201
        if taken >= steps:
            break
    return Share(seeds, Walk.walks, time.monotonic() - began, Walk.steps, Walk.told)


def _shares(arguments: argparse.Namespace) -> Iterator[Share]:
    """One process for each core; each is told its own share."""
    command = [sys.executable, "-m", "tests.machine.prove", "--worker", str(arguments.workers)]
    command += ["--shrink"] * arguments.shrink
    steps = -(-arguments.steps // arguments.workers)
    # The first to ask starts the database; the others inherit it.
    if databases.KIND is databases.Kind.POSTGRESQL:
        databases.cluster()
    running = [
        subprocess.Popen(
            [*command, "--steps", str(steps), "--seed", str(arguments.seed + number)],
            stdout=subprocess.PIPE,
        )
        for number in range(arguments.workers)
    ]
    for process in running:
        told, _ = process.communicate()
        if process.returncode:
            raise SystemExit(process.returncode)
        yield msgspec.json.decode(told, type=Share)


def main() -> None:
    parser = argparse.ArgumentParser(prog="prove")
    parser.add_argument("--steps", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--worker", type=int, help="be one of so many")
    parser.add_argument("--shrink", action="store_true", help="make a failing walk short: slow")
    arguments = parser.parse_args()
    if arguments.worker:
        share = walk(arguments.seed, arguments.steps, arguments.worker, shrinks=arguments.shrink)
        sys.stdout.buffer.write(msgspec.json.encode(share))
        return
    print(f"machine on {databases.KIND}, seed {arguments.seed}", flush=True)  # noqa: T201
    shares = list(_shares(arguments))
    rules = sum((Counter(share.rules) for share in shares), Counter[str]())
    told = sum((Counter(share.told) for share in shares), Counter[str]())
    walks, seconds = sum(share.walks for share in shares), max(share.seconds for share in shares)
    lines = [
        f"{rules.total()} steps in {walks} walks, 0 violations",
        f"{seconds:.0f} s, {rules.total() / seconds:.0f} steps/s",
        f"seeds {sorted(seed for share in shares for seed in share.seeds)}",
        *(f"{count:8} {name}" for name, count in rules.most_common()),
        "what users and staff were told when an act did not happen:",
        *(f"{count:8} {name}" for name, count in told.most_common()),
    ]
    print("\n".join(lines))  # noqa: T201


if __name__ == "__main__":
    main()
