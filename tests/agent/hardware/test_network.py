"""Which interfaces are cards, and which address is a card's own."""

from pathlib import Path

import pytest

from agent.fingerprint import UnknownReason
from agent.hardware.answers import LiveAnswers, RecordedAnswers
from agent.hardware.network import network_cards
from agent.hardware.tree import MachineTree
from tests.machine_folders import Card, link, put, write_cards


def addresses(folder: Path, *cards: Card) -> tuple[str, ...] | UnknownReason | None:
    write_cards(cards, folder)
    permanent = {card.name: card.permanent for card in cards if card.permanent}
    found = network_cards(MachineTree(folder), RecordedAnswers(permanent_addresses=permanent))
    return found.values or found.reason


def test_the_permanent_address_wins_over_the_one_in_use(tmp_path: Path) -> None:
    card = Card("eth0", "02:00:00:00:00:01", permanent="b0:7b:25:aa:10:01", assigned="3")
    assert addresses(tmp_path, card) == ("b0:7b:25:aa:10:01",)


def test_a_bond_member_knows_its_own_address_without_the_driver(tmp_path: Path) -> None:
    card = Card("eth0", "b0:7b:25:aa:10:09", assigned="3")
    write_cards((card,), tmp_path)
    slave = tmp_path / "sys/class/net/eth0/bonding_slave/perm_hwaddr"
    slave.parent.mkdir()
    slave.write_text("b0:7b:25:aa:10:01\n")
    found = network_cards(MachineTree(tmp_path), RecordedAnswers())
    assert found.values == ("b0:7b:25:aa:10:01",)


def test_an_address_that_an_administrator_set_is_not_taken_for_the_cards_own(
    tmp_path: Path,
) -> None:
    set_by_hand = Card("eth0", "02:00:00:00:00:01", assigned="3")
    assert addresses(tmp_path, set_by_hand) is UnknownReason.UNREADABLE


def test_a_card_with_a_new_address_at_every_start_does_not_count(tmp_path: Path) -> None:
    random = Card("eth0", "ea:11:22:33:44:55", assigned="1")
    real = Card("eth1", "b0:7b:25:aa:10:01", "pci0000:00/0000:00:02.0")
    assert addresses(tmp_path, random, real) == ("b0:7b:25:aa:10:01",)


def test_no_card_in_sight_is_unknown_and_not_removed(tmp_path: Path) -> None:
    assert addresses(tmp_path, Card("veth0", "02:00:00:00:00:01", None)) is UnknownReason.ABSENT


@pytest.mark.parametrize(
    "other",
    [
        Card("enx0", "00:e0:4c:68:00:01", "pci0000:00/0000:00:14.0/usb2/2-1"),
        Card("eth0v0", "3e:11:22:33:44:55", "pci0000:00/0000:00:1f.9", virtual_function=True),
        Card("docker0", "02:42:ac:11:00:01", None, assigned="3"),
    ],
    ids=["usb", "virtual function", "bridge"],
)
def test_what_comes_and_goes_is_no_card(other: Card, tmp_path: Path) -> None:
    assert addresses(tmp_path, Card("eth0", "b0:7b:25:aa:10:01"), other) == ("b0:7b:25:aa:10:01",)


@pytest.mark.parametrize("bus", ["thunderbolt", "bluetooth", "xen-backend"])
def test_what_hangs_on_a_passing_bus_is_no_card(bus: str, tmp_path: Path) -> None:
    own = Card("eth0", "b0:7b:25:aa:10:01")
    other = Card("other0", "fe:ff:ff:ff:ff:ff", "vif-1-0")
    link(tmp_path, "sys/devices/vif-1-0/subsystem", f"sys/bus/{bus}")
    put(tmp_path, f"sys/bus/{bus}/drivers_autoprobe", "1\n")
    assert addresses(tmp_path, own, other) == ("b0:7b:25:aa:10:01",)


@pytest.mark.parametrize("port", ["pf0vf3", "c1pf0vf12", "pf1sf88"])
def test_a_port_that_stands_for_a_slice_is_no_card(port: str, tmp_path: Path) -> None:
    cards = (Card("eth0", "b0:7b:25:aa:10:01"), Card("eth0_3", "3e:11:22:33:44:55"))
    put(tmp_path, "sys/devices/pci0000:00/0000:00:1f.6/net/eth0_3/phys_port_name", f"{port}\n")
    assert addresses(tmp_path, *cards) == ("b0:7b:25:aa:10:01",)


def test_a_port_of_the_card_itself_is_one(tmp_path: Path) -> None:
    put(tmp_path, "sys/devices/pci0000:00/0000:00:1f.6/net/eth0/phys_port_name", "p0\n")
    assert addresses(tmp_path, Card("eth0", "b0:7b:25:aa:10:01")) == ("b0:7b:25:aa:10:01",)


def test_a_subfunction_is_no_card(tmp_path: Path) -> None:
    own = Card("eth0", "b0:7b:25:aa:10:01")
    slice_ = Card("eth1", "3e:11:22:33:44:55", "pci0000:00/0000:00:1f.7/mlx5_core.sf.4")
    assert addresses(tmp_path, own, slice_) == ("b0:7b:25:aa:10:01",)


def test_a_card_that_shows_no_address_yet_is_not_taken_for_removed(tmp_path: Path) -> None:
    own = Card("eth0", "b0:7b:25:aa:10:01")
    other = Card("eth1", "00:00:00:00:00:00", "pci0000:00/0000:00:1f.7")
    assert addresses(tmp_path, own, other) is UnknownReason.PLACEHOLDER


def test_a_guest_in_the_cloud_has_one_card_by_two_ways(tmp_path: Path) -> None:
    """Accelerated networking: the host's card appears beside the synthetic one, and goes again."""
    synthetic = Card("eth0", "00:0d:3a:12:34:56", "VMBUS:00/000d3a12-3456-000d-3a12-3456000d3a12")
    direct = Card("enP1s1", "00:0d:3a:12:34:56", "pci0001:00/0001:00:02.0")
    alone = addresses(tmp_path / "alone", synthetic)
    assert addresses(tmp_path / "both", synthetic, direct) == alone == ("00:0d:3a:12:34:56",)


def test_what_is_no_ethernet_is_left_out(tmp_path: Path) -> None:
    write_cards((Card("ib0", "b0:7b:25:aa:10:01"),), tmp_path)
    (tmp_path / "sys/class/net/ib0/type").write_text("32\n")
    found = network_cards(MachineTree(tmp_path), RecordedAnswers())
    assert found.reason is UnknownReason.ABSENT


def test_an_old_kernel_that_does_not_say_how_an_address_was_assigned_is_believed(
    tmp_path: Path,
) -> None:
    write_cards((Card("eth0", "b0:7b:25:aa:10:01"),), tmp_path)
    (tmp_path / "sys/class/net/eth0/addr_assign_type").unlink()
    found = network_cards(MachineTree(tmp_path), RecordedAnswers())
    assert found.values == ("b0:7b:25:aa:10:01",)


@pytest.mark.parametrize("broken", ["address", "addr_assign_type", "type"])
def test_one_card_that_cannot_be_read_makes_the_whole_unknown(broken: str, tmp_path: Path) -> None:
    cards = (
        Card("eth0", "b0:7b:25:aa:10:01"),
        Card("eth1", "b0:7b:25:aa:10:02", "pci0000:00/0000:00:02.0"),
    )
    write_cards(cards, tmp_path)
    path = tmp_path / f"sys/class/net/eth1/{broken}"
    path.unlink()
    path.mkdir()
    found = network_cards(MachineTree(tmp_path), RecordedAnswers())
    assert (found.values, found.reason) == ((), UnknownReason.UNREADABLE)


MOUNTS = Path("/proc/self/mountinfo")


class TestLive:
    """The running kernel's own answers."""

    ANSWERS = LiveAnswers(MachineTree(Path("/")))

    def test_an_interface_that_is_not_there_has_no_permanent_address(self) -> None:
        assert self.ANSWERS.permanent_address("nowhere0") is None

    def test_a_name_longer_than_a_name_can_be_is_cut(self) -> None:
        assert self.ANSWERS.permanent_address("n" * 200) is None

    def test_a_card_that_uses_its_own_address_is_told_that_address(self) -> None:
        for interface in Path("/sys/class/net").iterdir():
            own = (interface / "addr_assign_type").read_text().strip() == "0"
            if not (interface / "device").exists() or not own:
                continue
            told = self.ANSWERS.permanent_address(interface.name)
            assert told == (interface / "address").read_text().strip()

    def test_no_socket_to_ask_by_is_no_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError

        monkeypatch.setattr("_socket.socket", refuse)
        assert self.ANSWERS.permanent_address("lo") is None

    def test_drivers_of_windows_are_not_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[object] = []
        monkeypatch.setattr("fcntl.ioctl", lambda *question: asked.append(question))
        assert self.ANSWERS.permanent_address("lo") is None
        assert len(asked) == 1
        monkeypatch.setattr("sys.platform", "win32")
        assert self.ANSWERS.permanent_address("lo") is None
        assert len(asked) == 1

    def test_something_is_mounted_on_the_root(self) -> None:
        mounts = MOUNTS.read_text(encoding="utf-8").splitlines()
        if not any(line.split()[4] == "/" for line in mounts):
            pytest.skip("a changed root: what it lies on is not in the list of mounts")
        mount = self.ANSWERS.root_mount()
        assert not isinstance(mount, UnknownReason)
        assert ":" in mount.device

    def test_the_last_mount_hides_the_ones_before(self, tmp_path: Path) -> None:
        lines = (
            "22 1 0:2 / / rw - rootfs rootfs rw",
            "27 22 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
            "28 27 8:1 / /home rw - ext4 /dev/sda1 rw",
            "broken line",
        )
        path = tmp_path / "proc/self/mountinfo"
        path.parent.mkdir(parents=True)
        path.write_text("\n".join(lines))
        mount = LiveAnswers(MachineTree(tmp_path)).root_mount()
        assert not isinstance(mount, UnknownReason)
        assert (mount.device, mount.source) == ("254:0", "/dev/vda")

    @pytest.mark.parametrize(
        ("lines", "source"),
        [
            (("0:31 / / ro - overlay composefs ro", "8:4 / /sysroot ro - xfs /dev/sda4 ro"),
             "/dev/sda4"),
            (("8:1 / / rw - ext4 /dev/sda1 rw", "8:4 / /sysroot ro - xfs /dev/sdb4 ro"),
             "/dev/sda1"),
            (("0:31 / / ro - overlay overlay ro", "0:32 / /sysroot ro - tmpfs tmpfs ro"),
             "overlay"),
        ],
        ids=["image", "disk", "neither"],
    )  # fmt: skip
    def test_an_image_shows_what_it_lies_on_beside_its_root(
        self, lines: tuple[str, ...], source: str, tmp_path: Path
    ) -> None:
        mounts = "".join(f"{number} 1 {line}\n" for number, line in enumerate(lines, 30))
        put(tmp_path, "proc/self/mountinfo", mounts)
        mount = LiveAnswers(MachineTree(tmp_path)).root_mount()
        assert not isinstance(mount, UnknownReason)
        assert mount.source == source

    def test_mounts_that_cannot_be_read_are_unknown(self, tmp_path: Path) -> None:
        assert LiveAnswers(MachineTree(tmp_path)).root_mount() is UnknownReason.ABSENT
