"""Who may not read the store is shown the signed copy, or nothing that could be false."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from agent.cli import Exit, main
from agent.config import Home
from agent.errors import AdminRightsNeeded, DocumentRefused
from agent.public_status import read_public_status
from agent.publication import LICENSE_FILE, ROOTS_FILE, STATUS_FILE
from protocol.envelope import sign_device_document
from protocol.exchange import pack_roots
from protocol.keys import Ed25519Key, device_id
from protocol.values import Standing
from protocol.views import StatusCopy
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, NOW, SimulatedServer

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path, SimulatedServer())
    world.agent.activate(LICENSE_KEY)
    return world


@pytest.fixture
def run(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run as somebody without rights."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def denied(home: Home) -> NoReturn:
        raise AdminRightsNeeded(path=home.private)

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--home", str(world.home.folder), *arguments], opener=denied)
        return code, *capsys.readouterr()

    return run


def test_the_signed_copy_is_shown_with_its_moment(run: Run) -> None:
    code, out, err = run("status")
    assert (code, err) == (0, "")
    assert out.startswith("License is active\nAs of 2027-01-15")
    code, out, _ = run("status", "--json")
    said = json.loads(out)
    assert (code, said["standing"], said["as_of"]) == (0, "active", NOW)
    assert said["license"]["seats"] == 25


def test_every_other_act_needs_rights_and_says_the_standing_of_the_copy(run: Run) -> None:
    code, out, err = run("check")
    assert (code, out) == (Exit.RIGHTS, "")
    assert "Administrator rights are needed" in err
    assert "your license is still active" in err
    assert "(as of 2027-01-15" in err


def test_without_a_copy_nothing_can_be_shown(run: Run, world: World) -> None:
    (world.home.public / STATUS_FILE).unlink()
    code, out, err = run("status")
    assert (code, out) == (Exit.RIGHTS, "")
    assert "Whether the license is active could not be read" in err


def test_an_edited_copy_is_refused(run: Run, world: World) -> None:
    path = world.home.public / STATUS_FILE
    raw = path.read_bytes()
    path.write_bytes(raw[:-10] + b"AAAAAAAAAA")
    code, _, err = run("status")
    assert code == Exit.INVALID
    assert "Code: document-" in err


def test_a_copy_of_another_device_is_refused_beside_this_license(world: World) -> None:
    genuine = read_public_status(world.home)
    stranger = Ed25519Key(bytes(range(32)))
    for device in (genuine.device, device_id(stranger.public)):
        copy = StatusCopy(device=device, issued_at=NOW, view=genuine.view)
        raw = sign_device_document(copy, StatusCopy.typ, stranger)
        (world.home.public / STATUS_FILE).write_bytes(raw)
        with pytest.raises(DocumentRefused) as refused:
            read_public_status(world.home)
        assert refused.value.parameters["problem"] == "document-unknown-key"


def test_a_copy_without_its_key_is_refused(world: World) -> None:
    license_document = (world.home.public / LICENSE_FILE).read_bytes()
    (world.home.public / STATUS_FILE).write_bytes(license_document)
    with pytest.raises(DocumentRefused) as refused:
        read_public_status(world.home)
    assert refused.value.parameters["problem"] == "document-wrong-type"


def test_a_license_that_these_roots_do_not_know_is_refused(world: World) -> None:
    (world.home.public / ROOTS_FILE).write_bytes(pack_roots(SimulatedServer().roots))
    with pytest.raises(DocumentRefused):
        read_public_status(world.home)


def test_without_a_license_the_copy_speaks_for_itself(world: World) -> None:
    (world.home.public / LICENSE_FILE).unlink()
    assert read_public_status(world.home).view.standing is Standing.ACTIVE
