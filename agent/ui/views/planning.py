"""What a planned change would mean, and what can be done about it now.

The prediction is `agent.planning`'s, on what was read once: nothing is asked of anybody here.
"""

from typing import NamedTuple

from agent.differences import plan_rows, tolerance_message
from agent.planning import Advice, Ground, Plan, plan, sentences
from agent.showing import drift_view, os_view
from agent.ui.jobs import Known
from agent.ui.views.tones import Tone
from agent.ui.wording import Act, WindowTexts
from protocol.values import ReleaseReason
from protocol.views import StatusView
from protocol.windows import Change, known_changes

# In the order of asking: first what is screwed, then what is installed.
HARDWARE = (
    Change.BOARD,
    Change.CPU,
    Change.BOOT_DISK,
    Change.DATA_DISK,
    Change.NIC,
    Change.MEMORY,
    Change.BIOS,
)
SYSTEM = (
    Change.OS_PATCH,
    Change.OS_UPGRADE,
    Change.OS_REINSTALL,
    Change.NEW_HOST,
    Change.LIVE_MIGRATION,
)
_TONES = {
    Advice.NOTHING: Tone.GOOD,
    Advice.DECLARE: Tone.WARNING,
    Advice.RELEASE: Tone.STOPPED,
}
_WANTED = {Advice.DECLARE: Act.NOTICE, Advice.RELEASE: Act.RELEASE}


class Row(NamedTuple):
    """One part: its name, what stands there now, what is said of it after the change."""

    name: str
    now: str
    after: str


class Remark(NamedTuple):
    """Something worth knowing beside the verdict, and what to do about it."""

    fact: str
    advice: str


class Prediction(NamedTuple):
    """The verdict in a sentence, the advice, and which acts it offers; `wanted` is the next one."""

    tone: Tone
    headline: str
    advice: str
    remarks: tuple[Remark, ...] = ()
    room: str = ""
    header: Row | None = None
    rows: tuple[Row, ...] = ()
    offers: tuple[Act, ...] = ()
    wanted: Act | None = None
    blocked: str = ""


def change_name(change: Change, texts: WindowTexts) -> str:
    """Name a change where nothing stands before it."""
    name = texts.name("change", change.value)
    return name[:1].upper() + name[1:]


def changes_named(changes: tuple[Change, ...], texts: WindowTexts) -> str:
    """Name several, one after the other."""
    between = "، " if texts.is_persian else ", "
    return between.join(texts.name("change", change.value) for change in changes)


def reason_of(changes: tuple[Change, ...]) -> ReleaseReason:
    """Choose the reason of a release that fits what is planned."""
    if Change.NEW_HOST in changes:
        return ReleaseReason.MOVE
    if {*changes} & {*HARDWARE, Change.LIVE_MIGRATION}:
        return ReleaseReason.HARDWARE
    return ReleaseReason.OS


def prediction_of(
    ground: Ground | None, changes: tuple[Change, ...], known: Known, texts: WindowTexts
) -> Prediction:
    """Say what the changes would mean, all of them together."""
    if known.as_of is not None:
        denied = "admin-rights-needed"
        return Prediction(Tone.CALM, texts.text(denied), texts.advice(denied))
    if ground is None:
        return Prediction(Tone.WAITING, texts.gettext("Looking at this server…"), "")
    if not changes:
        return Prediction(
            Tone.CALM,
            texts.gettext("Tick what you are going to change"),
            texts.gettext("You see here at once what it means. Nothing is asked or changed."),
        )
    return _predicted(plan(changes, ground), known, texts)


def _predicted(found: Plan, known: Known, texts: WindowTexts) -> Prediction:
    drift, system = drift_view(found.seen), os_view(found.seen)
    first, *others = sentences(found)
    room = tolerance_message(drift)
    header, *rows = plan_rows(found, system, texts)
    wanted = _WANTED.get(found.advice)
    offers = _offers(found, known.view)
    prediction = Prediction(
        tone=_TONES[found.advice],
        headline=texts.text(first),
        advice=texts.advice(first),
        remarks=tuple(Remark(texts.text(code), texts.advice(code)) for code in others),
        room=texts.text(room.code, room.parameters) if room else "",
        header=Row(*header),
        rows=tuple(Row(*row) for row in rows),
        offers=offers,
        wanted=wanted if wanted in offers else None,
    )
    if wanted is None or wanted in offers or known.view is None or not found.is_licensed:
        return prediction
    return _where_it_cannot_be_asked(prediction, found, known.view, texts)


def _offers(found: Plan, view: StatusView | None) -> tuple[Act, ...]:
    """What fits the plan and may be done now; a window covers no change that needs a release."""
    fits = {
        Advice.NOTHING: (Act.NOTICE,),
        Advice.DECLARE: (Act.NOTICE, Act.RELEASE),
        Advice.RELEASE: (Act.RELEASE,),
    }[found.advice]
    possible = view.actions if view is not None else ()
    return tuple(act for act in fits if act.value in possible)


def _where_it_cannot_be_asked(
    prediction: Prediction, found: Plan, view: StatusView, texts: WindowTexts
) -> Prediction:
    """Say why what should be done cannot be done now, or need not be: it was done."""
    window = view.window
    if found.advice is not Advice.DECLARE or window is None:
        said = texts.gettext("This cannot be done now; the overview says what comes first.")
        return prediction._replace(blocked=said)
    leaves_out = any(message.code == "window-leaves-out" for message in view.messages)
    if leaves_out or not {*found.changes} <= known_changes(window.scope):
        said = texts.gettext(
            "Another change window stands until {until:moment}; declare this change after it.",
            until=window.ends_at,
        )
        return prediction._replace(blocked=said)
    return prediction._replace(
        tone=Tone.GOOD,
        headline=texts.gettext("This change is declared: its change window stands"),
        advice=texts.gettext(
            "Make it between {since:moment} and {until:moment}, and check once afterwards.",
            since=window.starts_at,
            until=window.ends_at,
        ),
    )
