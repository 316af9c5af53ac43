"""I1–I5 of docs/protocol.md §6, each stated limit in a function of its own.

`Watch` asserts them after every step, and remembers what may never go back.
"""

from agent.state import State
from protocol.values import Standing
from tests.machine.rights import Row, assert_has_right, lost_its_books
from tests.machine.sites import Held, Seen, Site
from tests.machine.vendor import DAY
from tests.machine.world import World

_GIVEN_UP = (Standing.RELEASING, Standing.RELEASED, Standing.SUPERSEDED)
FORK_RESTS_FOR = 30 * DAY
_BINDINGS = "SELECT id, license_id, device_id, generation, state FROM licensing_binding ORDER BY id"


class Watch:
    """Looks at everything after each step."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._bindings: dict[int, Row] = {}
        self._holds: set[str] = set()
        self._marks: dict[tuple[int, int], State] = {}
        # Old stores and copies that have not caught up: machine and disk.
        self._put_back: set[tuple[int, int]] = set()
        # What each store gave up, for ever: license and highest generation.
        self._given_up: dict[tuple[int, int, str], int] = {}

    def after_every_step(self) -> None:
        rows = self._read_bindings()
        self._note_holds()
        active = {row.license_id: row for row in rows if row.state == "active"}
        self._note_changes(rows)
        seen = [(site, site.look()) for site in self._world.sites]
        for license_id, _ in self._world.vendor.licenses:
            self._never_two(license_id, active.get(license_id), seen)
        for site, look in seen:
            self._note_doubts(site)
            self._has_evidence(look)
            self._never_revived(site, look)
            self._never_back(site, look)
            self._told_the_truth(site, look, active)
        self._world.step += 1

    def binding(self, license_id: str) -> Row | None:
        """The one binding of a license that stands."""
        active = [row for row in self._read_bindings() if row.state == "active"]
        return next((row for row in active if row.license_id == license_id), None)

    def assert_one_runs(self, license_id: str) -> None:
        """I2, once everyone has checked in: of all copies one, or staff have a case."""
        running = [
            (site, held)
            for site in self._world.sites
            if (held := site.look().usable) is not None and held.license_id == license_id
        ]
        undecided = (
            _is_an_undecided_fork(self._world, site, held) or _is_on_hold(self._world, site, held)
            for site, held in running
        )
        told = f"I2: {len(running)} machines run {license_id}, and all have checked in"
        assert len(running) <= 1 or any(undecided), told

    def _read_bindings(self) -> list[Row]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(_BINDINGS)
            return [Row(*row) for row in cursor.fetchall()]

    def _note_holds(self) -> None:
        holds = self._world.vendor.holds() if self._world.vendor.fell_behind else set()
        for license_id in self._holds - holds:
            self._world.hold_ended[license_id] = self._world.step
        self._holds = holds

    def _note_changes(self, rows: list[Row]) -> None:
        """Remember when the server changed who holds a license, and who it was taken from."""
        world = self._world
        now = {row.id: row for row in rows}
        for row in rows:
            before = self._bindings.get(row.id)
            if before == row:
                continue
            world.changed[row.license_id] = world.step
            if row.state == "moved":
                world.moved.add((row.device_id, row.license_id))
                world.renewed_at[row.device_id, row.license_id] = world.vendor.now
            if before is None:
                assert_has_right(world, row, [r for r in rows if r.license_id == row.license_id])
        self._bindings = now

    def _never_two(
        self, license_id: str, binding: Row | None, seen: list[tuple[Site, Seen]]
    ) -> None:
        """I2: what runs is what the server holds, and it runs on one device."""
        devices = set()
        for site, look in seen:
            for held in look.in_use:
                if held.license_id != license_id:
                    continue
                if not is_entitled(look, held, binding):
                    assert may_not_know_yet(self._world, site, held), (
                        f"I2: machine {site.number} runs {held}, the server holds {binding}"
                    )
                else:
                    devices.add(look.device)
        assert len(devices) <= 1, f"I2: {devices} run {license_id}"

    def _has_evidence(self, look: Seen) -> None:
        """I3: released means that the server has the proof and the agent the receipt."""
        state = look.state
        if state.standing is not Standing.RELEASED or state.license_id is None:
            return
        from server_stub.licensing.models import Receipt

        released = Held(state.license_id, state.generation)
        # A receipt may name more: a generation that this machine was given and never saw.
        kept = [
            receipt
            for receipt in look.receipts
            if receipt.license_id == released.license_id
            and receipt.generation >= released.generation
        ]
        assert kept, f"I3: released, and no receipt for {released}"
        if lost_its_books(self._world):
            return
        stored = Receipt.objects.filter(
            license_id=released.license_id, generation__gte=released.generation
        )
        assert stored.exists(), f"I3: released, and the server has no proof of {released}"

    def _never_back(self, site: Site, look: Seen) -> None:
        """Marks, sequence and epoch of one store only rise; another store begins anew."""
        key = (site.number, site.disk)
        before, now = self._marks.get(key), look.state
        self._marks[key] = now
        if before is None:
            return
        assert now.sequence >= before.sequence
        assert now.epoch_seen >= before.epoch_seen
        for license_id, mark in before.high_water.items():
            assert now.high_water.get(license_id, 0) >= mark, "the high-water mark went back"

    def _never_revived(self, site: Site, look: Seen) -> None:
        """I2, over time: what a store gave up never runs from it again."""
        state = look.state
        for held in look.in_use:
            given_up = self._given_up.get((site.number, site.disk, held.license_id), 0)
            assert held.generation > given_up, f"I2: {held} runs again on machine {site.number}"
        runs = state.standing in (Standing.ACTIVE, Standing.DRIFTED)
        assert state.holds_document is runs, (
            f"machine {site.number} holds nothing, and says {state}"
        )
        if state.standing in _GIVEN_UP and state.license_id is not None:
            # The public copy may outlive a crash until the next start, while no proof has left.
            self._given_up[site.number, site.disk, state.license_id] = (
                state.generation if look.published is None else 0
            )

    def _note_doubts(self, site: Site) -> None:
        """Note an old store or a copy before anything is asked of it, whatever it stands for.

        One that waits for its first license gets the former one and hears of it in a single step.
        """
        if site.number in self._world.doubts:
            self._put_back.add((site.number, site.disk))

    def _was_put_back(self, site: Site, look: Seen, binding: Row) -> bool:
        """Whether this store is an old one or a copy, and has not caught up since."""
        caught_up = look.usable == (binding.license_id, binding.generation)
        if caught_up and site.number not in self._world.doubts:
            self._put_back.discard((site.number, site.disk))
        return (site.number, site.disk) in self._put_back

    def _told_the_truth(self, site: Site, look: Seen, active: dict[str, Row]) -> None:
        """I3, I4: what its user was told of the license is what the server holds.

        "Released, safe to change" and "superseded" are the two words that a user acts on.
        """
        state = look.state
        binding = active.get(state.license_id) if state.license_id else None
        if binding is None or binding.device_id != look.device:
            return
        if self._was_put_back(site, look, binding) or lost_its_books(self._world):
            return
        assert state.standing is not Standing.RELEASED, f"I3: told released, but {binding} stands"
        assert state.standing is not Standing.SUPERSEDED, (
            f"I4: told superseded by itself: {binding}"
        )


def is_entitled(look: Seen, held: Held, binding: Row | None) -> bool:
    """The server's binding is this machine with this generation, or its own newer one."""
    return (
        binding is not None
        and binding.device_id == look.device
        and binding.generation >= held.generation
    )


def may_not_know_yet(world: World, site: Site, held: Held) -> bool:
    """I2's stated limits: until its next check-in, and not a step longer."""
    return (
        _is_copied_or_put_back(world, site, held)
        or _was_moved_by_staff(world, site, held)
        or _is_on_hold(world, site, held)
        or _is_an_undecided_fork(world, site, held)
    )


def _is_copied_or_put_back(world: World, site: Site, held: Held) -> bool:
    """A restored snapshot or copy, which has not checked in since anything changed."""
    doubt = world.doubts.get(site.number)
    if doubt is None:
        return False
    told = world.checked.get(site.number, -1)
    return told < max(doubt, world.changed.get(held.license_id, 0))


def _was_moved_by_staff(world: World, site: Site, held: Held) -> bool:
    """A live machine whose license staff moved."""
    return (site.look().device, held.license_id) in world.moved


def _is_an_undecided_fork(world: World, site: Site, held: Held) -> bool:
    """Two copies of one machine that both look like it (§5, both match): nobody is stopped.

    For thirty days after the renewal of its key, and as long as staff have the case; or the case
    that the machine they were copied from was waiting for: none renews its key before.
    """
    from django.db.models import Q

    from server_stub.licensing.models import Case, Device

    device = site.look().device
    waiting = Case.objects.filter(
        state__in=["open", "approved"], spent_at=None, license_id=held.license_id
    )
    if waiting.filter(Q(kind="fork") | Q(device=device)).exists():
        return True
    renewed = Device.objects.filter(pk=device, renewed_as__isnull=False).exists()
    moved_at = world.renewed_at.get((device, held.license_id))
    return renewed and moved_at is not None and world.vendor.now - moved_at < FORK_RESTS_FOR


def _is_on_hold(world: World, site: Site, held: Held) -> bool:
    """After a restore without its evidence nobody is stopped, and nobody is bound.

    Whoever was told so hears of the end of the hold at its next check-in.
    """
    if not world.vendor.fell_behind:
        return False
    ended = world.hold_ended.get(held.license_id, -1)
    return held.license_id in world.vendor.holds() or world.checked.get(site.number, -1) < ended
