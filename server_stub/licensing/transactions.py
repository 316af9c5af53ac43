"""One write at a time, whole or not at all."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import Error, connection, transaction

from protocol.values import Timestamp
from server_stub.errors import BooksBehind, BooksMissing
from server_stub.licensing import outages, redo
from server_stub.licensing.audit import Journal
from server_stub.licensing.evidence import EvidenceSpool
from server_stub.licensing.models import ServerState
from server_stub.licensing.models.recorded import collecting

# SQLite lets writers of one process fight with sleeps; a lock makes them queue instead.
_one_writer = threading.Lock()


@contextmanager
def writing(now: Timestamp, recorded: int = -1) -> Iterator[Journal]:
    """Open the write transaction; what the block changed is durable when it ends.

    The state row is locked first, so whatever the block reads stays true until it ends. What was
    read before must not decide. What it saved is kept for the second place too, and what that has,
    up to the index `recorded`, is dropped now and then.

    Raises:
        BooksMissing: the database is empty.
        BooksBehind: the second place has more: an old database was put back. Whatever were written
            here would be numbered like what was told before.
        StoreBusy: another writer held the database too long; nothing was changed.
        StoreUnreadable: the disk is full, read-only or damaged, or the database is away.
    """
    with store_errors(), _queue(), transaction.atomic(), collecting() as rows:
        state = ServerState.objects.select_for_update().filter(pk=1).first()
        if state is None:
            raise BooksMissing("no state")
        if state.audit_index < recorded:
            raise BooksBehind(books=str(state.audit_index), evidence=str(recorded))
        journal = Journal(state, now)
        yield journal
        journal.close(rows)
        redo.drop(recorded, state.audit_index)


def record_evidence(spool: EvidenceSpool, through: int) -> None:
    """Have everything up to an audit index in the second place; only then may it be told.

    Raises:
        StoreUnreadable: the second place, or the database, cannot be used.
        DocumentInvalid: the spool was damaged.
    """
    with store_errors():
        spool.ensure(through, redo.pending)


def _queue() -> AbstractContextManager[object]:
    """PostgreSQL's own queue at the state row reaches further than this process."""
    return _one_writer if connection.vendor == "sqlite" else nullcontext()


@contextmanager
def long_reading() -> Iterator[None]:
    """Read for as long as it takes: the limits of a connection are for answering."""
    if connection.vendor == "sqlite":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it is now, while others go on writing."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Deferred: in WAL mode the first read fixes the moment, and no writer waits for it.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with long_reading():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def store_errors() -> Iterator[None]:
    """Translate what the database raises into what we say of it."""
    try:
        yield
    except Error as cause:
        # One that broke is opened anew by whoever asks next.
        connection.close_if_unusable_or_obsolete()
        raise outages.named(cause) from cause
