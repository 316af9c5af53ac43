"""Sources that fail, answers that lie: unknown with a reason, never an exception or a change."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.fingerprint import Inventory, UnknownReason
from agent.hardware.windows.answers import Failure, Question, RecordedAnswers, text_of
from agent.hardware.windows.probe import WindowsProbe
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import ComponentId
from tests.readings import changed_parts, judged, reason, values
from tests.windows_machines import (
    DELL_WITH_A_TEAM,
    FILTERED,
    HYPER_V_2022,
    MACHINE_GUID,
    NETWORK,
    PROCESSOR,
    VERSION,
    Adapter,
    WindowsMachine,
    denying_all,
    interface_row,
    interface_table,
    packages,
    without,
)

DENIED, NOT_FOUND, NOT_READY = 5, 2, 21
ERRORS = {DENIED: "denied", NOT_FOUND: "not found", NOT_READY: "not ready"}
every_error = pytest.mark.parametrize("error", ERRORS, ids=ERRORS.values())


def read(answers: RecordedAnswers) -> Inventory:
    return WindowsProbe(answers).read()


def answered(question: str) -> bytearray:
    raw = DELL_WITH_A_TEAM.answers().bytes_of[question]
    assert isinstance(raw, bytes)
    return bytearray(raw)


def with_bytes(question: str, raw: bytes | Failure) -> RecordedAnswers:
    answers = DELL_WITH_A_TEAM.answers()
    return replace(answers, bytes_of={**answers.bytes_of, question: raw})


def with_value(name: str, value: str | int | Failure) -> RecordedAnswers:
    answers = DELL_WITH_A_TEAM.answers()
    return replace(answers, values_of={**answers.values_of, name: value})


@every_error
@pytest.mark.parametrize("question", Question)
@pytest.mark.parametrize("machine", [DELL_WITH_A_TEAM, HYPER_V_2022], ids=["bare", "virtual"])
def test_one_question_that_fails_is_never_a_change(
    machine: WindowsMachine, question: Question, error: int
) -> None:
    before = machine.read()
    comparison = judged(before, read(without(machine.answers(), question, error)))
    assert comparison.verdict in {Verdict.MATCH, Verdict.DEGRADED} | (
        # Without page 0x83 a disk that has one shows its serial: said to be absent, it is believed.
        {Verdict.TOLERATED}
        if (question, error) == (Question.DISK_IDENTIFIERS, NOT_FOUND)
        else set()
    )
    assert comparison.os is OsVerdict.SAME


@every_error
@pytest.mark.parametrize("name", sorted(DELL_WITH_A_TEAM.answers().values_of))
def test_one_value_that_fails_is_never_a_change(name: str, error: int) -> None:
    comparison = judged(DELL_WITH_A_TEAM.read(), read(with_value(name, Failure(error))))
    is_card = name.startswith(NETWORK) and error == NOT_FOUND
    # An interface that has no device is one that software made: the card is gone.
    assert changed_parts(comparison) <= ({"nic"} if is_card else set())
    assert comparison.verdict in {Verdict.MATCH, Verdict.DEGRADED, Verdict.TOLERATED}
    assert comparison.os in {OsVerdict.SAME, OsVerdict.UNKNOWN}


@pytest.mark.parametrize(
    ("error", "expected"),
    [(5, UnknownReason.DENIED), (2, UnknownReason.ABSENT), (21, UnknownReason.UNREADABLE)],
)
def test_nothing_readable_at_all_is_degraded_and_says_why(
    error: int, expected: UnknownReason
) -> None:
    answers = denying_all(DELL_WITH_A_TEAM.answers(), error)
    after = read(answers)
    assert {component.reason for component in after.components} == {expected}
    comparison = judged(DELL_WITH_A_TEAM.read(), after)
    assert (comparison.verdict, comparison.os) == (Verdict.DEGRADED, OsVerdict.UNKNOWN)
    probe = WindowsProbe(answers)
    assert (probe.uptime_seconds(), probe.boot_id(), probe.machine_tag()) == (None, None, "")
    assert after.details == ()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (1, UnknownReason.ABSENT),
        (3, UnknownReason.ABSENT),
        (5, UnknownReason.DENIED),
        (13, UnknownReason.DAMAGED),
        (50, UnknownReason.ABSENT),
        (127, UnknownReason.ABSENT),
        (1015, UnknownReason.DAMAGED),
        (1117, UnknownReason.UNREADABLE),
        (1314, UnknownReason.DENIED),
    ],
)
def test_every_error_has_its_reason(error: int, expected: UnknownReason) -> None:
    assert Failure(error).reason is expected


@dataclass(frozen=True)
class Broken:
    """A damaged answer, and the component that it leaves unknown."""

    question: str
    raw: bytes
    component: ComponentId


NIC_ROW = interface_row(DELL_WITH_A_TEAM.adapters[0])
BROKEN = {
    "no table": Broken("firmware", b"", ComponentId.SYSTEM_UUID),
    "table of nothing": Broken("firmware", bytes(8), ComponentId.BOARD),
    "volume of nothing": Broken("volume C:", b"", ComponentId.BOOT_DISK),
    "more extents than there are": Broken("volume C:", b"\xff" * 32, ComponentId.BOOT_DISK),
    "no descriptor": Broken("disk 0", bytes(35), ComponentId.BOOT_DISK),
    "no identifiers": Broken("disk-identifiers 0", bytes(11), ComponentId.BOOT_DISK),
    "an identifier outside": Broken(
        "disk-identifiers 0", bytes(8) + b"\1\0\0\0" + bytes(8) + b"\xff\xff" + bytes(6),
        ComponentId.BOOT_DISK,
    ),
    "more identifiers than there are": Broken(
        "disk-identifiers 0", bytes(8) + b"\2\0\0\0" + bytes(10) + b"\x10\0" + bytes(4),
        ComponentId.BOOT_DISK,
    ),
    "no interfaces": Broken("interfaces", b"", ComponentId.NIC),
    "half a row": Broken("interfaces", interface_table(NIC_ROW)[:-1], ComponentId.NIC),
    "half a package": Broken("packages", bytes.fromhex("03000000 30000000"), ComponentId.CPU),
    "a package without size": Broken("packages", bytes(16), ComponentId.CPU),
    "less than a package": Broken("packages", bytes(7), ComponentId.CPU),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_damaged_answer_is_said_to_be_damaged(broken: Broken) -> None:
    inventory = read(with_bytes(broken.question, broken.raw))
    assert reason(inventory, broken.component) is UnknownReason.DAMAGED
    verdict = judged(DELL_WITH_A_TEAM.read(), inventory).verdict
    assert verdict in {Verdict.MATCH, Verdict.DEGRADED}


@pytest.mark.parametrize(
    ("question", "component"),
    [("packages", ComponentId.CPU), ("volume C:", ComponentId.BOOT_DISK)],
)
def test_an_answer_of_nothing_is_absent(question: str, component: ComponentId) -> None:
    raw = bytes(8) if question.startswith("volume") else b""
    assert reason(read(with_bytes(question, raw)), component) is UnknownReason.ABSENT


def test_a_page_that_promises_more_names_than_it_links_ends_at_the_last() -> None:
    raw = answered("disk-identifiers 0")
    raw[8:12] = b"\xff\xff\xff\xff"
    assert read(with_bytes("disk-identifiers 0", bytes(raw))) == DELL_WITH_A_TEAM.read()


def test_only_packages_are_counted_as_sockets() -> None:
    cache = bytes.fromhex("02000000 34000000") + bytes(44)
    inventory = read(with_bytes("packages", cache + packages(2)))
    assert values(inventory, ComponentId.CPU) == values(DELL_WITH_A_TEAM.read(), ComponentId.CPU)


def test_a_name_that_cannot_be_read_is_not_replaced_by_the_serial() -> None:
    inventory = read(with_bytes("disk-identifiers 0", Failure(1117)))
    assert reason(inventory, ComponentId.BOOT_DISK) is UnknownReason.UNREADABLE


def test_a_serial_that_is_said_to_lie_outside_is_none() -> None:
    raw = answered("disk 0")
    raw[24:28] = b"\xff\xff\xff\xff"
    answers = with_bytes("disk 0", bytes(raw))
    bare = replace(answers, bytes_of={**answers.bytes_of, "disk-identifiers 0": Failure(50)})
    assert reason(read(bare), ComponentId.BOOT_DISK) is UnknownReason.ABSENT


@pytest.mark.parametrize(
    "permanent",
    ["", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "a0:36:9f:00:00:01:02:03"],
)
def test_a_card_that_does_not_know_its_address_yet_is_not_gone(permanent: str) -> None:
    first, *others = DELL_WITH_A_TEAM.adapters
    silent = replace(
        DELL_WITH_A_TEAM, adapters=(first._replace(permanent=permanent), *others)
    ).read()
    assert reason(silent, ComponentId.NIC) is UnknownReason.UNREADABLE


def test_a_filter_over_a_card_is_no_card_whatever_the_registry_knows_of_it() -> None:
    device = DELL_WITH_A_TEAM.adapters[0].device
    over = FILTERED._replace(device=device, permanent="")
    machine = replace(DELL_WITH_A_TEAM, adapters=(*DELL_WITH_A_TEAM.adapters[:2], over))
    assert values(machine.read(), ComponentId.NIC) == values(
        DELL_WITH_A_TEAM.read(), ComponentId.NIC
    )


@pytest.mark.parametrize(("kind", "is_card"), [(71, True), (199, False), (6, True)])
def test_cards_are_ethernet_or_wireless_and_not_infiniband(kind: int, *, is_card: bool) -> None:
    first = DELL_WITH_A_TEAM.adapters[0]
    other = first._replace(type=kind, permanent="a0:36:9f:00:00:01")
    machine = replace(DELL_WITH_A_TEAM, adapters=(DELL_WITH_A_TEAM.adapters[1], other))
    assert ("a0:36:9f:00:00:01" in values(machine.read(), ComponentId.NIC)) is is_card


def test_no_card_in_sight_is_unknown_and_not_removed() -> None:
    disabled = replace(DELL_WITH_A_TEAM, adapters=DELL_WITH_A_TEAM.adapters[2:])
    assert reason(disabled.read(), ComponentId.NIC) is UnknownReason.ABSENT


def test_a_device_that_must_not_be_asked_for_hides_all_cards() -> None:
    name = next(name for name in DELL_WITH_A_TEAM.answers().values_of if NETWORK in name)
    assert reason(read(with_value(name, Failure(5))), ComponentId.NIC) is UnknownReason.DENIED
    assert reason(read(with_value(name, 7)), ComponentId.NIC) is UnknownReason.DAMAGED


def test_a_device_is_known_by_its_bus_however_it_is_spelled() -> None:
    adapter = Adapter("0b7a1c9e-1111-4a51-9d1e-5a3c1f2b0009", r"pci\ven_8086", "a0:36:9f:00:00:01")
    machine = replace(DELL_WITH_A_TEAM, adapters=(adapter,))
    assert values(machine.read(), ComponentId.NIC) == ("a0:36:9f:00:00:01",)


@pytest.mark.parametrize("folder", [r"\\server\share", "Windows", ""])
def test_a_system_folder_on_no_drive_leaves_the_disk_unknown(folder: str) -> None:
    inventory = read(with_value(rf"{VERSION}\SystemRoot", folder))
    expected = UnknownReason.DAMAGED if folder else UnknownReason.ABSENT
    assert reason(inventory, ComponentId.BOOT_DISK) is expected


def test_a_system_on_another_drive_is_found_there() -> None:
    answers = with_value(rf"{VERSION}\SystemRoot", r"d:\Windows")
    moved = replace(
        answers, bytes_of={**answers.bytes_of, "volume D:": answers.bytes_of["volume C:"]}
    )
    assert read(moved) == DELL_WITH_A_TEAM.read()


@pytest.mark.parametrize("guid", ["", "not a guid", "00000000-0000-0000-0000-000000000000"])
def test_an_installation_without_an_id_is_unknown(guid: str) -> None:
    inventory = read(with_value(MACHINE_GUID, guid))
    expected = UnknownReason.PLACEHOLDER if guid else UnknownReason.ABSENT
    assert reason(inventory, ComponentId.OS_INSTANCE) is expected
    assert inventory.os.instance is None


def test_a_guid_in_braces_is_the_same_one() -> None:
    braced = read(with_value(MACHINE_GUID, "{" + DELL_WITH_A_TEAM.guid.upper() + "}"))
    assert braced.os == DELL_WITH_A_TEAM.read().os


@pytest.mark.parametrize("name", ["CurrentBuildNumber", "EditionID", "InstallationType"])
def test_half_a_release_is_none(name: str) -> None:
    found = read(with_value(rf"{VERSION}\{name}", Failure(2))).os
    assert found.release is None
    assert found.instance == DELL_WITH_A_TEAM.read().os.instance


def test_a_revision_that_is_no_number_is_no_patch() -> None:
    assert read(with_value(rf"{VERSION}\UBR", "2402")).os.patch is None


def test_a_processor_without_a_name_for_people_is_the_same_one() -> None:
    inventory = read(with_value(rf"{PROCESSOR}\ProcessorNameString", Failure(2)))
    found = inventory.component(ComponentId.CPU)
    assert found is not None
    assert (found.values, found.label) == (values(DELL_WITH_A_TEAM.read(), ComponentId.CPU), "")


def test_text_is_trimmed_and_empty_text_is_absent() -> None:
    answers = RecordedAnswers(values_of={r"K\padded": " x\0 ", r"K\empty": " \0"})
    assert text_of(answers, "K", "padded") == "x"
    assert text_of(answers, "K", "empty") is UnknownReason.ABSENT


@given(question=st.sampled_from(sorted(DELL_WITH_A_TEAM.answers().bytes_of)), raw=st.binary())
def test_no_bytes_are_too_much_for_the_probe(question: str, raw: bytes) -> None:
    probe = WindowsProbe(with_bytes(question, raw))
    for component in probe.read().components:
        assert component.known is (component.reason is None)
    assert (probe.uptime_seconds() or 0) >= 0


@given(
    question=st.sampled_from(sorted(DELL_WITH_A_TEAM.answers().bytes_of)),
    place=st.integers(0, 200),
    byte=st.integers(0, 255),
)
def test_no_single_byte_is_too_much_for_the_probe(question: str, place: int, byte: int) -> None:
    raw = answered(question)
    raw[place % len(raw)] = byte
    for component in read(with_bytes(question, bytes(raw))).components:
        assert component.known is (component.reason is None)


@given(
    name=st.sampled_from(sorted(DELL_WITH_A_TEAM.answers().values_of)),
    value=st.text() | st.integers(),
)
def test_no_value_is_too_much_for_the_probe(name: str, value: str | int) -> None:
    for component in read(with_value(name, value)).components:
        assert component.known is (component.reason is None)
