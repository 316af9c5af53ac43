"""What the pages show, computed from what is known: pure, and without Qt.

Every value is text in the reader's language already. Which button stands where is read from
`StatusView.actions`; nothing is decided here but what comes first.
"""

from enum import StrEnum
from typing import NamedTuple

from agent.differences import tolerance_message
from agent.errors import InputInvalid
from agent.presentation import Failure, Remaining, advice_lines, license_rows, waiting_rows
from agent.texts import SUPPORT_PHONE
from agent.typed import typed_code
from agent.ui.jobs import Known
from agent.ui.wording import BUTTONS, Act, WindowTexts
from protocol.values import CaseState, Standing
from protocol.views import ComponentView, StatusView

CODE_LETTERS = 25
Rows = tuple[tuple[str, str], ...]


class Tone(StrEnum):
    """How a sentence is meant; it is always said in words and by a mark too."""

    GOOD = "good"
    CALM = "calm"
    WAITING = "waiting"
    WARNING = "warning"
    STOPPED = "stopped"


class Button(NamedTuple):
    """One act that is possible now; at most one is what should be done."""

    act: Act
    text: str
    is_next: bool


class Code(NamedTuple):
    """Something that is read aloud or typed elsewhere; `copied` is what the clipboard gets."""

    title: str
    groups: str
    copied: str
    hint: str


class Overview(NamedTuple):
    """The first page, whole."""

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


class Trouble(NamedTuple):
    """A failure: what happened, whether the license is still active, the next step, the code."""

    happened: str
    license: str
    is_active: bool
    next_step: str
    code: str


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
        buttons=_buttons(known, view, texts),
        codes=_codes(known, view, texts),
        license=_facts(view, texts),
        waiting=tuple(waiting_rows(view, texts))[:-1],
        has_papers=known.has_papers,
    )


def trouble_of(failure: Failure, texts: WindowTexts) -> Trouble:
    """Answer the first question that a failure raises: is my license still active?"""
    remaining = failure.remaining
    state = remaining.message
    license = texts.text(state.code, state.parameters)
    if remaining.as_of is not None:
        license += " " + texts.gettext("(as of {as_of:moment})", as_of=remaining.as_of)
    return Trouble(
        happened=texts.text(failure.text_code, failure.parameters),
        license=license,
        is_active=_is_active(remaining),
        next_step=texts.advice(failure.text_code, failure.parameters),
        code=failure.text_code,
    )


def warnings_of(known: Known, texts: WindowTexts) -> tuple[str, ...]:
    """What must be known before the license is given back."""
    return tuple(
        f"{texts.text(m.code, m.parameters)}. {texts.advice(m.code, m.parameters)}"
        for m in known.warnings
    )


def remark_on(prefix: str, typed: str, texts: WindowTexts) -> tuple[Tone, str]:
    """Say of a code that is being typed whether it is whole, and which group is mistyped."""
    if not typed.strip():
        return Tone.CALM, texts.gettext("Five groups of five letters and digits")
    try:
        typed_code(prefix, typed)
    except InputInvalid as problem:
        group = problem.parameters.get("group")
        if group and not _is_begun(prefix, typed):
            return Tone.WARNING, texts.gettext("Group {group:number} is mistyped", group=group)
        return Tone.CALM, texts.gettext("Not whole yet: five groups of five letters and digits")
    return Tone.GOOD, texts.gettext("The key is typed right")


def _is_begun(prefix: str, typed: str) -> bool:
    """Whether more must follow: a prefix counts as letters until all that follow it are there."""
    letters = [c for c in typed if c.isalnum()]
    has_prefix = typed.strip().upper().startswith(f"{prefix}-")
    return has_prefix and len(letters) < len(prefix) + CODE_LETTERS


def _tone(view: StatusView) -> Tone:
    if view.standing is Standing.DRIFTED:
        return Tone.WARNING if view.usable else Tone.STOPPED
    return _TONES[view.standing]


def _is_active(remaining: Remaining) -> bool:
    return remaining.view is not None and remaining.view.usable


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


def _buttons(known: Known, view: StatusView, texts: WindowTexts) -> tuple[Button, ...]:
    if known.as_of is not None:
        return ()
    # While the vendor decides, asking again changes nothing: what can be done is to hear the word.
    is_decided_elsewhere = view.case is not None and view.case.state is CaseState.OPEN
    wanted = Act.CHECK if is_decided_elsewhere else _NEXT.get(view.standing)
    acts = [Act(name) for name in view.actions if name in BUTTONS]
    first = [act for act in acts if act is wanted]
    rest = [act for act in acts if act is not wanted]
    return tuple(Button(act, texts.gettext(BUTTONS[act]), act is wanted) for act in (*first, *rest))


def _facts(view: StatusView, texts: WindowTexts) -> Rows:
    """The license, but for the code that stands in large letters beside it."""
    support = texts.gettext("Support code")
    return tuple(row for row in license_rows(view, texts) if row[0] != support)


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
    if view.license is not None:
        phone = texts.gettext("Read it out when you call {phone}.", phone=SUPPORT_PHONE)
        support = view.license.support_code
        codes.append(Code(texts.gettext("Support code"), texts.number(support), support, phone))
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
    )


class ComparedRow(NamedTuple):
    """One component: its name, at activation, now, and the result."""

    values: tuple[str, str, str, str]
    tone: Tone


class Comparison(NamedTuple):
    """The fingerprint, then and now."""

    tone: Tone
    verdict: str
    room: str
    header: tuple[str, str, str, str]
    rows: tuple[ComparedRow, ...]


def comparison_of(known: Known, texts: WindowTexts) -> Comparison:
    """Lay every component out beside what it was."""
    header = (
        texts.gettext("Component"),
        texts.gettext("At activation"),
        texts.gettext("Now"),
        texts.gettext("Result"),
    )
    drift = known.view.drift if known.view is not None else None
    if drift is None:
        nothing = texts.gettext("There is nothing to compare: no license is bound to this server.")
        return Comparison(Tone.CALM, nothing, "", header, ())
    room = tolerance_message(drift)
    return Comparison(
        tone=Tone.GOOD if drift.verdict == "match" else Tone.WARNING,
        verdict=texts.text(f"hardware-{drift.verdict}", {"rule": drift.rule or ""}),
        room=texts.text(room.code, room.parameters) if room else "",
        header=header,
        rows=tuple(_compared(found, texts) for found in drift.components),
    )


def history_of(known: Known, texts: WindowTexts) -> Rows:
    """Say what happened, the newest first."""
    newest_first = reversed(known.history)
    return tuple((texts.moment(e.at), texts.text(e.event, e.detail)) for e in newest_first)


def _compared(found: ComponentView, texts: WindowTexts) -> ComparedRow:
    return ComparedRow(
        (
            texts.name("component", found.id),
            texts.latin(found.was) if found.was else "–",
            texts.latin(found.now) if found.now else "–",
            texts.name("status", found.status),
        ),
        Tone.GOOD if found.status == "same" else Tone.WARNING,
    )
