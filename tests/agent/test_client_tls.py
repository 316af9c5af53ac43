"""The client's certificates and proxies, against real TLS and a real proxy on loopback."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.client import PATIENT, HttpSigningServer
from agent.config import Settings
from agent.errors import AgentError, ProxyFailed, ServerTroubled, ServerUnreachable, TlsFailed
from protocol.values import Standing
from tests.agent.certificates import Authority
from tests.agent.doors import Door, Handler, answers_with, says, sized, tunnel
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer

ANSWER = says(sized(b"answer"))
Open = Callable[..., Door]


@pytest.fixture
def opened() -> Iterator[Open]:
    doors: list[Door] = []

    def make(then: Handler, **options: object) -> Door:
        doors.append(Door(then, **options))  # type: ignore[arg-type]  # `tls` alone
        return doors[-1]

    yield make
    for door in doors:
        door.close()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture(autouse=True)
def no_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def client(server: str, ca_file: str | None = None, proxy: str | None = None) -> HttpSigningServer:
    def pause(_: float) -> None:
        raise AssertionError("what a certificate or a proxy refuses is not tried again")

    settings = Settings(server=server, ca_file=ca_file, proxy=proxy)
    return HttpSigningServer(settings, limits=PATIENT, pause=pause)


def why(server: str, **settings: str | None) -> AgentError:
    with pytest.raises(AgentError) as problem:
        client(server, **settings).send(b"request")
    return problem.value


def test_a_certificate_of_the_configured_authority_is_accepted(
    opened: Open, authority: Authority
) -> None:
    door = opened(ANSWER, tls=authority.context())
    assert client(door.url, ca_file=str(authority.file)).send(b"request") == b"answer"


def test_a_certificate_of_an_unknown_authority_is_not(opened: Open, authority: Authority) -> None:
    problem = why(opened(ANSWER, tls=authority.context()).url)
    assert type(problem) is TlsFailed
    assert "unable to get local issuer certificate" in problem.parameters["reason"]


def test_an_expired_certificate_is_not(opened: Open, authority: Authority) -> None:
    door = opened(ANSWER, tls=authority.context(expired=True))
    problem = why(door.url, ca_file=str(authority.file))
    assert type(problem) is TlsFailed
    assert "expired" in problem.parameters["reason"]


def test_a_certificate_of_another_host_is_not(opened: Open, authority: Authority) -> None:
    door = opened(ANSWER, tls=authority.context(address="127.0.0.2"))
    problem = why(door.url, ca_file=str(authority.file))
    assert type(problem) is TlsFailed
    assert "127.0.0.1" in problem.parameters["reason"]


def test_plain_http_where_tls_was_expected(opened: Open) -> None:
    problem = why(opened(ANSWER).url.replace("http:", "https:"))
    assert type(problem) is TlsFailed


@pytest.mark.parametrize("content", [b"no certificate", None], ids=["garbage", "missing"])
def test_an_authoritys_file_that_is_none(
    opened: Open, authority: Authority, content: bytes | None
) -> None:
    door = opened(ANSWER, tls=authority.context())
    authority.file.unlink()
    if content is not None:
        authority.file.write_bytes(content)
    problem = why(door.url, ca_file=str(authority.file))
    assert type(problem) is TlsFailed
    assert problem.parameters["reason"]


def test_an_agent_behind_a_bad_certificate_loses_nothing(
    opened: Open, authority: Authority, tmp_path: Path
) -> None:
    honest = SimulatedServer()
    world = World(tmp_path, honest)
    door = opened(answers_with(honest), tls=authority.context())
    world.server = client(door.url)  # type: ignore[assignment]  # the same port, over HTTP
    with pytest.raises(TlsFailed):
        world.agent.activate(LICENSE_KEY)
    assert honest.received == []
    world.server = client(door.url, ca_file=str(authority.file))  # type: ignore[assignment]
    assert world.agent.check().standing is Standing.ACTIVE


def test_plain_http_goes_through_the_configured_proxy(opened: Open) -> None:
    server, proxy = opened(ANSWER), opened(tunnel)
    assert client(server.url, proxy=proxy.url).send(b"request") == b"answer"
    assert proxy.asked[0].line == f"POST {server.url}/v1/requests HTTP/1.1"


def test_tls_goes_through_a_tunnel_of_the_proxy(opened: Open, authority: Authority) -> None:
    server, proxy = opened(ANSWER, tls=authority.context()), opened(tunnel)
    settings = {"proxy": proxy.url, "ca_file": str(authority.file)}
    assert client(server.url, **settings).send(b"request") == b"answer"
    assert proxy.asked[0].line.startswith(f"CONNECT 127.0.0.1:{server.port} ")
    assert proxy.asked[0].body == b""


@pytest.mark.parametrize("status", ["403 No", "407 Who?"])
def test_a_proxy_that_refuses_the_tunnel(opened: Open, authority: Authority, status: str) -> None:
    server = opened(ANSWER, tls=authority.context())
    proxy = opened(says(sized(b"", f"HTTP/1.1 {status}\r\n".encode())))
    assert type(why(server.url, proxy=proxy.url)) is ProxyFailed


def test_a_proxy_that_wants_a_password(opened: Open) -> None:
    proxy = opened(says(sized(b"", b"HTTP/1.1 407 Who?\r\n")))
    assert type(why(opened(ANSWER).url, proxy=proxy.url)) is ProxyFailed


def test_a_proxy_that_is_away(opened: Open) -> None:
    server, proxy = opened(ANSWER), opened(tunnel)
    proxy.close()
    assert type(why(server.url, proxy=proxy.url)) is ProxyFailed


def test_a_proxy_that_cannot_reach_the_server(opened: Open) -> None:
    proxy = opened(says(sized(b"", b"HTTP/1.1 502 Bad gateway\r\n")))
    once = PATIENT._replace(attempts=1)
    settings = Settings(server="http://127.0.0.1:9", proxy=proxy.url)
    with pytest.raises(ServerTroubled):
        HttpSigningServer(settings, limits=once).send(b"request")


def test_a_bad_certificate_behind_a_proxy_is_the_certificates_fault(
    opened: Open, authority: Authority
) -> None:
    server, proxy = opened(ANSWER, tls=authority.context()), opened(tunnel)
    problem = why(server.url, proxy=proxy.url)
    assert type(problem) is TlsFailed
    assert isinstance(problem, ServerUnreachable)
