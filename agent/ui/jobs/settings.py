"""The way to the signing server, and how often it is gone: tried, set up, changed.

What is typed may hold a proxy's password: none of these values shows itself.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from agent.ui.jobs import Word, Workplace

if TYPE_CHECKING:
    from agent.doctor import Finding

# Names and values, as `config set` takes them.
Changes = tuple[tuple[str, str], ...]


class Typed(Word, frozen=True):
    """What stands in the fields."""

    server: str = ""
    proxy: str = ""
    ca_file: str = ""
    check_interval: str = ""

    def __repr__(self) -> str:
        """Show nothing: a proxy's password may be in it."""
        return "Typed(…)"


class Examined(Word, frozen=True):
    """What was found on the way to the signing server, so far."""

    findings: "tuple[Finding, ...]"


class SettingsSaved(Word, frozen=True):
    """They are written down, and count from now on."""


class ExamineServer(Struct, frozen=True):
    """Follow the way to the signing server as it would be; nothing is saved."""

    changes: Changes

    def done(self, at: Workplace) -> Examined:
        """Do it."""
        return _examined(at, self.changes)

    def __repr__(self) -> str:
        """Show nothing: a proxy's password may be in it."""
        return "ExamineServer(…)"


class TrySetUp(Struct, frozen=True):
    """Find out whether a root and a way to the server would do; nothing is saved."""

    changes: Changes
    root: Path | None

    def done(self, at: Workplace) -> Examined:
        """Do it."""
        from agent.choosing import trust_root
        from agent.doctor import examine_root

        return _examined(at, self.changes, examine_root(trust_root(self.root)))

    def __repr__(self) -> str:
        """Show nothing: a proxy's password may be in it."""
        return "TrySetUp(…)"


class SetUp(Struct, frozen=True):
    """Make the home and pin the trust root; without a root, the package's."""

    changes: Changes
    root: Path | None

    def done(self, at: Workplace) -> None:
        """Do it."""
        from agent.bootstrap import set_up
        from agent.choosing import trust_root, wished

        root = trust_root(self.root)
        set_up(at.home, wished(at.home, self.changes), root)

    def __repr__(self) -> str:
        """Show nothing: a proxy's password may be in it."""
        return "SetUp(…)"


class ChangeSettings(Struct, frozen=True):
    """Change what is set, all of it or nothing."""

    changes: Changes

    def done(self, at: Workplace) -> SettingsSaved:
        """Do it."""
        from agent.choosing import change_settings

        change_settings(at.home, self.changes)
        return SettingsSaved()

    def __repr__(self) -> str:
        """Show nothing: a proxy's password may be in it."""
        return "ChangeSettings(…)"


def _examined(at: Workplace, changes: Changes, *found: "Finding") -> Examined:
    """Tell every finding as it comes; who stops waiting keeps those that came."""
    from agent.choosing import wished
    from agent.doctor import examine_server

    settings = wished(at.home, changes)
    told = Examined(found)
    at.say(told)
    for finding in at.patient.each(examine_server(settings)):
        told = Examined((*told.findings, finding))
        at.say(told)
    return told
