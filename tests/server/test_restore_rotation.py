"""A key is retired after a restore: what the books forgot that it signed is believed on (§2)."""

import argparse
from collections.abc import Callable

import pytest

from protocol.documents import License
from protocol.envelope import open_answer
from protocol.trust import Root, RootSignatures
from protocol.values import MAX_INTEGER
from server_stub.commands.root_pages import key_line
from server_stub.commands.shown import Call
from server_stub.licensing import signer
from server_stub.licensing.drafts import Draft
from server_stub.licensing.roots import published
from server_stub.licensing.services import rotation
from server_stub.texts import Language
from tests.server.conftest import Office
from tests.server.restores import Day, day

__all__ = ["day"]


def signed(office: Office, root: Root) -> RootSignatures:
    key = signer.load(office.home.keys / "root-1.pem", None)
    assert key is not None
    return Draft.after(published(), root).signed_by(key).packed()


def rotate_at_once(office: Office) -> None:
    office.rotate()


def rotate_by_drafts(office: Office) -> None:
    """As whoever keeps the root keys elsewhere does: the key comes, then the earlier one goes."""
    old, now = office.server.document_key.public.kid, office.server.clock()
    private = signer.new_document_key()
    signer.keep(office.home.keys / "document-2.pem", private, None)
    new = signer.as_signing_key(private)
    root = rotation.with_new_key(published(), new, now)
    rotation.publish(office.server, signed(office, root))
    root = rotation.without_keys(published(), now, retired=[old])
    rotation.publish(office.server, signed(office, root))


@pytest.mark.parametrize("rotate", [rotate_at_once, rotate_by_drafts])
def test_a_rotation_takes_no_license_that_the_books_have_forgotten(
    day: Day, rotate: Callable[[Office], None]
) -> None:
    office, old = day.office, day.office.server.document_key.public.kid
    document = day.move()
    office.server.evidence.path.unlink()
    day.empty()
    day.restore(is_lost=True)
    rotate(office)
    assert isinstance(open_answer(document, published()), License)
    assert day.hears_the_epoch(day.other, document).held
    record = published().root.keys[old]
    assert record.retired_at == MAX_INTEGER
    call = Call(argparse.Namespace(), office.home, None, Language.ENGLISH, as_json=False)
    assert "all it signed is believed" in key_line(call, old, record, published().root)


def test_books_that_lost_nothing_know_what_their_keys_signed(day: Day) -> None:
    old = day.office.server.document_key.public.kid
    day.move()
    day.empty()
    day.restore()
    day.office.rotate()
    record = published().root.keys[old]
    assert record.retired_at is not None
    assert record.retired_at < MAX_INTEGER
