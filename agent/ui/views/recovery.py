"""What is said of a passphrase while it is chosen, and of a file that was saved."""

from agent.recovery import SHORTEST_PASSPHRASE
from agent.ui.jobs.shelves import Saved
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts


def remark_on_passphrase(typed: str, again: str, texts: WindowTexts) -> tuple[Tone, str]:
    """Say whether it is long enough, and the same twice."""
    shortest = SHORTEST_PASSPHRASE
    if not typed:
        said = texts.gettext(
            "At least {shortest:number} characters; best are several words that do not belong "
            "together",
            shortest=shortest,
        )
        return Tone.CALM, said
    if len(typed) < shortest:
        said = texts.gettext(
            "{count:number} of at least {shortest:number} characters",
            count=len(typed),
            shortest=shortest,
        )
        return Tone.CALM, said
    if not again:
        return Tone.CALM, texts.gettext("Long enough; type it once more")
    if typed.startswith(again) and typed != again:
        return Tone.CALM, texts.gettext("Not whole yet the second time")
    if typed != again:
        return Tone.WARNING, texts.gettext("The second time is not the same as the first")
    return Tone.GOOD, texts.gettext("Long enough, and the same twice")


def said_of(saved: Saved, texts: WindowTexts) -> tuple[str, Tone]:
    """Say where the recovery file lies, and whether it outlasts the change there."""
    place = texts.gettext("Written to {path}", path=saved.path)
    if saved.off_this_disk:
        advice = texts.advice("recovery-saved")
        return f"{place}. {advice}", Tone.GOOD
    warning = texts.gettext(
        "This is the disk that the license is on: if it is exchanged or the system is installed "
        "anew, this file goes with it. Save it elsewhere too."
    )
    return f"{place}. {warning}", Tone.WARNING
