"""The disks beneath `/`, through every layer, and what each kind of disk calls itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.fingerprint import Component, UnknownReason
from agent.hardware.answers import RootMount
from agent.hardware.disks import boot_disk
from agent.hardware.tree import MachineTree
from agent.hardware.vital_product import unit_name, unit_serial
from tests.block_devices import BlockDevices
from tests.machine_folders import link, put


class Sysfs(BlockDevices):
    """Block devices, and what is found beneath a root on one of them."""

    def root(self, device: str, source: str = "/dev/root") -> Component:
        self.number("8:1", device)
        return self.mounted("8:1", source)

    def mounted(self, device: str, source: str) -> Component:
        return boot_disk(MachineTree(self.folder), RootMount(device=device, source=source))


@pytest.fixture
def sysfs(tmp_path: Path) -> Sysfs:
    return Sysfs(tmp_path)


NVME = "eui.36344630528023160025384300000001"
SCSI = "naa.5002538e40a1b2c3"


def test_a_partition_leads_to_its_disk(sysfs: Sysfs) -> None:
    disk = sysfs.disk("nvme0n1", wwid=NVME, device__model="Samsung SSD 980")
    found = sysfs.root(sysfs.partition(disk, "nvme0n1p2"))
    assert found.values == (NVME.upper(),)
    assert found.label == "SAMSUNG SSD 980"
    assert found.source == "/sys/block/nvme0n1"


def test_lvm_on_crypt_on_a_mirror_leads_to_both_disks_and_no_data_disk(sysfs: Sysfs) -> None:
    first = sysfs.partition(sysfs.disk("sda", device__wwid=SCSI), "sda2")
    second = sysfs.partition(sysfs.disk("sdb", device__wwid="naa.5002538e40a1b2c4"), "sdb2")
    sysfs.disk("sdc", device__wwid="naa.5002538e40ffffff")
    mirror = sysfs.layer("md0", first, second)
    volume = sysfs.layer("dm-1", sysfs.layer("dm-0", mirror, mapped="crypt"), mapped="vg-root")
    assert sysfs.root(volume).values == (SCSI.upper(), "NAA.5002538E40A1B2C4")


def test_a_partition_of_a_mirror_leads_through_it(sysfs: Sysfs) -> None:
    mirror = sysfs.layer("md127", sysfs.disk("sda", device__wwid=SCSI))
    assert sysfs.root(sysfs.partition(mirror, "md127p1")).values == (SCSI.upper(),)


@pytest.mark.parametrize(
    "source", ["overlay", "tmpfs", "server:/export", "/dev/gone", "/dev/mapper/gone"]
)
def test_a_root_on_no_disk_is_unknown(source: str, sysfs: Sysfs) -> None:
    found = sysfs.mounted("0:52", source)
    assert (found.values, found.reason) == ((), UnknownReason.ABSENT)
    assert found.source == source


def test_half_of_a_mirror_behind_a_broken_link_is_not_taken_for_removed(sysfs: Sysfs) -> None:
    mirror = sysfs.layer("md0", sysfs.disk("sda", device__wwid=SCSI))
    (sysfs.folder / mirror / "slaves/sdb").symlink_to("../../gone")
    assert sysfs.root(mirror).reason is UnknownReason.ABSENT


def test_a_mapper_is_looked_for_among_the_devices_that_exist(sysfs: Sysfs) -> None:
    sysfs.disk("sda", device__wwid=SCSI)
    assert sysfs.mounted("0:52", "/dev/mapper/gone").reason is UnknownReason.ABSENT


def test_a_mount_that_could_not_be_read_is_unknown_for_that_reason(tmp_path: Path) -> None:
    found = boot_disk(MachineTree(tmp_path), UnknownReason.DENIED)
    assert found.reason is UnknownReason.DENIED


def test_layers_that_stand_on_themselves_end(sysfs: Sysfs) -> None:
    loop = sysfs.layer("dm-0")
    link(sysfs.folder, f"{loop}/slaves/dm-0", loop)
    assert sysfs.root(loop).reason is UnknownReason.ABSENT


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        ({"wwid": "nvme.144d-53-53-00000001", "device__serial": "S634F0RA004F2A"},
         "S634F0RA004F2A"),
        ({"device__wwid": "naa.6000c29fb2a1c3d4"}, "NAA.6000C29FB2A1C3D4"),
        ({"device__wwid": "t10.ATA     Samsung SSD 850 EVO 250GB     S2R5NX0H123456B"},
         "S2R5NX0H123456B"),
        ({"serial": "vol0a1b2c3d4e5f6"}, "VOL0A1B2C3D4E5F6"),
        ({"device__cid": "150100444a4e42345207a1b2c3d4e5f6"}, "150100444A4E42345207A1B2C3D4E5F6"),
    ],
    ids=["nvme serial", "scsi name", "ata", "virtio", "mmc"],
)  # fmt: skip
def test_each_kind_of_disk_has_its_own_name(
    attributes: dict[str, str], value: str, sysfs: Sysfs
) -> None:
    assert sysfs.root(sysfs.disk("disk", **attributes)).values == (value,)


def test_scsi_says_its_serial_in_vital_product_data(sysfs: Sysfs) -> None:
    disk = sysfs.disk("sda", device__wwid="t10.VENDOR  MODEL 1")
    put(sysfs.folder, f"{disk}/device/vpd_pg80", b"\x00\x80\x00\x14   S2R5NX0H123456B  ")
    assert sysfs.root(disk).values == ("S2R5NX0H123456B",)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"serial": "overlayblk"}, UnknownReason.PLACEHOLDER),
        ({"serial": ""}, UnknownReason.PLACEHOLDER),
        ({"device__wwid": "t10.ATA     QEMU HARDDISK     QM00001"}, UnknownReason.PLACEHOLDER),
        ({"size": "100"}, UnknownReason.ABSENT),
        ({"wwid__x": "a folder in its place"}, UnknownReason.UNREADABLE),
        ({"serial__x": "a folder in its place"}, UnknownReason.UNREADABLE),
    ],
    ids=["overlayblk", "empty", "qemu", "nothing", "broken name", "broken serial"],
)
def test_a_disk_without_an_identity_says_why(
    attributes: dict[str, str], reason: UnknownReason, sysfs: Sysfs
) -> None:
    found = sysfs.root(sysfs.disk("disk", **attributes))
    assert (found.values, found.reason) == ((), reason)


def test_one_unknown_disk_of_a_mirror_makes_the_whole_unknown(sysfs: Sysfs) -> None:
    mirror = sysfs.layer("md0", sysfs.disk("sda", device__wwid=SCSI), sysfs.disk("sdb", size="1"))
    assert sysfs.root(mirror).reason is UnknownReason.ABSENT


class TestBtrfs:
    """A file system that lies on several devices, and names now one and now another."""

    SYSTEM = "3f1c9a52-8f6e-4d77-9b0a-5f2a6f0d3c11"

    @pytest.fixture
    def members(self, sysfs: Sysfs) -> tuple[str, str]:
        first = sysfs.partition(sysfs.disk("sda", device__wwid=SCSI), "sda2")
        second = sysfs.disk("sdb", device__wwid="naa.5002538e40a1b2c4")
        sysfs.btrfs(self.SYSTEM, first, second)
        return first, second

    @pytest.mark.usefixtures("members")
    def test_all_its_disks_count_whichever_is_named(self, sysfs: Sysfs) -> None:
        both = (SCSI.upper(), "NAA.5002538E40A1B2C4")
        assert sysfs.mounted("0:27", "/dev/sda2").values == both
        assert sysfs.mounted("0:27", "/dev/sdb").values == both

    @pytest.mark.usefixtures("members")
    def test_another_file_system_has_nothing_to_do_with_it(self, sysfs: Sysfs) -> None:
        other = sysfs.disk("sdc", device__wwid="naa.5002538e40ffffff")
        sysfs.btrfs("0d9c0f6e-1111-4222-8333-944445555666", other)
        assert sysfs.mounted("0:27", "/dev/sdc").values == ("NAA.5002538E40FFFFFF",)

    def test_without_its_list_of_devices_it_is_unknown(self, sysfs: Sysfs) -> None:
        """Whether the one that is named is the only one cannot be told."""
        sysfs.disk("sda", device__wwid=SCSI)
        assert sysfs.mounted("0:27", "/dev/sda").reason is UnknownReason.ABSENT
        sysfs.btrfs("0d9c0f6e-1111-4222-8333-944445555666", sysfs.disk("sdb"))
        assert sysfs.mounted("0:27", "/dev/sda").reason is UnknownReason.ABSENT

    def test_over_a_mapper_its_layers_are_looked_through(self, sysfs: Sysfs) -> None:
        disk = sysfs.partition(sysfs.disk("sda", device__wwid=SCSI), "sda3")
        crypt = sysfs.layer("dm-0", disk, mapped="luks-root")
        sysfs.btrfs(self.SYSTEM, crypt)
        assert sysfs.mounted("0:27", "/dev/mapper/luks-root").values == (SCSI.upper(),)

    @pytest.mark.usefixtures("members")
    def test_devices_that_cannot_be_listed_make_it_unknown(self, sysfs: Sysfs) -> None:
        refused = {f"/sys/fs/btrfs/{self.SYSTEM}/devices": UnknownReason.DENIED}
        mount = RootMount(device="0:27", source="/dev/sda2")
        assert boot_disk(MachineTree(sysfs.folder, refused), mount).reason is UnknownReason.DENIED


class TestMultipath:
    """One disk over several paths."""

    def over(self, sysfs: Sysfs, *paths: str) -> str:
        return sysfs.layer("dm-0", *paths, mapped="mpatha", uuid="mpath-35002538e40a1b2c3")

    def test_its_paths_are_one_disk(self, sysfs: Sysfs) -> None:
        paths = [sysfs.disk(name, device__wwid=SCSI) for name in ("sda", "sdb", "sdc")]
        found = sysfs.root(sysfs.layer("dm-1", self.over(sysfs, *paths), mapped="mpatha2"))
        assert found.values == (SCSI.upper(),)
        assert found.source == "/sys/block/sda /sys/block/sdb /sys/block/sdc"

    def test_a_path_that_fails_hides_nothing(self, sysfs: Sysfs) -> None:
        failed = sysfs.disk("sda", device__wwid__x="a folder in its place")
        found = sysfs.root(self.over(sysfs, failed, sysfs.disk("sdb", device__wwid=SCSI)))
        assert found.values == (SCSI.upper(),)

    def test_without_a_path_that_tells_it_says_why(self, sysfs: Sysfs) -> None:
        failed = sysfs.disk("sda", device__wwid__x="a folder in its place")
        silent = sysfs.disk("sdb", size="1")
        found = sysfs.root(self.over(sysfs, failed, silent))
        assert found.reason is UnknownReason.UNREADABLE

    def test_paths_that_lead_nowhere_are_no_disk(self, sysfs: Sysfs) -> None:
        layer = self.over(sysfs)
        (sysfs.folder / layer / "slaves/sda").symlink_to("../gone")
        assert sysfs.root(layer).reason is UnknownReason.ABSENT


class TestVitalProduct:
    """Kernels without a `wwid` hand out the page that newer ones read it from."""

    NAA = bytes.fromhex("01030008") + bytes.fromhex("5002538e40a1b2c3")
    LONG_NAA = bytes.fromhex("01030010") + bytes.fromhex("600508b1001c7b2ca6d1f3e4a5b6c7d8")
    EUI = bytes.fromhex("01020008") + bytes.fromhex("0025385300000001")
    PORT = bytes.fromhex("61930008") + bytes.fromhex("5002538e40a1b2ff")
    VENDOR = bytes.fromhex("02010008") + b"ATA  SSD"

    def page(self, *names: bytes) -> bytes:
        body = b"".join(names)
        return b"\x00\x83" + len(body).to_bytes(2, "big") + body

    @pytest.mark.parametrize(
        ("names", "value"),
        [
            ((VENDOR, NAA), "NAA.5002538E40A1B2C3"),
            ((NAA, LONG_NAA), "NAA.600508B1001C7B2CA6D1F3E4A5B6C7D8"),
            ((EUI, NAA), "NAA.5002538E40A1B2C3"),
            ((EUI, PORT), "EUI.0025385300000001"),
        ],
        ids=["naa", "longer", "naa before eui", "not the port"],
    )
    def test_the_page_names_the_disk(
        self, names: tuple[bytes, ...], value: str, sysfs: Sysfs
    ) -> None:
        disk = sysfs.disk("sda", size="1")
        put(sysfs.folder, f"{disk}/device/vpd_pg83", self.page(*names))
        assert sysfs.root(disk).values == (value,)

    def test_a_kernel_that_names_it_itself_says_the_same(self, sysfs: Sysfs) -> None:
        disk = sysfs.disk("sda", size="1")
        put(sysfs.folder, f"{disk}/device/vpd_pg83", self.page(self.VENDOR, self.NAA))
        before = sysfs.root(disk)
        put(sysfs.folder, f"{disk}/device/wwid", f"{SCSI}\n".encode())
        after = boot_disk(MachineTree(sysfs.folder), RootMount(device="8:1", source="/dev/root"))
        assert after.values == before.values

    @pytest.mark.parametrize(
        "page", [b"", b"\x00\x83", b"\x00\x83\x00\xff\x01\x03\x00\x08\x50\x02"],
        ids=["empty", "header", "cut"],
    )  # fmt: skip
    def test_a_page_that_names_nothing_leaves_the_serial(self, page: bytes, sysfs: Sysfs) -> None:
        disk = sysfs.disk("sda", size="1")
        put(sysfs.folder, f"{disk}/device/vpd_pg83", page)
        put(sysfs.folder, f"{disk}/device/vpd_pg80", b"\x00\x80\x00\x0fS2R5NX0H123456B")
        assert sysfs.root(disk).values == ("S2R5NX0H123456B",)

    def test_a_page_that_cannot_be_read_is_no_other_name(self, sysfs: Sysfs) -> None:
        disk = sysfs.disk("sda", serial="S2R5NX0H123456B", device__vpd_pg83__x="a folder")
        assert sysfs.root(disk).reason is UnknownReason.UNREADABLE

    @given(st.binary(max_size=64))
    def test_any_page_is_read(self, page: bytes) -> None:
        assert unit_name(page) is None or "." in (unit_name(page) or "")
        unit_serial(page)
