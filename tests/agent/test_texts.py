"""Every code that the source can utter has a sentence and advice, in both languages."""

import ast
import string
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

import agent
from agent.commands.arguments import COMMANDS
from agent.doctor import Outcome
from agent.errors import AgentError, InputInvalid
from agent.fingerprint import DetailId, UnknownReason
from agent.texts import Texts
from agent.texts.names import NAMES
from agent.texts.sentences import SENTENCES
from protocol.problems import ProtocolError, RefusalCode
from protocol.values import CaseKind, CaseState, ComponentStatus, Standing
from protocol.verdicts import OsVerdict, Rule, Verdict
from protocol.weights import ComponentId

SPEAKERS = {"message", "record"}


PAPERS = ("license", "receipt", "window", "case", "truth", "refusal")


OPERATIONS = ("activate", "release", "check-in", "withdraw", "notice")


def leaves(kind: type) -> Iterator[type]:
    yield kind
    for below in kind.__subclasses__():
        yield from leaves(below)


def spoken_in_source() -> Iterator[str]:
    """Codes that stand as literals where a message, a remark or a problem is made."""
    for path in Path(agent.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = 1 if name == "record" else 0
            if name in SPEAKERS and len(node.args) > at:
                spoken = node.args[at]
                if isinstance(spoken, ast.Constant):
                    yield str(spoken.value)
            if name == "FileRefused" and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)
            if name == "InputInvalid":
                yield from (
                    str(k.value.value)
                    for k in node.keywords
                    if k.arg == "problem" and isinstance(k.value, ast.Constant)
                )


def codes() -> set[str]:
    found = set(spoken_in_source()) | {"usage", "interrupted", "unexpected", "unchanged"}
    found |= {kind.code for kind in leaves(AgentError)}  # type: ignore[attr-defined]
    found |= {kind.code for kind in leaves(ProtocolError)}  # type: ignore[attr-defined]
    found |= {f"refused-{code}" for code in RefusalCode}
    found |= {f"{family}-{s}" for s in Standing for family in ("not-allowed", "standing", "now")}
    found |= {
        "standing-revoked",
        "standing-revoked-drifted",
        "standing-drifted-stopped",
        "standing-unknown",
        "not-confirmed",
    }
    found |= {"window-covers", "window-missed", "recovery-file-unknown", "recovery-file-newer"}
    found |= {f"waiting-{op}" for op in OPERATIONS} | {f"case-{state}" for state in CaseState}
    found |= {f"heard-case-{state}" for state in CaseState if state is not CaseState.OPEN}
    found |= {f"hardware-{verdict}" for verdict in Verdict} | {f"os-{v}" for v in OsVerdict}
    found |= {f"{op}-asked" for op in OPERATIONS} | {f"{paper}-received" for paper in PAPERS}
    found |= {f"proof-{state}" for state in CaseState if state is not CaseState.OPEN}
    return found


def placeholders(sentence: str) -> set[tuple[str | None, str | None]]:
    parts = string.Formatter().parse(sentence)
    # A plural has no counterpart in Persian.
    return {(n, s) for _, n, s, _ in parts if n is not None and "|" not in (s or "")}


def commands_in(sentence: str) -> list[str]:
    return sorted(sentence.split("`")[1::2])


FA = Texts("fa")


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_has_a_sentence_and_advice_in_both_languages(code: str) -> None:
    assert code in SENTENCES, f"{code} has no sentence"
    for english in SENTENCES[code]:
        persian = FA._translate(english)
        assert english.strip()
        assert persian.strip()
        assert persian != english, f"{english!r} is not translated"


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_translation_keeps_every_placeholder_and_every_command(code: str) -> None:
    for english in SENTENCES[code]:
        persian = FA._translate(english)
        assert placeholders(persian) == placeholders(english)
        assert commands_in(persian) == commands_in(english)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_advice_names_commands_that_exist(code: str) -> None:
    for sentence in SENTENCES[code]:
        for command in commands_in(sentence):
            program, *words = command.split()
            if program == "faragostar-man":
                assert words[0] in COMMANDS


def test_the_vendors_own_words_are_used_and_never_the_forbidden_one() -> None:
    everything = " ".join(FA._translate(s) for pair in SENTENCES.values() for s in pair)
    assert "ابطال" not in everything
    assert "بازپس" in everything
    assert "فعال‌سازی مجدد" in everything
    # Arabic letters that only look Persian.
    assert not set("كيى") & set(everything)


FAMILIES: dict[str, type[Enum]] = {
    "component": ComponentId,
    "detail": DetailId,
    "status": ComponentStatus,
    "verdict": Verdict,
    "os": OsVerdict,
    "rule": Rule,
    "reason": UnknownReason,
    "case": CaseState,
    "kind": CaseKind,
}


@pytest.mark.parametrize(
    ("family", "value"), [(f, member.value) for f, kind in FAMILIES.items() for member in kind]
)
def test_every_part_and_verdict_has_a_name_in_both_languages(family: str, value: str) -> None:
    assert f"{family}.{value}" in NAMES
    assert FA.name(family, value) != Texts("en").name(family, value)


def test_what_the_doctor_finds_has_a_sentence() -> None:
    source = (Path(agent.__path__[0]) / "doctor.py").read_text(encoding="utf-8")
    checks = {
        str(node.args[0].value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "_found"
        and isinstance(node.args[0], ast.Constant)
    }
    assert checks
    for check in checks:
        assert any(f"doctor-{check}-{outcome}" in SENTENCES for outcome in Outcome)


def test_the_inputs_own_problem_is_its_code() -> None:
    assert InputInvalid(problem="key-missing").text_code in SENTENCES
    assert InputInvalid().text_code in SENTENCES
