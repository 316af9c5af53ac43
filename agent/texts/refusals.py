"""What the signing server refused, and which bytes are not believed: text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "refused-license-unknown": (
        _("The signing server does not know this license key"),
        _(
            "Compare the key with the customer portal ({portal}) and run `faragostar-man "
            "activate KEY` again."
        ),
    ),
    "refused-license-suspended": (
        _("The vendor has suspended this license"),
        _(
            "Call {phone} with your support code; when the vendor has resumed it, run the same "
            "command again."
        ),
    ),
    "refused-reactivation-code-wrong": (
        _("The reactivation code is not the one of the last release"),
        _(
            "The newest release printed it when it was made, and it counts once the vendor has got "
            "that release. "
            "Then run `faragostar-man activate KEY --code CODE` again."
        ),
    ),
    "refused-audience-wrong": (
        _("The request was made for another signing server"),
        _("Check the address with `faragostar-man config show`."),
    ),
    "refused-request-id-reused": (
        _("The signing server saw another request under the same number"),
        _("Run the same command again; it makes a new request."),
    ),
    "refused-sequence-covered": (
        _("A later release or withdrawal has overtaken this request"),
        _("Run `faragostar-man check`, then the same command again."),
    ),
    "refused-sequence-used": (
        _(
            "The signing server has heard more of this server than it remembers (a restored "
            "backup?)"
        ),
        _("Run the same command again; it goes on from where the signing server is."),
    ),
    "refused-older-than-binding": (
        _("This request is older than the activation that the vendor holds"),
        _("Run `faragostar-man check`; then `faragostar-man reactivate`."),
    ),
    "refused-document-invalid": (
        _("The signing server did not accept a document of this server"),
        _(
            "Run `faragostar-man check`; without a network, carry it by hand once more: "
            "`faragostar-man export check FILE`. If it is refused again, call {phone}."
        ),
    ),
    "refused-device-mismatch": (
        _("The license document belongs to another device"),
        _("Run `faragostar-man reactivate`, or call {phone}."),
    ),
    "refused-device-unknown": (
        _("The signing server does not know this device"),
        _("Run `faragostar-man activate KEY` with your license key."),
    ),
    "refused-case-unknown": (
        _("The signing server does not know this case"),
        _("Run `faragostar-man reactivate` to open a new one."),
    ),
    "refused-on-hold": (
        _(
            "This license is on hold: the vendor's records were restored and may be incomplete, so "
            "it is activated nowhere for now"
        ),
        _(
            "Nothing is lost, but waiting alone ends no hold: call {phone} with your support code "
            "and ask for its end. Where the license is active on a server, it goes on working, and "
            "`faragostar-man check`, run there twice, ends the hold too."
        ),
    ),
    "refused-server-behind": (
        _("The signing server was restored to an earlier state than this server has seen"),
        _("Wait for the vendor to finish, then run `faragostar-man check`."),
    ),
    "refused-too-many-cases": (
        _("Too many requests for this license wait for the vendor's decision"),
        _("Call {phone} with your support code; somebody else may be using your license key."),
    ),
    "refused-key-renewal-needed": (
        _("This server's record was put back or copied, and its device key must be renewed"),
        _("Run `faragostar-man check`; it renews the key by itself."),
    ),
    "refused-window-scope-unknown": (
        _("The signing server does not know a change that was declared"),
        _("`faragostar-man notice --help` lists the changes that can be declared."),
    ),
    "refused-window-past": (
        _("The declared change window had ended before the notice came"),
        _("Run `faragostar-man notice` again with a later `--until`."),
    ),
    "refused-window-too-long": (
        _("The declared change window is longer than 14 days"),
        _("Run `faragostar-man notice` again with an earlier `--until`."),
    ),
    "refused-window-too-far": (
        _("The declared change window begins more than 60 days from now"),
        _("Declare the change again when it is closer."),
    ),
    "refused-window-too-soon": (
        _("The last change window ended less than 7 days before this one begins"),
        _("Choose a later `--from`, or ask the vendor by phone ({phone}) to open the window."),
    ),
    "refused-window-stands": (
        _("A change window stands open for this license already"),
        _("`faragostar-man status` shows it. To widen it, call {phone}."),
    ),
    "refused-windows-used-up": (
        _("Six change windows were opened for this license within a year"),
        _("Ask the vendor by phone ({phone}) or by letter to open another."),
    ),
    "document-invalid": (
        _("A document is not genuine, or not readable"),
        _("Get it again: `faragostar-man check`. If it stays so, call {phone}."),
    ),
    "document-malformed": (
        _("What came is not a document of the vendor's"),
        _(
            "Check the address with `faragostar-man config show`; a page of the network may "
            "have come instead."
        ),
    ),
    "document-too-large": (
        _("The document is larger than any genuine one"),
        _(
            "Check the address with `faragostar-man config show` and run `faragostar-man "
            "check` again."
        ),
    ),
    "document-too-deep": (
        _("The document is built unlike any genuine one"),
        _(
            "Check the address with `faragostar-man config show` and run `faragostar-man "
            "check` again."
        ),
    ),
    "document-wrong-type": (
        _("Another kind of document came than was asked for"),
        _("Use the file that belongs here, or run `faragostar-man check` again."),
    ),
    "document-wrong-algorithm": (
        _("The document names a signing method that its key does not have"),
        _("Do not use it. Run `faragostar-man check` again; call {phone} if it stays so."),
    ),
    "document-unknown-key": (
        _("The document was signed by a key that the vendor's root does not name"),
        _(
            "Run `faragostar-man doctor`: it compares the trust root. A document of another "
            "signing server looks like this."
        ),
    ),
    "document-bad-signature": (
        _("The signature does not belong to this document: it was changed on its way"),
        _("Do not use it. Get it again, or run `faragostar-man check`."),
    ),
    "document-not-canonical": (
        _("The document is signed but not spelled as documents are"),
        _("Get it again, or run `faragostar-man check`; call {phone} if it stays so."),
    ),
    "document-wrong-fields": (
        _("The document has other fields than this version knows"),
        _("Install the newest version of this program, then run `faragostar-man check`."),
    ),
    "key-revoked": (
        _("The key that signed this document was revoked by the vendor"),
        _("Run `faragostar-man check` to get the document anew."),
    ),
    "key-retired": (
        _("This document was signed by a key after that key's retirement"),
        _("Run `faragostar-man check` to get the document anew; call {phone} if it stays so."),
    ),
    "key-out-of-dates": (
        _("This document was signed outside its key's dates"),
        _("Run `faragostar-man check` to get the document anew; call {phone} if it stays so."),
    ),
    "root-invalid": (
        _("The trust root contradicts itself"),
        _("Get the root file from the vendor again and run `faragostar-man setup --root FILE`."),
    ),
    "root-out-of-order": (
        _("The trust root is not the next one after the trusted root"),
        _("Run `faragostar-man check` again; call {phone} if it stays so."),
    ),
    "root-threshold-not-met": (
        _("Too few of the vendor's keys signed the trust root"),
        _("Get the root file from the vendor again and run `faragostar-man setup --root FILE`."),
    ),
    "answer-of-another-request": (
        _("A genuine answer, but to another request"),
        _("Run `faragostar-man check` again."),
    ),
}
