"""The published roots, in the books: the chain that agents walk."""

from pathlib import Path

from protocol.exchange import unpack_roots, walk_roots
from protocol.problems import ProtocolError
from protocol.trust import RootSignatures, Trust
from server_stub.errors import BooksMissing, DocumentInvalid, RootNotSigned, RootsForeign


def advanced(trust: Trust, signatures: RootSignatures) -> Trust:
    """Take the step from one root to the next.

    Raises:
        RootNotSigned: it does not follow by the rules.
    """
    try:
        return trust.advance(signatures)
    except ProtocolError as cause:
        raise RootNotSigned(str(cause), detail=str(cause)) from cause


def read_chain(file: Path) -> tuple[RootSignatures, ...]:
    """Read a chain of roots that somebody kept: `trust export`, or an agent's `roots.jws`.

    Raises:
        DocumentInvalid: it is none.
    """
    try:
        return unpack_roots(file.read_bytes())
    except ProtocolError as cause:
        raise DocumentInvalid(str(cause), file=str(file)) from cause


def continued(trust: Trust, chain: tuple[RootSignatures, ...]) -> Trust:
    """Walk on over the later roots of a chain that somebody kept.

    Raises:
        RootsForeign: it is of another server, or leaves one out.
    """
    try:
        return walk_roots(trust, chain)
    except ProtocolError as cause:
        raise RootsForeign(str(cause), version=str(trust.root.version)) from cause


def published() -> Trust:
    """Walk the server's own roots by the rules that every agent obeys.

    Raises:
        BooksMissing: no root was ever published.
        DocumentInvalid: a root is missing, edited or not signed by its thresholds.
    """
    # The server is named by type where Django is not set up yet.
    from server_stub.licensing.models import Root

    rows = list(Root.objects.order_by("version"))
    if not rows:
        raise BooksMissing("no root")
    try:
        return Trust.follow(tuple(unpack_roots(bytes(row.signatures))[0] for row in rows))
    except ProtocolError as cause:
        raise DocumentInvalid(str(cause), file="roots") from cause
