"""A bare server whose parts are swapped under the same system disk."""

from typing import NamedTuple

import pytest
from msgspec.structs import replace

from tests.smbios_tables import Module
from tests.vm.hardware import GUEST, SERVER, Card, Hardware
from tests.vm.machine import agent
from tests.vm.site import DONE, DRIFTED, STOPPED, Site

FIRST, SECOND = SERVER.cards
BOARD = {"system_uuid", "board"}


class Row(NamedTuple):
    """One event, and what must be said of it."""

    event: str
    now: Hardware
    verdict: str
    exit: int = DONE
    changed: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()


def other_board(hardware: Hardware) -> Hardware:
    """Another main board, with the cards that sit on it; the maker wrote the old serial in."""
    return replace(
        hardware,
        uuid="4c4c4544-0046-3310-804b-b7c04f515a99",
        board_serial=".7F3KQZ2.CNFCP0099Z98YX.",
        cards=(Card("b0:7b:25:cc:77:01", 0x5), Card("b0:7b:25:cc:77:02", 0x6)),
    )


OTHER_SERVER = replace(
    other_board(SERVER),
    serial="9QW4RT1",
    uuid="4c4c4544-0051-5710-8034-b9c04f525431",
    board_serial=".9QW4RT1.CNFCP0077B66CD.",
    disk_serial="S634F0RA0091BB",
    processor="Haswell-noTSX",
    modules=(Module("D7E8F901", mebibytes=SERVER.mebibytes),),
)

ROWS = (
    Row("reboot", SERVER, "match"),
    Row(
        "order of the cards",
        replace(SERVER, cards=(Card(FIRST.address, 0x6), Card(SECOND.address, 0x5))),
        "match",
    ),
    Row("BIOS update", replace(SERVER, bios="2.21.2"), "match"),
    Row(
        "byte order of the UUID",
        replace(SERVER, uuid="44454c4c-4600-1033-804b-b7c04f515a32"),
        "match",
    ),
    Row("data disks", replace(SERVER, data_disks=("WD-WX11A", "WD-WX11B")), "match"),
    Row(
        "extra card",
        replace(SERVER, cards=(*SERVER.cards, Card("3c:ec:ef:00:30:01", 0x3))),
        "match",
        added=frozenset({"nic"}),
    ),
    Row(
        "extra memory",
        replace(
            SERVER,
            mebibytes=2 * SERVER.mebibytes,
            modules=(*SERVER.modules, Module("S0A1B2C9", mebibytes=SERVER.mebibytes)),
        ),
        "match",
        added=frozenset({"memory"}),
    ),
    Row(
        "all memory",
        replace(SERVER, modules=(Module("D7E8F901", mebibytes=SERVER.mebibytes),)),
        "tolerated",
        changed=frozenset({"memory"}),
    ),
    Row(
        "processor",
        replace(SERVER, processor="Haswell-noTSX"),
        "tolerated",
        changed=frozenset({"cpu"}),
    ),
    Row(
        "boot disk",
        replace(SERVER, disk_serial="S634F0RA0077C1"),
        "tolerated",
        changed=frozenset({"boot_disk"}),
    ),
    Row(
        "one of two cards",
        replace(SERVER, cards=(FIRST, Card("3c:ec:ef:00:20:02", 0x6))),
        "tolerated",
        changed=frozenset({"nic"}),
    ),
    Row(
        "both cards",
        replace(SERVER, cards=(Card("3c:ec:ef:00:20:01", 0x5), Card("3c:ec:ef:00:20:02", 0x6))),
        "tolerated",
        changed=frozenset({"nic"}),
    ),
    Row(
        "board",
        other_board(SERVER),
        "changed",
        DRIFTED,
        changed=frozenset({"system_uuid", "board", "nic"}),
    ),
    Row(
        "board alone",
        replace(SERVER, board_serial=".7F3KQZ2.CNFCP0099Z98YX."),
        "changed",
        DRIFTED,
        changed=frozenset({"board"}),
    ),
    Row(
        "the system disk cloned into another server",
        OTHER_SERVER,
        "different",
        STOPPED,
        changed=frozenset({
            "system_uuid", "board", "system_serial", "boot_disk", "nic", "cpu", "memory",
        }),
    ),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.event.replace(" ", "-"))
def test_what_the_swap_means(row: Row, server: Site) -> None:
    for said in server.look(row.now):
        assert said.verdict == row.verdict
        assert said.exit == row.exit
        assert said.parts("changed") == row.changed
        assert said.parts("added") == row.added
        assert said.parts("removed", "unknown") == set()


def test_the_old_board_put_back_ends_the_drift(server: Site) -> None:
    _, check = server.look(other_board(SERVER))
    assert check.exit == DRIFTED
    _, check = server.look(SERVER)
    assert (check.exit, check.view["standing"]) == (DONE, "active")


def test_a_server_turned_into_a_virtual_machine_has_changed(server: Site) -> None:
    """Not `different`: board, serial and memory, which a virtual machine hides, may be the same."""
    for said in server.look(GUEST):
        assert (said.exit, said.verdict) == (DRIFTED, "changed")
        assert said.parts("changed") == {"system_uuid", "boot_disk", "nic", "platform"}
        assert said.parts("unknown") == {"board", "system_serial", "memory"}


def test_serials_that_the_firmware_lost_for_one_start_are_no_change(server: Site) -> None:
    forgetful = replace(
        SERVER,
        uuid="ffffffff-ffff-ffff-ffff-ffffffffffff",
        serial="To Be Filled By O.E.M.",
        board_serial="Default string",
    )
    for said in server.look(forgetful):
        assert (said.exit, said.verdict, said.view["usable"]) == (DONE, "degraded", True)
        assert said.parts("changed", "removed") == set()
        assert said.parts("unknown") == {"system_uuid", "board", "system_serial"}
    for said in server.look(SERVER):
        assert (said.exit, said.verdict) == (DONE, "match")


def test_recordings_are_judged_like_the_machines_themselves(server: Site) -> None:
    record = ("fingerprint", "--record")
    before = server.machine.boot(SERVER, agent(*record, "/root/before"))
    after = server.machine.boot(
        other_board(SERVER),
        agent(*record, "/root/after"),
        agent("compare", "/root/before", "/root/after"),
        agent("status"),
    )
    _, compared, status = after.said
    assert [said.exit for said in (*before.said, *after.said)] == [DONE, DONE, DONE, DRIFTED]
    drift = status.view["drift"]
    assert (compared.view["verdict"], compared.view["score"]) == (drift["verdict"], drift["score"])
    stands = [
        {part["id"]: part["status"] for part in view["components"]}
        for view in (compared.view, drift)
    ]
    assert stands[0] == stands[1]
