"""`window open`, `window list` and `window close`."""

import argparse

import msgspec

from protocol.windows import Change
from server_stub.commands.moments import typed_end, typed_moment
from server_stub.commands.opening import open_books
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.commands.typed import long_text, number
from server_stub.django_setup import set_up


def add_parsers(add: Parsers) -> None:
    """Add the three commands."""
    add("window", None, "the change windows")
    opened = add("window open", open_window, "open one by a letter or ticket")
    opened.add_argument("code", metavar="KEY_OR_CODE")
    opened.add_argument("--scope", metavar="CHANGE,…", type=_scope, required=True)
    opened.add_argument("--from", dest="begin", metavar="TIME", type=typed_moment, required=True)
    opened.add_argument("--until", metavar="TIME", type=typed_end, required=True)
    opened.add_argument("--cite", metavar="TEXT", type=long_text, required=True)
    opened.add_argument(
        "--received", metavar="TIME", type=typed_moment, help="of the letter; default now"
    )
    opened.add_argument("--by", metavar="NAME", required=True)
    listed = add("window list", list_windows, "the windows of a license, or all")
    listed.add_argument("code", metavar="KEY_OR_CODE", nargs="?")
    closed = add("window close", close_window, "take one back before its end")
    closed.add_argument("number", metavar="N", type=number)
    closed.add_argument("--by", metavar="NAME", required=True)
    closed.add_argument("--reason", metavar="TEXT", type=long_text, required=True)


def open_window(call: Call) -> Shown:
    """Open a window that came in writing."""
    set_up(call.home, call.database_url)
    from server_stub.licensing import selectors
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import windows
    from server_stub.licensing.transactions import store_errors

    chosen, books = call.arguments, Books.of(call.home)
    with store_errors():
        license = selectors.find_license(chosen.code)
    letter = windows.Letter(
        scope=chosen.scope,
        starts_at=chosen.begin,
        ends_at=chosen.until,
        citation=chosen.cite,
        received_at=chosen.received,
        by=chosen.by,
    )
    row = windows.open_by_letter(books, license, letter)
    facts = msgspec.to_builtins(selectors.window_details(row))
    return Shown(facts, (call.say("window-opened", **facts), _line(call, facts)))


def list_windows(call: Call) -> Shown:
    """The windows, the newest last."""
    open_books(call)
    from server_stub.licensing import selectors
    from server_stub.licensing.transactions import store_errors

    code = call.arguments.code
    with store_errors():
        license = selectors.find_license(code) if code else None
        rows = [msgspec.to_builtins(row) for row in selectors.all_windows(license)]
    lines = [_line(call, row) for row in rows]
    return Shown({"windows": rows}, tuple(lines or [call.say("window.none")]))


def close_window(call: Call) -> Shown:
    """Take a window back."""
    set_up(call.home, call.database_url)
    from server_stub.licensing import selectors
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import windows

    chosen = call.arguments
    row = windows.close(Books.of(call.home), chosen.number, by=chosen.by, reason=chosen.reason)
    facts = msgspec.to_builtins(selectors.window_details(row))
    return Shown(facts, (call.say("window-closed", **facts),))


def _line(call: Call, facts: dict[str, object]) -> str:
    times = {name: call.moment(facts[name]) for name in ("starts_at", "ends_at", "received_at")}  # type: ignore[arg-type]
    shown = {**facts, **times, "scope": call.listed(facts["scope"])}  # type: ignore[arg-type]
    source = "window.by-letter" if facts["opened_by"] else "window.by-notice"
    said = [call.say("window.line", **shown), call.say(source, **shown)]
    if facts["not_covered"]:
        said.append(call.say("window.not-covered", parts=call.components(facts["not_covered"])))  # type: ignore[arg-type]
    if closed := facts["closed_at"]:
        said.append(call.say("window.closed", at=call.moment(closed)))  # type: ignore[arg-type]
    return call.listed(said)


def _scope(value: str) -> tuple[Change, ...]:
    known = ", ".join(change.value for change in Change)
    try:
        return tuple(Change(name.strip()) for name in value.split(",") if name.strip()) or _none()
    except ValueError as cause:
        raise argparse.ArgumentTypeError(f"one or more of {known}") from cause


def _none() -> tuple[Change, ...]:
    raise ValueError("no change is named")
