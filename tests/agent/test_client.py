"""The client against real sockets that misbehave: a named error each, and nothing is lost."""

import gzip
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.client import PATIENT, HttpSigningServer, Limits
from agent.config import Settings
from agent.errors import (
    AgentError,
    Cause,
    DocumentRefused,
    NameNotResolved,
    NotASigningServer,
    NotSetUp,
    ProxyFailed,
    ServerSlow,
    ServerTroubled,
    ServerUnreachable,
)
from protocol.exchange import MAX_EXCHANGE_BYTES
from protocol.values import Standing
from tests.agent.doors import OK, Door, Handler, answers_with, holds_after, says, sized
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer

ONCE = PATIENT._replace(attempts=1)
# For those who never say a word more: however slow this machine is, they are slower.
HURRIED = ONCE._replace(read=0.5)
SILENT = ("silence", "silence after the head")
Open = Callable[..., Door]


@pytest.fixture
def door() -> Iterator[Open]:
    doors: list[Door] = []

    def make(then: Handler, *first: Handler) -> Door:
        doors.append(Door(then, *first))
        return doors[-1]

    yield make
    for opened in doors:
        opened.close()


def client(url: str, limits: Limits = ONCE) -> HttpSigningServer:
    return HttpSigningServer(Settings(server=url), limits=limits, pause=lambda _: None)


def test_bytes_go_out_and_come_back_as_they_are(door: Open) -> None:
    server = door(says(sized(b"answer\n")))
    assert client(f"{server.url}/").send(b"request") == b"answer\n"
    (asked,) = server.asked
    assert asked.line == "POST /v1/requests HTTP/1.1"
    assert asked.body == b"request"
    assert "content-type: application/jose" in asked.head
    assert "accept-encoding: identity" in asked.head


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"\r\nanswer",
        OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nans\r\n3\r\nwer\r\n0\r\n\r\n",
        OK.replace(b"jose", b"jose; charset=utf-8") + b"Content-Length: 6\r\n\r\nanswer",
    ],
    ids=["until closed", "chunked", "with a parameter"],
)
def test_every_honest_framing_is_read(door: Open, answer: bytes) -> None:
    assert client(door(says(answer)).url).send(b"request") == b"answer"


def test_an_answer_of_exactly_the_limit_is_read(door: Open) -> None:
    whole = b"x" * MAX_EXCHANGE_BYTES
    assert client(door(says(sized(whole))).url).send(b"request") == whole


def page(status: str, *headers: str, body: bytes = b"<html>") -> Handler:
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *headers))
    return says(sized(body, head.encode()))


UNKIND: dict[str, tuple[Handler, type[AgentError], dict[str, str]]] = {
    "500": (page("500 Oops"), ServerTroubled, {"status": "500", "retry_after": ""}),
    "503, later": (
        page("503 Busy", "Retry-After: 120"),
        ServerTroubled,
        {"status": "503", "retry_after": "120"},
    ),
    "429": (page("429 Slow down"), ServerTroubled, {"status": "429"}),
    "404": (page("404 None", "Content-Type: application/jose"), NotASigningServer, {}),
    "407": (page("407 Who?"), ProxyFailed, {}),
    "a page": (
        page("200 OK", "Content-Type: text/html; charset=utf-8"),
        NotASigningServer,
        {"status": "200", "found": "text/html"},
    ),
    "no type": (page("200 OK"), NotASigningServer, {"found": ""}),
    "a redirect": (
        page("302 Found", "Location: https://elsewhere.invalid/login"),
        NotASigningServer,
        {"status": "302", "found": "https://elsewhere.invalid/login"},
    ),
    "ten megabytes": (
        says(sized(b"x" * 10_000_000)),
        DocumentRefused,
        {"problem": "document-too-large"},
    ),
    "ten megabytes unsaid": (says(OK + b"\r\n" + b"x" * 10_000_000), DocumentRefused, {}),
    "a gzip bomb": (
        says(sized(gzip.compress(bytes(50_000_000)), OK + b"Content-Encoding: gzip\r\n")),
        NotASigningServer,
        {},
    ),
    "half an answer": (
        says(OK + b"Content-Length: 100\r\n\r\nhalf"),
        ServerTroubled,
        {},
    ),
    "half a chunk": (
        says(OK + b"Transfer-Encoding: chunked\r\n\r\n64\r\nhalf"),
        ServerTroubled,
        {},
    ),
    "no chunk": (
        says(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        ServerTroubled,
        {},
    ),
    "nothing": (says(b""), ServerUnreachable, {}),
    "no http": (says(b"220 mail.example ESMTP\r\n"), ServerUnreachable, {}),
    "silence": (holds_after(b""), ServerSlow, {"seconds": "0"}),
    "silence after the head": (
        holds_after(OK + b"Content-Length: 9\r\n\r\n"),
        ServerSlow,
        {"seconds": "0"},
    ),
}


def patience(unkindness: str) -> Limits:
    return HURRIED if unkindness in SILENT else ONCE


@pytest.mark.parametrize("unkindness", UNKIND)
def test_every_unkindness_has_a_name(door: Open, unkindness: str) -> None:
    handler, named, parameters = UNKIND[unkindness]
    server = door(handler)
    with pytest.raises(AgentError) as problem:
        client(server.url, patience(unkindness)).send(b"request")
    assert type(problem.value) is named
    assert parameters.items() <= problem.value.parameters.items()
    assert len(server.asked) == 1


def test_a_slow_drip_ends_with_the_time_for_the_whole(door: Open) -> None:
    server = door(holds_after(OK + b"Content-Length: 9\r\n\r\nd"))
    with pytest.raises(ServerSlow) as problem:
        client(server.url, ONCE._replace(whole=0)).send(b"request")
    assert problem.value.parameters["seconds"] == "0"


def test_nobody_listens(door: Open) -> None:
    gone = door(says(b""))
    gone.close()
    with pytest.raises(ServerUnreachable) as problem:
        client(gone.url).send(b"request")
    assert type(problem.value) is ServerUnreachable
    assert problem.value.cause is Cause.NETWORK


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NameNotResolved) as problem:
        client("http://license.invalid").send(b"request")
    assert problem.value.parameters["server"] == "http://license.invalid"


def test_an_address_that_is_none() -> None:
    with pytest.raises(ServerUnreachable):
        client("http://[").send(b"request")


def test_without_a_server_there_is_nothing_to_ask() -> None:
    with pytest.raises(NotSetUp):
        HttpSigningServer(Settings()).send(b"request")


def test_trouble_is_tried_again_with_the_same_bytes_and_spread_pauses(door: Open) -> None:
    busy = page("503 Busy")
    server = door(says(sized(b"answer")), busy, busy)
    pauses: list[float] = []
    limits = PATIENT._replace(first_pause=100)
    agents_view = HttpSigningServer(Settings(server=server.url), limits=limits, pause=pauses.append)
    assert agents_view.send(b"request") == b"answer"
    assert [asked.body for asked in server.asked] == [b"request"] * 3
    assert 50 <= pauses[0] <= 150
    assert 100 <= pauses[1] <= 300
    assert pauses[1] != 2 * pauses[0]


def test_after_the_last_attempt_the_trouble_is_told(door: Open) -> None:
    server = door(page("503 Busy"))
    with pytest.raises(ServerTroubled):
        client(server.url, PATIENT).send(b"request")
    assert len(server.asked) == PATIENT.attempts


@pytest.mark.parametrize("unkindness", ["a page", "a redirect", "ten megabytes", "407"])
def test_what_would_be_the_same_again_is_not_tried_again(door: Open, unkindness: str) -> None:
    handler, named, _ = UNKIND[unkindness]
    server = door(handler)
    with pytest.raises(named):
        client(server.url, PATIENT).send(b"request")
    assert len(server.asked) == 1


def ask_over_http(world: World, server: Door, limits: Limits = ONCE) -> None:
    world.server = client(server.url, limits)  # type: ignore[assignment]  # the same port


@pytest.mark.parametrize("unkindness", UNKIND)
def test_nothing_is_lost_whatever_answers(door: Open, tmp_path: Path, unkindness: str) -> None:
    handler, named, _ = UNKIND[unkindness]
    honest = SimulatedServer()
    world = World(tmp_path, honest)
    server = door(answers_with(honest), handler)
    ask_over_http(world, server, patience(unkindness))
    with pytest.raises(named):
        world.agent.activate(LICENSE_KEY)
    ask_over_http(world, server)
    assert world.state.standing is Standing.ACTIVATING
    assert world.state.request is not None
    assert world.agent.check().standing is Standing.ACTIVE
    assert server.asked[0].body == server.asked[1].body


@pytest.mark.parametrize("unkindness", ["500", "silence", "half an answer", "nothing"])
def test_a_release_is_complete_here_whatever_answers(
    door: Open, tmp_path: Path, unkindness: str
) -> None:
    from protocol.values import ReleaseReason

    honest = SimulatedServer()
    world = World(tmp_path, honest)
    world.agent.activate(LICENSE_KEY)
    server = door(answers_with(honest), UNKIND[unkindness][0])
    ask_over_http(world, server, patience(unkindness))
    view = world.agent.release(ReleaseReason.HARDWARE)
    ask_over_http(world, server)
    assert (view.standing, view.usable) == (Standing.RELEASING, False)
    assert "proof-kept" in [message.code for message in view.messages]
    proof = world.agent.proof()
    assert world.agent.check().standing is Standing.RELEASED
    assert [asked.body for asked in server.asked] == [proof, proof]
