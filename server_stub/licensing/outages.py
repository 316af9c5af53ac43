"""What a database raises, in the words of `server_stub.errors`.

PostgreSQL says why with a code, but only to a connection that stands. What kept one from being made
is told in words alone, in the language of that cluster: words that are not known here are shown as
they are, under the name that fits any of them.
"""

import re

from django.db import Error, OperationalError

from server_stub.errors import (
    BooksMissing,
    DatabaseAway,
    DatabaseMissing,
    DatabaseRefused,
    DatabaseRights,
    DatabaseUnfit,
    ServerError,
    StoreBusy,
    StoreUnreadable,
)

# Ended by the server so that others may go on, or because too many wait: nothing was changed.
_BUSY = frozenset(
    {
        "25P03",  # idle in a transaction for too long
        "40001",  # could not be put in an order with another transaction
        "40P01",  # deadlock
        "53300",  # too many connections
        "55P03",  # waited too long for a lock
        "57014",  # worked too long
    }
)
_AWAY = frozenset({"57P01", "57P02", "57P03", "57P05"})  # stopping, crashed, starting
_CONNECTION_LOST = "08"
_RIGHTS_MISSING = "42501"
_TABLE_MISSING = "42P01"
_VERSION_TOO_OLD = "is required (found"

# `FATAL:  `: two spaces are the server's own voice; what libpq finds out by itself has one.
_SERVERS_VOICE = re.compile(r"failed: \S+:  ")
_WORDS: tuple[tuple[re.Pattern[str], type[ServerError]], ...] = (
    (re.compile(r"too many |remaining connection slots"), StoreBusy),
    (re.compile(r"starting up|shutting down|recovery mode|not yet accepting"), DatabaseAway),
    (re.compile(r'database "[^"]*" does not exist'), DatabaseMissing),
    (re.compile(r'permission denied for database "'), DatabaseRights),
    (re.compile(r"no password supplied"), DatabaseRefused),
    (_SERVERS_VOICE, DatabaseRefused),
)


def named(cause: Error) -> ServerError:
    """The error that people are told."""
    detail = " ".join(str(cause).split())
    return _kind(cause)(detail, detail=detail)


def _kind(cause: Error) -> type[ServerError]:
    raised, said = cause.__cause__, str(cause)
    if not type(raised).__module__.startswith("psycopg"):
        return _kind_of_others(cause, said)
    state = getattr(raised, "sqlstate", None)
    if state is None:
        return _kind_of_connecting(raised, said)
    if state in _BUSY:
        return StoreBusy
    if state in _AWAY or state.startswith(_CONNECTION_LOST):
        return DatabaseAway
    return {_RIGHTS_MISSING: DatabaseRights, _TABLE_MISSING: BooksMissing}.get(
        state, StoreUnreadable
    )


def _kind_of_others(cause: Error, said: str) -> type[ServerError]:
    """SQLite's errors, and Django's own."""
    if isinstance(cause, OperationalError) and ("locked" in said or "busy" in said):
        return StoreBusy
    if "no such table" in said:
        return BooksMissing
    return DatabaseUnfit if _VERSION_TOO_OLD in said else StoreUnreadable


def _kind_of_connecting(raised: BaseException | None, said: str) -> type[ServerError]:
    """No code: a connection that could not be made, or that broke."""
    import psycopg

    if not isinstance(raised, psycopg.OperationalError | psycopg.InterfaceError):
        return StoreUnreadable
    return next((kind for words, kind in _WORDS if words.search(said)), DatabaseAway)
