"""`respond` on the command line: digits to be read out, big, in the reader's own."""

import re

import pytest

from agent.cli import Exit
from protocol.challenge import read_answer, shown_code
from tests.agent.cli.console import Run
from tests.agent.worlds import World

CODE = shown_code("12345678")


@pytest.mark.usefixtures("active")
def test_a_script_gets_code_and_answer(run: Run) -> None:
    said = run("respond", *CODE.split("-"), "--json")
    assert said.code == Exit.DONE
    assert set(said.json) == {"code", "answer"}
    assert said.json["code"] == CODE
    assert len(read_answer(said.json["answer"])) == 12


@pytest.mark.usefixtures("active")
def test_a_person_reads_groups_in_their_own_digits(run: Run) -> None:
    english = run("respond", CODE).out
    assert re.search(r"^    \d{4}(  \d{4}){3}$", english, re.MULTILINE)
    assert "it moves nothing" in " ".join(english.split())
    persian = run("respond", CODE, "--lang", "fa").out
    assert re.search("^    \u2066[۰-۹]{4}(  [۰-۹]{4}){3}\u2069$", persian, re.MULTILINE)
    assert not re.search("[0-9]", persian)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_cannot_be_answered_is_named(run: Run, world: World, language: str) -> None:
    said = run("respond", CODE, "--json", "--lang", language)
    assert (said.code, said.json["text_code"]) == (Exit.UNLICENSED, "not-allowed-unlicensed")
    said = run("respond", CODE[:-1], "--json", "--lang", language)
    assert (said.code, said.json["text_code"]) == (Exit.USAGE, "challenge-mistyped")
    assert said.json["advice"]
    assert world.server.received == []
