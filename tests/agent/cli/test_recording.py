"""`fingerprint --record`: a machine as a folder, with its numbers or under others."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.cli import Exit, main
from tests import machines
from tests.agent.cli.console import Run
from tests.machines import BARE_SERVER
from tests.rights import as_nobody, needs_root

SERIAL = "7F3KQZ2"
Show = Callable[..., dict[str, Any]]


@pytest.fixture
def machine(tmp_path: Path) -> str:
    return str(BARE_SERVER.write(tmp_path / "machine"))


@pytest.fixture
def show(run: Run) -> Show:
    def show(folder: Path | str) -> dict[str, Any]:
        return run("fingerprint", "--root", str(folder), "--reveal", "--json").json

    return show


def test_a_recorded_machine_is_shown_as_the_machine_is(
    run: Run, show: Show, machine: str, tmp_path: Path
) -> None:
    recorded = tmp_path / "recorded"
    said = run("fingerprint", "--root", machine, "--record", str(recorded), "--json").json
    files = [path for path in recorded.rglob("*") if path.is_file() and not path.is_symlink()]
    assert said == {
        "folder": str(recorded),
        "files": len(files),
        "anonymous": False,
        "comparable": True,
        "refused": [],
    }
    assert show(recorded) == show(machine)
    assert recorded.stat().st_mode & 0o777 == 0o700


def test_it_says_that_it_holds_serial_numbers_unless_they_were_replaced(
    run: Run, machine: str, tmp_path: Path
) -> None:
    plain = run("fingerprint", "--root", machine, "--record", str(tmp_path / "a"))
    assert plain.code == 0
    assert "holds the machine's serial numbers" in plain.out
    assert str(tmp_path / "a") in plain.out.replace("\n", "")
    hidden = run("fingerprint", "--root", machine, "--record", str(tmp_path / "b"), "--anonymous")
    assert "holds the machine's serial numbers" not in hidden.out
    assert "recordings of this installation" in " ".join(hidden.out.split())
    persian = run("fingerprint", "--root", machine, "--record", str(tmp_path / "c"), "--lang", "fa")
    assert "شماره‌های سریال دستگاه در آن است" in persian.out


def test_recordings_of_one_installation_compare_as_the_machine_did(
    run: Run, show: Show, machine: str, tmp_path: Path
) -> None:
    other = str(machines.with_other_board(BARE_SERVER).write(tmp_path / "other"))
    folders = [str(tmp_path / name) for name in ("was", "now")]
    for source, folder in zip((machine, other), folders, strict=True):
        said = run("fingerprint", "--root", source, "--record", folder, "--anonymous", "--json")
        assert (said.json["anonymous"], said.json["comparable"]) == (True, True)
    plain = run("compare", machine, other, "--json").json
    hidden = run("compare", *folders, "--json").json
    assert [(part["id"], part["status"], part["weight"]) for part in hidden["components"]] == [
        (part["id"], part["status"], part["weight"]) for part in plain["components"]
    ]
    for word in ("verdict", "rule", "score", "coverage"):
        assert hidden[word] == plain[word]
    assert hidden["os"] == plain["os"]
    assert SERIAL not in json.dumps(show(folders[0]))
    assert SERIAL in json.dumps(show(machine))


def test_without_an_identity_the_replacements_are_drawn_anew(
    machine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--home", str(tmp_path / "none"), "fingerprint", "--root", machine, "--anonymous"]
    boards = set()
    for name in ("first", "second"):
        assert main([*given, "--record", str(tmp_path / name)]) == 0
        assert "cannot be compared" in " ".join(capsys.readouterr().out.split())
        shown = ["--home", str(tmp_path / "none"), "fingerprint", "--root", str(tmp_path / name)]
        assert main([*shown, "--reveal", "--json"]) == 0
        boards.add(json.loads(capsys.readouterr().out)["components"][1]["value"])
    assert len(boards) == 2


@needs_root
def test_without_rights_it_says_that_there_is_more(run: Run, machine: str, tmp_path: Path) -> None:
    (Path(machine) / "sys/firmware/dmi/tables/DMI").chmod(0o400)
    (Path(machine) / "sys/class/dmi/id/product_uuid").chmod(0o400)
    open_to_all = tmp_path / "open"
    open_to_all.mkdir(mode=0o777)
    open_to_all.chmod(0o777)
    with as_nobody(Path(machine)):
        said = run("fingerprint", "--root", machine, "--record", str(open_to_all / "a"))
        listed = run("fingerprint", "--root", machine, "--record", str(open_to_all / "b"), "--json")
    assert "as administrator" in " ".join(said.out.split())
    assert {"path": "/sys/firmware/dmi/tables/DMI", "reason": "denied"} in listed.json["refused"]
    again = run("fingerprint", "--root", str(open_to_all / "b"), "--json").json
    uuid = next(part for part in again["components"] if part["id"] == "system_uuid")
    assert uuid["reason"] == "denied"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands run in, with something of its owner's in it."""
    place = tmp_path / "place"
    (place / "taken").mkdir(parents=True)
    (place / "taken/mine").write_text("kept")
    monkeypatch.chdir(place)
    return place


@pytest.mark.parametrize(
    ("given", "named", "reason"),
    [
        (("fingerprint", "--record", "no/such/folder"), "no/such", "it does not exist"),
        (("fingerprint", "--record", "taken/mine/in"), "taken/mine", "it is no folder"),
        (("fingerprint", "--root", "nowhere"), "nowhere", "it does not exist"),
        (("compare", "nowhere", "nowhere"), "nowhere", "it does not exist"),
    ],
)
@pytest.mark.usefixtures("place")
def test_a_folder_that_is_none_is_named_with_its_reason(
    given: tuple[str, ...], named: str, reason: str, run: Run
) -> None:
    said = run(*given, "--json").json
    assert said["error"] == "file-unreadable"
    assert named in said["text"]
    assert reason in said["text"]


@pytest.mark.parametrize(
    ("given", "code", "error"),
    [
        (("--record", "taken"), Exit.INVALID, "folder-taken"),
        (("--record", "no/such/folder"), Exit.INVALID, "file-unreadable"),
        (("--record", "new", "--root", "nowhere"), Exit.INVALID, "file-unreadable"),
        (("--anonymous",), Exit.USAGE, "input-invalid"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_leaves_nothing(
    given: tuple[str, ...], code: Exit, error: str, run: Run, place: Path
) -> None:
    said = run("fingerprint", *given, "--json")
    assert (said.code, said.json["error"]) == (code, error)
    assert sorted(path.name for path in place.rglob("*")) == ["mine", "taken"]


def test_anonymous_alone_is_told_what_it_needs(run: Run) -> None:
    assert "needs a folder to record into" in run("fingerprint", "--anonymous").err
    assert "پوشه‌ای برای ضبط لازم دارد" in run("fingerprint", "--anonymous", "--lang", "fa").err
