"""What is said of a code while it is typed."""

from agent.errors import InputInvalid
from agent.typed import typed_code
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts

_CODE_LETTERS = 25


def remark_on(prefix: str, typed: str, texts: WindowTexts) -> tuple[Tone, str]:
    """Say of a code that is being typed whether it is whole, and which group is mistyped."""
    if not typed.strip():
        return Tone.CALM, texts.gettext("Five groups of five letters and digits")
    try:
        typed_code(prefix, typed)
    except InputInvalid as problem:
        group = problem.parameters.get("group")
        if group and not _is_begun(prefix, typed):
            return Tone.WARNING, texts.gettext("Group {group:number} is mistyped", group=group)
        return Tone.CALM, texts.gettext("Not whole yet: five groups of five letters and digits")
    return Tone.GOOD, texts.gettext("The key is typed right")


def _is_begun(prefix: str, typed: str) -> bool:
    """Whether more must follow: a prefix counts as letters until all that follow it are there."""
    letters = [c for c in typed if c.isalnum()]
    has_prefix = typed.strip().upper().startswith(f"{prefix}-")
    return has_prefix and len(letters) < len(prefix) + _CODE_LETTERS
