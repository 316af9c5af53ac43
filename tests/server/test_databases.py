"""DATABASE_URL: what it may say, what it becomes, and that its password is never told."""

from pathlib import Path

import pytest

from server_stub.databases import PostgresqlDatabase, SqliteDatabase, database_of
from server_stub.errors import UsageError
from server_stub.home import Home

HOME = Home(Path("/srv/office"))


def test_the_embedded_database_is_the_default() -> None:
    for url in (None, ""):
        assert database_of(url, HOME) == SqliteDatabase(Path("/srv/office/server.sqlite3"))
    assert str(database_of("sqlite:////var/books.sqlite3", HOME)) == "/var/books.sqlite3"
    assert database_of("sqlite:///books.sqlite3", HOME) == SqliteDatabase(
        Path("books.sqlite3").absolute()
    )


@pytest.mark.parametrize(
    ("url", "shown", "known"),
    [
        (
            "postgresql://clerk:p%40ss%2F%3A@db.example:6432/books?sslmode=verify-full",
            "postgresql://clerk@db.example:6432/books",
            {"PASSWORD": "p@ss/:", "HOST": "db.example", "PORT": "6432", "NAME": "books"},
        ),
        ("postgres://clerk@[::1]:5433/b", "postgresql://clerk@[::1]:5433/b", {"HOST": "::1"}),
        (
            "postgresql:///books?host=/run/postgresql",
            "postgresql:///books?host=/run/postgresql",
            {"HOST": "/run/postgresql", "USER": "", "PASSWORD": "", "PORT": ""},
        ),
        (
            "postgresql://%2Frun%2Fpg:5433/books?password=secret",
            "postgresql:///books?host=/run/pg&port=5433",
            {"HOST": "/run/pg", "PASSWORD": "secret"},
        ),
        (
            "postgresql://a,b:5433/books?target_session_attrs=read-write",
            "postgresql://a,b:5433/books",
            {"HOST": "a,b", "PORT": ",5433"},
        ),
        ("postgresql://?service=office", "postgresql:///?service=office", {"NAME": ""}),
        ("postgresql:///%D8%AF%D9%81%D8%AA%D8%B1", "postgresql:///%D8%AF%D9%81%D8%AA%D8%B1", {}),
    ],
)
def test_every_form_that_libpq_knows_is_read(url: str, shown: str, known: dict[str, str]) -> None:
    database = database_of(url, HOME)
    assert isinstance(database, PostgresqlDatabase)
    assert str(database) == shown
    settings = database.settings()
    assert {name: settings[name] for name in known} == known
    # What is shown can be read back, and names the same place.
    assert str(database_of(shown, HOME)) == shown
    assert "secret" not in repr(database)


def test_the_rest_of_the_address_goes_to_libpq() -> None:
    options = database_of("postgresql:///b?sslmode=require&connect_timeout=9", HOME).settings()
    assert isinstance(options["OPTIONS"], dict)
    assert options["OPTIONS"]["sslmode"] == "require"
    assert options["OPTIONS"]["connect_timeout"] == "9"
    assert options["OPTIONS"]["tcp_user_timeout"] == "25000"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://clerk:pa55@db/books",
        "sqlite:///",
        "books",
        "postgresql://clerk:pa55@db",
        "postgresql://clerk:pa55@db/",
        # A password that was not escaped: every part of it lands somewhere else.
        "postgresql://clerk:pa@55@db/books",
        "postgresql://clerk:pa/55@db/books",
        "postgresql://clerk:55/pa@db/books",
        "postgresql://clerk:pa%55%zz@db/books",
        "postgresql://clerk@db:pa55/books",
        "postgresql://clerk@db/books?pa55=1",
        "postgresql://clerk@db/books%00pa55",
    ],
)
def test_what_cannot_be_read_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        database_of(url, HOME)
    said = f"{caught.value}{caught.value.parameters}"
    assert "DATABASE_URL" in said
    assert "pa" not in said.replace("parameters", "")
    assert "55" not in said
    assert caught.value.__context__ is None
