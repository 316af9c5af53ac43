"""Where the passphrase of the keys comes from: a file, a systemd credential, or a person.

Never from the command line or the environment's values: both are readable by others and end up in
logs and crash reports.
"""

import getpass
import os
import sys
from pathlib import Path

from server_stub.errors import PassphraseNeeded
from server_stub.texts import Language, say

_SHORTEST = 12


def known_passphrase(file: str | None, language: Language) -> bytes:
    """The passphrase of keys that exist.

    Raises:
        PassphraseNeeded: nobody gave one.
    """
    return _from_files(file) or _ask(say(language, "ask.passphrase"))


def new_passphrase(file: str | None, language: Language) -> bytes:
    """The passphrase for new keys; typed twice where it is typed.

    Raises:
        PassphraseNeeded: nobody gave one, it is short, or the two differ.
    """
    passphrase = _from_files(file)
    if passphrase is None:
        passphrase = _ask(say(language, "ask.passphrase"))
        if _ask(say(language, "ask.passphrase-again")) != passphrase:
            raise PassphraseNeeded("the two differ")
    if len(passphrase.decode(errors="replace")) < _SHORTEST:
        raise PassphraseNeeded("too short")
    return passphrase


def _from_files(file: str | None) -> bytes | None:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    credential = Path(folder) / "passphrase" if folder else None
    source = Path(file) if file else credential
    if source is None or (not file and not source.exists()):
        return None
    try:
        return source.read_bytes().rstrip(b"\r\n") or None
    except OSError as cause:
        raise PassphraseNeeded(str(cause)) from cause


def _ask(prompt: str) -> bytes:
    if not sys.stdin.isatty():
        raise PassphraseNeeded("nobody to ask")
    return getpass.getpass(prompt, sys.stderr).encode()
