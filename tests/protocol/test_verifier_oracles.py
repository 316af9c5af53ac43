"""Python, Node and the JDK give one answer to every public folder (§8)."""

import functools
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from protocol.problems import ProtocolError
from protocol.verifier import Here, Judgement, Permission, PublicCopies, Reason, Verifier
from tests.protocol.verifier_cases import CASES
from tests.protocol.verifier_odd import odd_cases
from tests.protocol.verifier_world import Case, case
from tests.vectors.make_vectors import FOLDER as VECTORS
from tests.waiting import PATIENCE_SECONDS

ORACLES = Path(__file__).parents[1] / "oracles"
REQUIRED = os.environ.get("FARAGOSTAR_REQUIRE_ORACLES") == "1"
COMMANDS = {"node": ("node", "verify.mjs"), "java": ("java", "Verify.java")}


def judged(found: Case) -> str:
    """As the oracles tell it."""
    try:
        verifier = Verifier(found.pin)
    except ProtocolError:
        return "pin-broken"
    judgement = verifier.judge(found.copies, found.here)
    watch = judgement.watch
    return f"{told(judgement)} {watch.newest_stamp} {watch.silent_seconds}"


def told(judgement: Judgement) -> str:
    return f"{judgement.permission} {','.join(judgement.reasons) or '-'}"


def from_vectors() -> dict[str, Case]:
    """Every attack on disk, as the file that it would stand in."""
    cases = {}
    world = json.loads((VECTORS / "world.json").read_text(encoding="utf-8"))
    for path in sorted(set(VECTORS.glob("*.json")) - {VECTORS / "world.json"}):
        vector = json.loads(path.read_text(encoding="utf-8"))
        pin = world["trusts"][vector["trust"]].encode()
        raw = vector["bytes"].encode("latin-1")
        match vector["door"]:
            case "license" | "answer":
                found = case("", license=raw, pin=pin)
            case "permit" | "request":
                found = case("", permit=raw, pin=pin)
            case "pin":
                found = case("", pin=raw)
            case _:
                found = case("", roots=raw, pin=pin)
        cases[path.stem] = found
    return cases


ALL = CASES | from_vectors() | odd_cases(seed=20261122, count=300)


def tasks(folder: Path) -> str:
    """Lay every folder out, and name it in a line."""
    lines = []
    for number, found in enumerate(ALL.values()):
        place = folder / str(number)
        lay_out(place, found.copies)
        (place / "pin").write_bytes(found.pin)
        lines.append(task(place, place / "pin", found.here))
    return "".join(lines)


def lay_out(folder: Path, copies: PublicCopies) -> None:
    folder.mkdir()
    for name, content in copies._asdict().items():
        if content is not None:
            (folder / f"{name}.jws").write_bytes(content)


def task(folder: Path, pin: Path, here: Here) -> str:
    asked = {
        "elapsed": here.elapsed,
        "folder": str(folder),
        "newest": here.watch.newest_stamp,
        "now": here.now,
        "pin": str(pin),
        "silent": here.watch.silent_seconds,
        "tag": here.machine_tag,
    }
    return json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


@functools.cache
def answers(oracle: str) -> list[str]:
    """Ask once for all: a JVM takes its time to start."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            COMMANDS[oracle],
            cwd=ORACLES,
            input=tasks(Path(folder)),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(params=COMMANDS)
def oracle(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if shutil.which(name) is None:
        if REQUIRED:
            pytest.fail(f"{name} is missing and FARAGOSTAR_REQUIRE_ORACLES=1")
        pytest.skip(f"{name} is missing")
    return name


@pytest.mark.parametrize("name", CASES)
def test_folder_is_answered_as_the_table_says(name: str) -> None:
    found = CASES[name]
    answer = judged(found)
    assert answer.rsplit(" ", 2)[0].removesuffix(" -") == found.answer


def test_table_has_every_answer_and_every_reason() -> None:
    seen = {word for found in CASES.values() for word in found.answer.replace(",", " ").split()}
    assert seen == {*Permission, *Reason, "pin-broken"}


def test_oracle_gives_the_same_answer_to_every_folder(oracle: str) -> None:
    theirs = dict(zip(ALL, answers(oracle), strict=True))
    ours = {name: judged(found) for name, found in ALL.items()}
    assert {n: (a, theirs[n]) for n, a in ours.items() if theirs[n] != a} == {}


def test_every_attack_on_disk_and_every_odd_document_is_judged_too() -> None:
    attacks = [judged(found) for name, found in ALL.items() if name not in CASES]
    assert len(attacks) > 550
    assert {answer.split()[0] for answer in attacks} == {*Permission, "pin-broken"}
