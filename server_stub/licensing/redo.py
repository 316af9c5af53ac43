"""What a transaction wrote, as the second place keeps it: its audit entries, and its rows.

Written with the transaction itself (`models.Redo`) and dropped once the second place has it: so a
crash between the two loses nothing. Applied in order to an older copy of the database, redo logs
make it the newest again, whatever the transactions were about.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from server_stub.licensing.models import AuditEntry, Redo
from server_stub.licensing.models.recorded import Row, concrete_fields, read_bytes

_DROP = "DELETE FROM licensing_redo WHERE last_index <= %s"
_DROPPED_AT_ONCE = 64
_PENDING = """
    SELECT last_index, body FROM licensing_redo
    WHERE last_index > %s AND last_index <= %s ORDER BY last_index
"""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One audit entry, whole."""

    index: int
    at: int
    event: str
    license: str
    device: str
    detail: str
    previous_hash: str
    hash: str


class RedoLog(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction."""

    epoch: int
    entries: tuple[Entry, ...]
    rows: tuple[Row, ...]


_logs = msgspec.json.Decoder(RedoLog)


def redo_body(epoch: int, entries: Iterable[AuditEntry], rows: Iterable[Row]) -> bytes:
    """Spell a transaction."""
    log = RedoLog(
        epoch=epoch,
        entries=tuple(
            Entry(**{name: getattr(entry, name) for name in Entry.__struct_fields__})
            for entry in entries
        ),
        rows=tuple(rows),
    )
    return msgspec.json.encode(log)


def read_redo(body: bytes) -> RedoLog:
    """Read a transaction back.

    Raises:
        msgspec.DecodeError: it is none.
    """
    return _logs.decode(body)


def pending(after: int, through: int) -> list[tuple[int, bytes]]:
    """What was committed and not dropped yet, between two audit indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_PENDING, [after, through])
        return [(index, bytes(body)) for index, body in cursor.fetchall()]


def waits(after: int, through: int) -> bool:
    """Whether all that was committed between two audit indexes is still here to be recorded."""
    for last_index, body in pending(after, through):
        if read_redo(body).entries[0].index != after + 1:
            return False
        after = last_index
    return after >= through


def drop(recorded: int, head: int) -> None:
    """Forget what the second place has, a few dozen transactions at a time."""
    if recorded > 0 and head % _DROPPED_AT_ONCE == 0:
        with connection.cursor() as cursor:
            cursor.execute(_DROP, [recorded])


def apply(log: RedoLog) -> None:
    """Write a transaction's entries and rows again; inside a write transaction of the caller's.

    Raises:
        ValueError, LookupError, TypeError, DatabaseError: no log of these tables.
    """
    for row in log.rows:
        put(row)
    AuditEntry.objects.bulk_create(
        AuditEntry(**msgspec.structs.asdict(entry)) for entry in log.entries
    )


def count_on() -> None:
    """Have the database number new rows after those that were put back under their own numbers."""
    tables = [m for m in apps.get_app_config("licensing").get_models() if m is not Redo]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


def put(row: Row) -> None:
    """Make a row of the database what it was when it was recorded.

    Raises:
        ValueError, LookupError, TypeError: no row of these tables, or part of one that is missing.
    """
    model = apps.get_model("licensing", row.table)
    if row.whole:
        instance_of(row, model).save_base(raw=True)
    elif not model.objects.filter(pk=row.key).update(**_fields(row, model)):
        raise LookupError(f"no {row.table} {row.key}")


def instance_of(row: Row, model: type[models.Model]) -> models.Model:
    """The row of a table as it was when it was recorded, not saved yet.

    Raises:
        ValueError, LookupError, TypeError: no whole row of this table.
    """
    if row.table != model.__name__ or not row.whole:
        raise ValueError(f"no whole row of {model.__name__}")
    return model(**_fields(row, model))


def _fields(row: Row, model: type[models.Model]) -> dict[str, Any]:
    columns = {field.attname: field for field in concrete_fields(model)}
    return {
        name: read_bytes(value) if isinstance(columns[name], models.BinaryField) else value
        for name, value in row.fields.items()
    }
