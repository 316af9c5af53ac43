"""`status`, `activate`, `reactivate` and `check`: each ends in where the license stands."""

import sys
from pathlib import Path

from agent.commands.codes import with_code
from agent.commands.proofs import kept_proof, proof_lines
from agent.commands.session import Result, Session
from agent.errors import AdminRightsNeeded, InputInvalid, NotSetUp
from agent.presentation import status_body, status_lines
from protocol.values import Standing, Timestamp
from protocol.views import StatusView


def status(session: Session) -> Result:
    """Say where the user stands; who may not read the store is shown the signed copy."""
    try:
        view = session.reader.status()
        return _with_proof(session, shown(session, view), kept_proof(session, view))
    except AdminRightsNeeded as denied:
        from agent.public_status import read_public_status

        try:
            copy = read_public_status(session.home)
        except (AdminRightsNeeded, NotSetUp):
            raise denied from None
        return _with_proof(session, shown(session, copy.view, copy.issued_at), None)


def _with_proof(session: Session, result: Result, proof: Path | None) -> Result:
    """Add where the proof lies that waits for its receipt."""
    said = ["", *proof_lines(session.texts, proof)] if proof else []
    return result._replace(
        body={**result.body, "proof_file": str(proof) if proof else None},
        lines=lambda: [*result.lines(), *said],
    )


def activate(session: Session) -> Result:
    """Bind a license to this machine."""
    key = _license_key(session)
    session.tell_progress()
    return shown(session, session.agent.activate(key, session.options.code))


def reactivate(session: Session) -> Result:
    """Take the license again."""
    session.tell_progress()
    return shown(session, session.agent.reactivate())


def withdraw(session: Session) -> Result:
    """Take back what was asked."""
    session.tell_progress()
    return shown(session, session.agent.withdraw())


def check(session: Session) -> Result:
    """Finish what is pending and hear the truth."""
    if not session.options.quiet:
        session.tell_progress()
        return with_code(session, shown(session, session.agent.check()))
    settings = session.settings()
    view = session.agent.check_when_due(settings.interval_hours if settings else 1)
    result = shown(session, view)
    at_rest = view.usable and view.standing is Standing.ACTIVE
    return result._replace(lines=list) if at_rest else result


def shown(session: Session, view: StatusView, as_of: Timestamp | None = None) -> Result:
    """Lay out a view that decides the exit code."""
    return Result(
        body=status_body(view, session.texts, as_of),
        lines=lambda: status_lines(view, session.texts, as_of),
        view=view,
    )


def _license_key(session: Session) -> str:
    given: str | None = session.options.key
    if given == "-":
        given = sys.stdin.readline().strip()
    elif given is None and session.may_ask:
        given = session.ask(session.texts.gettext("License key:"))
    if not given:
        raise InputInvalid(problem="key-missing")
    return given
