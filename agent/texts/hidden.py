"""Parts that cannot be read for long, and what follows from it: code → text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "hidden-lately": (
        _(
            "Parts that were known at activation cannot be read; nothing follows from that for "
            "{hours:number} more {hours:hour|hours} of running"
        ),
        _(
            "A reboot often brings them back; `faragostar-man doctor`, run as administrator, names "
            "the sources that cannot be read. After that time the license needs a check-in that is "
            "answered every 30 days: `faragostar-man check`."
        ),
    ),
    "hidden-long": (
        _(
            "Parts that were known at activation cannot be read; the license works on as long as "
            "check-ins are answered, the next within {days:number} {days:day|days} of running"
        ),
        _(
            "Run `faragostar-man check`; without a network, `faragostar-man export check FILE` and "
            "`faragostar-man import FILE`. `faragostar-man doctor`, run as administrator, names "
            "the sources that cannot be read."
        ),
    ),
    "standing-drifted-hidden": (
        _(
            "Parts of this server could not be read for long and no check-in was answered; the "
            "license works for {hours:number} more {hours:hour|hours}"
        ),
        _(
            "Run `faragostar-man check`; without a network, `faragostar-man export check FILE` and "
            "`faragostar-man import FILE`. An answer, or parts that can be read again, end this."
        ),
    ),
    "standing-drifted-hidden-stopped": (
        _(
            "Parts of this server could not be read for long and no check-in was answered; the "
            "license has stopped"
        ),
        _(
            "Run `faragostar-man check`; without a network, `faragostar-man export check FILE` and "
            "`faragostar-man import FILE`. An answer, or parts that can be read again, end this."
        ),
    ),
}
