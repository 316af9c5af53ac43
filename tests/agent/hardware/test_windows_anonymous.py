"""A Windows machine under other numbers: the same machine to look at, and nobody's."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.fingerprint import Inventory, UnknownReason
from agent.hardware.anonymous import anonymous
from agent.hardware.probes import recorded_machine, recording_of
from agent.hardware.recording import Recording, write
from agent.hardware.windows.answers import RecordedAnswers, RecordedWindows
from agent.hardware.windows.probe import WindowsProbe
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import ComponentId
from tests.readings import changed_parts, judged, reason, values
from tests.windows_machines import (
    DELL_WITH_A_TEAM,
    HYPER_V_2022,
    HYPER_V_SERIAL,
    NETWORK,
    VMWARE_2019,
    Adapter,
    WindowsMachine,
    patched,
    recording,
)

KEY = bytes(range(32))
ALL = {"dell": DELL_WITH_A_TEAM, "vmware": VMWARE_2019, "hyper-v": HYPER_V_2022}
every_machine = pytest.mark.parametrize("machine", ALL.values(), ids=ALL.keys())


def of(answers: RecordedAnswers) -> Recording:
    told = RecordedWindows(windows=answers)
    return Recording(files={}, folders=frozenset(), links={}, answers=told)


def other(answers: RecordedAnswers, key: bytes = KEY) -> RecordedAnswers:
    made = anonymous(of(answers), key).answers
    assert isinstance(made, RecordedWindows)
    assert made.windows is not None
    return made.windows


def read(answers: RecordedAnswers) -> Inventory:
    return WindowsProbe(answers).read()


@every_machine
def test_what_it_is_made_of_stays_and_what_it_is_called_goes(machine: WindowsMachine) -> None:
    before, after = machine.read(), read(other(machine.answers()))
    assert after.machine_class is before.machine_class
    assert (after.os.release, after.os.patch) == (before.os.release, before.os.patch)
    for was, now in zip(before.components, after.components, strict=True):
        assert (was.known, was.reason, was.label) == (now.known, now.reason, now.label)
        kept = was.id in {ComponentId.CPU, ComponentId.PLATFORM}
        assert kept or not set(was.values) & set(now.values)
        assert len(was.values) == len(now.values)


@every_machine
def test_recordings_of_one_key_can_be_compared(machine: WindowsMachine) -> None:
    later = patched(machine)
    comparison = judged(read(other(machine.answers())), read(other(later.answers())))
    assert (comparison.verdict, comparison.os) == (Verdict.MATCH, OsVerdict.PATCH)
    strangers = judged(read(other(machine.answers())), read(other(machine.answers(), bytes(32))))
    assert changed_parts(strangers) >= {"system_uuid", "boot_disk", "nic"}


def test_a_swapped_disk_is_still_one_under_other_numbers() -> None:
    disks = HYPER_V_2022.disks
    swapped = replace(DELL_WITH_A_TEAM, disks=disks)
    comparison = judged(read(other(DELL_WITH_A_TEAM.answers())), read(other(swapped.answers())))
    assert changed_parts(comparison) == {"boot_disk"}


@every_machine
def test_nothing_of_its_numbers_is_left_anywhere(machine: WindowsMachine) -> None:
    numbers = [
        machine.guid,
        machine.hostname,
        machine.firmware.serial,
        machine.firmware.uuid[-12:],
        HYPER_V_SERIAL,
        *(disk.serial for disk in machine.disks),
        *(adapter.guid.upper() for adapter in machine.adapters),
        *(adapter.permanent.replace(":", "").upper() for adapter in machine.adapters),
    ]
    made = other(machine.answers())
    parts = [raw for raw in made.bytes_of.values() if isinstance(raw, bytes)]
    raw = b"".join(parts) + recording(RecordedAnswers(values_of=made.values_of))
    for number in filter(None, numbers):
        assert number.encode() not in raw
    for adapter in machine.adapters:
        address = bytes.fromhex(adapter.permanent.replace(":", ""))
        assert not address or address not in raw
    # Names that people give, and what a driver counts.
    assert "Ethernet".encode("utf-16-le") not in raw
    assert (123_456_789).to_bytes(4, "little") not in raw


def test_interfaces_still_belong_to_their_devices() -> None:
    made = other(DELL_WITH_A_TEAM.answers())
    connections = {key: value for key, value in made.values_of.items() if key.startswith(NETWORK)}
    assert sorted(str(device).partition("\\")[0] for device in connections.values()) == [
        "COMPOSITEBUS", "PCI", "PCI", "USB",
    ]  # fmt: skip
    assert all(str(device).count("\\") == 1 for device in connections.values())


def test_what_was_refused_or_damaged_stays_so() -> None:
    answers = DELL_WITH_A_TEAM.answers()
    broken = replace(
        answers,
        bytes_of={
            **answers.bytes_of,
            "disk 0": b"short",
            "interfaces": b"",
            "disk-identifiers 0": b"",
        },
    )
    after = read(other(broken))
    assert reason(after, ComponentId.BOOT_DISK) is UnknownReason.DAMAGED
    assert reason(after, ComponentId.NIC) is UnknownReason.DAMAGED
    page = replace(answers, bytes_of={**answers.bytes_of, "disk-identifiers 0": b"short"})
    assert reason(read(other(page)), ComponentId.BOOT_DISK) is UnknownReason.DAMAGED


def test_a_card_without_an_address_has_none_afterwards() -> None:
    silent = Adapter("0b7a1c9e-1111-4a51-9d1e-5a3c1f2b0001", r"PCI\VEN_8086", "")
    machine = replace(DELL_WITH_A_TEAM, adapters=(silent,))
    assert reason(read(other(machine.answers())), ComponentId.NIC) is UnknownReason.UNREADABLE


def test_a_value_of_an_unknown_name_is_taken_for_an_identity() -> None:
    answers = RecordedAnswers(values_of={r"SOFTWARE\New\Thing": "S64DNX0RB12345K", "Count": 7})
    made = other(answers).values_of
    assert made[r"SOFTWARE\New\Thing"] != "S64DNX0RB12345K"
    assert made["Count"] == 7


def test_an_empty_recording_stays_empty() -> None:
    made = anonymous(of(RecordedAnswers())._replace(answers=RecordedWindows()), KEY)
    assert made.answers == RecordedWindows(windows=RecordedAnswers())


class TestAsAFolder:
    """As `fingerprint --record` writes it."""

    @every_machine
    def test_a_recording_of_a_recording_is_the_same(
        self, machine: WindowsMachine, tmp_path: Path
    ) -> None:
        first = recording_of(machine.write(tmp_path / "machine"))
        write(first, tmp_path / "recorded")
        assert recorded_machine(tmp_path / "recorded").read() == machine.read()
        assert recording_of(tmp_path / "recorded") == first

    def test_under_other_numbers_it_reads_as_it_was_made(self, tmp_path: Path) -> None:
        made = anonymous(recording_of(VMWARE_2019.write(tmp_path / "machine")), KEY)
        write(made, tmp_path / "recorded")
        inventory = recorded_machine(tmp_path / "recorded").read()
        assert inventory == read(other(VMWARE_2019.answers()))
        assert values(inventory, ComponentId.PLATFORM) == ("VMWARE, INC. VMWARE7,1",)
