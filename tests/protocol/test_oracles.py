"""General JOSE libraries and our profile agree on every document, in both directions."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from protocol.encoding import canonical
from protocol.envelope import open_answer, open_license, open_request, sign_answer, sign_request
from protocol.keys import Algorithm, EcJwk, Jwk, OkpJwk, PublicKey
from protocol.trust import KeyRecord, KeyUse, Trust
from protocol.values import KeyThumbprint, Timestamp
from tests.oracles import joserfc_oracle
from tests.protocol.samples import ACTIVATE, ANSWERS, DEVICE_KEY, LICENSE, REQUESTS
from tests.protocol.world import (
    DOCUMENT_ED25519_KEY,
    DOCUMENT_KEY,
    ROOT_A,
    ROOT_B,
    ROOT_C,
    TRUST_1,
    make_root,
    sign_root,
)
from tests.vectors.doors import refusal
from tests.vectors.forge import encode
from tests.waiting import PATIENCE_SECONDS

FOLDER = Path(__file__).parents[1] / "oracles"
REQUIRED = os.environ.get("FARAGOSTAR_REQUIRE_ORACLES") == "1"

# What we sign, with the key that signed it; then the same with one bit of the signature flipped.
SIGNED = {
    **{f"ES256 {a.typ}": (DOCUMENT_KEY.public, sign_answer(a, DOCUMENT_KEY)) for a in ANSWERS},
    "Ed25519 license+jws": (
        DOCUMENT_ED25519_KEY.public,
        sign_answer(LICENSE, DOCUMENT_ED25519_KEY),
    ),
    **{
        f"Ed25519 {type(r).__name__}": (DEVICE_KEY.public, sign_request(r, DEVICE_KEY))
        for r in REQUESTS
    },
}
# What an oracle signs with a key of its own.
WANTED = {
    "ES256 license": f"sign ES256 license+jws {encode(canonical(LICENSE)).decode()} bare",
    "Ed25519 license": f"sign Ed25519 license+jws {encode(canonical(LICENSE)).decode()} bare",
    "Ed25519 request": f"sign Ed25519 request+jws {encode(canonical(ACTIVATE)).decode()} carry",
}


class Opinions(NamedTuple):
    """The answers of one oracle, in the order of the tasks."""

    honest: dict[str, str]
    flipped: dict[str, str]
    signed: dict[str, str]


def tasks() -> list[str]:
    honest = [_verify(key, raw) for key, raw in SIGNED.values()]
    flipped = [_verify(key, _flip(raw)) for key, raw in SIGNED.values()]
    return [*honest, *flipped, *WANTED.values()]


def _verify(key: PublicKey, raw: bytes) -> str:
    y = key.jwk.y if isinstance(key.jwk, EcJwk) else "-"
    return f"verify {key.algorithm} {key.jwk.x} {y} {raw.decode()}"


def _flip(raw: bytes) -> bytes:
    """Another first letter of the signature."""
    signed, _, signature = raw.rpartition(b".")
    return signed + b"." + (b"B" if signature[:1] == b"A" else b"A") + signature[1:]


def ask_joserfc() -> list[str]:
    return [joserfc_oracle.answer(task) for task in tasks()]


def ask_node() -> list[str]:
    if not (FOLDER / "node_modules" / "jose").exists():
        missing("node_modules of tests/oracles (npm ci)")
    return ask_command("node", "oracle.mjs")


def ask_java() -> list[str]:
    return ask_command("java", "Oracle.java")


def ask_command(*command: str) -> list[str]:
    if shutil.which(command[0]) is None:
        missing(command[0])
    asked = "\n".join(tasks()) + "\n"
    done = subprocess.run(
        command,
        cwd=FOLDER,
        input=asked,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def missing(what: str) -> None:
    if REQUIRED:
        pytest.fail(f"{what} is missing and FARAGOSTAR_REQUIRE_ORACLES=1")
    pytest.skip(f"{what} is missing")


@cache
def opinions(ask: Callable[[], list[str]]) -> Opinions:
    answers = ask()
    assert len(answers) == len(tasks())
    lines: Iterator[str] = iter(answers)
    honest = {name: next(lines) for name in SIGNED}
    flipped = {name: next(lines) for name in SIGNED}
    return Opinions(honest, flipped, {name: next(lines) for name in WANTED})


@pytest.fixture(params=[ask_joserfc, ask_node, ask_java], ids=["joserfc", "node", "java"])
def oracle(request: pytest.FixtureRequest) -> Opinions:
    return opinions(request.param)


def test_oracle_reads_what_we_sign_and_names_the_key_alike(oracle: Opinions) -> None:
    for name, (key, raw) in SIGNED.items():
        assert oracle.honest[name] == f"{key.kid} {raw.split(b'.')[1].decode()}", name


def test_oracle_refuses_what_we_refuse(oracle: Opinions) -> None:
    assert set(oracle.flipped.values()) == {"refused"}
    for name, (key, raw) in SIGNED.items():
        door = "request" if key is DEVICE_KEY.public else "answer"
        assert refusal(door, _flip(raw), TRUST_1) == "document-bad-signature", name


@pytest.mark.parametrize("alg", Algorithm)
def test_we_open_a_license_that_the_oracle_signed(oracle: Opinions, alg: Algorithm) -> None:
    envelope, x, y = oracle.signed[f"{alg} license"].split(" ")
    jwk = EcJwk(crv="P-256", x=x, y=y) if alg is Algorithm.ES256 else OkpJwk(crv="Ed25519", x=x)
    trust = trusting(jwk, alg)
    assert open_license(envelope.encode(), trust) == LICENSE
    assert open_answer(envelope.encode(), trust) == LICENSE


def trusting(jwk: Jwk, alg: Algorithm) -> Trust:
    entry = KeyRecord(alg=alg, use=KeyUse.DOCUMENT, jwk=jwk, not_before=Timestamp(0))
    others = ((KeyThumbprint(PublicKey(jwk).kid), entry),)
    root = make_root(1, ROOT_A, ROOT_B, ROOT_C, others=others)
    return Trust.pin(sign_root(root, ROOT_A, ROOT_B))


def test_we_open_a_request_that_the_oracle_signed(oracle: Opinions) -> None:
    envelope, x, _ = oracle.signed["Ed25519 request"].split(" ")
    opened = open_request(envelope.encode())
    assert opened.request == ACTIVATE
    assert opened.key.jwk == OkpJwk(crv="Ed25519", x=x)
