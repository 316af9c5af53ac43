"""`fingerprint --record`: a machine as a folder, so that support can look at what the probe saw."""

import errno
import hmac
import os
from contextlib import suppress
from pathlib import Path

from agent.commands.session import Result, Session
from agent.errors import AgentError, FileUnreadable, InputInvalid
from agent.fingerprint import UnknownReason
from agent.hardware.anonymous import anonymous
from agent.hardware.probes import recording_of
from agent.hardware.recording import Recording, write
from agent.identity import load_identity
from agent.layout import wrapped

_KEY_INFO = b"faragostar-man/recording/v1"
_KEY_BYTES = 32


def record_machine(session: Session) -> Result:
    """Write what the probe reads into a folder, under other numbers where that was asked for.

    Raises:
        InputInvalid: there is nothing to be made anonymous.
        FolderTaken, FileUnreadable: nothing was written.
    """
    options = session.options
    if options.record is None:
        raise InputInvalid(problem="anonymous-without-record")
    root, folder = Path(options.root) if options.root else None, Path(options.record).absolute()
    if root and not root.is_dir():
        raise FileUnreadable(path=root, reason=os.strerror(errno.ENOTDIR))
    recording = recording_of(root)
    key = _key(session) if options.anonymous else None
    if options.anonymous:
        recording = anonymous(recording, key or os.urandom(_KEY_BYTES))
    write(recording, folder)
    body = {
        "folder": str(folder),
        "files": len(recording.files) + 1,
        "anonymous": options.anonymous,
        "comparable": key is not None or not options.anonymous,
        "refused": [
            {"path": path, "reason": reason.value}
            for path, reason in sorted(recording.answers.refused.items())
        ],
    }
    return Result(body, lambda: _lines(session, recording, body))


def _key(session: Session) -> bytes | None:
    """The installation's own, so that its recordings can be compared; it leads to no tag."""
    with suppress(AgentError):
        return hmac.digest(load_identity(session.home.identity).salt, _KEY_INFO, "sha256")
    return None


def _lines(session: Session, recording: Recording, body: dict[str, object]) -> list[str]:
    said = session.texts.gettext
    lines = wrapped(
        said(
            "Recorded in {path}: {files:number} {files:file|files}",
            path=body["folder"],
            files=body["files"],
        )
    )
    if not body["anonymous"]:
        lines += wrapped(
            said(
                "It holds the machine's serial numbers: hand it to nobody but the vendor's support "
                "({phone}), or record it again with `--anonymous`."
            ),
            "  ",
        )
    elif body["comparable"]:
        lines += wrapped(
            said(
                "Serial numbers, addresses, ids and names in it were replaced, each always by the "
                "same one: recordings of this installation can be compared with each other."
            ),
            "  ",
        )
    else:
        lines += wrapped(
            said(
                "Serial numbers, addresses, ids and names in it were replaced by ones drawn for "
                "this recording: there is no identity on this server yet, or this user may not "
                "read it. It cannot be compared with another recording."
            ),
            "  ",
        )
    if UnknownReason.DENIED in recording.answers.refused.values():
        lines += wrapped(
            said(
                "Not everything may be read by this user: run the command as administrator to "
                "record it whole."
            ),
            "  ",
        )
    return lines
