"""Who signs a root sees what it does, and is asked where somebody can be (§2)."""

import os
import pty
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from protocol.keys import Algorithm
from protocol.trust import KeyUse
from server_stub.commands import root_pages
from server_stub.commands.shown import Call
from server_stub.home import Home
from server_stub.licensing.drafts import Draft
from server_stub.texts import Language
from tests.server.command import Server
from tests.server.test_keys import ask, document_keys, vendor
from tests.waiting import PATIENCE_SECONDS

__all__ = ["vendor"]


@pytest.fixture
def given(tmp_path: Path) -> tuple[str, str]:
    return ("--passphrase-file", str(tmp_path / "secret"))


def key(tmp_path: Path, number: int = 1) -> Path:
    return tmp_path / f"offline/root-{number}.pem"


def changes(told: Any) -> Counter[tuple[str, str]]:
    return Counter((row["use"], row["change"]) for row in told.json["keys"])


def published(server: Server, draft: Path, tmp_path: Path, given: tuple[str, str]) -> None:
    for number in (1, 2):
        assert ask(server, "root", "sign", draft, "--key", key(tmp_path, number), *given).code == 0
    assert ask(server, "root", "publish", draft, *given).code == 0


def test_what_is_signed_is_told_key_by_key(
    vendor: Server, tmp_path: Path, given: tuple[str, str]
) -> None:
    (old,) = document_keys(vendor)
    first, second, third = (tmp_path / f"{n}.draft" for n in (1, 2, 3))
    assert ask(vendor, "key", "rotate", *given, "--draft", first).code == 0
    told = ask(vendor, "root", "sign", first, "--key", key(tmp_path), *given)
    stay = {("root", "stays"): 3}
    assert changes(told) == {**stay, ("document", "stays"): 1, ("document", "comes"): 1}
    assert told.json["threshold"] == {"former": 2, "own": 2}
    assert told.json["altered"] == []
    published(vendor, first, tmp_path, given)
    (new,) = document_keys(vendor) - {old}
    assert ask(vendor, "root", "new", second, f"--retire={old}").code == 0
    told = ask(vendor, "root", "sign", second, "--key", key(tmp_path), *given)
    assert changes(told) == {**stay, ("document", "stays"): 1, ("document", "retires"): 1}
    said = vendor("root", "sign", str(second), "--key", str(key(tmp_path)), *given).out
    assert f"{old}  retired now  documents  retired: believed up to entry 2\n" in said
    assert f"{new}  stays        documents  in force, not before" in said
    published(vendor, second, tmp_path, given)
    assert ask(vendor, "root", "new", third, f"--revoke={old}").code == 0
    told = ask(vendor, "root", "sign", third, "--key", key(tmp_path), *given)
    assert changes(told) == {**stay, ("document", "stays"): 1, ("document", "revoked"): 1}
    persian = vendor(
        "--lang", "fa", "root", "sign", str(third), "--key", str(key(tmp_path)), *given
    ).out
    assert "اکنون باطل" in persian


def test_other_root_keys_are_told_with_the_threshold_before_and_after(
    vendor: Server, tmp_path: Path, given: tuple[str, str]
) -> None:
    draft = tmp_path / "next.draft"
    assert ask(vendor, "root", "new", draft, "--keys", 1, "--threshold", 1, *given).code == 0
    told = ask(vendor, "root", "sign", draft, "--key", key(tmp_path), *given)
    assert changes(told) == {
        ("document", "stays"): 1,
        ("root", "comes"): 1,
        ("root", "goes"): 3,
    }
    assert told.json["threshold"] == {"former": 2, "own": 1}
    said = vendor("root", "sign", str(draft), "--key", str(key(tmp_path)), *given).out
    assert "2 before, 1 from now on" in said


def test_what_hardly_ever_changes_is_told_too(
    vendor: Server, tmp_path: Path, given: tuple[str, str]
) -> None:
    file = tmp_path / "root.draft"
    assert ask(vendor, "key", "rotate", *given, "--draft", file).code == 0
    draft = Draft.read(file.read_bytes(), "")
    (kid, record), *_ = draft.former.keys.items()
    earlier = msgspec.structs.replace(record, not_before=record.not_before - 1)
    root = msgspec.structs.replace(
        draft.root,
        audience="another",
        agreement_key="another",
        keys={**draft.root.keys, kid: earlier},
    )
    altered = msgspec.structs.replace(draft, root=root)
    assert root_pages.change_facts(altered)["altered"] == ["audience", "agreement"]
    assert next(c.change for c in altered.changes() if c.kid == kid) == "altered"
    import argparse

    for language in Language:
        call = Call(argparse.Namespace(), Home(tmp_path), None, language, as_json=False)
        assert len(root_pages.changes(call, altered)) == 1 + len(root.keys) + 1 + 2


def test_a_key_that_is_altered_in_more_than_its_name_says_is_told_field_by_field(
    vendor: Server, tmp_path: Path, given: tuple[str, str]
) -> None:
    file = tmp_path / "root.draft"
    assert ask(vendor, "key", "rotate", *given, "--draft", file).code == 0
    draft = Draft.read(file.read_bytes(), "")
    (kid,) = (kid for kid, r in draft.former.keys.items() if r.use is KeyUse.DOCUMENT)
    record = draft.former.keys[kid]

    def told(**altered: object) -> tuple[Any, str]:
        """What scripts read of that key, and what people read."""
        keys = {**draft.root.keys, kid: msgspec.structs.replace(record, **altered)}
        root = msgspec.structs.replace(draft.root, keys=keys)
        file.write_bytes(msgspec.structs.replace(draft, root=root).written())
        words = ("root", "sign", str(file), "--key", str(key(tmp_path)), *given)
        (facts,) = (row for row in vendor("--json", *words).json["keys"] if row["key"] == kid)
        (line,) = (line for line in vendor(*words).out.splitlines() if kid in line)
        return facts, line

    facts, line = told(retired_at=7)
    assert (facts["change"], facts["was"]) == ("retires", {"retired_at": None})
    assert "(was" not in line
    facts, line = told(retired_at=7, not_after=1_900_000_000)
    assert (facts["change"], facts["was"]) == ("altered", {"not_after": None, "retired_at": None})
    assert "retired: believed up to entry 7, not after 2030-03-17 17:46:40Z" in line
    assert "ends 2030-03-17 17:46:40Z (was never)" in line
    assert "retired at entry 7 (was never)" in line
    facts, line = told(revoked=True, use=KeyUse.ROOT, alg=Algorithm.ED25519)
    assert (facts["change"], facts["was"]["use"]) == ("altered", "document")
    assert "revoked yes (was no)" in line
    assert "use root (was documents)" in line
    assert "algorithm Ed25519 (was ES256)" in line
    facts, line = told(not_after=1_900_000_000)
    assert "in force, not before" in line
    assert "not after 2030" in line


def at_a_terminal(server: Server, typed: str, *arguments: object) -> tuple[int, str, str]:
    """Its exit code, stdout and stderr, with a person at its stdin."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    done = subprocess.run(
        [sys.executable, "-m", "server_stub.cli", *map(str, arguments)],
        env=server.environment,
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    os.close(ours)
    os.close(theirs)
    return done.returncode, done.stdout, done.stderr


def test_who_sits_at_a_terminal_is_asked_before_anything_is_signed(
    vendor: Server, tmp_path: Path, given: tuple[str, str]
) -> None:
    draft = tmp_path / "root.draft"
    assert ask(vendor, "key", "rotate", *given, "--draft", draft).code == 0
    unsigned = draft.read_bytes()
    words = ("root", "sign", draft, "--key", key(tmp_path), *given)
    code, _, asked = at_a_terminal(vendor, "no\n", *words)
    assert code == 49
    assert "comes" in asked
    assert "Nothing was signed" in asked
    assert draft.read_bytes() == unsigned
    code, out, asked = at_a_terminal(vendor, "yes\n", *words)
    assert (code, "comes" in out, "comes" in asked) == (0, False, True)
    assert "Signed by 1 of 2" in out
    code, out, asked = at_a_terminal(vendor, "", *words, "--yes")
    assert (code, "comes" in out, asked) == (0, True, "")
