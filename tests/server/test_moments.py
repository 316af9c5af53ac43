"""Times as the vendor's people read and type them, in either calendar."""

import argparse

import pytest

from server_stub.commands.moments import day, moment, typed_day, typed_end, typed_moment

AT = 1_796_112_000  # 2026-12-01T08:00:00Z


def test_a_reader_of_persian_sees_the_calendar_and_the_clock_of_iran() -> None:
    assert moment(AT, is_persian=False) == "2026-12-01 08:00:00Z"
    assert moment(AT, is_persian=True) == "۱۴۰۵/۰۹/۱۰ ۱۱:۳۰:۰۰"
    evening = AT + 13 * 3600
    assert moment(evening, is_persian=True) == "۱۴۰۵/۰۹/۱۱ ۰۰:۳۰:۰۰", "the day after, there"
    assert day("2027-03-20", is_persian=True) == "۱۴۰۵/۱۲/۲۹"
    assert day("2027-03-20", is_persian=False) == "2027-03-20"


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-01T08:00",
        "2026-12-01T08:00Z",
        "2026-12-01T11:30+03:30",
        "۲۰۲۶-۱۲-۰۱T۰۸:۰۰",
        "1405/09/10 11:30",
        "1405-9-10T11:30:00",
        "۱۴۰۵/۰۹/۱۰ ۱۱:۳۰",
        "1405/09/10 08:00Z",
    ],
)
def test_a_time_may_be_typed_in_either_calendar(typed: str) -> None:
    assert typed_moment(typed) == AT


def test_a_persian_day_begins_in_iran() -> None:
    assert typed_moment("1405/09/10") == AT - 8 * 3600 - 3 * 3600 - 1800


@pytest.mark.parametrize("typed", ["1405/09/10", "۱۴۰۵/۹/۱۰"])
def test_a_day_alone_ends_with_its_evening(typed: str) -> None:
    assert typed_end(typed) == typed_moment("1405/09/11 00:00")


def test_an_end_with_an_hour_is_that_hour() -> None:
    assert typed_end("2026-12-01") == AT + 16 * 3600
    assert typed_end("2026-12-01T08:00") == AT
    assert typed_end("1405/09/10 11:30") == AT


@pytest.mark.parametrize("typed", ["2027-03-20", "۲۰۲۷-۰۳-۲۰", "1405/12/29", "۱۴۰۵/۱۲/۲۹"])
def test_a_day_may_be_typed_in_either_calendar(typed: str) -> None:
    assert typed_day(typed) == "2027-03-20"


@pytest.mark.parametrize(
    "typed", ["", "tomorrow", "1405/13/01", "1405/12/30", "1405/09/10 25:00", "1905/09/10"]
)
def test_what_is_no_time_is_named(typed: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="1405/09/10"):
        typed_moment(typed)
    with pytest.raises(argparse.ArgumentTypeError, match="1405/09/10"):
        typed_day(typed)


def test_a_time_before_the_first_second_is_refused() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="1970"):
        typed_moment("1969-12-31")
