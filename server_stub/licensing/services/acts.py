"""An act of the vendor's people: one transaction with its audit entry, in the second place too.

What it saved is in the evidence without being named: `models.recorded` tells the transaction of
every row, and a restore puts the rows back.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from server_stub.licensing.audit import Journal
from server_stub.licensing.server import Books
from server_stub.licensing.transactions import record_evidence, writing


@contextmanager
def acting(books: Books) -> Iterator[Journal]:
    """Open an act; once the block ends it is committed and stands in the second place.

    Raises:
        BooksBehind: the database is older than the second place.
        ServerError: the database or the second place failed.
    """
    # Looked at, not remembered: a command is a new process, and the database may be an old copy.
    newest = books.evidence.ready()
    with writing(books.clock(), newest) as journal:
        yield journal
    record_evidence(books.evidence, journal.state.audit_index)
