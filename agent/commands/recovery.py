"""`recovery save` and `recovery load`: a device's secrets in one sealed file.

A passphrase is typed, or read from a file that is named; it never stands on a command line, which
other users of the machine can see.
"""

from pathlib import Path

from agent.commands.session import Result, Session
from agent.commands.standing import shown
from agent.errors import FileTaken, FileUnreadable, InputInvalid
from agent.files import OWNER_ONLY, named_file, write_new
from agent.recovery import LARGEST_FILE, SHORTEST_PASSPHRASE, seal, unseal


def save(session: Session) -> Result:
    """Write the recovery file, for its owner's eyes only and never over another file."""
    path = Path(session.options.file)
    if path.exists():
        raise FileTaken(path=path)
    passphrase = _new_passphrase(session)
    sealed = seal(session.agent.recovery(), passphrase)
    with named_file(path):
        try:
            write_new(path, sealed, OWNER_ONLY)
        except FileExistsError as cause:
            raise FileTaken(path=path) from cause
    session.agent.note_recovery_saved()
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
    raw = _read(Path(session.options.file), LARGEST_FILE)
    passphrase = _passphrase(session)
    result = shown(session, session.agent.restore(unseal(raw, passphrase)))
    # Loading is done, whatever the license's standing.
    return result._replace(view=None)


def _new_passphrase(session: Session) -> str:
    """Have it typed twice: nobody finds out in time that a file cannot be opened."""
    passphrase = _passphrase(session)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InputInvalid(problem="passphrase-short", shortest=SHORTEST_PASSPHRASE)
    if session.options.passphrase_file is None:
        again = session.ask_secretly(session.texts.gettext("The same passphrase again:"))
        if again != passphrase:
            raise InputInvalid(problem="passphrase-differs")
    return passphrase


def _passphrase(session: Session) -> str:
    named = session.options.passphrase_file
    if named is not None:
        content = _read(Path(named), LARGEST_FILE)
        try:
            return content.decode().split("\n", 1)[0].removesuffix("\r")
        except UnicodeDecodeError as cause:
            raise FileUnreadable(path=named, reason=cause.reason) from cause
    if not session.may_ask:
        raise InputInvalid(problem="passphrase-missing")
    return session.ask_secretly(session.texts.gettext("Passphrase of the recovery file:"))


def _read(path: Path, largest: int) -> bytes:
    """Read a file; of one that is too large, enough to tell."""
    with named_file(path), path.open("rb") as file:
        return file.read(largest + 1)
