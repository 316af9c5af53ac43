"""A Windows machine under other numbers: the same machine to look at, and nobody's."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.fingerprint import Inventory, UnknownReason
from agent.hardware.anonymous import anonymous
from agent.hardware.probes import recorded_machine, recording_of
from agent.hardware.recording import Recording, write
from agent.hardware.windows.answers import Question, RecordedAnswers, RecordedWindows
from agent.hardware.windows.probe import WindowsProbe
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import ComponentId
from tests.readings import changed_parts, judged, reason, values
from tests.windows_machines import (
    DELL_WITH_A_TEAM,
    HYPER_V_2022,
    HYPER_V_GUEST,
    HYPER_V_ROOT,
    HYPER_V_SERIAL,
    NETWORK,
    VMWARE_2019,
    WindowsMachine,
    patched,
    recording,
)
from tests.windows_structures import Adapter, Disk

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
    assert 0 in made.values()
    assert "S64DNX0RB12345K" not in made.values()
    assert all("Thing" not in key for key in made)


def test_an_answer_to_what_nobody_asks_is_left_out() -> None:
    asked = {"disk ACME": b"ACME", "owner": b"ACME", "uptime": bytes(8)}
    assert other(RecordedAnswers(bytes_of={**asked})).bytes_of == {"uptime": bytes(8)}


@pytest.mark.parametrize("question", list(Question))
def test_every_question_has_a_rule_that_keeps_no_word_beside_what_is_read(
    question: Question,
) -> None:
    machine = DELL_WITH_A_TEAM.answers()
    asked = next(asked for asked in machine.bytes_of if asked.partition(" ")[0] == question)
    raw = machine.bytes_of[asked]
    assert isinstance(raw, bytes)
    made = other(replace(machine, bytes_of={asked: raw + b"ACMECANARY"})).bytes_of[asked]
    assert isinstance(made, bytes)
    assert b"ACME" not in made


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("SystemRoot", r"C:\Windows", r"C:\Windows"),
        ("SystemRoot", r"D:\ACME", "D:\\"),
        ("SystemRoot", "ACME", ""),
        ("Hostname", "AC7", ""),
        ("PnPInstanceID", r"PCI\VEN_8086&DEV_1533&SUBSYS_00011AF4&REV_03\3&1", "PCI\\VEN_8086&DEV"),
        ("PnPInstanceID", r"USB\ACME", "USB\\"),
        ("PnPInstanceID", r"ACME\ACME\ACME", ""),
        ("EditionID", "ServerStandard", "ServerStandard"),
    ],
)
def test_of_a_value_that_is_read_its_kind_stays(name: str, value: str, kept: str) -> None:
    made = other(RecordedAnswers(values_of={name: value})).values_of[name]
    assert str(made).startswith(kept)
    assert "AC" not in str(made)


def test_a_hypervisor_is_one_whatever_it_calls_itself() -> None:
    guest = replace(DELL_WITH_A_TEAM, hypervisor=HYPER_V_GUEST._replace(vendor=b"ACMECANARY12"))
    made = other(guest.answers())
    assert b"ACME" not in bytes(str(made.bytes_of["hypervisor"]), "ascii")
    assert read(made).machine_class is guest.read().machine_class
    root = replace(DELL_WITH_A_TEAM, hypervisor=HYPER_V_ROOT)
    assert read(other(root.answers())).machine_class is root.read().machine_class


def test_a_model_that_is_a_volumes_name_is_hidden() -> None:
    disk = Disk("LIO-ORG ", "acme-root", "")
    machine = replace(DELL_WITH_A_TEAM, disks=(disk,))
    raw = other(machine.answers()).bytes_of["disk 0"]
    assert isinstance(raw, bytes)
    assert b"LIO-ORG" in raw
    assert b"acme" not in raw


@pytest.mark.parametrize("asked", ["volume C:", "packages", "hypervisor", "memory", "uptime"])
def test_other_damaged_answers_stay_damaged_too(asked: str) -> None:
    answers = DELL_WITH_A_TEAM.answers()
    broken = replace(answers, bytes_of={**answers.bytes_of, asked: b"\3\0\0\0\5\0\0\0\7"})
    before, after = read(broken), read(other(broken))
    assert [(part.known, part.reason) for part in after.components] == [
        (part.known, part.reason) for part in before.components
    ]
    assert [detail.id for detail in after.details] == [detail.id for detail in before.details]


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
