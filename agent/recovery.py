"""The recovery file: who this device is and what it must never forget, sealed by a passphrase.

An operating system installed anew has neither device key nor salt, and without the salt no tag can
be compared; this file brings both back. It never holds the license document: the server gives that,
to the same device, as a new generation (docs/protocol.md §7).

The bytes: a mark with the format's version, the cost of the key (scrypt, RFC 7914: log2 N, r, p),
salt and nonce, then AES-256-GCM over JSON with everything before it as associated data. The cost is
bounded before any key is derived, or a forged file could ask for all memory there is.
"""

import os
import struct
import unicodedata
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from agent.errors import InputInvalid, RecoveryRefused, StoreDamaged
from agent.identity import Identity
from agent.ports import LicenseKey
from protocol.exchange import unpack_roots
from protocol.problems import ProtocolError
from protocol.trust import Trust
from protocol.values import LicenseId, Timestamp

SHORTEST_PASSPHRASE = 12
LARGEST_FILE = 4 * 1024 * 1024
_FAMILY = b"faragostar-man recovery "
_MARK = _FAMILY + b"1\n"
_HEADER = struct.Struct(f"!{len(_MARK)}sBBB16s12s")
_SALT_BYTES = 16
_NONCE_BYTES = 12
_KEY_BYTES = 32
_BLOCKS = 8
# 16 MiB to 1 GiB at that size of block: what this program writes, give or take.
_BOUNDED_LOG_N = range(14, 21)
_BOUNDED_PASSES = range(1, 5)


class Cost(NamedTuple):
    """What one guess at the passphrase costs: 128 · 2^log_n · r bytes, p times."""

    log_n: int = 17
    r: int = _BLOCKS
    p: int = 1

    @property
    def is_bounded(self) -> bool:
        """Whether a forged file asks for no more memory and time than an honest one may."""
        known = self.r == _BLOCKS and self.p in _BOUNDED_PASSES
        return known and self.log_n in _BOUNDED_LOG_N


COST = Cost()


class Recovery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file holds; `license_id` is of the license that was last in use."""

    identity: Identity
    license_id: LicenseId | None
    high_water: dict[LicenseId, int]
    sequence: int
    epoch_seen: int
    receipts: tuple[bytes, ...]
    license_keys: tuple[LicenseKey, ...]
    roots: bytes
    saved_at: Timestamp

    def __repr__(self) -> str:
        """Keep keys out of every traceback and log."""
        return "Recovery(…)"


def require_passphrase(passphrase: str, again: str) -> None:
    """Refuse a passphrase that is guessed soon, or that was not typed the same twice.

    Raises:
        InputInvalid: short, or mistyped: nobody finds out in time that a file cannot be opened.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InputInvalid(problem="passphrase-short", shortest=SHORTEST_PASSPHRASE)
    if again != passphrase:
        raise InputInvalid(problem="passphrase-differs")


def seal(recovery: Recovery, passphrase: str, cost: Cost = COST) -> bytes:
    """Encrypt what the file holds."""
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    header = _HEADER.pack(_MARK, *cost, salt, nonce)
    cipher = AESGCM(_key(passphrase, salt, cost))
    return header + cipher.encrypt(nonce, msgspec.json.encode(recovery), header)


def unseal(raw: bytes, passphrase: str) -> Recovery:
    """Decrypt a recovery file.

    Raises:
        RecoveryRefused: no recovery file, one of a later version; a wrong passphrase or changed
            bytes, which cannot be told apart.
    """
    if not raw.startswith(_MARK):
        newer = raw.startswith(_FAMILY)
        raise RecoveryRefused("recovery-file-newer" if newer else "recovery-file-unknown")
    if not _HEADER.size < len(raw) <= LARGEST_FILE:
        raise RecoveryRefused("recovery-file-refused")
    header, sealed = raw[: _HEADER.size], raw[_HEADER.size :]
    _, log_n, r, p, salt, nonce = _HEADER.unpack(header)
    cost = Cost(log_n, r, p)
    if not cost.is_bounded:
        raise RecoveryRefused("recovery-file-refused")
    try:
        plain = AESGCM(_key(passphrase, salt, cost)).decrypt(nonce, sealed, header)
        return _checked(msgspec.json.decode(plain, type=Recovery))
    except (InvalidTag, msgspec.DecodeError, StoreDamaged, ProtocolError) as cause:
        raise RecoveryRefused("recovery-file-refused") from cause


def _checked(recovery: Recovery) -> Recovery:
    """Believe only a whole identity and a root chain that meets its own thresholds."""
    recovery.identity.require_whole()
    _ = recovery.identity.device_key  # to ask for it is to check that it is the key of that name
    Trust.follow(unpack_roots(recovery.roots))
    return recovery


def _key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    # One spelling of what two keyboards compose differently.
    secret = unicodedata.normalize("NFC", passphrase).encode()
    derive = Scrypt(salt=salt, length=_KEY_BYTES, n=1 << cost.log_n, r=cost.r, p=cost.p)
    return derive.derive(secret)
