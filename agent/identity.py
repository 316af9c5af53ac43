"""Who this machine is: its device key, agreement key and fingerprint salt.

Kept in a file of its own beside the store: a damaged or restored store then still asks with the
same device key, and the salt still makes the tags that the license names. A device key that was
copied is renewed (docs/protocol.md §5, fork): its successor lies beside it until the license
document names it.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from agent.errors import NotSetUp, StoreDamaged
from agent.files import OWNER_ONLY, remove_durably, translated, write_durably
from protocol.encoding import to_base64url
from protocol.keys import Ed25519Key, device_id
from protocol.values import DeviceId, Timestamp

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_SEED_BYTES = 32


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """The machine's secrets, never shown, never sent; and its name, the key's thumbprint.

    The name is kept beside the key, so that a command that signs nothing need not load the key.
    """

    device: DeviceId
    device_seed: bytes
    agreement_seed: bytes
    salt: bytes

    def __repr__(self) -> str:
        """Keep seeds out of every traceback and log."""
        return "Identity(…)"

    def require_whole(self) -> None:
        """Refuse secrets of another length.

        Raises:
            StoreDamaged: this is not what was saved.
        """
        secrets = (self.device_seed, self.agreement_seed, self.salt)
        if any(len(secret) != _SEED_BYTES for secret in secrets):
            raise StoreDamaged(path="identity")

    @cached_property
    def device_key(self) -> Ed25519Key:
        """The key that signs this device's requests and papers.

        Raises:
            StoreDamaged: it is not the key of this name.
        """
        key = Ed25519Key(self.device_seed)
        if device_id(key.public) != self.device:
            raise StoreDamaged(path="identity")
        return key

    @cached_property
    def agreement_secret(self) -> "X25519PrivateKey":
        """The key that challenge codes are agreed with (docs/protocol.md §10)."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        return X25519PrivateKey.from_private_bytes(self.agreement_seed)

    @property
    def agreement_key(self) -> str:
        """Its public half, as every `activate` tells it."""
        return to_base64url(self.agreement_secret.public_key().public_bytes_raw())


def new_identity() -> Identity:
    """Draw fresh secrets from the operating system."""
    device_seed = os.urandom(_SEED_BYTES)
    return Identity(
        device=device_id(Ed25519Key(device_seed).public),
        device_seed=device_seed,
        agreement_seed=os.urandom(_SEED_BYTES),
        salt=os.urandom(_SEED_BYTES),
    )


class Keys:
    """The identity of this machine, and the one that is to take its place, if there is one.

    Which of the two counts is the store's word: the device that the installed document names. So
    every step that signs asks again, under the store's lock (`renew`, `settle`).

    Raises:
        NotSetUp, StoreDamaged, AdminRightsNeeded, StoreUnusable: as `load_identity`.
    """

    def __init__(self, path: Path) -> None:
        """`path` is the identity file's."""
        self._path = path
        self.refresh()

    def refresh(self) -> None:
        """Read again what another process may have renewed."""
        self.identity = load_identity(self._path)
        beside = load_identity(self._beside) if self._beside.exists() else None
        # One with another salt was drawn for an identity that is lost since.
        is_ours = beside is not None and beside.salt == self.identity.salt
        self.successor = beside if is_ours else None

    def __contains__(self, device: object) -> bool:
        """Whether this machine signs as that device, or is about to."""
        if device not in self._devices():
            self.refresh()
        return device in self._devices()

    def renew(self) -> Identity:
        """Return the successor, durable before anything speaks of it; the salt stays its own.

        The copy of this machine knows the salt too; but without it no tag could be compared.
        """
        if self.successor is None:
            self.successor = replace(new_identity(), salt=self.identity.salt)
            save_identity(self._beside, self.successor)
        return self.successor

    def settle(self, device: DeviceId) -> None:
        """Let the successor take the identity's place once the license names it."""
        if self.successor is None or self.successor.device != device:
            return
        save_identity(self._path, self.successor)
        # A crash before this leaves the same identity twice, which is settled again.
        remove_durably(self._beside)
        self.refresh()

    def abandon(self, device: DeviceId) -> None:
        """Forget a successor that must be renewed itself, so that another one is drawn.

        It was copied with its home. A key that the license names is nobody's successor any more.
        """
        if self.successor is not None and self.successor.device == device:
            remove_durably(self._beside)
            self.refresh()

    def replace(self, identity: Identity, at: Timestamp) -> None:
        """Be another device from now on; the former identity is kept, whole, under another name.

        It may still be the one that a license was bound to. A successor of the former goes first:
        it has another salt.
        """
        if identity.device == self.identity.device:
            return
        remove_durably(self._beside)
        save_identity(self._path.with_name(f"{self._path.name}.replaced-{at}"), self.identity)
        save_identity(self._path, identity)
        self.refresh()

    @property
    def _beside(self) -> Path:
        return self._path.with_name("successor.json")

    def _devices(self) -> tuple[DeviceId, ...]:
        known = (self.identity, self.successor)
        return tuple(identity.device for identity in known if identity is not None)


def load_identity(path: Path) -> Identity:
    """Read an identity file.

    Raises:
        NotSetUp: there is none.
        StoreDamaged: it is not what `save_identity` wrote.
        AdminRightsNeeded, StoreUnusable: it cannot be read.
    """
    with translated(path):
        try:
            raw = path.read_bytes()
        except FileNotFoundError as cause:
            raise NotSetUp(path=path) from cause
    try:
        identity = msgspec.json.decode(raw, type=Identity)
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        raise StoreDamaged(path=path) from cause
    identity.require_whole()
    return identity


def save_identity(path: Path, identity: Identity) -> None:
    """Write the identity, whole or not at all, for its owner's eyes only."""
    write_durably(path, msgspec.json.encode(identity), OWNER_ONLY)
