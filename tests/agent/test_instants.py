"""Instants as programs and readers of English know them."""

from agent.texts.instants import local, utc


def test_instants_are_spelled_for_programs_and_for_readers() -> None:
    assert utc(0) == "1970-01-01T00:00:00Z"
    assert local(0).startswith(("1970-01-01 ", "1969-12-31 "))
