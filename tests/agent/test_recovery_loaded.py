"""What a machine is after a recovery file was loaded on it (§7)."""

import shutil
from pathlib import Path

import msgspec
import pytest

from agent.bootstrap import set_up
from agent.config import Settings
from agent.errors import AlreadySetUp, DocumentRefused, NotAllowed
from agent.identity import Keys, load_identity
from agent.state import State
from protocol.comparison import compare
from protocol.documents import Activate, License
from protocol.envelope import open_answer
from protocol.exchange import pack_roots
from protocol.trust import Trust
from protocol.values import ReleaseReason, Standing
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import DEFAULT_POLICY
from tests import machines
from tests.agent.test_recovery import STRANGER
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_ID, LICENSE_KEY, NOW, SimulatedServer


def reinstall(world: World, name: str = "reinstalled") -> World:
    """The operating system is new: another machine-id, and nothing of the home is left."""
    fresh = World(world.home.folder.parent / name, world.server)
    fresh.become(machines.with_reinstalled_os(world.hardware))
    return fresh


def test_after_a_new_operating_system_the_same_device_takes_its_license(active: World) -> None:
    device = active.machine.identity.device
    active.agent.release(ReleaseReason.OS)
    recovery = active.agent.recovery()
    fresh = reinstall(active)
    assert fresh.machine.identity.device != device
    view = fresh.agent.restore(recovery)
    assert view.standing is Standing.UNLICENSED
    assert view.actions[0] == "reactivate"
    assert view.messages[-1].code == "recovery-loaded"
    assert [receipt.license_id for receipt in fresh.agent.receipts()] == [LICENSE_ID]
    assert fresh.agent.reactivation_code() is not None
    view = fresh.agent.reactivate()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    assert fresh.machine.identity.device == active.server.bound_to == device
    asked = fresh.server.received[-1].request
    assert isinstance(asked, Activate)
    assert asked.high_water == 1


def test_the_salt_comes_back_so_that_tags_can_be_compared(active: World) -> None:
    with active.machine.store.reading() as memory:
        document, roots = memory.license_document, memory.roots
    assert document is not None
    enrolled = open_answer(document, Trust.follow(roots))
    assert isinstance(enrolled, License)
    fresh = reinstall(active)
    fresh.agent.restore(active.agent.recovery())
    fresh.agent.reactivate()
    asked = fresh.server.received[-1].request
    assert isinstance(asked, Activate)
    seen = compare(enrolled.fingerprint, asked.fingerprint, DEFAULT_POLICY)
    assert (seen.verdict, seen.os) == (Verdict.MATCH, OsVerdict.REINSTALL)


def test_a_machine_that_runs_or_waits_is_no_place_for_it(active: World) -> None:
    recovery = active.agent.recovery()
    before = active.machine.identity
    with pytest.raises(NotAllowed):
        active.agent.restore(recovery)
    active.server.lose_next_request()
    active.agent.release(ReleaseReason.OS)
    with pytest.raises(NotAllowed):
        active.agent.restore(recovery)
    assert active.machine.identity == before


def test_a_case_that_waits_is_decided_or_taken_back_first(active: World) -> None:
    fresh = reinstall(active)
    assert fresh.agent.activate(LICENSE_KEY).case is not None
    with pytest.raises(NotAllowed):
        fresh.agent.restore(active.agent.recovery())
    fresh.agent.withdraw()
    fresh.agent.restore(active.agent.recovery())
    assert fresh.agent.reactivate().usable


def test_another_vendors_customer_is_refused_and_nothing_is_changed(
    active: World, tmp_path: Path
) -> None:
    stranger = World(tmp_path / "stranger", SimulatedServer())
    before = (stranger.state, stranger.machine.identity)
    with pytest.raises(AlreadySetUp):
        stranger.agent.restore(active.agent.recovery())
    assert (stranger.state, stranger.machine.identity) == before


@pytest.mark.parametrize("later", ["file", "machine"])
def test_the_longer_of_two_root_chains_is_kept(active: World, later: str) -> None:
    old = active.agent.recovery()
    active.server.rotate_document_key()
    active.agent.check()
    fresh = reinstall(active)
    if later == "file":
        fresh.agent.restore(active.agent.recovery())
    else:
        root = pack_roots(active.server.roots)
        set_up(fresh.home, Settings(server="https://license.example"), root)
        fresh.agent.restore(old)
    with fresh.machine.store.reading() as memory:
        assert memory.roots == active.server.roots
    assert fresh.agent.reactivate().usable


def test_a_receipt_that_the_vendor_did_not_sign_is_refused_whole(active: World) -> None:
    active.agent.release(ReleaseReason.OS)
    recovery = active.agent.recovery()
    (receipt,) = recovery.receipts
    fresh = reinstall(active)
    before = (fresh.state, fresh.machine.identity)
    with active.machine.store.reading() as memory:
        license = memory.papers()[0].raw
    for forged in (receipt[:-4] + b"AAAA", license):
        with pytest.raises(DocumentRefused):
            fresh.agent.restore(msgspec.structs.replace(recovery, receipts=(forged,)))
    assert (fresh.state, fresh.machine.identity) == before


def test_marks_and_counters_only_grow(active: World) -> None:
    old = active.agent.recovery()
    for _ in range(3):
        active.agent.release(ReleaseReason.OS)
        active.agent.reactivate()
    active.agent.release(ReleaseReason.OS)
    before = active.state
    active.agent.restore(old)
    after = active.state
    assert (after.high_water, after.sequence) == (before.high_water, before.sequence)
    assert after.standing is Standing.RELEASED
    assert active.agent.reactivation_code() is not None
    assert active.agent.reactivate().usable


def superseded(world: World) -> World:
    """The license moved on; the document that ran here is still in the store."""
    world.server.bound_to, world.server.generation = STRANGER, 2
    assert world.agent.check().standing is Standing.SUPERSEDED
    return world


def test_a_superseded_store_takes_it_and_keeps_what_it_knows(active: World) -> None:
    recovery = reinstall(active).agent.recovery()
    before = superseded(active).state
    view = active.agent.restore(recovery)
    assert (view.standing, view.usable) == (Standing.SUPERSEDED, False)
    assert active.machine.identity == recovery.identity
    assert active.state.high_water == before.high_water
    active.server.bound_to = None
    assert active.agent.reactivate().usable


def test_a_damaged_store_is_set_aside_by_the_loading(active: World) -> None:
    active.agent.release(ReleaseReason.OS)
    recovery = active.agent.recovery()
    active.home.store.write_bytes(b"garbage" * 999)
    view = active.agent.restore(recovery)
    assert (view.standing, view.actions[0]) == (Standing.DAMAGED, "reactivate")
    assert len(active.agent.receipts()) == 1
    assert active.agent.reactivate().generation == 2


def test_a_lost_identity_comes_back_after_setup(active: World) -> None:
    recovery, device = active.agent.recovery(), active.machine.identity.device
    active.home.identity.unlink()
    set_up(active.home, Settings(server="https://license.example"), pack_roots(active.server.roots))
    assert active.machine.identity.device != device
    active.agent.restore(recovery)
    assert active.agent.reactivate().generation == 2
    assert active.machine.identity.device == device


def test_the_former_identity_is_kept_under_another_name(active: World) -> None:
    fresh = reinstall(active)
    former = fresh.machine.identity
    fresh.agent.restore(active.agent.recovery())
    kept = fresh.home.private / f"identity.json.replaced-{NOW}"
    assert load_identity(kept) == former
    assert kept.stat().st_mode & 0o777 == 0o600
    fresh.agent.restore(active.agent.recovery())
    assert len(list(fresh.home.private.glob("identity.json.*"))) == 1


def test_a_successor_of_the_former_device_goes_with_it(active: World) -> None:
    fresh = reinstall(active)
    Keys(fresh.home.identity).renew()
    fresh.agent.restore(active.agent.recovery())
    assert Keys(fresh.home.identity).successor is None


class PowerCutError(Exception):
    """The power went."""


def cut_at(point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the identity is written; or after it, and before the store's commit."""

    def cut(*_: object) -> None:
        raise PowerCutError

    step = {"identity": "agent.identity.Keys.replace", "commit": "agent.restoring._remembered"}
    monkeypatch.setattr(step[point], cut)


@pytest.mark.parametrize("point", ["identity", "commit"])
def test_a_crash_while_loading_leaves_a_home_that_works(
    active: World, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    active.agent.release(ReleaseReason.OS)
    recovery = active.agent.recovery()
    fresh = reinstall(active)
    cut_at(point, monkeypatch)
    with pytest.raises(PowerCutError):
        fresh.agent.restore(recovery)
    monkeypatch.undo()
    assert fresh.agent.status().standing is Standing.UNLICENSED
    assert fresh.state == State()
    if point == "commit":
        # It is the known device already: the license key alone takes the license.
        lonely = World(fresh.home.folder.parent.parent / "lonely", active.server)
        shutil.copytree(fresh.home.private, lonely.home.private, dirs_exist_ok=True)
        assert lonely.machine.identity == recovery.identity
        assert lonely.agent.activate(LICENSE_KEY).usable
        lonely.agent.release(ReleaseReason.OS)
    fresh.agent.restore(recovery)
    assert fresh.agent.reactivate().usable


@pytest.mark.parametrize("point", ["identity", "commit"])
def test_a_crash_while_loading_into_a_superseded_store_damages_nothing(
    active: World, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recovery = reinstall(active).agent.recovery()
    before = superseded(active).state
    cut_at(point, monkeypatch)
    with pytest.raises(PowerCutError):
        active.agent.restore(recovery)
    monkeypatch.undo()
    assert active.agent.status().standing is Standing.SUPERSEDED
    assert active.state == before
    assert active.agent.restore(recovery).standing is Standing.SUPERSEDED


def test_loaded_beside_the_machine_that_lives_it_finds_the_license_bound(active: World) -> None:
    """The same device on other hardware: the server's fork rules judge, and nobody is stopped."""
    twin = reinstall(active, "twin")
    twin.agent.restore(active.agent.recovery())
    active.server.answer_next_with = lambda server, signed: server.case(signed)
    view = twin.agent.reactivate()
    assert (view.usable, view.case is not None) == (False, True)
    assert active.agent.check().usable


def test_the_file_of_before_a_key_renewal_is_told_who_holds_the_license(active: World) -> None:
    old = active.agent.recovery()
    active.server.renew_key = True
    active.agent.check()
    fresh = reinstall(active)
    fresh.agent.restore(old)
    view = fresh.agent.reactivate()
    assert (view.usable, view.case is not None) == (False, True)
    fresh = reinstall(active, "again")
    fresh.agent.restore(active.agent.recovery())
    assert fresh.agent.reactivate().usable
