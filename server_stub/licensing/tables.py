"""The tables of a new signing server: made in an empty database, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

from protocol.exchange import pack_roots
from protocol.trust import RootSignatures, Trust
from protocol.values import Timestamp
from server_stub.databases import Database, PostgresqlDatabase, SqliteDatabase
from server_stub.errors import AlreadyInitialised, DatabaseUnfit

# Anything that somebody made there: tables, views and sequences, but for those of an extension.
_IS_IN_USE = """
    SELECT EXISTS (
        SELECT FROM pg_class AS thing
        JOIN pg_namespace AS place ON place.oid = thing.relnamespace
        WHERE thing.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
          AND place.nspname <> 'information_schema' AND place.nspname !~ '^pg_'
          AND NOT EXISTS (
              SELECT FROM pg_depend
              WHERE classid = 'pg_class'::regclass AND objid = thing.oid AND deptype = 'e'
          )
    )
"""
_ONE_FOUNDER = 0x46474D31  # any number that others hardly lock: two inits must not look at once
_ENCODING = "UTF8"


@dataclass
class Tables:
    """The tables of one database; Django must be set up for it."""

    database: Database
    _are_ours: bool = field(default=False, init=False)

    def require_none(self) -> None:
        """Look whether a server may be founded there.

        Raises:
            AlreadyInitialised: there is something, ours or anybody's.
            ServerError: it cannot be reached, opened or used.
        """
        from server_stub.licensing.transactions import store_errors

        match self.database:
            case SqliteDatabase(file):
                if file.exists():
                    raise AlreadyInitialised(home=str(file))
            case PostgresqlDatabase():
                with store_errors():
                    self._require_fit()
                    self._require_unused()
            case _ as never:
                assert_never(never)

    def create(self, now: Timestamp, root: RootSignatures) -> None:
        """Make every table, the state row, and the first entry of the books with the first root.

        Raises:
            AlreadyInitialised: another founder was faster.
            ServerError: the database cannot be written.
        """
        from django.core.management import call_command
        from django.db import connection

        from server_stub.licensing.models import Root, ServerState
        from server_stub.licensing.transactions import store_errors, writing

        audience = Trust.pin(root).root.audience

        with store_errors():
            with self._whole():
                call_command("migrate", verbosity=0, interactive=False)
                ServerState.objects.create(pk=1)
                with writing(now) as journal:
                    entry = journal.record("server-founded", facts={"audience": audience})
                    packed = pack_roots((root,))
                    Root.objects.create(version=1, signatures=packed, audit_index=entry.index)
            self._are_ours = True
        # Closing SQLite's last connection folds the write-ahead log into the database file.
        connection.close()

    def prepare(self) -> None:
        """Make every table, empty, for a backup to fill.

        Empty tables of ours are what a restore left that was killed; they will do.

        Raises:
            AlreadyInitialised: there is something else.
            ServerError: the database cannot be written.
        """
        from django.core.management import call_command

        from server_stub.licensing.transactions import store_errors

        if self._holds_bare_tables():
            if isinstance(self.database, PostgresqlDatabase):
                self._are_ours = True
                return
            # Killed over the tables themselves, SQLite holds some that no migration is noted for.
            self.discard()
        self.require_none()
        with store_errors(), self._whole():
            call_command("migrate", verbosity=0, interactive=False)
        self._are_ours = True

    def discard(self) -> None:
        """Take away what `create` made, for the founding failed after it."""
        from django.db import connection

        connection.close()
        match self.database:
            case SqliteDatabase(file):
                for suffix in ("", "-wal", "-shm"):
                    Path(f"{file}{suffix}").unlink(missing_ok=True)
            case PostgresqlDatabase():
                if self._are_ours:
                    self._drop()
            case _ as never:
                assert_never(never)

    def _holds_bare_tables(self) -> bool:
        from django.apps import apps
        from django.db import Error, connection

        is_file = isinstance(self.database, SqliteDatabase)
        if isinstance(self.database, SqliteDatabase) and not self.database.file.exists():
            return False
        tables = {m._meta.db_table: m for m in apps.get_app_config("licensing").get_models()}  # noqa: SLF001 (Django's documented door)
        try:
            with connection.cursor() as cursor:
                names = set(connection.introspection.table_names(cursor)) - {"django_migrations"}
            return (is_file or bool(names)) and not any(
                name not in tables or tables[name].objects.exists()  # type: ignore[attr-defined]  # every model of ours has it
                for name in names
            )
        except Error:
            # Whatever it is, it is none of ours; who looks at it next says what it is.
            connection.close()
            return False

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """PostgreSQL takes tables back with their transaction; of SQLite the file is removed."""
        from django.db import connection, transaction

        if isinstance(self.database, SqliteDatabase):
            yield
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_FOUNDER])
            self._require_unused()
            yield

    def _require_fit(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            (encoding,) = cursor.fetchone()
        if encoding != _ENCODING:
            raise DatabaseUnfit(encoding, detail=f"encoding {encoding}")

    def _require_unused(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(_IS_IN_USE)
            (is_in_use,) = cursor.fetchone()
        if is_in_use:
            raise AlreadyInitialised(home=str(self.database))

    def _drop(self) -> None:
        """The database was empty when we came, and nobody knows of our tables yet."""
        from django.db import connection

        quoted = connection.ops.quote_name
        with connection.cursor() as cursor:
            names = connection.introspection.table_names(cursor)
            cursor.execute(f"DROP TABLE {', '.join(map(quoted, names))} CASCADE")
        connection.close()
