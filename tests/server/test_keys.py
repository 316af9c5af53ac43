"""Keys and roots change hands without a stop, and nothing that was signed is lost (§2)."""

from argparse import Namespace
from pathlib import Path
from typing import Any, cast

import pytest

from protocol.documents import License, Receipt
from protocol.envelope import open_answer
from protocol.problems import KeyRevoked
from server_stub.commands.keys import list_keys
from server_stub.commands.shown import Call
from server_stub.licensing.models import AuditEntry, Exchange
from server_stub.licensing.roots import published
from server_stub.licensing.services import exchange
from server_stub.licensing.verification import verify
from server_stub.texts import Language
from tests.server.command import Server
from tests.server.conftest import Office
from tests.server.live import LiveServer


def signer_of(document: bytes) -> str:
    from protocol import jws

    return str(jws.split(document).kid)


def test_a_rotation_needs_no_restart_and_retires_the_old_key_where_it_stopped(
    office: Office,
) -> None:
    device, issued = office.device(), office.issue()
    before = office.bound(device, issued.license_key)
    other_worker = type(office.server).open(office.home, clock=office.server.clock)
    office.rotate()
    published_at = AuditEntry.objects.get(event="root-published").index
    again = exchange.answer(other_worker, device.check_in(before)).body
    receipt = office.answer_bytes(device.release(before))
    old, new = signer_of(before), signer_of(receipt)
    assert old != new
    assert signer_of(again.splitlines()[-1]) == new
    record = published().root.keys[old]  # type: ignore[index]
    assert record.retired_at == published_at
    assert isinstance(open_answer(before, published()), License)
    assert isinstance(open_answer(receipt, published()), Receipt)
    assert verify(published(), office.server.evidence).faults == ()


def test_an_unrecorded_refusal_is_signed_by_the_newest_key_too(office: Office) -> None:
    office.issue()
    stranger = office.device("stranger")
    office.rotate()
    answered = exchange.answer(
        office.server, stranger.activate("FGM-00000-00001-00002-00003-00004")
    )
    body = answered.body.splitlines()[-1]
    assert signer_of(body) == office.server.document_key.public.kid
    open_answer(body, published())


@pytest.fixture
def vendor(server: Server, tmp_path: Path) -> Server:
    """A server whose root keys were moved away, as they should be."""
    secret = tmp_path / "secret"
    secret.write_text("correct horse battery\n")
    done = server("init", "--passphrase-file", str(secret))
    assert done.code == 0, done.err
    offline = tmp_path / "offline"
    offline.mkdir()
    for number in (1, 2, 3):
        (server.home / f"keys/root-{number}.pem").rename(offline / f"root-{number}.pem")
    return server


def ask(server: Server, *words: object) -> Any:
    return server("--json", *(str(word) for word in words))


def test_a_key_is_in_force_since_the_root_that_named_it_and_not_since_the_founding(
    office: Office,
) -> None:
    founded = published().root.issued_at
    office.time[0] = founded + 86_400
    office.rotate()
    call = Call(Namespace(), office.home, None, Language.ENGLISH, as_json=False)
    shown = list_keys(call)
    rows = cast("Any", shown.json["keys"])
    (row,) = (r for r in rows if r["use"] == "document" and r["retired_at"] is None)
    assert (row["root"], row["named_at"]) == (2, founded + 86_400)
    (line,) = (line for line in shown.lines if row["key"] in line)
    assert line.endswith(f"in force since root 2 of {call.moment(founded + 86_400)}")


def document_keys(server: Server) -> set[str]:
    rows = ask(server, "key", "list").json["keys"]
    return {row["key"] for row in rows if row["use"] == "document"}


def test_root_keys_that_are_kept_elsewhere_sign_a_draft(vendor: Server, tmp_path: Path) -> None:
    secret, draft = tmp_path / "secret", tmp_path / "root.draft"
    given = ("--passphrase-file", secret)
    (old,) = document_keys(vendor)
    refused = ask(vendor, "key", "rotate", *given)
    assert (refused.code, refused.json["error"]) == (40, "root-keys-missing")
    assert len(list((vendor.home / "keys").glob("document-*.pem"))) == 1
    drafted = ask(vendor, "key", "rotate", *given, "--draft", draft)
    assert drafted.code == 0, drafted.err
    assert drafted.json["former"] == {"signed": 0, "threshold": 2}
    for number, signed in ((1, 1), (1, 1), (2, 2)):
        early = ask(vendor, "root", "publish", draft, *given)
        assert (early.code, early.json["error"]) == (39, "root-not-signed")
        key = tmp_path / f"offline/root-{number}.pem"
        done = ask(vendor, "root", "sign", draft, "--key", key, *given)
        assert done.json["former"] == {"signed": signed, "threshold": 2}
    assert ask(vendor, "root", "publish", draft, *given).json == {"version": 2}
    twice = ask(vendor, "root", "publish", draft, *given)
    assert (twice.code, twice.json["error"]) == (39, "root-not-signed")
    both = document_keys(vendor)
    assert len(both) == 2
    (new,) = both - {old}
    retire = tmp_path / "retire.draft"
    assert ask(vendor, "root", "new", retire, f"--retire={old[:8]}").code == 0
    for number in (2, 3):
        key = tmp_path / f"offline/root-{number}.pem"
        assert ask(vendor, "root", "sign", retire, "--key", key, *given).code == 0
    assert ask(vendor, "root", "publish", retire, *given).json == {"version": 3}
    told = {row["key"]: row for row in ask(vendor, "key", "list").json["keys"]}
    assert told[old]["retired_at"] == 2
    assert told[new]["retired_at"] is None
    assert ask(vendor, "verify-audit").code == 0


def test_root_keys_are_exchanged_by_the_thresholds_of_both(vendor: Server, tmp_path: Path) -> None:
    given = ("--passphrase-file", tmp_path / "secret")
    draft, folder = tmp_path / "next.draft", tmp_path / "fresh"
    folder.mkdir()
    done = ask(
        vendor, "root", "new", draft, "--keys", 2, "--threshold", 2, "--keys-dir", folder, *given
    )
    assert done.code == 0, done.err
    old = [tmp_path / f"offline/root-{number}.pem" for number in (1, 2)]
    new = sorted(folder.glob("*.pem"))
    for key in (*old, new[0]):
        assert ask(vendor, "root", "sign", draft, "--key", key, *given).code == 0
    assert ask(vendor, "root", "publish", draft, *given).code == 39
    assert ask(vendor, "root", "sign", draft, "--key", new[1], *given).code == 0
    assert ask(vendor, "root", "publish", draft, *given).json == {"version": 2}


@pytest.mark.parametrize("damage", ["version", "signature", "nothing"])
def test_a_draft_that_was_edited_is_refused(vendor: Server, tmp_path: Path, damage: str) -> None:
    given = ("--passphrase-file", tmp_path / "secret")
    draft = tmp_path / "root.draft"
    assert ask(vendor, "key", "rotate", *given, "--draft", draft).code == 0
    key = tmp_path / "offline/root-1.pem"
    assert ask(vendor, "root", "sign", draft, "--key", key, *given).code == 0
    text = draft.read_text()
    draft.write_text({
        "version": text.replace('"version": 2', '"version": 3'),
        "signature": text.replace('"ey', '"ez', 1),
        "nothing": "",
    }[damage])  # fmt: skip
    for words in (("sign", draft, "--key", key), ("publish", draft)):
        refused = ask(vendor, "root", *words, *given)
        assert (refused.code, refused.json["error"]) == (22, "document-invalid")


@pytest.mark.parametrize(
    "words",
    [
        ("root", "new", "DRAFT"),
        ("root", "new", "DRAFT", "--keys", "2", "--retire", "x"),
        ("root", "new", "DRAFT", "--keys", "2", "--threshold", "3"),
        ("root", "new", "DRAFT", "--keys", "0"),
        ("root", "sign", "nowhere", "--key", "nowhere"),
        ("root", "publish", "nowhere"),
        ("root", "new", "no/such/folder", "--revoke=KEY"),
    ],
)
def test_what_cannot_be_drawn_up_is_a_usage_error(
    founded: Server, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (key,) = document_keys(founded)
    given = [word.replace("DRAFT", str(tmp_path / "d")).replace("KEY", key) for word in words]
    done = ask(founded, *given)
    assert done.code == 2, done.err
    assert not (tmp_path / "d").exists()


def test_a_key_that_nobody_knows_or_that_still_signs_is_not_retired(
    founded: Server, tmp_path: Path
) -> None:
    (key,) = document_keys(founded)
    for wanted in ("nobody", key):
        done = ask(founded, "root", "new", tmp_path / "d", f"--retire={wanted}")
        assert (done.code, done.json["error"]) == (36, "not-found")


def test_an_existing_file_is_never_overwritten(founded: Server, tmp_path: Path) -> None:
    (tmp_path / "d").write_text("precious")
    for words in (("key", "rotate", "--draft"), ("root", "new", "--keys", "2")):
        done = ask(founded, *words, tmp_path / "d")
        assert (done.code, done.json["error"]) == (37, "already-exists")
    assert (tmp_path / "d").read_text() == "precious"


def test_a_revoked_keys_old_answers_still_stand_in_the_books(live: LiveServer) -> None:
    from tests.server.live import entered

    with entered(live.home):
        from server_stub.licensing import signer
        from server_stub.licensing.drafts import Draft
        from server_stub.licensing.services import rotation

        trust = published()
        old = live.signing_server.document_key
        private = signer.new_document_key()
        signer.keep(live.home.keys / "document-2.pem", private, None)
        root_key = signer.load(live.home.keys / "root-1.pem", None)
        assert root_key is not None
        trust = rotation.rotate(live.signing_server, signer.as_signing_key(private), [root_key])
        root = rotation.without_keys(trust, live.now(), revoked=[old.public.kid])
        draft = Draft.after(trust, root).signed_by(root_key)
        rotation.publish(live.signing_server, draft.packed())
        newest = published()
        assert newest.root.keys[old.public.kid].revoked
        assert Exchange.objects.count() == 0
        assert verify(newest, live.signing_server.evidence).faults == ()


def revoke(office: Office, kid: str) -> None:
    from server_stub.licensing import signer
    from server_stub.licensing.drafts import Draft
    from server_stub.licensing.services import rotation

    root_key = signer.load(office.home.keys / "root-1.pem", None)
    assert root_key is not None
    trust = published()
    root = rotation.without_keys(trust, office.server.clock(), revoked=[kid])
    rotation.publish(office.server, Draft.after(trust, root).signed_by(root_key).packed())


def test_the_newest_answers_of_a_revoked_key_verify_by_the_root_of_their_time(
    office: Office,
) -> None:
    document = office.bound(office.device(), office.issue().license_key)
    office.rotate()
    revoke(office, signer_of(document))
    newest = published()
    with pytest.raises(KeyRevoked):
        open_answer(document, newest)
    assert verify(newest, office.server.evidence).faults == ()


def test_a_paper_whose_key_is_revoked_before_the_lock_is_looked_at_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server_stub.licensing.services import exchange
    from server_stub.licensing.services.papers import verify_papers

    device = office.device()
    document = office.bound(device, office.issue().license_key)
    office.rotate()
    request = device.check_in(document)

    def overtaken(*request: Any) -> Any:
        papers = verify_papers(*request)
        monkeypatch.undo()
        revoke(office, signer_of(document))
        return papers

    monkeypatch.setattr(exchange, "verify_papers", overtaken)
    assert office.code(request) == "document-invalid"


@pytest.mark.parametrize("is_free", [True, False])
def test_a_paper_of_a_revoked_key_that_stands_in_the_books_is_still_shown(
    office: Office, *, is_free: bool
) -> None:
    """Its machine has no other, and nobody else's bytes are ours."""
    device, key = office.device(), office.issue().license_key
    paper = office.bound(device, key)
    if is_free:
        paper = office.answer_bytes(device.release(paper))
    office.rotate()
    revoke(office, signer_of(paper))
    forged = paper[:-4] + bytes(reversed(paper[-4:]))
    assert office.code(device.activate(key, shown=forged.decode())) == "document-invalid"
    assert isinstance(office.answer(device.activate(key, shown=paper.decode())), License)
