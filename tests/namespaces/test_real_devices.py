"""The probe on interfaces, file systems and layers that this kernel really makes.

What a kernel has not is skipped with its own words; recorded machines stand for it elsewhere.
"""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.fingerprint import Component, Inventory, UnknownReason
from protocol.weights import ComponentId
from tests.namespaces.sandbox import ROOT, why_not

NOT_HERE = why_not()
pytestmark = pytest.mark.skipif(bool(NOT_HERE), reason=NOT_HERE)

READ = """
import sys, msgspec
from agent.hardware.linux import LinuxProbe
sys.stdout.buffer.write(msgspec.json.encode(LinuxProbe().read()))
"""
INTERFACES = {
    "veth": "ip link add it0 type veth peer name it1",
    "bridge": "ip link add it0 type bridge",
    "ifb": "ip link add it0 type ifb",
    "dummy": "ip link add it0 type dummy",
    "bond": "ip link add it0 type bond",
    "team": "ip link add it0 type team",
    "wireguard": "ip link add it0 type wireguard",
    "vxlan": "ip link add it0 type vxlan id 5 dstport 4789 dev lo",
    "tap": "ip tuntap add it0 mode tap",
    "vlan": "ip link add v0 type veth peer name v1; ip link add link v0 name it0 type vlan id 5",
    "macvlan": "ip link add v0 type veth peer name v1; ip link add link v0 name it0 type macvlan",
}


def in_namespaces(script: str, *namespaces: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script in namespaces of its own, from the repository's folder."""
    unshare = ["unshare", "--mount", "--propagation", "private", *namespaces]
    return subprocess.run(
        [*unshare, "sh", "-ec", script], check=False, capture_output=True, text=True, cwd=ROOT
    )


def reading() -> str:
    return shlex.join([sys.executable, "-c", READ])


def component(done: subprocess.CompletedProcess[str], part: ComponentId) -> Component:
    assert done.returncode == 0, done.stderr
    found = msgspec.json.decode(done.stdout, type=Inventory).component(part)
    assert found is not None
    return found


@pytest.mark.parametrize("make", INTERFACES.values(), ids=INTERFACES.keys())
def test_an_interface_that_software_made_is_no_card(make: str) -> None:
    made = in_namespaces(make, "--net")
    if made.returncode:
        pytest.skip(f"this kernel: {made.stderr.strip()}")
    # A sysfs shows the network namespace that it was mounted in.
    script = f"{make}; mount -t sysfs sysfs /sys; test -e /sys/class/net/it0; {reading()}"
    cards = component(in_namespaces(script, "--net"), ComponentId.NIC)
    assert (cards.values, cards.reason) == ((), UnknownReason.ABSENT)


def on_another_root(mount: str, folder: Path) -> str:
    """Read on this system's files, with something else mounted as its root."""
    root = shlex.quote(str(folder))
    return f"""
        {mount} {root}
        cd {root}
        for name in $(ls /); do
            test -d /$name && ! test -L /$name || continue
            mkdir -p $name
            test -n "$(ls -A $name)" || mount --rbind /$name $name
        done
        for link in bin lib lib64 sbin; do
            test -e $link || ! test -L /$link || cp -P /$link $link
        done
        mkdir -p old
        pivot_root . old
        cd {shlex.quote(str(ROOT))}
        exec {reading()}
    """


def test_a_containers_root_lies_on_no_disk(tmp_path: Path) -> None:
    layers = tmp_path / "layers"
    script = f"""
        mkdir {layers}
        mount -t tmpfs tmpfs {layers}
        mkdir {layers}/upper {layers}/work {layers}/root
        mount -t overlay overlay -o lowerdir=/,upperdir={layers}/upper,workdir={layers}/work \
            {layers}/root
        for name in proc sys dev tmp; do mount --rbind /$name {layers}/root/$name; done
        cd {layers}/root
        mkdir -p old
        pivot_root . old
        cd {ROOT}
        exec {reading()}
    """
    disk = component(in_namespaces(script), ComponentId.BOOT_DISK)
    assert (disk.source, disk.reason) == ("overlay", UnknownReason.ABSENT)


@pytest.fixture
def loops(tmp_path: Path) -> Iterator[list[str]]:
    """Two devices over files."""
    devices: list[str] = []
    try:
        for name in ("first", "second"):
            image = tmp_path / name
            with image.open("wb") as file:
                file.truncate(200 * 1024 * 1024)
            made = subprocess.run(
                ["losetup", "--find", "--show", image], check=False, capture_output=True, text=True
            )
            if made.returncode:
                pytest.skip(made.stderr.strip())
            devices.append(made.stdout.strip())
        yield devices
    finally:
        for device in devices:
            subprocess.run(["losetup", "--detach", device], check=True)


def formatted(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    subprocess.run([program, *arguments], check=True, capture_output=True)


def block_names(loops: list[str]) -> str:
    return " ".join(f"/sys/block/{Path(device).name}" for device in sorted(loops))


def test_a_root_on_one_device_is_found_by_its_number(tmp_path: Path, loops: list[str]) -> None:
    formatted("mkfs.ext4", "-q", loops[0])
    (tmp_path / "root").mkdir()
    script = on_another_root(f"mount {loops[0]}", tmp_path / "root")
    disk = component(in_namespaces(script), ComponentId.BOOT_DISK)
    assert disk.source == block_names(loops[:1])
    assert disk.reason is UnknownReason.ABSENT


@pytest.mark.parametrize("named", [0, 1])
def test_a_btrfs_is_all_of_its_devices(named: int, tmp_path: Path, loops: list[str]) -> None:
    formatted("mkfs.btrfs", "-q", "-f", "-d", "raid1", "-m", "raid1", *loops)
    (tmp_path / "root").mkdir()
    script = on_another_root(f"mount {loops[named]}", tmp_path / "root")
    assert component(in_namespaces(script), ComponentId.BOOT_DISK).source == block_names(loops)


LAYERS = {
    "linear, as LVM makes it": "dmsetup create under-test --table '0 400000 linear {device} 0'",
    "crypt": "dmsetup create under-test --table "
    "'0 400000 crypt aes-xts-plain64 " + "0" * 64 + " 0 {device} 0'",
}


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())
def test_a_mapped_root_leads_to_its_device(layer: str, tmp_path: Path, loops: list[str]) -> None:
    create = layer.format(device=loops[0])
    made = subprocess.run(["sh", "-ec", create], check=False, capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"this kernel maps no devices: {made.stderr.splitlines()[0]}")
    try:
        formatted("mkfs.ext4", "-q", "/dev/mapper/under-test")
        (tmp_path / "root").mkdir()
        script = on_another_root("mount /dev/mapper/under-test", tmp_path / "root")
        disk = component(in_namespaces(script), ComponentId.BOOT_DISK)
        assert disk.source == block_names(loops[:1])
    finally:
        subprocess.run(["dmsetup", "remove", "under-test"], check=True)
