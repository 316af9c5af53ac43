"""`init` and `trust export`."""

from pathlib import Path

from protocol.exchange import pack_roots
from server_stub.clock import system_clock
from server_stub.commands.files import named_file
from server_stub.commands.opening import published_roots
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.databases import database_of
from server_stub.django_setup import set_up
from server_stub.founding import Plan, found, require_unused
from server_stub.passphrase import new_passphrase


def add_parsers(add: Parsers) -> None:
    """Add both commands."""
    init = add("init", init_home, "make a new signing server")
    init.add_argument("--demo", action="store_true", help="keys without a passphrase")
    init.add_argument("--passphrase-file", metavar="FILE")
    init.add_argument("--root-keys", type=int, metavar="N", help="default 3, with --demo 1")
    init.add_argument("--threshold", type=int, metavar="N", help="default 2, with --demo 1")
    add("trust", None, "what agents believe")
    export = add("trust export", export_trust, "write the roots that an agent pins")
    export.add_argument("file", metavar="FILE", type=Path)


def init_home(call: Call) -> Shown:
    """Found a signing server and say what to keep safe, and where."""
    database = database_of(call.database_url, call.home)
    set_up(call.home, call.database_url)
    require_unused(call.home, database)
    plan = _plan(call)
    audience = found(call.home, database, plan, system_clock())
    roots = [str(path) for path in sorted(call.home.keys.glob("root-*.pem"))]
    others = [str(path) for path in sorted(call.home.keys.glob("[!r]*.pem"))]
    facts: dict[str, object] = {
        "home": str(call.home.path),
        "audience": audience,
        "database": str(database),
        "evidence": str(call.home.evidence),
        "root_keys": roots,
        "threshold": plan.threshold,
        "server_keys": others,
        "demo": plan.passphrase is None,
    }
    return Shown(facts, _keep_safe(call, facts, " ".join(roots), " ".join(others)))


def _plan(call: Call) -> Plan:
    chosen = call.arguments
    count = chosen.root_keys or (1 if chosen.demo else 3)
    return Plan(
        root_keys=count,
        threshold=chosen.threshold or min(1 if chosen.demo else 2, count),
        passphrase=None if chosen.demo else new_passphrase(chosen.passphrase_file, call.language),
    )


def _keep_safe(call: Call, facts: dict[str, object], roots: str, others: str) -> tuple[str, ...]:
    count = len(roots.split())
    return (
        call.say("founded", **facts),
        call.say("founded.audience", **facts),
        call.say("founded.root-keys", threshold=facts["threshold"], count=count, files=roots),
        call.say("founded.root-keys-offline"),
        call.say("founded.server-keys", files=others),
        call.say("founded.evidence", folder=facts["evidence"]),
        call.say("founded.demo" if facts["demo"] else "founded.passphrase"),
    )


def export_trust(call: Call) -> Shown:
    """Write the chain of roots."""
    trust = published_roots(call)
    file: Path = call.arguments.file
    with named_file(file):
        file.write_bytes(pack_roots(trust.chain))
        file.chmod(0o644)  # public, and to be copied by whoever installs agents
    version = trust.root.version
    facts: dict[str, object] = {
        "file": str(file),
        "version": version,
        "audience": trust.root.audience,
    }
    return Shown(facts, (call.say("trust-exported", version=version, file=file),))
