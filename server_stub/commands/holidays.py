"""`holiday add`, `holiday list` and `holiday remove`."""

from collections.abc import Iterator
from contextlib import contextmanager

from server_stub.clock import system_clock
from server_stub.commands.moments import typed_day, typed_days
from server_stub.commands.opening import open_books
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.denials import HolidayOver
from server_stub.django_setup import set_up
from server_stub.errors import NotFound


def add_parsers(add: Parsers) -> None:
    """Add the three commands."""
    add("holiday", None, "the days on which nobody answers the phone")
    added = add("holiday add", add_holidays, "tell every machine of them, two months before")
    added.add_argument("days", metavar="DATE", type=typed_days, nargs="+", help="or FROM..UNTIL")
    add("holiday list", list_holidays, "those that are to come")
    removed = add("holiday remove", remove, "it is none")
    removed.add_argument("day", metavar="DATE", type=typed_day)


def add_holidays(call: Call) -> Shown:
    """Tell of these days."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import holidays

    days = [day for some in call.arguments.days for day in some]
    with _said_of_days(call):
        new = holidays.add(Books.of(call.home), days)
    said = call.say("holidays-added" if new else "holidays-known")
    return Shown({"added": list(new)}, (said, *_lines(call, new)))


def list_holidays(call: Call) -> Shown:
    """Those that are to come, the next one first."""
    open_books(call)
    from server_stub.licensing.services import holidays
    from server_stub.licensing.transactions import store_errors

    with store_errors():
        found = holidays.coming(system_clock())
    return Shown({"holidays": list(found)}, _lines(call, found) or (call.say("holiday.none"),))


def remove(call: Call) -> Shown:
    """Tell of this day no more."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import holidays

    day = call.arguments.day
    with _said_of_days(call):
        holidays.remove(Books.of(call.home), day)
    return Shown({"removed": day}, (call.say("holiday-removed", day=call.dated(day)),))


def _lines(call: Call, days: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"  {call.dated(day)}" for day in days)


@contextmanager
def _said_of_days(call: Call) -> Iterator[None]:
    """Have a refusal name its day as the caller reads days."""
    try:
        yield
    except (HolidayOver, NotFound) as refused:
        named = {name: call.day(value) for name, value in refused.parameters.items()}
        raise type(refused)(str(refused), **named) from refused
