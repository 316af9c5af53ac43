"""Where the fuzzer starts: generated tables in every form, and names as firmware writes them.

`python -m tests.fuzz.seeds FOLDER` writes them.
"""

import sys
from pathlib import Path

from msgspec.structs import replace

from tests import machines
from tests.smbios_tables import (
    Board,
    Module,
    as_windows_answers,
    behind_entry_point_2,
    behind_entry_point_3,
    structure,
)

_SMALL = replace(machines.BARE_SERVER, memory=(Module("S0A1B2C3"),))
_TABLE = machines.smbios_table(_SMALL)
SEEDS: dict[str, tuple[bytes, ...]] = {
    "table": (
        _TABLE,
        _TABLE.removesuffix(structure(127, b"")),
        machines.smbios_table(machines.VIRTUAL_MACHINE),
        machines.smbios_table(replace(_SMALL, boards=(Board(), Board(hosting=False)))),
        behind_entry_point_2(_TABLE),
        behind_entry_point_3(_TABLE),
        as_windows_answers(_TABLE),
    ),
    "names": (
        b"To be filled by O.E.M.",
        b"System Serial Number",
        b"0123456789",
        b"..CN1374004Q0123.",
        b"{03000200-0400-0500-0006-000700080009}",
        b"4c4c4544-0039-3010-8048-b7c04f384432",
        b"52:54:00:12:34:56",
        b"5d2f0a4c9b7e4e1f8a6c3b2d1e0f9a8b",
        b"eui.36344630528023160025384300000001\nS634F0RA004F2A._.",
        b"naa.5002538e40a1b2c3\n53325242" + b"4e5830483132333435364220" * 2,
        "\ufb00\u0390stra\u00dfe".encode(),
    ),
}


def main(folder: Path) -> None:
    """Write every seed of every target into a folder of its name."""
    for target, seeds in SEEDS.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for place, seed in enumerate(seeds):
            (folder / target / f"seed-{place:02}").write_bytes(seed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
