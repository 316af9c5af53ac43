"""An opened signing server: its roots, its signing key, its spool and its clock.

The one value that services are given; no module keeps one.
"""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from protocol.keys import SigningKey
from protocol.trust import Trust
from server_stub.clock import Clock, system_clock
from server_stub.home import Home
from server_stub.licensing import signer
from server_stub.licensing.evidence import EvidenceSpool
from server_stub.licensing.limits import RateLimit
from server_stub.licensing.roots import published


@dataclass(frozen=True, kw_only=True)
class Books:
    """What writing needs that signs nothing: the spool and the clock."""

    evidence: EvidenceSpool
    clock: Clock

    @classmethod
    def of(cls, home: Home, clock: Clock = system_clock) -> "Books":
        """The books of an initialised home; no key is opened.

        Raises:
            NotInitialised: no signing server here.
        """
        home.config()
        return Books(evidence=EvidenceSpool(home.evidence), clock=clock)


class Keyring:
    """The newest published root and the key that signs under it; the same in every thread.

    A rotation needs no restart: whoever finds that the books name a later root catches up.
    """

    def __init__(self, keys: Path, passphrase: bytes | None, clock: Clock) -> None:
        """Open the keys.

        Raises:
            ServerError: a missing passphrase, a damaged key or root.
        """
        self._keys = keys
        self._passphrase = passphrase
        self._clock = clock
        self._lock = threading.Lock()
        self.held = self._open()

    def catch_up(self, version: int) -> None:
        """Hold that root, or a later one.

        Raises:
            ServerError: the key that it names is not here.
        """
        if self.held.trust.root.version < version:
            with self._lock:
                if self.held.trust.root.version < version:
                    self.held = self._open()

    def _open(self) -> "Held":
        trust = published()
        key = signer.document_key(self._keys, trust, self._passphrase, self._clock())
        return Held(trust, key)


class Held(NamedTuple):
    """A root, and a document key of it that is in force."""

    trust: Trust
    document_key: SigningKey


@dataclass(frozen=True, kw_only=True)
class SigningServer(Books):
    """What answering needs; the same in every thread."""

    keyring: Keyring
    by_device: RateLimit
    by_address: RateLimit
    proxies: frozenset[str] = frozenset()

    @classmethod
    def open(
        cls, home: Home, passphrase: bytes | None = None, clock: Clock = system_clock
    ) -> "SigningServer":
        """Open an initialised home.

        Raises:
            ServerError: not initialised, a missing passphrase, a damaged key or root.
        """
        config = home.config()
        return cls(
            keyring=Keyring(home.keys, passphrase, clock),
            evidence=EvidenceSpool(home.evidence),
            clock=clock,
            by_device=RateLimit(config.limits.per_device),
            by_address=RateLimit(config.limits.per_address),
            proxies=frozenset(config.proxies),
        )

    @property
    def trust(self) -> Trust:
        """The newest root that this process holds, with its chain."""
        return self.keyring.held.trust

    @property
    def document_key(self) -> SigningKey:
        """The key that signs now."""
        return self.keyring.held.document_key
