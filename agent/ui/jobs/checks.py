"""What should be seen to before the license is given back; none of it holds anybody up."""

from typing import TYPE_CHECKING

from agent.ui.jobs import Look, Word, Workplace
from agent.ui.jobs.license import Release

if TYPE_CHECKING:
    from agent.doctor import Finding


class Prepared(Word, frozen=True):
    """A release that is to be confirmed, and what its checks left open, by name."""

    release: Release
    left_open: tuple[str, ...] = ()


class WayFound(Word, frozen=True):
    """What was found on the way to the signing server, so far; `is_whole`: nothing more comes."""

    findings: "tuple[Finding, ...]" = ()
    is_whole: bool = False


class FindWay(Look, frozen=True):
    """Follow the way to the signing server."""

    def done(self, at: Workplace) -> WayFound:
        """Do it."""
        from agent.config import load_settings
        from agent.doctor import examine_server

        found = WayFound()
        for finding in at.patient.each(examine_server(load_settings(at.home))):
            found = WayFound((*found.findings, finding))
            at.say(found)
        return WayFound(found.findings, is_whole=True)
