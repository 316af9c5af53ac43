"""`doctor`: every finding on a line, with advice where something is wrong."""

from agent.commands.session import Result, Session
from agent.doctor import Finding, Outcome, examine
from agent.layout import shown_width, wrapped
from agent.texts import Texts


def doctor(session: Session) -> Result:
    """Look at everything that a check-in depends on."""
    session.tell_progress()
    findings = tuple(examine(session.home))
    plain = session.texts.plainly()
    failed = [finding.code for finding in findings if finding.outcome is Outcome.FAIL]
    return Result(
        body={"checks": [_body(finding, plain) for finding in findings]},
        lines=lambda: [line for f in findings for line in _lines(f, session.texts)],
        failed=failed[0] if failed else None,
    )


def _body(finding: Finding, plain: Texts) -> dict[str, object]:
    return {
        "id": finding.id,
        "outcome": finding.outcome.value,
        "code": finding.code,
        "text": plain.text(finding.code, finding.parameters),
        "advice": plain.advice(finding.code, finding.parameters),
        "parameters": finding.parameters,
    }


def _lines(finding: Finding, texts: Texts) -> list[str]:
    signs = {
        Outcome.OK: texts.gettext("[ ok ]"),
        Outcome.WARN: texts.gettext("[warn]"),
        Outcome.FAIL: texts.gettext("[FAIL]"),
    }
    sign = signs[finding.outcome]
    width = max(map(shown_width, signs.values()))
    text = wrapped(texts.text(finding.code, finding.parameters), " " * (width + 1))
    text[0] = sign + " " * (width - shown_width(sign)) + text[0][width:]
    if finding.outcome is Outcome.OK:
        return text
    return [*text, *wrapped(texts.advice(finding.code, finding.parameters), " " * (width + 3))]
