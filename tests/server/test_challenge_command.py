"""`challenge` on the command line: what is read out, what is heard, and what a script gets."""

from pathlib import Path
from typing import Any

import pytest

from protocol import challenge
from protocol.challenge import DriftClass, MachineState, agreed_key
from protocol.values import Standing
from tests.server.calling import Caller
from tests.server.case_desk import Desk, desk
from tests.server.command import PASSPHRASE, Ran, Server

__all__ = ["desk"]
BY = ("--by", "Omid")


@pytest.fixture
def caller(desk: Desk) -> Caller:
    """Its machine, bound anew with an agreement key that the test knows."""
    caller = Caller(desk.office, desk.device)
    caller.take(desk.issued.license_key)
    return caller


def asked(desk: Desk) -> Any:
    return desk.command("challenge", desk.issued.support_code, *BY, "--json").json


def answer(desk: Desk, caller: Caller, code: str, standing: Standing, drift: DriftClass) -> str:
    state = MachineState(
        license_id=desk.issued.license_id, generation=2, standing=standing, drift=drift
    )
    key = agreed_key(caller.secret, desk.office.server.trust.root.agreement_key)
    return challenge.shown_answer(challenge.answer(key, challenge.read_code(code), state))


def heard(desk: Desk, caller: Caller, *options: str, standing: Standing, drift: DriftClass) -> Ran:
    code = asked(desk)["code"]
    said = answer(desk, caller, code, standing, drift)
    return desk.command("challenge", "check", code, said, *BY, *options)


def test_a_script_gets_what_was_asked_and_what_was_proved(desk: Desk, caller: Caller) -> None:
    told = asked(desk)
    assert told == {
        "call": 1,
        "code": told["code"],
        "license_id": desk.issued.license_id,
        "support_code": desk.issued.support_code,
        "device": desk.device.id,
        "generation": 2,
        "expires_at": told["expires_at"],
        "tries": 5,
    }
    proved = heard(desk, caller, "--json", standing=Standing.DRIFTED, drift=DriftClass.DRIFT)
    assert proved.code == 0
    assert proved.json == {
        "call": 2,
        "license_id": desk.issued.license_id,
        "support_code": desk.issued.support_code,
        "device": desk.device.id,
        "generation": 2,
        "standing": "drifted",
        "drift": "drift",
        "in_books": "bound",
    }
    assert desk.command("verify-audit").code == 0


def test_people_are_told_what_to_read_out_and_what_it_proves(desk: Desk, caller: Caller) -> None:
    read_out = desk.command("challenge", desk.issued.support_code, *BY).out
    assert "Call 1: read out this challenge code, until " in read_out
    persian = desk.command("challenge", desk.issued.support_code, *BY, "--lang", "fa").out
    assert "تماس ۲" in persian
    state = {"standing": Standing.ACTIVE, "drift": DriftClass.NO_DRIFT}
    english = heard(desk, caller, **state).out.splitlines()  # type: ignore[arg-type]
    assert english[1:3] == [
        "Generation 2, active; no change that counts.",
        "The books say so too: this machine holds the license.",
    ]
    persian = heard(desk, caller, "--lang", "fa", **state).out  # type: ignore[arg-type]
    assert "نوبت ۲، فعال؛ بدون تغییری که به شمار آید." in persian


@pytest.mark.parametrize(
    ("standing", "drift"),
    [
        (Standing.ACTIVE, DriftClass.HIDDEN),
        (Standing.DRIFTED, DriftClass.DRIFT),
        (Standing.RELEASING, DriftClass.NOT_COMPARED),
    ],
)
def test_each_state_has_its_words(
    desk: Desk, caller: Caller, standing: Standing, drift: DriftClass
) -> None:
    for language in ("en", "fa"):
        said = heard(desk, caller, "--lang", language, standing=standing, drift=drift)
        assert (said.code, said.err) == (0, "")


def test_what_proves_nothing_has_a_name_and_advice(desk: Desk, caller: Caller) -> None:
    code = asked(desk)["code"]
    right = answer(desk, caller, code, Standing.ACTIVE, DriftClass.NO_DRIFT)
    wrong = answer(desk, caller, code, Standing.UNLICENSED, DriftClass.NOT_COMPARED)
    for said, name in (
        (right[:-1] + str((int(right[-1]) + 1) % 10), "answer-mistyped"),
        (right[:-2], "answer-incomplete"),
        (wrong, "answer-wrong"),
    ):
        for language in ("en", "fa"):
            ran = desk.command("challenge", "check", code, said, *BY, "--json", "--lang", language)
            assert (ran.code, ran.json["error"]) == (51, name)
            assert ran.json["advice"]
            assert said not in ran.json["text"]
    assert desk.command("challenge", "check", code, right, *BY).code == 0
    again = desk.command("challenge", "check", code, right, *BY, "--json")
    assert (again.code, again.json["error"]) == (51, "challenge-used")


@pytest.mark.parametrize(
    "words", [("check",), ("check", "1"), ("a", "b"), ("check", "a", "b", "c"), ()]
)
def test_other_words_are_a_usage_error(server: Server, words: tuple[str, ...]) -> None:
    assert server("challenge", *words, *BY).code == 2


def test_who_asks_must_be_named(server: Server) -> None:
    assert server("challenge", "1234-5678-9012").code == 2


def test_the_keys_passphrase_is_needed_to_judge_and_not_to_ask(
    server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE)
    assert server("init", "--passphrase-file", str(file)).code == 0
    assert server("staff", "add", "Omid", "--role", "support").code == 0
    assert server("challenge", "1", *BY, "--json").json["error"] == "not-found"
    words = ("check", challenge.shown_code("1" * 8), challenge.shown_answer("1" * 12))
    without = server("challenge", *words, *BY, "--json")
    assert (without.code, without.json["error"]) == (35, "passphrase-needed")
    given = server("challenge", *words, *BY, "--passphrase-file", str(file), "--json")
    assert (given.code, given.json["error"]) == (36, "not-found")
