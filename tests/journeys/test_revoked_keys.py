"""A document key is stolen and revoked: nothing runs under it, nobody is told that it does."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from agent.cli import Exit, main
from agent.errors import DocumentRefused, ServerRefused
from agent.papers import Opened
from protocol.documents import Activate
from protocol.envelope import open_request
from protocol.exchange import pack_roots
from protocol.values import ReleaseReason, Standing
from tests import machines
from tests.journeys.site import Host, Site

LATER, LATEST = (
    (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%MZ") for days in (1, 2)
)
Ask = Callable[..., tuple[int, dict[str, Any]]]


def revoke(site: Site, draft: Path) -> None:
    """A new document key signs; the one before is revoked by a root of its own."""
    stolen = site.server.signing_server.document_key.public.kid
    root_key = str(site.server.home.keys / "root-1.pem")
    for words in (
        ("key", "rotate"),
        ("root", "new", str(draft), f"--revoke={stolen}"),
        ("root", "sign", str(draft), "--key", root_key, "--yes"),
        ("root", "publish", str(draft)),
    ):
        assert site.server.command(*words) == 0, words
    site.server.reopen()


def learn_of_a_revocation(site: Site, host: Host, folder: Path) -> None:
    """The new root came by hand, with the refusal of what the old key signed."""
    revoke(site, folder / "draft")
    host.agent.export_check(folder / "check")
    with pytest.raises(ServerRefused):
        host.agent.import_(site.server.answer((folder / "check").read_bytes()))


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command of the agent; its exit code and its JSON."""

    def ask(host: Host, *words: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        given = ["--home", str(host.home.folder), "--json", *map(str, words)]
        code = main(given, opener=lambda _: host.agent)
        return code, json.loads(capsys.readouterr().out)

    return ask


def told(body: dict[str, Any]) -> list[str]:
    return [message["code"] for message in body["messages"]]


@pytest.mark.parametrize("is_drifted", [False, True], ids=["as enrolled", "drifted"])
def test_without_a_network_a_revoked_key_is_told_and_mended_by_a_second_errand(
    site: Site,
    active: Host,
    ask: Ask,
    tmp_path: Path,
    is_drifted: bool,  # noqa: FBT001
) -> None:
    host = active
    site.server.stop()
    request, answer = tmp_path / "request", tmp_path / "answer"

    def carry() -> tuple[int, dict[str, Any]]:
        request.unlink(missing_ok=True)
        assert ask(host, "export", "check", request)[0] == Exit.DONE
        answer.write_bytes(site.server.answer(request.read_bytes()))
        return ask(host, "import", answer)

    enrolled = host.hardware
    if is_drifted:
        host.become(machines.with_other_board(host.hardware))
        assert ask(host, "check")[0] == Exit.DRIFTED
    revoke(site, tmp_path / "draft")

    code, body = carry()
    assert (code, body["text_code"]) == (Exit.REFUSED, "refused-document-invalid")
    assert "does not run" in body["state"]
    assert "export check FILE" in body["advice"]
    assert not {"license.jws", "permit.jws"} & host.published()

    headline = "standing-revoked-drifted" if is_drifted else "standing-revoked"
    code, body = ask(host, "status")
    assert (code, body["usable"], body["license"]) == (Exit.INVALID, False, None)
    assert told(body)[0] == headline
    assert "export check FILE" in body["messages"][0]["advice"]
    assert body["actions"][0] == "check"

    host.become(enrolled)
    code, body = carry()
    assert (code, body["usable"], body["generation"]) == (Exit.DONE, True, 2)
    assert told(body)[0] == "standing-active"
    site.assert_nothing_lost_or_doubled()


def test_a_check_that_reaches_nobody_is_no_success_while_the_key_is_revoked(
    site: Site, active: Host, ask: Ask, tmp_path: Path
) -> None:
    learn_of_a_revocation(site, active, tmp_path)
    site.server.stop()
    code, body = ask(active, "check")
    assert (code, body["usable"]) == (Exit.INVALID, False)
    assert told(body)[0] == "standing-revoked"
    assert "server-unreachable" in told(body)
    site.server.start()
    code, body = ask(active, "check")
    assert (code, body["generation"]) == (Exit.DONE, 2)


@pytest.mark.parametrize("is_seen_before", [False, True])
def test_of_a_revoked_key_and_an_open_case_the_decision_is_waited_for(
    site: Site,
    active: Host,
    ask: Ask,
    tmp_path: Path,
    is_seen_before: bool,  # noqa: FBT001
) -> None:
    if is_seen_before:
        active.become(machines.with_other_board(active.hardware))
        assert active.agent.check().standing is Standing.DRIFTED
    learn_of_a_revocation(site, active, tmp_path)
    active.become(machines.with_other_board(active.hardware))
    code, body = ask(active, "check")
    assert (code, body["usable"], body["case"]["state"]) == (Exit.WAITING, False, "open")
    assert body["standing"] == ("drifted" if is_seen_before else "active")
    assert ask(active, "status")[0] == Exit.INVALID


def test_what_the_server_would_not_believe_is_neither_given_back_nor_declared_by(
    site: Site, active: Host, ask: Ask, tmp_path: Path
) -> None:
    learn_of_a_revocation(site, active, tmp_path)
    before = active.state
    notice = f"--scope board --from {LATER} --until {LATEST} --reason Work --contact Sara".split()
    given_out = tmp_path / "given-out"
    for words in (
        ("release", "--reason", "hardware", "--yes"),
        ("export", "release", given_out, "--reason", "hardware", "--yes"),
        ("notice", *notice),
        ("export", "notice", given_out, *notice),
    ):
        code, body = ask(active, *words)
        assert (code, body["error"]) == (Exit.INVALID, "document-revoked"), words
        assert "export check FILE" in body["advice"]
        assert not given_out.exists()
    assert (active.state.standing, active.state.request) == (before.standing, None)
    assert active.agent.check().usable
    assert active.agent.release(ReleaseReason.HARDWARE).standing is Standing.RELEASED
    site.assert_nothing_lost_or_doubled()


@pytest.mark.parametrize("saved", ["before the revocation", "after it"])
def test_a_recovery_file_with_a_receipt_of_a_key_that_was_revoked_since_is_loaded(
    site: Site, active: Host, tmp_path: Path, saved: str
) -> None:
    active.agent.release(ReleaseReason.OS)
    active.agent.reactivate()
    recovery = active.agent.recovery()
    revoke(site, tmp_path / "draft")
    assert active.agent.check().generation == 3
    if saved == "after it":
        recovery = active.agent.recovery()
    active.agent.release(ReleaseReason.OS)
    site.server.root_file.write_bytes(pack_roots(site.server.signing_server.trust.chain))
    fresh = site.host(machines.with_reinstalled_os(active.hardware))

    view = fresh.agent.restore(recovery)
    assert (view.standing, view.usable) == (Standing.UNLICENSED, False)
    assert fresh.state.high_water == recovery.high_water
    assert fresh.agent.device == active.agent.device
    (receipt,) = fresh.agent.receipts()
    assert fresh.agent.opened(receipt) == Opened(receipt, problem="key-revoked")

    view = fresh.agent.reactivate()
    assert (view.standing, view.usable) == (Standing.ACTIVE, True)
    asked = open_request(site.server.requests[-1]).request
    assert isinstance(asked, Activate)
    assert asked.shown is None
    site.assert_nothing_lost_or_doubled()


def test_a_receipt_that_no_root_of_the_chain_ever_believed_is_refused(
    site: Site, active: Host, tmp_path: Path
) -> None:
    active.agent.release(ReleaseReason.OS)
    recovery = active.agent.recovery()
    (receipt,) = recovery.receipts
    revoke(site, tmp_path / "draft")
    site.server.root_file.write_bytes(pack_roots(site.server.signing_server.trust.chain))
    fresh = site.host(machines.with_reinstalled_os(active.hardware))
    before = (fresh.state, fresh.agent.device)
    forged = replace(recovery, receipts=(receipt[:-4] + b"AAAA",))
    with pytest.raises(DocumentRefused):
        fresh.agent.restore(forged)
    assert (fresh.state, fresh.agent.device) == before
