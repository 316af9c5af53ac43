"""`faragostar-server serve` as a process: starts clean, serves many, stops clean."""

import json
import signal
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from select import select
from socket import MSG_WAITALL, create_connection
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from protocol import envelope
from protocol.documents import Case, License
from protocol.exchange import unpack_answer
from tests import databases
from tests.server.command import PASSPHRASE, Server
from tests.server.devices import Device
from tests.server.serving import JOSE, Serving, address, ask, issue, serving, trust_of
from tests.waiting import PATIENCE_SECONDS, until

GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.fixture
def founded(founded: Server) -> Server:
    assert founded("customer", "add", "Alborz").code == 0
    return founded


def test_many_machines_at_once_get_one_license(founded: Server, serve: Serving) -> None:
    url = address(serve())
    trust, key = trust_of(url), issue(founded)
    bodies = [Device(trust.root.audience, str(n)).activate(key) for n in range(8)] * 2
    answers = ask(url, trust, bodies)
    assert len({answer.device for answer in answers if isinstance(answer, License)}) == 1
    assert sum(isinstance(answer, Case) for answer in answers) == 14
    assert founded("verify-audit").code == 0
    shown = founded("license", "show", key, "--json").json
    assert (shown["generation"], shown["open_cases"]) == (1, 7)
    assert shown["binding"]["last_check_in"] is None
    assert "No check-in yet" in founded("license", "show", key).out


def begun(url: str, raw: bytes) -> HTTPConnection:
    """Post a request; return once the server has begun to read it."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)
    connection.putrequest("POST", "/v1/requests")
    for name, value in {**JOSE, "Content-Length": str(len(raw)), "Expect": "100-continue"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.sock.recv(len(GO_ON), MSG_WAITALL) == GO_ON
    connection.send(raw)
    return connection


def refuses(url: str) -> bool:
    """Whether nobody listens there any more."""
    at = urlsplit(url)
    with suppress(ConnectionRefusedError), create_connection((at.hostname, at.port or 0)):
        return False
    return True


def test_it_stops_at_sigterm_and_finishes_what_it_answers(founded: Server, serve: Serving) -> None:
    process = serve()
    url = address(process)
    trust, key = trust_of(url), issue(founded)
    device = Device(trust.root.audience)
    raw = device.activate(key)
    # Another writer holds the database, so that the request is still open when the signal comes.
    with databases.blocked(founded.home) as unblock, closing(begun(url, raw)) as asked:
        process.send_signal(signal.SIGTERM)
        until(lambda: refuses(url))
        assert not select([asked.sock], [], [], 0)[0], "nothing was answered yet"
        unblock()
        body = asked.getresponse().read()
    answer = envelope.open_answer(unpack_answer(body).answer, trust)
    assert isinstance(answer, License)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, out) == (0, "")
    assert "answered" in [json.loads(line)["event"] for line in err.splitlines()]
    assert key not in err
    assert device.id not in err
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=PATIENCE_SECONDS)


def test_a_check_in_is_shown_to_support(founded: Server, serve: Serving) -> None:
    url = address(serve())
    trust, key = trust_of(url), issue(founded)
    device = Device(trust.root.audience)
    raw = device.activate(key)
    body = requests.post(f"{url}/v1/requests", raw, headers=JOSE, timeout=PATIENCE_SECONDS).content
    document = unpack_answer(body).answer
    requests.post(
        f"{url}/v1/requests", device.check_in(document), headers=JOSE, timeout=PATIENCE_SECONDS
    )
    out = founded("license", "show", key).out
    assert "active" in out
    assert "Last check-in" in out
    assert "answered-truth" in out
    assert device.id in founded("license", "list").out


def test_a_killed_parent_leaves_no_worker_behind(serve: Serving) -> None:
    process = serve()
    address(process)
    (worker,) = psutil.Process(process.pid).children()
    process.send_signal(signal.SIGKILL)
    process.wait()
    until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)


def test_a_parent_killed_while_its_workers_start_leaves_none_behind(serve: Serving) -> None:
    process = serve("--workers", "16")
    parent = psutil.Process(process.pid)
    until(lambda: len(parent.children()) > 1)
    process.send_signal(signal.SIGKILL)
    # Every worker holds the other end of these pipes.
    process.communicate(timeout=PATIENCE_SECONDS)


def test_a_dead_worker_ends_the_service(serve: Serving) -> None:
    process = serve()
    address(process)
    (worker,) = psutil.Process(process.pid).children()
    worker.kill()
    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode != 0


def test_a_taken_port_is_named(founded: Server, serve: Serving) -> None:
    port = address(serve()).rpartition(":")[2]
    ran = founded("serve", "--port", port, "--json")
    assert (ran.code, ran.json["error"]) == (38, "address-in-use")


def test_the_address_may_be_read_as_json(serve: Serving) -> None:
    process = serve("--json")
    assert process.stdout is not None
    url = json.loads(process.stdout.readline())["url"]
    assert requests.get(f"{url}/healthz", timeout=PATIENCE_SECONDS).ok


def test_encrypted_keys_need_their_passphrase(tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    (tmp_path / "wrong").write_text("wrong and wrong and wrong")
    server = Server(tmp_path / "home")
    secret = ("--passphrase-file", str(tmp_path / "passphrase"))
    assert server("init", *secret).code == 0
    assert server("serve", "--port", "0").code == 35
    assert server("serve", "--port", "0", "--passphrase-file", str(tmp_path / "wrong")).code == 35
    process = serving(server, *secret)
    url = address(process)
    assert trust_of(url).root.threshold == 2
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_SECONDS)
    # The root keys may be moved away: serving needs the document key alone.
    for key in (server.home / "keys").glob("root-*.pem"):
        key.unlink()
    (server.home / "keys" / "agreement-1.pem").rename(server.home / "keys" / "document-2.pem")
    process = serving(server, *secret)
    assert requests.get(f"{address(process)}/healthz", timeout=PATIENCE_SECONDS).ok
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_SECONDS)
    for key in (server.home / "keys").glob("document-*.pem"):
        key.write_text("nonsense")
    assert server("serve", "--port", "0", *secret).code == 22
    for key in (server.home / "keys").glob("document-*.pem"):
        key.unlink()
    assert server("serve", "--port", "0", *secret).code == 22


def test_a_request_that_was_committed_before_a_kill_is_answered_after_it(
    founded: Server, serve: Serving
) -> None:
    process = serve()
    url = address(process)
    trust, key = trust_of(url), issue(founded)
    raw = Device(trust.root.audience).activate(key)
    first = requests.post(f"{url}/v1/requests", raw, headers=JOSE, timeout=PATIENCE_SECONDS).content
    process.send_signal(signal.SIGKILL)
    process.wait()
    spool = founded.home / "evidence" / "evidence.jsonl"
    spool.write_bytes(spool.read_bytes()[:-30])
    assert founded("verify-audit").code == 24
    url = address(serve())
    assert founded("verify-audit").code == 0
    again = requests.post(f"{url}/v1/requests", raw, headers=JOSE, timeout=PATIENCE_SECONDS).content
    assert again == first
