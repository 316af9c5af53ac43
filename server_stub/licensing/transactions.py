"""One write at a time, whole or not at all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError, transaction

from protocol.values import Timestamp
from server_stub.errors import StoreBusy, StoreUnreadable
from server_stub.licensing.audit import Journal
from server_stub.licensing.models import ServerState

# SQLite lets writers of one process fight with sleeps; a lock makes them queue instead.
_one_writer = threading.Lock()


@contextmanager
def writing(now: Timestamp) -> Iterator[Journal]:
    """Open the write transaction; what the block changed is durable when it ends.

    Raises:
        StoreBusy: another process held the database too long.
        StoreUnreadable: the disk is full, read-only or damaged.
    """
    with store_errors(), _one_writer, transaction.atomic():
        state = ServerState.objects.select_for_update().get(pk=1)
        journal = Journal(state, now)
        yield journal
        journal.close()


@contextmanager
def store_errors() -> Iterator[None]:
    """Translate what the database raises into what we say of it."""
    try:
        yield
    except OperationalError as cause:
        if "locked" in str(cause) or "busy" in str(cause):
            raise StoreBusy(str(cause)) from cause
        raise StoreUnreadable(str(cause), detail=str(cause)) from cause
    except DatabaseError as cause:
        raise StoreUnreadable(str(cause), detail=str(cause)) from cause
