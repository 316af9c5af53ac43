"""Every attack on disk is refused at its door, by exactly its code."""

import json
from typing import Any

import pytest

from protocol.exchange import unpack_roots
from protocol.jws import digest
from protocol.trust import Trust
from tests.vectors.doors import DOORS, refusal
from tests.vectors.forge import LICENSE_BYTES
from tests.vectors.make_vectors import FOLDER, make_vectors


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


WORLD = load("world.json")
TRUSTS = {name: Trust.follow(unpack_roots(c.encode())) for name, c in WORLD["trusts"].items()}
NAMES = sorted(path.name for path in FOLDER.glob("*.json") if path.name != "world.json")


@pytest.mark.parametrize("name", NAMES)
def test_vector_is_refused_by_exactly_its_code(name: str) -> None:
    vector = load(name)
    raw = vector["bytes"].encode("latin-1")
    assert refusal(vector["door"], raw, TRUSTS[vector["trust"]]) == vector["code"]


def test_vectors_on_disk_are_what_the_script_makes() -> None:
    on_disk = {name: (FOLDER / name).read_text(encoding="utf-8") for name in (*NAMES, "world.json")}
    assert on_disk == make_vectors()


def test_every_door_has_a_vector_that_is_accepted_and_one_that_is_refused() -> None:
    vectors = [load(name) for name in NAMES]
    assert {vector["door"] for vector in vectors if vector["code"]} == DOORS.keys()
    assert {vector["door"] for vector in vectors if not vector["code"]} == DOORS.keys()


def test_malleated_signature_names_the_same_document() -> None:
    malleated = load("license-signature-malleated.json")["bytes"].encode()
    assert malleated != LICENSE_BYTES
    assert digest(malleated) == digest(LICENSE_BYTES)
