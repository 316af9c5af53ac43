"""What was configured: values and one JSON file."""

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from agent.errors import NotSetUp, ServerUrlInsecure, SettingInvalid, StoreDamaged
from agent.files import OWNER_ONLY, translated, write_durably
from agent.home import HOME_VARIABLE, Home, default_home

__all__ = [
    "HOME_VARIABLE",
    "SERVER_VARIABLE",
    "SETTING_NAMES",
    "VERSION",
    "Home",
    "Settings",
    "change",
    "default_home",
    "load_settings",
    "save_settings",
    "stored_settings",
]

VERSION = "0.1.0"
SERVER_VARIABLE = "FARAGOSTAR_SERVER"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_LANGUAGES = ("fa", "en")
LONGEST_INTERVAL_HOURS = 7 * 24


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an administrator may choose; absent means the system's own way."""

    server: str | None = None
    proxy: str | None = None
    ca_file: str | None = None
    language: str | None = None
    check_interval: Annotated[int, Meta(gt=1, le=LONGEST_INTERVAL_HOURS)] | None = None

    @property
    def interval_hours(self) -> int:
        """How often the signing server is asked where nothing else calls for it (ADR 44)."""
        return self.check_interval or 1

    def __repr__(self) -> str:
        """Show nothing of the proxy: its password may be in it."""
        return f"Settings({self.server})"


SETTING_NAMES = tuple(Settings.__struct_fields__)


def load_settings(home: Home) -> Settings:
    """Read the settings; the environment's server goes before the configured one.

    Raises:
        SettingInvalid: the environment's server is no address.
        NotSetUp, StoreDamaged, AdminRightsNeeded, StoreUnusable: as `stored_settings`.
    """
    settings = stored_settings(home)
    if override := os.environ.get(SERVER_VARIABLE):
        return change(settings, "server", override)
    return settings


def stored_settings(home: Home) -> Settings:
    """Read what was configured, to change it: the environment's server is for one run alone.

    Raises:
        NotSetUp: there are none.
        StoreDamaged: they are not what `save_settings` wrote.
        AdminRightsNeeded, StoreUnusable: they cannot be read.
    """
    with translated(home.settings):
        try:
            raw = home.settings.read_bytes()
        except FileNotFoundError as cause:
            raise NotSetUp(path=home.folder) from cause
    try:
        return msgspec.json.decode(raw, type=Settings)
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        raise StoreDamaged(path=home.settings) from cause


def save_settings(home: Home, settings: Settings) -> None:
    """Write the settings for their owner's eyes only: a proxy's address may hold a password."""
    write_durably(home.settings, msgspec.json.format(msgspec.json.encode(settings)), OWNER_ONLY)


def change(settings: Settings, name: str, value: str) -> Settings:
    """Set one value, checked; an empty one returns to the system's way.

    Raises:
        SettingInvalid: no such setting, or a value it cannot have.
        ServerUrlInsecure: plain HTTP to anything but this machine.
    """
    if name not in SETTING_NAMES:
        raise SettingInvalid(name=name, value=value, known=", ".join(SETTING_NAMES))
    if name == "check_interval" and value:
        return msgspec.structs.replace(settings, check_interval=_interval(value))
    if value:
        _check(name, value)
    return msgspec.structs.replace(settings, **{name: value or None})


def _interval(value: str) -> int | None:
    """Read hours in any digits; each hour is the program's own way, and so not kept."""
    hours = value.strip()
    # The length first: Python refuses to read a number of thousands of digits in its own way.
    is_short = hours.isdecimal() and len(hours) <= len(str(LONGEST_INTERVAL_HOURS))
    if not (is_short and 1 <= int(hours) <= LONGEST_INTERVAL_HOURS):
        known = f"1–{LONGEST_INTERVAL_HOURS} h"
        raise SettingInvalid(name="check_interval", value=value, known=known)
    return int(hours) if int(hours) > 1 else None


def _check(name: str, value: str) -> None:
    match name:
        case "server":
            _check_server(value)
        case "proxy" if urlsplit(value).scheme not in ("http", "https", "socks5", "socks5h"):
            raise SettingInvalid(name=name, value="…", known="http://host:port")
        case "ca_file" if not Path(value).is_file():
            raise SettingInvalid(name=name, value=value, known="PEM")
        case "language" if value not in _LANGUAGES:
            raise SettingInvalid(name=name, value=value, known=", ".join(_LANGUAGES))
        case _:
            pass


def _check_server(value: str) -> None:
    """Accept an origin: the license key's proof must not cross a network in the open."""
    try:
        url = urlsplit(value)
        url.port  # noqa: B018 - the property raises for a port that is none
    except ValueError as cause:
        raise SettingInvalid(name="server", value=value, known="https://…") from cause
    if url.scheme not in ("http", "https") or not url.hostname or url.query or url.username:
        raise SettingInvalid(name="server", value=value, known="https://…")
    if url.scheme == "http" and url.hostname not in _LOOPBACK:
        raise ServerUrlInsecure(name="server", value=value)
