"""The whole life by hand, and online and offline mixed freely (§3, §4)."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from agent.errors import (
    DocumentRefused,
    FileRefused,
    FileTaken,
    FileUnreadable,
    InputInvalid,
    NotAllowed,
    NothingToWithdraw,
    ServerRefused,
    ServerUnreachable,
)
from agent.files import write_once
from agent.notices import Declaration
from protocol.documents import Activate, AnyAnswer, CheckIn, Release, Withdraw
from protocol.envelope import SignedRequest, open_device_document, open_request
from protocol.exchange import unpack_roots
from protocol.parts import split_parts
from protocol.problems import RefusalCode
from protocol.values import CaseKind, CaseState, Digest, ReleaseReason, Standing, Timestamp
from protocol.views import Report
from protocol.windows import Change
from tests import machines
from tests.agent.carrying import answered, carry
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, OTHER_KEY, SimulatedServer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "request.jws"


@pytest.fixture
def away(active: World) -> World:
    """Active, and the server cannot be reached any more."""
    active.server.lose_next_request(1000)
    return active


def test_activation_by_hand(world: World, file: Path) -> None:
    view = world.agent.export_activate(file, LICENSE_KEY)
    assert (view.standing, view.usable) == (Standing.ACTIVATING, False)
    assert file.stat().st_mode & 0o777 == 0o600
    assert ("request-exported", str(file)) in [
        (m.code, m.parameters.get("path")) for m in view.messages
    ]
    world.agent.export_activate(file)
    assert [e.event for e in world.agent.history()] == ["activate-asked", "request-exported"]
    view = carry(world, file)
    assert (view.standing, view.usable, view.request) == (Standing.ACTIVE, True, None)
    assert world.published() == {"roots.jws", "license.jws", "permit.jws", "status.jws"}


def test_a_check_in_by_hand_confirms(away: World, file: Path) -> None:
    away.server.now = Timestamp(away.server.now + 5000)
    view = away.agent.export_check(file)
    assert view.usable
    assert "waiting-check-in" in [m.code for m in view.messages]
    assert carry(away, file).confirmed_at == away.server.now


def test_a_release_by_hand_removes_the_copies_before_the_file_is_there(
    away: World, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def spy(path: Path, content: bytes, mode: int) -> None:
        seen.append((away.state.standing, away.published()))
        write_once(path, content, mode)

    monkeypatch.setattr("agent.by_hand.write_once", spy)
    view = away.agent.export_release(file, ReleaseReason.HARDWARE)
    assert seen == [(Standing.RELEASING, {"roots.jws", "status.jws"})]
    assert view.standing is Standing.RELEASING
    assert carry(away, file).standing is Standing.RELEASED
    assert away.agent.reactivation_code() is not None


def test_a_released_license_is_taken_again_by_hand(away: World, tmp_path: Path) -> None:
    away.agent.export_release(tmp_path / "release.jws", ReleaseReason.OS)
    carry(away, tmp_path / "release.jws")
    away.agent.export_activate(tmp_path / "again.jws")
    view = carry(away, tmp_path / "again.jws")
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)


def test_a_withdrawal_by_hand_frees_the_license(world: World, tmp_path: Path) -> None:
    world.agent.export_activate(tmp_path / "activate.jws", LICENSE_KEY)
    late = answered(world, tmp_path / "activate.jws")
    world.agent.export_withdraw(tmp_path / "withdraw.jws")
    view = carry(world, tmp_path / "withdraw.jws")
    assert (view.standing, world.server.bound_to) == (Standing.UNLICENSED, None)
    view = world.agent.import_(late)
    assert (view.standing, view.usable) == (Standing.UNLICENSED, False)
    assert "answer-overtaken" in [m.code for m in view.messages]


def test_the_same_request_has_the_same_bytes_again(away: World, tmp_path: Path) -> None:
    first, second = tmp_path / "one.jws", tmp_path / "two.jws"
    exports: tuple[Callable[[Path], object], ...] = (
        away.agent.export_check,
        lambda f: away.agent.export_release(f, ReleaseReason.OS),
    )
    for export in exports:
        for path in (first, second):
            path.unlink(missing_ok=True)
            export(path)
        export(first)
        assert first.read_bytes() == second.read_bytes()


def test_a_check_in_that_is_no_longer_true_is_made_anew(away: World, tmp_path: Path) -> None:
    away.agent.export_check(tmp_path / "one.jws")
    away.become(machines.with_other_board(away.hardware))
    away.agent.export_check(tmp_path / "two.jws")
    requests = [open_request((tmp_path / f"{n}.jws").read_bytes()).request for n in ("one", "two")]
    assert requests[1].sequence == requests[0].sequence + 1
    view = away.agent.import_(answered(away, tmp_path / "one.jws"))
    assert "answer-overtaken" in [m.code for m in view.messages]
    assert carry(away, tmp_path / "two.jws").standing is Standing.DRIFTED


def test_a_wish_with_another_key_or_code_is_another_request(world: World, tmp_path: Path) -> None:
    world.agent.export_activate(tmp_path / "one.jws", LICENSE_KEY)
    world.agent.export_activate(tmp_path / "two.jws")
    assert (tmp_path / "one.jws").read_bytes() == (tmp_path / "two.jws").read_bytes()
    code = "FGR-" + LICENSE_KEY.removeprefix("FGM-")
    for key, code_given in ((OTHER_KEY, None), (LICENSE_KEY, code)):
        with pytest.raises(NotAllowed):
            world.agent.export_activate(tmp_path / "three.jws", key, code_given)
    assert not (tmp_path / "three.jws").exists()


def test_what_was_given_out_is_finished_by_the_next_check(world: World, file: Path) -> None:
    world.agent.export_activate(file, LICENSE_KEY)
    late = answered(world, file)
    assert world.agent.check().standing is Standing.ACTIVE
    assert world.server.generation == 1
    view = world.agent.import_(late)
    assert (view.standing, view.generation) == (Standing.ACTIVE, 1)
    assert "answer-known" in [m.code for m in view.messages]


def test_what_was_journaled_online_can_be_given_out(away: World, file: Path) -> None:
    assert away.agent.release(ReleaseReason.OS).standing is Standing.RELEASING
    proof = away.agent.proof()
    away.agent.export_check(file)
    assert file.read_bytes() == proof
    assert carry(away, file).standing is Standing.RELEASED


def test_a_timer_does_not_overtake_the_check_in_that_was_given_out(away: World, file: Path) -> None:
    away.agent.export_check(file)
    for _ in range(3):
        away.agent.check()
    view = carry(away, file)
    assert view.request is None
    assert "answer-overtaken" not in [m.code for m in view.messages]
    away.server.lose_next_request(0)
    away.agent.export_check(file.with_name("two.jws"))
    count = len(away.server.received)
    away.agent.check()
    assert len(away.server.received) == count + 2


def test_an_exported_check_in_that_is_refused_is_over(active: World, file: Path) -> None:
    active.agent.export_check(file)
    active.server.answer_next_with = lambda s, r: s.refusal(r, RefusalCode.DOCUMENT_INVALID)
    assert active.agent.check().usable
    checks = [r for r in active.server.received if isinstance(r.request, CheckIn)]
    assert len(checks) == 2


def test_importing_twice_is_harmless(world: World, file: Path) -> None:
    world.agent.export_activate(file, LICENSE_KEY)
    answer = answered(world, file)
    first = world.agent.import_(answer)
    history = world.agent.history()
    second = world.agent.import_(answer)
    assert (first.standing, first.generation) == (second.standing, second.generation)
    assert world.agent.history() == history


def test_an_old_answer_never_revives_anything(world: World, tmp_path: Path) -> None:
    world.agent.export_activate(tmp_path / "activate.jws", LICENSE_KEY)
    license = answered(world, tmp_path / "activate.jws")
    world.agent.import_(license)
    world.agent.export_release(tmp_path / "release.jws", ReleaseReason.OS)
    for _ in range(2):
        assert not world.agent.import_(license).usable
        assert "license.jws" not in world.published()
        if world.state.standing is Standing.RELEASING:
            carry(world, tmp_path / "release.jws")
    assert world.state.standing is Standing.RELEASED


def test_a_refused_request_is_over_and_asked_again(world: World, tmp_path: Path) -> None:
    world.server.last_sequence = 40
    world.agent.export_activate(tmp_path / "one.jws", LICENSE_KEY)
    with pytest.raises(ServerRefused):
        carry(world, tmp_path / "one.jws")
    assert world.state.standing is Standing.UNLICENSED
    view = world.agent.import_(answered(world, tmp_path / "one.jws"))
    assert "answer-known" in [m.code for m in view.messages]
    world.agent.export_activate(tmp_path / "two.jws", LICENSE_KEY)
    assert carry(world, tmp_path / "two.jws").usable


def test_a_refused_proof_is_signed_anew_when_it_is_given_out_again(
    away: World, tmp_path: Path
) -> None:
    away.server.last_sequence = 40
    away.agent.export_release(tmp_path / "one.jws", ReleaseReason.OS)
    with pytest.raises(ServerRefused):
        carry(away, tmp_path / "one.jws")
    away.agent.export_release(tmp_path / "two.jws", ReleaseReason.OS)
    assert carry(away, tmp_path / "two.jws").standing is Standing.RELEASED
    proofs = [r.request.tombstone for r in away.server.received if isinstance(r.request, Release)]
    assert proofs[0] == proofs[1]


def test_a_refused_withdrawal_is_signed_anew_when_it_is_given_out_again(
    world: World, tmp_path: Path
) -> None:
    world.agent.export_activate(tmp_path / "activate.jws", LICENSE_KEY)
    world.server.last_sequence = 40
    for name in ("one", "two"):
        path = tmp_path / f"{name}.jws"
        world.agent.export_withdraw(path) if name == "one" else world.agent.export_check(path)
        if name == "one":
            with pytest.raises(ServerRefused):
                carry(world, path)
    assert carry(world, tmp_path / "two.jws").standing is Standing.UNLICENSED
    sent = [r.request for r in world.server.received if isinstance(r.request, Withdraw)]
    assert [request.sequence for request in sent] == [2, 41]


def test_a_case_is_waited_for_and_taken_up_by_hand(away: World, tmp_path: Path) -> None:
    away.become(machines.with_other_board(away.hardware))
    away.agent.export_activate(tmp_path / "ask.jws")
    away.server.answer_next_with = lambda s, r: s.case(r, kind=CaseKind.CHANGED)
    view = carry(away, tmp_path / "ask.jws")
    assert view.case is not None
    away.server.cases = (away.server.summary(CaseState.APPROVED),)
    away.agent.export_check(tmp_path / "check.jws")
    view = carry(away, tmp_path / "check.jws")
    assert view.case is not None
    assert view.case.state is CaseState.APPROVED
    away.agent.export_activate(tmp_path / "take.jws")
    view = carry(away, tmp_path / "take.jws")
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    assert [r.request.case_id for r in away.server.received if isinstance(r.request, Activate)] == [
        None,
        None,
        7,
    ]


def test_a_proof_that_met_a_case_is_signed_anew_once_it_is_decided(
    away: World, tmp_path: Path
) -> None:
    away.agent.export_release(tmp_path / "one.jws", ReleaseReason.OS)
    away.server.answer_next_with = lambda s, r: s.case(r, kind=CaseKind.CHANGED)
    assert carry(away, tmp_path / "one.jws").standing is Standing.RELEASING
    away.agent.export_release(tmp_path / "same.jws", ReleaseReason.OS)
    assert (tmp_path / "same.jws").read_bytes() == (tmp_path / "one.jws").read_bytes()
    away.server.cases = (away.server.summary(CaseState.APPROVED),)
    away.agent.export_check(tmp_path / "check.jws")
    carry(away, tmp_path / "check.jws")
    away.agent.export_check(tmp_path / "two.jws")
    assert carry(away, tmp_path / "two.jws").standing is Standing.RELEASED


def test_a_notice_is_given_out_and_again(away: World, tmp_path: Path) -> None:
    wish = Declaration(
        scope=(Change.BOARD,),
        starts_at=Timestamp(1_800_000_000),
        ends_at=Timestamp(1_800_100_000),
        reason="a new board",
        contact="the administrator",
    )
    for name in ("one", "two"):
        away.agent.export_notice(tmp_path / f"{name}.jws", wish)
    assert (tmp_path / "one.jws").read_bytes() == (tmp_path / "two.jws").read_bytes()
    assert away.agent.status().usable


def test_later_roots_reach_a_machine_without_a_network(away: World, tmp_path: Path) -> None:
    away.agent.export_check(tmp_path / "old.jws")
    away.become(machines.with_other_board(away.hardware))
    away.agent.export_check(tmp_path / "new.jws")
    away.server.rotate_document_key(keep=True)
    view = away.agent.import_(answered(away, tmp_path / "old.jws"))
    assert {"answer-overtaken", "roots-received"} <= {m.code for m in view.messages}
    with away.machine.store.reading() as memory:
        assert len(memory.roots) == 2
    assert unpack_roots((away.home.public / "roots.jws").read_bytes()) == away.server.roots
    view = carry(away, tmp_path / "new.jws")
    assert "roots-received" not in [m.code for m in view.messages]
    away.agent.export_check(tmp_path / "next.jws")
    assert open_request((tmp_path / "next.jws").read_bytes()).request.trust_version == 2


def test_a_license_of_a_revoked_key_is_asked_for_anew_by_hand(away: World, tmp_path: Path) -> None:
    away.agent.export_check(tmp_path / "check.jws")
    away.server.rotate_document_key()
    assert not carry(away, tmp_path / "check.jws").usable
    away.agent.export_check(tmp_path / "anew.jws")
    assert isinstance(open_request((tmp_path / "anew.jws").read_bytes()).request, Activate)
    assert carry(away, tmp_path / "anew.jws").generation == 2


def test_pasted_parts_are_an_answer_too(world: World, file: Path) -> None:
    world.agent.export_activate(file, LICENSE_KEY)
    parts = split_parts(answered(world, file))
    with pytest.raises(FileRefused) as refusal:
        world.agent.import_("\n".join(parts[1:]).encode())
    assert refusal.value.text_code == "parts-missing"
    assert refusal.value.parameters["numbers"] == "1"
    assert world.agent.import_("\r\n".join(reversed(parts)).encode()).usable


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


def test_a_tolerated_change_is_bound_anew_by_hand(away: World, file: Path) -> None:
    away.become(machines.with_other_cards(away.hardware))
    away.agent.export_activate(file)
    view = carry(away, file)
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)


def test_an_unreachable_server_leaves_what_can_be_given_out(world: World, file: Path) -> None:
    world.server.lose_next_request()
    with pytest.raises(ServerUnreachable):
        world.agent.activate(LICENSE_KEY)
    world.agent.export_activate(file, LICENSE_KEY)
    assert carry(world, file).usable


def test_the_server_is_the_same_by_either_way(world: World, file: Path) -> None:
    assert isinstance(world.server, SimulatedServer)
    world.agent.export_activate(file, LICENSE_KEY)
    assert answered(world, file) == answered(world, file)


def test_a_damaged_store_is_reported_too(active: World) -> None:
    active.home.store.write_bytes(b"rotten" * 100)
    raw = active.agent.report()
    report = open_device_document(
        raw, Report.typ, active.agent.device, msgspec.json.Decoder(Report)
    )
    assert (report.view.standing, report.high_water) == (Standing.DAMAGED, 0)


def test_a_recovery_file_is_advised_before_a_change(away: World, file: Path) -> None:
    view = away.agent.export_release(file, ReleaseReason.OS)
    assert "recovery-advised" in [m.code for m in view.messages]


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


def test_one_errand_does_what_check_would_ask_by_itself(away: World, tmp_path: Path) -> None:
    enrolled = away.hardware
    away.become(machines.with_other_board(enrolled))
    away.agent.export_activate(tmp_path / "ask.jws")
    away.server.answer_next_with = lambda s, r: s.case(r, kind=CaseKind.CHANGED)
    assert carry(away, tmp_path / "ask.jws").case is not None
    away.become(enrolled)
    away.agent.export_check(tmp_path / "undone.jws")
    assert isinstance(open_request((tmp_path / "undone.jws").read_bytes()).request, Withdraw)
    view = carry(away, tmp_path / "undone.jws")
    assert (view.standing, view.case) == (Standing.ACTIVE, None)
    away.become(machines.with_other_cards(enrolled))
    away.agent.export_check(tmp_path / "tolerated.jws")
    assert carry(away, tmp_path / "tolerated.jws").generation == 2
