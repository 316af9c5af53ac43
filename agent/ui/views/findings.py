"""What the doctor found: each a sentence, with advice where something is wrong."""

from collections.abc import Iterable
from typing import NamedTuple

from agent.doctor import Finding, Outcome
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts

_TONES = {Outcome.OK: Tone.GOOD, Outcome.WARN: Tone.WARNING, Outcome.FAIL: Tone.STOPPED}
_SIGNS = {Outcome.OK: "✓", Outcome.WARN: "!", Outcome.FAIL: "✗"}


class FoundRow(NamedTuple):
    """One finding; `advice` is empty where all is well."""

    tone: Tone
    text: str
    advice: str


def found_rows(findings: Iterable[Finding], texts: WindowTexts) -> tuple[FoundRow, ...]:
    """Say what was found."""
    return tuple(_row(finding, texts) for finding in findings)


def _row(finding: Finding, texts: WindowTexts) -> FoundRow:
    outcome, told = finding.outcome, finding.parameters
    advice = "" if outcome is Outcome.OK else texts.advice(finding.code, told)
    text = f"{_SIGNS[outcome]} {texts.text(finding.code, told)}"
    return FoundRow(_TONES[outcome], text, advice)
