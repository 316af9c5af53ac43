"""One spelling per identity; placeholders go and real values stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hardware.normalisation import (
    DiskIdentity,
    clean,
    disk_identity,
    identity,
    is_placeholder,
    mac_identity,
    machine_id_identity,
    uuid_identity,
    uuid_identity_of_text,
)

PLACEHOLDERS = [
    "", " ", "n/a", "123", "....", "00000000", "xxxxxxx", "FFFFFFFFFFFF", "12345678", "87654321",
    "1234567890", "3456789012", "abcdef", "ABCDEFGH", "0123456789", "SN123456789", "0000123456789",
    "1234567890.", "To Be Filled By O.E.M.", "To be filed by MSFT", "to be filld by o.e.m",
    "Filled By OEM", "Default string", "Default Value", "default", "TBD by OEM", "Not Specified",
    "Not Settable", "not present", "Not Available", "Not Applicable", "Not Supported",
    "Not Defined", "Not Set", "System Serial Number", "Base Board Serial Number",
    "Base Board Version", "Chassis Serial Number", "Chassis Asset Tag",
    "Type2 - Board Serial Number",
    "Asset-1234567890", "SerNum0", "PartNum1", "None", "NULL", "OEM", "unknown", "Undefined",
    "INVALID", "Empty", "<BAD INDEX>", "System Product Name", "Manufacturer00", "ModulePartNumber1",
    "Fill By OEM", "TBD", "Not Provided", "No Asset Tag", "No Serial Number", "0x00000000",
    "A1_SerNum0", "Array1_PartNumber0", "Dimm0_AssetTag", "SYS-1234567890", "MB-1234567890",
    "To be filled by O.E.M", "Type1 - System Serial Number", "$(DEFAULT_STRING)", "FFFFFFFF",
]  # fmt: skip
REAL = [
    ".790H8D2.CN7475162M0382.", "790H8D2", "..CN1374004Q0123.", "0080310521003287",
    "209624590000277",
    "VM147S018307", "E09626824801435", "9000116105", "PC131TBF", "L1HF9380025", "BN1004GH10075",
    "1519-7810-4472-8775-7272-8851-12", "VMware-56 4d e2 c3 c3 c0 e1 e2-46 22 55 4d c5 eb 6b a1",
    "254857A6", "12BDC045", "160412A2", "TBD4X12", "0X1A2B3C4D", "NOTE4711",
    "MXQ12345AB", "CZ123456JK", "S634F0RA004F2A", "023078193757",
]  # fmt: skip


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_a_placeholder_is_no_identity(text: str) -> None:
    assert identity(text) is None
    assert identity(text.upper()) is None


@pytest.mark.parametrize("text", REAL)
def test_a_real_value_survives(text: str) -> None:
    assert identity(text) == text.upper()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("  a\tb  c\x00\x07d ", "A B C D"),
        ("ＡＢ１２", "AB12"),
        ("ser\u200bial", "SER IAL"),
        ("straße", "STRASSE"),
        ("\u0390", "\u03aa\u0301"),
        ("\u00ae\x85\u00a0x", "\u00ae X"),
        ("a" * 511 + " b", "A" * 511),
    ],
)
def test_text_has_one_spelling(text: str, value: str) -> None:
    assert clean(text) == value


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_a_text_without_an_end_is_cut_and_stays_as_it_was_cut() -> None:
    cut = clean("\ufdfa" * 1000)  # each becomes eighteen letters
    assert len(cut) <= 512
    assert clean(cut) == cut
    assert clean("x" * 1_000_000) == clean("x" * 513) == "X" * 512
    assert clean(" " * 1000 + "x") == ""
    before_a_space = clean("aaaa" + "\ufdfa" * 100)
    assert clean(before_a_space) == before_a_space == before_a_space.strip()


@given(st.text())
def test_every_text_is_judged(text: str) -> None:
    assert is_placeholder(text) in {True, False}


class TestUuid:
    DELL = bytes.fromhex("44454c4c390010308048b7c04f384432")

    @given(st.binary(min_size=16, max_size=16))
    def test_byte_order_flip_changes_nothing(self, raw: bytes) -> None:
        flipped = raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]
        assert uuid_identity(flipped) == uuid_identity(raw)

    def test_written_and_raw_are_the_same_identity(self) -> None:
        written = "4c4c4544-0039-3010-8048-b7c04f384432"
        assert uuid_identity_of_text(written) == uuid_identity(self.DELL)
        assert uuid_identity_of_text(f"{{{written.upper()}}}\n") == uuid_identity(self.DELL)

    @pytest.mark.parametrize(
        "text",
        [
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "00000000-0000-0000-0000-000000000001",
            "03000200-0400-0500-0006-000700080009",
            "00020003-0004-0005-0006-000700080009",
            "03020100-0504-0706-0809-0a0b0c0d0e0f",
            "00010203-0405-0607-0809-0a0b0c0d0e0f",
            "12345678-1234-5678-90ab-cddeefaabbcc",
            "12345678-1234-5678-9012-345678901234",
            "12345678-1234-5678-9012-ffffffffffff",
            "12345678-1234-5678-9012-0123456789ab",
            "not a uuid",
            "12345678",
        ],
    )
    def test_a_uuid_that_was_never_set_is_unknown(self, text: str) -> None:
        assert uuid_identity_of_text(text) is None

    @pytest.mark.parametrize(
        "text",
        [
            "12345678-1234-5678-9012-d05099faa835",
            "03000200-0400-0500-0006-d05099faa835",
            "00000000-0000-0000-0000-002590eb9628",
        ],
    )
    def test_an_unset_form_around_a_real_address_is_an_identity(self, text: str) -> None:
        assert uuid_identity_of_text(text) is not None


class TestMac:
    @pytest.mark.parametrize(
        "text",
        ["00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "", "52:54:00", "zz:54"],
    )
    def test_what_no_card_can_have_is_refused(self, text: str) -> None:
        assert mac_identity(text) is None

    @pytest.mark.parametrize("text", ["52:54:00:12:34:56", "52-54-00-12-34-56", "525400123456\n"])
    def test_a_locally_administered_address_counts(self, text: str) -> None:
        assert mac_identity(text) == "52:54:00:12:34:56"


class TestDisk:
    @pytest.mark.parametrize(
        ("name", "serial", "value"),
        [
            ("eui.36344630528023160025384300000001", "S1", "EUI.36344630528023160025384300000001"),
            ("naa.5002538e40a1b2c3", "", "NAA.5002538E40A1B2C3"),
            ("eui.0000000000000000", "S634F0RA004F2A", "S634F0RA004F2A"),
            ("nvme.1d0f-766f6c-416d-00000001", "vol0a1b2c3d4e5f", "VOL0A1B2C3D4E5F"),
            ("", "S634F0RA004F2A._. ", "S634F0RA004F2A"),
            ("", "  WD-WCC4N1234567", "WD-WCC4N1234567"),
            ("", "00FF" * 10, "00FF" * 10),
        ],
    )
    def test_a_disk_has_one_name(self, name: str, serial: str, value: str) -> None:
        found = disk_identity(DiskIdentity(name, serial, "MODEL"))
        assert found == value

    def test_a_swapped_hex_serial_is_read_as_the_text_it_is(self) -> None:
        text = "S2RBNX0H123456B     "
        swapped = "".join(text[place ^ 1] for place in range(len(text)))
        found = disk_identity(DiskIdentity("", swapped.encode().hex(), ""))
        assert found == "S2RBNX0H123456B"

    @pytest.mark.parametrize(
        "serial",
        [
            "overlayblk", "QEMU HARDDISK", "QM00001", "drive-scsi0", "drive-virtio1",
            "persistent-disk-0", "nvme_card", "Virtual disk", "", "0000",
        ],
    )  # fmt: skip
    def test_a_name_by_position_is_unknown(self, serial: str) -> None:
        assert disk_identity(DiskIdentity("t10.ATA", serial, "")) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5d2f0a4c9b7e4e1f8a6c3b2d1e0f9a8b\n", "5d2f0a4c9b7e4e1f8a6c3b2d1e0f9a8b"),
        ("5D2F0A4C9B7E4E1F8A6C3B2D1E0F9A8B", "5d2f0a4c9b7e4e1f8a6c3b2d1e0f9a8b"),
        ("uninitialized", None),
        ("", None),
        ("0" * 32, None),
        ("g" * 31 + "1", None),
    ],
)
def test_a_machine_id_is_thirty_two_hex_digits(text: str, value: str | None) -> None:
    assert machine_id_identity(text) == value
