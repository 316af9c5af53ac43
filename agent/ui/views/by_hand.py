"""What can be carried by hand now, what is on its way, and what came of an answer."""

from collections.abc import Iterator
from typing import NamedTuple

from agent.texts import PORTAL, SUPPORT_PHONE
from agent.ui.jobs import Known
from agent.ui.jobs.by_hand import As, GivenOut, Incomplete
from agent.ui.views.overview import buttons_of, overview_of
from agent.ui.views.tones import Code, Tone
from agent.ui.wording import BUTTONS, Act, WindowTexts
from protocol.values import Standing
from protocol.views import StatusView

_ON_ITS_WAY = ("waiting-", "request-exported", "request-shown")
_CHANGED_NOTHING = ("answer-known", "answer-overtaken")


class Offer(NamedTuple):
    """One request that can be made now."""

    act: Act
    text: str


class Exchange(NamedTuple):
    """The three steps as they stand now; where nothing can be done, `advice` says why."""

    headline: str
    tone: Tone
    waiting: tuple[str, ...]
    offers: tuple[Offer, ...]
    advice: tuple[str, ...]
    may_declare: bool
    is_given_back: bool
    may_take_in: bool


def exchange_of(known: Known, texts: WindowTexts) -> Exchange:
    """Say what is on its way, and what can be asked."""
    overview, view = overview_of(known, texts), known.view
    is_readable = view is not None and known.as_of is None
    return Exchange(
        headline=overview.headline,
        tone=overview.tone,
        waiting=tuple(_on_its_way(view, texts)) if view else (),
        offers=tuple(_offers(known, view, texts)) if view else (),
        advice=() if is_readable else overview.advice,
        may_declare=is_readable and view is not None and Act.NOTICE.value in view.actions,
        is_given_back=view is not None and view.standing is Standing.RELEASING,
        may_take_in=is_readable,
    )


def _on_its_way(view: StatusView, texts: WindowTexts) -> Iterator[str]:
    for message in view.messages:
        if message.code.startswith(_ON_ITS_WAY):
            yield texts.text(message.code, message.parameters)


def _offers(known: Known, view: StatusView, texts: WindowTexts) -> Iterator[Offer]:
    """What waits for its answer comes first; then what comes next in this standing."""
    acts = [each.act for each in buttons_of(known, view, texts) if each.act is not Act.NOTICE]
    if view.request is not None:
        acts.sort(key=lambda act: act is not Act.CHECK)
    for act in acts:
        name = texts.gettext(BUTTONS[act]).rstrip("…")
        yield Offer(act, _check(view, texts) if act is Act.CHECK else name)


def _check(view: StatusView, texts: WindowTexts) -> str:
    if view.request is None:
        return texts.gettext("Check: ask the vendor how the license stands")
    asked = texts.name("op", view.request.op)
    return texts.gettext("Give out once more what waits for its answer: {what:words}", what=asked)


def said_of_request(given: GivenOut, texts: WindowTexts) -> str:
    """Say where a request went."""
    if given.way is As.FILE:
        return texts.gettext("Written to {path}", path=given.file)
    if given.way is As.TEXT:
        return texts.gettext("The request is in the clipboard now; paste it where it is wanted.")
    return texts.gettext(
        "The request was shown as {count:number} QR codes.", count=len(given.parts)
    )


def digits_of(given: GivenOut, texts: WindowTexts) -> Code:
    """Let both ends of a telephone speak of the same request."""
    return Code(
        texts.gettext("Digits of this request"),
        texts.number(given.digits),
        given.digits,
        texts.gettext("Whoever answers it sees the same digits: so it arrived whole."),
    )


def said_of_parts(there: Incomplete, texts: WindowTexts) -> str:
    """Say which parts of an answer are still missing."""
    between = "، " if texts.is_persian else ", "
    numbers = between.join(there.missing.split(", "))
    parameters = {"total": there.total, "numbers": numbers}
    return texts.text("parts-missing", parameters) + ". " + texts.advice("parts-missing")


def said_of_answer(view: StatusView, texts: WindowTexts) -> str:
    """Say that an answer changed nothing; empty when it did."""
    said = [m for m in view.messages if m.code in _CHANGED_NOTHING]
    return " ".join(texts.text(m.code, m.parameters) + "." for m in said)


def doors_of(texts: WindowTexts) -> tuple[Code, ...]:
    """Where requests are answered."""
    portal = texts.gettext(
        "Open it on any computer or telephone that has a network, hand the file or the text in, "
        "and save the answer."
    )
    support = texts.gettext(
        "Support answers it too: send the file or the text, and read out its digits."
    )
    return (
        Code(texts.gettext("Customer portal"), PORTAL, f"https://{PORTAL}", portal),
        Code(texts.gettext("Support"), texts.number(SUPPORT_PHONE), SUPPORT_PHONE, support),
    )
