"""How the window speaks, remembered for who sits before it."""

from agent.ui.jobs import Look, Word, Workplace
from agent.ui.wording import Manner


class Remembered(Word, frozen=True):
    """It is written down."""


class Remember(Look, frozen=True):
    """Open the window in this manner the next time."""

    manner: Manner

    def done(self, at: Workplace) -> Remembered:  # noqa: ARG002 - it is the user's, not the home's
        """Do it."""
        from agent.preferences import Preferences, save_preferences

        save_preferences(Preferences(self.manner.language, self.manner.digits))
        return Remembered()
