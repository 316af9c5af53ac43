"""Looks at everything that a check-in depends on, and names what is wrong.

Each finding has a code whose sentence and advice stand in `agent.texts`. Nothing is changed and
nothing secret is shown. Deliberately absent: the verdict on the hardware (`status`), and repair.
"""

import os
import shutil
import time
from collections.abc import Generator, Iterator
from enum import StrEnum
from pathlib import Path
from typing import assert_never
from urllib.parse import urlsplit

import msgspec

from agent.config import Home, Settings, load_settings
from agent.errors import AgentError
from agent.files import OWNER_ONLY, OWNER_ONLY_FOLDER
from agent.fingerprint import UnknownReason
from agent.hardware.probes import this_machine
from agent.hardware.volumes import VolumeKind, volume_kind
from agent.license_store import SqliteStore
from agent.ports import HardwareProbe
from protocol.exchange import unpack_roots
from protocol.problems import ProtocolError
from protocol.trust import RootSignatures, Trust

PATIENCE_SECONDS = 5.0
LARGEST_HONEST_OFFSET = 300
LEAST_FREE_BYTES = 50 * 1024 * 1024
_APPLICATION = "faragostar-man"
_OK = 200
_LONGEST_TIME_ANSWER = 1024


class Outcome(StrEnum):
    """How one check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(msgspec.Struct, frozen=True):
    """What one check found; `code` and `parameters` choose the sentence."""

    id: str
    outcome: Outcome
    code: str
    parameters: dict[str, str]


class _Time(msgspec.Struct):
    time: int


def examine(home: Home, probe: HardwareProbe | None = None) -> Iterator[Finding]:
    """Make every check; one that cannot be made is a finding too."""
    yield from _home(home)
    try:
        settings = load_settings(home)
    except AgentError as problem:
        yield _error("set-up", problem)
    else:
        yield _found("set-up", Outcome.OK, path=home.folder)
        yield from _store(home)
        yield _interval(settings)
        yield from examine_server(settings)
    yield from _machine(probe or this_machine())


def examine_root(raw: bytes) -> Finding:
    """See whether a root that is not pinned yet holds by itself."""
    try:
        return _root(unpack_roots(raw))
    except ProtocolError as problem:
        return Finding("root", Outcome.FAIL, problem.code, {})


def examine_server(settings: Settings) -> Iterator[Finding]:
    """Follow the way to the signing server: name, connection, TLS, answer, clock."""
    server = settings.server
    if server is None:
        yield Finding("server", Outcome.FAIL, "server-missing", {})
        return
    proxy = _proxy(server, settings)
    if proxy:
        yield _found("proxy", Outcome.OK, proxy=_without_password(proxy))
    way = urlsplit(proxy or server)
    reached = yield from _connect(
        way.hostname or "", _port(way.scheme, way.port), proxy=bool(proxy)
    )
    if reached:
        yield from _ask_time(server.rstrip("/"), settings)


def _interval(settings: Settings) -> Finding:
    if settings.check_interval is None:
        return _found("interval", Outcome.OK)
    told = {"hours": str(settings.check_interval)}
    return Finding("interval", Outcome.OK, "doctor-interval-longer", told)


def _home(home: Home) -> Iterator[Finding]:
    if os.name != "nt" and home.private.exists():
        wrong = [path for path, mode in _expected(home) if not _has(path, mode)]
        for path in wrong:
            yield _found("permissions", Outcome.WARN, path=path)
        if not wrong:
            yield _found("permissions", Outcome.OK, path=home.folder)
    if home.folder.is_dir():
        free = shutil.disk_usage(home.folder).free
        outcome = Outcome.OK if free >= LEAST_FREE_BYTES else Outcome.WARN
        yield _found("space", outcome, path=home.folder, mebibytes=free // (1024 * 1024))
        yield from _volume(home)


def _volume(home: Home) -> Iterator[Finding]:
    """Whether the state lies where a commit is durable, and this machine's alone."""
    kind = volume_kind(home.folder)
    match kind:
        case None:
            return
        case VolumeKind.LOCAL:
            yield _found("volume", Outcome.OK, path=home.folder)
        case VolumeKind.NETWORK | VolumeKind.MEMORY | VolumeKind.REMOVABLE:
            code = f"doctor-volume-{kind.value}"
            yield Finding("volume", Outcome.WARN, code, {"path": str(home.folder)})
        case _:
            assert_never(kind)


def _expected(home: Home) -> Iterator[tuple[Path, int]]:
    yield home.private, OWNER_ONLY_FOLDER
    for path in (home.identity, home.settings, home.store):
        yield path, OWNER_ONLY


def _has(path: Path, mode: int) -> bool:
    """Whether nobody else may do more than is due; what cannot be seen is not judged."""
    try:
        return not path.stat().st_mode & 0o777 & ~mode
    except OSError:
        return True


def _store(home: Home) -> Iterator[Finding]:
    try:
        with SqliteStore(home.store).reading() as memory:
            roots = memory.roots
    except AgentError as problem:
        yield _error("store", problem)
        return
    yield _found("store", Outcome.OK, path=home.store)
    yield _root(roots)


def _root(roots: tuple[RootSignatures, ...]) -> Finding:
    try:
        root = Trust.follow(roots).root
    except ProtocolError as problem:
        return Finding("root", Outcome.FAIL, problem.code, {})
    return _found("root", Outcome.OK, version=root.version, audience=root.audience)


def _connect(host: str, port: int, *, proxy: bool) -> Generator[Finding, None, bool]:
    import socket

    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        yield _found("dns", Outcome.FAIL, host=host)
        return False
    found = ", ".join(dict.fromkeys(str(address[4][0]) for address in addresses))
    yield _found("dns", Outcome.OK, host=host, addresses=found)
    try:
        socket.create_connection((host, port), PATIENCE_SECONDS).close()
    except OSError as problem:
        code = "proxy-tcp" if proxy else "tcp"
        yield _found(code, Outcome.FAIL, host=host, port=port, reason=problem.strerror or problem)
        return False
    yield _found("tcp", Outcome.OK, host=host, port=port)
    return True


def _ask_time(server: str, settings: Settings) -> Iterator[Finding]:
    import requests

    try:
        before = time.time()
        status, body = _get(f"{server}/v1/time", settings)
        middle = (before + time.time()) / 2
    except requests.exceptions.ProxyError:
        yield _found(
            "proxy-tcp", Outcome.FAIL, host=_without_password(_proxy(server, settings) or "")
        )
    except requests.exceptions.SSLError as problem:
        yield _found("tls", Outcome.FAIL, server=server, reason=_deepest(problem))
    except requests.RequestException as problem:
        yield _found("answer", Outcome.FAIL, server=server, reason=type(problem).__name__)
    else:
        if server.startswith("https:"):
            yield _found("tls", Outcome.OK, server=server)
        yield from _judge_time(server, status, body, middle)


def _get(url: str, settings: Settings) -> tuple[int, bytes]:
    """Fetch a short answer the way the client would; a long one is cut."""
    import requests

    proxy = settings.proxy
    with (
        requests.Session() as session,
        session.get(
            url,
            timeout=PATIENCE_SECONDS,
            verify=settings.ca_file or True,
            proxies={"http": proxy, "https": proxy} if proxy else None,
            allow_redirects=False,
            stream=True,
        ) as response,
    ):
        return response.status_code, response.raw.read(_LONGEST_TIME_ANSWER)


def _judge_time(server: str, status: int, body: bytes, now: float) -> Iterator[Finding]:
    try:
        told = msgspec.json.decode(body if status == _OK else b"", type=_Time).time
    except msgspec.DecodeError:
        yield _found("answer", Outcome.FAIL, server=server, reason=f"HTTP {status}")
        return
    yield _found("answer", Outcome.OK, server=server)
    offset = round(now - told)
    outcome = Outcome.OK if abs(offset) <= LARGEST_HONEST_OFFSET else Outcome.WARN
    yield _found("clock", outcome, seconds=abs(offset))


def _machine(probe: HardwareProbe) -> Iterator[Finding]:
    for component in probe.read().components:
        told = {"component": component.id.value, "source": component.source}
        match component.reason:
            case None:
                yield _found("source", Outcome.OK, **told)
            case UnknownReason.DENIED:
                yield Finding("source", Outcome.WARN, "doctor-source-denied", told)
            case reason:
                yield _found("source", Outcome.WARN, **told, reason=reason.value)
    yield _machine_tag(probe)


def _machine_tag(probe: HardwareProbe) -> Finding:
    """Hold our machine tag against the library that a protected application would use."""
    tag = probe.machine_tag()
    if not tag:
        return _found("machine-tag", Outcome.FAIL)
    try:
        import machineid

        theirs = machineid.hashed_id(_APPLICATION)
    except Exception:  # noqa: BLE001 - a foreign library must not end the examination
        return Finding("machine-tag", Outcome.WARN, "doctor-machine-tag-unchecked", {})
    return _found("machine-tag", Outcome.OK if tag == theirs else Outcome.WARN)


def _proxy(server: str, settings: Settings) -> str | None:
    """The proxy that the client would use: the configured one, or the environment's."""
    from requests.utils import get_environ_proxies, select_proxy

    return settings.proxy or select_proxy(server, get_environ_proxies(server))


def _port(scheme: str, port: int | None) -> int:
    return port or {"https": 443, "socks5": 1080, "socks5h": 1080}.get(scheme, 80)


def _without_password(proxy: str) -> str:
    url = urlsplit(proxy)
    return url._replace(netloc=url.netloc.rpartition("@")[2]).geturl()


def _deepest(problem: BaseException) -> str:
    """The innermost reason, which is the one that OpenSSL gave."""
    while problem.args and isinstance(problem.args[0], BaseException):
        problem = problem.args[0]
    reason = getattr(problem, "reason", None)
    return _deepest(reason) if isinstance(reason, BaseException) else str(problem)


def _found(check: str, outcome: Outcome, **parameters: object) -> Finding:
    told = {name: str(value) for name, value in parameters.items()}
    return Finding(check, outcome, f"doctor-{check}-{outcome.value}", told)


def _error(check: str, problem: AgentError) -> Finding:
    return Finding(check, Outcome.FAIL, problem.text_code, dict(problem.parameters))
