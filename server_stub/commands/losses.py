"""Known losses, as people read them."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from server_stub.commands.shown import Call

if TYPE_CHECKING:
    from server_stub.licensing.losses import Loss


def known_losses(call: Call, losses: Iterable["Loss"]) -> Iterator[str]:
    """A line for each: what is lost, and who declared it when."""
    for loss in losses:
        yield call.say(
            f"known-loss.{loss.kind}",
            first=loss.first,
            last=loss.last,
            entry=loss.declared_in,
            at=call.moment(loss.declared_at),
            by=loss.declared_by,
        )
