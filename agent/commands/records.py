"""`history` and `receipts`: what happened, with its documents."""

from pathlib import Path
from typing import Any

from agent.commands.codes import code_lines, write_code
from agent.commands.session import Result, Session
from agent.files import EVERYONE_ENTERS, OWNER_ONLY, named_file, translated, write_durably
from agent.layout import table, wrapped
from agent.papers import Opened
from agent.ports import HistoryEntry, StoredPaper
from agent.texts import Texts
from protocol.documents import Receipt
from protocol.values import LicenseId


def history(session: Session) -> Result:
    """Everything that happened here, oldest first."""
    entries = session.reader.history()
    plain = session.texts.plainly()
    return Result(
        {"history": [_entry_body(entry, plain) for entry in entries]},
        lambda: _history_lines(entries, session.texts),
    )


def receipts(session: Session) -> Result:
    """Every release receipt and the last release's code; with `--out`, as files too."""
    reader, texts = session.reader, session.texts
    papers, code = reader.receipts(), reader.reactivation_code()
    bodies = [receipt_body(reader.opened(paper)) for paper in papers]
    written = None
    if session.options.out and (papers or code):
        folder = _folder(Path(session.options.out))
        for paper, body in zip(papers, bodies, strict=True):
            body["file"] = str(_write(folder, paper, _receipt_lines(body, texts)))
        if code is not None:
            license_id = reader.license_id() or LicenseId("")
            written = str(write_code(folder, license_id, code, texts))
    return Result(
        {"receipts": bodies, "reactivation_code": code, "code_file": written},
        lambda: [
            *_all_receipts(bodies, texts),
            *code_lines(texts, code),
            *_told_where(written, texts),
        ],
    )


def receipt_body(found: Opened) -> dict[str, Any]:
    """Spell a receipt's facts; those that only the document knows are null if it is not genuine."""
    paper = found.paper
    receipt = found.answer if isinstance(found.answer, Receipt) else None
    return {
        "license_id": paper.license_id,
        "generation": paper.generation,
        "received_at": paper.stored_at,
        "digest": paper.digest,
        "server_time": receipt.server_time if receipt else None,
        "audit_index": receipt.audit_index if receipt else None,
        "freed": list(receipt.freed) if receipt else None,
        "device": receipt.device if receipt else None,
        "problem": found.problem,
        "file": None,
    }


def _folder(folder: Path) -> Path:
    with named_file(folder):
        # What lies in it is marked for its owner alone; the folder may be anyone's.
        folder.mkdir(mode=EVERYONE_ENTERS, parents=True, exist_ok=True)
    return folder


def _write(folder: Path, paper: StoredPaper, lines: list[str]) -> Path:
    document = folder / f"receipt-{paper.license_id[:8]}-{paper.generation}.jws"
    with translated(document):
        write_durably(document, paper.raw, OWNER_ONLY)
        readable = "".join(f"{line}\n" for line in lines)
        write_durably(document.with_suffix(".txt"), readable.encode(), OWNER_ONLY)
    return document


def _receipt_lines(body: dict[str, Any], texts: Texts) -> list[str]:
    rows = [
        (texts.gettext("License number"), texts.latin(body["license_id"])),
        (texts.gettext("Generation"), texts.number(body["generation"])),
        (texts.gettext("Received here"), texts.moment(body["received_at"])),
    ]
    if body["problem"] is None:
        freed = ", ".join(map(str, body["freed"])) or texts.gettext("none")
        rows += [
            (texts.gettext("Signed by the vendor"), texts.moment(body["server_time"])),
            (texts.gettext("Entry in the vendor's record"), texts.number(body["audit_index"])),
            (texts.gettext("Generations freed"), texts.number(freed)),
            (texts.gettext("Device"), texts.latin(body["device"])),
        ]
    rows.append((texts.gettext("Digest"), texts.latin(body["digest"])))
    lines = [texts.gettext("Release receipt"), *(f"  {line}" for line in table(rows))]
    if body["problem"] is not None:
        lines += wrapped(texts.text(body["problem"]), "  ")
    return lines


def _all_receipts(bodies: list[dict[str, Any]], texts: Texts) -> list[str]:
    if not bodies:
        return [texts.gettext("There is no release receipt yet.")]
    lines: list[str] = []
    for body in bodies:
        lines += ["", *_receipt_lines(body, texts)]
        lines += _told_where(body["file"], texts)
    return lines[1:]


def _told_where(path: str | None, texts: Texts) -> list[str]:
    return ["  " + texts.gettext("Written to {path}", path=path)] if path else []


def _entry_body(entry: HistoryEntry, plain: Texts) -> dict[str, Any]:
    return {
        "at": entry.at,
        "event": entry.event,
        "text": plain.text(entry.event, entry.detail),
        "advice": plain.advice(entry.event, entry.detail),
        "detail": dict(entry.detail),
    }


def _history_lines(entries: tuple[HistoryEntry, ...], texts: Texts) -> list[str]:
    if not entries:
        return [texts.gettext("Nothing has happened here yet.")]
    return table([(texts.moment(e.at), texts.text(e.event, e.detail)) for e in entries])
