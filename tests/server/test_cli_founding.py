"""`faragostar-server init`: what it makes, what it refuses, and what it leaves alone."""

import stat
import sys
from pathlib import Path

import pytest

from protocol.exchange import unpack_roots
from protocol.trust import Trust
from tests.server.command import PASSPHRASE, Server, snapshot


def modes(home: Path) -> set[int]:
    paths = [home, *home.rglob("*")]
    return {stat.S_IMODE(path.stat().st_mode) for path in paths}


def test_a_demonstration_is_founded_in_one_command(server: Server) -> None:
    ran = server("init", "--demo", "--json")
    assert ran.code == 0
    assert ran.json["threshold"] == 1
    assert ran.json["audience"].startswith("faragostar-")
    assert modes(server.home) <= {0o700, 0o600}


def test_real_keys_are_two_of_three_and_encrypted(server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    ran = server("--json", "init", "--passphrase-file", str(secret))
    assert (ran.code, ran.json["threshold"], len(ran.json["root_keys"])) == (0, 2, 3)
    for key in (server.home / "keys").iterdir():
        assert b"ENCRYPTED" in key.read_bytes()
    again = tmp_path / "root.jws"
    assert server("trust", "export", str(again)).code == 0
    trust = Trust.follow(unpack_roots(again.read_bytes()))
    assert (trust.root.threshold, len(trust.root.keys)) == (2, 4)


def test_the_passphrase_may_be_a_systemd_credential(server: Server, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    server.environment["CREDENTIALS_DIRECTORY"] = str(tmp_path)
    assert server("init", "--root-keys", "1").code == 0


@pytest.mark.parametrize("passphrase", [None, "", "short"])
def test_without_a_good_passphrase_nothing_is_made(
    server: Server, tmp_path: Path, passphrase: str | None
) -> None:
    (tmp_path / "p").write_text(passphrase or "")
    extra = [] if passphrase is None else ["--passphrase-file", str(tmp_path / "p")]
    ran = server("init", "--json", *extra)
    assert (ran.code, ran.json["error"]) == (35, "passphrase-needed")
    assert not server.home.exists()
    assert server("init", "--passphrase-file", str(tmp_path / "missing")).code == 35


def test_a_threshold_that_cannot_be_met_is_refused(server: Server) -> None:
    assert server("init", "--demo", "--threshold", "2").code == 2
    assert not server.home.exists()


def test_an_existing_home_is_refused_and_untouched(founded: Server) -> None:
    before = snapshot(founded.home)
    ran = founded("init", "--demo", "--json")
    assert (ran.code, ran.json["error"]) == (34, "already-initialised")
    assert snapshot(founded.home) == before


def test_an_empty_folder_is_as_good_as_none(server: Server) -> None:
    server.home.mkdir()
    assert server("init", "--demo").code == 0


def test_a_database_elsewhere_is_not_overwritten(server: Server, tmp_path: Path) -> None:
    database = tmp_path / "other.sqlite3"
    server.environment["DATABASE_URL"] = f"sqlite:///{database}"
    assert server("init", "--demo").code == 0
    assert database.exists()
    assert not (server.home / "server.sqlite3").exists()
    assert server("verify-audit").code == 0
    other = Server(tmp_path / "second", DATABASE_URL=f"sqlite:///{database}")
    assert other("init", "--demo").code == 34


def test_an_unknown_kind_of_database_is_a_usage_error(server: Server) -> None:
    server.environment["DATABASE_URL"] = "mysql://host/name"
    ran = server("init", "--demo")
    assert (ran.code, server.home.exists()) == (2, False)


def test_the_evidence_may_lie_in_a_second_place(server: Server, tmp_path: Path) -> None:
    second = tmp_path / "second-disk"
    server.environment["FARAGOSTAR_EVIDENCE_DIR"] = str(second)
    assert server("init", "--demo").code == 0
    assert server("customer", "add", "Alborz").code == 0
    assert "customer-added" in (second / "evidence.jsonl").read_text()
    assert not (server.home / "evidence").exists()


def test_a_failure_in_the_middle_of_founding_leaves_nothing(server: Server) -> None:
    server.environment["DATABASE_URL"] = "sqlite:////nowhere/at/all.sqlite3"
    assert server("init", "--demo").code in (1, 32)
    assert not server.home.exists()


def test_a_passphrase_is_asked_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import getpass

    from server_stub import passphrase
    from server_stub.errors import PassphraseNeeded
    from server_stub.texts import Language

    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    typed = iter([PASSPHRASE, PASSPHRASE, PASSPHRASE, PASSPHRASE, "another one, not it"])
    monkeypatch.setattr(getpass, "getpass", lambda *_: next(typed))
    assert passphrase.new_passphrase(None, Language.ENGLISH) == PASSPHRASE.encode()
    assert passphrase.known_passphrase(None, Language.PERSIAN) == PASSPHRASE.encode()
    with pytest.raises(PassphraseNeeded):
        passphrase.new_passphrase(None, Language.ENGLISH)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(PassphraseNeeded):
        passphrase.known_passphrase(None, Language.ENGLISH)
