"""One spelling per identity, and which words are none. Pure; shared by every platform's probe.

Firmware fills fields that nobody set with text that looks like an identity ("To be filled by
O.E.M.", `0123456789`). Such a value is the same on thousands of machines, or comes and goes, so it
becomes unknown. The rules were fitted to real reports: Dell's `..CN…` boards, all-digit serials and
seven-letter service tags must pass.
"""

import re
from typing import NamedTuple

# Schemes of disk names that nobody else's disk can have.
WORLDWIDE = ("eui.", "naa.", "uuid.")
SHORTEST_IDENTITY = 4
# Nothing that is read here comes near; a table of a megabyte may be one string.
_LONGEST_TEXT = 512
_UUID_BYTES = 16
_MAC_BYTES = 6
_ATA_SERIAL_HEX = 40  # twenty bytes
_MULTICAST = 0x01

_FIELD = (
    r"(?:type\d+)?"
    r"(?:system|base ?board|mother ?board|board|chassis|enclosure|product|processor|cpu|disk)?"
    r"(?:serial(?:number|no)?|version|manufacturer|productname|name|uuid|sku(?:number)?"
    r"|part(?:number)?|asset(?:tag)?(?:number)?|tag)"
).replace(" ", "")
_PLACEHOLDER = re.compile(
    r"[a-z]{0,4}0*123456789\d*"
    r"|tobefil.*|fill?(?:ed)?by.*|tbd(?:by.*)?|default(?:string|value|serial.*)?"
    r"|not(?:specified|settable|set|present|available|applicable|supported|defined|provided)"
    r"|no(?:assettag|assetinformation|serial(?:number)?|enclosure)|0x(?:0+|f+)"
    r"|none|null|na|oem|unknown|undefined|invalid|empty|badindex|uninitialized"
    r"|\w*(?:sernum|partnum|assettag)\w*|asset1234567890|(?:manufacturer|array|dimm)\d+"
    rf"|{_FIELD}"
)
_DISK_PLACEHOLDER = re.compile(
    # Names that a hypervisor gives by position or kind: equal on every guest.
    r"overlayblk|qemuharddisk|qm0000\d+|(?:drive)?(?:scsi|virtio|ide|sata|nvme)\d+"
    r"|persistentdisk\d*|nvmecard\d*|vbox(?:harddisk)?|virtualdisk|dummy"
)
# Whole UUIDs of unset firmware, by their thirty-two digits; both byte orders are looked up.
_UNSET_UUIDS = frozenset(
    {
        "03000200040005000006000700080009",
        "030201000504070608090a0b0c0d0e0f",
        "000102030405060708090a0b0c0d0e0f",
        "123456781234567890abcddeefaabbcc",
        "12345678123456789012345678901234",
        "12345678123412341234123456789012",
        "fefefefefefefefefefefefefefefefe",
    }
)
# Forms that some makers complete with a MAC: then the node, the last six bytes, is an identity.
_UNSET_FORMS = ("0300020004000500", "1234567812345678")
_HEX_DIGITS = "0123456789abcdef"
_ALPHABETS = ("0123456789", _HEX_DIGITS, "abcdefghijklmnopqrstuvwxyz")


class DiskIdentity(NamedTuple):
    """What a disk calls itself: the worldwide name, the serial, and the model for people."""

    worldwide_name: str
    serial: str
    model: str


def clean(text: str) -> str:
    """Compatibility forms unified, printable, trimmed, single-spaced, upper case, not too long."""
    text = text[:_LONGEST_TEXT]
    if not text.isascii():
        import unicodedata  # most values are ASCII and never pay for its tables

        # Twice: upper case may take letters apart that the first round had put together.
        upper = unicodedata.normalize("NFKC", text).upper()
        text = unicodedata.normalize("NFKC", upper)
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    # A ligature may have become many letters; what is cut here once stays as it is.
    return " ".join(printable.split()).upper()[:_LONGEST_TEXT].rstrip()


def identity(text: str) -> str | None:
    """The clean value, or None where the text names no particular thing."""
    value = clean(text)
    return None if is_placeholder(value) else value


def is_placeholder(text: str) -> bool:
    """Whether the text is what firmware says when it has nothing to say."""
    letters = _key(text)
    return (
        len(letters) < SHORTEST_IDENTITY
        or len(set(letters)) == 1
        or is_run(letters)
        or _PLACEHOLDER.fullmatch(letters) is not None
    )


def uuid_identity(raw: bytes) -> str | None:
    """The same text for both byte orders, or None where the UUID was never set.

    Firmware, hypervisor versions and kernels disagree on the order of the first three fields, and
    one update flips it: the smaller spelling stands for both.
    """
    if len(raw) != _UUID_BYTES or len(set(raw)) <= 2:  # noqa: PLR2004  two: 00…01, FF…00 and their like
        return None
    swapped = raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]
    spellings = sorted((raw.hex(), swapped.hex()))
    if any(_is_unset_uuid(spelling) for spelling in spellings):
        return None
    digits = spellings[0]
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def uuid_identity_of_text(text: str) -> str | None:
    """`uuid_identity` of a written UUID; None where it is not written as one."""
    try:
        return uuid_identity(bytes.fromhex(text.strip().strip("{}").replace("-", "")))
    except ValueError:
        return None


def mac_identity(text: str) -> str | None:
    """A card's own address. Locally administered ones stay: every KVM guest has one (52:54:00)."""
    try:
        raw = bytes.fromhex(text.strip().replace(":", "").replace("-", ""))
    except ValueError:
        return None
    if len(raw) != _MAC_BYTES or len(set(raw)) == 1 or raw[0] & _MULTICAST:
        return None
    return raw.hex(":")


def disk_identity(disk: DiskIdentity) -> str | None:
    """EUI or NAA name first: it is worldwide. Else the serial, in its one spelling."""
    name = clean(disk.worldwide_name)
    if name.lower().startswith(WORLDWIDE) and not is_placeholder(name.partition(".")[2]):
        return name
    serial = clean(_unswapped(clean(disk.serial))).rstrip("._ ")
    if is_placeholder(serial) or _DISK_PLACEHOLDER.fullmatch(_key(serial)):
        return None
    return serial


def machine_id_identity(text: str) -> str | None:
    """A machine-id (machine-id(5)): thirty-two hex digits, or None while it is unset."""
    digits = text.strip().lower()
    if len(digits) != 2 * _UUID_BYTES or set(digits) - set(_HEX_DIGITS) or len(set(digits)) == 1:
        return None
    return digits


def is_run(letters: str) -> bool:
    """`34567890`, `87654321`, `abcdef`: each letter follows on the one before."""
    return any(
        letters in run or letters in run[::-1]
        for run in (alphabet * (2 + len(letters) // len(alphabet)) for alphabet in _ALPHABETS)
    )


def _key(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _is_unset_uuid(digits: str) -> bool:
    if digits in _UNSET_UUIDS:
        return True
    node = digits[20:]
    return digits.startswith(_UNSET_FORMS) and (mac_identity(node) is None or is_run(node))


def _unswapped(serial: str) -> str:
    """ATA keeps text in swapped pairs, and some drivers hand them out as forty hex digits."""
    if len(serial) != _ATA_SERIAL_HEX or set(serial.lower()) - set(_HEX_DIGITS):
        return serial
    raw = bytes.fromhex(serial)
    swapped = bytes(raw[place ^ 1] for place in range(len(raw))).decode("latin-1")
    return swapped if swapped.isascii() and swapped.isprintable() else serial
