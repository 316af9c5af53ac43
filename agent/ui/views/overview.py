"""The first page: where the user stands, with what to do now."""

from typing import NamedTuple

from agent.advising import advice_lines
from agent.errors import AdminRightsNeeded
from agent.presentation import license_rows, waiting_rows
from agent.texts import SUPPORT_PHONE
from agent.ui.jobs import Known
from agent.ui.views.tones import Code, Rows, Tone
from agent.ui.views.troubles import is_unanswered
from agent.ui.wording import BUTTONS, Act, WindowTexts
from protocol.values import CaseState, Standing
from protocol.views import StatusView


class Button(NamedTuple):
    """One act that is possible now; at most one is what should be done."""

    act: Act
    text: str
    is_next: bool


class Overview(NamedTuple):
    """The first page, whole; with `has_other_way` what got no answer can be carried by hand."""

    tone: Tone
    headline: str
    beside: str
    remarks: tuple[str, ...]
    advice: tuple[str, ...]
    buttons: tuple[Button, ...]
    codes: tuple[Code, ...]
    license: Rows
    waiting: Rows
    has_papers: bool
    has_other_way: bool
    advises_recovery: bool
    needs_rights: bool
    may_look_again: bool = False


_TONES = {
    Standing.UNLICENSED: Tone.CALM,
    Standing.ACTIVATING: Tone.WAITING,
    Standing.ACTIVE: Tone.GOOD,
    Standing.RELEASING: Tone.WAITING,
    Standing.RELEASED: Tone.CALM,
    Standing.SUPERSEDED: Tone.STOPPED,
    Standing.DAMAGED: Tone.STOPPED,
}
# What should be done next, if it may be; an active license asks for nothing.
_NEXT = {
    Standing.UNLICENSED: Act.ACTIVATE,
    Standing.ACTIVATING: Act.CHECK,
    Standing.DRIFTED: Act.REACTIVATE,
    Standing.RELEASING: Act.CHECK,
    Standing.RELEASED: Act.REACTIVATE,
    Standing.SUPERSEDED: Act.REACTIVATE,
    Standing.DAMAGED: Act.ACTIVATE,
}


def overview_of(known: Known, texts: WindowTexts) -> Overview:
    """Say where the user stands, with what to do now."""
    view = known.view
    if view is None:
        return _overview_of_nothing(known, texts)
    first, *others = (texts.text(m.code, m.parameters) for m in view.messages)
    return Overview(
        tone=_tone(view),
        headline=first,
        beside=_beside(known, view, texts),
        remarks=tuple(others),
        advice=_advice(known, view, texts),
        buttons=buttons_of(known, view, texts),
        codes=_codes(known, view, texts),
        license=_facts(view, texts),
        waiting=tuple(waiting_rows(view, texts))[:-1],
        has_papers=known.has_papers,
        has_other_way=any(is_unanswered(message.code) for message in view.messages),
        advises_recovery=any(message.code == "recovery-advised" for message in view.messages),
        needs_rights=known.as_of is not None,
    )


def _tone(view: StatusView) -> Tone:
    if view.is_revoked:
        return Tone.STOPPED
    if view.standing is Standing.DRIFTED:
        return Tone.WARNING if view.usable else Tone.STOPPED
    return _TONES[view.standing]


def _beside(known: Known, view: StatusView, texts: WindowTexts) -> str:
    if known.as_of is not None:
        return texts.gettext(
            "As of {as_of:moment}; open this program as administrator to act.", as_of=known.as_of
        )
    if view.confirmed_at is None:
        return texts.gettext("Not confirmed by the vendor yet")
    return texts.gettext("Confirmed by the vendor {at:moment}", at=view.confirmed_at)


def _advice(known: Known, view: StatusView, texts: WindowTexts) -> tuple[str, ...]:
    if known.as_of is not None:
        return (texts.advice("admin-rights-needed"),)
    return tuple(advice_lines(view, texts))


def buttons_of(known: Known, view: StatusView, texts: WindowTexts) -> tuple[Button, ...]:
    """Make a button of every act that is possible now, the one that comes next first."""
    if known.as_of is not None:
        return ()
    # While the vendor decides, asking again changes nothing: what can be done is to hear the word.
    is_decided_elsewhere = view.case is not None and view.case.state is CaseState.OPEN
    is_ended_by_a_check = is_decided_elsewhere or view.is_revoked
    wanted = Act.CHECK if is_ended_by_a_check else _next(view)
    acts = [Act(name) for name in view.actions if name in BUTTONS]
    first = [act for act in acts if act is wanted]
    rest = [act for act in acts if act is not wanted]
    return tuple(Button(act, texts.gettext(BUTTONS[act]), act is wanted) for act in (*first, *rest))


def _next(view: StatusView) -> Act | None:
    """Name the act that comes next; who knows a license by a recovery file takes it again."""
    wanted = _NEXT.get(view.standing)
    is_known = wanted is Act.ACTIVATE and Act.REACTIVATE in view.actions
    return Act.REACTIVATE if is_known else wanted


def _facts(view: StatusView, texts: WindowTexts) -> Rows:
    """The license, but for the code that stands in large letters beside it."""
    support = texts.gettext("Support code")
    return tuple(row for row in license_rows(view, texts) if row[0] != support)


def support_code(view: StatusView, texts: WindowTexts) -> Code | None:
    """The code that names the customer on the phone."""
    phone = texts.gettext("Read it out when you call {phone}.", phone=SUPPORT_PHONE)
    code = view.support_code
    if code is None:
        return None
    return Code(texts.gettext("Support code"), texts.number(code), code, phone)


def _codes(known: Known, view: StatusView, texts: WindowTexts) -> tuple[Code, ...]:
    codes = []
    if known.reactivation_code is not None:
        codes.append(
            Code(
                texts.gettext("Reactivation code"),
                known.reactivation_code,
                known.reactivation_code,
                texts.gettext("Another server needs it. Keep it off this disk."),
            )
        )
    if (support := support_code(view, texts)) is not None:
        codes.append(support)
    return tuple(codes)


def _overview_of_nothing(known: Known, texts: WindowTexts) -> Overview:
    """Nothing is set up here, or nothing may be read; either way, say so and what to do."""
    failure = known.trouble
    if failure is None:
        headline, advice = texts.text("standing-unlicensed"), texts.advice("not-set-up")
        beside = texts.gettext("This program is not set up yet")
    else:
        headline = texts.text("standing-unknown")
        beside = texts.text(failure.text_code, failure.parameters)
        advice = texts.advice(failure.text_code, failure.parameters)
    return Overview(
        tone=Tone.CALM if failure is None else Tone.WARNING,
        headline=headline,
        beside=beside,
        remarks=(),
        advice=(advice,),
        buttons=(),
        codes=(),
        license=(),
        waiting=(),
        has_papers=False,
        has_other_way=False,
        advises_recovery=False,
        needs_rights=failure is not None and failure.code == AdminRightsNeeded.code,
        may_look_again=failure is not None,
    )
