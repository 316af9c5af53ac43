"""What `doctor` finds, by check and outcome: text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "doctor-set-up-ok": (_("Set up in {path}"), _("Nothing needs to be done.")),
    "doctor-permissions-ok": (
        _("Only the administrator can read the private files"),
        _("Nothing needs to be done."),
    ),
    "doctor-permissions-warn": (
        _("Others than the administrator may read or write {path}"),
        _("Run `chmod go-rwx {path}` as administrator."),
    ),
    "doctor-space-ok": (
        _("There is space on the disk of {path} ({mebibytes:number} MiB)"),
        _("Nothing needs to be done."),
    ),
    "doctor-space-warn": (
        _("The disk of {path} is nearly full ({mebibytes:number} MiB left)"),
        _("Free some space there before the next release or activation."),
    ),
    "doctor-volume-ok": (
        _("The program's folder {path} lies on a disk of this server"),
        _("Nothing needs to be done."),
    ),
    "doctor-volume-network": (
        _("The program's folder {path} lies on a network volume"),
        _(
            "Move it to a disk of this server: a lock may not hold there, and what another "
            "machine writes there can cost the license."
        ),
    ),
    "doctor-volume-memory": (
        _("The program's folder {path} lies in memory; a restart loses it"),
        _("Move it to a disk of this server, then run `faragostar-man doctor` again."),
    ),
    "doctor-volume-removable": (
        _("The program's folder {path} lies on a removable disk"),
        _("Move it to a disk that stays in this server, then run `faragostar-man doctor` again."),
    ),
    "doctor-store-ok": (_("The license store is sound"), _("Nothing needs to be done.")),
    "doctor-root-ok": (
        _("The trust root holds: {audience}, version {version:number}"),
        _("Nothing needs to be done."),
    ),
    "doctor-interval-ok": (
        _("The signing server is asked every hour"),
        _("Nothing needs to be done."),
    ),
    "doctor-interval-longer": (
        _(
            "While all is well, the signing server is asked every {hours:number} hours; this "
            "server is looked at every hour"
        ),
        _("Nothing needs to be done."),
    ),
    "doctor-proxy-ok": (
        _("The way leads through the proxy {proxy}"),
        _("Nothing needs to be done."),
    ),
    "doctor-dns-ok": (_("The name {host} is known: {addresses}"), _("Nothing needs to be done.")),
    "doctor-dns-fail": (
        _("The name {host} cannot be resolved"),
        _(
            "Check the DNS settings of this server, or the address with `faragostar-man "
            "config show`."
        ),
    ),
    "doctor-tcp-ok": (
        _("A connection to {host}, port {port} is possible"),
        _("Nothing needs to be done."),
    ),
    "doctor-tcp-fail": (
        _("No connection to {host}, port {port}: {reason:system}"),
        _("Let the firewall pass it, or name a proxy: `faragostar-man config set proxy URL`."),
    ),
    "doctor-proxy-tcp-fail": (
        _("The proxy {host} does not pass anything on"),
        _(
            "Check it with `faragostar-man config show`; change it with `faragostar-man "
            "config set proxy URL`."
        ),
    ),
    "doctor-tls-ok": (_("The certificate of {server} is accepted"), _("Nothing needs to be done.")),
    "doctor-tls-fail": (
        _("The certificate of {server} is not accepted: {reason}"),
        _(
            "Check this server's clock. Behind an inspecting proxy, run `faragostar-man "
            "config set ca_file FILE` with its certificate."
        ),
    ),
    "doctor-answer-ok": (
        _("The signing server answers at {server}"),
        _("Nothing needs to be done."),
    ),
    "doctor-answer-fail": (
        _("What answers at {server} is not the signing server, or is in trouble ({reason})"),
        _(
            "Check the address with `faragostar-man config show`; run `faragostar-man "
            "doctor` again in a few minutes."
        ),
    ),
    "doctor-clock-ok": (
        _("The clock agrees with the signing server's ({seconds:number} s apart)"),
        _("Nothing needs to be done."),
    ),
    "doctor-clock-warn": (
        _("The clock is {seconds:number} s apart from the signing server's"),
        _("Set this server's clock. The license does not depend on it, certificates do."),
    ),
    "doctor-source-ok": (
        _("{component:component}: read from {source}"),
        _("Nothing needs to be done."),
    ),
    "doctor-source-warn": (
        _("{component:component}: {reason:reason} ({source})"),
        _(
            "What cannot be read never counts as a change; the other parts must identify "
            "this server."
        ),
    ),
    "doctor-source-denied": (
        _("{component:component}: this run may not read it ({source})"),
        _("Run `faragostar-man doctor` as administrator (`sudo`)."),
    ),
    "doctor-machine-tag-ok": (
        _("The machine tag is the one that protected applications compute"),
        _("Nothing needs to be done."),
    ),
    "doctor-machine-tag-warn": (
        _("Protected applications compute another machine tag"),
        _("Compare `/etc/machine-id` with `/var/lib/dbus/machine-id`: both must say the same."),
    ),
    "doctor-machine-tag-unchecked": (
        _("The machine tag could not be compared with that of protected applications"),
        _("Nothing needs to be done unless an application reports the wrong machine."),
    ),
    "doctor-machine-tag-fail": (
        _("This machine has no machine id"),
        _("Run `systemd-machine-id-setup` as administrator; protected applications need it."),
    ),
}
