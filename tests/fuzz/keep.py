"""Keep what the fuzzer found: `python -m tests.fuzz.keep TARGET FOLDER`.

Of the inputs in the folder, the smallest first, each that takes a step between two lines of the
code which neither a seed nor a kept input takes. The corpus stays small, and is the same for the
same findings.
"""

import hashlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

from agent import hardware
from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import CORPUS, TARGETS

_TRACED = str(Path(hardware.__file__).parent)
Step = tuple[str, int, int]


def steps_of(target: Callable[[bytes], None], raw: bytes) -> set[Step]:
    """Every step from a line to a line of the traced code."""
    steps: set[Step] = set()
    last: dict[FrameType, int] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(_TRACED):
            return None
        if event in {"call", "line"}:
            steps.add((frame.f_code.co_filename, last.get(frame, 0), frame.f_lineno))
            last[frame] = frame.f_lineno
        return trace

    sys.settrace(trace)
    try:
        target(raw)
    finally:
        sys.settrace(None)
    return steps


def keep(target: str, found: Iterable[bytes]) -> int:
    """Write what leads somewhere new, and return how many that were."""
    run, folder = TARGETS[target], CORPUS / target
    known = [*SEEDS[target], *(path.read_bytes() for path in sorted(folder.iterdir()))]
    taken = set[Step]().union(*(steps_of(run, raw) for raw in known))
    kept = 0
    for raw in sorted(found, key=lambda raw: (len(raw), raw)):
        if new := steps_of(run, raw) - taken:
            taken |= new
            (folder / hashlib.sha256(raw).hexdigest()[:16]).write_bytes(raw)
            kept += 1
    return kept


if __name__ == "__main__":
    count = keep(sys.argv[1], [path.read_bytes() for path in Path(sys.argv[2]).iterdir()])
    sys.stdout.write(f"{count} kept\n")
