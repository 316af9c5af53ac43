"""The page that is printed before a change, and kept beside the server.

It is read at two at night by somebody who may have no server any more: codes in large groups, whom
to call, then the steps, one after the other.
"""

from collections.abc import Iterator
from typing import NamedTuple

from agent.planning import Advice, Ground, plan
from agent.texts import PORTAL, SUPPORT_PHONE
from agent.ui.jobs import Known
from agent.ui.views import paper
from agent.ui.views.notices import told
from agent.ui.views.planning import changes_named
from agent.ui.views.tones import Rows
from agent.ui.wording import WindowTexts
from protocol.codes import LICENSE_KEY_PREFIX
from protocol.values import Standing
from protocol.views import StatusView
from protocol.windows import Change, known_changes

_HIDDEN_KEY = f"{LICENSE_KEY_PREFIX}-•••••-•••••-•••••-•••••-•"
# It is typed from paper: no line may break inside it.
_ACTIVATE = "faragostar-\u2060man activate KEY --code CODE".replace(" ", "\u00a0")
_BLANK = "…" * 20
_GIVEN_BACK = (Standing.RELEASING, Standing.RELEASED)


class Server(NamedTuple):
    """Which server the paper is about; its license key only if somebody asked to see it."""

    name: str
    license_key: str | None = None

    def __repr__(self) -> str:
        """Show nothing of the key."""
        return f"Server({self.name})"


class Work(NamedTuple):
    """What is planned, and what it needs first; None where nothing was planned yet."""

    changes: tuple[Change, ...] = ()
    advice: Advice | None = None


def work_of(known: Known, changes: tuple[Change, ...], ground: Ground | None) -> Work:
    """Find what is planned: what was ticked, or else what the window that stands is for."""
    window = known.view.window if known.view is not None else None
    if not changes and window is not None:
        scope = known_changes(window.scope)
        return Work(tuple(change for change in Change if change in scope), Advice.DECLARE)
    if not changes or ground is None:
        return Work(changes)
    return Work(changes, plan(changes, ground).advice)


def page_before(known: Known, server: Server, work: Work, now: int, texts: WindowTexts) -> str:
    """Write the page that is kept beside the server, as HTML."""
    view = known.view
    if view is None or not known.key_end:
        return paper.paper(texts, *_nothing_to_print(known, texts))
    first = view.messages[0]
    planned = _planned(work, texts)
    parts = [
        paper.title(texts.gettext("Before the change: keep this page"), texts),
        paper.paragraph(_of_which(view, server, now, texts), texts, "faint"),
        paper.paragraph(texts.text(first.code, first.parameters), texts, "big"),
        *([paper.paragraph(planned, texts)] if planned else []),
        paper.heading(texts.gettext("What you may be asked for"), texts),
        paper.facts(_codes(known, view, server, texts), texts, "code"),
        paper.heading(texts.gettext("What to do, in this order"), texts),
        paper.steps(_steps(view, work, texts), texts),
        paper.heading(texts.gettext("If something goes wrong"), texts),
        paper.steps(_when_it_goes_wrong(texts), texts),
    ]
    return paper.paper(texts, *parts)


def _of_which(view: StatusView, server: Server, now: int, texts: WindowTexts) -> str:
    """Name the server, and whose software runs on it: there may be more than one such page."""
    line = texts.gettext(
        "Server {name:words}, as of {at:moment}", name=texts.latin(server.name or _BLANK), at=now
    )
    if (license := view.license) is None:
        return line
    return f"{line}\n{texts.foreign(license.customer)} – {texts.foreign(license.product)}"


def _planned(work: Work, texts: WindowTexts) -> str:
    if not work.changes:
        return ""
    named = changes_named(work.changes, texts)
    planned = texts.gettext("Planned: {changes:words}", changes=named)
    verdict = f"\n{texts.text(f'plan-{work.advice.value}')}." if work.advice is not None else ""
    return f"{planned}{verdict}"


def _codes(known: Known, view: StatusView, server: Server, texts: WindowTexts) -> Rows:
    license = view.license
    hidden = f"{_HIDDEN_KEY}{known.key_end}"
    rows = [(texts.gettext("License key"), texts.latin(server.license_key or hidden))]
    if (code := known.reactivation_code) is not None:
        rows.append((texts.gettext("Reactivation code"), texts.latin(code)))
    else:
        comes = texts.gettext("Reactivation code (comes when the license is given back)")
        rows.append((comes, _BLANK))
    if license is not None:
        support = texts.latin(texts.number(license.support_code))
        rows.append((texts.gettext("Support code"), support))
        rows.append((texts.gettext("License number"), texts.latin(license.id)))
    rows.append((texts.gettext("Support"), texts.latin(texts.number(SUPPORT_PHONE))))
    rows.append((texts.gettext("Customer portal"), texts.latin(PORTAL)))
    return tuple(rows)


def _steps(view: StatusView, work: Work, texts: WindowTexts) -> Iterator[str]:
    if view.standing in _GIVEN_BACK:
        yield texts.gettext("The license is given back already. Make the change.")
        yield from _after_a_release(texts)
        return
    yield texts.gettext("Tell the users, and make a backup.")
    match work.advice:
        case Advice.DECLARE:
            yield from _inside_a_window(view, texts)
        case Advice.NOTHING:
            yield texts.gettext("Make the change. Nothing needs to be asked before it.")
            yield _afterwards(texts)
        case _:
            yield from _around_a_release(texts)


def _around_a_release(texts: WindowTexts) -> Iterator[str]:
    yield texts.gettext(
        "Give the license back: “{button:words}” in the window, or {command}.",
        button=_button(texts, "Give the license back…"),
        command="faragostar-man release",
    )
    yield texts.gettext(
        "Write the reactivation code above, and save receipt and recovery file on a memory stick."
    )
    yield texts.gettext("Make the change.")
    yield from _after_a_release(texts)


def _after_a_release(texts: WindowTexts) -> Iterator[str]:
    yield texts.gettext(
        "On the same server, activate again: “{button:words}” in the window, or {command}.",
        button=_button(texts, "Activate again…"),
        command="faragostar-man reactivate",
    )
    yield texts.gettext(
        "On another server, or on a system installed anew: install the program, then {command} "
        "with the key and the code above.",
        command=_ACTIVATE,
    )
    yield _afterwards(texts)


def _inside_a_window(view: StatusView, texts: WindowTexts) -> Iterator[str]:
    window = view.window
    if window is None:
        yield texts.gettext(
            "Declare the change first: “{button:words}” in the window.",
            button=_button(texts, "Declare a change…"),
        )
        yield texts.gettext("Make the change inside the granted change window.")
    else:
        yield texts.gettext(
            "Make the change between {since:words} and {until:words} (change window "
            "{window:number}).",
            since=told(window.starts_at, texts),
            until=told(window.ends_at, texts),
            window=window.window_id,
        )
    yield _afterwards(texts)


def _afterwards(texts: WindowTexts) -> str:
    return texts.gettext(
        "At the end, see that the license is active: “{button:words}” in the window, or {command}.",
        button=_button(texts, "Check now"),
        command="faragostar-man check",
    )


def _when_it_goes_wrong(texts: WindowTexts) -> Iterator[str]:
    yield texts.gettext(
        "Without a network, every step can go by file: {command}, by any computer with the portal "
        "({portal}).",
        command="faragostar-man export",
    )
    yield texts.gettext(
        "Whatever was interrupted goes on by itself: open the program again. A license is not lost "
        "by a power cut or a broken disk."
    )
    yield texts.gettext(
        "Call {phone} and read out the support code, and the screen code at the window's edge."
    )


def _button(texts: WindowTexts, words: str) -> str:
    return texts.gettext(words).rstrip("…")


def _nothing_to_print(known: Known, texts: WindowTexts) -> Iterator[str]:
    """Say why there is no page: nobody may conclude that no license is there."""
    yield paper.title(texts.gettext("Before the change: keep this page"), texts)
    if known.as_of is not None:
        said = f"{texts.text('admin-rights-needed')}. {texts.advice('admin-rights-needed')}"
    elif known.trouble is not None:
        said = texts.text("standing-unknown")
    else:
        said = texts.gettext("No license is active here: there is nothing that must be kept.")
    yield paper.paragraph(said, texts)
