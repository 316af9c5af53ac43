"""The days on which nobody answers the vendor's phone, as somebody keeps them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from protocol.tehran import TEHRAN
from protocol.values import Timestamp
from server_stub.denials import HolidayOver
from server_stub.errors import NotFound
from server_stub.licensing.models import Holiday
from server_stub.licensing.server import Books
from server_stub.licensing.services.acts import acting

# A machine's clock may be slow by hours, and its check-in may be old by weeks. Never more days than
# a truth carries.
_BACK, _AHEAD = timedelta(days=1), timedelta(days=60)


def add(books: Books, days: Sequence[str]) -> tuple[str, ...]:
    """Have these days told; those that are told already stay. Return what was new.

    Raises:
        HolidayOver: one of them is over.
    """
    with acting(books) as act:
        yesterday = _yesterday(act.now)
        if over := min((day for day in days if day < yesterday), default=""):
            raise HolidayOver(over, day=over)
        new = tuple(day for day in sorted(set(days)) if _put(day, act.now))
        if new:
            act.record("holidays-added", facts={"days": list(new)})
    return new


def remove(books: Books, day: str) -> None:
    """Tell it no more.

    Raises:
        NotFound: it is no holiday.
    """
    with acting(books) as act:
        found = Holiday.objects.filter(day=day, removed_at__isnull=True).first()
        if found is None:
            raise NotFound(day, name=day)
        found.removed_at = act.now
        found.save(update_fields=["removed_at"])
        act.record("holiday-removed", facts={"day": day})


def told(now: Timestamp) -> tuple[str, ...]:
    """Those of yesterday and of the next two months, the oldest first."""
    last = (_today(now) + _AHEAD).isoformat()
    return tuple(day for day in coming(now) if day <= last)


def coming(now: Timestamp) -> tuple[str, ...]:
    """Those of yesterday and all that are to come, the oldest first."""
    kept = Holiday.objects.filter(removed_at__isnull=True, day__gte=_yesterday(now))
    return tuple(kept.order_by("day").values_list("day", flat=True))


def _put(day: str, now: Timestamp) -> bool:
    found = Holiday.objects.filter(day=day).first()
    if found is not None and found.removed_at is None:
        return False
    found = found or Holiday(day=day)
    found.added_at, found.removed_at = now, None
    found.save()
    return True


def _yesterday(now: Timestamp) -> str:
    return (_today(now) - _BACK).isoformat()


def _today(now: Timestamp) -> date:
    return datetime.fromtimestamp(now, UTC).astimezone(TEHRAN).date()
