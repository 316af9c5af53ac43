"""Where the license stands, and what is worth saying beside it: code → text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "standing-unlicensed": (
        _("No license is active on this server yet"),
        _("Run `faragostar-man activate KEY` with the license key from the customer portal."),
    ),
    "standing-activating": (
        _("Activation is not finished"),
        _("Run `faragostar-man check`; it goes on where the activation stopped."),
    ),
    "standing-active": (
        _("License is active"),
        _(
            "Before you change hardware or update the operating system, give the license "
            "back with `faragostar-man release --reason hardware` (or `os`)."
        ),
    ),
    "standing-drifted": (
        _("This server has changed; the license works for {hours:number} more {hours:hour|hours}"),
        _("Run `faragostar-man reactivate` before that time is over, or undo the change."),
    ),
    "standing-drifted-stopped": (
        _("The license no longer matches this server"),
        _("Run `faragostar-man reactivate`, or undo the change and run `faragostar-man check`."),
    ),
    "standing-revoked": (
        _("The license does not run: the vendor revoked the key that signed its document"),
        _(
            "The license is not lost: `faragostar-man check` fetches a new document. Without a "
            "network, carry it by hand: `faragostar-man export check FILE` (once more, if a check "
            "was answered already), hand the file in at the portal ({portal}) or to support "
            "({phone}), and take its answer in: `faragostar-man import FILE`."
        ),
    ),
    "standing-revoked-drifted": (
        _(
            "The license does not run: the vendor revoked the key that signed its document; and "
            "this server has changed"
        ),
        _(
            "The license is not lost. Undo the change, if it was not declared: otherwise the "
            "vendor decides first. Then `faragostar-man check` fetches a new document; without a "
            "network, carry it by hand: `faragostar-man export check FILE` (once more, if a check "
            "was answered already), hand the file in at the portal ({portal}) or to support "
            "({phone}), and take its answer in: `faragostar-man import FILE`."
        ),
    ),
    "standing-releasing": (
        _("The license was given back here; the vendor's receipt is still to come"),
        _(
            "Run `faragostar-man check` to send the proof again; without a network, "
            "`faragostar-man export check FILE` writes it into a file. The license cannot be "
            "taken elsewhere before the receipt has come."
        ),
    ),
    "standing-released": (
        _("Released: you can make your change"),
        _(
            "After the change, run `faragostar-man reactivate` here; on another server use "
            "the license key and the reactivation code."
        ),
    ),
    "standing-released-changed": (
        _("Released; this server had changed before, so the vendor decides on the next activation"),
        _(
            "Call {phone} before you go on. `faragostar-man reactivate` here opens a case; another "
            "server needs the license key and the reactivation code, and the decision too."
        ),
    ),
    "released-changed": (
        _("This server had changed before the release; the vendor decides on the next activation"),
        _("Call {phone} before you go on."),
    ),
    "release-of-changed": (
        _(
            "This server has changed without notice: a release does not make that good, and the "
            "vendor decides on the next activation"
        ),
        _("Undo the change before you release, or call {phone} first."),
    ),
    "standing-superseded": (
        _(
            "The vendor no longer holds this activation: the license was given back, or activated "
            "on another server later"
        ),
        _(
            "Run `faragostar-man reactivate` to take it again; where another server uses it, "
            "release it there first. If nobody gave it back or moved it, call {phone}."
        ),
    ),
    "standing-damaged": (
        _("The local record is damaged and was set aside"),
        _(
            "Run `faragostar-man activate KEY` with your license key; this server is still "
            "known to the vendor by its device key. A recovery file brings receipts and codes "
            "back first: `faragostar-man recovery load FILE`."
        ),
    ),
    "license-known": (
        _("This server is the one that had the license before: its recovery file was loaded"),
        _(
            "Run `faragostar-man reactivate` to take the license again; neither the key nor a code "
            "is needed for that. Where it was given back on another server since, run "
            "`faragostar-man activate KEY --code CODE` with the code of that release."
        ),
    ),
    "unchanged": (
        _("Nothing was changed; your license is still active"),
        _("You can go on working. `faragostar-man status` shows the details."),
    ),
    "standing-unknown": (
        _("Whether the license is active could not be read"),
        _("Run `faragostar-man status` as administrator."),
    ),
    "not-confirmed": (
        _("Active; not confirmed by the vendor since {since:moment}"),
        _(
            "Run `faragostar-man check` when the signing server can be reached. The license "
            "does not stop because of this."
        ),
    ),
    "already-active": (
        _("The license is already active on this server"),
        _(
            "Before you change hardware or update the operating system, give the license "
            "back with `faragostar-man release --reason hardware` (or `os`)."
        ),
    ),
    "proof-kept": (
        _("The release is complete on this server; its proof is kept and will be sent again"),
        _(
            "You may make your change. Without a network, hand the proof's file in at the portal "
            "({portal}) or to support ({phone}), and bring the receipt back: `faragostar-man "
            "import FILE`."
        ),
    ),
    "waiting-activate": (
        _("An activation request waits for the signing server's answer"),
        _(
            "Run `faragostar-man check` to send it again; sending it twice is harmless. Without a "
            "network, carry it by hand: `faragostar-man export activate FILE`. To take it back, "
            "run `faragostar-man withdraw`."
        ),
    ),
    "waiting-release": (
        _("The proof of the release waits for the vendor's receipt"),
        _(
            "Run `faragostar-man check` to send it again; sending it twice is harmless. Without a "
            "network, carry it by hand: `faragostar-man export check FILE`."
        ),
    ),
    "waiting-check-in": (
        _("A check-in that was given out by hand waits for its answer"),
        _(
            "Bring its answer with `faragostar-man import FILE`. Where this server reaches the "
            "signing server itself, `faragostar-man check` finishes it too."
        ),
    ),
    "waiting-withdraw": (
        _("A withdrawal waits for the signing server's answer"),
        _(
            "Run `faragostar-man check` to send it again, or carry it by hand: `faragostar-man "
            "export withdraw FILE`."
        ),
    ),
    "waiting-notice": (
        _("A change notice waits for the signing server's answer"),
        _("Run `faragostar-man check` to send it again."),
    ),
    "license-suspended": (
        _("The vendor has suspended new activations of this license"),
        _("Do not release it before you have spoken to support ({phone})."),
    ),
    "released-suspended": (
        _("The vendor had suspended new activations of this license when it was given back here"),
        _(
            "Call {phone} before your change: the license can be activated nowhere until the "
            "vendor allows it again."
        ),
    ),
    "case-open": (
        _("Case {number:number} waits for the vendor's decision"),
        _(
            "Follow it in the portal ({portal}) or by phone ({phone}); `faragostar-man "
            "check` fetches the decision, without a network `faragostar-man export check FILE`."
        ),
    ),
    "case-approved": (
        _("Case {number:number} was approved"),
        _(
            "Run `faragostar-man check` to take the license; without a network, `faragostar-man "
            "export activate FILE`."
        ),
    ),
    "proof-approved": (
        # It may be about another home of the same key, that runs: then this proof is decided next.
        _("Case {number:number} was decided: the proof is handed in again"),
        _(
            "Run `faragostar-man check`: it fetches the receipt, or the case in which this proof "
            "itself is decided; without a network, `faragostar-man export check FILE`."
        ),
    ),
    "proof-declined": (
        _("Case {number:number} was declined: the vendor has not accepted the proof yet"),
        _(
            "Call {phone}. `faragostar-man release` hands the proof in again and opens another "
            "case."
        ),
    ),
    "proof-cancelled": (
        _("Case {number:number} was ended; the vendor has not accepted the proof yet"),
        _(
            "Run `faragostar-man check`; it hands the proof in again. If that helps not, call "
            "{phone}."
        ),
    ),
    "case-carried-out": (
        _("Case {number:number} was approved and carried out"),
        _(
            "The vendor's word and the fee, if there is one, stand below; a fee is paid in the "
            "portal ({portal})."
        ),
    ),
    "case-declined": (
        _("Case {number:number} was declined"),
        _(
            "Ask for the reason by phone ({phone}) or by ticket in the portal; then run "
            "`faragostar-man reactivate` to ask again."
        ),
    ),
    "case-cancelled": (
        _("Case {number:number} ended without a decision"),
        _("Run `faragostar-man reactivate` to ask again."),
    ),
    "hardware-match": (
        _("The hardware is the one the license was activated on"),
        _("Nothing needs to be done."),
    ),
    "hardware-tolerated": (
        _("A small hardware change, within what the license tolerates: {rule:rule}"),
        _("Nothing needs to be done; `faragostar-man check` tells the signing server by itself."),
    ),
    "hardware-changed": (
        _("The hardware differs from the one the license was activated on: {rule:rule}"),
        _("Run `faragostar-man reactivate`, or put the former parts back."),
    ),
    "hardware-different": (
        _("This is another machine than the one the license was activated on: {rule:rule}"),
        _("Run `faragostar-man reactivate` to ask for the license here; the vendor decides."),
    ),
    "hardware-insufficient": (
        _(
            "This server shows too little of its hardware to be told from others; the license "
            "is held by its device key instead"
        ),
        _(
            "Nothing needs to be done. `faragostar-man doctor`, run as administrator, names the "
            "sources that cannot be read."
        ),
    ),
    "hardware-degraded": (
        _("Some hardware cannot be read now, so it cannot be judged: {rule:rule}"),
        _("Run `faragostar-man doctor` as administrator; it names the sources."),
    ),
    "os-same": (_("The operating system is the same"), _("Nothing needs to be done.")),
    "os-patch": (
        _("The operating system was patched"),
        _(
            "Nothing needs to be done unless the license counts patches; `faragostar-man "
            "status` shows its standing."
        ),
    ),
    "os-upgrade": (
        _("The operating system was upgraded to another release"),
        _("If the license has stopped or is about to stop, run `faragostar-man reactivate`."),
    ),
    "os-reinstall": (
        _("The operating system was installed anew"),
        _("If the license has stopped or is about to stop, run `faragostar-man reactivate`."),
    ),
    "os-unknown": (
        _("The operating system could not be compared"),
        _("Run `faragostar-man doctor` as administrator to see which source cannot be read."),
    ),
}
