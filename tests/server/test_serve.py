"""`faragostar-server serve` as a process: starts clean, serves many, stops clean."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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


def test_it_stops_at_sigterm_and_finishes_what_it_answers(founded: Server, serve: Serving) -> None:
    process = serve()
    url = address(process)
    trust, key = trust_of(url), issue(founded)
    device = Device(trust.root.audience)
    raw = device.activate(key)
    # Another writer holds the database, so that the request is still open when the signal comes.
    with databases.blocked(founded.home) as unblock, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(requests.post, f"{url}/v1/requests", raw, headers=JOSE, timeout=30)
        time.sleep(0.5)
        assert not asked.done()
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        unblock()
        response = asked.result()
    answer = envelope.open_answer(unpack_answer(response.content).answer, trust)
    assert isinstance(answer, License)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert "answered" in [json.loads(line)["event"] for line in err.splitlines()]
    assert key not in err
    assert device.id not in err
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=2)


def test_a_check_in_is_shown_to_support(founded: Server, serve: Serving) -> None:
    url = address(serve())
    trust, key = trust_of(url), issue(founded)
    device = Device(trust.root.audience)
    raw = device.activate(key)
    body = requests.post(f"{url}/v1/requests", raw, headers=JOSE, timeout=10).content
    document = unpack_answer(body).answer
    requests.post(f"{url}/v1/requests", device.check_in(document), headers=JOSE, timeout=10)
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
    deadline = time.monotonic() + 15
    while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_dead_worker_ends_the_service(serve: Serving) -> None:
    process = serve()
    address(process)
    (worker,) = psutil.Process(process.pid).children()
    worker.kill()
    process.communicate(timeout=20)
    assert process.returncode != 0


def test_a_taken_port_is_named(founded: Server, serve: Serving) -> None:
    port = address(serve()).rpartition(":")[2]
    ran = founded("serve", "--port", port, "--json")
    assert (ran.code, ran.json["error"]) == (38, "address-in-use")


def test_the_address_may_be_read_as_json(serve: Serving) -> None:
    process = serve("--json")
    assert process.stdout is not None
    url = json.loads(process.stdout.readline())["url"]
    assert requests.get(f"{url}/healthz", timeout=10).ok


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
    process.communicate(timeout=20)
    # The root keys may be moved away: serving needs the document key alone.
    for key in (server.home / "keys").glob("root-*.pem"):
        key.unlink()
    (server.home / "keys" / "agreement-1.pem").rename(server.home / "keys" / "document-2.pem")
    process = serving(server, *secret)
    assert requests.get(f"{address(process)}/healthz", timeout=10).ok
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
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
    first = requests.post(f"{url}/v1/requests", raw, headers=JOSE, timeout=10).content
    process.send_signal(signal.SIGKILL)
    process.wait()
    spool = founded.home / "evidence" / "evidence.jsonl"
    spool.write_bytes(spool.read_bytes()[:-30])
    assert founded("verify-audit").code == 24
    url = address(serve())
    assert founded("verify-audit").code == 0
    again = requests.post(f"{url}/v1/requests", raw, headers=JOSE, timeout=10).content
    assert again == first
