"""The recovery file: code → text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "recovery-advised": (
        _("Keep a recovery file off this disk: an operating system installed anew needs it"),
        _(
            "Run `faragostar-man recovery save FILE` with a file on another disk, before the "
            "change."
        ),
    ),
    "recovery-saved": (
        _("The recovery file was written"),
        _("Keep it off this server, and its passphrase in another place."),
    ),
    "recovery-loaded": (
        _("The recovery file was loaded; this server is the vendor's known device again"),
        _("Run `faragostar-man reactivate` to take the license."),
    ),
    "recovery-refused": (
        _("The recovery file cannot be opened"),
        _("Check which file it is and run `faragostar-man recovery load FILE` again."),
    ),
    "recovery-file-unknown": (
        _("This is no recovery file"),
        _("Use the file that `faragostar-man recovery save FILE` wrote."),
    ),
    "recovery-file-newer": (
        _("A later version of this program wrote the recovery file"),
        _("Install that version, then run `faragostar-man recovery load FILE` again."),
    ),
    "recovery-file-refused": (
        _("The passphrase is wrong, or the recovery file was changed"),
        _("Type the passphrase again, or use another copy of the file. Nothing was changed."),
    ),
    "file-taken": (
        _("The file {path} exists already; it was not overwritten"),
        _("Choose another name, or move that file away first."),
    ),
    "folder-taken": (
        _("The folder {path} is not empty; nothing was written"),
        _("Name a folder that does not exist yet, or an empty one."),
    ),
    "passphrase-missing": (
        _("A passphrase is needed, and nobody can be asked here"),
        _("Run it on a terminal, or name a file with `--passphrase-file FILE`."),
    ),
    "passphrase-short": (
        _("The passphrase is shorter than {shortest:number} characters"),
        _("Choose a longer one: several words that do not belong together."),
    ),
    "passphrase-differs": (
        _("The two passphrases are not the same; nothing was written"),
        _("Run the same command again."),
    ),
}
