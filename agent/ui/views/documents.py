"""What a kept document says in words, whose signature stands under it, and how it is printed."""

from collections.abc import Iterator
from typing import NamedTuple

from agent.papers import Opened
from agent.texts import PORTAL, SUPPORT_PHONE
from agent.ui.views import paper
from agent.ui.views.history import PAPERS
from agent.ui.views.tones import Rows, Tone
from agent.ui.wording import WindowTexts
from protocol.documents import License, Receipt, Window
from protocol.values import Timestamp


class DocumentPage(NamedTuple):
    """A kept document, in words; `html` is it on paper."""

    title: str
    tone: Tone
    verified: str
    advice: str
    facts: Rows
    html: str
    file_name: str


def document_of(found: Opened, verified_at: Timestamp, texts: WindowTexts) -> DocumentPage:
    """Say what it says; of one that is not genuine, only what this server noted of it."""
    title = texts.gettext(PAPERS[found.paper.kind])
    verified, advice = _verified(found, verified_at, texts)
    facts = tuple(_facts(found, texts))
    kept = found.paper
    return DocumentPage(
        title=title,
        tone=Tone.GOOD if found.problem is None else Tone.STOPPED,
        verified=verified,
        advice=advice,
        facts=facts,
        html=_on_paper(title, verified, facts, texts),
        file_name=f"{kept.kind.value}-{kept.license_id[:8]}-{kept.generation}",
    )


def _verified(found: Opened, at: Timestamp, texts: WindowTexts) -> tuple[str, str]:
    if found.signature is None:
        problem = found.problem or "document-bad-signature"
        return texts.text(problem), texts.advice(problem)
    said = texts.gettext(
        "Genuine and unchanged: signed by the vendor with document key {key:number} of trust root "
        "{root:number}; checked here {at:moment}",
        key=found.signature.key,
        root=found.signature.root,
        at=at,
    )
    return said, ""


def _facts(found: Opened, texts: WindowTexts) -> Iterator[tuple[str, str]]:
    kept, answer = found.paper, found.answer
    yield texts.gettext("License number"), texts.latin(kept.license_id)
    yield texts.gettext("Generation"), texts.number(kept.generation)
    yield texts.gettext("Received here"), texts.moment(kept.stored_at)
    if answer is not None:
        yield texts.gettext("Signed by the vendor"), texts.moment(answer.server_time)
        yield texts.gettext("Entry in the vendor's record"), texts.number(answer.audit_index)
        yield from _said(answer, texts)
        yield texts.gettext("Device"), texts.latin(answer.device)
    if found.signature is not None:
        yield texts.gettext("Vendor's key"), texts.latin(found.signature.kid)
    yield texts.gettext("Digest"), texts.latin(kept.digest)


def _said(answer: License | Receipt | Window, texts: WindowTexts) -> Iterator[tuple[str, str]]:
    none, between = texts.gettext("none"), "، " if texts.is_persian else ", "
    match answer:
        case Receipt(freed=freed):
            generations = between.join(texts.number(one) for one in freed)
            yield texts.gettext("Generations freed"), generations or none
        case License(modules=modules, warranty_until=until):
            yield texts.gettext("Customer"), texts.foreign(answer.customer)
            yield texts.gettext("Product"), texts.foreign(answer.product)
            yield texts.gettext("Modules"), texts.foreign(", ".join(modules)) if modules else none
            yield texts.gettext("Seats"), texts.number(answer.seats)
            yield texts.gettext("Warranty until"), texts.date(until) if until else none
            yield texts.gettext("Support code"), texts.latin(texts.number(answer.support_code))
        case Window(window=window):
            scope = between.join(texts.name("change", change) for change in window.scope)
            yield texts.gettext("Change window from"), texts.moment(window.starts_at)
            yield texts.gettext("Change window until"), texts.moment(window.ends_at)
            yield texts.gettext("Change window for"), scope


def _on_paper(title: str, verified: str, facts: Rows, texts: WindowTexts) -> str:
    support = (
        (texts.gettext("Support"), texts.latin(texts.number(SUPPORT_PHONE))),
        (texts.gettext("Customer portal"), texts.latin(PORTAL)),
    )
    return paper.paper(
        texts,
        paper.title(title, texts),
        paper.paragraph(verified, texts),
        paper.facts(facts, texts),
        paper.facts(support, texts),
    )
