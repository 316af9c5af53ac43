"""First run and settings: what is asked for, what has changed, and where to go on."""

from typing import NamedTuple

from agent.ui.jobs import Known
from agent.ui.jobs.settings import Changes, Typed
from agent.ui.wording import Place, WindowTexts
from protocol.codes import to_ascii_digits
from protocol.values import Standing

_SETTINGS = ("server", "proxy", "ca_file", "check_interval")


class IntervalChoice(NamedTuple):
    """How often the server may be asked: as `config set` takes it, and in words."""

    value: str
    name: str


class FirstRun(NamedTuple):
    """What must be asked, because no package brought it."""

    said: str
    asks_server: bool
    asks_root: bool


def first_run_of(known: Known, texts: WindowTexts) -> FirstRun:
    """Say what has to be typed, and where it is found."""
    asks_server = known.bundle is None or known.bundle.server is None
    asks_root = known.bundle is None or known.bundle.root is None
    if asks_server and asks_root:
        said = texts.gettext(
            "The vendor gave you the address of the signing server and a file with the trust root."
        )
    elif asks_server:
        said = texts.gettext("The address of the signing server stands in the customer portal.")
    elif asks_root:
        said = texts.gettext("The vendor gave you a file with the trust root.")
    else:
        said = texts.gettext("This package knows the vendor's signing server: nothing to type.")
    return FirstRun(said, asks_server, asks_root)


def typed_of(known: Known) -> Typed:
    """What stands in the fields while nobody has typed."""
    settings = known.settings
    if settings is None:
        return Typed()
    interval = str(settings.check_interval or "")
    return Typed(settings.server or "", settings.proxy or "", settings.ca_file or "", interval)


def interval_choices(value: str, texts: WindowTexts) -> tuple[IntervalChoice, ...]:
    """What is offered, and what is set where that is none of these."""
    offered = (
        IntervalChoice("", texts.gettext("Every hour")),
        _every("6", texts),
        _every("12", texts),
        IntervalChoice("24", texts.gettext("Once a day")),
        IntervalChoice("168", texts.gettext("Once a week")),
    )
    is_offered = any(choice.value == value for choice in offered)
    return offered if is_offered else (*offered, _every(value, texts))


def _every(hours: str, texts: WindowTexts) -> IntervalChoice:
    return IntervalChoice(hours, texts.gettext("Every {hours:number} hours", hours=hours))


def changes_of(typed: Typed, since: Typed) -> Changes:
    """What was changed, as settings; a password that is shown hidden and left alone is not."""
    return tuple(
        (name, to_ascii_digits(value))
        for name in _SETTINGS
        if (value := getattr(typed, name)) != getattr(since, name)
    )


def why_closed(known: Known, texts: WindowTexts) -> str:
    """Why the settings can be neither read nor changed here; empty where they can."""
    if known.settings is not None:
        return ""
    if not known.is_set_up:
        return texts.gettext("This program is not set up yet")
    if known.as_of is not None:
        return texts.gettext(
            "Only an administrator may see and change the way to the signing server."
        )
    if known.trouble is not None:
        return texts.text(known.trouble.text_code, known.trouble.parameters)
    return texts.text("standing-unknown")


def way_on(known: Known, place: Place) -> Place:
    """Where one comes who goes to a place: the first run comes first, and only once."""
    if not known.is_set_up:
        return Place.FIRST_RUN if place is Place.OVERVIEW else place
    if place is not Place.FIRST_RUN:
        return place
    is_new = known.view is not None and known.view.standing is Standing.UNLICENSED
    return Place.ACTIVATE if is_new else Place.OVERVIEW
