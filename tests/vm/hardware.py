"""What the emulated machine is made of, as QEMU's options. `replace` a part and boot it again."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.smbios_tables import Module, memory_device

# Where there is no other machine on the wire: every card is unplugged.
_MEBIBYTES = 640


class Card(NamedTuple):
    """A network card; its slot decides its name and its place in the order."""

    address: str
    slot: int


class Hardware(msgspec.Struct, frozen=True, kw_only=True):
    """One machine around one system disk."""

    hypervisor: bool
    chipset: str
    processor: str
    bios: str
    uuid: str
    serial: str
    board_serial: str
    disk: str  # QEMU's controller
    disk_serial: str
    cards: tuple[Card, ...]
    modules: tuple[Module, ...] = ()
    data_disks: tuple[str, ...] = ()
    mebibytes: int = _MEBIBYTES
    maker: str = ""
    product: str = ""

    @property
    def boots_without_modules(self) -> bool:
        """Whether the kernel itself drives the system's disk, which is the quicker start."""
        return self.disk == "nvme"

    def options(self, system: Path, stick: Path, folder: Path) -> list[str]:
        """QEMU's options; the folder takes the files that some of them name."""
        flag = "" if self.hypervisor else ",-hypervisor"
        return [
            *("-machine", self.chipset),
            *("-cpu", f"{self.processor}{flag}"),
            *("-m", str(self.mebibytes)),
            *self._firmware(folder),
            *self._disks(system, stick),
            *("-nic", "none"),
            *(
                option
                for card in self.cards
                for option in (
                    "-device",
                    f"virtio-net-pci,mac={card.address},addr={card.slot:#x},romfile=",
                )
            ),
        ]

    def _firmware(self, folder: Path) -> list[str]:
        made_by = f",manufacturer={self.maker}" if self.maker else ""
        product = f",product={self.product}" if self.product else ""
        serial = f",serial={self.serial}" if self.serial else ""
        options = [
            *("-smbios", f"type=0,vendor=Phoenix,version={self.bios},date=04/01/2024"),
            *("-smbios", f"type=1,uuid={self.uuid}{made_by}{product}{serial}"),
        ]
        if self.board_serial:
            board = f"type=2,product=0H47HH,serial={self.board_serial}{made_by}"
            options += ["-smbios", board]
        for slot, module in enumerate(self.modules):
            # As an option, every module would have the same serial.
            file = folder / f"module-{slot}"
            file.write_bytes(memory_device(module, slot))
            options += ["-smbios", f"file={file}"]
        return options

    def _disks(self, system: Path, stick: Path) -> list[str]:
        disks = [
            (system, "qcow2", f"{self.disk},serial={self.disk_serial},addr=0x10"),
            (stick, "raw", "virtio-blk-pci,serial=STICK,addr=0x11"),
        ]
        for place, serial in enumerate(self.data_disks):
            # A slot before the system's: its name becomes the first.
            device = f"virtio-blk-pci,serial={serial},addr={0x8 + place:#x}"
            disks.append((stick.with_name(f"data-{place}"), "raw", device))
        options = []
        for place, (file, form, device) in enumerate(disks):
            drive = f"if=none,id=disk{place},format={form},file={file}"
            options += ["-drive", drive, "-device", f"{device},drive=disk{place}"]
        return options


SERVER = Hardware(
    hypervisor=False,
    chipset="q35",
    processor="Nehalem",
    bios="1.6.5",
    maker="Dell Inc.",
    product="PowerEdge R650",
    uuid="4c4c4544-0046-3310-804b-b7c04f515a32",
    serial="7F3KQZ2",
    board_serial=".7F3KQZ2.CNFCP0012A34BC.",
    disk="nvme",
    disk_serial="S634F0RA004F2A",
    cards=(Card("b0:7b:25:aa:10:01", 0x5), Card("b0:7b:25:aa:10:02", 0x6)),
    modules=(Module("S0A1B2C3", mebibytes=_MEBIBYTES),),
)

GUEST = Hardware(
    hypervisor=True,
    chipset="pc",
    processor="Nehalem",
    bios="rel-1.16.2-0",
    uuid="8f1c2b7e-52d4-4c11-9a0e-3d6f7b8c9d01",
    serial="",
    board_serial="",
    disk="virtio-blk-pci",
    disk_serial="appserver-root-01",
    cards=(Card("52:54:00:12:34:56", 0x5),),
)
