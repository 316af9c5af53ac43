"""`export`, `import` and `report`: files that are carried between this machine and the vendor."""

import sys
from collections.abc import Callable
from pathlib import Path

from agent import qr
from agent.answer_files import MAX_TEXT_BYTES
from agent.brought import text_of_file, text_of_paste
from agent.commands.codes import with_code
from agent.commands.notice import declaration_of
from agent.commands.release import require_confirmation
from agent.commands.session import Result, Session
from agent.commands.standing import shown
from agent.errors import InputInvalid
from agent.files import OWNER_ONLY, named_file, require_free, write_once
from agent.layout import wrapped
from protocol.codes import spoken
from protocol.envelope import open_request
from protocol.parts import split_parts
from protocol.values import ReleaseReason
from protocol.views import StatusView

Export = Callable[[Session, Path], StatusView]


def export(session: Session) -> Result:
    """Write a request into a file; whatever the license's standing, that is done then."""
    file = Path(session.options.file)
    _require_free_picture(session, file)
    view = EXPORTS[session.options.act](session, file)
    result = with_code(session, shown(session, view))
    with named_file(file):
        raw = file.read_bytes()
    digits = spoken(open_request(raw).digest)
    written = {"file": str(file.absolute()), "digits": digits, **_drawn(session, raw)}
    said = [*_told_where(session, file, written), *_digit_lines(session, digits)]
    return Result({**result.body, **written}, lambda: [*said, "", *result.lines()])


def import_(session: Session) -> Result:
    """Take in an answer: its file, text with its parts, or pictures of its QR codes."""
    raw = b"\n".join(_readable(name) for name in session.options.files)
    return with_code(session, shown(session, session.agent.import_(raw)))


def report(session: Session) -> Result:
    """Write the signed state report."""
    file = Path(session.options.file)
    require_free(file, None)
    _require_free_picture(session, file)
    raw = session.agent.report()
    write_once(file, raw, OWNER_ONLY)
    body = {"file": str(file.absolute()), **_drawn(session, raw)}
    texts = session.texts
    said = _told_where(session, file, body)
    todo = texts.gettext("Hand it to support ({phone}) or attach it to your ticket in the portal.")
    return Result(body, lambda: [*said, *wrapped(todo, "  ")])


def _activate(session: Session, file: Path) -> StatusView:
    options = session.options
    key = options.key
    if key == "-":
        key = sys.stdin.readline().strip()
        if not key:
            raise InputInvalid(problem="key-missing")
    return session.agent.export_activate(file, key, options.code)


def _release(session: Session, file: Path) -> StatusView:
    options = session.options
    proof = session.agent.proof()
    require_free(file, proof)
    if proof is None:
        require_confirmation(session)
    return session.agent.export_release(file, ReleaseReason(options.reason), options.note)


EXPORTS: dict[str, Export] = {
    "activate": _activate,
    "release": _release,
    "check": lambda session, file: session.agent.export_check(file),
    "notice": lambda session, file: session.agent.export_notice(file, declaration_of(session)),
    "withdraw": lambda session, file: session.agent.export_withdraw(file),
}


def _require_free_picture(session: Session, file: Path) -> None:
    """Find out before anything is done that the picture would take another file's place."""
    if session.options.qr is None:
        return
    qr.require_available()
    picture = Path(session.options.qr)
    if picture.absolute() == file.absolute():
        raise InputInvalid(problem="picture-is-the-file")
    with named_file(file):
        there = file.read_bytes() if file.is_file() else b""
    require_free(picture, qr.draw(split_parts(there)) if there else None)


def _drawn(session: Session, raw: bytes) -> dict[str, object]:
    """Draw the parts beside the file, where that was asked for."""
    if session.options.qr is None:
        return {"qr": None, "parts": None}
    parts = split_parts(raw)
    picture = Path(session.options.qr).absolute()
    write_once(picture, qr.draw(parts), OWNER_ONLY)
    return {"qr": str(picture), "parts": list(parts)}


def _told_where(session: Session, file: Path, written: dict[str, object]) -> list[str]:
    texts = session.texts
    lines = wrapped(texts.gettext("Written to {path}", path=file.absolute()))
    if written["qr"] is not None:
        lines += wrapped(texts.gettext("Its QR codes were drawn in {path}", path=written["qr"]))
    return lines


def _digit_lines(session: Session, digits: str) -> list[str]:
    """Let both ends of a telephone speak of the same request, as the window does."""
    texts = session.texts
    said = f"{texts.gettext('Digits of this request')}: {texts.latin(texts.number(digits))}"
    why = texts.gettext("Whoever answers it sees the same digits: so it arrived whole.")
    return [said, *wrapped(why, "  ")]


def _readable(name: str) -> bytes:
    """Read what may be an answer; text comes from standard input too."""
    if name == "-":
        return text_of_paste(sys.stdin.buffer.read(MAX_TEXT_BYTES).decode(errors="replace"))
    return text_of_file(Path(name))
