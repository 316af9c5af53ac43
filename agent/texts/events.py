"""What happened on this machine, as the history records it: text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "now-unlicensed": (
        _("No license is held here any more"),
        _("`faragostar-man status` shows where you stand now."),
    ),
    "now-activating": (
        _("Activation was begun"),
        _("`faragostar-man status` shows where you stand now."),
    ),
    "now-active": (
        _("The machine matched again; the license is active"),
        _("`faragostar-man status` shows where you stand now."),
    ),
    "now-drifted": (
        _("A change of this server was seen"),
        _("`faragostar-man status` shows what changed."),
    ),
    "now-releasing": (
        _("The license was given back on this server"),
        _("`faragostar-man check` fetches the receipt."),
    ),
    "now-released": (
        _("The vendor's receipt for the release came"),
        _("`faragostar-man receipts` shows it."),
    ),
    "now-superseded": (
        _("The vendor said that it no longer holds this activation"),
        _("`faragostar-man status` says what can be done."),
    ),
    "now-damaged": (
        _("The local record was found damaged"),
        _("`faragostar-man status` says what can be done."),
    ),
    "activate-asked": (
        _("A license was asked for this server"),
        _("`faragostar-man check` fetches an answer that is still to come."),
    ),
    "release-asked": (
        _("The license document was destroyed and the proof of it written"),
        _("`faragostar-man check` fetches a receipt that is still to come."),
    ),
    "check-in-asked": (
        _("This server told the vendor its standing"),
        _("`faragostar-man status` shows where you stand now."),
    ),
    "withdraw-asked": (
        _("A request was taken back"),
        _("`faragostar-man status` shows where you stand now."),
    ),
    "notice-asked": (
        _("A change was declared to the vendor"),
        _("`faragostar-man status` shows the change window."),
    ),
    "license-received": (_("The license document came"), _("`faragostar-man status` shows it.")),
    "receipt-received": (_("The release receipt came"), _("`faragostar-man receipts` shows it.")),
    "window-received": (_("A change window was granted"), _("`faragostar-man status` shows it.")),
    "case-received": (_("The vendor opened a case"), _("`faragostar-man status` shows it.")),
    "heard-case-approved": (
        _("The vendor approved case {number:number}"),
        _("`faragostar-man status` shows the vendor's word and the fee."),
    ),
    "heard-case-declined": (
        _("The vendor declined case {number:number}"),
        _("`faragostar-man status` shows the vendor's word."),
    ),
    "heard-case-cancelled": (
        _("Case {number:number} ended without a decision"),
        _("`faragostar-man status` shows where you stand now."),
    ),
    "truth-received": (
        _("The vendor's word changed the standing"),
        _("`faragostar-man status` shows where you stand now."),
    ),
    "refusal-received": (
        _("The signing server refused a request"),
        _("`faragostar-man status` shows where you stand now."),
    ),
    "papers-not-saved": (
        _("The release was finished without its papers off this disk: {reason:foreign}"),
        _("Save them before the change: `faragostar-man receipts --out DIR`."),
    ),
    "store-set-aside": (
        _("A damaged license store was set aside, whole ({path})"),
        _("Keep the file for support; `faragostar-man activate KEY` begins anew."),
    ),
}
