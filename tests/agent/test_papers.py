"""Kept documents: what they say, by whose key, and what of one that is not to be believed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.errors import StoreDamaged
from agent.ports import PaperKind, StoredPaper
from protocol import jws
from protocol.documents import License, Receipt
from protocol.values import ReleaseReason
from tests.agent.worlds import World
from tests.journeys.site import Host, Site
from tests.server.live import LiveServer
from tests.simulated_server import LICENSE_KEY, SimulatedServer


@pytest.fixture
def released(tmp_path: Path) -> World:
    world = World(tmp_path, SimulatedServer())
    world.agent.activate(LICENSE_KEY)
    world.agent.release(ReleaseReason.OS)
    return world


def paper(world: World, kind: PaperKind) -> StoredPaper:
    return next(found for found in world.agent.papers() if found.kind is kind)


def test_every_kept_document_is_genuine_and_its_key_is_named(released: World) -> None:
    kinds = {PaperKind.LICENSE: License, PaperKind.RECEIPT: Receipt}
    papers = released.agent.papers()
    assert {found.kind for found in papers} == set(kinds)
    for found in papers:
        opened = released.agent.opened(found)
        assert isinstance(opened.answer, kinds[found.kind])
        assert opened.problem is None
        assert opened.signature is not None
        assert (opened.signature.key, opened.signature.root) == (1, 1)
        assert opened.signature.kid == jws.split(found.raw).kid


def test_a_changed_document_says_nothing(released: World) -> None:
    found = paper(released, PaperKind.RECEIPT)
    forged = found.raw[:-20] + found.raw[-20:-4].swapcase() + found.raw[-4:]
    opened = released.agent.opened(replace(found, raw=forged))
    assert (opened.answer, opened.signature) == (None, None)
    assert opened.problem == "document-bad-signature"


def test_a_genuine_document_in_anothers_place_is_not_that_one(released: World) -> None:
    receipt, license = paper(released, PaperKind.RECEIPT), paper(released, PaperKind.LICENSE)
    for wrong in (
        replace(receipt, raw=license.raw),
        replace(receipt, generation=receipt.generation + 1),
        replace(license, kind=PaperKind.RECEIPT),
    ):
        assert released.agent.opened(wrong).problem == "document-wrong-type"


def test_keys_are_counted_from_the_oldest(tmp_path: Path) -> None:
    with LiveServer(tmp_path / "server") as server:
        site = Site(tmp_path, server)
        host: Host = site.host()
        host.agent.activate(site.issue().license_key)
        server.rotate()
        host.agent.release(ReleaseReason.OS)
        signed = [host.agent.opened(found).signature for found in host.agent.papers()]
    assert [(found.key, found.root) for found in signed if found] == [(1, 2), (2, 2)]


def test_without_a_root_to_believe_by_the_store_is_damaged(released: World) -> None:
    found = paper(released, PaperKind.RECEIPT)
    with closing(sqlite3.connect(released.home.store)) as connection, connection:
        connection.execute("DELETE FROM memory WHERE name = 'roots'")
    with pytest.raises(StoreDamaged):
        released.agent.opened(found)


def test_a_machine_shows_its_parts_without_a_license_and_masked(tmp_path: Path) -> None:
    world = World(tmp_path, SimulatedServer())
    seen = world.agent.parts()
    board = next(part for part in seen.parts if part.id == "board")
    assert board.values
    assert all("…" in value for value in board.values)
    assert seen.system
