"""Answers that are not to be believed, and roots that arrive with the answer (§2, §3)."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from agent.errors import DocumentRefused, ServerRefused, ServerUnreachable, StoreDamaged
from protocol.documents import Activate, AnyAnswer, Release
from protocol.envelope import SignedRequest, sign_answer
from protocol.exchange import pack_answer, unpack_roots
from protocol.identifiers import uuid7
from protocol.keys import SigningKey
from protocol.problems import RefusalCode
from protocol.trust import KeyUse
from protocol.values import CaseKind, Digest, ReleaseReason, RequestId, Standing
from protocol.views import StatusView
from tests import machines
from tests.agent.carrying import unheard_answer
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer, es256, record

ANOTHER = RequestId(uuid7(1, bytes(10)))


def licensed(server: SimulatedServer, signed: SignedRequest, **changes: object) -> AnyAnswer:
    assert isinstance(signed.request, Activate)
    server.generation, server.bound_to = 1, signed.device
    return server.license(signed, signed.request, **changes)


def edited(server: SimulatedServer, signed: SignedRequest, part: int, cut: slice) -> bytes:
    parts = sign_answer(licensed(server, signed), server.document_key).split(b".")
    parts[part] = parts[part][cut]
    return b".".join(parts)


FORGED: dict[str, Callable[[SimulatedServer, SignedRequest], AnyAnswer | bytes]] = {
    "to another request": lambda s, r: licensed(s, r, request_id=ANOTHER),
    "to other bytes of this request": lambda s, r: licensed(s, r, request_hash=Digest("A" * 43)),
    "to another device": lambda s, r: licensed(s, r, device="A" * 43),
    "of another key": lambda s, r: sign_answer(licensed(s, r), es256()),
    "of the root key": lambda s, r: sign_answer(licensed(s, r), s.root_key),
    "edited head": lambda s, r: edited(s, r, 0, slice(4, None)),
    "edited payload": lambda s, r: edited(s, r, 1, slice(4, None)),
    "cut payload": lambda s, r: edited(s, r, 1, slice(0, -4)),
    "cut signature": lambda s, r: edited(s, r, 2, slice(0, -4)),
    "no document": lambda _s, _r: b"a web page",
    "empty": lambda _s, _r: b"",
}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_answer_changes_nothing_and_the_request_stays_open(
    world: World, forgery: str
) -> None:
    world.server.answer_next_with = FORGED[forgery]
    with pytest.raises(DocumentRefused):
        world.agent.activate(LICENSE_KEY)
    assert world.state.standing is Standing.ACTIVATING
    assert world.state.request is not None
    assert (world.state.epoch_seen, world.state.last_answer) == (0, None)
    assert "license.jws" not in world.published()
    world.server.answers.clear()
    world.server.last_sequence = 0
    assert world.agent.check().standing is Standing.ACTIVE


@pytest.mark.parametrize("length", [0, 1, 100, -2])
def test_a_truncated_exchange_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    whole = world.server.answer
    monkeypatch.setattr(world.server, "answer", lambda raw: whole(raw)[:length])
    with pytest.raises(DocumentRefused):
        world.agent.activate(LICENSE_KEY)
    assert world.state.standing is Standing.ACTIVATING


def test_a_rotated_key_arrives_with_the_answer_that_needs_it(world: World) -> None:
    world.server.rotate_document_key()
    world.server.rotate_document_key()
    assert world.agent.activate(LICENSE_KEY).usable
    assert unpack_roots((world.home.public / "roots.jws").read_bytes()) == world.server.roots
    world.agent.check()
    assert world.server.received[-1].request.trust_version == 3


def test_a_license_of_before_the_rotation_goes_on(world: World) -> None:
    old = world.server.document_key
    world.agent.activate(LICENSE_KEY)
    world.server.document_key = es256()
    keys: list[tuple[SigningKey, KeyUse]] = [
        (world.server.root_key, KeyUse.ROOT),
        (world.server.document_key, KeyUse.DOCUMENT),
        (old, KeyUse.DOCUMENT),
    ]
    both = {key.public.kid: record(key, use) for key, use in keys}
    world.server.roots = (*world.server.roots, world.server.sign_root(2, keys=both))
    assert world.agent.check().usable
    assert len(unpack_roots((world.home.public / "roots.jws").read_bytes())) == 2


def revoke(world: World) -> None:
    """The document key was stolen: a new root names another and revokes it."""
    old, world.server.document_key = world.server.document_key, es256()
    keys: list[tuple[SigningKey, KeyUse]] = [
        (world.server.root_key, KeyUse.ROOT),
        (world.server.document_key, KeyUse.DOCUMENT),
    ]
    named = {key.public.kid: record(key, use) for key, use in keys}
    named[old.public.kid] = replace(record(old, KeyUse.DOCUMENT), revoked=True)
    world.server.roots = (*world.server.roots, world.server.sign_root(2, keys=named))


@pytest.mark.parametrize("refused", [False, True], ids=["truth", "refusal"])
def test_a_license_of_a_revoked_key_is_issued_again_by_the_next_check(
    world: World,
    refused: bool,  # noqa: FBT001
) -> None:
    world.agent.activate(LICENSE_KEY)
    revoke(world)
    if refused:
        world.server.answer_next_with = lambda s, r: s.refusal(r, RefusalCode.DOCUMENT_INVALID)
    view = world.agent.check()
    assert (view.standing, view.usable, view.generation) == (Standing.ACTIVE, True, 2)
    asked = world.server.received[-1].request
    assert isinstance(asked, Activate)
    assert asked.shown is None


@pytest.mark.parametrize(
    "again",
    [
        lambda world: world.agent.check(),
        lambda world: world.agent.reactivate(),
        lambda world: world.agent.activate(LICENSE_KEY),
    ],
    ids=["check", "reactivate", "activate"],
)
def test_until_it_is_issued_again_a_license_of_a_revoked_key_does_not_run(
    world: World, again: Callable[[World], StatusView]
) -> None:
    named = world.agent.activate(LICENSE_KEY).support_code
    revoke(world)
    truth = world.server.truth

    def and_then_silence(signed: SignedRequest) -> Any:
        world.server.lose_next_request()
        return truth(signed)

    world.server.truth = and_then_silence  # type: ignore[method-assign]  # one answer, then none
    view = world.agent.check()
    assert (view.standing, view.usable) == (Standing.ACTIVE, False)
    assert view.support_code == named is not None
    assert not {"license.jws", "permit.jws"} & world.published()
    assert again(world).generation == 2


def test_an_open_case_keeps_no_license_of_a_revoked_key_from_being_issued_again(
    world: World,
) -> None:
    world.agent.activate(LICENSE_KEY)
    world.server.cases = (world.server.summary(kind=CaseKind.FORK),)
    assert world.agent.check().case is not None
    revoke(world)
    world.server.answer_next_with = lambda s, r: s.refusal(r, RefusalCode.DOCUMENT_INVALID)
    assert world.agent.reactivate().generation == 2
    assert isinstance(world.server.received[-1].request, Activate)


def test_a_document_changed_in_the_store_is_damage(world: World) -> None:
    world.agent.activate(LICENSE_KEY)
    with world.machine.store.transaction() as tx:
        document = tx.license_document
        assert document is not None
        tx.install(document[:-8] + b"AAAAAAAA", b"")
    with pytest.raises(StoreDamaged):
        world.agent.check()
    assert world.agent.activate(LICENSE_KEY).usable


@pytest.mark.parametrize("fault", ["skipped", "foreign"])
def test_a_root_that_does_not_follow_is_refused_with_its_answer(world: World, fault: str) -> None:
    stranger = SimulatedServer()
    roots = (world.server.sign_root(3),) if fault == "skipped" else (stranger.sign_root(2),)
    send = world.server.answer
    world.server.answer = lambda raw: pack_answer(roots, send(raw).strip())  # type: ignore[method-assign]
    with pytest.raises(DocumentRefused):
        world.agent.activate(LICENSE_KEY)
    assert world.state.standing is Standing.ACTIVATING
    assert len(unpack_roots((world.home.public / "roots.jws").read_bytes())) == 1


def test_a_server_that_lost_its_epoch_binds_nothing_here(world: World) -> None:
    world.server.epoch = 5
    world.agent.activate(LICENSE_KEY)
    world.agent.release(ReleaseReason.HARDWARE)
    world.server.epoch = 4
    with pytest.raises(ServerRefused) as refusal:
        world.agent.reactivate()
    assert refusal.value.parameters["refusal"] == "server-behind"
    assert (world.state.standing, world.state.request) == (Standing.RELEASED, None)
    world.server.epoch = 6
    assert world.agent.reactivate().usable


def test_a_server_that_lost_its_generations_binds_nothing_here(world: World) -> None:
    world.agent.activate(LICENSE_KEY)
    world.agent.release(ReleaseReason.HARDWARE)
    world.server.generation = 0
    with pytest.raises(ServerRefused):
        world.agent.reactivate()
    assert world.state.standing is Standing.RELEASED
    asked = world.server.received[-1].request
    assert isinstance(asked, Activate)
    assert asked.high_water == 1
    assert asked.shown is not None
    assert "license.jws" not in world.published()


def test_a_doubled_answer_changes_nothing(world: World) -> None:
    from agent.delivery import receive

    world.server.lose_next_answer()
    with pytest.raises(ServerUnreachable):
        world.agent.activate(LICENSE_KEY)
    request, raw = unheard_answer(world)
    machine = world.machine
    receive(machine, request, raw)
    once, history = world.state, len(world.agent.history())
    receive(machine, request, raw)
    assert (world.state, len(world.agent.history())) == (once, history)
    world.agent.release(ReleaseReason.HARDWARE)
    receive(machine, request, raw)
    assert world.state.standing is Standing.RELEASED
    assert "license.jws" not in world.published()


def test_a_rebind_answered_with_the_running_generation_leaves_the_running_document(
    world: World,
) -> None:
    world.agent.activate(LICENSE_KEY)
    with world.machine.store.reading() as memory:
        installed = memory.license_document
    world.become(machines.with_other_board(world.hardware))
    world.agent.check()
    world.server.generation = 0
    with pytest.raises(ServerRefused):
        world.agent.reactivate()
    with world.machine.store.reading() as memory:
        assert memory.license_document == installed
    assert world.agent.status().usable


def test_the_mark_rises_to_the_highest_generation_that_a_receipt_freed(world: World) -> None:
    world.agent.activate(LICENSE_KEY)

    def receipt(server: SimulatedServer, signed: SignedRequest) -> AnyAnswer:
        assert isinstance(signed.request, Release)
        whole = server.receipt(signed, signed.request, (1,))
        return replace(whole, freed=(1, 4))

    world.server.answer_next_with = receipt
    assert world.agent.release(ReleaseReason.HARDWARE).standing is Standing.RELEASED
    assert world.state.mark == 4
