"""To activate again: what is different since the license was bound, and what came of it."""

from agent.ui.jobs import Known
from agent.ui.views.releasing import Step
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts
from protocol.views import ComponentView

_ALL_IS_WELL = ("match", "tolerated")


def changes_of(known: Known, texts: WindowTexts) -> tuple[Step, ...]:
    """Say in short how the server was and is; the whole comparison has a page of its own."""
    drift = known.view.drift if known.view is not None else None
    if drift is None:
        said = texts.gettext(
            "No license is bound to this server now, so nothing is compared: it is bound to the "
            "server as it is."
        )
        return (Step(Tone.CALM, said),)
    tone = Tone.GOOD if drift.verdict in _ALL_IS_WELL else Tone.WARNING
    verdict = texts.text(f"hardware-{drift.verdict}", {"rule": drift.rule or ""})
    changed = (part for part in drift.components if part.status not in ("same", "unknown"))
    return (Step(tone, verdict), *(_changed(part, texts) for part in changed))


def _changed(part: ComponentView, texts: WindowTexts) -> Step:
    nothing = texts.gettext("nothing")
    said = texts.gettext(
        "{component:component}: before {was:words}, now {now:words}",
        component=part.id,
        was=texts.latin(part.was) if part.was else nothing,
        now=texts.latin(part.now) if part.now else nothing,
    )
    return Step(Tone.WARNING, said)
