"""Keys and roots at their worst: mistyped, half written, left out, and changed under load (§2)."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
import pytest

from protocol import jws
from protocol.documents import License
from protocol.envelope import open_answer
from protocol.exchange import unpack_answer, unpack_roots
from protocol.trust import Trust
from protocol.values import Standing
from server_stub.errors import RootNotSigned
from server_stub.licensing import signer
from server_stub.licensing.drafts import Draft
from server_stub.licensing.roots import published
from server_stub.licensing.services import rotation
from tests.server.command import Server
from tests.server.conftest import Office
from tests.server.serving import address, issue, post, started_from, trust_of
from tests.server.test_keys import ask, document_keys, vendor

__all__ = ["vendor"]

ROTATIONS = 3


def drafted(office: Office, root: Any) -> Draft:
    key = signer.load(office.home.keys / "root-1.pem", None)
    assert key is not None
    return Draft.after(published(), root).signed_by(key)


def kid_of(document: bytes) -> str:
    return str(jws.split(document).kid)


def test_a_mistyped_passphrase_makes_no_key(vendor: Server, tmp_path: Path) -> None:
    (tmp_path / "typo").write_text("correct horse batterz\n")
    done = ask(
        vendor, "key", "rotate", "--passphrase-file", tmp_path / "typo", "--draft", tmp_path / "d"
    )
    assert (done.code, done.json["error"]) == (35, "passphrase-needed")
    assert len(list((vendor.home / "keys").glob("document-*.pem"))) == 1


@pytest.mark.parametrize("content", ["", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIH"])
def test_half_a_key_that_nobody_published_does_not_stop_the_server(
    founded: Server, content: str
) -> None:
    (founded.home / "keys/document-2.pem").write_text(content)
    with started_from(founded) as start:
        address(start())


def test_a_root_whose_newest_key_is_not_here_is_not_published(
    vendor: Server, tmp_path: Path
) -> None:
    given = ("--passphrase-file", tmp_path / "secret")
    draft = tmp_path / "root.draft"
    assert ask(vendor, "key", "rotate", *given, "--draft", draft).code == 0
    for number in (1, 2):
        key = tmp_path / f"offline/root-{number}.pem"
        assert ask(vendor, "root", "sign", draft, "--key", key, *given).code == 0
    new = vendor.home / "keys/document-2.pem"
    new.rename(tmp_path / "elsewhere.pem")
    done = ask(vendor, "root", "publish", draft, *given)
    assert (done.code, done.json["error"]) == (22, "signing-key-missing")
    assert len(document_keys(vendor)) == 1
    (tmp_path / "elsewhere.pem").rename(new)
    assert ask(vendor, "root", "publish", draft, *given).code == 0


def test_signing_a_draft_touches_no_file_beside_it(vendor: Server, tmp_path: Path) -> None:
    given = ("--passphrase-file", tmp_path / "secret")
    draft, precious = tmp_path / "root.draft", tmp_path / "root.draft.signed"
    assert ask(vendor, "key", "rotate", *given, "--draft", draft).code == 0
    precious.write_text("another signer's copy")
    key = tmp_path / "offline/root-1.pem"
    assert ask(vendor, "root", "sign", draft, "--key", key, *given).code == 0
    assert precious.read_text() == "another signer's copy"
    assert not list(tmp_path.glob(".root.draft*"))


def test_a_key_that_went_on_signing_is_retired_after_what_it_signed(office: Office) -> None:
    old = office.server.document_key.public.kid
    new = signer.as_signing_key(signer.new_document_key())
    root = rotation.with_new_key(published(), new, office.server.clock())
    rotation.publish(office.server, drafted(office, root).packed())
    document = office.bound(office.device(), office.issue().license_key)
    assert kid_of(document) == old, "the newer key's file is not here"
    early = msgspec.structs.replace(published().root.keys[old], retired_at=2)
    root = msgspec.structs.replace(
        rotation.without_keys(published(), office.server.clock(), retired=[old]),
        keys={**published().root.keys, old: early},
    )
    with pytest.raises(RootNotSigned):
        rotation.publish(office.server, drafted(office, root).packed())
    root = rotation.without_keys(published(), office.server.clock(), retired=[old])
    assert isinstance(
        open_answer(document, published().advance(drafted(office, root).packed())), License
    )


def test_a_root_that_leaves_out_a_document_key_is_not_published(office: Office) -> None:
    office.rotate()
    root = published().root
    (left_out,) = (kid for kid, record in root.keys.items() if record.retired_at is not None)
    keys = {kid: record for kid, record in root.keys.items() if kid != left_out}
    later = msgspec.structs.replace(root, version=root.version + 1, keys=keys)
    with pytest.raises(RootNotSigned):
        rotation.publish(office.server, drafted(office, later).packed())
    assert published().root == root


def test_every_answer_under_rotations_is_believed_where_it_stands(
    founded: Server, tmp_path: Path
) -> None:
    from tests.server.devices import Device

    (founded.home / "config.json").write_text(
        '{"demo": true, "limits": {"per_device": 100000, "per_address": 100000}}'
    )
    with started_from(founded) as start:
        url = address(start("--workers", "2"))
        trust = trust_of(url)
        devices = [Device(trust.root.audience, str(number)) for number in range(4)]
        answers: list[bytes] = []
        rotated = Event()

        def live(device: Device, license_key: str) -> None:
            document = unpack_answer(post(url, device.activate(license_key)).content).answer
            answers.append(document)
            for number in itertools.count():
                # At first as fast as it goes; then until the rotations are through as well.
                if number >= 40 and rotated.wait(0.05):
                    return
                told = post(url, device.check_in(document, Standing.ACTIVE))
                answers.append(unpack_answer(told.content).answer)
                stranger = Device(trust.root.audience, "stranger")
                refused = post(url, stranger.activate("FGM-00000-00001-00002-00003-00004"))
                answers.append(unpack_answer(refused.content).answer)

        keys = [issue(founded) if n else _first_key(founded) for n in range(len(devices))]
        with ThreadPoolExecutor(len(devices)) as pool:
            lives = [pool.submit(live, d, k) for d, k in zip(devices, keys, strict=True)]
            try:
                rotations = 0
                while rotations < ROTATIONS:
                    rotations += founded("key", "rotate").code == 0
            finally:
                rotated.set()
            for done in lives:
                done.result()
    assert founded("trust", "export", str(tmp_path / "roots")).code == 0
    newest = Trust.follow(unpack_roots((tmp_path / "roots").read_bytes()))
    assert newest.root.version == ROTATIONS + 1
    assert len({kid_of(answer) for answer in answers}) > 1
    for answer in answers:
        open_answer(answer, newest)
    assert founded("verify-audit").code == 0


def _first_key(founded: Server) -> str:
    assert founded("customer", "add", "Alborz").code == 0
    return issue(founded)
