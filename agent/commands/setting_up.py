"""`setup` and `config`: what an administrator chooses once."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from agent.bootstrap import set_up
from agent.commands.session import Result, Session
from agent.commands.standing import shown
from agent.config import (
    SERVER_VARIABLE,
    SETTING_NAMES,
    Settings,
    change,
    load_settings,
    save_settings,
    stored_settings,
)
from agent.errors import InputInvalid, NotSetUp
from agent.files import named_file
from agent.layout import table

BUNDLED_ROOT = Path(__file__).parent.parent / "bundled" / "root.jws"


def setup(session: Session) -> Result:
    """Make a home and pin its trust root."""
    options = session.options
    root = _root(options.root)
    settings = _wished(session)
    if settings.server is None:
        raise InputInvalid(problem="server-missing")
    set_up(session.home, settings, root)
    view = session.reader.status()
    result = shown(session, view)
    where = {"home": str(session.home.folder), "server": settings.server}
    said = session.texts.gettext("Set up in {path}", path=session.home.folder)
    # Setting up is done, whatever the license's standing.
    return Result({**result.body, **where}, lambda: [said, "", *result.lines()])


def show_settings(session: Session) -> Result:
    """Show what is set; a proxy's password is nobody's to read over a shoulder."""
    settings = load_settings(session.home)
    body = {name: _masked(name, getattr(settings, name)) for name in SETTING_NAMES}
    texts = session.texts
    return Result(
        body,
        lambda: table([
            (name, texts.gettext("(the system's)") if value is None else texts.latin(value))
            for name, value in body.items()
        ]),
    )  # fmt: skip


def change_setting(session: Session) -> Result:
    """Set one value; an empty one returns to the system's way."""
    options = session.options
    settings = change(stored_settings(session.home), options.name, options.value)
    save_settings(session.home, settings)
    return show_settings(session)


def _wished(session: Session) -> Settings:
    try:
        settings = stored_settings(session.home)
    except NotSetUp:
        settings = Settings()
    options = session.options
    for name, value in (
        # With no other word, the environment's server is the one that is set up.
        ("server", options.server or settings.server or os.environ.get(SERVER_VARIABLE)),
        ("proxy", options.proxy),
        ("ca_file", options.ca and str(Path(options.ca).absolute())),
    ):
        if value is not None:
            settings = change(settings, name, value)
    return settings


def _root(named: str | None) -> bytes:
    path = Path(named) if named else BUNDLED_ROOT
    if not named and not path.is_file():
        raise InputInvalid(problem="root-missing")
    with named_file(path):
        return path.read_bytes()


def _masked(name: str, value: str | None) -> str | None:
    if value is None or name != "proxy":
        return value
    url = urlsplit(value)
    if url.password is None:
        return value
    return url._replace(netloc=f"{url.username}:…@{url.netloc.rpartition('@')[2]}").geturl()
