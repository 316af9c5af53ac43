"""`doctor`: every finding on a line, with advice where something is wrong."""

from agent.commands.session import Result, Session
from agent.doctor import Finding, Outcome, examine
from agent.presentation import wrapped
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
    sign = {Outcome.OK: "[ ok ]", Outcome.WARN: "[warn]", Outcome.FAIL: "[FAIL]"}
    text = wrapped(texts.text(finding.code, finding.parameters), " " * 7)
    text[0] = sign[finding.outcome] + text[0][6:]
    if finding.outcome is Outcome.OK:
        return text
    return [*text, *wrapped(texts.advice(finding.code, finding.parameters), " " * 9)]
