"""`recovery save` and `recovery load`: a device's secrets in one sealed file.

A passphrase is typed, or read from a file that is named; it never stands on a command line, which
other users of the machine can see.
"""

from pathlib import Path

from agent.commands.session import Result, Session
from agent.commands.standing import shown
from agent.errors import FileUnreadable, InputInvalid
from agent.files import require_new
from agent.recovery import require_passphrase
from agent.recovery_files import load_recovery, read_bounded, save_recovery


def save(session: Session) -> Result:
    """Write the recovery file, for its owner's eyes only and never over another file."""
    path = Path(session.options.file)
    require_new(path)
    save_recovery(session.agent, path, _new_passphrase(session))
    texts = session.texts
    body = {"file": str(path), "device": session.agent.device}
    return Result(
        body,
        lambda: [
            texts.gettext("Written to {path}", path=path),
            texts.advice("recovery-saved"),
        ],
    )


def load(session: Session) -> Result:
    """Be the device of a recovery file again."""
    path = Path(session.options.file)
    read_bounded(path)  # a wrong name is told before a passphrase is asked for
    result = shown(session, load_recovery(session.agent, path, _passphrase(session)))
    # Loading is done, whatever the license's standing.
    return result._replace(view=None)


def _new_passphrase(session: Session) -> str:
    """Have it typed twice; one that stands in a file is typed once."""
    passphrase = again = _passphrase(session)
    require_passphrase(passphrase, again)
    if session.options.passphrase_file is None:
        again = session.ask_secretly(session.texts.gettext("The same passphrase again:"))
        require_passphrase(passphrase, again)
    return passphrase


def _passphrase(session: Session) -> str:
    named = session.options.passphrase_file
    if named is not None:
        content = read_bounded(Path(named))
        try:
            return content.decode().split("\n", 1)[0].removesuffix("\r")
        except UnicodeDecodeError as cause:
            raise FileUnreadable(path=named, reason=cause.reason) from cause
    if not session.may_ask:
        raise InputInvalid(problem="passphrase-missing")
    return session.ask_secretly(session.texts.gettext("Passphrase of the recovery file:"))
