"""No clock stops a perpetual license, no edit gets past the verifier, and silence ends it (§8)."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.documents import License, Permit
from protocol.problems import ProtocolError
from protocol.trust import KeyRecord, Root
from protocol.verifier import (
    LONGEST_STEP_SECONDS,
    REMOVED_AFTER_SECONDS,
    Here,
    Judgement,
    Permission,
    PublicCopies,
    Reason,
    Verifier,
    Watch,
)
from tests.protocol.samples import LICENSE, NOW
from tests.protocol.verifier_world import (
    DAY,
    HOUR,
    LICENSE_1,
    TAG,
    YEARS,
    at,
    chain,
    permit,
)
from tests.protocol.world import ROOT_1

VERIFIER = Verifier(chain(ROOT_1))
ROOTS = chain(ROOT_1)
STEP = LONGEST_STEP_SECONDS
NOTHING = Watch()

offsets = st.integers(-YEARS, YEARS)


def judge(
    paper: bytes | None = None,
    *,
    document: bytes = LICENSE_1,
    now: int = NOW,
    watch: Watch = NOTHING,
    elapsed: int = 0,
) -> Judgement:
    copies = PublicCopies(ROOTS, document, paper or permit())
    return VERIFIER.judge(copies, Here(TAG, now, watch, elapsed))


class Machine:
    """A machine with an agent and an application that looks, under one clock."""

    def __init__(self) -> None:
        self.running = 0
        self.offset = 0
        self.paper = permit()
        self.watch = Watch()

    @property
    def clock(self) -> int:
        return max(0, NOW + self.running + self.offset)

    def renew(self) -> None:
        stamp = self.clock
        self.paper = permit(issued_at=stamp, expires_at=stamp + 30 * DAY)

    def check_after(self, seconds: int, application_offset: int = 0) -> Judgement:
        self.running += seconds
        now = self.clock + application_offset
        found = judge(self.paper, now=now, watch=self.watch, elapsed=seconds)
        self.watch = found.watch
        return found


@given(st.lists(offsets, min_size=1, max_size=6))
@settings(deadline=None, max_examples=50)
def test_no_clock_stops_a_machine_whose_agent_runs(jumps: list[int]) -> None:
    machine = Machine()
    for jump in jumps:
        machine.offset = jump
        for _ in range(12):
            assert machine.check_after(STEP).permission is not Permission.STOP
        machine.renew()
        assert Reason.AGENT_SILENT not in machine.check_after(STEP).reasons


@given(offsets)
@settings(deadline=None, max_examples=50)
def test_no_clock_of_its_own_stops_an_application_whose_agent_runs(offset: int) -> None:
    machine = Machine()
    machine.watch = Watch(silent_seconds=REMOVED_AFTER_SECONDS - HOUR)
    for _ in range(13):
        machine.renew()
        assert machine.check_after(HOUR, offset).permission is not Permission.STOP
    assert machine.watch.silent_seconds == 0


@given(
    st.lists(st.one_of(st.integers(-YEARS, -30 * DAY), st.integers(100 * DAY, YEARS)), max_size=9)
)
@settings(deadline=None)
def test_no_clock_saves_an_application_whose_agent_was_removed(jumps: list[int]) -> None:
    machine = Machine()
    machine.check_after(0)
    machine.watch = msgspec.structs.replace(machine.watch, silent_seconds=REMOVED_AFTER_SECONDS)
    for jump in jumps:
        machine.offset = jump
        assert machine.check_after(HOUR).reasons == (Reason.AGENT_REMOVED,)


def test_agent_removed_stops_after_90_days_of_running_and_no_earlier() -> None:
    machine = Machine()
    answers = [machine.check_after(STEP).permission for _ in range(93 * 12)]
    assert answers[: 2 * 12] == [Permission.OK] * 2 * 12
    assert answers[2 * 12 : 92 * 12] == [Permission.WARN] * 90 * 12
    assert answers[92 * 12 :] == [Permission.STOP] * 12
    machine.renew()
    assert machine.check_after(HOUR).permission is Permission.OK


def test_old_permits_put_back_in_turn_are_no_signs_of_life() -> None:
    papers = [permit(issued_at=at(-days * DAY)) for days in (5, 10, 20)]
    watch = Watch(newest_stamp=at(0))
    for hour in range(48):
        found = judge(papers[hour % 3], now=NOW + 30 * DAY, watch=watch, elapsed=HOUR)
        watch = found.watch
    assert watch.silent_seconds == 48 * HOUR


def test_a_clock_that_runs_backwards_adds_and_takes_nothing() -> None:
    watch = Watch(newest_stamp=at(0), silent_seconds=HOUR)
    assert judge(now=NOW + 5 * DAY, watch=watch, elapsed=-HOUR).watch == watch


def test_a_stop_for_another_reason_forgets_nothing() -> None:
    watch = Watch(newest_stamp=at(-5), silent_seconds=77)
    copies = PublicCopies(ROOTS, LICENSE_1, None)
    assert VERIFIER.judge(copies, Here(TAG, NOW, watch, HOUR)).watch == watch


def test_terms_of_the_license_come_with_every_answer_that_has_verified_them() -> None:
    assert judge().license == LICENSE
    refused = VERIFIER.judge(PublicCopies(ROOTS, LICENSE_1, None), Here(TAG, NOW))
    assert (refused.permission, refused.license) == (Permission.STOP, LICENSE)
    forged = VERIFIER.judge(PublicCopies(ROOTS, LICENSE_1[:-1], permit()), Here(TAG, NOW))
    assert forged.license is None


def test_offset_of_the_clock_is_told() -> None:
    assert judge(now=NOW - YEARS).permit_age == -YEARS
    assert judge(now=NOW + YEARS).permit_age == YEARS


def test_hours_of_grace_are_told_while_drifted() -> None:
    assert judge(permit(standing="drifted", grace_hours_left=5)).grace_hours_left == 5
    assert judge(permit(grace_hours_left=5)).grace_hours_left is None


@pytest.mark.parametrize("edited", ["document", "permit"])
def test_every_bit_counts(edited: str) -> None:
    honest = {"document": LICENSE_1, "permit": permit()}
    raw = honest[edited]
    for position in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[position // 8] ^= 1 << position % 8
        pair = honest | {edited: bytes(flipped)}
        found = judge(pair["permit"], document=pair["document"])
        assert found.permission is Permission.STOP, position


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300))
def test_nothing_that_stands_in_the_folder_makes_it_fail(
    roots: bytes, document: bytes, paper: bytes
) -> None:
    found = VERIFIER.judge(PublicCopies(roots, document, paper), Here(TAG, NOW))
    assert found.permission is Permission.STOP


def test_what_is_no_root_cannot_be_pinned() -> None:
    with pytest.raises(ProtocolError):
        Verifier(LICENSE_1)


def test_a_new_field_in_what_applications_read_is_a_decision() -> None:
    # Applications in the field refuse what they do not know: see §8 before this list grows.
    known = {
        License: 17,
        Permit: 9,
        Root: 6,
        KeyRecord: 7,
    }
    assert {kind: len(kind.__struct_fields__) for kind in known} == known
