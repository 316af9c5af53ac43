"""What is said of a code while it is typed."""

from agent.errors import InputInvalid
from agent.typed import typed_challenge, typed_code
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts
from protocol.challenge import CODE_SHOWN
from protocol.codes import to_ascii_digits

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


def remark_on_challenge(typed: str, texts: WindowTexts) -> tuple[Tone, str]:
    """Say of a challenge code that is being typed whether it is whole, and what is mistyped."""
    if not typed.strip():
        return Tone.CALM, texts.gettext("Ten digits in two groups, as support reads them out")
    try:
        typed_challenge(typed)
    except InputInvalid as problem:
        if group := problem.parameters.get("group"):
            return Tone.WARNING, texts.gettext("Group {group:number} is mistyped", group=group)
        if sum(letter.isalnum() for letter in typed) > CODE_SHOWN:
            return Tone.WARNING, texts.gettext("Too long: a challenge code has ten digits")
        return Tone.CALM, texts.gettext("Not whole yet: ten digits in two groups")
    return Tone.GOOD, texts.gettext("The code is typed right")


def are_digits_of(code: str, typed: str) -> bool:
    """Whether a code that was answered is the one that stands there, however it is spelled."""
    digits = "".join(letter for letter in to_ascii_digits(typed) if letter.isalnum())
    return bool(code) and digits == code.replace("-", "")


def _is_begun(prefix: str, typed: str) -> bool:
    """Whether more must follow: a prefix counts as letters until all that follow it are there."""
    letters = [c for c in typed if c.isalnum()]
    has_prefix = typed.strip().upper().startswith(f"{prefix}-")
    return has_prefix and len(letters) < len(prefix) + _CODE_LETTERS
