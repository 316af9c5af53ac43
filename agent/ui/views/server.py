"""This server, part by part, beside what it was at activation."""

from typing import NamedTuple

from agent.differences import tolerance_message
from agent.ui.jobs import Known
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts
from protocol.views import ComponentView


class ComparedRow(NamedTuple):
    """One component: its name, at activation, now, and the result."""

    values: tuple[str, str, str, str]
    tone: Tone


class Comparison(NamedTuple):
    """The fingerprint, then and now."""

    tone: Tone
    verdict: str
    room: str
    header: tuple[str, str, str, str]
    rows: tuple[ComparedRow, ...]


def comparison_of(known: Known, texts: WindowTexts) -> Comparison:
    """Lay every component out beside what it was."""
    header = (
        texts.gettext("Component"),
        texts.gettext("At activation"),
        texts.gettext("Now"),
        texts.gettext("Result"),
    )
    drift = known.view.drift if known.view is not None else None
    if drift is None:
        nothing = texts.gettext("There is nothing to compare: no license is bound to this server.")
        return Comparison(Tone.CALM, nothing, "", header, ())
    room = tolerance_message(drift)
    return Comparison(
        tone=Tone.GOOD if drift.verdict == "match" else Tone.WARNING,
        verdict=texts.text(f"hardware-{drift.verdict}", {"rule": drift.rule or ""}),
        room=texts.text(room.code, room.parameters) if room else "",
        header=header,
        rows=tuple(_compared(found, texts) for found in drift.components),
    )


def _compared(found: ComponentView, texts: WindowTexts) -> ComparedRow:
    return ComparedRow(
        (
            texts.name("component", found.id),
            texts.latin(found.was) if found.was else "–",
            texts.latin(found.now) if found.now else "–",
            texts.name("status", found.status),
        ),
        Tone.GOOD if found.status == "same" else Tone.WARNING,
    )
