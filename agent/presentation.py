"""How a view reads: as JSON for programs, as text for a tired administrator at night.

Text begins with the sentence that matters, then what to do now, then the rest; nothing depends
on colour.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from agent.advising import advice_lines, said_better
from agent.announcing import told_lines
from agent.differences import drift_lines
from agent.errors import AgentError
from agent.layout import Lines, indented, table, wrapped
from agent.texts import Texts
from protocol.values import Standing, Timestamp
from protocol.views import CaseView, FeeView, MessageView, StatusView

_COMMANDS = {
    "activate": "faragostar-man activate KEY",
    "reactivate": "faragostar-man reactivate",
    "notice": "faragostar-man notice --scope CHANGE,… --from TIME --until TIME …",
    "release": "faragostar-man release --reason hardware|os|move|retire",
    "check": "faragostar-man check",
    "withdraw": "faragostar-man withdraw",
}


class Remaining(NamedTuple):
    """What still holds after a failure, as far as it can be seen, and as of when."""

    view: StatusView | None = None
    as_of: Timestamp | None = None
    is_set_up: bool = True

    @property
    def message(self) -> MessageView:
        """Whether the license is still active."""
        if not self.is_set_up:
            return MessageView(code="standing-unlicensed", parameters={})
        if self.view is None:
            return MessageView(code="standing-unknown", parameters={})
        if self.view.standing is Standing.ACTIVE and self.view.usable:
            return MessageView(code="unchanged", parameters={})
        return self.view.messages[0]


class Failure(NamedTuple):
    """What went wrong, beside what still holds."""

    code: str
    text_code: str
    parameters: dict[str, str]
    remaining: Remaining
    exit: int


def failure_of(error: AgentError, remaining: Remaining, code: int) -> Failure:
    """Put an error beside the standing that is left."""
    return Failure(error.code, error.text_code, dict(error.parameters), remaining, code)


def status_body(view: StatusView, texts: Texts, as_of: Timestamp | None = None) -> dict[str, Any]:
    """Spell a view for programs (fields may be added, never renamed).

    Where another message's advice is the one to follow, a message gives only its fact.
    """
    plain = texts.plainly()
    body: dict[str, Any] = msgspec.to_builtins(view)
    silent = said_better(view)
    body["messages"] = [
        message_body(message, plain) | ({"advice": ""} if message.code.startswith(silent) else {})
        for message in view.messages
    ]
    return {**body, "as_of": as_of}


def message_body(message: MessageView, plain: Texts) -> dict[str, Any]:
    """Spell a message with its sentence and advice."""
    return {
        "code": message.code,
        "text": plain.text(message.code, message.parameters),
        "advice": plain.advice(message.code, message.parameters),
        "parameters": message.parameters,
    }


def failure_body(failure: Failure, texts: Texts) -> dict[str, Any]:
    """Spell a failure for programs."""
    plain, remaining = texts.plainly(), failure.remaining
    state, view = remaining.message, remaining.view
    return {
        "error": failure.code,
        "text_code": failure.text_code,
        "text": plain.text(failure.text_code, failure.parameters),
        "advice": plain.advice(failure.text_code, failure.parameters),
        "parameters": failure.parameters,
        "standing": view.standing.value if view else None,
        "usable": view.usable if view else None,
        "state": plain.text(state.code, state.parameters),
        "as_of": remaining.as_of,
        "exit": failure.exit,
    }


def failure_lines(failure: Failure, texts: Texts) -> Lines:
    """Say what happened, whether the license is still active, what to do next, and the code."""
    remaining = failure.remaining
    state = remaining.message
    lines = [
        *wrapped(texts.text(failure.text_code, failure.parameters)),
        *wrapped(texts.text(state.code, state.parameters)),
    ]
    if remaining.as_of is not None:
        lines += wrapped(texts.gettext("(as of {as_of:moment})", as_of=remaining.as_of))
    lines += wrapped(texts.advice(failure.text_code, failure.parameters), "  ")
    return [*lines, texts.gettext("Code: {code}", code=failure.text_code)]


def status_lines(view: StatusView, texts: Texts, as_of: Timestamp | None = None) -> Lines:
    """Lay a view out for reading."""
    sections = (
        _headline(view, texts, as_of),
        _what_now(view, texts),
        _license(view, texts),
        _changes(view, texts),
        _waiting(view, texts),
        told_lines(view, texts),
    )
    return [line for section in sections if section for line in (*section, "")][:-1]


def _headline(view: StatusView, texts: Texts, as_of: Timestamp | None) -> Lines:
    first, *others = view.messages
    lines = wrapped(texts.text(first.code, first.parameters))
    for message in others:
        lines += wrapped(texts.text(message.code, message.parameters), "  ")
    if as_of is not None:
        lines += wrapped(
            texts.gettext(
                "As of {as_of:moment}; run as administrator for this moment's standing.",
                as_of=as_of,
            )
        )
    return lines


def _what_now(view: StatusView, texts: Texts) -> Lines:
    lines = [texts.gettext("What to do now")]
    for advice in advice_lines(view, texts):
        lines += wrapped(advice, "  ")
    return [*lines, *(f"    {_COMMANDS[action]}" for action in view.actions)]


def license_rows(view: StatusView, texts: Texts) -> list[tuple[str, str]]:
    """Name what the license is, fact by fact."""
    license = view.license
    if license is None:
        return _last_license_rows(view, texts)
    modules, until, none = license.modules, license.warranty_until, texts.gettext("none")
    return [
        (texts.gettext("Customer"), texts.foreign(license.customer)),
        (texts.gettext("Product"), texts.foreign(license.product)),
        (texts.gettext("Modules"), texts.foreign(", ".join(modules)) if modules else none),
        (texts.gettext("Seats"), texts.number(license.seats)),
        (texts.gettext("Warranty until"), texts.date(until) if until else none),
        (texts.gettext("Support code"), texts.latin(license.support_code)),
        (texts.gettext("License number"), texts.latin(license.id)),
    ]


def _last_license_rows(view: StatusView, texts: Texts) -> list[tuple[str, str]]:
    """Name what support asks for, where the license is not here any more, or not yet again."""
    if not (last := view.last_license):
        return []
    number = (texts.gettext("License number"), texts.latin(last.id))
    if last.support_code is None:
        return [number]
    return [(texts.gettext("Support code"), texts.latin(last.support_code)), number]


def _license(view: StatusView, texts: Texts) -> Lines:
    rows = license_rows(view, texts)
    last = texts.gettext("The license that was here last")
    heading = texts.gettext("License") if view.license else last
    return [heading, *indented(table(rows))] if rows else []


def _changes(view: StatusView, texts: Texts) -> Lines:
    return [] if view.drift is None else drift_lines(view.drift, view.os, texts)


def waiting_rows(view: StatusView, texts: Texts) -> list[tuple[str, str]]:
    """Name what is waited for, and what the vendor last said."""
    confirmed = view.confirmed_at
    when = texts.gettext("never") if confirmed is None else texts.moment(confirmed)
    return [
        *case_rows(view, texts),
        *request_rows(view, texts),
        *window_rows(view, texts),
        (texts.gettext("Last confirmed by the vendor"), when),
    ]


def case_rows(view: StatusView, texts: Texts) -> list[tuple[str, str]]:
    """Name what the vendor decides or decided last."""
    if (case := view.case) is None:
        return []
    number = texts.gettext("Case {number:number}", number=case.case_id)
    rows = [
        (number, texts.name("case", case.state)),
        (texts.gettext("Opened"), texts.moment(case.opened_at)),
        (texts.gettext("Opened because"), texts.name("kind", case.kind)),
        *_judged(case, texts),
    ]
    if case.message:
        rows.append((texts.gettext("The vendor says"), texts.foreign(case.message)))
    return rows


def window_rows(view: StatusView, texts: Texts) -> list[tuple[str, str]]:
    """Name the change window, if there is one."""
    if (window := view.window) is None:
        return []
    return [
        (texts.gettext("Change window from"), texts.moment(window.starts_at)),
        (texts.gettext("Change window until"), texts.moment(window.ends_at)),
        (texts.gettext("Change window for"), _scope(window.scope, texts)),
    ]


def request_rows(view: StatusView, texts: Texts) -> list[tuple[str, str]]:
    """Name what the signing server has not answered yet."""
    if (request := view.request) is None:
        return []
    since = texts.gettext("since {since:moment}", since=request.issued_at)
    asked = f"{texts.name('op', request.op)} {since}"
    return [(texts.gettext("Waiting for an answer"), asked)]


def _waiting(view: StatusView, texts: Texts) -> Lines:
    return table(waiting_rows(view, texts))


def _judged(case: CaseView, texts: Texts) -> Iterator[tuple[str, str]]:
    """What the vendor makes of it; a signed copy of an older agent says nothing of that."""
    if case.coordination:
        verdict = texts.name("coordination", case.coordination)
        yield texts.gettext("The change was"), verdict
    if case.fee:
        yield texts.gettext("Fee"), _price(case.fee, texts)
    if case.decided_at:
        yield texts.gettext("Decided"), texts.moment(case.decided_at)


def _price(fee: FeeView, texts: Texts) -> str:
    amount = texts.number(f"{fee.amount:,}".replace(",", "٬" if texts.is_persian else ","))
    price = f"{amount} {texts.name('currency', fee.currency)}"
    if fee.waived:
        return texts.gettext("{price:words}, waived by the vendor", price=price)
    return texts.gettext("{price:words}, by the tariff “{tariff}”", price=price, tariff=fee.tariff)


def _scope(changes: Iterable[str], texts: Texts) -> str:
    between = "، " if texts.is_persian else ", "
    return between.join(texts.name("change", change) for change in changes)
