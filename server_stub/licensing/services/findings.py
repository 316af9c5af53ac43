"""The words of a case's verdict: the facts that it is computed from, and what is found (§5, §7).

Values only; `coordination` judges, `case_facts` reads.
"""

from enum import StrEnum

import msgspec

from protocol.documents import WindowSummary
from protocol.values import CaseKind, Coordination, DriftRecord, Policy, Timestamp
from protocol.verdicts import Comparison


class Because(StrEnum):
    """Why the verdict is what it is."""

    RECEIPT = "receipt"
    NEVER_HELD = "never-held"
    WINDOW = "window"
    NO_WINDOW = "no-window"
    OUTSIDE_SCOPE = "outside-scope"
    OUTSIDE_PERIOD = "outside-period"
    NEVER_CONFIRMED = "never-confirmed"
    NO_READING = "no-reading"
    COVERAGE_LOWERED = "coverage-lowered"
    FORK = "fork"


class What(StrEnum):
    """What a timeline tells."""

    BINDING_MADE = "binding-made"
    LAST_SIGN = "last-sign-of-life"
    CHECKED_IN_SAME = "checked-in-same"
    CHECKED_IN_DIFFERENT = "checked-in-different"
    LAST_MATCH = "last-match"
    FIRST_DIFFERENCE = "first-difference"
    NOTICE_RECEIVED = "notice-received"
    LETTER_RECEIVED = "letter-received"
    WINDOW_FROM = "window-from"
    WINDOW_UNTIL = "window-until"
    RELEASED = "released"
    RELEASED_DRIFTED = "released-drifted"
    CASE_OPENED = "case-opened"


class Source(StrEnum):
    """Whose clock and word a moment is: the server's own, or what the device reports."""

    SERVER = "server"
    DEVICE = "device"


class Moment(msgspec.Struct, frozen=True):
    """One line of the timeline."""

    what: What
    at: Timestamp
    source: Source = Source.SERVER


class BindingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The binding that the case is about: the one that stands, or that the license was freed from.

    `held_since`: when its machine first took the license, in one unbroken run of bindings.
    `last_sign`: the newest that was heard of it. `same_at`, `different_at`: the newest check-in
    that found everything as enrolled, and the first after it that did not. `after_release`: the
    same machine had given the license back before.
    """

    made_at: Timestamp
    held_since: Timestamp
    stands: bool
    is_own: bool
    last_sign: Timestamp | None = None
    same_at: Timestamp | None = None
    different_at: Timestamp | None = None
    after_release: bool = False


class CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that a verdict is computed from.

    `binding` is None when no machine ever held the license. `comparison` is of the bound machine:
    as it asks now, or as its release told. `windows` end when they were closed.
    """

    kind: CaseKind
    opened_at: Timestamp
    policy: Policy
    binding: BindingFacts | None
    released_at: Timestamp | None = None
    released_drifted: bool = False
    reported: DriftRecord | None = None
    comparison: Comparison | None = None
    windows: tuple[WindowSummary, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict with its timeline.

    `outside`: what changed and no window of that time covers. `clock_differs`: what the device
    reports cannot be, by the server's own clock, and was left out of account.
    """

    coordination: Coordination
    because: Because
    timeline: tuple[Moment, ...]
    outside: tuple[str, ...] = ()
    clock_differs: bool = False

    @property
    def is_charged(self) -> bool:
        """Whether the tariff applies by itself."""
        forgiven = self.because is Because.NEVER_CONFIRMED
        return self.coordination is Coordination.UNCOORDINATED and not forgiven
