"""The whole life by hand: every errand goes out as a file and comes back as one (§3, §4)."""

from pathlib import Path

import msgspec
import pytest

from agent.errors import FileRefused
from agent.files import write_once
from agent.notices import Declaration
from protocol.documents import Activate, Withdraw
from protocol.envelope import open_device_document, open_request
from protocol.exchange import unpack_roots
from protocol.parts import split_parts
from protocol.values import CaseKind, CaseState, ReleaseReason, Standing, Timestamp
from protocol.views import Report
from protocol.windows import Change
from tests import machines
from tests.agent.carrying import answered, away, carry, file
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY

__all__ = ["away", "file"]


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


def test_a_request_may_be_shown_and_written_nowhere(world: World, file: Path) -> None:
    agent = world.agent
    view = agent.export_activate(None, LICENSE_KEY)
    assert agent.given_out.startswith(b"eyJ")
    assert "request-shown" in [m.code for m in view.messages]
    events = ["activate-asked", "request-shown"]
    assert [e.event for e in world.agent.history()] == events
    again = world.agent
    again.export_check(None)
    assert again.given_out == agent.given_out
    assert [e.event for e in world.agent.history()] == events
    world.agent.export_activate(file)
    assert file.read_bytes() == agent.given_out
    # What is shown as well still lies in its file.
    view = world.agent.export_check(None)
    assert ("request-exported", str(file)) in [
        (m.code, m.parameters.get("path")) for m in view.messages
    ]
    assert world.agent.import_(world.server.answer(agent.given_out)).usable


def test_a_check_in_that_was_shown_is_not_overtaken(away: World) -> None:
    shown = away.agent
    shown.export_check(None)
    again = away.agent
    again.export_check(None)
    assert again.given_out == shown.given_out
    away.server.now = Timestamp(away.server.now + 5000)
    answer = away.server.answer(shown.given_out)
    assert away.agent.import_(answer).confirmed_at == away.server.now


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


def test_a_tolerated_change_is_bound_anew_by_hand(away: World, file: Path) -> None:
    away.become(machines.with_other_cards(away.hardware))
    away.agent.export_activate(file)
    view = carry(away, file)
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)


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
