"""What goes wrong outside: each a named refusal with advice in both languages, changing nothing."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent import cli
from agent.commands.session import Opener
from agent.config import Home
from agent.use_cases import Agent
from tests.journeys.site import Host, Site
from tests.rights import as_nobody, needs_mount, needs_root
from tests.server.live import IssuedLicense, LiveServer

ACT = {"status": (), "release": ("--reason", "os", "--yes")}


@dataclass(frozen=True)
class Outcome:
    exit: int
    body: dict[str, Any]
    language: str

    def assert_named(self, code: str, exit_code: int) -> None:
        """A stable code, a sentence and a next step, in the language asked for."""
        assert (self.exit, self.body["text_code"]) == (exit_code, code)
        for field in ("text", "advice"):
            said = self.body[field]
            assert said
            persian = any("\u0600" <= letter <= "\u06ff" for letter in said)
            assert persian == (self.language == "fa")


@dataclass(frozen=True)
class Command:
    """`faragostar-man` as a script gives it, in one language."""

    language: str
    capsys: pytest.CaptureFixture[str]

    def __call__(self, host: Host, *arguments: str) -> Outcome:
        def opener(_home: Home) -> Agent:
            return host.agent

        return self.at(host.home.folder, *arguments, opener=opener)

    def at(self, home: Path, *arguments: str, opener: Opener | None = None) -> Outcome:
        self.capsys.readouterr()
        given = ["--home", str(home), "--lang", self.language, "--json", *arguments]
        code = cli.main(given, opener=opener)
        return Outcome(code, msgspec.json.decode(self.capsys.readouterr().out), self.language)


@pytest.fixture(params=["en", "fa"])
def command(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(request.param, capsys)


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


@pytest.mark.parametrize("what", WIRE)
def test_a_bad_wire_is_named_and_the_request_stays_safe(
    site: Site, issued: IssuedLicense, command: Command, what: str
) -> None:
    host = site.host()
    fault, code, exit_code = WIRE[what]
    fault(site)
    outcome = command(host, "activate", issued.license_key)
    outcome.assert_named(code, exit_code)
    assert (outcome.body["standing"], outcome.body["usable"]) == ("activating", False)
    if what == "no server":
        site.server.start()
    assert command(host, "check").exit == 0
    site.assert_nothing_lost_or_doubled()


def test_a_mistyped_key_is_caught_before_the_network(
    site: Site, host: Host, issued: IssuedLicense, command: Command
) -> None:
    wrong = issued.license_key[:-1] + ("0" if issued.license_key[-1] != "0" else "1")
    outcome = command(host, "activate", wrong)
    assert outcome.exit == 2
    assert "5" in outcome.body["parameters"]["group"]
    assert outcome.body["text"]
    assert outcome.body["advice"]
    assert site.server.requests == []


def test_an_answer_to_another_request_is_refused(
    site: Site, host: Host, issued: IssuedLicense, command: Command
) -> None:
    other = site.host()
    other.agent.activate(site.issue().license_key)
    genuine = site.server.answer(site.server.requests[-1])
    site.server.answer_next_with(200, genuine, "application/jose")
    outcome = command(host, "activate", issued.license_key)
    outcome.assert_named("answer-of-another-request", 22)
    assert host.published() == {"roots.jws", "status.jws"}


def test_an_edited_answer_is_refused_and_the_genuine_one_still_counts(
    site: Site, active: Host, command: Command
) -> None:
    before = active.state
    site.server.lose_next_answer(times=3)
    command(active, "release", "--reason", "os", "--yes")
    genuine = site.server.answer(site.server.requests[-1])
    body, _, signature = genuine.rpartition(b".")
    swapped = body[:-8] + body[-8:].swapcase() + b"." + signature
    site.server.answer_next_with(200, swapped, "application/jose")
    outcome = command(active, "check")
    outcome.assert_named("document-bad-signature", 22)
    assert outcome.body["standing"] == "releasing"
    assert active.state.generation == before.generation
    assert command(active, "check").exit == 12
    site.assert_nothing_lost_or_doubled()


def test_a_server_with_an_unknown_root_is_not_believed(
    site: Site, active: Host, tmp_path: Path, command: Command
) -> None:
    with LiveServer(tmp_path / "impostor", fresh=True) as impostor:
        command(active, "config", "set", "server", impostor.url)
        outcome = command(active, "check")
        outcome.assert_named("document-unknown-key", 22)
        assert outcome.body["usable"] is True
    site.assert_nothing_lost_or_doubled()


def test_a_server_without_tls_at_an_https_address_is_named(
    site: Site, active: Host, command: Command
) -> None:
    address = site.server.url.replace("http://", "https://")
    command(active, "config", "set", "server", address)
    outcome = command(active, "check")
    assert outcome.exit == 0
    assert "tls-failed" in [m["code"] for m in outcome.body["messages"]]


def test_a_home_that_was_never_set_up_says_so(tmp_path: Path, command: Command) -> None:
    command.at(tmp_path / "none", "status").assert_named("not-set-up", 33)


def test_a_store_of_a_newer_version_is_left_alone(active: Host, command: Command) -> None:
    connection = sqlite3.connect(active.home.store)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = active.home.store.read_bytes()
    command(active, "check").assert_named("store-newer", 32)
    assert active.home.store.read_bytes() == before


def test_a_damaged_store_is_set_aside_and_the_same_device_repairs_it(
    site: Site, active: Host, issued: IssuedLicense, command: Command
) -> None:
    damaged = active.home.store.read_bytes()[:5000]
    active.home.store.write_bytes(damaged)
    assert command(active, "status").exit == 16
    assert active.home.store.read_bytes() == damaged
    command(active, "check").assert_named("store-damaged", 16)
    kept = [p for p in active.home.private.iterdir() if ".damaged-" in p.name]
    assert [p.read_bytes() for p in kept] == [damaged]
    assert command(active, "status").exit == 16
    assert command(active, "activate", issued.license_key).exit == 0
    assert active.state.generation == 2
    site.assert_nothing_lost_or_doubled()


@needs_root
def test_without_rights_acts_are_refused_and_the_status_is_still_told(
    site: Site, active: Host, command: Command
) -> None:
    before = active.state
    # The program is loaded first: this repository may lie where nobody but root can read.
    for act in ("status", "release"):
        command(site.host(), act, *ACT[act])
    with as_nobody(active.home.folder):
        outcome = command(active, "release", *ACT["release"])
        outcome.assert_named("admin-rights-needed", 30)
        assert outcome.body["usable"] is True
        told = command(active, "status")
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
def test_a_read_only_file_system_is_named_and_the_license_still_shown(
    active: Host, command: Command
) -> None:
    with mounted(active, "ro"):
        outcome = command(active, "release", "--reason", "os", "--yes")
        outcome.assert_named("store-read-only", 32)
        assert outcome.body["usable"] is True
        assert command(active, "status").exit == 0


def fill(path: Path) -> None:
    """Leave not one block."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


@needs_mount
def test_a_full_file_system_is_named_and_nothing_is_half_done(
    site: Site, active: Host, command: Command
) -> None:
    with mounted(active, "rw"):
        filler = active.home.folder / "filler"
        fill(filler)
        sent = len(site.server.requests)
        outcome = command(active, "release", "--reason", "os", "--yes")
        outcome.assert_named("store-full", 32)
        assert (outcome.body["standing"], outcome.body["usable"]) == ("active", True)
        assert len(site.server.requests) == sent
        filler.unlink()
        assert command(active, "release", "--reason", "os", "--yes").exit == 0
    site.server.assert_invariants()
