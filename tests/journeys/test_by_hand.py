"""Machines without a network and the real signing server: files go out, answers come back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.errors import FileRefused, ServerUnreachable
from agent.notices import Declaration
from protocol.exchange import unpack_roots
from protocol.values import CaseState, ReleaseReason, Standing, Timestamp
from protocol.views import StatusView
from protocol.windows import Change
from tests import machines
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense


@pytest.fixture
def isolated(site: Site) -> Host:
    """A machine whose site has no way to the server."""
    host = site.host()
    site.server.stop()
    return host


def answer_of(host: Host, file: Path) -> bytes:
    return host.server.answer(file.read_bytes())


def carry(host: Host, file: Path) -> StatusView:
    return host.agent.import_(answer_of(host, file))


@pytest.fixture
def holder(isolated: Host, issued: IssuedLicense, tmp_path: Path) -> Host:
    """An isolated machine whose license came as a file."""
    isolated.agent.export_activate(tmp_path / "activate", issued.license_key)
    assert carry(isolated, tmp_path / "activate").usable
    return isolated


def ask_by_hand(host: Host, file: Path) -> int:
    """Ask for the license on a changed machine; the answer is a case."""
    host.become(machines.with_other_board(host.hardware))
    host.agent.export_activate(file)
    case = carry(host, file).case
    assert case is not None
    return case.case_id


def test_the_whole_life_by_hand(
    site: Site, isolated: Host, issued: IssuedLicense, tmp_path: Path
) -> None:
    host = isolated
    host.agent.export_activate(tmp_path / "activate", issued.license_key)
    assert carry(host, tmp_path / "activate").usable
    site.assert_nothing_lost_or_doubled()

    host.agent.export_check(tmp_path / "check")
    assert carry(host, tmp_path / "check").standing is Standing.ACTIVE

    host.agent.export_release(tmp_path / "release", ReleaseReason.HARDWARE)
    assert host.published() == {"roots.jws", "status.jws"}
    host.become(machines.with_other_board(host.hardware))
    assert carry(host, tmp_path / "release").standing is Standing.RELEASED
    site.assert_nothing_lost_or_doubled()

    host.agent.export_activate(tmp_path / "again")
    view = carry(host, tmp_path / "again")
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    site.assert_nothing_lost_or_doubled()


def test_every_answer_may_come_again_at_any_time(
    site: Site, isolated: Host, issued: IssuedLicense, tmp_path: Path
) -> None:
    host, answers = isolated, list[bytes]()
    exports: tuple[tuple[str, Callable[[Path], object]], ...] = (
        ("activate", lambda f: host.agent.export_activate(f, issued.license_key)),
        ("check", host.agent.export_check),
        ("release", lambda f: host.agent.export_release(f, ReleaseReason.OS)),
        ("again", host.agent.export_activate),
    )
    for name, export in exports:
        export(tmp_path / name)
        for old in answers:
            before = host.state
            host.agent.import_(old)
            # Every run looks at the machine, and remembers when it did.
            looked = {"last_match_at": before.last_match_at, "silence": before.silence}
            assert replace(host.state, **looked) == before
        answers.append(answer_of(host, tmp_path / name))
        host.agent.import_(answers[-1])
        site.assert_nothing_lost_or_doubled()
    assert host.state.generation == 2


def test_old_license_files_never_revive_a_released_machine(
    site: Site, isolated: Host, issued: IssuedLicense, tmp_path: Path
) -> None:
    host = isolated
    host.agent.export_activate(tmp_path / "activate", issued.license_key)
    license = answer_of(host, tmp_path / "activate")
    host.agent.import_(license)
    host.agent.export_release(tmp_path / "release", ReleaseReason.MOVE)
    assert not host.agent.import_(license).usable
    carry(host, tmp_path / "release")
    assert not host.agent.import_(license).usable
    second = site.host(machines.VIRTUAL_MACHINE)
    second.agent.export_activate(
        tmp_path / "second", issued.license_key, host.agent.reactivation_code()
    )
    with pytest.raises(FileRefused, match="answer-of-another-machine"):
        host.agent.import_(answer_of(second, tmp_path / "second"))
    assert carry(second, tmp_path / "second").usable
    assert not host.agent.import_(license).usable
    site.assert_nothing_lost_or_doubled()


def test_online_and_offline_mix_freely(
    site: Site, host: Host, issued: IssuedLicense, tmp_path: Path
) -> None:
    site.server.stop()
    with pytest.raises(ServerUnreachable):
        host.agent.activate(issued.license_key)
    host.agent.export_activate(tmp_path / "activate", issued.license_key)
    by_hand = answer_of(host, tmp_path / "activate")
    site.server.start()
    assert host.agent.check().generation == 1
    assert host.agent.import_(by_hand).generation == 1

    host.agent.export_check(tmp_path / "check")
    host.agent.check()
    assert host.agent.import_(answer_of(host, tmp_path / "check")).usable

    site.server.stop()
    host.agent.release(ReleaseReason.OS)
    host.agent.export_release(tmp_path / "release", ReleaseReason.OS)
    receipt = answer_of(host, tmp_path / "release")
    site.server.start()
    assert host.agent.check().standing is Standing.RELEASED
    assert host.agent.import_(receipt).standing is Standing.RELEASED
    assert host.agent.reactivate().generation == 2
    site.assert_nothing_lost_or_doubled()


def test_a_mistaken_activation_is_taken_back_by_hand_and_the_key_serves_another(
    site: Site, isolated: Host, issued: IssuedLicense, tmp_path: Path
) -> None:
    host = isolated
    host.agent.export_activate(tmp_path / "activate", issued.license_key)
    late = answer_of(host, tmp_path / "activate")
    host.agent.export_withdraw(tmp_path / "withdraw")
    assert carry(host, tmp_path / "withdraw").standing is Standing.UNLICENSED
    assert not host.agent.import_(late).usable
    site.assert_nothing_lost_or_doubled()
    second = site.host(machines.VIRTUAL_MACHINE)
    second.agent.export_activate(tmp_path / "second", issued.license_key)
    assert carry(second, tmp_path / "second").usable
    site.assert_nothing_lost_or_doubled()


def test_a_withdrawal_online_frees_what_its_lost_answer_bound(
    site: Site, host: Host, issued: IssuedLicense
) -> None:
    site.server.lose_next_answer(times=3)
    with pytest.raises(ServerUnreachable):
        host.agent.activate(issued.license_key)
    assert host.agent.withdraw().standing is Standing.UNLICENSED
    assert site.server.rows("Binding", state="active") == []
    assert host.agent.activate(issued.license_key).usable
    site.assert_nothing_lost_or_doubled()


def test_a_change_that_was_undone_takes_its_case_back(site: Site, active: Host) -> None:
    enrolled = active.hardware
    active.become(machines.with_other_board(enrolled))
    assert active.agent.reactivate().case is not None
    active.become(enrolled)
    view = active.agent.check()
    assert (view.standing, view.case, view.generation) == (Standing.ACTIVE, None, 1)
    assert site.server.rows("Case", state=CaseState.OPEN.value) == []
    site.assert_nothing_lost_or_doubled()


def test_a_rotated_key_reaches_a_machine_without_a_network(
    site: Site, holder: Host, tmp_path: Path
) -> None:
    holder.agent.export_check(tmp_path / "check")
    site.server.rotate()
    view = carry(holder, tmp_path / "check")
    assert "roots-received" in [m.code for m in view.messages]
    assert len(unpack_roots((holder.home.public / "roots.jws").read_bytes())) == 2
    assert view.usable
    holder.agent.export_release(tmp_path / "release", ReleaseReason.OS)
    carry(holder, tmp_path / "release")
    holder.agent.export_activate(tmp_path / "again")
    assert carry(holder, tmp_path / "again").generation == 2
    site.assert_nothing_lost_or_doubled()


def test_the_vendors_decision_comes_by_hand(site: Site, holder: Host, tmp_path: Path) -> None:
    case_id = ask_by_hand(holder, tmp_path / "ask")
    site.server.decide_case(case_id, "approved")
    # The answer to a request that was seen stays the same for ever; a new one hears the decision.
    assert carry(holder, tmp_path / "ask").standing is Standing.DRIFTED
    holder.agent.export_activate(tmp_path / "take")
    view = carry(holder, tmp_path / "take")
    assert (view.standing, view.generation, view.case) == (Standing.ACTIVE, 2, None)
    site.assert_nothing_lost_or_doubled()


def test_a_declared_change_is_bound_in_agreement_by_hand(
    site: Site, holder: Host, tmp_path: Path
) -> None:
    now = site.server.now()
    wish = Declaration(
        scope=(Change.BOARD,),
        starts_at=Timestamp(now - 60),
        ends_at=Timestamp(now + 7200),
        reason="a new board",
        contact="the administrator",
    )
    holder.agent.export_notice(tmp_path / "notice", wish)
    assert carry(holder, tmp_path / "notice").window is not None
    holder.become(machines.with_other_board(holder.hardware))
    view = holder.agent.check()
    assert (view.standing, view.usable) == (Standing.DRIFTED, True)
    holder.agent.export_check(tmp_path / "anew")
    view = carry(holder, tmp_path / "anew")
    assert (view.standing, view.generation, view.case) == (Standing.ACTIVE, 2, None)
    site.assert_nothing_lost_or_doubled()


def test_a_case_is_taken_back_by_hand_and_the_license_runs_on(
    site: Site, holder: Host, tmp_path: Path
) -> None:
    ask_by_hand(holder, tmp_path / "ask")
    holder.agent.export_withdraw(tmp_path / "withdraw")
    view = carry(holder, tmp_path / "withdraw")
    assert (view.standing, view.usable, view.case) == (Standing.DRIFTED, True, None)
    assert site.server.rows("Case", state=CaseState.OPEN.value) == []
    site.assert_nothing_lost_or_doubled()


def test_files_that_arrive_late_never_look_like_a_copied_machine(
    site: Site, holder: Host, tmp_path: Path
) -> None:
    holder.agent.export_check(tmp_path / "late")
    holder.become(machines.with_other_cards(holder.hardware))
    holder.agent.export_activate(tmp_path / "anew")
    assert carry(holder, tmp_path / "anew").generation == 2
    site.server.start()
    assert holder.agent.check().usable
    site.server.stop()
    view = carry(holder, tmp_path / "late")
    assert (view.standing, view.usable) == (Standing.ACTIVE, True)
    assert [device["must_renew"] for device in site.server.rows("Device")] == [False]
    site.assert_nothing_lost_or_doubled()
