"""A signing server founded on PostgreSQL: who is let in, what is refused, what a failure leaves."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from server_stub import founding
from server_stub.home import Home
from tests import databases
from tests.databases import Kind
from tests.server.command import Ran, Server
from tests.server.live import make_home
from tests.waiting import until

pytestmark = databases.only_on(Kind.POSTGRESQL, "a database that others run")

ROOT = Path(__file__).parents[2]
PASSWORD = "p@ss/word:%"
ESCAPED = "p%40ss%2Fword%3A%25"


class Desk(NamedTuple):
    """A user of the database server, its database, and a home that nobody has founded."""

    clerk: str
    folder: Path

    def server(self, **parts: str) -> Server:
        """A server whose address says this; a clerk's own over TCP where it says nothing."""
        known = {"user": self.clerk, "password": f":{ESCAPED}", "name": self.clerk}
        known |= {"port": str(databases.cluster().port), "more": ""} | parts
        url = "postgresql://{user}{password}@127.0.0.1:{port}/{name}{more}".format(**known)
        return Server(self.folder / "home", DATABASE_URL=url)

    def holds(self) -> list[str]:
        with psycopg.connect(databases.cluster().url(self.clerk)) as opened:
            rows = opened.execute(
                "SELECT relname FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
                " WHERE relkind IN ('r', 'S', 'v') AND nspname = 'public'"
            )
            return [name for (name,) in rows]

    def execute(self, statement: str) -> None:
        with psycopg.connect(databases.cluster().url(self.clerk)) as opened:
            opened.execute(statement.encode())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with databases.clerk(PASSWORD) as name:
        yield Desk(name, tmp_path)


def refused(server: Server, *arguments: str) -> str:
    """The error's name; what is said beside it holds no password."""
    ran = server(*(arguments or ("init", "--demo")), "--json")
    assert not any(secret in ran.out + ran.err for secret in (PASSWORD, ESCAPED, "p@ss"))
    assert ran.code == 32
    assert not server.home.exists() or arguments
    return str(ran.json["error"])


def test_a_server_is_founded_over_tcp_and_its_password_is_not_told(desk: Desk) -> None:
    server = desk.server()
    ran = server("init", "--demo", "--json")
    assert ran.code == 0, ran.err
    port = databases.cluster().port
    assert ran.json["database"] == f"postgresql://{desk.clerk}@127.0.0.1:{port}/{desk.clerk}"
    assert PASSWORD not in ran.out + ran.err
    assert server("customer", "add", "شرکت نمونه").code == 0
    assert server("issue", "--customer", "شرکت نمونه").code == 0
    assert "شرکت نمونه" in server("license", "list").out
    assert server("verify-audit").code == 0
    assert not (server.home / "server.sqlite3").exists()


@pytest.mark.parametrize("kind", ["passfile", "service", "environment"])
def test_the_password_may_stand_where_libpq_looks(desk: Desk, tmp_path: Path, kind: str) -> None:
    server, port = desk.server(password=""), databases.cluster().port
    assert refused(server) == "database-refused"
    secret = tmp_path / "secret"
    if kind == "passfile":
        escaped = PASSWORD.replace(":", "\\:")
        secret.write_text(f"127.0.0.1:{port}:*:{desk.clerk}:{escaped}\n")
        server.environment["PGPASSFILE"] = str(secret)
    elif kind == "service":
        lines = ("[office]", "host=127.0.0.1", f"port={port}", f"dbname={desk.clerk}")
        secret.write_text("\n".join((*lines, f"user={desk.clerk}", f"password={PASSWORD}\n")))
        server.environment["PGSERVICEFILE"] = str(secret)
        server.environment["DATABASE_URL"] = "postgresql://?service=office"
    else:
        server.environment["PGPASSWORD"] = PASSWORD
    secret.touch()
    secret.chmod(0o600)
    assert server("init", "--demo").code == 0


def test_what_keeps_a_server_out_is_named(desk: Desk) -> None:
    assert refused(desk.server(port="1")) == "database-away"
    assert refused(desk.server(password=":wrong")) == "database-refused"
    assert refused(desk.server(user="nobody_of_that_name")) == "database-refused"
    assert refused(desk.server(name="no_such_books")) == "database-missing"
    office = databases.office()
    office.execute(f"REVOKE CONNECT ON DATABASE {desk.clerk} FROM PUBLIC, {desk.clerk}".encode())
    assert refused(desk.server()) == "database-rights"
    office.execute(f"GRANT CONNECT ON DATABASE {desk.clerk} TO {desk.clerk}".encode())
    office.execute(f"ALTER DATABASE {desk.clerk} OWNER TO {office.info.user}".encode())
    assert refused(desk.server()) == "database-rights"
    office.execute(f"ALTER ROLE {desk.clerk} CONNECTION LIMIT 0".encode())
    ran = desk.server()("init", "--demo", "--json")
    assert (ran.code, ran.json["error"]) == (31, "store-busy")


def test_each_of_them_is_said_in_both_languages(desk: Desk) -> None:
    english, persian = (desk.server(port="1")("init", "--lang", name).err for name in ("en", "fa"))
    assert "does not answer" in english
    assert "DATABASE_URL" in english
    assert "پایگاه داده پاسخ نمی‌دهد" in persian


def test_a_database_that_cannot_hold_persian_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    databases.make_empty(home, "LATIN1")
    assert refused(Server(home)) == "database-unfit"


@pytest.mark.parametrize(
    "found",
    [
        "CREATE TABLE theirs (n int)",
        "CREATE VIEW theirs AS SELECT 1",
        "CREATE SCHEMA theirs CREATE TABLE books (n int)",
        "CREATE SEQUENCE theirs",
    ],
)
def test_a_database_that_holds_anything_is_left_alone(desk: Desk, found: str) -> None:
    desk.execute(found)
    before, server = desk.holds(), desk.server()
    ran = server("init", "--demo", "--json")
    assert (ran.code, ran.json["error"]) == (34, "already-initialised")
    assert (desk.holds(), server.home.exists()) == (before, False)


def test_our_own_tables_are_in_use_too_and_an_extension_is_not(desk: Desk, tmp_path: Path) -> None:
    desk.execute("CREATE EXTENSION pg_stat_statements")
    assert desk.server()("init", "--demo").code == 0
    other = Desk(desk.clerk, tmp_path / "other").server()
    ran = other("init", "--demo", "--json")
    assert (ran.code, ran.json["error"]) == (34, "already-initialised")
    assert PASSWORD not in ran.out + ran.err


def test_founding_that_fails_halfway_leaves_nothing(desk: Desk) -> None:
    desk.execute(
        "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands()"
        "            WHERE object_identity LIKE '%licensing_exchange')"
        " THEN RAISE 'disk full' USING ERRCODE = '53100'; END IF; END $$"
    )
    desk.execute("CREATE EVENT TRIGGER refuse ON ddl_command_end EXECUTE FUNCTION refuse()")
    assert refused(desk.server()) == "store-unreadable"
    assert desk.holds() == []
    desk.execute("DROP EVENT TRIGGER refuse")
    assert desk.server()("init", "--demo").code == 0


def test_founding_that_fails_at_its_last_file_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(founding, "write_new", full)
    path = tmp_path / "home"
    with pytest.raises(OSError, match="No space"):
        make_home(path, fresh=True)
    assert not Home(path).path.exists()
    monkeypatch.undo()
    assert make_home(path, fresh=True).config_file.exists()


def test_of_two_founders_one_is_refused_and_destroys_nothing(desk: Desk, tmp_path: Path) -> None:
    servers = [Desk(desk.clerk, tmp_path / name).server() for name in ("first", "second")]
    with ThreadPoolExecutor(2) as pool:
        ran: list[Ran] = list(pool.map(lambda server: server("init", "--demo"), servers))
    assert sorted(one.code for one in ran) == [0, 34], ran
    for server, one in zip(servers, ran, strict=True):
        assert server.home.exists() is (one.code == 0)
        assert one.code or server("verify-audit").code == 0


def test_serve_does_not_start_without_its_database(desk: Desk) -> None:
    server = desk.server()
    assert server("init", "--demo").code == 0
    away = desk.server(port="1")
    assert refused(away, "serve", "--port", "0") == "database-away"
    assert refused(away, "license", "list") == "database-away"


def test_a_run_that_is_killed_leaves_no_cluster_behind() -> None:
    program = (
        "import os, signal, sys; from tests.postgresql import running\n"
        "with running() as cluster:\n"
        "    print(cluster.folder, flush=True); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    folder = Path(killed.stdout.strip())
    assert killed.returncode == -9
    assert folder.name.startswith("faragostar-postgresql-")
    # Its keeper holds our end of the pipe no more, and ends it.
    until(lambda: not folder.exists())
