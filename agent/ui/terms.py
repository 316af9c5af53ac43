"""Words of the window that need explaining: said where somebody points at them, and to readers."""

from html import escape
from typing import NamedTuple

from agent.texts.marking import _


class Term(NamedTuple):
    """A word, what it means, and what else the window calls it."""

    name: str
    says: str
    seen_as: tuple[str, ...] = ()


def wrapped(said: str) -> str:
    """Write a hint so that Qt breaks its lines, which it does for rich text alone."""
    return f"<p>{escape(said, quote=False)}</p>" if said else ""


TERMS: tuple[Term, ...] = (
    Term(
        _("Generation"),
        _("Counts how often the license was bound to a server; the higher number is the newer."),
        (_("Generations freed"),),
    ),
    Term(
        _("Release receipt"),
        _(
            "The vendor's signed word that the license was given back. With it, nobody can say "
            "that it was not."
        ),
        (_("5 of 5: Save receipt and codes off this disk"), _("Save receipt and codes…")),
    ),
    Term(
        _("Proof of the release"),
        _(
            "This server's signed word that its license document was destroyed here. The vendor "
            "answers it with the receipt."
        ),
        (_("The proof was signed and is kept here"),),
    ),
    Term(
        _("Coverage"),
        _(
            "How many parts of the server can be read. A part that cannot be read is not a changed "
            "part, but too few cannot tell one server from another."
        ),
        (_("fewer parts are readable than before"), _("too little is readable")),
    ),
    Term(
        _("Weight"),
        _("How much a part counts when it changes. Small weights are tolerated until they add up."),
    ),
    Term(
        _("Change window"),
        _("The signed time in which a declared change may be made while the license works on."),
        (_("Change window from"), _("Change window until"), _("Change window for")),
    ),
    Term(
        _("Recovery file"),
        _(
            "Holds what makes this server known to the vendor, sealed by a passphrase. An "
            "operating system that was installed anew needs it."
        ),
        (
            _("Save the recovery file…"),
            _("Save the recovery file"),
            _("Load the recovery file"),
            _("I have a recovery file…"),
            _("Load a recovery file…"),
        ),
    ),
    Term(
        _("Trust root"),
        _(
            "The vendor's keys that this server was set up with. Whatever the vendor signs is "
            "checked against them."
        ),
        (_("File with the trust root"),),
    ),
    Term(
        _("Digest"),
        _(
            "A short number that belongs to one content alone: whoever sees the same digest has "
            "the same document."
        ),
        (_("Digits of this request"),),
    ),
    Term(
        _("Challenge code"),
        _(
            "Digits that support reads out. The answer of this server proves where its license "
            "stands at that moment, and moves nothing."
        ),
        (_("Answer a challenge code…"), _("Answer a challenge code")),
    ),
)
