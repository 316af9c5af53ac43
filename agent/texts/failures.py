"""What went wrong in the agent, by the codes of `agent.errors`: text and advice."""

from agent.texts.marking import Sentences, _

SENTENCES: Sentences = {
    "unexpected": (
        _("An unexpected failure in this program: {reason}"),
        _(
            "Run the command again with FARAGOSTAR_DEBUG=1 and send its output to support "
            "({phone})."
        ),
    ),
    "usage": (
        _("The command line was not understood: {problem}"),
        _("`{command} --help` lists what can be written."),
    ),
    "interrupted": (
        _("Interrupted"),
        _("Run the command again; what was half done goes on with `faragostar-man check`."),
    ),
    "not-set-up": (
        _("This program is not set up yet (looked in {path})"),
        _("Run `faragostar-man setup` as administrator."),
    ),
    "already-set-up": (
        _("Another trust root is pinned in {path}"),
        _(
            "Run `faragostar-man status`. To use another signing server, choose another "
            "folder with `--home DIR`."
        ),
    ),
    "setting-invalid": (
        _("The setting {name} or its value is not valid: {value}"),
        _("Allowed: {known}. Run `faragostar-man config show` to see what is set."),
    ),
    "server-url-insecure": (
        _("Plain HTTP is refused: {value}"),
        _("Use the https:// address: `faragostar-man config set server https://…`."),
    ),
    "input-invalid": (
        _("What was typed is not valid"),
        _("Check it against the customer portal and run the command again."),
    ),
    "code-mistyped": (
        _("The code is mistyped{group:group}"),
        _(
            "Compare it letter by letter with where you have it from: the customer portal, or what "
            "the release printed. Then run the same command again. Nothing left this server."
        ),
    ),
    "challenge-mistyped": (
        _("The challenge code is mistyped{group:group}"),
        _(
            "Have support read it out again: ten digits in two groups, the last of each checks the "
            "group. Then run the same command again. Nothing was answered."
        ),
    ),
    "root-missing": (
        _("No trust root: this package brings none and none was named"),
        _("Get the root file from the vendor and run `faragostar-man setup --root FILE`."),
    ),
    "server-missing": (
        _("No signing server was named"),
        _(
            "Run `faragostar-man setup --server https://…` with the address from the "
            "customer portal."
        ),
    ),
    "key-missing": (
        _("No license key was given"),
        _("Run `faragostar-man activate -` and type the key, or `faragostar-man activate KEY`."),
    ),
    "document-gone": (
        _("This document is not kept here any more"),
        _("The local record was put back or begun anew meanwhile; see `faragostar-man receipts`."),
    ),
    "confirmation-needed": (
        _("A release must be confirmed, and nobody can be asked here"),
        _("Run the command on a terminal, or add `--yes` to it."),
    ),
    "confirmation-wrong": (
        _("These are not the last four characters of the license key; nothing was released"),
        _("Look the key up in the customer portal and run `faragostar-man release` again."),
    ),
    "anonymous-without-record": (
        _("`--anonymous` needs a folder to record into"),
        _("Run `faragostar-man fingerprint --record DIR --anonymous`."),
    ),
    "file-unreadable": (
        _("The file or folder {path} cannot be used: {reason:system}"),
        _("Check its name and its permissions, then run the command again."),
    ),
    "not-allowed": (
        _("This step is not possible now"),
        _("Run `faragostar-man status` to see what can be done."),
    ),
    "not-allowed-unlicensed": (
        _("Not possible: no license is active on this server"),
        _("Run `faragostar-man activate KEY` first."),
    ),
    "not-allowed-activating": (
        _("Not possible: an activation is not finished"),
        _(
            "Run `faragostar-man check` to finish it first, or take it back with `faragostar-man "
            "withdraw`."
        ),
    ),
    "not-allowed-active": (
        _("Not possible: a license is active on this server"),
        _(
            "To use another license, first give this one back: `faragostar-man release "
            "--reason move`."
        ),
    ),
    "not-allowed-releasing": (
        _("Not possible: the license was given back and the receipt is still to come"),
        _("Run `faragostar-man check` until the receipt has come."),
    ),
    "not-allowed-released": (
        _("Not possible: the license was given back"),
        _("Run `faragostar-man reactivate` to take it again."),
    ),
    "not-allowed-drifted": (
        _("Not possible: this server has changed since the activation"),
        _("Run `faragostar-man reactivate`, or `faragostar-man release --reason hardware`."),
    ),
    "not-allowed-superseded": (
        _("Not possible: the vendor no longer holds this activation"),
        _("Run `faragostar-man reactivate` to ask for it here."),
    ),
    "not-allowed-damaged": (
        _("Not possible: the local record was damaged and set aside"),
        _("Run `faragostar-man activate KEY` with your license key."),
    ),
    "document-revoked": (
        _("Not possible now: the vendor revoked the key that signed the license's document"),
        _(
            "Run `faragostar-man check` first; it fetches a new document. Without a network, carry "
            "it by hand: `faragostar-man export check FILE`."
        ),
    ),
    "admin-rights-needed": (
        _("Administrator rights are needed ({path})"),
        _("Run the same command as administrator (`sudo`)."),
    ),
    "not-elevated": (
        _("The window could not be opened as administrator (number {number:number})"),
        _(
            "Close this window. On Windows, open it as administrator from its menu; on Linux run "
            "`sudo --preserve-env=DISPLAY,XAUTHORITY faragostar-man ui` in a terminal."
        ),
    ),
    "elevation-dismissed": (
        _("The question for administrator rights was closed without an answer"),
        _("Press the button again and answer with an administrator's password."),
    ),
    "elevation-refused": (
        _("The system did not give administrator rights, or there was nobody to ask"),
        _(
            "Ask for an account that may administer this server. On a remote terminal nobody is "
            "asked: run "
            "`sudo --preserve-env=DISPLAY,XAUTHORITY faragostar-man ui` in the terminal."
        ),
    ),
    "elevation-home": (
        _("This folder could be changed by others: it is not opened with administrator rights"),
        _(
            "Use the system's own folder, or have the folder and all above it belong to `root`, "
            "without links. Whoever knows the folder opens it in an administrator's terminal: "
            "`faragostar-man ui --home …`."
        ),
    ),
    "elevation-missing": (
        _("This system cannot ask for administrator rights: `pkexec` is missing"),
        _("Open a terminal and run `sudo --preserve-env=DISPLAY,XAUTHORITY faragostar-man ui`."),
    ),
    "no-window": (
        _("There is no screen to open a window on"),
        _(
            "Open it on the desktop of this server, or go on here: every act of the window is a "
            "command too. Begin with `faragostar-man status`."
        ),
    ),
    "no-qt": (
        _("The window's library (PySide6) is not installed"),
        _(
            "Install the package with the window, or go on here: every act of the window is a "
            "command too. Begin with `faragostar-man status`."
        ),
    ),
    "no-xcb": (
        _("A library of the system is missing; without it no window opens: {library}"),
        _(
            "On Debian or Ubuntu install what Qt needs: `apt-get install libegl1 libgl1 "
            "libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 "
            "libxcb-render-util0 libxcb-shape0 libxcb-randr0`. Then run `faragostar-man ui` again."
        ),
    ),
    "waiting-stopped": (
        _("You stopped waiting for the signing server"),
        _(
            "What was written down is safe. Run `faragostar-man check` to go on, or "
            "`faragostar-man withdraw` to take back an activation."
        ),
    ),
    "store-busy": (
        _("Another run of this program is at work"),
        _("Wait until it has ended and run the same command again."),
    ),
    "store-unreadable": (
        _("The license store cannot be read or written ({path})"),
        _("Check the disk, then run `faragostar-man doctor`."),
    ),
    "store-full": (
        _("The disk is full; this step was not done ({path})"),
        _("Free some space on that disk and run the same command again."),
    ),
    "store-read-only": (
        _("The disk is mounted read-only; this step was not done ({path})"),
        _("Mount it writable and run the same command again."),
    ),
    "store-newer": (
        _("A later version of this program wrote the license store ({path})"),
        _("Install that version again; it finds everything as it was."),
    ),
    "store-damaged": (
        _("The license store was damaged; it was kept aside, whole ({path})"),
        _(
            "Run `faragostar-man activate KEY` with your license key. Keep the damaged file "
            "for support."
        ),
    ),
    "server-unreachable": (
        _("The signing server cannot be reached ({server})"),
        _(
            "Check the network and run `faragostar-man check`. What was written down is "
            "safe and will be sent again."
        ),
    ),
    "dns-failed": (
        _("The signing server's name cannot be resolved ({server})"),
        _("Check the DNS settings of this server, then run `faragostar-man check`."),
    ),
    "tls-failed": (
        _("The signing server's certificate was not accepted ({server})"),
        _(
            "Check this server's clock. Behind an inspecting proxy, run `faragostar-man "
            "config set ca_file FILE` with its certificate."
        ),
    ),
    "proxy-failed": (
        _("The proxy did not pass the request on to {server}"),
        _(
            "Check it with `faragostar-man config show`; change it with `faragostar-man "
            "config set proxy URL`."
        ),
    ),
    "server-slow": (
        _("The signing server did not answer within {seconds:number} seconds ({server})"),
        _("Run `faragostar-man check` in a few minutes. What was written down is safe."),
    ),
    "server-troubled": (
        _("The signing server has trouble of its own ({server}, status {status})"),
        _("Run `faragostar-man check` in a few minutes. What was written down is safe."),
    ),
    "not-a-signing-server": (
        _("Something else than the signing server answers at {server}"),
        _(
            "Check the address with `faragostar-man config show`. A login page of the "
            "network may be in between."
        ),
    ),
    "server-refused": (
        _("The signing server refused: {refusal}"),
        _("Run `faragostar-man status`; call {phone} and read this code to support."),
    ),
}
