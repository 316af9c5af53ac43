"""The agents' door: what HTTP may carry, and what is never told (§3)."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from protocol import envelope
from protocol.exchange import unpack_answer, unpack_roots
from protocol.trust import Trust
from server_stub.licensing.evidence import EvidenceSpool
from server_stub.licensing.limits import RateLimit
from server_stub.licensing.models import ServerState
from server_stub.logs import JsonLines
from tests.server.conftest import Office
from tests.server.devices import Device
from tests.server.live import LiveServer, entered
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture
def device(live: LiveServer) -> Device:
    return Device(live.signing_server.trust.root.audience)


def post(live: LiveServer, raw: bytes, content_type: str = "application/jose") -> requests.Response:
    headers = {"Content-Type": content_type}
    return requests.post(f"{live.url}/v1/requests", raw, headers=headers, timeout=PATIENCE_SECONDS)


def get(live: LiveServer, path: str) -> requests.Response:
    return requests.get(live.url + path, timeout=PATIENCE_SECONDS)


def assert_problem(response: requests.Response, status: int, code: str) -> None:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert response.json()["status"] == status


def test_trust_time_and_health_are_told_to_everybody(live: LiveServer) -> None:
    trust = Trust.follow(unpack_roots(get(live, "/v1/trust").content))
    assert trust.root == live.signing_server.trust.root
    assert abs(get(live, "/v1/time").json()["time"] - live.now()) < 5
    assert get(live, "/healthz").json() == {"status": "ok"}


def test_no_answer_sets_a_cookie(live: LiveServer, device: Device) -> None:
    response = post(live, device.activate(live.issue().license_key))
    assert response.ok
    assert "Set-Cookie" not in response.headers


def test_only_the_right_method_passes(live: LiveServer) -> None:
    response = get(live, "/v1/requests")
    assert_problem(response, 405, "method-not-allowed")
    assert response.headers["Allow"] == "POST"
    assert_problem(
        requests.post(f"{live.url}/v1/time", b"", timeout=PATIENCE_SECONDS),
        405,
        "method-not-allowed",
    )


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_only_signed_documents_are_read(live: LiveServer, content_type: str) -> None:
    assert_problem(post(live, b"{}", content_type), 415, "media-type")


def test_no_other_door_is_open(live: LiveServer) -> None:
    for path in ("/", "/admin/", "/v1/", "/v1/requests/"):
        assert_problem(get(live, path), 404, "not-found")


def test_the_largest_honest_request_passes_and_one_byte_more_does_not(live: LiveServer) -> None:
    assert_problem(post(live, b"a" * 65536), 400, "document-malformed")
    assert_problem(post(live, b"a" * (65536 + 17)), 413, "document-too-large")
    assert_problem(post(live, b"a" * 10_000_000), 413, "document-too-large")


def test_a_line_break_at_the_end_does_no_harm(live: LiveServer, device: Device) -> None:
    assert post(live, device.activate(live.issue().license_key) + b"\r\n").ok


def test_what_is_no_request_is_named_and_not_signed(live: LiveServer, device: Device) -> None:
    request = device.activate(live.issue().license_key)
    assert_problem(post(live, b""), 400, "document-malformed")
    assert_problem(post(live, b"a.b.c"), 400, "document-malformed")
    assert_problem(post(live, request[:-86] + b"A" * 86), 400, "document-bad-signature")
    assert live.rows("Exchange") == []


def test_an_unfounded_length_is_refused(live: LiveServer) -> None:
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/v1/requests", "CONTENT_LENGTH": "-1"}
    environ |= {"CONTENT_TYPE": "application/jose", "REMOTE_ADDR": "127.0.0.1"}
    import io

    response = live.run({**environ, "wsgi.input": io.BytesIO(b"x"), "SERVER_NAME": "x"})
    assert response.status.startswith("413")


def limited(live: LiveServer, **limits: Any) -> None:
    import dataclasses

    from server_stub.wsgi import application_of

    live.signing_server = dataclasses.replace(live.signing_server, **limits)
    live._application = application_of(live.signing_server)


def test_one_device_cannot_ask_without_end(live: LiveServer, device: Device) -> None:
    limited(live, by_device=RateLimit(2))
    request = device.activate(live.issue().license_key)
    assert post(live, request).ok
    assert post(live, request).ok
    response = post(live, request)
    assert_problem(response, 429, "too-many-requests")
    assert 1 <= int(response.headers["Retry-After"]) <= 61
    other = Device(device.audience)
    assert post(live, other.check_in()).ok


def test_one_address_cannot_ask_without_end(live: LiveServer) -> None:
    limited(live, by_address=RateLimit(2))
    codes = [get(live, "/v1/time").status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_a_proxy_of_ours_is_believed_and_nobody_else(live: LiveServer) -> None:
    def ask(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return requests.get(
            f"{live.url}/v1/time", headers=headers, timeout=PATIENCE_SECONDS
        ).status_code

    limited(live, by_address=RateLimit(1))
    assert [ask("192.0.2.1"), ask("192.0.2.2")] == [200, 429]
    limited(live, by_address=RateLimit(1), proxies=frozenset({"127.0.0.1"}))
    asked = [ask("192.0.2.1"), ask("192.0.2.9, 192.0.2.2"), ask("192.0.2.9, 192.0.2.1"), ask("")]
    assert asked == [200, 200, 429, 200]


@pytest.mark.parametrize(
    ("asked_by", "is_the_same"),
    [
        (("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"), True),
        (("2001:db8:1:2::1", "2001:db8:1:3::1"), False),
        (("192.0.2.1", "192.0.2.2"), False),
        (("192.0.2.1", "::ffff:192.0.2.1"), True),
        (("unknown", "unknown"), True),
    ],
)
def test_whoever_has_a_network_of_ipv6_counts_as_one(
    live: LiveServer, asked_by: tuple[str, str], *, is_the_same: bool
) -> None:
    limited(live, by_address=RateLimit(1), proxies=frozenset({"127.0.0.1"}))
    asked = [
        requests.get(
            f"{live.url}/v1/time", headers={"X-Forwarded-For": address}, timeout=PATIENCE_SECONDS
        ).status_code
        for address in asked_by
    ]
    assert asked == [200, 429 if is_the_same else 200]


def test_a_window_of_the_limit_ends() -> None:
    now = [100.0]
    limit = RateLimit(1, clock=lambda: now[0])
    assert limit.seconds_to_wait("a") == 0
    assert limit.seconds_to_wait("b") == 0
    now[0] += 30
    assert limit.seconds_to_wait("a") == 31
    now[0] += 30
    assert limit.seconds_to_wait("a") == 0


def test_a_full_second_place_says_try_later(
    live: LiveServer, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    request = device.activate(live.issue().license_key)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        response = post(live, request)
    assert_problem(response, 503, "store-unreadable")
    assert int(response.headers["Retry-After"]) > 0
    assert post(live, request).ok


def test_a_busy_store_says_try_soon(
    live: LiveServer, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server_stub.errors import StoreBusy

    def busy(*_: object) -> None:
        raise StoreBusy

    request = device.activate(live.issue().license_key)
    with monkeypatch.context() as patch:
        patch.setattr(EvidenceSpool, "ensure", busy)
        response = post(live, request)
    assert_problem(response, 503, "store-busy")
    assert int(response.headers["Retry-After"]) == 1
    assert post(live, request).ok


def emptied(live: LiveServer) -> None:
    with entered(live.home):
        ServerState.objects.all().delete()


def behind(live: LiveServer) -> None:
    with entered(live.home):
        ServerState.objects.update(audit_index=1)


def damaged(live: LiveServer) -> None:
    live.signing_server.evidence.path.write_bytes(b"no evidence\n")


@pytest.mark.parametrize(
    ("fault", "told"),
    [(emptied, "books-missing"), (behind, "books-behind"), (damaged, "document-invalid")],
)
def test_what_our_books_lack_is_told_to_the_log_alone(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    fault: Callable[[LiveServer], None],
    told: str,
) -> None:
    with LiveServer(tmp_path / "server") as live:
        request = Device(live.signing_server.trust.root.audience).activate(live.issue().license_key)
        fault(live)
        response = post(live, request)
        assert_problem(response, 503, "store-unreadable")
        assert [r.fields["outcome"] for r in caplog.records if hasattr(r, "fields")][-1] == told
        if fault is emptied:
            assert_problem(get(live, "/healthz"), 503, "store-unreadable")
            assert_problem(get(live, "/v1/trust"), 503, "store-unreadable")


def test_an_idle_worker_tells_the_newest_roots_too(live: LiveServer) -> None:
    with entered(live.home):
        Office(live.home, live.signing_server, []).rotate()
    assert live.signing_server.trust.root.version == 1
    told = Trust.follow(unpack_roots(get(live, "/v1/trust").content))
    assert told.root.version == 2


def test_a_fault_of_ours_tells_nothing(
    live: LiveServer, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server_stub.licensing.services import exchange

    def fail(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(exchange, "verify_papers", fail)
    response = post(live, device.activate(live.issue().license_key))
    assert_problem(response, 500, "unexpected")
    assert b"42" not in response.content


def test_every_answer_is_the_stored_one(live: LiveServer, device: Device) -> None:
    request = device.activate(live.issue().license_key)
    answer = unpack_answer(post(live, request).content).answer
    assert bytes(live.rows("Exchange")[0]["answer"]) == answer
    envelope.open_license(answer, live.signing_server.trust)


def record(name: str, message: str, **extra: Any) -> dict[str, Any]:
    made = logging.makeLogRecord({"name": name, "msg": message, "levelname": "INFO", **extra})
    spelled: dict[str, Any] = json.loads(JsonLines().format(made))
    return spelled


def test_the_log_carries_allowed_fields_only() -> None:
    fields = {"op": "activate", "outcome": "license", "device": "abcdefgh", "key": "FGM-SECRET"}
    line = record("server_stub.requests", "answered", fields=fields)
    assert line.pop("time")
    assert line == {
        "level": "info",
        "event": "answered",
        "op": "activate",
        "outcome": "license",
        "device": "abcdefgh",
    }


def test_the_log_never_quotes_others_or_exceptions() -> None:
    with pytest.raises(ValueError, match="SECRET") as caught:
        int("FGM-SECRET")
    error = (caught.type, caught.value, caught.tb)
    line = record("django.request", "Not Found: /FGM-SECRET", status_code=500, exc_info=error)
    assert "SECRET" not in str(line)
    assert (line["event"], line["status"], line["error"]) == ("django.request", 500, "ValueError")
    assert "test_api.py:" in line["at"]
