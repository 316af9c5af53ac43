"""Stand-ins: of the same shape, one for one, and never for what identifies nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hardware.normalisation import (
    DiskIdentity,
    disk_identity,
    identity,
    mac_identity,
    uuid_identity,
)
from agent.hardware.pseudonyms import Pseudonyms

NAMES = Pseudonyms(b"k" * 32)
SERIALS = st.from_regex(r"\A[0-9A-Z]{4,16}\Z")
UUIDS = st.binary(min_size=16, max_size=16)
ADDRESSES = st.binary(min_size=6, max_size=6)


def shape(text: str) -> str:
    return re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub("[0-9]", "0", text)))


@pytest.mark.parametrize(
    "serial", ["7F3KQZ2", ".7F3KQZ2.CNFCP0012A34BC.", "app01.example.org", "vg-root", "00081"]
)
def test_a_stand_in_has_the_shape_of_the_value(serial: str) -> None:
    made = NAMES.text(serial)
    assert shape(made) == shape(serial)
    assert made != serial


@pytest.mark.parametrize(
    "hexadecimal",
    ["5002538e40a1b2c3", "0025385300000001f0", "5D2F0A4C9B7E4E1F8A6C3B2D1E0F9A8B", "b07b25aa1001"],
)
def test_hexadecimal_stays_hexadecimal_in_its_case(hexadecimal: str) -> None:
    made = NAMES.text(hexadecimal)
    assert len(bytes.fromhex(made)) == len(hexadecimal) // 2
    assert made != hexadecimal
    assert made.isupper() is hexadecimal.isupper()


@given(SERIALS)
def test_no_stand_in_is_a_placeholder_and_placeholders_stay(serial: str) -> None:
    made = NAMES.text(serial)
    assert (identity(made) is None) is (identity(serial) is None)
    if identity(serial) is None:
        assert made == serial
    on_a_disk = NAMES.disk(serial)
    is_placeholder = disk_identity(DiskIdentity("", serial, "")) is None
    assert (disk_identity(DiskIdentity("", on_a_disk, "")) is None) is is_placeholder


@given(SERIALS, SERIALS)
def test_equal_values_stay_equal_and_different_ones_different(one: str, other: str) -> None:
    if shape(one) == shape(other):
        assert (NAMES.text(one) == NAMES.text(other)) is (one == other)


@given(SERIALS)
def test_case_says_nothing(serial: str) -> None:
    assert NAMES.text(serial.lower()) == NAMES.text(serial).lower()


def test_four_digits_have_one_stand_in_each() -> None:
    values = [f"{number:04}" for number in range(10_000)]
    assert len({NAMES.text(value) for value in values}) == len(values)


def test_another_key_has_other_stand_ins() -> None:
    assert Pseudonyms(b"j" * 32).text("7F3KQZ2") != NAMES.text("7F3KQZ2")


def test_what_holds_another_value_holds_its_stand_in() -> None:
    tag = NAMES.text("7F3KQZ2")
    assert f".{tag}." in NAMES.text(".7F3KQZ2.CNFCP0012A34BC.")
    card = NAMES.address(bytes.fromhex("b07b25aa1001"))
    uuid = NAMES.uuid(bytes.fromhex("30373237313258 4dabcd".replace(" ", "")) + card[:0] + (
        bytes.fromhex("b07b25aa1001")
    ))  # fmt: skip
    assert uuid.endswith(card)
    assert NAMES.text("B07B25AA1001") == card.hex().upper()


@given(UUIDS)
def test_a_uuid_has_one_stand_in_in_both_byte_orders(raw: bytes) -> None:
    swapped = raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]
    made, made_of_swapped = NAMES.uuid(raw), NAMES.uuid(swapped)
    assert uuid_identity(made) == uuid_identity(made_of_swapped)
    assert (uuid_identity(made) is None) is (uuid_identity(raw) is None)


def test_a_uuid_in_a_serial_is_the_systems_own() -> None:
    raw = bytes.fromhex("564de2c3c3c0e1e24622554dc5eb6ba1")
    spelled = NAMES.text("VMware-56 4d e2 c3 c3 c0 e1 e2-46 22 55 4d c5 eb 6b a1")
    assert spelled.startswith("VMware-")
    assert bytes.fromhex(re.sub("[^0-9a-f]", "", spelled.removeprefix("VMware-"))) == (
        NAMES.uuid(raw)
    )
    assert NAMES.text("ec2e1916-9099-7caf-fd21-012345abcdef").startswith("ec2e1916") is False


@given(ADDRESSES)
def test_an_address_stays_one_of_its_kind(raw: bytes) -> None:
    made = NAMES.address(raw)
    assert made[0] & 3 == raw[0] & 3
    if mac_identity(raw.hex()):
        assert mac_identity(made.hex())


@given(st.lists(ADDRESSES, unique=True))
def test_two_cards_never_get_one_address(raws: list[bytes]) -> None:
    assert len({NAMES.address(raw) for raw in raws}) == len(raws)


def test_a_path_keeps_all_but_what_identifies() -> None:
    card = NAMES.address(bytes.fromhex("0a94ef500001")).hex()
    path = NAMES.within(
        "/sys/devices/VMBUS:00/000d3a12-3456-000d-3a12-3456000d3a12/net/enx0a94ef500001"
    )
    assert path.startswith("/sys/devices/VMBUS:00/")
    assert path.endswith(f"/net/enx{card}")
    assert "3a12" not in path
    assert NAMES.within("/sys/class/net/eno1/address") == "/sys/class/net/eno1/address"
    assert NAMES.within("b0:7b:25:aa:10:01") == (
        NAMES.address(bytes.fromhex("b07b25aa1001")).hex(":")
    )


def test_a_disks_serial_in_swapped_pairs_is_the_same_serial() -> None:
    padded = "S2R5NX0H123456B".ljust(20)
    digits = bytes(ord(padded[place ^ 1]) for place in range(20)).hex()
    spellings = {
        disk_identity(DiskIdentity("", NAMES.disk(serial), "")) for serial in (digits, padded)
    }
    assert spellings == {NAMES.disk("S2R5NX0H123456B")}


@given(st.text())
def test_any_text_has_a_stand_in(text: str) -> None:
    NAMES.text(text)
    NAMES.disk(text)
    NAMES.within(text)


def test_a_circle_without_a_way_out_ends() -> None:
    """A value of which nothing is replaced cannot be walked any further."""
    assert NAMES.text("ÄÖÜß-ΑΒΓΔ")
