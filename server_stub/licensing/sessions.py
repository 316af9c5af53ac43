"""What every connection to PostgreSQL promises, whatever its cluster, database or role prefers."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# An answer must not leave before its commit is durable, here and on a synchronous standby.
# `remote_apply` waits for all that `on` waits for, and longer: an operator who chose it keeps it.
# The limits end what holds the one lock that every writer waits for.
_PROMISES = """
    SELECT set_config('synchronous_commit',
                      CASE current_setting('synchronous_commit')
                      WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),
           set_config('lock_timeout', '15s', false),
           set_config('statement_timeout', '30s', false),
           set_config('idle_in_transaction_session_timeout', '30s', false)
"""


def promise(connection: BaseDatabaseWrapper, **_signal: Any) -> None:  # noqa: ANN401 (Django's)
    """Take a new connection under our rules, or not at all."""
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(_PROMISES)
    except BaseException:
        connection.close()
        raise
