"""What an administrator chooses: the server and the trust root at first, settings later.

A package may bring both in the folder `bundled` beside this program: `server`, one line with the
address, and `root.jws`. What it brings is not asked for.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from agent.config import (
    SERVER_VARIABLE,
    Home,
    Settings,
    change,
    save_settings,
    stored_settings,
)
from agent.errors import InputInvalid, NotSetUp, SettingInvalid
from agent.files import named_file, translated

BUNDLED = Path(__file__).parent / "bundled"
_HIDDEN = "…"
# Names and values, as `config set` takes them; an empty value returns to the system's way.
Changes = Iterable[tuple[str, str]]


class Bundle(NamedTuple):
    """What the package brings for its first configuration."""

    server: str | None = None
    root: Path | None = None


def bundle() -> Bundle:
    """Look at what the package brings.

    Raises:
        AdminRightsNeeded, StoreUnusable: it cannot be read.
    """
    server, root = BUNDLED / "server", BUNDLED / "root.jws"
    with translated(BUNDLED):
        address = server.read_text(encoding="utf-8").strip() if server.is_file() else ""
        return Bundle(address or None, root if root.is_file() else None)


def wished(home: Home, changes: Changes) -> Settings:
    """Compute the settings of a home that is to be set up, or set up again; nothing is written.

    A server that nobody has named yet is the environment's, or the package's.

    Raises:
        InputInvalid: nobody names a server.
        SettingInvalid, ServerUrlInsecure: a value that cannot be.
        StoreDamaged, AdminRightsNeeded, StoreUnusable: what is set cannot be read.
    """
    try:
        settings = stored_settings(home)
    except NotSetUp:
        settings = Settings()
    settings = _with(settings, changes)
    if settings.server is None and (named := os.environ.get(SERVER_VARIABLE)):
        settings = change(settings, "server", named)
    return _served(settings)


def change_settings(home: Home, changes: Changes) -> Settings:
    """Change what is set, all of it or nothing.

    Raises:
        NotSetUp: there is nothing to change.
        InputInvalid, SettingInvalid, ServerUrlInsecure: a value that cannot be.
        StoreDamaged, AdminRightsNeeded, StoreUnusable: it cannot be read or written.
    """
    settings = _served(_with(stored_settings(home), changes))
    save_settings(home, settings)
    return settings


def trust_root(named: Path | None) -> bytes:
    """Read the trust root that was named, or else the package's.

    Raises:
        InputInvalid: there is neither.
        FileUnreadable: it cannot be read.
    """
    path = named or bundle().root
    if path is None:
        raise InputInvalid(problem="root-missing")
    with named_file(path):
        return path.read_bytes()


def readable(settings: Settings) -> Settings:
    """Hide what is nobody's to read over a shoulder: the proxy's password."""
    url = urlsplit(settings.proxy or "")
    if url.password is None:
        return settings
    netloc = f"{url.username}:{_HIDDEN}@{url.netloc.rpartition('@')[2]}"
    return msgspec.structs.replace(settings, proxy=url._replace(netloc=netloc).geturl())


def _with(settings: Settings, changes: Changes) -> Settings:
    for name, value in changes:
        if name == "proxy" and _HIDDEN in value:
            # Read in `readable` and handed back: the password itself must be written again.
            raise SettingInvalid(name=name, value=_HIDDEN, known="http://user:password@host:port")
        is_path = name == "ca_file" and value
        settings = change(settings, name, str(Path(value).absolute()) if is_path else value)
    return settings


def _served(settings: Settings) -> Settings:
    """Take the package's server where none is named; a home without one is not set up."""
    if settings.server is None and (brought := bundle().server):
        settings = change(settings, "server", brought)
    if settings.server is None:
        raise InputInvalid(problem="server-missing")
    return settings
