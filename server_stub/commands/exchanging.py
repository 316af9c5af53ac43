"""`answer`: a request that came by hand, answered as if it had come over HTTP (§3)."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from protocol import scans
from protocol.codes import spoken
from protocol.documents import CheckIn, Refusal
from protocol.envelope import SignedRequest, open_answer, open_request
from protocol.exchange import request_bytes, unpack_answer
from protocol.parts import PART_MARK, join_parts, split_parts
from protocol.problems import PartsMissing, ProtocolError
from server_stub.commands.files import named_file
from server_stub.commands.licenses import hold_lines, license_state
from server_stub.commands.opening import open_server
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.errors import (
    FileExists,
    PartsIncomplete,
    PicturesUnavailable,
    RequestUnreadable,
)
from server_stub.home import write_durably

if TYPE_CHECKING:
    from server_stub.licensing.selectors import LicenseSummary
    from server_stub.licensing.server import SigningServer

# Parts with all that a mail program writes around them; more is no honest request.
_LARGEST_FILE = 2 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _Asked(NamedTuple):
    """The request as it came, and verified."""

    raw: bytes
    signed: SignedRequest


@dataclass(frozen=True, kw_only=True)
class _Answered:
    """What was asked and answered, and how the license stands now."""

    op: str
    device: str
    request_id: str
    digits: str
    sequence: int
    standing: str | None
    answer: str
    refusal: str | None
    license: "LicenseSummary | None"


@dataclass(frozen=True, kw_only=True)
class _Files:
    """Where the answer was written, and drawn in how many codes."""

    file: str
    qr: str | None
    parts: int


def add_parsers(add: Parsers) -> None:
    """Add the command."""
    parser = add("answer", answer_file, "answer a request that came in a file")
    parser.add_argument(
        "requests",
        metavar="REQUESTFILE",
        type=Path,
        nargs="+",
        help="a file, pasted parts, or pictures of its QR codes",
    )
    parser.add_argument("-o", "--out", metavar="RESPONSEFILE", type=Path, required=True)
    parser.add_argument("--qr", metavar="PNG", type=Path, help="draw the answer as QR codes too")
    parser.add_argument("--passphrase-file", metavar="FILE")


def answer_file(call: Call) -> Shown:
    """Answer the request; the same file for the same request, however often it is handed in."""
    chosen = call.arguments
    asked = _read(chosen.requests)
    _require_pictures(chosen.qr)
    server = open_server(call)
    is_again = _is_answer_to(asked, chosen.out, server)
    for path in filter(None, (chosen.out, chosen.qr)):
        if path.exists() and not is_again:
            raise FileExists(str(path), file=str(path))
    from server_stub.licensing.services.exchange import answer_signed

    try:
        reply = answer_signed(server, asked.signed, asked.raw)
    except ProtocolError as cause:
        raise RequestUnreadable(str(cause), file=_named(chosen.requests), why=cause.code) from cause
    parts = split_parts(reply.body)
    # Asking again repairs what could not be written.
    with named_file(chosen.out):
        write_durably(chosen.out, reply.body)
    if chosen.qr is not None:
        from protocol import pictures

        with named_file(chosen.qr):
            write_durably(chosen.qr, pictures.draw(parts))
    answered = _answered(server, asked, reply.body)
    qr = str(chosen.qr) if chosen.qr else None
    files = _Files(file=str(chosen.out), qr=qr, parts=len(parts))
    facts = {**msgspec.to_builtins(answered), **msgspec.to_builtins(files)}
    return Shown(facts, _lines(call, answered, files))


def _read(paths: list[Path]) -> _Asked:
    """Read one request: alone, or in parts from as many files and pictures as it takes.

    Raises:
        RequestUnreadable: none that can be answered; nothing was changed.
        PartsIncomplete: names the parts that are missing.
        PicturesUnavailable: a picture, and this installation has no QR codes.
        UsageError: no such file.
    """
    text = b"\n".join(map(_text_of, paths))
    try:
        if len(text) <= _LARGEST_FILE and PART_MARK.encode() in text:
            text = join_parts([text.decode(errors="replace")])
        raw = request_bytes(text)
        return _Asked(raw, open_request(raw))
    except PartsMissing as cause:
        raise PartsIncomplete(
            str(cause),
            file=_named(paths),
            missing=cause.parameters["numbers"],
            total=cause.parameters["total"],
        ) from cause
    except ProtocolError as cause:
        raise RequestUnreadable(str(cause), file=_named(paths), why=cause.code) from cause


def _text_of(path: Path) -> bytes:
    """What one file says; of a picture, what its codes say."""
    with named_file(path), path.open("rb") as file:
        raw = file.read(_LARGEST_FILE + 1)
        if scans.is_picture(raw):
            raw += file.read(scans.MAX_PICTURE_BYTES)
    if not scans.is_picture(raw):
        return raw.removeprefix(_BYTE_ORDER_MARK).strip()
    try:
        return "\n".join(scans.read(raw)).encode()
    except ImportError as cause:
        raise PicturesUnavailable from cause
    except ProtocolError as cause:
        raise RequestUnreadable(str(cause), file=str(path), why=cause.code) from cause


def _named(paths: list[Path]) -> str:
    return ", ".join(map(str, paths))


def _require_pictures(path: Path | None) -> None:
    """Say that nothing can be drawn before anything is answered."""
    if path is None:
        return
    try:
        import protocol.pictures  # noqa: F401 (whether it can be)
    except ImportError as cause:
        raise PicturesUnavailable from cause


def _is_answer_to(asked: _Asked, path: Path, server: "SigningServer") -> bool:
    """Whether what lies there is the answer to this very request: then it may be written again."""
    try:
        found = open_answer(unpack_answer(path.read_bytes()).answer, server.trust)
    except (OSError, ProtocolError):
        return False
    return found.request_hash == asked.signed.digest


def _answered(server: "SigningServer", asked: _Asked, body: bytes) -> _Answered:
    from server_stub.licensing import selectors
    from server_stub.licensing.transactions import store_errors

    request, device = asked.signed.request, asked.signed.device
    answer = open_answer(unpack_answer(body).answer, server.trust)
    with store_errors():
        license = selectors.license_of_request(device, request.request_id)
    return _Answered(
        op=str(request.__struct_config__.tag),
        device=device,
        request_id=request.request_id,
        digits=spoken(asked.signed.digest),
        sequence=request.sequence,
        standing=request.standing.value if isinstance(request, CheckIn) else None,
        answer=answer.typ.removesuffix("+jws"),
        refusal=answer.code if isinstance(answer, Refusal) else None,
        license=license,
    )


def _lines(call: Call, answered: _Answered, files: _Files) -> tuple[str, ...]:
    license = answered.license
    lines = [
        call.say(
            "answered",
            op=answered.op,
            device=answered.device,
            outcome=answered.refusal or answered.answer,
            support_code="—" if license is None else license.support_code,
            state="—" if license is None else license_state(call, license),
        ),
        call.say("answered.digits", digits=answered.digits),
        call.say("answered.file", file=files.file),
    ]
    if license is not None:
        lines += hold_lines(call, license)
    if files.qr is not None:
        lines.append(call.say("answered.parts", qr=files.qr, parts=files.parts))
    return tuple(lines)
