"""Where the books are kept: `DATABASE_URL`, read into Django's settings (docs/adr/0030).

Nothing is opened here, and no password leaves but to Django: a database is shown without one, and
what cannot be read is never quoted, because a misplaced `@` makes any part of it the password.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import starmap, zip_longest
from pathlib import Path
from urllib.parse import quote

from server_stub.errors import UsageError
from server_stub.home import Home

_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql://", "postgres://")
_DJANGOS = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}
# What a connection is given where the URL says nothing else, in libpq's words. A machine that went
# away without a word is noticed in half a minute, not in the two hours of the system's default.
_PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
    "application_name": "faragostar-server",
}


@dataclass(frozen=True)
class SqliteDatabase:
    """The embedded database: one file."""

    file: Path

    def __str__(self) -> str:
        return str(self.file)

    def settings(self) -> dict[str, object]:
        """What Django must know to open it."""
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(self.file),
            # One connection per serving thread for as long as it lives.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # One that first reads and then writes would fail halfway: lock at its start.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: with WAL anything less may forget a commit whose answer has left.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                ),
            },
        }


@dataclass(frozen=True)
class PostgresqlDatabase:
    """A database of a PostgreSQL server, by the parameters that libpq knows."""

    parameters: Mapping[str, str] = field(repr=False)

    def __str__(self) -> str:
        """Its address, without whatever else the URL said: that may be secret too."""
        name = quote(self.parameters.get("dbname", ""), safe="")
        user, hosts = self.parameters.get("user"), self.parameters.get("host", "")
        ports = self.parameters.get("port", "")
        whom = f"{quote(user, safe='')}@" if user else ""
        if service := self.parameters.get("service"):
            return f"postgresql://{whom}/{name}?service={quote(service, safe='')}"
        if hosts.startswith(("/", "@")):
            port = f"&port={ports}" if ports else ""
            return f"postgresql://{whom}/{name}?host={quote(hosts, safe='/,')}{port}"
        places = zip_longest(hosts.split(","), ports.split(","), fillvalue="")
        return f"postgresql://{whom}{','.join(starmap(_place, places))}/{name}"

    def settings(self) -> dict[str, object]:
        """What Django must know to connect."""
        from psycopg import IsolationLevel

        rest = {name: self.parameters[name] for name in self.parameters if name not in _DJANGOS}
        return {
            "ENGINE": "django.db.backends.postgresql",
            **{known: self.parameters.get(name, "") for name, known in _DJANGOS.items()},
            # One connection per serving thread; one that died while nobody asked is replaced.
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                **_PATIENCE,
                **rest,
                # Said, not assumed: a cluster or a role may have another default, under which a
                # transaction that waited for the state row would read what was true before it.
                "isolation_level": IsolationLevel.READ_COMMITTED,
            },
        }


def _place(host: str, port: str) -> str:
    return f"{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"


Database = SqliteDatabase | PostgresqlDatabase


def database_of(url: str | None, home: Home) -> Database:
    """The database that `DATABASE_URL` names; without one, the embedded one in home.

    Raises:
        UsageError: another kind of database, or an address that cannot be read.
    """
    if not url:
        return SqliteDatabase(home.database)
    if url.startswith(_SQLITE) and url != _SQLITE:
        return SqliteDatabase(Path(url.removeprefix(_SQLITE)).absolute())
    if url.startswith(_POSTGRESQL):
        return _postgresql(url)
    raise UsageError(
        "DATABASE_URL", detail="DATABASE_URL: sqlite:///FILE, postgresql://USER@HOST:PORT/NAME"
    )


def _postgresql(url: str) -> PostgresqlDatabase:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        read = conninfo_to_dict(url)
    except ProgrammingError:
        # Its message quotes what it could not read.
        read = {}
    parameters = {name: str(value) for name, value in read.items() if value is not None}
    ports = parameters.get("port", "").split(",")
    if (
        not ("dbname" in parameters or "service" in parameters)
        # The rest of a password whose `@` or `/` was not escaped, taken for something else.
        or any(sign in parameters.get("dbname", "") for sign in "@/")
        or "@" in parameters.get("host", "").removeprefix("@")
        or not all(port.isdecimal() or not port for port in ports)
    ):
        raise UsageError(
            "DATABASE_URL",
            detail="DATABASE_URL: postgresql://USER:PASSWORD@HOST:PORT/NAME (@ → %40, / → %2F)",
        )
    return PostgresqlDatabase(parameters)
