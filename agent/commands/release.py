"""`release`: give the license back, with what the administrator must keep of it."""

import sys
from pathlib import Path

from agent.commands.codes import code_lines
from agent.commands.proofs import keep_proof, proof_lines
from agent.commands.records import receipt_body
from agent.commands.session import Result, Session
from agent.commands.standing import shown
from agent.errors import InputInvalid
from agent.layout import wrapped
from agent.ports import StoredPaper
from agent.texts import Texts
from agent.typed import CONFIRMED_BY, is_end_of
from protocol.values import ReleaseReason, Standing
from protocol.views import MessageView, StatusView


def release(session: Session) -> Result:
    """Give the license back before a change."""
    require_confirmation(session)
    session.tell_progress()
    options = session.options
    view = session.agent.release(ReleaseReason(options.reason), options.note)
    return _result(session, view)


def require_confirmation(session: Session) -> None:
    """Have the release confirmed by who sits here, or by `--yes`.

    Raises:
        InputInvalid: nobody can be asked, or what was typed is not the end of the key.
    """
    if not session.says_yes:
        if not session.may_ask:
            raise InputInvalid(problem="confirmation-needed")
        _confirm(session)


def _result(session: Session, view: StatusView) -> Result:
    agent = session.agent
    receipts = agent.receipts() if view.standing is Standing.RELEASED else ()
    receipt = receipts[-1] if receipts else None
    code = agent.reactivation_code()
    proof = keep_proof(session, view)
    result = shown(session, view)
    body = {
        **result.body,
        "receipt": receipt_body(agent.opened(receipt)) if receipt else None,
        "reactivation_code": code,
        "proof_file": str(proof) if proof else None,
    }
    return Result(
        body=body,
        lines=lambda: [
            *result.lines(),
            "",
            *_papers(session.texts, receipt, proof),
            *code_lines(session.texts, code),
        ],
        view=view,
    )


def _papers(texts: Texts, receipt: StoredPaper | None, proof: Path | None) -> list[str]:
    lines = []
    if receipt is not None:
        lines += wrapped(
            texts.gettext(
                "Release receipt: license {license}, generation {generation:number}, received"
                " {received:moment}",
                license=receipt.license_id,
                generation=receipt.generation,
                received=receipt.stored_at,
            )
        )
        lines += wrapped(texts.gettext("Keep it: `faragostar-man receipts --out DIR`"))
    return lines + proof_lines(texts, proof)


def _confirm(session: Session) -> None:
    """Have the end of the license key typed: it is on paper, not on this screen."""
    reader = session.reader
    key = reader.license_key() if reader.status().license else None
    if key is None:
        return  # nothing to release here; the refusal says so
    question = session.texts.gettext(
        "This server's license stops working now. To confirm, type the last {count:number}"
        " characters of the license key:",
        count=CONFIRMED_BY,
    )
    warnings = reader.before_release()
    sys.stderr.write("".join(f"{line}\n" for line in _warned(warnings, session.texts)))
    _require_end(session, key, question)
    if warnings:
        again = session.texts.gettext("To release it all the same, type them once more:")
        _require_end(session, key, again)


def _warned(warnings: tuple[MessageView, ...], texts: Texts) -> list[str]:
    lines = []
    for warning in warnings:
        lines += wrapped(texts.text(warning.code, warning.parameters))
        lines += wrapped(texts.advice(warning.code, warning.parameters), "  ")
    return lines


def _require_end(session: Session, key: str, question: str) -> None:
    if not is_end_of(key, session.ask(question)):
        raise InputInvalid(problem="confirmation-wrong")
