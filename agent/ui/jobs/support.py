"""What support asks for: everything examined, and packed only when somebody has read it."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from agent.ui.jobs import Word, Workplace
from agent.ui.jobs.shelves import Saved, saved

if TYPE_CHECKING:
    from agent.diagnosis import BundleFile
    from agent.doctor import Finding


class Examination(Word, frozen=True):
    """What was found so far; the texts of the bundle are there when nothing more comes."""

    findings: "tuple[Finding, ...]" = ()
    files: "tuple[BundleFile, ...]" = ()


class Examine(Struct, frozen=True):
    """Look at everything that the license depends on; whoever stops waiting keeps what came."""

    def done(self, at: Workplace) -> Examination:
        """Do it."""
        from agent.diagnosis import bundle_of
        from agent.doctor import examine

        found = Examination()
        for finding in at.patient.each(examine(at.home)):
            found = Examination((*found.findings, finding))
            at.say(found)
        return Examination(found.findings, bundle_of(found.findings, at.agent, at.texts))


class ChallengeAnswered(Word, frozen=True):
    """A challenge code and its answer, as they are read over the phone."""

    code: str
    answer: str


class Respond(Struct, frozen=True):
    """Answer a challenge code; nothing is written or sent."""

    code: str

    def done(self, at: Workplace) -> ChallengeAnswered:
        """Do it."""
        found = at.agent().respond(self.code)
        return ChallengeAnswered(found.code, found.answer)


class SaveBundle(Struct, frozen=True):
    """Write what was shown, and nothing else."""

    path: Path
    files: "tuple[BundleFile, ...]"

    def done(self, at: Workplace) -> Saved:
        """Do it."""
        from agent.diagnosis import write_bundle

        write_bundle(self.path, self.files)
        return saved(self.path, at)
