"""How much more change a license tolerates: code → text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "tolerance-left": (
        _(
            "With what remains, {spare:number} of {whole:number} points may still change before "
            "the license counts it; next, any one of: {parts:points}"
        ),
        _("`faragostar-man plan` tells what a change would mean before you make it."),
    ),
    "tolerance-none": (
        _("With what remains, the change of any further part counts"),
        _("Declare the next change before you make it: `faragostar-man notice`."),
    ),
    "tolerance-over": (
        _("{differs:number} of {whole:number} points differ; the license tolerates {spare:number}"),
        _("Put the former parts back, or run `faragostar-man reactivate`: the vendor decides."),
    ),
}
