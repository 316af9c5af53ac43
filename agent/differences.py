"""How what differs between two looks at a machine is laid out: tables of parts, and why.

Every value here is masked already (`agent.fingerprint`); no verdict is reached here.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from agent.layout import Lines, indented, table, wrapped
from agent.texts import Texts
from protocol.views import DriftView, MessageView, OsView, ToleranceView

if TYPE_CHECKING:  # `status` predicts nothing, and pays nothing for it
    from agent.planning import Plan, PlannedPart

_WIDEST_VALUE = 20
_TELLING_END = 6
_Row = tuple[str, ...]


def drift_lines(drift: DriftView, os: OsView | None, texts: Texts) -> Lines:
    """Lay out what differs, and how much more may; the standing's own sentences say why."""
    return [_summary(drift, texts), *_parts(drift, os, texts), *_room(drift, texts)]


def compared_lines(drift: DriftView, os: OsView, texts: Texts) -> Lines:
    """Lay out two looks that no license stands behind: the same, and why."""
    return [*_judged(drift, texts), *_parts(drift, os, texts), *_room(drift, texts)]


def _parts(drift: DriftView, os: OsView | None, texts: Texts) -> Lines:
    rows = [
        (
            texts.name("component", found.id),
            *_values(found.was, found.now, texts),
            texts.name("status", found.status),
        )
        for found in drift.components
        if found.status != "same" and found.weight and (found.was or found.now)
    ]
    # The same name on both sides: only the installation's id is unreadable, and nothing changed.
    named = os is not None and os.verdict == "unknown" and os.was == os.now is not None
    if os is not None and os.verdict != "same" and not named:
        name, result = texts.gettext("Operating system"), texts.name("os", os.verdict)
        rows.append((name, _system(os.was, texts), _system(os.now, texts), result))
    header = (
        texts.gettext("Component"),
        texts.gettext("At activation"),
        texts.gettext("Now"),
        texts.gettext("Result"),
    )
    return _listed(header, rows)


def plan_lines(found: "Plan", drift: DriftView, os: OsView, texts: Texts) -> Lines:
    """Lay out what stands there now and what will be said of it after the change."""
    header, *rows = plan_rows(found, os, texts)
    return [*_judged(drift, texts), *_listed(header, rows), *_room(drift, texts)]


def plan_rows(found: "Plan", os: OsView, texts: Texts) -> list[tuple[str, str, str]]:
    """Name what will not be as it was: a header, then each part now and after the change."""
    rows = [
        (
            texts.gettext("Component"),
            texts.gettext("Now"),
            texts.gettext("After the change"),
        )
    ]
    rows += [
        (
            texts.name("component", part.id),
            _value(", ".join(part.now) or None, texts),
            _fate(part, texts),
        )
        for part in found.parts
    ]
    if os.verdict != "same":
        name, result = texts.gettext("Operating system"), texts.name("os", os.verdict)
        rows.append((name, _system(found.os_now, texts), result))
    return rows


def tolerance_message(drift: DriftView) -> MessageView | None:
    """Say how much more may change; nothing where nobody can tell."""
    room = drift.tolerance
    if not isinstance(room, ToleranceView):
        return None
    parts = ",".join(f"{part.id}:{part.points}" for part in room.parts)
    points = {name: str(value) for name, value in msgspec.structs.asdict(room).items()}
    code = "tolerance-over" if drift.verdict in _OVER else "tolerance-none"
    return MessageView(
        code="tolerance-left" if room.parts else code, parameters={**points, "parts": parts}
    )


_OVER = frozenset({"changed", "different"})


def _room(drift: DriftView, texts: Texts) -> Lines:
    found = tolerance_message(drift)
    return wrapped(texts.text(found.code, found.parameters), "  ") if found else []


def _judged(drift: DriftView, texts: Texts) -> Lines:
    return [
        _summary(drift, texts),
        *wrapped(texts.gettext("Why: {rule:rule}", rule=drift.rule), "  "),
    ]


def _listed(header: _Row, rows: Sequence[_Row]) -> Lines:
    return indented(table([header, *rows])) if rows else []


def _summary(drift: DriftView, texts: Texts) -> str:
    return texts.gettext(
        "Hardware: {verdict:words} (the same: {score:words}, readable: {coverage:words})",
        verdict=texts.name("verdict", drift.verdict),
        score=_percent(drift.score, texts),
        coverage=_percent(drift.coverage, texts),
    )


def _fate(part: "PlannedPart", texts: Texts) -> str:
    if part.is_exchanged:
        return texts.gettext("another one")
    status = texts.name("status", part.status)
    if part.status == "unknown":
        return status
    return texts.gettext("{status:words} already", status=status)


def _values(was: str | None, now: str | None, texts: Texts) -> tuple[str, str]:
    """Both sides of a row; where their cuts would look the same, what differs is shown."""
    if was is None or now is None or was == now:
        return _value(was, texts), _value(now, texts)
    was, now = _differing_first(was, now), _differing_first(now, was)
    left, right = _value(was, texts), _value(now, texts)
    if left != right:
        return left, right
    pairs = enumerate(zip(was, now, strict=False))
    begin = next((at for at, (a, b) in pairs if a != b), min(len(was), len(now)))
    return _value(_from(was, begin), texts), _value(_from(now, begin), texts)


def _differing_first(values: str, others: str) -> str:
    """Of a set too long for its place, the members that the other side lacks come first."""
    members, beside = values.split(", "), set(others.split(", "))
    if len(values) <= _WIDEST_VALUE or not all("…" in member for member in members):
        return values
    return ", ".join(sorted(members, key=beside.__contains__))


def _from(value: str, begin: int) -> str:
    part = value[begin : begin + _WIDEST_VALUE - 2]
    return f"…{part}…" if begin + len(part) < len(value) else f"…{part}"


def _value(value: str | None, texts: Texts) -> str:
    if value is None:
        return "-"
    if len(value) > _WIDEST_VALUE:
        value = _cut_set(value) if ", …" in value else _cut(value)
    return texts.latin(value)


def _cut(value: str) -> str:
    # The end, which a mask has left, tells two parts of one make apart.
    tail = value[-_TELLING_END:]
    tail = tail[tail.rfind("…") + 1 :]
    return f"{value[: _WIDEST_VALUE - len(tail) - 1].rstrip(' …')}…{tail}"


def _cut_set(values: str) -> str:
    """Whole members only, and how many are left out."""
    members = values.split(", ")
    for shown in range(len(members) - 1, 0, -1):
        cut = f"{', '.join(members[:shown])} +{len(members) - shown}"
        if len(cut) <= _WIDEST_VALUE:
            return cut
    return _cut(values)


def _system(value: str | None, texts: Texts) -> str:
    if value is None:
        return "-"
    return texts.latin(value if len(value) <= _WIDEST_VALUE else f"{value[: _WIDEST_VALUE - 1]}…")


def _percent(per_mille: int, texts: Texts) -> str:
    # Rounded down: 100 says "all of it" and nothing less does.
    return texts.number(per_mille // 10) + ("٪" if texts.is_persian and not texts.plain else "%")
