"""What is given out again, late, twice or beside the network: the same, or signed anew (§3, §4)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import NotAllowed, ServerRefused, ServerUnreachable
from protocol.documents import CheckIn, Release, Withdraw
from protocol.envelope import open_request
from protocol.problems import RefusalCode
from protocol.values import CaseKind, CaseState, ReleaseReason, Standing
from tests import machines
from tests.agent.carrying import answered, away, carry, file
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, OTHER_KEY, SimulatedServer

__all__ = ["away", "file"]


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
    asked = open_request((tmp_path / "activate.jws").read_bytes()).request.request_id
    assert [(w.sequence, w.takes_back) for w in sent] == [(2, asked), (41, asked)]


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
