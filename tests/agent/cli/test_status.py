"""What `status` and `check` print in each standing, and their exit codes."""

from pathlib import Path

import pytest

from agent.cli import Exit, main
from agent.errors import (
    AgentError,
    StoreBusy,
    StoreFull,
    StoreReadOnly,
)
from agent.texts import Texts
from agent.use_cases import Agent
from protocol.documents import Announcement
from tests import machines
from tests.agent.cli.console import Run, Said, raising
from tests.agent.worlds import World
from tests.simulated_server import NOW


def test_status_begins_with_the_standing_and_then_says_what_to_do(run: Run) -> None:
    said = run("status")
    assert said.code == Exit.UNLICENSED
    assert said.out.startswith("No license is active on this server yet\n\nWhat to do now\n")
    assert "\n    faragostar-man activate KEY\n" in said.out
    assert said.err == ""


def test_status_as_json_has_every_field_also_where_there_is_nothing(run: Run) -> None:
    said = run("status", "--json")
    assert said.json == {
        "standing": "unlicensed",
        "usable": False,
        "license": None,
        "generation": 0,
        "request": None,
        "drift": None,
        "os": None,
        "grace_hours_left": None,
        "window": None,
        "case": None,
        "confirmed_at": None,
        "stale": False,
        "actions": ["activate"],
        "messages": [
            {
                "code": "standing-unlicensed",
                "text": "No license is active on this server yet",
                "advice": Texts("en").advice("standing-unlicensed"),
                "parameters": {},
            }
        ],
        "announcements": [],
        "offers": [],
        "holidays": [],
        "last_license": None,
        "proof_file": None,
        "as_of": None,
    }


def test_what_the_vendor_announces_is_said_in_the_readers_language(run: Run, active: World) -> None:
    page = "https://portal.faragostar.net/"
    for number, url in ((1, None), (2, page), (3, "javascript:alert(1)")):
        active.server.announcements += (
            Announcement(
                announcement_id=number,
                published_at=NOW,
                text_fa=f"نسخهٔ {number} آماده است",
                text_en=f"Version {number} is ready",
                url=url,
            ),
        )
    assert "Version 1" not in run("status").out
    run("check")
    said = run("status").out
    assert said.endswith(
        "The vendor announces: Version 1 is ready\n"
        "The vendor announces: Version 2 is ready\n"
        f"  {page}\n"
        "The vendor announces: Version 3 is ready\n"
    ), said
    assert "نسخهٔ 2 آماده است" in run("status", "--lang", "fa").out
    assert [told["url"] for told in run("status", "--json").json["announcements"]][1] == page


@pytest.mark.usefixtures("active")
def test_json_and_language_stand_before_or_after_the_command(run: Run) -> None:
    before = run("--json", "--lang", "fa", "status")
    after = run("status", "--lang=fa", "--json")
    assert before == after
    assert before.json["messages"][0]["text"] == "مجوز فعال است"
    # Digits stay Latin and nothing is isolated for programs.
    assert not set("۰۱۲۳۴۵۶۷۸۹\u2066\u2069") & set(before.out)


@pytest.mark.usefixtures("active")
def test_an_active_license_exits_with_0(run: Run) -> None:
    said = run("status")
    assert said.code == 0
    assert said.out.startswith("License is active\n")
    assert "شرکت نمونه" in said.out


def test_a_drifted_license_is_13_while_grace_lasts_and_shows_what_changed(
    run: Run, active: World
) -> None:
    active.become(machines.with_other_board(active.hardware))
    said = run("status")
    assert said.code == Exit.DRIFTED
    assert said.out.startswith(
        "This server has changed; the license works for 72 more hours\n"
        "  The hardware differs from the one the license was activated on:"
    )
    assert "Motherboard  DELL INC. 02C2…34BC.  DELL INC. 02C2…98YX.  changed" in said.out
    assert "At activation" in said.out
    # What is the same is not listed.
    assert "Processor" not in said.out


def test_another_machine_is_14(run: Run, active: World) -> None:
    for change in (
        machines.with_other_system,
        machines.with_other_board,
        machines.with_other_disk,
        machines.with_other_cards,
        machines.with_other_cpu,
        machines.with_other_memory,
    ):
        active.become(change(active.hardware))
    assert run("status").code == Exit.STOPPED
    assert run("check").code == Exit.STOPPED


def test_check_without_the_server_says_so_and_exits_with_0(run: Run, active: World) -> None:
    active.server.lose_next_request()
    said = run("check")
    assert said.code == 0
    assert "The signing server cannot be reached" in said.out


@pytest.mark.usefixtures("active")
def test_a_quiet_check_says_nothing_when_all_is_well(run: Run) -> None:
    assert run("check", "--quiet") == Said(0, "", "")


def test_a_quiet_check_asks_as_often_as_is_set_and_an_open_one_always(
    run: Run, active: World
) -> None:
    def asked(*arguments: str) -> bool:
        before = len(active.server.received)
        assert run(*arguments).code == 0
        return len(active.server.received) > before

    assert asked("check", "--quiet"), "every hour, unless something else is set"
    assert run("config", "set", "check_interval", "۶").code == 0
    assert not asked("check", "--quiet")
    assert run("check", "--quiet") == Said(0, "", "")
    assert asked("check")
    assert run("config", "set", "check_interval", "").code == 0
    assert asked("check", "--quiet")


def test_a_quiet_check_speaks_when_something_is_to_be_done(run: Run, active: World) -> None:
    active.become(machines.with_other_board(active.hardware))
    said = run("check", "--quiet")
    assert said.code == Exit.DRIFTED
    assert "This server has changed" in said.out


def test_a_superseded_license_is_15(run: Run, active: World) -> None:
    active.server.bound_to = None
    assert run("check").code == Exit.SUPERSEDED
    assert run("status").code == Exit.SUPERSEDED


def test_a_damaged_store_is_16(run: Run, active: World) -> None:
    active.home.store.write_bytes(b"not a database" * 100)
    assert run("status").code == Exit.DAMAGED
    said = run("check", "--json")
    assert (said.code, said.json["error"]) == (Exit.DAMAGED, "store-damaged")
    assert said.json["standing"] == "damaged"


def test_a_home_that_is_not_set_up_is_33(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(tmp_path / "none"), "status"]) == Exit.NOT_SET_UP
    said = capsys.readouterr()
    assert said.out == ""
    assert "No license is active on this server yet" in said.err
    assert "faragostar-man setup" in said.err


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StoreBusy(path="x"), (31, NOW)),
        # Read anew: what a disk refused to confirm may stand there.
        (StoreFull(path="x"), (32, None)),
        (StoreReadOnly(path="x"), (32, None)),
    ],
)
def test_a_store_that_cannot_be_had_still_lets_the_standing_be_told(
    run: Run,
    active: World,
    error: AgentError,
    told: tuple[int, int | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    active.agent.check()
    monkeypatch.setattr(Agent, "check", raising(error))
    said = run("check", "--json")
    assert said.json["standing"] == "active"
    assert (said.code, said.json["as_of"]) == told
