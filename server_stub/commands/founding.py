"""`init` and `trust export`."""

from pathlib import Path

from protocol.exchange import pack_roots
from server_stub.clock import system_clock
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.django_setup import set_up
from server_stub.errors import AdministratorNeeded
from server_stub.founding import Plan, found, require_unused
from server_stub.home import sqlite_file
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
    chosen = call.arguments
    database = sqlite_file(call.database_url, call.home)
    require_unused(call.home, database)
    plan = Plan(
        root_keys=chosen.root_keys or (1 if chosen.demo else 3),
        threshold=chosen.threshold or (1 if chosen.demo else min(2, chosen.root_keys or 2)),
        passphrase=None if chosen.demo else new_passphrase(chosen.passphrase_file, call.language),
    )
    set_up(call.home, call.database_url)
    audience = found(call.home, database, plan, system_clock())
    roots = [str(path) for path in sorted(call.home.keys.glob("root-*.pem"))]
    others = [
        str(path) for path in sorted(call.home.keys.glob("*-1.pem")) if str(path) not in roots
    ]
    lines = (
        call.say("founded", home=call.home.path),
        call.say("founded.audience", audience=audience),
        call.say(
            "founded.root-keys", threshold=plan.threshold, count=len(roots), files=" ".join(roots)
        ),
        call.say("founded.root-keys-offline"),
        call.say("founded.server-keys", files=" ".join(others)),
        call.say("founded.evidence", folder=call.home.evidence),
        call.say("founded.demo" if chosen.demo else "founded.passphrase"),
    )
    facts: dict[str, object] = {
        "home": str(call.home.path),
        "audience": audience,
        "database": str(database),
        "evidence": str(call.home.evidence),
        "root_keys": roots,
        "threshold": plan.threshold,
        "server_keys": others,
        "demo": bool(chosen.demo),
    }
    return Shown(facts, lines)


def export_trust(call: Call) -> Shown:
    """Write the chain of roots."""
    trust = call.home.trust()
    file: Path = call.arguments.file
    try:
        file.write_bytes(pack_roots(trust.chain))
        file.chmod(0o644)  # public, and to be copied by whoever installs agents
    except OSError as cause:
        raise AdministratorNeeded(str(cause), file=str(file)) from cause
    version = trust.root.version
    facts: dict[str, object] = {
        "file": str(file),
        "version": version,
        "audience": trust.root.audience,
    }
    return Shown(facts, (call.say("trust-exported", version=version, file=file),))
