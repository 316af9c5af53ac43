"""What a planned change would mean: code → text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "plan-nothing": (
        _("The license goes on working after this change"),
        _(
            "Nothing needs to be done. Run `faragostar-man check` afterwards; it tells the signing "
            "server by itself."
        ),
    ),
    "plan-declare": (
        _("This change counts: declare it first, and it costs nothing"),
        _(
            "Run `faragostar-man notice --scope … --from … --until … --reason … --contact …`. Make "
            "the change inside the change window; `faragostar-man check` does the rest."
        ),
    ),
    "plan-release": (
        _("Give the license back before this change"),
        _(
            "Run `faragostar-man release --reason hardware` (or `os`, `move`), keep the "
            "reactivation code, and take the license again afterwards with `faragostar-man "
            "reactivate`, or with `faragostar-man activate KEY --code CODE` on another server."
        ),
    ),
    "plan-unlicensed": (
        _("No license is active here; this server was judged by itself, as it is now"),
        _("Run `faragostar-man plan` again after the activation: the license says what counts."),
    ),
    "plan-boot-disk": (
        _("The local record of the license lies on the system disk"),
        _(
            "Copy the disk whole, or save the recovery file first: `faragostar-man recovery save "
            "FILE`. On an empty disk this is a reinstallation: plan `os-reinstall`."
        ),
    ),
    "plan-insufficient": (
        _(
            "This server shows too little of its hardware to be told from others: a license is "
            "held by its device key, and a change of a part is not seen"
        ),
        _(
            "`faragostar-man doctor`, run as administrator, names the sources that cannot be read. "
            "A change of the operating system counts all the same."
        ),
    ),
    "plan-degraded": (
        _("Parts of this server cannot be read now, so this is no certain answer"),
        _("Run `faragostar-man doctor` as administrator, then plan again."),
    ),
    "plan-bios": (
        _("A BIOS update usually tells the same of the server afterwards"),
        _(
            "Where its maker says that board data is written anew, declare it: `faragostar-man "
            "notice --scope bios`."
        ),
    ),
}
