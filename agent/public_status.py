"""The standing as everyone on this machine may read it: the signed copy in the public folder.

Only who may write there, the administrator, could replace roots, license and copy together; what a
lesser hand changes in one of them is refused.
"""

import msgspec

from agent.config import Home
from agent.errors import DocumentRefused, NotSetUp
from agent.files import translated
from agent.publication import LICENSE_FILE, ROOTS_FILE, STATUS_FILE
from protocol import jws
from protocol.envelope import open_device_document, open_license
from protocol.exchange import unpack_roots
from protocol.keys import PublicKey, device_id
from protocol.problems import ProtocolError, UnknownKey
from protocol.trust import Trust
from protocol.views import StatusCopy

_decoder = msgspec.json.Decoder(StatusCopy)


def read_public_status(home: Home) -> StatusCopy:
    """Read and verify the signed copy; `issued_at` says as of when it holds.

    Raises:
        NotSetUp: there is none.
        AdminRightsNeeded, StoreUnusable: it cannot be read.
        DocumentRefused: it is not genuine, or speaks of another device than the license names.
    """
    raw = _read(home, STATUS_FILE)
    if raw is None:
        raise NotSetUp(path=home.public)
    try:
        copy = _open(raw)
        _require_own_license(home, copy)
    except ProtocolError as cause:
        raise DocumentRefused(cause.code) from cause
    return copy


def _open(raw: bytes) -> StatusCopy:
    key = jws.split(raw, StatusCopy.typ).header.jwk
    if key is None:
        raise UnknownKey("a device's document carries its key")
    signer = device_id(PublicKey(key))
    copy = open_device_document(raw, StatusCopy.typ, signer, _decoder)
    if copy.device != signer:
        raise UnknownKey("signed by another device than it speaks of")
    return copy


def _require_own_license(home: Home, copy: StatusCopy) -> None:
    """Hold the copy against the license document, where one is published."""
    document, roots = _read(home, LICENSE_FILE), _read(home, ROOTS_FILE)
    if document is None or roots is None:
        return
    license = open_license(document, Trust.follow(unpack_roots(roots)))
    if license.device != copy.device:
        raise UnknownKey("the license names another device")


def _read(home: Home, name: str) -> bytes | None:
    path = home.public / name
    with translated(path):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
