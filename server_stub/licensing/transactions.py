"""One write at a time, whole or not at all."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import Error, connection, transaction

from protocol.values import Timestamp
from server_stub.licensing import outages
from server_stub.licensing.audit import Journal
from server_stub.licensing.models import ServerState

# SQLite lets writers of one process fight with sleeps; a lock makes them queue instead.
_one_writer = threading.Lock()


@contextmanager
def writing(now: Timestamp) -> Iterator[Journal]:
    """Open the write transaction; what the block changed is durable when it ends.

    The state row is locked first, so whatever the block reads stays true until it ends. What was
    read before must not decide.

    Raises:
        StoreBusy: another writer held the database too long; nothing was changed.
        StoreUnreadable: the disk is full, read-only or damaged, or the database is away.
    """
    with store_errors(), _queue(), transaction.atomic():
        state = ServerState.objects.select_for_update().get(pk=1)
        journal = Journal(state, now)
        yield journal
        journal.close()


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
def store_errors() -> Iterator[None]:
    """Translate what the database raises into what we say of it."""
    try:
        yield
    except Error as cause:
        raise outages.named(cause) from cause
