"""`notice`: declare a coming change, and show the window that it was granted."""

from agent.commands.session import Result, Session
from agent.commands.standing import shown
from agent.moments import moment_of
from agent.notices import Declaration, declared


def notice(session: Session) -> Result:
    """Declare a change in time."""
    declaration = declaration_of(session)
    session.tell_progress()
    return shown(session, session.agent.notice(declaration))


def declaration_of(session: Session) -> Declaration:
    """Read the declaration from the command line.

    Raises:
        InputInvalid: see `moment_of` and `declared`.
    """
    options = session.options
    return declared(
        options.scope,
        moment_of(options.starts),
        moment_of(options.ends),
        reason=options.reason,
        contact=options.contact,
    )
