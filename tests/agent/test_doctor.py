"""The doctor against a real server, real folders, and everything that can be wrong with them."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest
import requests

from agent.cli import main
from agent.config import Home, Settings
from agent.doctor import Finding, Outcome, examine, examine_server
from agent.fingerprint import UnknownReason, unknown
from agent.hardware.linux import LinuxProbe
from agent.license_store import SqliteStore
from agent.publication import PublicFolder
from agent.texts.sentences import SENTENCES
from protocol.weights import ComponentId
from tests import machines
from tests.agent.worlds import World
from tests.rights import needs_mount
from tests.server.live import LiveServer
from tests.simulated_server import SimulatedServer


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "FARAGOSTAR_SERVER"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("vendor") / "server") as server:
        yield server


def by_id(findings: Iterator[Finding]) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for finding in findings:
        assert finding.code in SENTENCES, finding
        found.setdefault(finding.id, finding)
    return found


def of_server(server: str | None, proxy: str | None = None) -> dict[str, Finding]:
    return by_id(examine_server(Settings(server=server, proxy=proxy)))


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail


def test_a_server_that_answers_is_well_and_its_clock_is_read(live: LiveServer) -> None:
    found = of_server(live.url)
    assert list(found) == ["dns", "tcp", "answer", "clock"]
    assert {finding.outcome for finding in found.values()} == {Outcome.OK}
    assert found["dns"].parameters["addresses"] == "127.0.0.1"


def test_a_clock_that_is_wrong_is_a_warning(live: LiveServer) -> None:
    live.clock_offset = 7200
    try:
        clock = of_server(live.url)["clock"]
    finally:
        live.clock_offset = 0
    assert clock.outcome is Outcome.WARN
    assert abs(int(clock.parameters["seconds"]) - 7200) < 30


def test_a_closed_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = of_server(f"http://127.0.0.1:{port}")
    assert found["tcp"].outcome is Outcome.FAIL
    assert found["tcp"].parameters["port"] == str(port)
    assert "answer" not in found


def test_a_name_that_dns_does_not_know_ends_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", raising(socket.gaierror(-2, "unknown")))
    found = of_server("https://license.example")
    assert list(found) == ["dns"]
    assert found["dns"].outcome is Outcome.FAIL


def test_no_server_at_all_is_said() -> None:
    assert of_server(None)["server"].code == "server-missing"


def test_a_web_page_is_no_signing_server(live: LiveServer) -> None:
    found = of_server(f"{live.url}/somewhere")
    assert found["answer"].outcome is Outcome.FAIL
    assert "clock" not in found


def test_plain_http_behind_https_is_a_tls_failure(live: LiveServer) -> None:
    found = of_server(live.url.replace("http:", "https:"))
    assert found["tls"].outcome is Outcome.FAIL
    assert found["tls"].parameters["reason"]


@pytest.mark.parametrize(
    ("error", "check"),
    [
        (requests.exceptions.ProxyError("closed"), "proxy-tcp"),
        (requests.exceptions.ReadTimeout("late"), "answer"),
        (requests.exceptions.InvalidSchema("socks"), "answer"),
    ],
)
def test_what_breaks_on_the_way_is_named(
    live: LiveServer, error: Exception, check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests.Session, "get", raising(error))
    assert of_server(live.url)[check].outcome is Outcome.FAIL


def test_an_accepted_certificate_is_said(live: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.doctor._get", lambda *_: (200, b'{"time": 0}'))
    found = of_server(live.url.replace("http:", "https:"))
    assert found["tls"].outcome is Outcome.OK
    assert found["clock"].outcome is Outcome.WARN


def test_a_proxy_is_shown_without_its_password_and_asked_instead(live: LiveServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = of_server(live.url, proxy=f"http://user:secret@127.0.0.1:{port}")
    assert found["proxy"].parameters == {"proxy": f"http://127.0.0.1:{port}"}
    assert found["proxy-tcp"].outcome is Outcome.FAIL
    assert "tcp" not in found


def test_the_environments_proxy_counts_as_for_the_client(
    live: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", live.url)
    monkeypatch.setenv("no_proxy", "")
    found = of_server("http://license.example")
    assert found["proxy"].parameters == {"proxy": live.url}


def test_a_sound_home_has_no_faults(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.doctor.examine_server", lambda _: iter(()))
    found = by_id(examine(world.home, LinuxProbe(world.machine_folder)))
    well = ("permissions", "space", "set-up", "store", "root", "source")
    assert [found[check].outcome for check in well] == [Outcome.OK] * len(well)
    assert found["root"].parameters == {"version": "1", "audience": "simulated"}


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_private_file_that_others_may_read_is_a_warning(world: World) -> None:
    world.home.identity.chmod(0o644)
    found = by_id(_of_home(world.home))
    assert found["permissions"].outcome is Outcome.WARN
    assert found["permissions"].parameters == {"path": str(world.home.identity)}


def test_a_nearly_full_disk_is_a_warning(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.doctor.LEAST_FREE_BYTES", 1 << 62)
    assert by_id(_of_home(world.home))["space"].outcome is Outcome.WARN


def _of_home(home: Home) -> Iterator[Finding]:
    return (f for f in examine(home) if f.id in ("permissions", "space", "store", "root", "set-up"))


def test_a_missing_home_is_said_and_the_machine_still_examined(tmp_path: Path) -> None:
    found = by_id(examine(Home(tmp_path / "none")))
    assert found["set-up"].code == "not-set-up"
    assert "source" in found


def test_a_damaged_store_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.doctor.examine_server", lambda _: iter(()))
    world.home.store.write_bytes(b"not a database" * 100)
    found = by_id(examine(world.home))
    assert found["store"].code == "store-damaged"
    assert "root" not in found


def test_a_root_chain_that_does_not_hold_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.doctor.examine_server", lambda _: iter(()))
    other = SimulatedServer()
    with SqliteStore(world.home.store).transaction() as tx:
        tx.save_roots((*tx.roots, other.sign_root(2)))
    found = by_id(examine(world.home))
    assert found["root"].outcome is Outcome.FAIL
    assert PublicFolder(world.home.public).roots()


def test_a_source_without_rights_asks_for_an_administrator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = machines.VIRTUAL_MACHINE.write(tmp_path / "machine")
    probe = LinuxProbe(folder)
    (folder / "etc" / "machine-id").unlink()
    sources = [f for f in examine(Home(tmp_path / "none"), probe) if f.id == "source"]
    assert "doctor-source-warn" in {finding.code for finding in sources}
    inventory = probe.read()
    denied = unknown(ComponentId.BOARD, "/sys", UnknownReason.DENIED)
    poorer = type(inventory)(
        machine_class=inventory.machine_class, components=(denied,), os=inventory.os
    )
    monkeypatch.setattr(LinuxProbe, "read", lambda _: poorer)
    found = by_id(examine(Home(tmp_path / "none"), probe))
    assert found["source"].code == "doctor-source-denied"
    assert found["machine-tag"].outcome is Outcome.FAIL


def test_the_machine_tag_is_held_against_the_library_of_applications(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = LinuxProbe(machines.BARE_SERVER.write(tmp_path / "machine"))
    home = Home(tmp_path / "none")
    monkeypatch.setattr("machineid.hashed_id", lambda _: probe.machine_tag())
    assert by_id(examine(home, probe))["machine-tag"].outcome is Outcome.OK
    monkeypatch.setattr("machineid.hashed_id", lambda _: "another")
    assert by_id(examine(home, probe))["machine-tag"].outcome is Outcome.WARN
    monkeypatch.setattr("machineid.hashed_id", raising(OSError("no such tool")))
    assert by_id(examine(home, probe))["machine-tag"].code == "doctor-machine-tag-unchecked"


def doctor(home: Home, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["--home", str(home.folder), "doctor", *arguments])
    return code, capsys.readouterr().out


def test_the_command_lists_every_finding_and_exits_by_the_first_failure(
    tmp_path: Path, live: LiveServer, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "home")
    assert doctor(home, capsys)[0] == 33
    given = ["setup", "--server", live.url, "--root", str(live.root_file)]
    assert main(["--home", str(home.folder), *given]) == 0
    capsys.readouterr()
    code, said = doctor(home, capsys, "--json")
    checks = json.loads(said)["checks"]
    assert {"id", "outcome", "text", "advice"} <= set(checks[0])
    assert [c["id"] for c in checks if c["outcome"] == "fail"] in ([], ["machine-tag"])
    assert code in (0, 1)
    live.stop()
    try:
        code, text = doctor(home, capsys)
        _, persian = doctor(home, capsys, "--lang", "fa")
    finally:
        live.start()
    assert code == 20
    assert "\n[FAIL] No connection to 127.0.0.1, port " in text
    assert "\n[ ok ] The license store is sound\n" in text
    assert "\n[درست]  انبارهٔ مجوز سالم است\n" in persian
    assert "\n[خطا]   " in persian
    assert "[ ok ]" not in persian
    assert max(map(len, text.splitlines())) <= 100
    home.store.write_bytes(b"not a database" * 100)
    assert doctor(home, capsys)[0] == 16


@needs_mount
@pytest.mark.parametrize("lang", ["en", "fa"])
def test_a_home_in_memory_is_named_before_a_restart_loses_it(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", tmp_path], check=True)
    try:
        home = tmp_path / "home"
        home.mkdir()
        volume = by_id(examine(Home(home)))["volume"]
        main(["--home", str(home), "--lang", lang, "doctor"])
    finally:
        subprocess.run(["umount", tmp_path], check=True)
    assert (volume.outcome, volume.code) == (Outcome.WARN, "doctor-volume-memory")
    said = {"en": "a restart loses it", "fa": "از دست می‌رود"}[lang]
    assert said in " ".join(capsys.readouterr().out.split())


def test_a_home_on_a_disk_is_well_and_one_on_no_known_volume_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SimpleNamespace(mountpoint="/", fstype="ext4", device="/dev/gone", opts="rw")
    monkeypatch.setattr("psutil.disk_partitions", lambda **_: [disk])
    assert by_id(examine(Home(tmp_path)))["volume"].outcome is Outcome.OK
    monkeypatch.setattr("psutil.disk_partitions", lambda **_: [])
    assert "volume" not in by_id(examine(Home(tmp_path)))
