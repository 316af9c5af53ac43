"""What plans stand on: read once and quietly, so that every tick is judged at once."""

from typing import TYPE_CHECKING

from agent.ui.jobs import Look, Word, Workplace

if TYPE_CHECKING:
    from agent.planning import Ground
    from protocol.windows import Change


class GroundRead(Word, frozen=True):
    """The enrolled machine and the machine as it is now."""

    ground: "Ground"

    def __repr__(self) -> str:
        """Show no serial of the machine."""
        return "GroundRead()"


class ReadGround(Look, frozen=True):
    """Read it; where nothing is set up, this machine by itself."""

    def done(self, at: Workplace) -> GroundRead:
        """Do it."""
        from agent.bootstrap import ground_of_this_machine
        from agent.errors import NotSetUp

        try:
            agent = at.agent()
        except NotSetUp:
            return GroundRead(ground_of_this_machine())
        return GroundRead(agent.ground())


class Planned(Word, frozen=True):
    """What somebody is going to change: handed from the plan to what comes next."""

    changes: "tuple[Change, ...]"
