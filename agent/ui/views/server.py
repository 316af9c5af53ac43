"""This server, part by part, beside what it was at activation."""

from typing import NamedTuple

from agent.advising import advice_lines
from agent.differences import tolerance_message
from agent.inventories import MachineView
from agent.layout import table
from agent.ui.jobs import Known
from agent.ui.views.tones import Listing, TableRow, Tone
from agent.ui.wording import WindowTexts
from protocol.values import Standing
from protocol.views import ComponentView, DriftView, OsView, StatusView

_BETWEEN = ", "
# Between a mask and what is left of the value no line may end.
_JOINER = "\u2060"
_VERDICT_TONES = {"match": Tone.GOOD, "tolerated": Tone.GOOD, "insufficient": Tone.CALM}
_UNREADABLE = "unknown"
_STATUS_TONES = {"same": Tone.GOOD, "unknown": Tone.CALM}


class Comparison(NamedTuple):
    """The fingerprint, then and now; of a machine without a license, now alone."""

    tone: Tone
    verdict: str
    system: str
    room: str
    advice: tuple[str, ...]
    listing: Listing | None
    copied: str
    may_report: bool


def comparison_of(known: Known, texts: WindowTexts) -> Comparison:
    """Lay every component out beside what it was."""
    view = known.view
    drift = view.drift if view is not None else None
    if view is None or drift is None:
        return _unbound(known, texts)
    room = tolerance_message(drift)
    return _with_copy(
        Comparison(
            tone=_VERDICT_TONES.get(drift.verdict, Tone.WARNING),
            verdict=texts.text(f"hardware-{drift.verdict}", {"rule": drift.rule or ""}),
            system=texts.text(f"os-{view.os.verdict}") if view.os else "",
            room=texts.text(room.code, room.parameters) if room else "",
            advice=_advice(known, view, texts),
            listing=_compared(drift, view.os, known.parts, texts),
            copied="",
            may_report=known.as_of is None,
        ),
        view,
        texts,
    )


def _unbound(known: Known, texts: WindowTexts) -> Comparison:
    """Nothing is compared; what the machine is made of can be seen all the same."""
    nothing = texts.gettext("There is nothing to compare: no license is bound to this server.")
    found = Comparison(
        tone=Tone.CALM,
        verdict=nothing,
        system="",
        room="",
        advice=(),
        listing=_parts(known.parts, texts) if known.parts else None,
        copied="",
        may_report=known.view is not None and known.as_of is None,
    )
    return _with_copy(found, known.view, texts)


def _advice(known: Known, view: StatusView, texts: WindowTexts) -> tuple[str, ...]:
    """What to do now, where the machine is why something is to be done."""
    if view.standing is not Standing.DRIFTED or known.as_of is not None:
        return ()
    return tuple(advice_lines(view, texts))


def _compared(
    drift: DriftView, system: OsView | None, parts: MachineView | None, texts: WindowTexts
) -> Listing:
    reasons = {part.id: part.reason for part in parts.parts} if parts else {}
    rows = [_component(part, reasons.get(part.id), texts) for part in drift.components]
    if system is not None:
        tone = Tone.GOOD if system.verdict == "same" else Tone.CALM
        values = (
            texts.gettext("Operating system"),
            _system(system.was, texts),
            _system(system.now, texts),
            texts.name("os", system.verdict),
            texts.gettext("none"),
        )
        rows.append(TableRow(values, tone))
    header = (
        texts.gettext("Component"),
        texts.gettext("At activation"),
        texts.gettext("Now"),
        texts.gettext("Result"),
        texts.gettext("Weight"),
    )
    return Listing(
        name=texts.gettext("This server, part by part"),
        header=header,
        rows=tuple(rows),
        wide=(1, 2),
        result=3,
        hints=tuple(map(texts.explained, header)),
    )


def _component(found: ComponentView, reason: str | None, texts: WindowTexts) -> TableRow:
    # What was added was not there; what is compared with nothing could not be read.
    none = texts.gettext("none")
    lacking = texts.name("status", found.status) if found.status == _UNREADABLE else none
    seen = texts.name("reason", reason) if reason is not None else lacking
    values = (
        texts.name("component", found.id),
        _set(found.was, texts) if found.was else lacking,
        _set(found.now, texts) if found.now else seen,
        texts.name("status", found.status),
        texts.number(found.weight) if found.weight else none,
    )
    return TableRow(values, _STATUS_TONES.get(found.status, Tone.WARNING))


def _parts(seen: MachineView, texts: WindowTexts) -> Listing:
    rows = [
        (
            texts.name("component", part.id),
            texts.name("reason", part.reason)
            if part.reason
            else _set(_BETWEEN.join(part.values), texts),
            "\n".join(map(texts.latin, part.source.replace(" /", "\n/").split("\n"))),
        )
        for part in seen.parts
    ]
    rows += [
        (texts.name("detail", detail.id), texts.latin(detail.text), texts.latin(detail.source))
        for detail in seen.details
    ]
    kind = texts.gettext("virtual") if seen.is_virtual else texts.gettext("physical")
    rows += [
        (texts.gettext("Operating system"), _system(seen.system, texts), ""),
        (texts.gettext("Kind of machine"), kind, ""),
    ]
    return Listing(
        name=texts.gettext("This server, part by part"),
        header=(texts.gettext("Component"), texts.gettext("Now"), texts.gettext("Source")),
        rows=tuple(TableRow(values) for values in rows),
        wide=(1, 2),
    )


def _system(name: str | None, texts: WindowTexts) -> str:
    return texts.latin(name) if name else texts.name("os", _UNREADABLE)


def _set(values: str, texts: WindowTexts) -> str:
    """Spell the members of a set, each in one piece; models stand below each other."""
    members = values.replace("…", f"…{_JOINER}").split(_BETWEEN)
    if any(" " in member for member in members):
        return "\n".join(map(texts.latin, members))
    return texts.latin(_BETWEEN.join(members))


def _in_one_line(cell: str) -> str:
    return cell.replace("\n", _BETWEEN).replace(_JOINER, "")


def _with_copy(found: Comparison, view: StatusView | None, texts: WindowTexts) -> Comparison:
    """Add what the clipboard gets: everything that is shown, and whose it is."""
    lines = [line for line in (found.verdict, found.system, found.room) if line]
    if found.listing is not None:
        rows = [tuple(map(_in_one_line, row.values)) for row in found.listing.rows]
        lines += ["", *table([found.listing.header, *rows])]
    if view is not None and (support := view.support_code) is not None:
        lines += ["", f"{texts.gettext('Support code')}: {texts.latin(support)}"]
    return found._replace(copied="\n".join(lines))
