"""The diagnostics bundle: all that support asks for, and nothing that anybody could use."""

import zipfile
from pathlib import Path

import pytest

from agent.bootstrap import open_reader
from agent.config import Home
from agent.diagnosis import bundle_of, write_bundle
from agent.doctor import examine
from agent.errors import FileTaken, FileUnreadable, NotSetUp
from agent.fingerprint import _PUBLIC
from agent.hardware.linux import LinuxProbe
from agent.reader import Reader
from agent.texts import LANGUAGES, Texts
from protocol.values import ReleaseReason
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_ID, LICENSE_KEY

PROXY_PASSWORD = "geheim-1234"


def serials(world: World) -> set[str]:
    inventory = world.machine.looked.inventory
    parts = (part for part in inventory.components if part.id not in _PUBLIC)
    return {value for part in parts for value in part.values}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_no_code_and_no_serial_is_in_it(
    active: World, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://sara:{PROXY_PASSWORD}@127.0.0.1:1")
    license = active.agent.status().license
    assert license is not None
    active.agent.release(ReleaseReason.HARDWARE)
    code = active.agent.reactivation_code()
    assert code is not None
    active.agent.reactivate()
    found = examine(active.home, LinuxProbe(active.machine_folder))
    files = bundle_of(found, lambda: active.agent, Texts(language))
    assert [file.name for file in files] == [
        "findings.txt",
        "versions.txt",
        "status.json",
        "machine.txt",
        "history.txt",
    ]
    whole = "\n".join(file.text for file in files)
    assert license.id in whole
    assert serials(active)
    identity = active.machine.identity
    secrets = {LICENSE_KEY, code, license.support_code, PROXY_PASSWORD, *serials(active)}
    for secret in (*secrets, identity.salt.hex()):
        assert secret not in whole, secret


def test_after_a_release_the_support_code_is_not_in_it_either(active: World) -> None:
    active.agent.release(ReleaseReason.HARDWARE)
    support_code = active.agent.status().support_code
    assert support_code is not None
    found = examine(active.home, LinuxProbe(active.machine_folder))
    files = bundle_of(found, lambda: active.agent, Texts("en"))
    assert LICENSE_ID in "".join(file.text for file in files)
    assert support_code not in "".join(file.text for file in files)


def test_what_cannot_be_read_says_why_and_the_rest_is_there() -> None:
    def refuse() -> Reader:
        raise NotSetUp

    files = {file.name: file.text for file in bundle_of((), refuse, Texts("en"))}
    assert files["unread.txt"].startswith("not-set-up: ")
    assert "faragostar-man" in files["versions.txt"]
    assert "status.json" not in files


def test_it_is_written_whole_for_its_owner_and_over_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    files = bundle_of((), lambda: open_reader_of(tmp_path), Texts("en"))
    write_bundle(path, files)
    with zipfile.ZipFile(path) as packed:
        assert {name: packed.read(name).decode() for name in packed.namelist()} == dict(files)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileTaken):
        write_bundle(path, files)
    with pytest.raises(FileUnreadable):
        write_bundle(tmp_path / "missing" / "bundle.zip", files)


def open_reader_of(folder: Path) -> Reader:
    return open_reader(Home(folder / "nowhere"))
