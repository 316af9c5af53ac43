"""Jobs that are carried: a request is given out, its answer is taken in."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, assert_never

from msgspec import Struct, structs

from agent.errors import FileRefused
from agent.ui.jobs import Word, Workplace
from agent.ui.jobs.license import Activate, Check, Reactivate, Release, Withdraw
from protocol.views import StatusView

if TYPE_CHECKING:
    from agent.use_cases import Agent

Wish: TypeAlias = Activate | Reactivate | Release | Check | Withdraw
Pattern = tuple[bytes, ...]


class As(StrEnum):
    """How a request is given out."""

    FILE = "file"
    CODES = "codes"
    TEXT = "text"


class GivenOut(Word, frozen=True):
    """A request that is to be carried now: its parts, and what they look like where that was asked.

    `digits` say its digest over the telephone.
    """

    wish: Wish
    way: As
    digits: str
    file: Path | None
    parts: tuple[str, ...]
    codes: tuple[Pattern, ...]


class GiveOut(Struct, frozen=True):
    """Write a request down and give it out; one that is open already is given out again."""

    wish: Wish
    way: As
    file: Path | None = None

    def done(self, at: Workplace) -> GivenOut:
        """Do it."""
        from agent import qr
        from protocol.codes import spoken
        from protocol.envelope import open_request
        from protocol.parts import split_parts

        if self.way is As.CODES:
            # Before anything is written down, or given back.
            qr.require_available()
        agent = at.agent()
        file = self.file.absolute() if self.file and self.way is As.FILE else None
        self._export(agent, file)
        parts = split_parts(agent.given_out)
        return GivenOut(
            wish=self.wish,
            way=self.way,
            digits=spoken(open_request(agent.given_out).digest),
            file=file,
            parts=parts,
            codes=qr.patterns(parts) if self.way is As.CODES else (),
        )

    def _export(self, agent: "Agent", file: Path | None) -> StatusView:
        match self.wish:
            case Activate(license_key=key, code=code):
                return agent.export_activate(file, key, code)
            case Reactivate():
                return agent.export_activate(file)
            case Release(reason=reason, note=note):
                return agent.export_release(file, reason, note)
            case Check():
                return agent.export_check(file)
            case Withdraw():
                return agent.export_withdraw(file)
            case _:
                assert_never(self.wish)


class ReleaseByHand(Release, frozen=True):
    """Give the license back, and give its proof out to be carried.

    Reviewed and confirmed as any release is.
    """

    way: As
    file: Path | None

    def done(self, at: Workplace) -> GivenOut:  # type: ignore[override]
        """Do it."""
        return GiveOut(Release(self.reason, self.note), self.way, self.file).done(at)


class Incomplete(Word, frozen=True):
    """Parts of an answer whose other parts are still to come; `text` holds those that are here."""

    text: bytes
    total: str
    missing: str


class Midway(Word, frozen=True):
    """How far somebody is who carries: what was begun, what was given out, what came back.

    `part` of what was given out is seen as a code; `taken`: the standing after an answer.
    """

    release: Release | None
    given: GivenOut | None
    part: int | None
    there: Incomplete | None
    taken: StatusView | None


class TakeIn(Struct, frozen=True):
    """Take in an answer: a file, a pasted text, or a picture; with the parts that are here."""

    file: Path | None = None
    pasted: str = ""
    picture: bytes = b""
    earlier: bytes = b""

    def after(self, earlier: bytes) -> "TakeIn":
        """Take the same in, with the parts that were here before."""
        return structs.replace(self, earlier=earlier)

    def done(self, at: Workplace) -> StatusView | Incomplete:
        """Do it; parts that are not all of them are no failure."""
        from protocol.parts import PART_MARK

        text = self._text()
        if self.earlier and PART_MARK.encode() in text:
            text = self.earlier + b"\n" + text
        try:
            return at.agent().import_(text)
        except FileRefused as refusal:
            if refusal.text_code != "parts-missing":
                raise
            parameters = refusal.parameters
            return Incomplete(text, parameters["total"], parameters["numbers"])

    def _text(self) -> bytes:
        from agent.brought import text_of_file, text_of_paste, text_of_picture

        if self.file is not None:
            return text_of_file(self.file)
        if self.picture:
            return text_of_picture(self.picture)
        if not self.pasted.strip():
            raise FileRefused("nothing-pasted")
        return text_of_paste(self.pasted)
