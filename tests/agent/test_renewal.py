"""A device key that was copied is renewed: two keys, and always exactly one that counts (§5)."""

import msgspec
import pytest

from agent.bootstrap import set_up
from agent.config import Settings
from agent.errors import ServerUnreachable
from agent.identity import Keys
from agent.notices import declared
from agent.renewal import is_due
from agent.state import State
from protocol.documents import Activate, AnyAnswer, CheckIn, Truth, Withdraw
from protocol.envelope import SignedRequest, open_handover
from protocol.exchange import pack_roots
from protocol.problems import RefusalCode
from protocol.values import CaseKind, CaseState, ReleaseReason, Standing, Timestamp
from tests import machines
from tests.agent.lifecycles import HELD, case
from tests.agent.renewals import (
    DAY,
    activations,
    codes_of,
    copied,
    device,
    require_one_key,
    successor_file,
)
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, NOW, SimulatedServer

__all__ = ["copied"]


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
        assert msgspec.structs.replace(state, case=about).waits_as_successor
    assert not state.waits_as_successor
    assert not msgspec.structs.replace(HELD, case=case()).waits_as_successor


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


def test_what_was_asked_again_under_the_next_key_is_taken_back_by_its_own_name(
    world: World,
) -> None:
    def wants_the_next_key(server: SimulatedServer, signed: SignedRequest) -> AnyAnswer:
        server.lose_next_request()
        return server.refusal(signed, RefusalCode.KEY_RENEWAL_NEEDED)

    world.server.answer_next_with = wants_the_next_key
    with pytest.raises(ServerUnreachable):
        world.agent.activate(LICENSE_KEY)
    asked = world.state.request
    assert asked is not None
    world.agent.withdraw()
    taken_back = world.server.received[-1]
    assert isinstance(taken_back.request, Withdraw)
    assert (taken_back.device, taken_back.request.takes_back) == (asked.device, asked.request_id)
    assert asked.device != device(world)


def test_what_this_key_asked_is_taken_back_by_it_though_the_next_one_is_wanted(
    world: World,
) -> None:
    """The next key never asked: its withdrawal would name a case that nobody knows of it."""
    world.server.answer_next_with = lambda server, signed: server.case(signed)
    assert world.agent.activate(LICENSE_KEY).case is not None
    world.server.renew_key = True
    world.agent.check()
    assert world.state.renew_key
    world.agent.withdraw()
    taken_back = world.server.received[-1]
    assert isinstance(taken_back.request, Withdraw)
    assert (taken_back.device, taken_back.request.case_id) == (device(world), 7)
    assert not successor_file(world).exists()


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
