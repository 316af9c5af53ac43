"""The look-ups that every request pays for, as plain SQL.

Building a query through the ORM costs ten times what SQLite takes to answer it, and these run
before and under the write lock. All are standard SQL.
"""

from typing import NamedTuple

from django.db import connection

from protocol.values import DeviceId, RequestId
from server_stub.errors import BooksMissing

_FIRST_LOOK = """
    SELECT state.epoch, state.root_version, exchange.id
    FROM licensing_serverstate AS state
    LEFT JOIN licensing_exchange AS exchange
        ON exchange.device_id = %s AND exchange.request_id = %s
    WHERE state.id = 1
"""
_NEWEST_ROOT = "SELECT root_version FROM licensing_serverstate WHERE id = 1"
_LOOK_UNDER_LOCK = """
    SELECT id, request_id
    FROM licensing_exchange
    WHERE device_id = %s AND (request_id = %s OR (sequence = %s AND accepted))
"""


class FirstLook(NamedTuple):
    """The server's epoch and newest root, and the exchange that answered this request before."""

    epoch: int
    root_version: int
    exchange_id: int | None


class LookUnderLock(NamedTuple):
    """The exchange that answered it meanwhile, and whether another took its sequence."""

    exchange_id: int | None
    is_sequence_used: bool


def first_look(device: DeviceId, request_id: RequestId) -> FirstLook:
    """What is known of a request before anything is locked.

    Raises:
        BooksMissing: the database is empty.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_LOOK, [device, request_id])
        row = cursor.fetchone()
    if row is None:
        raise BooksMissing("no state")
    return FirstLook(*row)


def newest_root() -> int:
    """The version of the newest published root.

    Raises:
        BooksMissing: the database is empty.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_ROOT)
        row = cursor.fetchone()
    if row is None:
        raise BooksMissing("no state")
    return int(row[0])


def look_under_lock(device: DeviceId, request_id: RequestId, sequence: int) -> LookUnderLock:
    """What is known of a request once nobody else can write."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UNDER_LOCK, [device, request_id, sequence])
        rows = cursor.fetchall()
    same = next((exchange_id for exchange_id, found in rows if found == request_id), None)
    return LookUnderLock(same, is_sequence_used=any(found != request_id for _, found in rows))
