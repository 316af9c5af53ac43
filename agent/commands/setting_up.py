"""`setup` and `config`: what an administrator chooses once."""

from pathlib import Path

from agent.bootstrap import set_up
from agent.choosing import change_settings, readable, trust_root, wished
from agent.commands.session import Result, Session
from agent.commands.standing import shown
from agent.config import SETTING_NAMES, load_settings
from agent.layout import table


def setup(session: Session) -> Result:
    """Make a home and pin its trust root."""
    options = session.options
    root = trust_root(Path(options.root) if options.root else None)
    named = (("server", options.server), ("proxy", options.proxy), ("ca_file", options.ca))
    settings = wished(session.home, [(n, value) for n, value in named if value is not None])
    set_up(session.home, settings, root)
    view = session.reader.status()
    result = shown(session, view)
    where = {"home": str(session.home.folder), "server": settings.server}
    said = session.texts.gettext("Set up in {path}", path=session.home.folder)
    # Setting up is done, whatever the license's standing.
    return Result({**result.body, **where}, lambda: [said, "", *result.lines()])


def show_settings(session: Session) -> Result:
    """Show what is set; a proxy's password is nobody's to read over a shoulder."""
    settings = readable(load_settings(session.home))
    body = {name: getattr(settings, name) for name in SETTING_NAMES}
    texts = session.texts
    hours = settings.check_interval
    every = (
        texts.gettext("every {hours:number} hours", hours=hours)
        if hours
        else texts.gettext("(every hour)")
    )

    def lines() -> list[str]:
        absent = texts.gettext("(the system's)")
        said = {name: absent if v is None else texts.latin(v) for name, v in body.items()}
        return table(list((said | {"check_interval": every}).items()))

    return Result(body, lines)


def change_setting(session: Session) -> Result:
    """Set one value; an empty one returns to the system's way."""
    options = session.options
    change_settings(session.home, [(options.name, options.value)])
    return show_settings(session)
