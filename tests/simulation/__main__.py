"""Print the figures: `make simulate`."""

import sys
from collections import Counter

from protocol.verdicts import Verdict
from tests.simulation.events import FAILING, TOLERATED
from tests.simulation.figures import pairs_of, selves_of
from tests.simulation.pool import Filling, Subject, subjects


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def _verdicts(found: Counter[Verdict]) -> str:
    return ", ".join(f"{verdict.value} {found[verdict]}" for verdict in Verdict if found[verdict])


def _tell_pairs(name: str, chosen: list[Subject]) -> None:
    _say(f"\n{name}: {len(chosen)} machines, all ordered pairs of different ones")
    _say("| filled with | pairs | enough coverage | highest score | at any coverage | verdicts |")
    _say("|---|---|---|---|---|---|")
    for filling in Filling:
        found = pairs_of(chosen, filling)
        told = (filling.value, found.pairs, found.judged, f"{found.highest} ({found.whose})")
        rest = (found.highest_of_any, _verdicts(found.verdicts))
        _say("|", " | ".join(map(str, (*told, *rest))), "|")


def _tell_selves(filling: Filling, chosen: list[Subject]) -> None:
    _say(f"\nOne machine and itself, {filling.value}")
    _say("| event | machines | lowest score | lowest coverage | verdicts |")
    _say("|---|---|---|---|---|")
    for event, found in selves_of(chosen, filling, {**TOLERATED, **FAILING}).items():
        told = (event, found.judged, found.lowest, found.coverage, _verdicts(found.verdicts))
        _say("|", " | ".join(map(str, told)), "|")


def main() -> None:
    """Print both extremes, per mille."""
    everyone = subjects()
    real = [one for one in everyone if one.is_real]
    if not real:
        _say("No real tables here (shared/data/smbios); only machines made in this repository.")
    for name, chosen in (("Real tables", real), ("With two fleets", everyone)):
        if chosen:
            _tell_pairs(name, chosen)
    for filling in (Filling.NOTHING, Filling.DIFFERENT):
        _tell_selves(filling, real or everyone)


if __name__ == "__main__":
    main()
