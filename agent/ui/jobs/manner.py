"""How the window speaks, remembered for who sits before it."""

from agent.ui.jobs import Workplace, Write
from agent.ui.wording import Manner


class Remember(Write, frozen=True):
    """Open the window in this manner the next time."""

    manner: Manner

    def done(self, at: Workplace) -> None:  # noqa: ARG002 - it is the user's, not the home's
        """Do it."""
        from agent.preferences import load_preferences, save_preferences

        language, digits = self.manner
        save_preferences(load_preferences()._replace(language=language, digits=digits))
