"""Old backups, damaged stores and several agents at once (§4 damaged, §5 fork, §7)."""

import shutil
import threading
from pathlib import Path

import pytest

from agent.bootstrap import set_up
from agent.config import Settings
from agent.errors import AgentError, DocumentRefused, StoreDamaged
from agent.license_store import SqliteStore
from agent.use_cases import Agent
from protocol import jws
from protocol.documents import Permit
from protocol.envelope import open_device_document
from protocol.exchange import pack_roots
from protocol.values import DeviceId, ReleaseReason, Standing, Timestamp
from tests import machines
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer

STRANGER = DeviceId("A" * 43)


def backup(world: World) -> bytes:
    return world.home.store.read_bytes()


def test_an_old_store_heals_when_the_license_did_not_move(active: World) -> None:
    old = backup(active)
    for _ in range(3):
        active.agent.check()
    active.home.store.write_bytes(old)
    assert active.agent.check().usable
    assert active.state.sequence == active.server.last_sequence
    assert active.agent.release(ReleaseReason.OS).standing is Standing.RELEASED


def test_an_old_store_is_superseded_when_the_license_moved(active: World) -> None:
    old = backup(active)
    active.agent.release(ReleaseReason.MOVE)
    active.server.bound_to, active.server.generation = STRANGER, 2
    active.home.store.write_bytes(old)
    view = active.agent.check()
    assert (view.standing, view.usable) == (Standing.SUPERSEDED, False)
    assert not {"license.jws", "permit.jws"} & active.published()


def test_a_proof_from_an_old_store_is_signed_again_under_a_new_sequence(active: World) -> None:
    active.agent.check()
    old = backup(active)
    for _ in range(3):
        active.agent.check()
    active.home.store.write_bytes(old)
    assert active.agent.release(ReleaseReason.OS).standing is Standing.RELEASED
    proofs = [
        r.request for r in active.server.received if r.request.__struct_config__.tag == "release"
    ]
    assert len(proofs) == 2
    assert proofs[0].sequence < proofs[1].sequence
    assert active.server.bound_to is None


@pytest.mark.parametrize("damage", ["garbage", "zero", "gone", "roots"])
def test_a_damaged_store_is_set_aside_and_activation_repairs_it(active: World, damage: str) -> None:
    device = active.machine.identity.device
    if damage == "gone":
        active.home.store.unlink()
    elif damage == "roots":
        with active.machine.store.transaction() as tx:
            tx._remember("roots", b"\n\n")  # type: ignore[attr-defined]  # a fault, injected
    else:
        active.home.store.write_bytes(b"garbage" * 999 if damage == "garbage" else b"")
    assert active.agent.status().standing is Standing.DAMAGED
    with pytest.raises(StoreDamaged):
        active.agent.check()
    assert not {"license.jws", "permit.jws"} & active.published()
    view = active.agent.status()
    assert (view.standing, view.actions) == (Standing.DAMAGED, ("activate",))
    view = active.agent.activate(LICENSE_KEY)
    assert (view.usable, view.generation) == (True, 2)
    assert active.server.bound_to == device
    kept = [p for p in active.home.private.iterdir() if ".damaged-" in p.name]
    assert len(kept) == (0 if damage == "gone" else 1)


def test_a_root_chain_that_rotted_in_the_store_is_damage_with_a_way_out(active: World) -> None:
    with active.machine.store.transaction() as tx:
        ((envelope,),) = tx.roots
        head, _, _ = envelope.rpartition(b".")
        tx.save_roots(((head + b"." + b"A" * 86,),))
    assert active.agent.status().standing is Standing.DAMAGED
    with pytest.raises(StoreDamaged):
        active.agent.check()
    assert active.agent.activate(LICENSE_KEY).usable


def test_the_store_of_another_machine_is_set_aside_and_never_runs_here(
    tmp_path: Path, active: World
) -> None:
    other = World(tmp_path / "other", active.server)
    shutil.copy(active.home.store, other.home.store)
    assert not other.agent.status().usable
    with pytest.raises(StoreDamaged):
        other.agent.check()
    assert not {"license.jws", "permit.jws"} & other.published()
    view = other.agent.activate(LICENSE_KEY)
    assert (view.usable, view.case is not None) == (False, True)
    assert active.agent.check().usable


def test_a_repair_that_was_interrupted_is_begun_again(active: World) -> None:
    active.home.store.unlink()
    active.machine.store.create()  # and then the process died
    with pytest.raises(StoreDamaged):
        active.agent.check()
    assert active.state.standing is Standing.DAMAGED
    assert active.agent.activate(LICENSE_KEY).usable


@pytest.mark.parametrize("roots", [b"\n\n", b"e30.e30.AAAA\n"])
def test_without_believable_roots_nothing_is_moved(active: World, roots: bytes) -> None:
    active.home.store.write_bytes(b"garbage" * 999)
    (active.home.public / "roots.jws").write_bytes(roots)
    with pytest.raises(DocumentRefused):
        active.agent.check()
    assert active.home.store.read_bytes() == b"garbage" * 999


def test_a_second_process_that_saw_the_damage_leaves_the_repair_alone(active: World) -> None:
    from agent import steps

    active.home.store.write_bytes(b"garbage" * 999)
    late = active.machine
    with pytest.raises(StoreDamaged):
        late.observe()
    with pytest.raises(StoreDamaged):
        active.agent.check()
    active.agent.activate(LICENSE_KEY)
    steps._set_aside(late)
    assert active.state.standing is Standing.ACTIVE
    assert active.agent.check().usable


def test_the_public_folder_comes_back(active: World) -> None:
    shutil.rmtree(active.home.public)
    assert active.agent.check().usable
    assert active.published() == {"roots.jws", "license.jws", "permit.jws", "status.jws"}


def at_once(*acts: object) -> list[object]:
    """Run acts in threads, released together; what each returned or raised."""
    barrier, results = threading.Barrier(len(acts)), []

    def run(act: object) -> None:
        barrier.wait()
        try:
            results.append(act())  # type: ignore[operator]
        except AgentError as problem:
            results.append(problem)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("_round", range(4))
def test_several_activations_at_once_bind_once(tmp_path: Path, _round: int) -> None:
    world = World(tmp_path, SimulatedServer())
    agents: list[Agent] = [world.agent for _ in range(3)]
    at_once(*[lambda agent=agent: agent.activate(LICENSE_KEY) for agent in agents])
    assert world.agent.check().usable
    assert world.server.generation == 1


@pytest.mark.parametrize("_round", range(4))
def test_checks_and_a_release_at_once_leave_no_copy(active: World, _round: int) -> None:
    agents = [active.agent for _ in range(3)]
    at_once(agents[0].check, agents[1].check, lambda: agents[2].release(ReleaseReason.HARDWARE))
    assert active.agent.check().standing is Standing.RELEASED
    assert active.server.bound_to is None
    assert not {"license.jws", "permit.jws"} & active.published()


def permit(world: World) -> Permit:
    import msgspec

    raw = (world.home.public / "permit.jws").read_bytes()
    device = world.machine.identity.device
    return open_device_document(raw, Permit.typ, device, msgspec.json.Decoder(Permit))


def test_the_permit_names_document_generation_and_machine(active: World) -> None:
    from agent.hardware.linux import LinuxProbe

    found = permit(active)
    document = (active.home.public / "license.jws").read_bytes()
    assert found.document == jws.digest(document)
    assert (found.generation, found.standing) == (1, Standing.ACTIVE)
    assert found.machine_tag == LinuxProbe(active.machine_folder).machine_tag()
    assert found.expires_at - found.issued_at == 30 * 24 * 3600
    assert found.grace_hours_left is None
    assert (active.home.public / "permit.jws").stat().st_mode & 0o777 == 0o644


def test_every_run_renews_the_permit_and_a_drifted_one_says_so(active: World) -> None:
    active.clock.time += 3600  # type: ignore[assignment]  # seconds
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    found = permit(active)
    assert found.issued_at == active.clock.time
    assert (found.standing, found.grace_hours_left) == (Standing.DRIFTED, 72)


def test_setup_leads_out_when_store_and_public_folder_are_both_gone(active: World) -> None:
    garbage = b"this was a license store" * 1000
    active.home.store.write_bytes(garbage)
    shutil.rmtree(active.home.public)
    set_up(active.home, Settings(server="https://license.example"), pack_roots(active.server.roots))
    kept = [path for path in active.home.private.iterdir() if ".damaged-" in path.name]
    assert [path.read_bytes() for path in kept] == [garbage]
    assert active.agent.status().standing is Standing.DAMAGED
    view = active.agent.activate(LICENSE_KEY)
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)


def test_setup_leads_out_when_the_device_key_is_lost(active: World) -> None:
    store = active.home.store.read_bytes()
    active.home.identity.unlink()
    set_up(active.home, Settings(server="https://license.example"), pack_roots(active.server.roots))
    kept = [path for path in active.home.private.iterdir() if ".damaged-" in path.name]
    assert [path.read_bytes() for path in kept] == [store]
    assert active.agent.status().standing is Standing.DAMAGED
    assert not active.published() & {"license.jws", "permit.jws"}
    # Another device now, so the vendor decides; the license still is where it was.
    assert active.agent.activate(LICENSE_KEY).case is not None
    assert active.server.generation == 1


def test_set_up_leaves_alone_what_another_process_began_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, SimulatedServer())
    world.agent.activate(LICENSE_KEY)
    world.home.store.write_bytes(b"no store at all" * 100)
    set_aside = SqliteStore.set_aside

    def overtaken(store: SqliteStore, at: Timestamp) -> Path | None:
        monkeypatch.setattr(SqliteStore, "set_aside", set_aside)
        with pytest.raises(StoreDamaged):
            world.agent.check()
        world.agent.activate(LICENSE_KEY)
        return set_aside(store, at)

    monkeypatch.setattr(SqliteStore, "set_aside", overtaken)
    set_up(world.home, Settings(server="https://license.example"), pack_roots(world.server.roots))
    assert world.state.standing is Standing.ACTIVE
