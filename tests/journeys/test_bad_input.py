"""What goes wrong outside: each a named refusal with advice in both languages, changing nothing."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from agent import cli
from agent.config import Home
from agent.use_cases import Agent
from tests.journeys.site import Host, Site
from tests.rights import as_nobody, needs_mount, needs_root
from tests.server.live import IssuedLicense, LiveServer

LANGUAGES = ("en", "fa")
ACT = {"status": (), "release": ("--reason", "os", "--yes")}


class Outcome(NamedTuple):
    exit: int
    body: dict[str, Any]


def command(
    host: Host, capsys: pytest.CaptureFixture[str], language: str, *arguments: str
) -> Outcome:
    def opener(_home: Home) -> Agent:
        return host.agent

    capsys.readouterr()
    given = ["--home", str(host.home.folder), "--lang", language, "--json", *arguments]
    code = cli.main(given, opener=opener)
    return Outcome(code, msgspec.json.decode(capsys.readouterr().out))


def assert_named(outcome: Outcome, code: str, exit_code: int, language: str) -> None:
    """A stable code, a sentence and a next step, in the language asked for."""
    assert (outcome.exit, outcome.body["text_code"]) == (exit_code, code)
    for field in ("text", "advice"):
        said = outcome.body[field]
        assert said
        assert any("\u0600" <= letter <= "\u06ff" for letter in said) == (language == "fa")


Fault = Callable[[Site], None]
WIRE: dict[str, tuple[Fault, str, int]] = {
    "HTTP 500": (lambda s: s.server.fail_next(500, times=3), "server-troubled", 20),
    "HTTP 503": (lambda s: s.server.fail_next(503, times=3), "server-troubled", 20),
    "a web page": (lambda s: s.server.html_next(), "not-a-signing-server", 20),
    "a redirect": (lambda s: s.server.redirect_next("/x"), "not-a-signing-server", 20),
    "10 MB": (lambda s: s.server.huge_next(10 * 1024 * 1024), "document-too-large", 22),
    "half an answer": (
        lambda s: s.server.truncate_next_answer(times=3),
        "server-troubled",
        20,
    ),
    "no server": (lambda s: s.server.stop(), "server-unreachable", 20),
    "garbage": (
        lambda s: s.server.answer_next_with(200, b"garbage", "application/jose"),
        "document-malformed",
        22,
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", WIRE)
def test_a_bad_wire_is_named_and_the_request_stays_safe(
    site: Site,
    issued: IssuedLicense,
    capsys: pytest.CaptureFixture[str],
    what: str,
    language: str,
) -> None:
    host = site.host()
    fault, code, exit_code = WIRE[what]
    fault(site)
    outcome = command(host, capsys, language, "activate", issued.license_key)
    assert_named(outcome, code, exit_code, language)
    assert (outcome.body["standing"], outcome.body["usable"]) == ("activating", False)
    if what == "no server":
        site.server.start()
    assert command(host, capsys, language, "check").exit == 0
    site.assert_nothing_lost_or_doubled()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mistyped_key_is_caught_before_the_network(
    site: Site,
    host: Host,
    issued: IssuedLicense,
    capsys: pytest.CaptureFixture[str],
    language: str,
) -> None:
    wrong = issued.license_key[:-1] + ("0" if issued.license_key[-1] != "0" else "1")
    outcome = command(host, capsys, language, "activate", wrong)
    assert outcome.exit == 2
    assert "5" in outcome.body["parameters"]["group"]
    assert outcome.body["text"]
    assert outcome.body["advice"]
    assert site.server.requests == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_to_another_request_is_refused(
    site: Site,
    host: Host,
    issued: IssuedLicense,
    capsys: pytest.CaptureFixture[str],
    language: str,
) -> None:
    other = site.host()
    other.agent.activate(site.issue().license_key)
    genuine = site.server.answer(site.server.requests[-1])
    site.server.answer_next_with(200, genuine, "application/jose")
    outcome = command(host, capsys, language, "activate", issued.license_key)
    assert_named(outcome, "answer-of-another-request", 22, language)
    assert host.published() == {"roots.jws", "status.jws"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_edited_answer_is_refused_and_the_genuine_one_still_counts(
    site: Site,
    active: Host,
    capsys: pytest.CaptureFixture[str],
    language: str,
) -> None:
    before = active.state
    site.server.lose_next_answer(times=3)
    command(active, capsys, language, "release", "--reason", "os", "--yes")
    genuine = site.server.answer(site.server.requests[-1])
    body, _, signature = genuine.rpartition(b".")
    swapped = body[:-8] + body[-8:].swapcase() + b"." + signature
    site.server.answer_next_with(200, swapped, "application/jose")
    outcome = command(active, capsys, language, "check")
    assert_named(outcome, "document-bad-signature", 22, language)
    assert outcome.body["standing"] == "releasing"
    assert active.state.generation == before.generation
    assert command(active, capsys, language, "check").exit == 12
    site.assert_nothing_lost_or_doubled()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_server_with_an_unknown_root_is_not_believed(
    site: Site,
    active: Host,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
) -> None:
    with LiveServer(tmp_path / "impostor", fresh=True) as impostor:
        command(active, capsys, language, "config", "set", "server", impostor.url)
        outcome = command(active, capsys, language, "check")
        assert_named(outcome, "document-unknown-key", 22, language)
        assert outcome.body["usable"] is True
    site.assert_nothing_lost_or_doubled()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_server_without_tls_at_an_https_address_is_named(
    site: Site, active: Host, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    address = site.server.url.replace("http://", "https://")
    command(active, capsys, language, "config", "set", "server", address)
    outcome = command(active, capsys, language, "check")
    assert outcome.exit == 0
    assert "tls-failed" in [m["code"] for m in outcome.body["messages"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_home_that_was_never_set_up_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    code = cli.main(["--home", str(tmp_path / "none"), "--lang", language, "--json", "status"])
    assert_named(
        Outcome(code, msgspec.json.decode(capsys.readouterr().out)), "not-set-up", 33, language
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_store_of_a_newer_version_is_left_alone(
    active: Host, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    connection = sqlite3.connect(active.home.store)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = active.home.store.read_bytes()
    assert_named(command(active, capsys, language, "check"), "store-newer", 32, language)
    assert active.home.store.read_bytes() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_damaged_store_is_set_aside_and_the_same_device_repairs_it(
    site: Site,
    active: Host,
    issued: IssuedLicense,
    capsys: pytest.CaptureFixture[str],
    language: str,
) -> None:
    damaged = active.home.store.read_bytes()[:5000]
    active.home.store.write_bytes(damaged)
    assert command(active, capsys, language, "status").exit == 16
    assert active.home.store.read_bytes() == damaged
    assert_named(command(active, capsys, language, "check"), "store-damaged", 16, language)
    kept = [p for p in active.home.private.iterdir() if ".damaged-" in p.name]
    assert [p.read_bytes() for p in kept] == [damaged]
    assert command(active, capsys, language, "status").exit == 16
    assert command(active, capsys, language, "activate", issued.license_key).exit == 0
    assert active.state.generation == 2
    site.assert_nothing_lost_or_doubled()


@needs_root
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_rights_acts_are_refused_and_the_status_is_still_told(
    site: Site, active: Host, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    before = active.state
    # The program is loaded first: this repository may lie where nobody but root can read.
    for act in ("status", "release"):
        command(site.host(), capsys, language, act, *ACT[act])
    with as_nobody(active.home.folder):
        outcome = command(active, capsys, language, "release", *ACT["release"])
        assert_named(outcome, "admin-rights-needed", 30, language)
        assert outcome.body["usable"] is True
        told = command(active, capsys, language, "status")
    assert (told.exit, told.body["standing"]) == (0, "active")
    assert active.state == before


@contextmanager
def mounted(host: Host, options: str) -> Iterator[None]:
    """Move the home onto a file system of its own, mounted as asked."""
    home = host.home.folder
    aside = home.with_name("aside")
    shutil.copytree(home, aside)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", home], check=True)
    try:
        shutil.copytree(aside, home, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", f"remount,{options}", home], check=True)
        yield
    finally:
        subprocess.run(["umount", home], check=True)


@needs_mount
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_read_only_file_system_is_named_and_the_license_still_shown(
    active: Host, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    with mounted(active, "ro"):
        outcome = command(active, capsys, language, "release", "--reason", "os", "--yes")
        assert_named(outcome, "store-read-only", 32, language)
        assert outcome.body["usable"] is True
        assert command(active, capsys, language, "status").exit == 0


def fill(path: Path) -> None:
    """Leave not one block."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


@needs_mount
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_file_system_is_named_and_nothing_is_half_done(
    site: Site, active: Host, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    with mounted(active, "rw"):
        filler = active.home.folder / "filler"
        fill(filler)
        sent = len(site.server.requests)
        outcome = command(active, capsys, language, "release", "--reason", "os", "--yes")
        assert_named(outcome, "store-full", 32, language)
        assert (outcome.body["standing"], outcome.body["usable"]) == ("active", True)
        assert len(site.server.requests) == sent
        filler.unlink()
        assert command(active, capsys, language, "release", "--reason", "os", "--yes").exit == 0
    site.server.assert_invariants()
