"""`notice` and `recovery` on the command line."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.cli import Exit
from agent.recovery import seal, unseal
from tests import machines
from tests.agent.cli.console import Run, type_in
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_ID, NOW

PASSPHRASE = "correct horse battery"
PERIOD = ("--from", "2027-01-16T00:00Z", "--until", "2027-01-20T00:00Z")
WHY = ("--reason", "new board", "--contact", "Sara")


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(f"{PASSPHRASE}\r\nnot this line\n")
    return path


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "usb" / "recovery.bin"


@pytest.fixture(autouse=True)
def _memory_stick(kept: Path) -> None:
    kept.parent.mkdir()


@pytest.mark.usefixtures("active")
def test_notice_prints_the_window(run: Run) -> None:
    said = run("notice", "--scope", "board,nic", *PERIOD, *WHY)
    assert said.code == 0
    assert "A change window is granted from 2027-01-16" in said.out
    assert "recovery save FILE" in said.out
    said = run("status", "--json")
    assert said.json["window"]["scope"] == ["board", "nic"]
    assert said.json["window"]["ends_at"] == NOW + 4 * 24 * 3600 + 57_600


def test_notice_speaks_persian(run: Run, active: World) -> None:
    said = run("--lang", "fa", "notice", "--scope", "board", *PERIOD, *WHY)
    assert "بازهٔ تغییر از ۲۶ دی ۱۴۰۵" in said.out
    active.become(machines.with_other_cpu(machines.with_other_board(active.hardware)))
    said = run("--lang", "fa", "check")
    assert "پردازنده" in said.out
    assert said.code == Exit.DRIFTED


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--scope", "fan", *PERIOD, *WHY), "change-unknown"),
        (("--scope", "cpu", "--from", "soon", "--until", "later", *WHY), "time-unreadable"),
        (("--scope", "cpu", *PERIOD, "--reason", "", "--contact", "x"), "text-missing"),
    ],
)
def test_a_bad_notice_is_2_and_nothing_leaves(
    run: Run, active: World, arguments: tuple[str, ...], code: str
) -> None:
    before = len(active.server.received)
    said = run("notice", *arguments, "--json")
    assert (said.code, said.json["text_code"]) == (Exit.USAGE, code)
    assert said.json["advice"]
    assert len(active.server.received) == before


def test_notice_without_the_server_is_20_and_check_goes_on(run: Run, active: World) -> None:
    active.server.lose_next_request()
    assert run("notice", "--scope", "cpu", *PERIOD, *WHY).code == Exit.UNREACHABLE
    assert run("check", "--json").json["window"]["scope"] == ["cpu"]


def test_notice_without_a_license_exits_with_the_standing(run: Run) -> None:
    assert run("notice", "--scope", "cpu", *PERIOD, *WHY).code == Exit.UNLICENSED


def test_save_and_load_bring_the_device_to_a_new_system(
    run: Run, active: World, kept: Path, passphrase: Path, tmp_path: Path
) -> None:
    named = ("--passphrase-file", str(passphrase))
    said = run("recovery", "save", str(kept), *named, "--json")
    assert (said.code, said.json["file"]) == (0, str(kept))
    assert said.json["device"] == active.machine.identity.device
    assert active.agent.history()[-1].event == "recovery-saved"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert unseal(kept.read_bytes(), PASSPHRASE).identity == active.machine.identity

    device = active.machine.identity.device
    fresh = World(tmp_path / "fresh", active.server)
    active.home = fresh.home
    active.machine_folder = fresh.machine_folder
    said = run("recovery", "load", str(kept), *named, "--json")
    assert (said.code, said.json["standing"]) == (0, "unlicensed")
    assert said.json["messages"][-1]["code"] == "recovery-loaded"
    assert said.json["actions"][0] == "reactivate"
    assert fresh.machine.identity.device == device
    told = run("status")
    words = " ".join(told.out.split("    faragostar-man")[0].split())
    assert "Run `faragostar-man reactivate`" in words
    assert "activate KEY --code CODE" in words
    assert "from the customer portal" not in words
    # The papers are not in the file: only the number is known.
    assert f"License number  {LICENSE_ID}\n" in told.out
    assert "Support code" not in told.out
    assert run("reactivate").code == 0


@pytest.mark.usefixtures("active")
def test_save_never_takes_another_files_place(run: Run, kept: Path, passphrase: Path) -> None:
    kept.write_bytes(b"")
    said = run("recovery", "save", str(kept), "--passphrase-file", str(passphrase), "--json")
    assert (said.code, said.json["text_code"]) == (Exit.INVALID, "file-taken")
    assert kept.read_bytes() == b""


def test_a_file_that_appears_meanwhile_is_not_overwritten_either(
    run: Run, active: World, kept: Path, passphrase: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*arguments: object) -> bytes:
        kept.write_bytes(b"theirs")
        return seal(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("agent.recovery_files.seal", slow)
    said = run("recovery", "save", str(kept), "--passphrase-file", str(passphrase), "--json")
    assert said.json["text_code"] == "file-taken"
    assert kept.read_bytes() == b"theirs"
    assert "recovery-saved" not in [entry.event for entry in active.agent.history()]
    assert active.agent.status().usable


@pytest.mark.usefixtures("active")
def test_a_place_that_cannot_be_written_is_named(run: Run, kept: Path, passphrase: Path) -> None:
    nowhere = kept.parent / "no" / "such" / "folder"
    said = run("recovery", "save", str(nowhere), "--passphrase-file", str(passphrase), "--json")
    assert (said.code, said.json["text_code"]) == (Exit.INVALID, "file-unreadable")


@pytest.mark.usefixtures("active")
def test_the_passphrase_is_typed_twice_and_never_shown(
    run: Run, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def typed(*answers: str) -> None:
        waiting = iter(answers)

        def answer(prompt: str, stream: object) -> str:
            asked.append(prompt)
            assert stream is not None
            return next(waiting)

        monkeypatch.setattr("getpass.getpass", answer)

    type_in(monkeypatch)
    typed(PASSPHRASE, "another passphrase")
    said = run("recovery", "save", str(kept), "--json")
    assert (said.code, said.json["text_code"]) == (Exit.USAGE, "passphrase-differs")
    assert not kept.exists()
    typed("too short")
    said = run("recovery", "save", str(kept), "--json")
    assert (said.json["text_code"], said.json["parameters"]["shortest"]) == (
        "passphrase-short",
        "12",
    )
    typed(PASSPHRASE, PASSPHRASE)
    assert run("recovery", "save", str(kept)).code == 0
    assert PASSPHRASE.encode() not in kept.read_bytes()
    typed("a wrong passphrase")
    said = run("recovery", "load", str(kept), "--json")
    assert (said.code, said.json["error"]) == (Exit.INVALID, "recovery-refused")
    assert said.json["text_code"] == "recovery-file-refused"
    assert len(asked) == 6


@pytest.mark.usefixtures("active")
@pytest.mark.parametrize("act", ["save", "load"])
def test_nobody_is_asked_where_nobody_sits(run: Run, kept: Path, act: str) -> None:
    if act == "load":
        kept.write_bytes(b"anything")
    said = run("recovery", act, str(kept), "--json")
    assert (said.code, said.json["text_code"]) == (Exit.USAGE, "passphrase-missing")


@pytest.mark.usefixtures("active")
def test_files_that_cannot_be_read_are_named(run: Run, kept: Path, tmp_path: Path) -> None:
    said = run("recovery", "load", str(kept), "--json")
    assert (said.code, said.json["text_code"]) == (Exit.INVALID, "file-unreadable")
    garbled = tmp_path / "garbled"
    garbled.write_bytes(b"\xff\xfe\x00")
    for named in (garbled, tmp_path / "missing"):
        said = run("recovery", "save", str(kept), "--passphrase-file", str(named), "--json")
        assert (said.code, said.json["text_code"]) == (Exit.INVALID, "file-unreadable")


def test_loading_where_a_license_runs_says_what_to_do(
    run: Run, active: World, kept: Path, passphrase: Path
) -> None:
    named = ("--passphrase-file", str(passphrase))
    run("recovery", "save", str(kept), *named)
    run("check")
    before = active.state
    said = run("recovery", "load", str(kept), *named, "--json")
    assert (said.code, said.json["text_code"]) == (Exit.USAGE, "not-allowed-active")
    # Every run looks at the machine, and counts from then on.
    assert replace(active.state, silence=before.silence) == before
