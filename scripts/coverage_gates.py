"""Hold the coverage of a whole test run to its gates, and name every line that misses one.

Reads the JSON report of coverage.py. Some parts must be covered in every branch because a fault in
them loses a license or gives it twice; the rest is held to a figure for the whole.
"""

import json
import sys
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

WHOLE = ("protocol/*", "agent/lifecycle.py", "agent/hearing.py", "agent/license_store*")
SHOWN = 12


def misses(path: str, report: Mapping[str, Any]) -> str | None:
    """What a file that must be covered whole leaves out, or None."""
    branches = [f"{start}->{end}" for start, end in report["missing_branches"]]
    left_out = [str(line) for line in report["missing_lines"]] + branches
    if not left_out:
        return None
    more = len(left_out) - SHOWN
    return f"{path}: not covered: {', '.join(left_out[:SHOWN])}" + (
        f" and {more} more" if more > 0 else ""
    )


def main(report_path: str) -> int:
    """Print every gate that is missed; 1 when there is one."""
    root = Path(__file__).parent.parent
    floor = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["coverage"]["report"][
        "fail_under"
    ]
    report = json.loads(Path(report_path).read_text())
    files = {path.replace("\\", "/"): found for path, found in report["files"].items()}
    failures = []
    for gate in WHOLE:
        gated = [path for path in files if fnmatchcase(path, gate)]
        if not gated:
            # A module that was renamed must not slip out of its gate.
            failures.append(f"{gate}: no such file was measured")
        failures += filter(None, (misses(path, files[path]) for path in gated))
    percent = report["totals"]["percent_covered"]
    if percent < floor:
        failures.append(f"the whole: {percent:.2f} % covered, {floor} % asked for")
    print("\n".join(failures) or f"coverage: {percent:.2f} %, every gate held")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
