"""The disks that Windows lies on, found beneath its volume; mirrored volumes have several.

Asked without any access right, so whoever runs the agent gets the same answer.
"""

from typing import NamedTuple

from agent.fingerprint import Component, UnknownReason, known, unknown
from agent.hardware.normalisation import DiskIdentity, clean, disk_identity, is_placeholder
from agent.hardware.windows.answers import Failure, Question, WindowsAnswers
from agent.hardware.windows.layouts import (
    DeviceDescriptor,
    DiskExtent,
    ExtentsHeader,
    IdentifierHeader,
    IdentifiersHeader,
    laid_out,
    size_of,
)
from protocol.weights import ComponentId

# ntddstor.h: STORAGE_IDENTIFIER_CODE_SET, _TYPE and STORAGE_ASSOCIATION_TYPE
BINARY = 1
_NAA = "naa"
SCHEMES = {2: "eui", 3: _NAA}
_LOGICAL_UNIT = 0
_LOCALLY_ASSIGNED = f"{_NAA}.3"  # the one NAA format that another disk may have too


class Descriptor(NamedTuple):
    """What a disk's driver says of it; empty where it says nothing."""

    vendor: str
    product: str
    serial: str


def boot_disk(answers: WindowsAnswers, volume: str | UnknownReason) -> Component:
    """Every disk beneath the volume; known only if each of them is: a missing one looks gone."""
    if isinstance(volume, UnknownReason):
        return unknown(ComponentId.BOOT_DISK, "SystemRoot", volume)
    disks = _disks_beneath(answers, volume)
    if isinstance(disks, UnknownReason):
        return unknown(ComponentId.BOOT_DISK, rf"\\.\{volume}", disks)
    source = " ".join(rf"\\.\PhysicalDrive{disk}" for disk in disks)
    identities: list[str] = []
    models: list[str] = []
    for disk in disks:
        described = _described(answers, str(disk))
        if isinstance(described, UnknownReason):
            return unknown(ComponentId.BOOT_DISK, source, described)
        identity = disk_identity(described)
        if identity is None:
            said = described.worldwide_name or clean(described.serial)
            reason = UnknownReason.PLACEHOLDER if said else UnknownReason.ABSENT
            return unknown(ComponentId.BOOT_DISK, source, reason)
        identities.append(identity)
        models.append(clean(described.model))
    return known(ComponentId.BOOT_DISK, source, identities, label=models[0])


def _disks_beneath(answers: WindowsAnswers, volume: str) -> list[int] | UnknownReason:
    raw = answers.ask(Question.VOLUME, volume)
    disks = raw.reason if isinstance(raw, Failure) else extents_of(raw)
    return disks if isinstance(disks, UnknownReason) else sorted({*disks}) or UnknownReason.ABSENT


def extents_of(raw: bytes) -> list[int] | UnknownReason:
    """The disk of each part of a volume, or why that cannot be told."""
    header = laid_out(ExtentsHeader, raw)
    if header is None:
        return UnknownReason.DAMAGED
    disks: list[int] = []
    for place in range(header.count):
        extent = laid_out(DiskExtent, raw, size_of(ExtentsHeader) + place * size_of(DiskExtent))
        if extent is None:
            return UnknownReason.DAMAGED
        disks.append(extent.disk)
    return disks


def _described(answers: WindowsAnswers, disk: str) -> DiskIdentity | UnknownReason:
    """The serial answers only where no worldwide name exists.

    A name that exists and cannot be read may be there again tomorrow, and the serial in its place
    would look like another disk.
    """
    raw = answers.ask(Question.DISK, disk)
    named = answers.ask(Question.DISK_IDENTIFIERS, disk)
    if isinstance(raw, Failure):
        return raw.reason
    descriptor = descriptor_of(raw)
    name = _worldwide_name(named)
    if descriptor is None or isinstance(name, UnknownReason):
        return name if isinstance(name, UnknownReason) else UnknownReason.DAMAGED
    model = f"{descriptor.vendor} {descriptor.product}"
    return DiskIdentity(name, descriptor.serial, model)


def descriptor_of(raw: bytes) -> Descriptor | None:
    """The descriptor; None where the bytes are none."""
    found = laid_out(DeviceDescriptor, raw)
    if found is None:
        return None
    return Descriptor(*(_text(raw, at) for at in (found.vendor, found.product, found.serial)))


def _text(raw: bytes, offset: int) -> str:
    """Empty for the offsets of nothing: 0, and what lies behind the end (older drivers say -1)."""
    if offset < size_of(DeviceDescriptor):
        return ""
    return raw[offset:].partition(b"\0")[0].decode("latin-1").strip()


def _worldwide_name(raw: bytes | Failure) -> str | UnknownReason:
    """NAA before EUI and the longer before the shorter, as on Linux; empty where it has none."""
    if isinstance(raw, Failure):
        return "" if raw.reason is UnknownReason.ABSENT else raw.reason
    names = names_of(raw)
    if names is None:
        return UnknownReason.DAMAGED
    # The page has no order that anybody promises.
    return max(names, key=lambda name: (name.startswith(_NAA), len(name), name), default="")


def names_of(raw: bytes) -> list[str] | None:
    """The worldwide names of the disk itself; None where the bytes are no page of names."""
    header = laid_out(IdentifiersHeader, raw)
    if header is None:
        return None
    names: list[str] = []
    start = size_of(IdentifiersHeader)
    for _ in range(header.count):
        found = laid_out(IdentifierHeader, raw, start)
        first = start + size_of(IdentifierHeader)
        if found is None or first + found.size > len(raw):
            return None
        name = _name(found, raw[first : first + found.size])
        if name:
            names.append(name)
        if not found.next:
            break
        start += found.next
    return names


def _name(found: IdentifierHeader, identifier: bytes) -> str:
    scheme = SCHEMES.get(found.kind)
    digits = identifier.hex()
    # Others of the page name the port or the target: they stay when the disk is changed.
    if scheme is None or (found.code_set, found.association) != (BINARY, _LOGICAL_UNIT):
        return ""
    name = f"{scheme}.{digits}"
    return "" if is_placeholder(digits) or name.startswith(_LOCALLY_ASSIGNED) else name
