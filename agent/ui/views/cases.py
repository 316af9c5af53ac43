"""What the vendor decides or decided last, whose turn it is, and the change window."""

from collections.abc import Mapping
from typing import NamedTuple

from agent.advising import advice_lines
from agent.presentation import case_rows, request_rows, window_rows
from agent.texts import SUPPORT_PHONE
from agent.texts.marking import _
from agent.ui.jobs import Known
from agent.ui.views.overview import Button, buttons_of, support_code
from agent.ui.views.tones import Code, Rows, Tone
from agent.ui.wording import Act, WindowTexts
from protocol.values import CaseState, Coordination, Timestamp
from protocol.views import CaseView, FeeView, StatusView

_HOUR = 3600
_DAY = 24 * _HOUR


class Cases(NamedTuple):
    """The page of cases, whole; `why` says what stands behind verdict and fee, in sentences."""

    tone: Tone
    headline: str
    beside: str
    turn: str
    advice: tuple[str, ...]
    buttons: tuple[Button, ...]
    facts: Rows = ()
    why: tuple[str, ...] = ()
    message: str = ""
    window: "OpenWindow | None" = None
    code: Code | None = None
    speak: str = ""


class OpenWindow(NamedTuple):
    """A change window: what it means now, how long it lasts, and its facts."""

    said: tuple[str, ...]
    left: str
    facts: Rows


_OF_A_CASE = ("case-", "proof-")
# Its dates stand among its facts.
_OF_A_WINDOW = ("window-covers", "window-exceeded", "window-missed", "window-leaves-out")
_TONES = {
    CaseState.OPEN: Tone.WAITING,
    CaseState.APPROVED: Tone.GOOD,
    CaseState.DECLINED: Tone.STOPPED,
    CaseState.CANCELLED: Tone.WARNING,
}
_YOURS = _("It is your turn.")
_PAYING = _("The case is closed, but for its fee: pay it, if you have not done so yet.")
_TURNS: Mapping[str, str] = {
    "case-open": _("It is the vendor's turn: somebody there decides. Nothing is asked of you."),
    "case-carried-out": _("It is nobody's turn: the case is closed."),
}
_WHY: Mapping[Coordination, str] = {
    Coordination.COORDINATED: _(
        "The vendor heard of the change before it was made: by a change notice, or because the "
        "license had been given back."
    ),
    Coordination.UNCOORDINATED: _(
        "For the time of the change the vendor has no change notice that covers it, and the "
        "license had not been given back before it."
    ),
    Coordination.UNDETERMINED: _(
        "What the vendor has seen of this server does not tell when the change was made, or "
        "whether it was; a person looks at it."
    ),
}
_FEES: Mapping[CaseState, str] = {
    CaseState.OPEN: _("The fee is due only if the case is approved."),
    CaseState.APPROVED: _("The fee is paid in the customer portal ({portal})."),
    CaseState.DECLINED: _("Nothing is to be paid: nobody pays for what was declined."),
    CaseState.CANCELLED: _("Nothing is to be paid: the case ended without a decision."),
}


def cases_of(known: Known, texts: WindowTexts, now: Timestamp) -> Cases:
    """Show the case that waits or was decided last; `now` is this machine's time."""
    view = known.view
    if view is None:
        return _nothing(texts, "")
    standing = texts.text(view.messages[0].code, view.messages[0].parameters)
    window = _window(view, texts, now)
    code = support_code(view, texts)
    if view.case is None:
        advice = tuple(advice_lines(view, texts)) if window or view.request else ()
        return _nothing(texts, standing)._replace(
            advice=advice,
            buttons=_buttons(known, view, texts, {Act.CHECK, Act.WITHDRAW}),
            facts=tuple(request_rows(view, texts)),
            window=window,
            code=code,
        )
    about = _about(view, view.case)
    said = next((m for m in view.messages if m.code == about), None)
    parameters = said.parameters if said else {"number": str(view.case.case_id)}
    return Cases(
        tone=_TONES[view.case.state],
        headline=texts.text(about, parameters),
        beside=standing,
        turn=texts.gettext(_turn(about, view.case)),
        advice=() if known.as_of else tuple(advice_lines(view, texts)),
        buttons=_buttons(known, view, texts, {Act.CHECK, Act.WITHDRAW, Act.REACTIVATE}),
        facts=(*_facts(view, texts), *request_rows(view, texts)),
        why=_why(view.case, texts),
        message=texts.foreign(view.case.message) if view.case.message else "",
        window=window,
        code=code,
        speak=texts.gettext(
            "Call {phone} and name case {number:number}.",
            phone=SUPPORT_PHONE,
            number=view.case.case_id,
        ),
    )


def _nothing(texts: WindowTexts, beside: str) -> Cases:
    return Cases(
        tone=Tone.CALM,
        headline=texts.gettext("Nothing waits for the vendor's decision"),
        beside=beside,
        turn=texts.gettext(
            "When the vendor must decide, for example on a change of this server that nobody had "
            "declared, the case stands here: why it was opened, whose turn it is, the decision "
            "and the fee."
        ),
        advice=(),
        buttons=(),
        speak=texts.gettext("Questions are answered at {phone}.", phone=SUPPORT_PHONE),
    )


def _about(view: StatusView, case: CaseView) -> str:
    """Under which code the case is spoken of; an older copy may not say."""
    told = (m.code for m in view.messages if m.code.startswith(_OF_A_CASE))
    return next(told, f"case-{case.state.value}")


def _turn(about: str, case: CaseView) -> str:
    if about == "case-carried-out" and isinstance(case.fee, FeeView) and not case.fee.waived:
        return _PAYING
    return _TURNS.get(about, _YOURS)


def _buttons(
    known: Known, view: StatusView, texts: WindowTexts, wanted: set[Act]
) -> tuple[Button, ...]:
    return tuple(button for button in buttons_of(known, view, texts) if button.act in wanted)


def _facts(view: StatusView, texts: WindowTexts) -> Rows:
    """The case, but for the vendor's message, which may be long and stands by itself."""
    message = texts.gettext("The vendor says")
    return tuple(row for row in case_rows(view, texts) if row[0] != message)


def _why(case: CaseView, texts: WindowTexts) -> tuple[str, ...]:
    if not case.coordination:
        return (texts.gettext("What the vendor makes of it is told with the approval."),)
    return texts.gettext(_WHY[case.coordination]), _fee(case, texts)


def _fee(case: CaseView, texts: WindowTexts) -> str:
    if not isinstance(case.fee, FeeView):
        return texts.gettext("No fee belongs to this case.")
    if case.fee.waived:
        return texts.gettext("Nothing is to be paid: the vendor waived the fee.")
    return texts.gettext(_FEES[case.state])


def _window(view: StatusView, texts: WindowTexts, now: Timestamp) -> OpenWindow | None:
    if view.window is None:
        return None
    told = (m for m in view.messages if m.code.startswith(_OF_A_WINDOW))
    starts_at, ends_at = view.window.starts_at, view.window.ends_at
    if now < starts_at:
        left = texts.gettext("It begins in {time:words}.", time=_spelt(starts_at - now, texts))
    elif now < ends_at:
        left = texts.gettext("It is open for {time:words} more.", time=_spelt(ends_at - now, texts))
    else:
        left = texts.gettext("Its time is over.")
    return OpenWindow(
        said=tuple(texts.text(m.code, m.parameters) for m in told),
        left=left,
        facts=tuple(window_rows(view, texts)),
    )


def _spelt(seconds: int, texts: WindowTexts) -> str:
    """Spell a time in days and hours, rounded down: nobody may rely on an hour that is not left."""
    days, hours = seconds // _DAY, seconds % _DAY // _HOUR
    spelt = []
    if days:
        spelt.append(texts.gettext("{days:number} {days:day|days}", days=days))
    if hours:
        spelt.append(texts.gettext("{hours:number} {hours:hour|hours}", hours=hours))
    if not spelt:
        return texts.gettext("less than an hour")
    return texts.gettext(" and ").join(spelt)
