"""What is carried by hand and what is taken back: code → text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "nothing-to-withdraw": (
        _("There is no request or case to take back"),
        _("Run `faragostar-man status` to see what can be done."),
    ),
    "finish-first": (
        _("An earlier request must be answered first: it may bring a newer license"),
        _(
            "Run `faragostar-man check`, or bring its answer with `faragostar-man import FILE`; "
            "then run the same command again."
        ),
    ),
    "file-refused": (
        _("This file cannot be taken in"),
        _("Get the answer file again and run `faragostar-man import FILE`."),
    ),
    "file-empty": (
        _("The file is empty"),
        _("Get the answer file again and run `faragostar-man import FILE`."),
    ),
    "file-not-an-answer": (
        _("This file is no answer of the signing server's"),
        _(
            "Use the answer file as it came, whole and unchanged, or paste every part of it: "
            "`faragostar-man import -`."
        ),
    ),
    "file-is-a-request": (
        _("This is a request file: it goes to the vendor, and its answer comes back"),
        _(
            "Hand it in at the portal ({portal}) or to support ({phone}); then run "
            "`faragostar-man import FILE` with the answer file."
        ),
    ),
    "file-is-a-root": (
        _("This is a trust root, and no answer"),
        _(
            "Newer keys of the vendor come with every answer file: run `faragostar-man export "
            "check FILE`, hand it in and import its answer."
        ),
    ),
    "answer-of-another-machine": (
        _("This answer was made for another server"),
        _("Import it on the server whose request it answers; nothing was changed here."),
    ),
    "answer-of-unknown-request": (
        _("This answer is to a request that this server does not know"),
        _(
            "The local record may have been put back or begun anew since. Run "
            "`faragostar-man export check FILE` or `faragostar-man export activate FILE` and "
            "hand the new request in."
        ),
    ),
    "parts-invalid": (
        _("The parts give no document"),
        _("Read all parts of one request or answer again."),
    ),
    "parts-absent": (
        _("There is no part of a document in this text"),
        _("A part begins with FGP1: and ends with a semicolon; paste it whole."),
    ),
    "parts-mixed": (
        _("These are parts of two different documents"),
        _("Take the parts of one document only, and run the same command again."),
    ),
    "part-damaged": (
        _("Part {number:number} was cut or misread"),
        _("Read that part again, from FGP1: to its last semicolon."),
    ),
    "parts-missing": (
        _("Of {total:number} parts these are missing: {numbers:number}"),
        _("Add the missing parts and run the same command again; the order does not matter."),
    ),
    "picture-without-code": (
        _("No QR code could be read in this picture"),
        _(
            "Take the picture again, sharp and straight, with every code whole in it; or use the "
            "answer file."
        ),
    ),
    "picture-unreadable": (
        _("This picture cannot be opened: damaged, too large, or of an unknown kind"),
        _("Save it as PNG or JPEG, or use the answer file."),
    ),
    "picture-is-the-file": (
        _("The request file and its picture cannot have the same name"),
        _("Run the same command again with another name after `--qr`."),
    ),
    "qr-unavailable": (
        _("This installation can neither draw nor read QR codes"),
        _(
            "Use the file itself, or paste its parts: `faragostar-man import -`. To have QR "
            "codes, install the package's `qr` extra."
        ),
    ),
    "request-exported": (
        _("The request was written to {path}"),
        _(
            "Hand it in at the portal ({portal}) or to support ({phone}), and bring the answer "
            "back: `faragostar-man import FILE`. Where this server reaches the signing server "
            "itself, `faragostar-man check` finishes it too."
        ),
    ),
    "request-shown": (
        _("The request was shown on the screen, to be carried by hand"),
        _(
            "Bring the answer back: `faragostar-man import FILE`. Where this server reaches the "
            "signing server itself, `faragostar-man check` finishes it too."
        ),
    ),
    "nothing-pasted": (
        _("There is no text and no picture to take in"),
        _("Copy the answer's text or its picture first, or use its file."),
    ),
    "answer-known": (
        _("This answer was taken in before; nothing was changed"),
        _("`faragostar-man status` shows where you stand now."),
    ),
    "answer-overtaken": (
        _("This answer is genuine but old: something later has happened here; nothing was changed"),
        _("`faragostar-man status` shows where you stand now, and what is still waited for."),
    ),
    "roots-received": (
        _("Newer keys of the vendor came with this answer and were taken in"),
        _("Nothing needs to be done."),
    ),
}
