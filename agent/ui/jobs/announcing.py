"""An announcement that was read is shown to this user no more."""

from agent.ui.jobs import Workplace, Write


class Dismiss(Write, frozen=True):
    """Remember that it was read."""

    key: str

    def done(self, at: Workplace) -> None:  # noqa: ARG002 - it is the user's, not the home's
        """Do it."""
        from agent.preferences import load_preferences, save_preferences

        liked = load_preferences()
        if self.key not in liked.dismissed:
            save_preferences(liked._replace(dismissed=(*liked.dismissed, self.key)))
