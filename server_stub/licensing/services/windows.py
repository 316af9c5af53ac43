"""Change windows: opened by a notice (§3, §5)."""

from protocol import documents
from protocol.documents import Notice
from protocol.problems import RefusalCode
from server_stub.licensing.models import License
from server_stub.licensing.services.order import require_order
from server_stub.licensing.services.refusals import Refused
from server_stub.licensing.services.turn import Outcome, Turn


def open_by_notice(
    turn: Turn, request: Notice, license: License, proof: documents.License
) -> Outcome:
    """Open a window, or say why not.

    Raises:
        Refused: outside the policy.
    """
    del request, license, proof
    device = turn.meet_device()
    require_order(turn, device)
    raise Refused(RefusalCode.WINDOW_SCOPE_UNKNOWN)
