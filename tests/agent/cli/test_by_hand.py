"""`export`, `import`, `withdraw` and `report` on the command line: files, pictures, exit codes."""

import io
import json
import sys
from pathlib import Path

import msgspec
import pytest

from agent import qr
from agent.cli import Exit
from agent.texts import Texts, isolate
from protocol import scans
from protocol.codes import spoken
from protocol.envelope import open_device_document, open_request
from protocol.parts import join_parts, split_parts
from protocol.values import DeviceId
from protocol.views import Report
from tests import machines
from tests.agent.carrying import answered
from tests.agent.cli.console import Run, type_in
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, OTHER_KEY

STRANGER = DeviceId("A" * 43)


def put_answer(world: World, file: Path) -> str:
    answer = file.with_suffix(".answer")
    answer.write_bytes(answered(world, file))
    return str(answer)


def test_a_whole_life_by_hand(run: Run, world: World, tmp_path: Path) -> None:
    for step, (wish, code) in enumerate((
        (("activate", "--key", LICENSE_KEY), Exit.DONE),
        (("check",), Exit.DONE),
        (("release", "--reason", "os", "--yes"), Exit.RELEASED),
        (("activate",), Exit.DONE),
    )):  # fmt: skip
        file = tmp_path / f"{step}.jws"
        act, *options = wish
        said = run("export", act, str(file), *options, "--json")
        assert said.code == Exit.DONE
        assert said.json["file"] == str(file)
        assert (said.json["qr"], said.json["parts"]) == (None, None)
        assert run("import", put_answer(world, file)).code == code
    assert world.state.generation == 2


def test_the_file_and_what_to_do_with_it_are_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "request.jws"
    said = run("export", "activate", str(file), "--key", LICENSE_KEY)
    words = " ".join(said.out.split())
    assert words.startswith(f"Written to {file} ")
    assert "`faragostar-man import FILE`" in words
    assert "portal" in words
    assert run("status").code == Exit.UNLICENSED


@pytest.mark.usefixtures("active")
def test_the_digits_of_a_request_are_said_as_the_other_end_of_a_telephone_sees_them(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "request.jws"
    said = run("export", "check", str(file))
    digits = spoken(open_request(file.read_bytes()).digest)
    assert f"\nDigits of this request: {digits}\n" in said.out
    again = ("export", "check", str(file))
    assert run(*again, "--json").json["digits"] == digits
    assert isolate(Texts("fa").number(digits)) in run(*again, "--lang", "fa").out


def test_the_key_is_read_from_standard_input(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "request.jws"
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    said = run("export", "activate", str(file), "--key", "-", "--json")
    assert (said.code, said.json["text_code"]) == (Exit.USAGE, "key-missing")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{LICENSE_KEY}\n"))
    assert run("export", "activate", str(file), "--key", "-").code == 0


def test_a_request_travels_as_a_picture_both_ways(run: Run, world: World, tmp_path: Path) -> None:
    file, picture = tmp_path / "request.jws", tmp_path / "request.png"
    wish = ("export", "activate", str(file), "--key", LICENSE_KEY, "--qr", str(picture))
    said = run(*wish, "--json")
    assert (said.code, said.json["qr"]) == (0, str(picture))
    assert join_parts(said.json["parts"]) == file.read_bytes()
    assert join_parts(qr.read(picture.read_bytes())) == file.read_bytes()
    assert picture.stat().st_mode & 0o777 == 0o600
    again = run(*wish)
    assert again.code == 0
    assert f"drawn in {picture}".replace(" ", "") in "".join(again.out.split())
    back = tmp_path / "answer.png"
    back.write_bytes(qr.draw(split_parts(answered(world, file))))
    assert run("import", str(back)).code == Exit.DONE


def test_several_pictures_are_one_answer(run: Run, world: World, tmp_path: Path) -> None:
    file = tmp_path / "request.jws"
    run("export", "activate", str(file), "--key", LICENSE_KEY)
    parts = split_parts(answered(world, file))
    names = []
    for number, part in enumerate(parts):
        names.append(tmp_path / f"{number}.png")
        names[-1].write_bytes(qr.draw([part]))
    said = run("import", *map(str, names[1:]), "--json")
    assert (said.code, said.json["text_code"]) == (Exit.INVALID, "parts-missing")
    assert "1" in said.json["text"]
    assert run("import", *map(str, reversed(names))).code == Exit.DONE


def test_parts_are_pasted(
    run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "request.jws"
    run("export", "activate", str(file), "--key", LICENSE_KEY)
    pasted = "\r\n> ".join(split_parts(answered(world, file))).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pasted)))
    assert run("import", "-").code == Exit.DONE


def spoiled(world: World, folder: Path) -> dict[str, Path]:
    other = World(folder / "other-machine", world.server)
    other.agent.export_activate(folder / "other.jws", LICENSE_KEY)
    files = {
        "file-empty": b"",
        "file-not-an-answer": b"a letter",
        "file-is-a-request": (folder / "other.jws").read_bytes(),
        "file-is-a-root": world.server.roots[0][0],
        "answer-of-another-machine": answered(world, folder / "other.jws"),
        "picture-without-code": qr.draw(["x"])[:0] + _blank(),
        "picture-unreadable": _blank()[:40],
        "part-damaged": b"FGP1:1/3;",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in files}


def _blank() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (60, 60), 255).save(out, "PNG")
    return out.getvalue()


def test_what_is_no_answer_is_22_with_its_name_and_advice(
    run: Run, world: World, tmp_path: Path
) -> None:
    for name, file in spoiled(world, tmp_path).items():
        for language in ("en", "fa"):
            said = run("import", str(file), "--json", "--lang", language)
            assert (said.code, said.json["text_code"]) == (Exit.INVALID, name)
            assert said.json["text"]
            assert said.json["advice"]
    assert run("import", str(tmp_path / "nowhere")).code == Exit.INVALID
    huge = tmp_path / "huge"
    huge.write_bytes(b"A" * (3 * 1024 * 1024))
    assert run("import", str(huge), "--json").json["text_code"] == "file-not-an-answer"


def test_another_document_is_not_overwritten_whatever_is_said(
    run: Run, active: World, tmp_path: Path
) -> None:
    file, picture = tmp_path / "minutes.txt", tmp_path / "photo.png"
    file.write_text("of a meeting")
    said = run("export", "release", str(file), "--reason", "os", "--yes", "--json")
    assert (said.code, said.json["text_code"]) == (Exit.INVALID, "file-taken")
    assert "minutes.txt" in said.json["text"]
    picture.write_bytes(_blank())
    request = str(tmp_path / "request.jws")
    said = run("export", "release", request, "--reason", "os", "--yes", "--qr", str(picture))
    assert said.code == Exit.INVALID
    said = run("export", "check", request, "--qr", request, "--json")
    assert (said.code, said.json["text_code"]) == (Exit.USAGE, "picture-is-the-file")
    assert active.agent.status().usable


def test_an_exported_release_is_called_nothing_else(
    run: Run, active: World, tmp_path: Path
) -> None:
    said = run("export", "release", str(tmp_path / "r"), "--reason", "os", "--yes", "--json")
    codes = [message["code"] for message in said.json["messages"]]
    assert codes[:2] == ["standing-releasing", "request-exported"]
    assert active.agent.status().standing == "releasing"


def test_a_release_by_hand_is_confirmed_too(
    run: Run, active: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "release.jws")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    said = run("export", "release", file, "--reason", "os", "--json")
    assert (said.code, said.json["text_code"]) == (Exit.USAGE, "confirmation-needed")
    type_in(monkeypatch, LICENSE_KEY[-4:])
    assert run("export", "release", file, "--reason", "os").code == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert run("export", "release", file, "--reason", "os").code == 0
    assert active.agent.status().standing == "releasing"


def test_a_notice_is_given_out(run: Run, active: World, tmp_path: Path) -> None:
    file = tmp_path / "notice.jws"
    said = run(
        *("export", "notice", str(file), "--scope", "board", "--from", "2027-01-16T22:00"),
        *("--until", "2027-01-17T02:00", "--reason", "a new board", "--contact", "021-1"),
    )
    assert said.code == 0
    assert open_request(file.read_bytes()).device == active.agent.device


def test_without_the_library_files_still_work(
    run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    file = tmp_path / "request.jws"
    picture = tmp_path / "request.png"
    said = run("export", "activate", str(file), "--key", LICENSE_KEY, "--qr", str(picture))
    assert said.code == Exit.USAGE
    assert "qr-unavailable" in said.err
    assert not file.exists()
    picture.write_bytes(scans.PNG_MAGIC)
    assert run("import", str(picture), "--json").json["text_code"] == "qr-unavailable"
    assert run("export", "activate", str(file), "--key", LICENSE_KEY).code == 0
    assert run("import", put_answer(world, file)).code == 0


def test_a_case_by_hand_is_23_and_is_withdrawn(run: Run, world: World, tmp_path: Path) -> None:
    world.server.bound_to, world.server.generation = STRANGER, 4
    file = tmp_path / "request.jws"
    run("export", "activate", str(file), "--key", LICENSE_KEY)
    assert run("import", put_answer(world, file)).code == Exit.WAITING
    said = run("withdraw", "--json")
    assert (said.code, said.json["case"]) == (Exit.UNLICENSED, None)
    said = run("withdraw", "--json")
    assert (said.code, said.json["text_code"]) == (Exit.UNLICENSED, "nothing-to-withdraw")


def test_a_case_is_withdrawn_by_hand(run: Run, world: World, tmp_path: Path) -> None:
    world.server.bound_to, world.server.generation = STRANGER, 4
    run("activate", LICENSE_KEY)
    file = tmp_path / "withdraw.jws"
    assert run("status", "--json").json["actions"][-1] == "withdraw"
    assert run("export", "withdraw", str(file)).code == 0
    assert run("import", put_answer(world, file)).code == Exit.UNLICENSED


def test_a_refusal_that_came_by_hand_is_21(run: Run, world: World, tmp_path: Path) -> None:
    file = tmp_path / "request.jws"
    run("export", "activate", str(file), "--key", OTHER_KEY)
    said = run("import", put_answer(world, file), "--json")
    assert (said.code, said.json["text_code"]) == (Exit.REFUSED, "refused-license-unknown")


def test_the_report_says_where_the_machine_stands(run: Run, active: World, tmp_path: Path) -> None:
    active.become(machines.with_other_board(active.hardware))
    run("check")
    file, picture = tmp_path / "report.jws", tmp_path / "report.png"
    said = run("report", str(file), "--qr", str(picture), "--json")
    assert (said.code, said.json["file"]) == (0, str(file))
    device = active.agent.device
    report = open_device_document(
        file.read_bytes(), Report.typ, device, msgspec.json.Decoder(Report)
    )
    assert (report.view.standing, report.high_water, report.sequence) == ("drifted", 0, 2)
    assert (report.epoch_seen, report.trust_version) == (1, 1)
    assert report.last_answer == active.state.last_answer
    assert join_parts(qr.read(picture.read_bytes())) == file.read_bytes()
    assert run("report", str(file), "--json").json["text_code"] == "file-taken"
    said = run("report", str(tmp_path / "two.jws"), "--lang", "fa")
    assert said.code == 0


def test_no_secret_is_in_a_report(run: Run, active: World, tmp_path: Path) -> None:
    run("release", "--reason", "os", "--yes")
    run("report", str(tmp_path / "report.jws"))
    code = active.agent.reactivation_code()
    assert code is not None
    payload = (tmp_path / "report.jws").read_bytes().split(b".")[1]
    from protocol.encoding import from_base64url

    told = json.dumps(json.loads(from_base64url(payload)), ensure_ascii=False)
    assert active.hardware.serial not in told
    for secret in (LICENSE_KEY, code):
        assert secret not in told
        assert secret[-5:] not in told


def test_a_release_by_hand_tells_its_code_at_every_step(
    run: Run, active: World, tmp_path: Path
) -> None:
    """On another server the license key alone opens a case; a second release tells nothing."""
    file = tmp_path / "release.jws"
    said = run("export", "release", str(file), "--reason", "move", "--yes")
    code = active.agent.reactivation_code()
    assert f"\n    {code}" in said.out
    assert "keep it off this disk" in said.out
    again = run("export", "release", str(file), "--reason", "move", "--yes", "--json")
    assert again.json["reactivation_code"] == code
    answer = put_answer(active, file)
    assert f"\n    {code}" in run("import", answer).out
    assert run("import", answer, "--json").json["reactivation_code"] == code


def test_no_code_is_told_where_nothing_was_given_back(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "request.jws"
    said = run("export", "activate", str(file), "--key", LICENSE_KEY, "--json")
    assert said.json["reactivation_code"] is None
