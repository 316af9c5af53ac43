"""What an anonymous recording keeps of names and of the words in files, and what it hides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hardware.anonymous import anonymous
from agent.hardware.anonymous_disks import name_page
from agent.hardware.anonymous_names import other_path
from agent.hardware.answers import RecordedAnswers, RootMount
from agent.hardware.kernel_names import TELLING
from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.recording import Recording
from agent.hardware.vital_product import designators

KEY = b"k" * 32
NAMES = Pseudonyms(KEY)


def under(path: str, content: str) -> str:
    recording = Recording({path: content.encode()}, frozenset(), {}, RecordedAnswers())
    (made,) = anonymous(recording, KEY).files.values()
    return made.decode()


def test_a_processors_own_serial_is_left_out() -> None:
    text = "processor\t: 0\nmodel\t\t: 106\n\nSerial\t\t: 00000000a1b2c3d4\n"
    assert under("/proc/cpuinfo", text) == "processor\t: 0\nmodel\t\t: 106\n\n"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("t10.ATA     WDC WD4003FFBX-68MU3N0      V1K2A3BC", "t10.ATA     WDC WD4003FFBX-68MU3N0"),
        ("naa.5002538e40a1b2c3", "naa."),
        ("nvme.144d-533634304e58-53616d73756e67-00000001", "nvme."),
        ("S2R5NX0H123456B", ""),
    ],
)
def test_the_scheme_of_a_name_stays(name: str, kept: str) -> None:
    made = under("/sys/block/sda/device/wwid", f"{name}\n")
    assert made.startswith(kept)
    assert made != f"{name}\n"
    assert name.rpartition(".")[2].split()[-1] not in made


def test_pages_of_old_kernels_say_what_newer_ones_would() -> None:
    name = bytes.fromhex("5002538e40a1b2c3")
    page = b"\0\x83\0\x0c\1\3\0\x08" + name
    files = {"/sys/block/sda/vpd_pg83": page, "/sys/block/sda/vpd_pg80": b"\0\x80\0\x08V1K2A3BC"}
    made = anonymous(Recording(files, frozenset(), {}, RecordedAnswers()), KEY).files
    told = under("/sys/block/sda/device/wwid", f"naa.{name.hex()}")
    assert made["/sys/block/sda/vpd_pg83"][8:].hex() == told.removeprefix("naa.")
    assert made["/sys/block/sda/vpd_pg80"][4:].decode() == NAMES.disk("V1K2A3BC")


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("/dev/sda2", "/dev/sda2"),
        ("overlay", "overlay"),
        ("/dev/mapper/app01-root", "/dev/mapper/"),
        ("files.example.org:/export/app01", ""),
        ("rpool/ROOT/app01", ""),
        ("app01", ""),
        ("/dev/vg_app01/root", "/dev/"),
        ("/dev/md/app01:0", "/dev/md/"),
        ("/dev/md_app01", "/dev/"),
        ("/dev/disk/by-id/ata-WDC_WD40EFRX_app01-part2", "/dev/disk/by-id/"),
        ("/dev/zvol/tank/app01", "/dev/zvol/"),
        ("/dev/nvme0n1p2", "/dev/nvme0n1p2"),
        ("/dev/md127", "/dev/md127"),
    ],
)
def test_what_the_root_lies_on_keeps_its_kind_and_no_name(source: str, kept: str) -> None:
    answers = RecordedAnswers(root=RootMount(device="8:2", source=source))
    made = anonymous(Recording({}, frozenset(), {}, answers), KEY).answers
    assert isinstance(made, RecordedAnswers)
    assert made.root is not None
    assert made.root.source.startswith(kept)
    assert "app01" not in made.root.source
    assert "example" not in made.root.source


@pytest.mark.parametrize(
    "name",
    [
        *("eth0", "ens3", "eno1", "enp1s0f0np0", "enP2p1s0", "wlan0", "lo", "bond0.100", "usb0"),
        *("sda", "sdaa1", "nvme0n1p2", "nvme0c1n1", "dm-0", "md0", "md127p1", "vda", "mmcblk0p1"),
        *("pci0000:00", "0000:3b:02.0", "1-14.3", "2:0:0:0", "rport-1:0-0", "host1", "253:7"),
        *("PNP0A08:00", "usb1", "virtio0", "mlx5_core.sf.2", "fw-cfg@9020000", "by-id", "slaves"),
    ],
)
def test_what_the_kernel_counts_keeps_its_name(name: str) -> None:
    assert other_path(NAMES, f"/sys/{name}/type") == f"/sys/{name}/type"


@pytest.mark.parametrize(
    "name",
    [
        *("lan", "wan_acme", "eth0-acme", "eth123456", "sdacme", "md_home", "backup", "hq"),
        *("enx00a0c9112233", "ata-WDC_WD40EFRX-68N32N0_WD-WCC7K4ABCDEF", "wwn-0x5002538e40a1b2c3"),
        *("vg_acme", "acme-root", "mpatha", "cafe", "بایگانی", "شرکت‌ما"),
    ],
)
def test_what_somebody_named_is_hidden_the_same_wherever_it_stands(name: str) -> None:
    made = other_path(NAMES, f"/sys/class/net/{name}")
    folder, _, last = made.rpartition("/")
    assert folder == "/sys/class/net"
    assert last not in {name, ""}
    assert last.isascii()
    assert other_path(NAMES, f"/sys/block/{name}/type") == f"/sys/block/{last}/type"


@pytest.mark.parametrize("name", ["usbacme", "pci.sf.acme", "fw-cfg@acme"])
def test_what_a_name_tells_of_a_device_stays(name: str) -> None:
    made = other_path(NAMES, name)
    assert "acme" not in made
    assert TELLING.search(made)
    assert not TELLING.search(other_path(NAMES, "acme"))


FILE_NAMES = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=15)


@given(st.lists(FILE_NAMES | st.from_regex(r"[a-z]{2,4}[0-9]{0,2}", fullmatch=True), max_size=8))
def test_names_that_differ_go_on_differing(found: list[str]) -> None:
    """Two cards in one folder would be one, and the recording could not be written."""
    made = {other_path(NAMES, name) for name in found}
    assert len(made) == len(set(found))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("t10.ATA     WDC WD40EFRX-68N32N0                    WD-WCC 7K4ABC", "WDC WD40EFRX"),
        ("t10.ATA     WDC WD40EFRX-68N32N0                    WD  WCC 7K4ABC", "WDC WD40EFRX"),
        ("t10.ATA     WDC WD40EFRX 68N32N0 WCC 7K4ABC", "ATA     "),
        ("t10.MAKER   WCC  7K4ABC", "MAKER   "),
        ("t10.MAKERWCC 7K4ABC", ""),
        ("t10.WCC7K4ABC", ""),
        ("wcc.7K4ABC", ""),
    ],
)
def test_no_part_of_a_serial_stays_in_a_name_of_several_words(name: str, kept: str) -> None:
    made = under("/sys/block/sda/device/wwid", name)
    assert kept in made
    assert "WCC" not in made.upper()
    assert "7K4ABC" not in made
    assert made.split()[-1].endswith(NAMES.disk("7K4ABC")) or " " not in name


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/sys/class/dmi/id/chassis_asset_tag", "ACME-AssetTag-0012"),
        ("/sys/class/dmi/id/product_serial", "Filled by ACME"),
        ("/sys/class/dmi/id/product_serial", "ACME0123456789"),
        ("/sys/class/dmi/id/board_serial", "AC7"),
        ("/sys/class/dmi/id/product_uuid", "ACME"),
        ("/sys/block/sda/serial", "ACME 0123456789 0012"),
        ("/sys/block/sda/device/wwid", "naa.acme0123456789"),
        ("/sys/block/dm-0/dm/uuid", "ACME-0012"),
        ("/sys/block/dm-0/dm/name", "AC7"),
        ("/sys/class/net/eth0/address", "acme"),
        ("/sys/class/net/eth0/phys_port_name", "acme"),
        ("/proc/sys/kernel/hostname", "AC7"),
        ("/proc/sys/kernel/osrelease", "6.1.0-acme0012+"),
        ("/proc/meminfo", "MemTotal: 1 kB\nAcme: 12 kB"),
        ("/etc/os-release", 'ID=debian\nPRETTY_NAME="ACME 12.5"\nVERSION="12.5 ACME"\nX=ACME'),
        ("/etc/debian_version", "12.5-acme"),
    ],
)
def test_what_somebody_wrote_beside_known_words_is_hidden(path: str, content: str) -> None:
    made = under(path, content)
    for word in ("ACME", "AC7", "0012"):
        assert word not in made.upper()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/sys/class/dmi/id/product_serial", "To be filled by O.E.M."),
        ("/sys/class/dmi/id/product_serial", "Type2 - Board Serial Number"),
        ("/sys/class/dmi/id/product_serial", "A1_AssetTagNum0"),
        ("/sys/class/dmi/id/product_serial", "0123456789"),
        ("/sys/class/dmi/id/product_serial", "..............."),
        ("/sys/block/sda/serial", "QEMU HARDDISK"),
        ("/sys/block/sda/serial", "QM00001"),
        ("/sys/class/net/eth0/phys_port_name", "pf0vf3"),
        ("/proc/sys/kernel/osrelease", "5.14.0-362.8.1.el9_3.x86_64"),
        ("/proc/sys/kernel/osrelease", "6.12.41+deb13-cloud-amd64"),
        ("/etc/os-release", 'ID="rhel"\nVERSION_ID="9.3"\n'),
    ],
)
def test_what_every_machine_of_a_kind_says_stays(path: str, content: str) -> None:
    assert under(path, content) == content


def test_placeholders_of_firmware_are_found_quickly() -> None:
    assert NAMES.text("To be filled by 7" + "0" * 400 + "z") == "NONE"


def test_a_model_that_is_a_volumes_name_is_hidden() -> None:
    """Linux' own storage server gives its disks their owner's names for models."""
    files = {
        "/sys/block/sda/device/model": b"acme-root\n",
        "/sys/block/sda/device/wwid": b"naa.60014053a1b2c3d4e5f60718293a4b5c\n",
        "/sys/block/sdb/device/model": b"Samsung SSD 980\n",
    }
    made = anonymous(Recording(files, frozenset(), {}, RecordedAnswers()), KEY).files
    assert b"acme" not in made["/sys/block/sda/device/model"]
    assert made["/sys/block/sdb/device/model"] == b"Samsung SSD 980\n"


@pytest.mark.parametrize("digits", ["a1b2", "deadbeefcafebabe", "12ab", "5002538e40a1b2c3"])
def test_a_number_in_digits_stays_one(digits: str) -> None:
    made = NAMES.number(digits)
    assert len(bytes.fromhex(made)) == len(digits) // 2
    assert made != digits
    assert NAMES.number("00000000") == "00000000"


@given(st.binary(max_size=60))
def test_any_page_of_names_becomes_one(body: bytes) -> None:
    page = b"\0\x83" + len(body).to_bytes(2, "big") + body
    made = name_page(NAMES, page)
    assert len(designators(made)) == len(designators(page))


@given(st.text(min_size=1, max_size=20))
def test_any_name_is_hidden_to_letters_of_ascii(name: str) -> None:
    assert NAMES.name(name).isascii()
    assert NAMES.text(name).isascii()


def test_a_file_that_nobody_knows_is_hidden_whole() -> None:
    assert under("/sys/class/other/unheard_of", "S2R5NX0H123456B\n") == (
        f"{NAMES.text('S2R5NX0H123456B')}\n"
    )
