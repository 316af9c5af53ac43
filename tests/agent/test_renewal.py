"""A device key that was copied is renewed: two keys, and always exactly one that counts (§5)."""

import shutil
from pathlib import Path

import msgspec
import pytest

from agent import steps
from agent.bootstrap import set_up
from agent.config import Settings
from agent.errors import ServerUnreachable, StoreDamaged
from agent.identity import Keys
from agent.machine import Machine, Ports
from agent.notices import declared
from agent.public_status import read_public_status
from agent.publication import PublicFolder
from agent.renewal import is_due, waits_as_successor
from agent.state import State
from agent.use_cases import Agent
from protocol.documents import Activate, AnyAnswer, CheckIn, Permit, Truth, Withdraw
from protocol.envelope import SignedRequest, open_device_document, open_handover
from protocol.exchange import pack_roots
from protocol.problems import RefusalCode
from protocol.values import CaseKind, CaseState, DeviceId, ReleaseReason, Standing, Timestamp
from protocol.views import StatusView
from tests import machines
from tests.agent.dying import DyingStore
from tests.agent.lifecycles import HELD, case
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, NOW, SimulatedServer

DAY = 24 * 3600


@pytest.fixture
def copied(active: World) -> World:
    """The server saw that the store of this machine was put back or copied."""
    active.server.renew_key = True
    return active


def device(world: World) -> DeviceId:
    return world.machine.identity.device


def successor_file(world: World) -> Path:
    return world.home.private / "successor.json"


def activations(world: World) -> list[tuple[DeviceId, Activate]]:
    asked = [(r.device, r.request) for r in world.server.received]
    return [(who, request) for who, request in asked if isinstance(request, Activate)]


def codes_of(view: StatusView) -> list[str]:
    return [message.code for message in view.messages]


def require_one_key(world: World) -> None:
    """Whatever runs here runs under the key that its document, permit and status copy name."""
    view = world.agent.status()
    assert view.usable
    world.agent.check()
    decoder = msgspec.json.Decoder(Permit)
    raw = (world.home.public / "permit.jws").read_bytes()
    permit = open_device_document(raw, Permit.typ, device(world), decoder)
    assert permit.generation == world.state.generation == world.server.generation
    assert world.server.bound_to == device(world)
    assert read_public_status(world.home).device == device(world)


def test_a_check_renews_the_key_by_itself(copied: World) -> None:
    former, salt = device(copied), copied.machine.identity.salt
    view = copied.agent.check()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    assert codes_of(view)[-1] == "key-renewed"
    assert device(copied) != former
    assert copied.machine.identity.salt == salt
    ((_, first), (heir, request)) = activations(copied)
    assert (first.handover, heir) == (None, device(copied))
    assert request.handover is not None
    assert open_handover(request.handover.encode(), heir) == former
    assert request.sequence > first.sequence
    assert not successor_file(copied).exists()
    assert "key-renewed" in [entry.event for entry in copied.agent.history()]
    require_one_key(copied)


def test_everything_later_is_signed_by_the_new_key(copied: World) -> None:
    copied.agent.check()
    copied.server.received.clear()
    assert copied.agent.check().usable
    assert "key-renewed" not in codes_of(copied.agent.status())
    copied.become(machines.with_other_cards(copied.hardware))
    assert copied.agent.check().generation == 3
    assert copied.agent.release(ReleaseReason.HARDWARE).standing is Standing.RELEASED
    assert copied.agent.reactivate().usable
    assert {signed.device for signed in copied.server.received} == {device(copied)}


def test_a_refused_activation_asks_under_the_next_key_at_once(copied: World) -> None:
    copied.become(machines.with_other_board(copied.hardware))
    view = copied.agent.reactivate()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    (_, refused), (_, heard) = activations(copied)[1:]
    assert (refused.handover, heard.handover is None) == (None, False)
    require_one_key(copied)


def test_a_machine_that_does_not_match_runs_on_under_its_key_and_waits(copied: World) -> None:
    former = device(copied)
    copied.server.matches = False
    view = copied.agent.check()
    assert (view.usable, view.case and view.case.kind) == (True, CaseKind.FORK)
    assert (device(copied), copied.state.renew_key) == (former, True)
    assert successor_file(copied).exists()
    for _ in range(3):
        copied.agent.check()
    assert len(activations(copied)) == 2
    held = [r.device for r in copied.server.received if is_check_in(r, holding=True)]
    assert set(held) == {former}


def is_check_in(signed: SignedRequest, *, holding: bool) -> bool:
    request = signed.request
    return isinstance(request, CheckIn) and (request.license is not None) is holding


def decided(world: World, state: CaseState) -> None:
    """The vendor decides, and tells it to the device whose case it is alone."""
    case = world.state.case
    assert case is not None
    heir, told = activations(world)[-1][0], msgspec.structs.replace(case, state=state)

    def truth(signed: SignedRequest) -> Truth:
        world.server.cases = (told,) if signed.device == heir else ()
        return SimulatedServer.truth(world.server, signed)

    world.server.truth = truth  # type: ignore[method-assign]  # another world


@pytest.mark.parametrize("by", ["check", "reactivate"])
def test_an_approval_is_heard_and_taken_up_under_the_next_key(copied: World, by: str) -> None:
    copied.server.matches = False
    copied.agent.check()
    case = copied.state.case
    assert case is not None
    decided(copied, CaseState.APPROVED)
    copied.server.matches = True
    assert getattr(copied.agent, by)().generation == 2
    assert activations(copied)[-1][1].case_id == case.case_id
    require_one_key(copied)


def test_a_next_key_that_was_copied_too_gives_way_to_another(copied: World) -> None:
    copied.server.matches = False
    copied.agent.check()
    decided(copied, CaseState.APPROVED)
    copied.server.matches = True
    spent, renew = activations(copied)[-1][0], copied.server.renew

    def refuse_the_first(signed: SignedRequest, request: Activate) -> AnyAnswer:
        if signed.device == spent:
            return copied.server.refusal(signed, RefusalCode.KEY_RENEWAL_NEEDED)
        return renew(signed, request)

    copied.server.renew = refuse_the_first  # type: ignore[method-assign]  # a server that suspects
    view = copied.agent.check()
    assert (view.generation, copied.state.case) == (2, None)
    assert device(copied) not in {spent, activations(copied)[0][0]}
    require_one_key(copied)


def test_a_case_of_the_next_key_is_heard_whatever_it_is_about() -> None:
    state = msgspec.structs.replace(HELD, renew_key=True, renewal_asked_at=NOW)
    for kind in CaseKind:
        about = msgspec.structs.replace(case(), kind=kind)
        assert waits_as_successor(msgspec.structs.replace(state, case=about))
    assert not waits_as_successor(state)
    assert not waits_as_successor(msgspec.structs.replace(HELD, case=case()))


def test_a_notice_renews_the_key_first(copied: World) -> None:
    declaration = declared("board", NOW, Timestamp(NOW + DAY), reason="new board", contact="Sara")
    view = copied.agent.notice(declaration)
    assert view.window is not None
    assert copied.server.generation == 2
    require_one_key(copied)


def test_a_declined_renewal_is_not_asked_for_again_before_a_month(copied: World) -> None:
    copied.server.matches = False
    copied.agent.check()
    decided(copied, CaseState.DECLINED)
    for _ in range(2):
        assert (copied.agent.check().usable, copied.state.case) == (True, None)
    assert len(activations(copied)) == 2
    copied.server.matches = True
    copied.clock.time = Timestamp(NOW + 30 * DAY)
    assert copied.agent.check().generation == 2
    require_one_key(copied)


def test_taking_back_the_renewal_is_said_by_who_asked(copied: World) -> None:
    copied.server.matches = False
    copied.agent.check()
    heir = activations(copied)[-1][0]
    view = copied.agent.withdraw()
    assert (view.usable, view.case) == (True, None)
    assert [
        signed.device for signed in copied.server.received if isinstance(signed.request, Withdraw)
    ] == [heir]


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [(None, True), (NOW, False), (NOW - 30 * DAY, True), (NOW + 30 * DAY, True)],
)
def test_the_next_key_is_asked_for_once_a_month_under_any_clock(
    asked_at: int | None, *, due: bool
) -> None:
    asked = Timestamp(asked_at) if asked_at else None
    state = msgspec.structs.replace(HELD, renew_key=True, renewal_asked_at=asked)
    assert is_due(state, NOW) is due
    assert not is_due(msgspec.structs.replace(state, renew_key=False), NOW)
    assert not is_due(State(renew_key=True), NOW)


def test_a_lost_answer_is_asked_for_again_under_the_same_key(copied: World) -> None:
    copied.agent.status()
    copied.server.answer_next_with = None
    send = copied.server.send

    def lose_activations(raw: bytes) -> bytes:
        answer = send(raw)
        if isinstance(copied.server.received[-1].request, Activate):
            raise ServerUnreachable(server="simulated")
        return answer

    copied.server.send = lose_activations  # type: ignore[method-assign,assignment]  # the network before it
    former = device(copied)
    view = copied.agent.check()
    assert (view.usable, device(copied)) == (True, former)
    copied.server.send = send  # type: ignore[method-assign]  # and mended
    assert copied.agent.check().generation == 2
    first, again = activations(copied)[-2:]
    assert (first[0], first[1].request_id) == (again[0], again[1].request_id)
    assert copied.server.generation == 2
    require_one_key(copied)


def test_the_successor_of_a_lost_identity_is_not_taken_for_our_own(copied: World) -> None:
    Keys(copied.home.identity).renew()
    copied.home.identity.unlink()
    root = pack_roots(copied.server.roots)
    set_up(copied.home, Settings(server="https://license.example"), root)
    keys = Keys(copied.home.identity)
    assert keys.successor is None
    assert keys.renew().salt == keys.identity.salt


class Killed(BaseException):
    """The process is gone."""


def die() -> None:
    raise Killed


def dying(world: World, at: int, when: str) -> tuple[Agent, DyingStore]:
    sound = world.machine
    store = DyingStore(world.home.store, at, when, die)
    ports = Ports(store, world.server, sound._probe, world.clock, PublicFolder(world.home.public))
    return Agent(Machine(Keys(world.home.identity), ports)), store


COMMITS = 8


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("at", range(1, COMMITS + 1))
def test_a_renewal_that_dies_at_any_commit_ends_with_one_key(
    copied: World, at: int, when: str
) -> None:
    agent, _ = dying(copied, at, when)
    with pytest.raises(Killed):
        agent.check()
    assert copied.agent.status().usable
    copied.agent.check()
    require_one_key(copied)
    assert (copied.server.generation, copied.server.renew_key) == (2, False)
    assert not successor_file(copied).exists()
    assert len({who for who, _ in activations(copied)}) == 2


def test_those_are_all_commits_of_a_renewal(copied: World) -> None:
    agent, store = dying(copied, 0, "never")
    agent.check()
    assert store.commits == COMMITS


@pytest.mark.parametrize("written", [1, 2])
def test_a_death_between_the_files_of_a_renewal_is_settled_by_the_next_run(
    copied: World, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    from agent import identity

    writes = iter(range(1, 9))
    save = identity.save_identity

    def dies(path: Path, saved: identity.Identity) -> None:
        save(path, saved)
        if next(writes) == written:
            raise Killed

    monkeypatch.setattr(identity, "save_identity", dies)
    with pytest.raises(Killed):
        copied.agent.check()
    monkeypatch.undo()
    assert copied.agent.status().usable
    copied.agent.check()
    require_one_key(copied)
    assert not successor_file(copied).exists()
    assert copied.server.generation == 2


def test_another_process_that_slept_through_the_renewal_signs_with_the_new_key(
    copied: World,
) -> None:
    sleeper = copied.machine
    steps.begin(sleeper)
    copied.agent.check()
    copied.server.received.clear()
    assert steps.check_in(sleeper).standing is Standing.ACTIVE
    assert [signed.device for signed in copied.server.received] == [device(copied)]
    require_one_key(copied)


def test_the_store_of_before_the_renewal_is_set_aside_and_repaired_under_the_new_key(
    copied: World,
) -> None:
    old = copied.home.store.read_bytes()
    copied.agent.check()
    heir = device(copied)
    copied.home.store.write_bytes(old)
    with pytest.raises(StoreDamaged):
        copied.agent.check()
    assert copied.agent.activate(LICENSE_KEY).usable
    assert (device(copied), copied.server.generation) == (heir, 3)
    require_one_key(copied)


def test_the_whole_home_of_before_the_renewal_is_not_believed_by_the_server(
    copied: World, tmp_path: Path
) -> None:
    shutil.copytree(copied.home.folder, tmp_path / "snapshot")
    copied.agent.check()
    shutil.rmtree(copied.home.folder)
    shutil.copytree(tmp_path / "snapshot", copied.home.folder)
    view = copied.agent.check()
    assert (view.standing, view.usable) == (Standing.SUPERSEDED, False)
    assert copied.agent.reactivate().case is not None
    assert copied.server.generation == 2
