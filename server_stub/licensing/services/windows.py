"""Change windows: opened by a notice or by staff who cite a letter, and closed (§3, §5).

What they cover is `coverage`'s.
"""

from dataclasses import dataclass

from protocol import documents
from protocol.documents import Notice
from protocol.problems import RefusalCode
from protocol.values import ComponentStatus, LicenseId, Timestamp
from protocol.windows import LONGEST_WINDOW_SECONDS, Change, altered, hidden
from server_stub.denials import WindowBackwards, WindowBeforeLetter, WindowOver, WindowTooLong
from server_stub.errors import NotFound
from server_stub.licensing import fingerprints
from server_stub.licensing.audit import Fact
from server_stub.licensing.models import Binding, License, Window
from server_stub.licensing.models.decisions import Role
from server_stub.licensing.server import Books
from server_stub.licensing.services.acts import acting
from server_stub.licensing.services.binding import active_binding
from server_stub.licensing.services.case_facts import summary
from server_stub.licensing.services.order import require_order
from server_stub.licensing.services.people import require_role
from server_stub.licensing.services.refusals import Refused
from server_stub.licensing.services.turn import Outcome, Turn

_DAY = 86_400
FARTHEST = 60 * _DAY
APART = 7 * _DAY
MOST_IN_A_YEAR = 6
_YEAR = 365 * _DAY
# What was seen the same so long ago may have changed since. Longer than the week that check-ins may
# be apart (ADR 44): who chose that, and declares what failed this hour, is not to pay for it.
LATELY = 8 * _DAY


def open_by_notice(
    turn: Turn, request: Notice, license: License, proof: documents.License
) -> Outcome:
    """Open a window for the machine that holds the license.

    Raises:
        Refused: forked, not the holder, or outside the policy; each rule has a code of its own.
    """
    device = turn.meet_device()
    require_order(turn, device)
    if device.must_renew:
        raise Refused(RefusalCode.KEY_RENEWAL_NEEDED)
    current = active_binding(license)
    if current is None or current.device_id != device.device_id:
        raise Refused(RefusalCode.DEVICE_MISMATCH)
    if current.generation != proof.generation:
        raise Refused(RefusalCode.OLDER_THAN_BINDING)
    _require_scope(request.scope)
    # Nothing is coordinated before the vendor heard of it.
    starts_at = Timestamp(max(request.starts_at, turn.now))
    _require_policy(license, starts_at, request.ends_at, turn.now)
    _note_use(current, request)
    window = Window.objects.create(
        license=license,
        device=current.device,
        scope=_in_order(request.scope),
        starts_at=starts_at,
        ends_at=request.ends_at,
        received_at=turn.now,
        not_covered=list(_not_covered(turn, request, license, current)),
        reason=request.reason,
        contact=request.contact,
        created_at=turn.now,
    )
    turn.journal.record(
        "window-opened", license=license.license_id, device=device.device_id, facts=_facts(window)
    )
    answer = documents.Window(
        **turn.head(current.generation),
        license_id=LicenseId(license.license_id),
        window=summary(window),
    )
    return Outcome(turn.sign(answer), "answered-window", license.license_id)


def _require_scope(scope: tuple[str, ...]) -> None:
    if not {*scope} <= {change.value for change in Change}:
        raise Refused(RefusalCode.WINDOW_SCOPE_UNKNOWN)


def _require_policy(
    license: License, starts_at: Timestamp, ends_at: Timestamp, now: Timestamp
) -> None:
    if ends_at <= starts_at:
        raise Refused(RefusalCode.WINDOW_PAST)
    if ends_at - starts_at > LONGEST_WINDOW_SECONDS:
        raise Refused(RefusalCode.WINDOW_TOO_LONG)
    if starts_at - now > FARTHEST:
        raise Refused(RefusalCode.WINDOW_TOO_FAR)
    others = license.windows.filter(closed_at=None)
    if others.filter(ends_at__gt=now).exists():
        raise Refused(RefusalCode.WINDOW_STANDS)
    # Windows back to back would be one without an end.
    if others.filter(ends_at__gt=starts_at - APART).exists():
        raise Refused(RefusalCode.WINDOW_TOO_SOON)
    of_this_year = license.windows.filter(device__isnull=False, created_at__gt=now - _YEAR)
    if of_this_year.count() >= MOST_IN_A_YEAR:
        raise Refused(RefusalCode.WINDOWS_USED_UP)


def _note_use(current: Binding, request: Notice) -> None:
    """A notice shows the document in use, like a check-in."""
    current.in_use_sequence = max(current.in_use_sequence, request.sequence)
    current.save(update_fields=["in_use_sequence"])


def _not_covered(
    turn: Turn, request: Notice, license: License, current: Binding
) -> tuple[str, ...]:
    """What had changed when the notice came, or may have: hidden, and not lately seen the same."""
    policy = fingerprints.read_policy(license.policy)
    enrolment = fingerprints.enrolment_of(current)
    comparison = fingerprints.compare_with(enrolment, request.fingerprint, policy)
    is_fresh = turn.now - (current.last_check_in or 0) <= LATELY
    told = current.last_statuses if is_fresh else {}
    unseen = (
        name
        for name in hidden(comparison, enrolment.fingerprint, policy)
        if told.get(name) != ComponentStatus.SAME.value
    )
    return (*altered(comparison, policy), *unseen)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A notice that came in writing, and the window that staff open by it."""

    scope: tuple[Change, ...]
    starts_at: Timestamp
    ends_at: Timestamp
    citation: str
    received_at: Timestamp | None
    by: str


def open_by_letter(books: Books, license: License, letter: Letter) -> Window:
    """Open a window that the vendor's staff answer for.

    Bound neither by number nor by distance nor by another window; but never longer than fourteen
    days, and never from before the letter came: the terms ask for notice *before* the change.

    Raises:
        NotFound: nobody of that name.
        RoleNeeded: neither support nor supervisor.
        WindowRefused: outside these limits.
    """
    with acting(books) as act:
        require_role(letter.by, Role.SUPPORT, Role.SUPERVISOR)
        received_at = act.now if letter.received_at is None else letter.received_at
        if letter.ends_at <= letter.starts_at:
            raise WindowBackwards
        if letter.ends_at - letter.starts_at > LONGEST_WINDOW_SECONDS:
            raise WindowTooLong(days=str(LONGEST_WINDOW_SECONDS // _DAY))
        if letter.starts_at < received_at or received_at > act.now:
            raise WindowBeforeLetter
        window = Window.objects.create(
            license=license,
            scope=_in_order(letter.scope),
            starts_at=letter.starts_at,
            ends_at=letter.ends_at,
            received_at=received_at,
            citation=letter.citation,
            opened_by=letter.by,
            created_at=act.now,
        )
        act.record(
            "window-opened",
            license=license.license_id,
            facts={**_facts(window), "by": letter.by, "citation": letter.citation},
        )
    return window


def close(books: Books, number: int, *, by: str, reason: str) -> Window:
    """Take a window back before its end; what was changed in it until now stays coordinated.

    Raises:
        NotFound: no such window, or nobody of that name.
        RoleNeeded: neither support nor supervisor.
        WindowOver: it has ended, or was closed before.
    """
    with acting(books) as act:
        require_role(by, Role.SUPPORT, Role.SUPERVISOR)
        window = Window.objects.select_related("license").filter(pk=number).first()
        if window is None:
            raise NotFound(str(number), name=str(number))
        if window.closed_at is not None or window.ends_at <= act.now:
            raise WindowOver(number=str(number))
        window.closed_at = act.now
        window.save(update_fields=["closed_at"])
        facts: dict[str, Fact] = {"window": window.pk, "by": by, "reason": reason}
        act.record("window-closed", license=window.license_id, facts=facts)
    return window


def _in_order(scope: tuple[str, ...]) -> list[str]:
    """Each declared change once, in the order in which they are always listed."""
    return [change.value for change in Change if change.value in scope]


def _facts(window: Window) -> dict[str, Fact]:
    return {
        "window": window.pk,
        "scope": ",".join(window.scope),
        "starts_at": window.starts_at,
        "ends_at": window.ends_at,
        "received_at": window.received_at,
        "not_covered": ",".join(window.not_covered),
    }
