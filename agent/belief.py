"""What of the store is believed: the root chain, and the license document under it.

Nothing in the store is used before it is verified, or is the very bytes that were. A document must
name this device: the store of another machine is not this one's memory (docs/protocol.md §6, I2).
"""

import hashlib
from collections.abc import Callable, Container
from contextlib import suppress
from typing import NamedTuple

from agent.errors import StoreDamaged
from agent.ports import PaperKind, Reading, Transaction
from protocol.documents import AnyAnswer, License, Request
from protocol.envelope import open_answer, open_license, open_request, reopen_license
from protocol.exchange import pack_roots
from protocol.problems import KeyOutOfDates, KeyRetired, KeyRevoked, ProtocolError, UnknownKey
from protocol.trust import RootSignatures, Trust
from protocol.values import DeviceId, LicenseId, Timestamp
from protocol.views import LastLicenseView

Devices = Container[DeviceId]
BELIEVED_NO_MORE = (KeyRevoked, KeyRetired, KeyOutOfDates, UnknownKey)
"""What is said of a document that an earlier root may have believed."""


class Told(NamedTuple):
    """What was said to the vendor and answered, and when that was heard, by this clock."""

    request: Request
    answer: AnyAnswer
    at: Timestamp


def trust_in(memory: Reading) -> Trust:
    """Walk the stored root chain.

    Raises:
        StoreDamaged: no root is pinned: a store that was begun and never finished; or the chain is
            not what was verified when it was stored.
    """
    try:
        return Trust.follow(memory.roots)
    except ProtocolError as cause:
        raise StoreDamaged(path="root") from cause


def license_in(memory: Reading, devices: Devices) -> License | None:
    """Open the installed license document; None when its key is believed no more (§2).

    Raises:
        StoreDamaged: it is not what was verified when it was installed, or it names none of
            `devices`; or as `trust_in`.
    """
    trust, document = trust_in(memory), memory.license_document
    return _opened(document, trust, devices, open_license) if document else None


def remembered_license_in(memory: Reading, devices: Devices) -> License | None:
    """Open the installed license document as `verify` did, when it still is the same.

    The store that says so is the one that says which root to trust: whoever could write there could
    have pinned a root of his own. So checking the signatures at every look would add nothing but
    time, and a command that only looks needs no cryptography.

    Raises:
        StoreDamaged: as `license_in`.
    """
    document, roots = memory.license_document, memory.roots
    if document is None or memory.believed != _digest(document, roots):
        return license_in(memory, devices)
    return _opened(document, Trust.remembered(roots), devices, reopen_license)


def last_license_in(memory: Reading) -> LastLicenseView | None:
    """What support asks for, of the license that was here last: its papers outlive the document.

    Told to people, and nothing is decided by it: the word of a key that was revoked since will do.
    """
    license_id = memory.state.license_id
    if license_id is None:
        return None
    return LastLicenseView(id=license_id, support_code=_support_code(memory, license_id))


def _support_code(memory: Reading, license_id: LicenseId) -> str | None:
    roots = memory.roots
    for paper in reversed(memory.papers(PaperKind.LICENSE)):
        for length in reversed(range(1, len(roots) + 1)):
            with suppress(ProtocolError):
                license = reopen_license(paper.raw, Trust.remembered(roots[:length]))
                if license.license_id == license_id:
                    return license.support_code
    return None


def verify(tx: Transaction, devices: Devices) -> License | None:
    """Open the license document as `license_in`, and keep the word that it was verified.

    Raises:
        StoreDamaged: as `license_in`.
    """
    license, document = license_in(tx, devices), tx.license_document
    if license is not None and document is not None:
        digest = _digest(document, tx.roots)
        if tx.believed != digest:
            tx.believe(digest)
    return license


def told_in(memory: Reading) -> Told | None:
    """Open what the vendor answered last; None where nothing, or it is believed no more.

    Raises:
        StoreDamaged: as `trust_in`, or it is not what was stored.
    """
    stored = memory.newest_answer()
    if stored is None:
        return None
    try:
        request = open_request(stored.request).request
        return Told(request, open_answer(stored.answer, trust_in(memory)), stored.answered_at)
    except BELIEVED_NO_MORE:
        return None
    except ProtocolError as cause:
        raise StoreDamaged(path="journal") from cause


def _opened(
    document: bytes, trust: Trust, devices: Devices, opened: Callable[[bytes, Trust], License]
) -> License | None:
    try:
        license = opened(document, trust)
    except BELIEVED_NO_MORE:
        return None
    except ProtocolError as cause:
        raise StoreDamaged(path="license") from cause
    if license.device not in devices:
        raise StoreDamaged(path="license")
    return license


def _digest(document: bytes, roots: tuple[RootSignatures, ...]) -> bytes:
    return hashlib.sha256(pack_roots(roots) + document).digest()
