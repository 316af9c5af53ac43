"""The end of a walk: the network delivers everything, everyone asks, and nothing was lost (I1)."""

from functools import partial

from agent.errors import AgentError
from agent.use_cases import Agent
from protocol.problems import RefusalCode
from protocol.values import CaseState, Standing
from tests.machine.invariants import Watch
from tests.machine.network import Fate
from tests.machine.rights import Row
from tests.machine.sites import Site
from tests.machine.vendor import SUPERVISORS
from tests.machine.world import World
from tests.server.invariants import assert_invariants

_ROUNDS = 40
# A refusal says what to do; so often an owner does it, and asks again.
_OWNERS_PATIENCE = 5


def come_to_rest(world: World, watch: Watch) -> None:
    """Deliver what is under way, then let every agent check until nothing changes.

    Raises:
        AssertionError: an invariant, or agents that never come to rest.
    """
    world.vendor.restart()
    for site in world.sites:
        while site.waiting:
            world.resume(site, 0, Fate.DELIVERED)
            watch.after_every_step()
    for message in list(world.network.sent):
        world.arrive(message)
    watch.after_every_step()
    _check_until_nothing_changes(world, watch)
    assert_invariants(world.vendor.server)
    _console_tells_the_truth(watch)
    for license_id, license_key in world.vendor.licenses:
        watch.assert_one_runs(license_id)
        assert_not_lost(world, watch, license_id, license_key)


def _check_until_nothing_changes(world: World, watch: Watch) -> None:
    rests = False
    for _ in range(_ROUNDS):
        before = [_mark(site) for site in world.sites]
        for site in world.sites:
            world.act(site, Agent.check)
            watch.after_every_step()
        rests = before == [_mark(site) for site in world.sites]
        if rests and not _is_copied(world):
            return
    assert rests, f"no rest after {_ROUNDS} rounds: {[s.look().state for s in world.sites]}"


def _is_copied(world: World) -> bool:
    """Whether two machines still run as one device.

    Requests that were refused use up no number: a copy is known by the first of its check-ins that
    meets an accepted one, so each brings it nearer.
    """
    running = [look.device for site in world.sites if (look := site.look()).usable is not None]
    return len(set(running)) < len(running)


def _console_tells_the_truth(watch: Watch) -> None:
    """I4: what staff are shown is the server's row; what an agent said carries when it said so."""
    from server_stub.licensing import selectors

    for shown in selectors.all_licenses():
        row = watch.binding(shown.license_id)
        assert (shown.binding is None) is (row is None)
        if shown.binding is not None and row is not None:
            told = (shown.binding.device, shown.binding.generation)
            assert told == (row.device_id, row.generation), f"I4: {shown} is shown, {row} stands"
            said = shown.binding.last_standing
            assert (said is None) is (shown.binding.last_check_in is None), f"I4: {shown}"


def _mark(site: Site) -> object:
    """What must stop changing: where the license stands, and what is still asked for."""
    state = site.look().state
    asked = state.request.request_id if state.request else None
    return (state.standing, state.license_id, state.generation, asked, state.case)


def assert_not_lost(world: World, watch: Watch, license_id: str, license_key: str) -> None:
    """I1: free with its right, or usable on the bound machine, or a case is open.

    What nobody runs and nobody asks for is asked for here, as its owner would: then it runs, or
    staff are asked.
    """
    binding = watch.binding(license_id)
    if binding is not None and _runs(world, binding):
        return
    if _has_case(world, license_id):
        return
    site = _who_asks(world, binding)
    told = []
    for _ in range(_OWNERS_PATIENCE):
        failure = _ask(world, site, license_id, license_key)
        watch.after_every_step()
        now = watch.binding(license_id)
        if (now is not None and _runs(world, now)) or _has_case(world, license_id):
            return
        told.append(failure)
        _staff_answer(world, license_id, failure)
    raise AssertionError(
        f"I1: {license_id} is lost: {binding} became {watch.binding(license_id)}, machine "
        f"{site.number} stands {site.look().state}, and its owner was told {told}"
    )


def _staff_answer(world: World, license_id: str, failure: BaseException | None) -> None:
    """What the owner who was refused asks the vendor's people for."""
    refusal = failure.parameters.get("refusal") if isinstance(failure, AgentError) else None
    if refusal == RefusalCode.LICENSE_SUSPENDED:
        world.vendor.suspend(license_id, suspended=False)
    if refusal == RefusalCode.ON_HOLD:
        for supervisor in SUPERVISORS:
            world.staff(partial(world.vendor.end_hold, license_id, supervisor))
    if refusal == RefusalCode.SERVER_BEHIND:
        # Put back while its clock was years slow: operators put that right, and restore again.
        world.vendor.raise_epoch(max(site.look().state.epoch_seen for site in world.sites))
        world.vendor.open()


def _runs(world: World, binding: Row) -> bool:
    """Whether the bound machine runs it: what was bound, or what the books have forgotten since."""
    return any(
        site.look().device == binding.device_id
        and (usable := site.look().usable) is not None
        and usable.license_id == binding.license_id
        and usable.generation >= binding.generation
        for site in world.sites
    )


def _has_case(world: World, license_id: str) -> bool:
    waiting = world.vendor.cases(CaseState.OPEN, CaseState.APPROVED)
    return any(case.license_id == license_id for case in waiting)


def _who_asks(world: World, binding: Row | None) -> Site:
    """The owner goes to the bound machine if it is there, else to any that runs nothing."""
    sites = sorted(world.sites, key=lambda site: site.look().usable is not None)
    if binding is not None:
        for site in sites:
            if site.look().device == binding.device_id:
                return site
    return sites[0]


def _ask(world: World, site: Site, license_id: str, license_key: str) -> BaseException | None:
    state = site.look().state
    if state.standing is Standing.RELEASING or (
        state.holds_document and state.license_id != license_id
    ):
        # This machine is busy with another license: the owner installs a new one.
        site.lose_everything()
    return world.act(site, lambda agent: agent.activate(license_key))
