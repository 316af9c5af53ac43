"""What is advised in the window of what is carried by hand: a page names its own buttons."""

from collections.abc import Mapping

from agent.texts.marking import _

_AGAIN = _("Choose the answer file once more, as it came from the vendor.")
_GO_ON = _(
    "`faragostar-man check` asks the signing server; without a network, give out a check and take "
    "its answer in: `faragostar-man export`."
)
BY_HAND: Mapping[str, str] = {
    "finish-first": _(
        "`faragostar-man check` asks for its answer; one that came by hand is taken in under "
        "`faragostar-man import`. Then press the button again."
    ),
    "file-refused": _AGAIN,
    "file-empty": _AGAIN,
    "file-not-an-answer": _(
        "Choose the answer file as it came, whole and unchanged, or paste every part of it."
    ),
    "file-is-a-request": _(
        "Hand it in at the portal ({portal}) or to support ({phone}); what comes back is taken in "
        "here."
    ),
    "file-is-a-root": _(
        "Newer keys of the vendor come with every answer: give out a check, hand it in and take "
        "its answer in."
    ),
    "answer-of-another-machine": _(
        "Take it in on the server whose request it answers; nothing was changed here."
    ),
    "answer-of-unknown-request": _(
        "The local record may have been put back or begun anew since. Give out a new request and "
        "hand that in."
    ),
    "answer-known": _("Nothing needs to be done."),
    "parts-mixed": _("Take the parts of one document only; forget those that are not of it."),
    "parts-missing": _("Bring the missing parts too; the order does not matter."),
    "qr-unavailable": _(
        "Write the file, or copy the request as text; the answer comes as a file or as text too. "
        "To have QR codes, install the package's `qr` extra."
    ),
    "request-exported": _(
        "Hand it in at the portal ({portal}) or to support ({phone}) and take its answer in: "
        "`faragostar-man import`. Where this server reaches the signing server itself, "
        "`faragostar-man check` finishes it too."
    ),
    "request-shown": _(
        "Take its answer in: `faragostar-man import`. Where this server reaches the signing server "
        "itself, `faragostar-man check` finishes it too."
    ),
    "waiting-activate": _(
        "`faragostar-man check` sends it again; sending it twice is harmless. Without a network, "
        "carry it: `faragostar-man export`. Or take it back."
    ),
    "waiting-check-in": _(
        "Take its answer in: `faragostar-man import`. Where this server reaches the signing server "
        "itself, `faragostar-man check` finishes it too."
    ),
    "standing-drifted-covered": _GO_ON,
    "window-covers": _GO_ON,
    "hidden-long": _GO_ON,
    "standing-drifted-hidden": _GO_ON,
    "standing-drifted-hidden-stopped": _GO_ON,
}
