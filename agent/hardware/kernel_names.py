"""Names in paths that every machine of a kind has, and that say nothing of whose it is. Pure.

A path of sysfs is made of the kernel's words, of numbers that it counts, and of names that people
and makers give: cards, arrays, volumes, pools. Only what is spelled here is known to be of the
first two kinds; a word that is missing here is hidden for nothing, which costs nobody a secret.
"""

import re

_WORDS = frozenset({
    # folders
    "base", "block", "bus", "bypath", "class", "dev", "device", "device-tree", "devices",
    "devicetree", "disk", "dmi", "etc", "firmware", "fs", "hypervisor", "id", "kernel", "lib",
    "mapper", "mmc_host", "net", "nvme", "platform", "proc", "properties", "self", "slaves", "sys",
    "tables", "usr", "virtual", "xen", "zvol", "by-id", "by-label", "by-partlabel", "by-partuuid",
    "by-path", "by-uuid", "btrfs", "dm", "md", "bonding_slave", "physfn", "subsystem", "soc",
    # buses
    "acpi", "bluetooth", "ccw", "css", "hid", "mmc", "pci", "scsi", "sdio", "thunderbolt", "usb",
    "vio", "virtio", "vmbus", "xen-backend",
    # files
    "DMI", "addr_assign_type", "address", "capabilities", "centos-release", "cid", "compatible",
    "cpuinfo", "debian_version", "features", "hostname", "ibm,partition-name", "machine-id",
    "meminfo", "model", "name", "os-release", "osrelease", "partition", "perm_hwaddr",
    "phys_port_name", "serial", "type", "uuid", "vm,uuid", "vpd_pg80", "vpd_pg83", "wwid",
    "bios_date", "bios_vendor", "bios_version", "board_name", "board_serial", "board_vendor",
    "chassis_asset_tag", "chassis_serial", "chassis_vendor", "product_name", "product_serial",
    "product_uuid", "sys_vendor",
})  # fmt: skip
_N = r"\d{1,5}"
# `Path names` that systemd makes of a card's place (systemd.net-naming-scheme(7)); its port's name
# behind them is the driver's.
_CARD = (
    rf"(?:(?:en|wl|ww|ib|sl)(?:P{_N})?(?:o{_N}|s{_N}|p{_N}s{_N})(?:f{_N})?(?:v{_N})?"
    rf"(?:u{_N})*(?:c{_N})?(?:i{_N})?(?:np?{_N}|d{_N})?"
    rf"|(?:eth|wlan|wwan|ib|bond|team|br|docker|dummy|ifb|tun|tap|wg|virbr|usb){_N}|lo)(?:\.{_N})?"
)
_BLOCK = (
    r"(?:sd|vd|hd|xvd|dasd)[a-z]{1,2}\d{0,3}"
    rf"|nvme{_N}(?:c{_N})?(?:n{_N})?(?:p{_N})?|mmcblk{_N}(?:p{_N}|boot{_N}|rpmb)?|md{_N}(?:p{_N})?"
    rf"|(?:dm-|loop|nbd|rbd|drbd|bcache|pmem|ram|zram|zd|sr){_N}(?:p{_N})?"
)
_BUS = (
    r"(?:pci)?[0-9a-f]{4,8}:[0-9a-f]{2}(?::[0-9a-f]{2}\.[0-7])?"
    rf"|{_N}-{_N}(?:\.{_N})*(?::{_N}\.{_N})?|{_N}(?::{_N}){{1,3}}|[0-9a-f]\.[0-9a-f]\.[0-9a-f]{{4}}"
    rf"|(?:host|ata|usb|virtio|session|nvme-subsys|vbd-|vif-|css|mmc){_N}|mmc{_N}:[0-9a-f]{{4}}"
    rf"|(?:target|rport-|port-|end_device-|expander-){_N}:{_N}(?:[:-]{_N})?"
    r"|(?:LNXSYSTM|LNXSYBUS|VMBUS|(?:PNP|ACPI|MSFT|QEMU|INTC|AMDI|APMC|HISI|LNRO)[0-9A-F]{4})"
    r":[0-9a-f]{2}|fw-cfg@[0-9a-f]{1,16}|[a-z0-9]{2,5}_core\.sf\.\d{1,5}"
)
_NUMBERED = re.compile(f"{_CARD}|{_BLOCK}|{_BUS}")
# By these parts of a name the probe tells what a device is: they stay, whatever stands beside them.
TELLING = re.compile(r"(\Ausb|\.sf\.|\Afw-cfg@)")


def is_kernels(name: str) -> bool:
    """Whether one part of a path is the kernel's own word, or counted by it."""
    return name in _WORDS or _NUMBERED.fullmatch(name) is not None
