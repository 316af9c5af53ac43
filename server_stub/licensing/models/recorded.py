"""Rows that say what was written of them, so that a transaction can be told to a second place.

`collecting()` gathers, in order, what is saved inside its block. Only `save` and `create` are told
of; services use nothing else on these tables.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec
from django.db import models

_TEXT, _BYTES = "t:", "b:"


class Row(msgspec.Struct, frozen=True):
    """What one save wrote: every field of a new row, or those that were changed."""

    table: str
    key: str | int
    fields: dict[str, Any]
    whole: bool


_rows: ContextVar[list[Row] | None] = ContextVar("rows", default=None)


@contextmanager
def collecting() -> Iterator[list[Row]]:
    """Gather what this thread saves meanwhile."""
    rows: list[Row] = []
    token = _rows.set(rows)
    try:
        yield rows
    finally:
        _rows.reset(token)


class Recorded(models.Model):
    """Base of every table that a restore must be able to bring up to date."""

    class Meta:
        """No table of its own."""

        abstract = True

    def save(self, **options: Any) -> None:  # noqa: ANN401 (Django's own)
        """Save, and tell the transaction."""
        super().save(**options)
        if (rows := _rows.get()) is not None:
            rows.append(row_of(self, options.get("update_fields")))


def row_of(instance: models.Model, names: Any = None) -> Row:  # noqa: ANN401 (any iterable of names)
    """Spell a row, or the named fields of it, as JSON can carry it."""
    chosen = None if names is None else frozenset(names)
    fields = {
        field.attname: spelled(getattr(instance, field.attname))
        for field in concrete_fields(type(instance))
        if chosen is None or field.name in chosen or field.attname in chosen
    }
    return Row(type(instance).__name__, instance.pk, fields, whole=chosen is None)


def concrete_fields(model: type[models.Model]) -> "tuple[models.Field[Any, Any], ...]":
    """The columns of a table."""
    return tuple(model._meta.concrete_fields)  # noqa: SLF001 (Django's documented door)


def spelled(value: Any) -> Any:  # noqa: ANN401 (whatever a column holds)
    """Spell bytes as text; almost all of ours are JWS or JSON."""
    if not isinstance(value, bytes | bytearray | memoryview):
        return value
    raw = bytes(value)
    try:
        return _TEXT + raw.decode()
    except UnicodeDecodeError:
        return _BYTES + b64encode(raw).decode()


def read_bytes(text: str) -> bytes:
    """Read back what `spelled` made of bytes.

    Raises:
        ValueError: it made no such text.
    """
    kind, rest = text[:2], text[2:]
    if kind == _TEXT:
        return rest.encode()
    if kind == _BYTES:
        return b64decode(rest, validate=True)
    raise ValueError("not the spelling of bytes")
