"""What must be known before the license is given back."""

from agent.ui.jobs import Known
from agent.ui.wording import WindowTexts


def warnings_of(known: Known, texts: WindowTexts) -> tuple[str, ...]:
    """What must be known before the license is given back."""
    return tuple(
        f"{texts.text(m.code, m.parameters)}. {texts.advice(m.code, m.parameters)}"
        for m in known.warnings
    )
