"""Files that are no answer, and what cannot be asked: named, and nothing is changed (§3)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import (
    DocumentRefused,
    FileRefused,
    FileTaken,
    FileUnreadable,
    InputInvalid,
    NotAllowed,
    NothingToWithdraw,
)
from protocol.documents import Activate, AnyAnswer
from protocol.envelope import SignedRequest
from protocol.parts import split_parts
from protocol.values import Digest, ReleaseReason, Standing
from tests.agent.carrying import answered, away, carry, file
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer

__all__ = ["away", "file"]


def another(world: World, tmp_path: Path) -> World:
    other = World(tmp_path / "other", world.server)
    other.agent.export_activate(tmp_path / "other.jws", LICENSE_KEY)
    return other


def of_another_machine(world: World, tmp_path: Path) -> bytes:
    another(world, tmp_path)
    return answered(world, tmp_path / "other.jws")


def of_an_unknown_request(world: World, tmp_path: Path) -> bytes:
    """Asked by this very machine, and its store was begun anew since."""
    world.agent.export_activate(tmp_path / "lost.jws", LICENSE_KEY)
    with world.machine.store.transaction() as tx:
        tx._connection.execute("DELETE FROM journal")  # type: ignore[attr-defined]
    return answered(world, tmp_path / "lost.jws")


def two_documents(world: World, tmp_path: Path) -> bytes:
    world.agent.export_activate(tmp_path / "one.jws", LICENSE_KEY)
    parts = split_parts(answered(world, tmp_path / "one.jws"))
    others = split_parts((tmp_path / "one.jws").read_bytes())
    return "".join((parts[0], *others[1:])).encode()


WRONG: dict[str, Callable[[World, Path], bytes]] = {
    "file-empty": lambda _w, _t: b" \r\n",
    "file-not-an-answer": lambda _w, _t: b"<html>a page</html>",
    "file-is-a-request": lambda w, t: (another(w, t), (t / "other.jws").read_bytes())[1],
    "file-is-a-root": lambda w, _t: b" ".join(w.server.roots[0]),
    "answer-of-another-machine": of_another_machine,
    "answer-of-unknown-request": of_an_unknown_request,
    "parts-mixed": two_documents,
    "part-damaged": lambda _w, _t: b"FGP1:1/2;abc",
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_no_answer_for_this_machine_is_named_and_changes_nothing(
    world: World, tmp_path: Path, code: str
) -> None:
    (tmp_path / "other").mkdir()
    raw = WRONG[code](world, tmp_path)
    before = world.state
    with pytest.raises(FileRefused) as refusal:
        world.agent.import_(raw)
    assert refusal.value.text_code == code
    assert world.state == before


def test_a_root_of_two_keys_and_a_forged_answer_are_named_too(world: World, file: Path) -> None:
    root = world.server.roots[0][0]
    with pytest.raises(FileRefused) as refusal:
        world.agent.import_(root + b" " + root + b"\n")
    assert refusal.value.text_code == "file-is-a-root"
    world.agent.export_activate(file, LICENSE_KEY)
    answer = answered(world, file)
    for spoiled in (b"\n".join([answer.strip()] * 2), answer.strip() + b" " + answer):
        with pytest.raises(Exception, match=r"document|root|file"):
            world.agent.import_(spoiled)
    assert world.agent.import_(b"\xef\xbb\xbf" + answer.replace(b"\n", b"\r\n\r\n")).usable


def test_another_document_is_never_overwritten(away: World, file: Path) -> None:
    file.write_bytes(b"minutes of a meeting")
    with pytest.raises(FileTaken):
        away.agent.export_release(file, ReleaseReason.OS)
    assert file.read_bytes() == b"minutes of a meeting"
    assert away.agent.status().usable


def test_what_a_crash_left_of_the_file_is_completed(away: World, file: Path) -> None:
    away.agent.export_check(file)
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    away.agent.export_check(file)
    assert file.read_bytes() == whole


def test_a_folder_that_is_not_there_costs_no_license(away: World, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        away.agent.export_release(tmp_path / "nowhere" / "release.jws", ReleaseReason.OS)
    with pytest.raises(FileUnreadable):
        away.agent.export_release(tmp_path, ReleaseReason.OS)
    assert away.agent.status().usable


def test_what_cannot_be_asked_is_refused_before_a_file_is_written(world: World, file: Path) -> None:
    with pytest.raises(NotAllowed):
        world.agent.export_check(file)
    with pytest.raises(NothingToWithdraw):
        world.agent.export_withdraw(file)
    with pytest.raises(NotAllowed):
        world.agent.export_release(file, ReleaseReason.OS)
    with pytest.raises(InputInvalid):
        world.agent.export_activate(file)
    with pytest.raises(InputInvalid):
        world.agent.export_activate(file, LICENSE_KEY[:-1] + "?")
    world.agent.activate(LICENSE_KEY)
    with pytest.raises(NotAllowed):
        world.agent.export_activate(file)
    assert not file.exists()


def test_an_answer_to_other_bytes_of_this_request_is_refused(world: World, file: Path) -> None:
    def other(server: SimulatedServer, signed: SignedRequest) -> AnyAnswer:
        assert isinstance(signed.request, Activate)
        return server.license(signed, signed.request, request_hash=Digest("A" * 43))

    world.server.answer_next_with = other
    world.agent.export_activate(file, LICENSE_KEY)
    with pytest.raises(DocumentRefused) as refusal:
        carry(world, file)
    assert refusal.value.text_code == "answer-of-another-request"
    assert world.state.standing is Standing.ACTIVATING
