"""Short walks, each with one rule of the protocol at stake; the name is what must hold.

`Watch` asserts I1-I5 after every step of them, as in the long walks. Each holds as it is, and fails
under its mutant (test_mutants.py).
"""

from agent.errors import ServerRefused
from agent.use_cases import Agent
from protocol.values import CaseState, ReleaseReason, Standing
from tests.machine.invariants import Watch
from tests.machine.network import Fate
from tests.machine.rest import come_to_rest
from tests.machine.sites import Site
from tests.machine.world import CALM, Weather, World

LOST, ANSWER_LOST = Weather((Fate.REQUEST_LOST,)), Weather((Fate.ANSWER_LOST,))


class Stage:
    """One license, two machines, and somebody who watches after every act."""

    def __init__(self) -> None:
        self.world = World(sites=2, licenses=1)
        self.watch = Watch(self.world)
        self.first, self.second = self.world.sites
        self.license_id, self.key = self.world.vendor.licenses[0]

    def activate(
        self, site: Site, weather: Weather = CALM, code: str | None = None
    ) -> BaseException | None:
        return self._then_look(
            self.world.act(site, lambda agent: agent.activate(self.key, code), weather)
        )

    def release(self, site: Site, weather: Weather = CALM) -> BaseException | None:
        act = self.world.act(site, lambda agent: agent.release(ReleaseReason.MOVE), weather)
        return self._then_look(act)

    def withdraw(self, site: Site, weather: Weather = CALM) -> BaseException | None:
        return self._then_look(self.world.act(site, Agent.withdraw, weather))

    def check(self, site: Site, weather: Weather = CALM) -> BaseException | None:
        return self._then_look(self.world.act(site, Agent.check, weather))

    def change(self, site: Site, *parts: str) -> None:
        base, changes = site.hardware
        site.lose_power()
        site.hardware = (base, changes ^ set(parts))
        self.watch.after_every_step()

    def old_requests_arrive(self) -> None:
        for message in list(self.world.network.sent):
            self.world.arrive(message)
        self.watch.after_every_step()

    def rest(self) -> None:
        come_to_rest(self.world, self.watch)

    def _then_look(self, failure: BaseException | None) -> BaseException | None:
        self.watch.after_every_step()
        return failure


def refusal_of(failure: BaseException | None) -> str | None:
    """What the server said, in its own word."""
    return failure.parameters["refusal"] if isinstance(failure, ServerRefused) else None


def standing(site: Site) -> Standing:
    return site.look().view.standing


def a_crash_at_any_point_of_a_release_frees_nothing_that_runs(stage: Stage) -> None:
    for point in range(1, 13):
        stage.activate(stage.first)
        stage.release(stage.first, Weather(dies_at=point))
        stage.check(stage.first)
        stage.release(stage.first)
        assert standing(stage.first) is Standing.RELEASED


def a_lost_receipt_leaves_nothing_running(stage: Stage) -> None:
    stage.activate(stage.first)
    stage.release(stage.first, ANSWER_LOST)
    stage.check(stage.first)
    assert standing(stage.first) is Standing.RELEASED


def an_old_proof_frees_nothing_that_was_bound_since(stage: Stage) -> None:
    stage.activate(stage.first)
    stage.world.snapshot(stage.first)
    stage.release(stage.first, LOST)
    proof = stage.world.network.sent[-1]
    stage.world.put_back(0)
    stage.check(stage.first, LOST)
    stage.change(stage.first, "memory")
    stage.check(stage.first)
    stage.world.arrive(proof)
    stage.check(stage.first)
    assert stage.first.look().view.usable, "stopped by an old proof"


def what_was_given_back_never_runs_again(stage: Stage) -> None:
    """The server's disks are put back, and its key is rotated: it believes no paper of ours."""
    backup = stage.world.vendor.backup()
    stage.activate(stage.first)
    stage.release(stage.first)
    stage.world.vendor.forget_since(backup)
    stage.world.vendor.rotate()
    told = [refusal_of(stage.activate(stage.first)) for _ in range(3)]
    assert told == ["document-invalid", "server-behind", None]
    assert stage.first.look().usable == (stage.license_id, 2)


def a_late_activation_binds_nobody_who_gave_back(stage: Stage) -> None:
    stage.activate(stage.first)
    stage.change(stage.first, "memory")
    # The tolerated change is bound anew by itself; that request is under way for long.
    stage.check(stage.first, Weather((Fate.DELIVERED, Fate.REQUEST_LOST)))
    assert stage.first.look().state.request is not None
    stage.release(stage.first)
    stage.old_requests_arrive()
    assert standing(stage.first) is Standing.RELEASED
    stage.rest()


def a_doubled_request_is_carried_out_once(stage: Stage) -> None:
    stage.activate(stage.first, Weather((Fate.DOUBLED,)))
    stage.old_requests_arrive()
    stage.check(stage.first)
    assert stage.first.look().view.usable
    stage.rest()


def of_two_copies_the_one_that_was_bound_anew_goes_on(stage: Stage) -> None:
    stage.activate(stage.first)
    stage.world.copy(stage.first, stage.second, hardware=True)
    stage.change(stage.first, "memory")
    stage.check(stage.first)
    stage.check(stage.second)
    stage.check(stage.first)
    running = [site.look().view.usable for site in stage.world.sites]
    assert running != [True, True], "both copies run"
    assert running == [True, False]


def a_store_put_back_is_told_that_its_license_was_given_back(stage: Stage) -> None:
    stage.activate(stage.first)
    stage.world.snapshot(stage.first)
    stage.release(stage.first)
    stage.world.put_back(0)
    stage.check(stage.first)
    assert standing(stage.first) is Standing.SUPERSEDED, "what was given back still runs"


def a_withdrawal_of_a_lost_store_frees_nothing_that_runs(stage: Stage) -> None:
    stage.activate(stage.first, LOST)
    stage.withdraw(stage.first, LOST)
    stage.first.damage_store()
    stage.check(stage.first)
    stage.activate(stage.first)
    stage.old_requests_arrive()
    stage.check(stage.first)
    assert stage.first.look().view.usable
    stage.rest()


def a_proof_of_a_lost_store_frees_nothing_that_runs(stage: Stage) -> None:
    """The server's disks were put back meanwhile: it does not know what that store had heard."""
    stage.activate(stage.first)
    backup = stage.world.vendor.backup()
    stage.check(stage.first)
    stage.world.vendor.forget_since(backup)
    for _ in range(2):
        stage.check(stage.first, LOST)
    stage.release(stage.first, LOST)
    proof = stage.world.network.sent[-1]
    stage.first.damage_store()
    stage.check(stage.first)
    stage.activate(stage.first)
    assert stage.first.look().view.usable
    stage.world.arrive(proof)
    stage.check(stage.first)
    assert stage.first.look().view.usable, "stopped by a proof of a lost store"
    stage.rest()


def a_server_of_the_past_stops_nobody(stage: Stage) -> None:
    """Another server was promoted; the old one goes on and promises the license once more.

    Nobody watches: here the old server's books are the wrong ones.
    """
    world, key = stage.world, stage.key
    backup = world.vendor.backup()
    world.vendor.raise_epoch()
    world.act(stage.first, lambda agent: agent.activate(key))
    world.vendor.forget_since(backup, new_epoch=False)
    world.act(stage.second, lambda agent: agent.activate(key))
    world.act(stage.first, Agent.check)
    assert stage.first.look().view.usable, "stopped by a server of the past"


def anothers_receipt_ends_no_release(stage: Stage) -> None:
    stage.activate(stage.first)
    stage.release(stage.first)
    stage.activate(stage.first)
    receipt = stage.world.network.sent[1]
    assert receipt.op == "release"
    stage.world.network.sent.append(receipt)
    stage.release(stage.first, Weather((Fate.MISDELIVERED,)))
    assert standing(stage.first) is Standing.RELEASING


def parts_hidden_from_a_request_are_a_case(stage: Stage) -> None:
    stage.activate(stage.first)
    stage.first.damage_store()
    stage.check(stage.first)
    stage.change(stage.first, "hidden", "cards")
    stage.activate(stage.first)
    assert not stage.first.look().view.usable, "bound without its parts"
    assert stage.world.vendor.cases(CaseState.OPEN)
