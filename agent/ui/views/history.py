"""What happened on this server, and the documents that are kept of it."""

from collections.abc import Iterable

from agent.ports import HistoryEntry, PaperKind, StoredPaper
from agent.texts.marking import _
from agent.ui.views.tones import Listing, TableRow
from agent.ui.wording import WindowTexts

_DECISION = "heard-case-"
_STANDING = "now-"
# As much of a long number as is read out.
_SPOKEN_LETTERS = 8
PAPERS = {
    PaperKind.LICENSE: _("License document"),
    PaperKind.RECEIPT: _("Release receipt"),
    PaperKind.WINDOW: _("Change window"),
}


def history_of(entries: Iterable[HistoryEntry], texts: WindowTexts) -> Listing:
    """Say what happened, the newest first."""
    newest_first = reversed(tuple(entries))
    return Listing(
        name=texts.gettext("What happened on this server"),
        header=(
            texts.gettext("Date"),
            texts.gettext("Event"),
            texts.gettext("Number"),
            texts.gettext("Result"),
        ),
        rows=tuple(TableRow(_happened(entry, texts)) for entry in newest_first),
        wide=(1,),
    )


def _happened(entry: HistoryEntry, texts: WindowTexts) -> tuple[str, ...]:
    return (
        texts.moment(entry.at),
        texts.text(entry.event, entry.detail),
        _number(entry, texts),
        _result(entry, texts),
    )


def _number(entry: HistoryEntry, texts: WindowTexts) -> str:
    """The case's number, or the beginning of the request's."""
    if (number := entry.detail.get("number")) is not None:
        return texts.number(number)
    request = entry.detail.get("request")
    return texts.latin(request[:_SPOKEN_LETTERS]) if request else ""


def _result(entry: HistoryEntry, texts: WindowTexts) -> str:
    """What it came to: a decision, or where the license stood then."""
    if entry.event.startswith(_DECISION):
        return texts.name("case", entry.event.removeprefix(_DECISION))
    standing = entry.detail.get("standing")
    if standing is None and entry.event.startswith(_STANDING):
        standing = entry.event.removeprefix(_STANDING)
    return texts.name("standing", standing) if standing else ""


def papers_of(papers: tuple[StoredPaper, ...], texts: WindowTexts) -> Listing:
    """List the kept documents, the newest first."""
    header = (
        texts.gettext("Document"),
        texts.gettext("License number"),
        texts.gettext("Generation"),
        texts.gettext("Received here"),
    )
    return Listing(
        name=texts.gettext("Documents that are kept here"),
        header=header,
        rows=tuple(TableRow(_kept(paper, texts)) for paper in reversed(papers)),
        wide=(0,),
        hints=tuple(map(texts.explained, header)),
    )


def _kept(paper: StoredPaper, texts: WindowTexts) -> tuple[str, ...]:
    return (
        texts.gettext(PAPERS[paper.kind]),
        texts.latin(paper.license_id[:_SPOKEN_LETTERS]),
        texts.number(paper.generation),
        texts.moment(paper.stored_at),
    )
