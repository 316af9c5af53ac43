"""`doctor`: every finding on a line, with advice where something is wrong, and all of it packed."""

from pathlib import Path

from agent.commands.session import Result, Session
from agent.diagnosis import BundleFile, bundle_of, write_bundle
from agent.doctor import Finding, Outcome, examine
from agent.files import require_new
from agent.layout import shown_width, wrapped
from agent.texts import Texts


def doctor(session: Session) -> Result:
    """Look at everything that a check-in depends on, and pack it where somebody wishes that."""
    bundle = session.options.bundle
    if bundle is not None:
        require_new(Path(bundle))
    session.tell_progress()
    findings = tuple(examine(session.home))
    packed = _packed(session, findings)
    plain = session.texts.plainly()
    failed = [finding.code for finding in findings if finding.outcome is Outcome.FAIL]
    body: dict[str, object] = {"checks": [_body(finding, plain) for finding in findings]}
    if bundle is not None:
        body |= {"bundle": bundle, "files": [file.name for file in packed]}
    return Result(
        body=body,
        lines=lambda: [
            *(line for f in findings for line in _lines(f, session.texts)),
            *_bundle_lines(bundle, packed, session.texts),
        ],
        failed=failed[0] if failed else None,
    )


def _packed(session: Session, findings: tuple[Finding, ...]) -> tuple[BundleFile, ...]:
    if session.options.bundle is None:
        return ()
    files = bundle_of(findings, lambda: session.reader, session.texts)
    write_bundle(Path(session.options.bundle), files)
    return files


def _bundle_lines(path: str | None, files: tuple[BundleFile, ...], texts: Texts) -> list[str]:
    if path is None:
        return []
    names = ", ".join(file.name for file in files)
    said = texts.gettext(
        "It was sent to nobody, and holds no key, no code and no whole serial number: {names}",
        names=names,
    )
    return ["", *wrapped(texts.gettext("Written to {path}", path=path)), *wrapped(said, "  ")]


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
