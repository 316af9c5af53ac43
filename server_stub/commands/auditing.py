"""`verify-audit`."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from server_stub.commands import typed
from server_stub.commands.losses import known_losses
from server_stub.commands.opening import open_books
from server_stub.commands.progress import waited_for
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.errors import AuditBroken, EvidenceElsewhere

if TYPE_CHECKING:
    from server_stub.licensing.faults import Fault


def add_parsers(add: Parsers) -> None:
    """Add the command."""
    verify = add(
        "verify-audit", verify_audit, "check books, evidence and signatures against each other"
    )
    verify.add_argument(
        "--evidence", metavar="FILE", type=typed.file, action="append", default=[], help="older"
    )


def verify_audit(call: Call) -> Shown:
    """Verify everything that was ever written.

    Raises:
        AuditBroken: with every place that does not hold.
        EvidenceElsewhere: all of them are that evidence is missing.
    """
    open_books(call)
    from server_stub.licensing.evidence import EvidenceSpool
    from server_stub.licensing.roots import published
    from server_stub.licensing.transactions import long_reading, store_errors
    from server_stub.licensing.verification import verify

    with waited_for(call) as progress, store_errors(), long_reading():
        spool = EvidenceSpool(call.home.evidence)
        found = verify(published(), spool, call.arguments.evidence, progress)
    if found.faults:
        broken = EvidenceElsewhere if found.gaps == len(found.faults) else AuditBroken
        raise broken(
            count=str(len(found.faults)),
            faults="\n".join(found.faults),
            causes="\n".join(_cause_lines(call, found.found)),
        )
    facts: dict[str, object] = {
        "entries": found.entries,
        "exchanges": found.exchanges,
        "records": found.records,
        "faults": [],
        "losses": [loss._asdict() for loss in found.losses],
    }
    return Shown(facts, (call.say("audit-holds", **facts), *known_losses(call, found.losses)))


def _cause_lines(call: Call, faults: "Iterable[Fault]") -> Iterator[str]:
    """A line for each cause; what follows from it is counted."""
    from server_stub.licensing.faults import causes_of

    for cause in causes_of(faults):
        yield cause.fault.text
        if cause.others:
            yield "  " + call.say("audit-others", **cause._asdict())
