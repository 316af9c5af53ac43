"""What to do now, of all that a status says: each thing once, nothing that would lead astray."""

from agent.layout import Lines
from agent.texts import Texts
from protocol.values import CaseKind, CaseState
from protocol.views import MessageView, StatusView

_OF_WHAT_WAS_SEEN = ("hardware-", "os-")
# Whose advice is the one to follow: where it stands, these others' would lead astray or repeat it.
_SAID_BETTER = {
    "case-open": ("standing-", "window-", "waiting-activate", *_OF_WHAT_WAS_SEEN),
    "case-approved": ("standing-", *_OF_WHAT_WAS_SEEN),
    "case-declined": ("standing-", *_OF_WHAT_WAS_SEEN),
    "waiting-activate": ("standing-", *_OF_WHAT_WAS_SEEN),
    "waiting-withdraw": ("standing-", "case-", *_OF_WHAT_WAS_SEEN),
    "request-exported": ("waiting-",),
    "request-shown": ("waiting-",),
    "license-suspended": ("standing-active", "already-active"),
    "hidden-lately": ("not-confirmed",),
    "hidden-long": ("not-confirmed",),
    "standing-drifted-hidden": ("not-confirmed", "server-unreachable"),
    "standing-drifted-hidden-stopped": ("not-confirmed", "server-unreachable"),
    "released-suspended": ("standing-released",),
    "released-changed": ("standing-releasing",),
    "window-granted": ("standing-active",),
    "standing-drifted-covered": ("window-covers", "server-unreachable", *_OF_WHAT_WAS_SEEN),
    "license-known": ("standing-unlicensed", "standing-damaged", "recovery-loaded"),
    "proof-kept": ("server-unreachable",),
}
# True of a license that runs, and no reason to do anything now.
_AT_REST = ("standing-active", "already-active")
_PERHAPS_A_CODE = (CaseKind.RIGHT_MISSING, CaseState.OPEN)


def advice_lines(view: StatusView, texts: Texts) -> Lines:
    """Say what to do now, each thing once, and nothing that would lead astray.

    What holds at rest comes last; that nothing is to be done is said where it is all there is.
    """
    # What was seen is told by the standing in one sentence: people are advised once.
    hidden = (*_OF_WHAT_WAS_SEEN, *said_better(view))
    told = [message for message in view.messages if not message.code.startswith(hidden)]
    pressing = [_advice(message, texts) for message in told if message.code not in _AT_REST]
    at_rest = [_advice(message, texts) for message in told if message.code in _AT_REST]
    pressing += _of_a_code(view, texts)
    if at_rest and not any(pressing):
        at_rest = [f"{texts.gettext('Nothing to do.')} {at_rest[0]}"]
    return [advice for advice in dict.fromkeys((*pressing, *at_rest)) if advice]


def _advice(message: MessageView, texts: Texts) -> str:
    return texts.advice(message.code, message.parameters)


def _of_a_code(view: StatusView, texts: Texts) -> Lines:
    if view.case is not None and (view.case.kind, view.case.state) == _PERHAPS_A_CODE:
        said = texts.gettext(
            "If you have the reactivation code of the last release, no decision is needed: "
            "run `faragostar-man activate KEY --code CODE`."
        )
        return [said]
    return []


def said_better(view: StatusView) -> tuple[str, ...]:
    """How the codes begin whose advice gives way to another message's."""
    said = (_SAID_BETTER.get(message.code, ()) for message in view.messages)
    return tuple(code for codes in said for code in codes)
