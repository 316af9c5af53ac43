"""Declared changes and their windows: code → text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "standing-drifted-covered": (
        _(
            "This server has changed, as was declared; the license works for {hours:number} "
            "more {hours:hour|hours}"
        ),
        _(
            "Run `faragostar-man check` when the signing server can be reached; without a network, "
            "`faragostar-man export check FILE` and `faragostar-man import FILE`. Nothing else "
            "needs to be done."
        ),
    ),
    "window-granted": (
        _("A change window is granted from {since:moment} until {until:moment}"),
        _("Make the declared change in that time, then run `faragostar-man check`."),
    ),
    "window-covers": (
        _("The change is covered by the change window that ends on {until:moment}"),
        _(
            "Run `faragostar-man check` when the signing server can be reached; without a network, "
            "`faragostar-man export check FILE` and `faragostar-man import FILE`."
        ),
    ),
    "window-exceeded": (
        _("The change goes beyond what was declared: {parts:components}"),
        _(
            "Put these parts back, or run `faragostar-man reactivate`: the vendor decides, and a "
            "change that was not declared may cost a fee."
        ),
    ),
    "window-missed": (
        _(
            "The change is one that was declared, but it was not seen between {since:moment} and "
            "{until:moment}, or parts of it cannot be read"
        ),
        _("Run `faragostar-man reactivate`; the vendor decides."),
    ),
    "window-over": (
        _("The change window ended on {until:moment}"),
        _("Declare another change with `faragostar-man notice`."),
    ),
    "window-leaves-out": (
        _("Had changed before the notice came, and is not covered: {parts:components}"),
        _("Run `faragostar-man reactivate` to have these parts decided on."),
    ),
    "change-unknown": (
        _("Not a change that can be declared: {value}"),
        _("Choose among {known}, with commas between them."),
    ),
    "time-unreadable": (
        _("Not a point in time: {value}"),
        _("Write day and hour, for example `1405/09/10 22:00` or `2026-12-01T22:00`."),
    ),
    "window-backwards": (
        _("The declared time ends before it begins"),
        _("Exchange `--from` and `--until`, or correct one of them."),
    ),
    "window-over-14-days": (
        _("The declared time is longer than 14 days"),
        _("Choose an earlier `--until`; a longer work is declared in parts."),
    ),
    "text-missing": (
        _("{option} is empty"),
        _("Say why the change is made and whom the vendor may ask."),
    ),
    "text-too-long": (
        _("{option} is longer than {limit:number} characters"),
        _("Write it shorter."),
    ),
    "key-renewed": (
        _("The device key of this server was renewed"),
        _("Recovery files of before no longer fit: run `faragostar-man recovery save FILE` again."),
    ),
}
