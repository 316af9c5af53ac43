"""An opened signing server: its trust, its signing key, its spool and its clock.

The one value that services are given; no module keeps one.
"""

from dataclasses import dataclass

from protocol.keys import SigningKey
from protocol.trust import Trust
from server_stub.clock import Clock, system_clock
from server_stub.home import Home
from server_stub.licensing import signer
from server_stub.licensing.evidence import EvidenceSpool
from server_stub.licensing.limits import RateLimit


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


@dataclass(frozen=True, kw_only=True)
class SigningServer(Books):
    """What answering needs; the same in every thread."""

    trust: Trust
    document_key: SigningKey
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
        trust = home.trust()
        return cls(
            trust=trust,
            document_key=signer.document_key(home.keys, trust, passphrase, clock()),
            evidence=EvidenceSpool(home.evidence),
            clock=clock,
            by_device=RateLimit(config.limits.per_device),
            by_address=RateLimit(config.limits.per_address),
            proxies=frozenset(config.proxies),
        )
