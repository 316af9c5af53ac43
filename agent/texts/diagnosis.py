"""What `doctor` finds, by check and outcome: text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "doctor-set-up-ok": (_("Set up in {path}"), _("Nothing needs to be done.")),
}
