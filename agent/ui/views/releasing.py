"""A release, step by step: what is warned of, what should be seen to first, how far it is."""

from collections.abc import Mapping
from typing import NamedTuple, assert_never

from agent.doctor import Finding, Outcome
from agent.texts.marking import _
from agent.ui.jobs import Known
from agent.ui.jobs.by_hand import As, ReleaseByHand
from agent.ui.jobs.checks import WayFound
from agent.ui.jobs.license import Release
from agent.ui.views.tones import Tone
from agent.ui.wording import REASONS, WindowTexts
from protocol.values import Standing

# What only a person knows, by the name that it has while it is carried from page to page.
OPEN: Mapping[str, str] = {
    "backup": _("A backup of this server was made"),
    "users": _("The users know that the software stops"),
}
_GIVEN_BACK = (Standing.RELEASING, Standing.RELEASED)


class Step(NamedTuple):
    """One thing that is done, not done or under way, in words and by its tone."""

    tone: Tone
    text: str
    advice: str = ""


def warnings_of(known: Known, texts: WindowTexts) -> tuple[str, ...]:
    """Say what must be known before a release."""
    return tuple(texts.text(m.code, m.parameters) for m in known.warnings)


def open_line(left_open: tuple[str, ...], texts: WindowTexts) -> str:
    """Say once more what nobody ticked, before the step that cannot be undone."""
    if not left_open:
        return ""
    between = "؛ " if texts.is_persian else "; "
    return texts.gettext(
        "Not ticked: {what:words}",
        what=between.join(texts.gettext(OPEN[name]) for name in left_open),
    )


def what_is_given_back(wish: Release, texts: WindowTexts) -> tuple[tuple[str, str], ...]:
    """Say why, what the vendor is told, and how the proof goes out."""
    rows = [(texts.gettext("Reason"), texts.gettext(REASONS[wish.reason.value]))]
    if wish.note:
        rows.append((texts.gettext("A word to the vendor"), texts.foreign(wish.note)))
    rows.append((texts.gettext("How the proof goes out"), _way_out(wish, texts)))
    return tuple(rows)


def _way_out(wish: Release, texts: WindowTexts) -> str:
    if not isinstance(wish, ReleaseByHand):
        return texts.gettext("Over the network")
    match wish.way:
        case As.FILE:
            return texts.gettext("In a file: {path:words}", path=texts.latin(str(wish.file)))
        case As.CODES:
            return texts.gettext("As QR codes on the screen")
        case As.TEXT:
            return texts.gettext("As text in the clipboard")
        case _:
            assert_never(wish.way)


def checks_of(known: Known, way: WayFound, texts: WindowTexts) -> tuple[Step, ...]:
    """Say what can be seen from here: the server, the clock, the recovery file."""
    return (_server(way, texts), *_clock(way, texts), _recovery(known, texts))


def _server(way: WayFound, texts: WindowTexts) -> Step:
    failed = next((f for f in way.findings if f.outcome is Outcome.FAIL), None)
    if failed is not None:
        said = texts.gettext(
            "The signing server cannot be reached. This does not hold you up: the proof is kept "
            "here, and goes later or in a file."
        )
        return Step(Tone.WARNING, said, _what(failed, texts))
    if not way.is_whole:
        return Step(Tone.WAITING, texts.gettext("Looking for the signing server…"))
    if not any(f.id == "answer" for f in way.findings):
        return Step(Tone.WAITING, texts.gettext("The signing server was not looked for"))
    return Step(Tone.GOOD, texts.gettext("The signing server answers"))


def _clock(way: WayFound, texts: WindowTexts) -> tuple[Step, ...]:
    """Only a server that answers can be compared with."""
    found = next((f for f in way.findings if f.id == "clock"), None)
    if found is None:
        return ()
    is_good = found.outcome is Outcome.OK
    advice = "" if is_good else texts.advice(found.code, found.parameters)
    return (Step(Tone.GOOD if is_good else Tone.WARNING, _what(found, texts), advice),)


def _what(found: Finding, texts: WindowTexts) -> str:
    return texts.text(found.code, found.parameters)


def _recovery(known: Known, texts: WindowTexts) -> Step:
    saved = [entry.at for entry in known.history if entry.event == "recovery-saved"]
    if not saved:
        said = texts.gettext("No recovery file was saved yet; the last step offers it again")
        return Step(Tone.CALM, said)
    return Step(Tone.GOOD, texts.gettext("A recovery file was saved {at:moment}", at=saved[-1]))


def progress_of(known: Known, texts: WindowTexts) -> tuple[Step, ...]:
    """Say how far the release is; nothing where none took place."""
    view = known.view
    if view is None or view.standing not in _GIVEN_BACK:
        return ()
    done = (
        Step(Tone.GOOD, texts.gettext("The license document was destroyed on this server")),
        Step(Tone.GOOD, texts.gettext("The proof was signed and is kept here")),
    )
    if view.standing is Standing.RELEASED:
        said = texts.gettext("The vendor has it: the receipt has come")
        return (*done, Step(Tone.GOOD, said))
    said = texts.gettext("The vendor has not confirmed it yet")
    advice = texts.gettext(
        "You may make your change. Send it again when the network is back, or take it in a file."
    )
    return (*done, Step(Tone.WAITING, said, advice))
