"""The test server itself: what it promises to the journeys that use it."""

import time
from pathlib import Path

import pytest
import requests

from protocol import envelope
from protocol.documents import License
from protocol.exchange import unpack_answer, unpack_roots
from protocol.trust import Trust
from tests.server.devices import Device
from tests.server.live import LiveServer
from tests.waiting import PATIENCE_SECONDS

JOSE = {"Content-Type": "application/jose"}


def post(live: LiveServer, raw: bytes, timeout: float = PATIENCE_SECONDS) -> requests.Response:
    return requests.post(
        f"{live.url}/v1/requests", raw, headers=JOSE, timeout=timeout, allow_redirects=False
    )


@pytest.fixture
def trust(live: LiveServer) -> Trust:
    return Trust.follow(unpack_roots(live.root_file.read_bytes()))


@pytest.fixture
def request_bytes(live: LiveServer, trust: Trust) -> bytes:
    issued = live.issue(seats=7)
    return Device(trust.root.audience).activate(issued.license_key)


def test_it_answers_over_real_http(live: LiveServer, trust: Trust, request_bytes: bytes) -> None:
    response = post(live, request_bytes)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/jose")
    license = envelope.open_answer(unpack_answer(response.content).answer, trust)
    assert isinstance(license, License)
    assert license.seats == 7
    assert live.requests == [request_bytes]


def test_a_dropped_request_is_never_seen(live: LiveServer, request_bytes: bytes) -> None:
    live.drop_next_request()
    with pytest.raises(requests.ConnectionError):
        post(live, request_bytes)
    assert live.rows("Exchange") == []


def test_a_lost_answer_was_carried_out(live: LiveServer, request_bytes: bytes) -> None:
    live.lose_next_answer()
    with pytest.raises(requests.ConnectionError):
        post(live, request_bytes)
    assert len(live.rows("Exchange")) == 1
    assert post(live, request_bytes).ok


def test_a_doubled_request_binds_once(live: LiveServer, request_bytes: bytes) -> None:
    live.duplicate_next_request()
    assert post(live, request_bytes).ok
    assert len(live.rows("Binding")) == 1


def test_what_lies_between_may_answer_anything(live: LiveServer, request_bytes: bytes) -> None:
    live.fail_next(503)
    live.html_next()
    live.redirect_next("http://127.0.0.1:9/")
    live.huge_next(1024 * 1024)
    live.truncate_next_answer()
    assert post(live, request_bytes).status_code == 503
    assert post(live, request_bytes).headers["Content-Type"] == "text/html"
    assert post(live, request_bytes).headers["Location"] == "http://127.0.0.1:9/"
    assert len(post(live, request_bytes).content) == 1024 * 1024
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        post(live, request_bytes)
    assert post(live, request_bytes).ok


def test_late_and_slow_answers_are_late_and_slow(live: LiveServer, request_bytes: bytes) -> None:
    live.delay_next_answer(0.3)
    live.delay_next_request(0.3)
    for _ in range(2):
        began = time.monotonic()
        assert post(live, request_bytes).ok
        assert time.monotonic() - began > 0.3
    live.slow_next(0.5)
    with pytest.raises((requests.Timeout, requests.ConnectionError), match="timed out"):
        post(live, request_bytes, timeout=0.2)


def test_it_comes_back_on_the_same_port(live: LiveServer, request_bytes: bytes) -> None:
    url = live.url
    live.stop()
    with pytest.raises(requests.ConnectionError):
        post(live, request_bytes)
    live.start()
    assert live.url == url
    assert post(live, request_bytes).ok


def test_two_servers_in_one_process_know_nothing_of_each_other(
    live: LiveServer, request_bytes: bytes, tmp_path: Path
) -> None:
    with LiveServer(tmp_path / "other", fresh=True) as other:
        assert post(live, request_bytes).ok
        assert (len(live.rows("Binding")), len(other.rows("Binding"))) == (1, 0)
        assert live.root_file.read_bytes() != other.root_file.read_bytes()
        answer = unpack_answer(post(other, request_bytes).content).answer
        trust = Trust.follow(unpack_roots(other.root_file.read_bytes()))
        assert getattr(envelope.open_answer(answer, trust), "code", "") == "audience-wrong"


def test_staff_can_be_played(live: LiveServer, trust: Trust) -> None:
    issued = live.issue()
    first, second = Device(trust.root.audience), Device(trust.root.audience)
    live.answer(first.activate(issued.license_key))
    live.answer(second.activate(issued.license_key))
    (case,) = live.rows("Case")
    live.decide_case(case["id"], "approved", "owner wrote")
    live.answer(second.activate(issued.license_key, case_id=case["id"]))
    assert [row["device_id"] for row in live.rows("Binding", state="active")] == [second.id]
    live.suspend(issued.license_id)
    assert live.rows("License")[0]["suspended"] is True
    live.set_epoch(4)
    live.clock_offset = 86400
    assert live.now() > time.time() + 86000
