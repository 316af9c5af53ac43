"""What this machine is made of, the tags that may leave it, and the words of a difference.

Pure. Values arrive here normalised (`agent.hardware` reads and normalises them); tags are judged
by `protocol.comparison`, which the signing server shares. Deliberately absent: reading anything,
the policy, and what a verdict leads to (`agent.lifecycle`).
"""

import hashlib
import hmac
from collections.abc import Iterable
from enum import Enum, StrEnum

import msgspec

from protocol.encoding import to_base64url
from protocol.values import MOST_TAGS, ComponentStatus, Fingerprint, MachineClass, OsTags
from protocol.verdicts import Comparison, ComponentComparison
from protocol.weights import SALT_MARK, ComponentId

SALT_BYTES = 32
_KEY_INFO = b"faragostar-man/fingerprint/v1"
_TAG_VERSION = b"\x01"
_TAG_BYTES = 16
_SHOWN_LETTERS = 4
# Models and makes, shared by every machine of the kind: there is nothing in them to hide.
_PUBLIC = frozenset({ComponentId.CPU, ComponentId.PLATFORM})


class DetailId(StrEnum):
    """What is shown and never judged: it gets no tag and no weight."""

    CHASSIS_SERIAL = "chassis_serial"
    BIOS_VERSION = "bios_version"
    MEMORY_SIZE = "memory_size"
    KERNEL = "kernel"
    HOSTNAME = "hostname"


class UnknownReason(Enum):
    """Why a component has no value; `unknown` is never evidence of a change.

    No `StrEnum`: a reading is text or a reason, and a reason must not pass for text.
    """

    ABSENT = "absent"
    DENIED = "denied"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    PLACEHOLDER = "placeholder"


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One measured part: sorted distinct values, or the reason why there are none.

    `label` names the thing for people (a model); it is no part of the identity.
    """

    id: ComponentId
    source: str
    values: tuple[str, ...] = ()
    reason: UnknownReason | None = None
    label: str = ""

    @property
    def known(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.values)


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One line for people beside the components."""

    id: DetailId
    source: str
    text: str


class OsIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """The installed system: which one, which major release, how patched, which installation."""

    product: str | None = None
    major: str | None = None
    patch: str | None = None
    instance: str | None = None

    @property
    def release(self) -> str | None:
        """Product and major release in one value; a rolling product has no release but itself."""
        if self.product is None:
            return None
        return f"{self.product} {self.major}" if self.major else self.product


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """Everything readable of one machine. It stays on this machine: only tags leave."""

    machine_class: MachineClass
    components: tuple[Component, ...]
    os: OsIdentity
    details: tuple[Detail, ...] = ()

    def component(self, component_id: str) -> Component | None:
        """The component of that name, if it was looked for at all."""
        return next((found for found in self.components if found.id == component_id), None)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One component of a comparison as people read it; values are masked."""

    id: str
    status: ComponentStatus
    weight: int
    was: tuple[str, ...]
    now: tuple[str, ...]


def known(
    component_id: ComponentId, source: str, values: Iterable[str], label: str = ""
) -> Component:
    """A component with values: order and repetition of a set say nothing, so both go."""
    return Component(id=component_id, source=source, values=tuple(sorted(set(values))), label=label)


def unknown(component_id: ComponentId, source: str, reason: UnknownReason) -> Component:
    """A component without a value, and why."""
    return Component(id=component_id, source=source, reason=reason)


def take_tags(inventory: Inventory, salt: bytes) -> Fingerprint:
    """Keyed hashes of everything known: the only form in which hardware leaves this machine."""
    key = _tag_key(salt)
    components = {
        component.id.value: _tags(key, component)
        for component in inventory.components
        if component.known
    }
    components[SALT_MARK] = (_tag(key, SALT_MARK, ""),)
    return Fingerprint(
        machine_class=inventory.machine_class,
        components=components,
        os=OsTags(
            release=_optional_tag(key, "os_release", inventory.os.release),
            patch=_optional_tag(key, "os_patch", inventory.os.patch),
            instance=_optional_tag(key, ComponentId.OS_INSTANCE, inventory.os.instance),
        ),
    )


def tag_of(component: Component, salt: bytes) -> tuple[str, ...]:
    """The tags of one component, as `fingerprint` shows them beside its values."""
    return _tags(_tag_key(salt), component)


def digest(fingerprint: Fingerprint) -> str:
    """Sixteen hex digits in groups of four, to compare two fingerprints by eye or by phone."""
    lines = [fingerprint.machine_class.value]
    lines += [f"{name}={','.join(tags)}" for name, tags in sorted(fingerprint.components.items())]
    lines += [f"os={fingerprint.os.release},{fingerprint.os.patch},{fingerprint.os.instance}"]
    shown = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16].upper()
    return "-".join(shown[start : start + 4] for start in range(0, 16, 4))


def exchanged(fingerprint: Fingerprint, parts: Iterable[str]) -> Fingerprint:
    """The same machine with other parts in the place of these: one that it has, or had."""
    others = {name: (other_tag(name),) for name in parts}
    return msgspec.structs.replace(fingerprint, components={**fingerprint.components, **others})


def other_tag(name: str) -> str:
    """A tag that no part of any machine has."""
    return to_base64url(hashlib.sha256(f"planned|{name}".encode()).digest()[:_TAG_BYTES])


def masked(component: Component, beside: Component | None = None) -> tuple[str, ...]:
    """The values with only an end left: enough to tell two parts apart, too little to copy one.

    `beside` is the same component at another time: what differs from it looks different.
    """
    if component.id in _PUBLIC:
        return component.values
    others = {*component.values, *(beside.values if beside else ())}
    return tuple(f"{component.label} {mask(value, others)}".strip() for value in component.values)


def mask(value: str, others: Iterable[str] = ()) -> str:
    """`…4F2A`: four letters or digits, and never more than half of the value.

    Where another value ends in the same ones, as many more as tell the two apart; where their ends
    are the same, the beginning.
    """
    different = {*others} - {value}
    least, most = _shown_length(value), len(value) // 2
    for length in range(least, most + 1):
        if not any(other.endswith(value[-length:]) for other in different):
            return f"…{value[-length:]}"
    for length in range(least, most + 1):
        if not any(other.startswith(value[:length]) for other in different):
            return f"{value[:length]}…"
    return f"…{value[len(value) - min(least, most) :]}"


def explain(
    comparison: Comparison, was: Inventory | None, now: Inventory
) -> tuple[Difference, ...]:
    """The comparison with readable values beside each status.

    `was` is the inventory kept at enrolment; without it (a store rebuilt from the license) the
    statuses still stand and only the old values are missing.
    """
    return tuple(_difference(compared, was, now) for compared in comparison.components)


def _difference(compared: ComponentComparison, was: Inventory | None, now: Inventory) -> Difference:
    before, after = was.component(compared.id) if was else None, now.component(compared.id)
    return Difference(
        id=compared.id,
        status=compared.status,
        weight=compared.weight,
        was=masked(before, after) if before else (),
        now=masked(after, before) if after else (),
    )


def _shown_length(value: str) -> int:
    """How many characters from the end hold four letters or digits; at least one."""
    letters = [place for place, letter in enumerate(reversed(value), 1) if letter.isalnum()]
    return max(1, min([*letters[_SHOWN_LETTERS - 1 : _SHOWN_LETTERS], len(value) // 2]))


def _tag_key(salt: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869) without a salt of its own, one block long."""
    extracted = hmac.digest(bytes(hashlib.sha256().digest_size), salt, "sha256")
    return hmac.digest(extracted, _KEY_INFO + b"\x01", "sha256")


def _tags(key: bytes, component: Component) -> tuple[str, ...]:
    tags = sorted(_tag(key, component.id, value) for value in component.values)
    # A document carries no more of one component. The cut follows the sorted tags, so that whoever
    # compares two lists knows what the other one would hold (`protocol.comparison`).
    return tuple(tags[:MOST_TAGS])


def _optional_tag(key: bytes, name: str, value: str | None) -> str | None:
    return None if value is None else _tag(key, name, value)


def _tag(key: bytes, name: str, value: str) -> str:
    message = _TAG_VERSION + _length_prefixed(name) + _length_prefixed(value)
    return to_base64url(hmac.digest(key, message, "sha256")[:_TAG_BYTES])


def _length_prefixed(text: str) -> bytes:
    """Without the length, moving a letter from name to value would give the same bytes."""
    raw = text.encode()
    return len(raw).to_bytes(4, "big") + raw
