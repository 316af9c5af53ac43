"""PostgreSQL at work: what its sessions promise, a connection that is lost, many workers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from django.db import connection, transaction

from protocol.documents import Case, License
from server_stub.errors import (
    DatabaseAway,
    DatabaseRights,
    ServerError,
    StoreBusy,
    StoreUnreadable,
)
from server_stub.home import Home
from server_stub.licensing.models import AuditEntry, Exchange
from server_stub.licensing.server import SigningServer
from server_stub.licensing.transactions import long_reading, store_errors, writing
from tests import databases
from tests.databases import Kind
from tests.server.command import Server
from tests.server.conftest import Office
from tests.server.devices import Device
from tests.server.live import LiveServer, entered
from tests.server.serving import Serving, address, ask, issue, post, trust_of
from tests.waiting import PATIENCE_SECONDS

pytestmark = databases.only_on(Kind.POSTGRESQL, "a database that others run")


def shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("preferred", "kept"),
    [("off", "on"), ("local", "on"), ("remote_write", "on"), ("remote_apply", "remote_apply")],
)
def test_a_commit_is_durable_whatever_the_cluster_prefers(
    office: Office, preferred: str, kept: str
) -> None:
    name = databases.name_for(office.home.path)
    preferences = {
        "synchronous_commit": preferred,
        "default_transaction_isolation": "serializable",
        "lock_timeout": "0",
        "statement_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
    }
    for setting, value in preferences.items():
        databases.office().execute(f"ALTER DATABASE {name} SET {setting} = '{value}'".encode())
    connection.close()
    assert shown("synchronous_commit") == kept
    assert shown("default_transaction_isolation") == "serializable"
    with transaction.atomic():
        assert shown("transaction_isolation") == "read committed"
    assert shown("lock_timeout") == "15s"
    assert shown("statement_timeout") == "30s"
    assert shown("idle_in_transaction_session_timeout") == "30s"
    with long_reading():
        assert shown("statement_timeout") == "0"
        assert shown("synchronous_commit") == kept
    assert shown("statement_timeout") == "30s"


def test_a_session_that_cannot_promise_is_not_used(office: Office) -> None:
    from server_stub.licensing import sessions

    kept, sessions._PROMISES = sessions._PROMISES, "SELECT set_config('lock_timeout', 'x', false)"
    try:
        connection.close()
        with pytest.raises(StoreUnreadable), store_errors():
            shown("lock_timeout")
        assert connection.connection is None
    finally:
        sessions._PROMISES = kept
    assert office.server.clock()


def write(office: Office, then: Callable[[], object]) -> None:
    """A transaction that writes, and meets this before it ends."""
    with writing(office.server.clock()) as journal:
        journal.record("lost")
        then()


@pytest.mark.parametrize(
    ("state", "named"),
    [
        ("40001", StoreBusy),
        ("40P01", StoreBusy),
        ("55P03", StoreBusy),
        ("57014", StoreBusy),
        ("53300", StoreBusy),
        ("57P01", DatabaseAway),
        ("08006", DatabaseAway),
        ("42501", DatabaseRights),
        ("53100", StoreUnreadable),
        ("25006", StoreUnreadable),
        ("XX001", StoreUnreadable),
    ],
)
def test_what_the_database_raises_has_a_name(
    office: Office, state: str, named: type[ServerError]
) -> None:
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"
    entries = AuditEntry.objects.count()
    with pytest.raises(ServerError) as caught:
        write(office, lambda: connection.cursor().execute(raising))
    assert type(caught.value) is named
    assert AuditEntry.objects.count() == entries


def test_who_waits_too_long_for_the_state_row_may_ask_again(office: Office) -> None:
    request = office.device().activate(office.issue().license_key)
    with databases.blocked(office.home.path):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        with pytest.raises(StoreBusy):
            office.answer(request)
    assert isinstance(office.answer(request), License)


def end_connections(path: Path) -> int:
    """End whatever is connected to this home's database, as a restart of the cluster does."""
    ended = databases.office().execute(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = %s",
        [databases.name_for(path)],
    )
    row = ended.fetchone()
    assert row is not None
    return int(row[0])


def test_a_connection_lost_in_a_transaction_changes_nothing(office: Office) -> None:
    entries = AuditEntry.objects.count()
    with pytest.raises(DatabaseAway):
        write(office, lambda: end_connections(office.home.path))
    assert AuditEntry.objects.count() == entries


def test_a_connection_lost_at_any_statement_is_answered_by_the_resend(office: Office) -> None:
    request, lost = office.device().activate(office.issue().license_key), 0
    for number in range(1, 200):
        seen = 0

        def cut(execute: Callable[..., Any], *statement: Any, at: int = number) -> Any:
            nonlocal seen
            seen += 1
            if seen == at:
                end_connections(office.home.path)
            return execute(*statement)

        try:
            with connection.execute_wrapper(cut):
                office.answer(request)
        except DatabaseAway:
            lost += 1
            assert Exchange.objects.count() <= 1
            continue
        break
    assert lost > 10
    assert Exchange.objects.count() == 1


def test_the_next_request_works_after_the_database_was_away(live: LiveServer) -> None:
    trust = trust_of(live.url)
    key, device = live.issue().license_key, Device(trust.root.audience)
    assert post(live.url, device.activate(key)).ok
    end_connections(live.path)
    assert post(live.url, device.activate(key)).ok


def test_served_requests_survive_a_database_that_was_restarted(
    founded: Server, serve: Serving
) -> None:
    assert founded("customer", "add", "Alborz").code == 0
    url = address(serve("--workers", "2"))
    trust, key = trust_of(url), issue(founded)
    for _ in range(3):
        # Idle connections die, and nobody who asks afterwards hears of it.
        assert all(ask(url, trust, [Device(trust.root.audience).activate(key)] * 6))
        end_connections(founded.home)
    with databases.blocked(founded.home) as unblock, ThreadPoolExecutor(1) as pool:
        raw = Device(trust.root.audience).activate(key)
        asked = pool.submit(post, url, raw)
        waiting = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        name = [databases.name_for(founded.home)]
        while not databases.office().execute(waiting.encode(), name).fetchone():
            assert not asked.done(), asked.result().text
        end_waiting = waiting.replace("SELECT pid", "SELECT pg_terminate_backend(pid)")
        databases.office().execute(end_waiting.encode(), name)
        answer = asked.result()
        assert (answer.status_code, answer.json()["code"]) == (503, "store-unreadable")
        assert int(answer.headers["Retry-After"]) >= 1
        unblock()
    assert post(url, raw).ok
    assert requests.get(f"{url}/healthz", timeout=PATIENCE_SECONDS).ok
    assert founded("verify-audit").code == 0


def test_four_workers_and_many_clients_make_no_generation_twice(
    founded: Server, serve: Serving
) -> None:
    from tests.server.invariants import assert_invariants

    assert founded("customer", "add", "Alborz").code == 0
    url = address(serve("--workers", "4"))
    trust, keys = trust_of(url), [issue(founded) for _ in range(3)]
    devices = [Device(trust.root.audience, str(number)) for number in range(8)]
    asked = [device.activate(key) for key in keys for device in devices]
    answers = ask(url, trust, asked * 2, clients=16)
    for half in (answers[: len(asked)], answers[len(asked) :]):
        assert sum(isinstance(answer, License) for answer in half) == 3
        assert sum(isinstance(answer, Case) for answer in half) == 21
    assert answers[: len(asked)] == answers[len(asked) :]
    counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    row = databases.office().execute(counted.encode(), [databases.name_for(founded.home)])
    assert row.fetchall()[0][0] > 4
    assert founded("verify-audit").code == 0
    home = Home(founded.home)
    with entered(home):
        assert_invariants(SigningServer.open(home))
