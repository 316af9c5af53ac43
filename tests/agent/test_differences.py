"""What is printed of a difference: which part, what was and is there, why, and what is left."""

import pytest
from msgspec.structs import replace

from agent.differences import compared_lines, drift_lines, tolerance_message
from agent.layout import COLUMNS, shown_width
from agent.texts import Texts
from protocol.views import OsView, PointsView, ToleranceView
from tests.agent.drift_views import DRIFT

SYSTEM = OsView(
    verdict="upgrade", was="a system whose name is long 11", now="a system whose name is long 12"
)


def test_only_what_differs_is_listed_and_keeps_its_telling_end() -> None:
    lines = drift_lines(DRIFT, SYSTEM, Texts("en"))
    assert [line.split()[0] for line in lines[2:]] == ["Motherboard", "Network", "Operating"]
    assert "A MAKER WITH A…8YX." in lines[2]
    assert "a system whose name…" in lines[4]
    assert "…0:01" in lines[3]
    assert " -  " in lines[3]


@pytest.mark.parametrize(
    ("was", "now", "shown"),
    [
        ("GENUINEINTEL 6 106 6 SOCKETS 2", "GENUINEINTEL 6 85 7 SOCKETS 2", "…106 6 SOCKETS 2"),
        (
            "A VERY LONG NAME OF ONE DISK …77C1",
            "A VERY LONG NAME OF TWO DISKS …77C1",
            "…ONE DISK …77C1",
        ),
        ("A VERY LONG NAME WITH 7 AND 7", "A VERY LONG NAME WITH 7 AND 7 WITH 7 AND 7", "…"),
    ],
)
def test_two_values_whose_ends_are_the_same_show_where_they_differ(
    was: str, now: str, shown: str
) -> None:
    changed = replace(DRIFT.components[0], was=was, now=now)
    row = drift_lines(replace(DRIFT, components=(changed,)), None, Texts("en"))[-1]
    cells = [cell for cell in row.split("  ") if cell.strip()]
    assert cells[1].strip() == shown
    assert cells[1].strip() != cells[2].strip()


def test_no_system_is_shown_as_a_dash() -> None:
    unread = OsView(verdict="unknown", was="debian 12", now=None)
    assert drift_lines(DRIFT, unread, Texts("en"))[-1].split()[-2:] == ["-", "unreadable"]


def test_a_system_whose_name_is_the_same_is_no_row_of_changes() -> None:
    only_the_id_unread = OsView(verdict="unknown", was="debian 12", now="debian 12")
    assert not any("debian" in line for line in drift_lines(DRIFT, only_the_id_unread, Texts("en")))


def changed_row(was: str, now: str) -> list[str]:
    """The two cells of a part whose values these are."""
    changed = replace(DRIFT.components[0], was=was, now=now)
    row = drift_lines(replace(DRIFT, components=(changed,)), None, Texts("en"))[-1]
    return [cell.strip() for cell in row.split("  ") if cell.strip()][1:3]


def test_of_a_long_set_the_members_that_differ_come_first_and_whole() -> None:
    cards = "…10:01, …10:02, …10:03, …10:04"
    assert changed_row(cards, cards.replace("10:03", "20:99")) == [
        "…10:03, …10:01 +2",
        "…20:99, …10:01 +2",
    ]
    assert changed_row("…1234567, …7654321, …8888888", "…9") == ["…1234567 +2", "…9"]


def test_one_member_alone_may_be_too_long_for_its_place() -> None:
    long = "A MAKER OF DISKS AND ITS MODEL …77C1"
    was, now = changed_row(f"{long}, …2", f"{long.replace('77C1', '99C9')}, …2")
    assert was != now


ROOM = ToleranceView(
    whole=100,
    differs=10,
    spare=5,
    parts=(PointsView(id="cpu", points=5), PointsView(id="memory", points=5)),
)
JUDGED = replace(DRIFT, verdict="tolerated", rule="within-tolerance", tolerance=ROOM)


def test_what_is_left_is_told_with_the_parts_and_their_points() -> None:
    said = " ".join(" ".join(drift_lines(JUDGED, None, Texts("en"))).split())
    assert "5 of 100 points may still change before the license counts it" in said
    assert said.endswith("next, any one of: Processor (5), Memory modules (5)")
    persian = " ".join(" ".join(drift_lines(JUDGED, None, Texts("fa"))).split())
    assert "از ۱۰۰ امتیاز، هنوز ۵ امتیاز" in persian
    assert persian.endswith("پردازنده (۵)، ماژول‌های حافظه (۵)")


def test_nothing_left_is_told_so() -> None:
    none = replace(JUDGED, tolerance=replace(ROOM, spare=0, parts=()))
    said = drift_lines(none, None, Texts("en"))[-1]
    assert said.strip() == "With what remains, the change of any further part counts"


def test_too_much_is_told_beside_what_was_tolerated() -> None:
    over = replace(
        JUDGED,
        verdict="changed",
        rule="beyond-tolerance",
        tolerance=ToleranceView(whole=100, differs=25, spare=15, parts=()),
    )
    lines = compared_lines(over, SYSTEM, Texts("en"))
    assert lines[1].strip() == "Why: more parts changed than the license tolerates"
    assert lines[-1].strip() == "25 of 100 points differ; the license tolerates 15"


def test_where_nobody_can_tell_and_in_an_older_copy_nothing_is_said_of_it() -> None:
    assert tolerance_message(replace(JUDGED, tolerance=None)) is None
    assert tolerance_message(DRIFT) is None


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_comparison_fits_eighty_columns(language: str) -> None:
    lines = compared_lines(JUDGED, SYSTEM, Texts(language))
    assert all(shown_width(line) < COLUMNS for line in lines)
