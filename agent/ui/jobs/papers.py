"""What must be off this disk before the change: receipt, proof, and one readable page.

An operating system installed anew takes the store with it; these are what brings the license back.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from agent.files import EVERYONE_ENTERS, OWNER_ONLY, named_file, write_over
from agent.layout import table, wrapped
from agent.ports import StoredPaper
from agent.texts import PORTAL, SUPPORT_PHONE
from agent.ui.jobs import Workplace
from agent.ui.jobs.shelves import Saved, saved
from agent.ui.wording import WindowTexts
from protocol.values import LicenseId

if TYPE_CHECKING:
    from agent.use_cases import Agent


class KeepPapers(Struct, frozen=True):
    """Write receipt, proof and reactivation code into a folder."""

    folder: Path

    def done(self, at: Workplace) -> Saved:
        """Do it."""
        folder = self.folder
        with named_file(folder):
            folder.mkdir(mode=EVERYONE_ENTERS, parents=True, exist_ok=True)
            for name, content in papers_of(at.agent(), at.texts):
                write_over(folder / name, content, OWNER_ONLY)
        return saved(folder, at)


class LeavePapers(Struct, frozen=True):
    """Finish without the papers off this disk, and write down why."""

    reason: str

    def done(self, at: Workplace) -> None:
        """Do it."""
        at.agent().note_papers_not_saved(self.reason)


def papers_of(agent: "Agent", texts: WindowTexts) -> Iterator[tuple[str, bytes]]:
    """Yield file names and contents, of the license that was given back last."""
    license_id = agent.license_id() or LicenseId("")
    receipts = [paper for paper in agent.receipts() if paper.license_id == license_id]
    short = license_id[:8]
    if receipts:
        last = receipts[-1]
        yield f"receipt-{short}-{last.generation}.jws", last.raw
    if (proof := agent.proof()) is not None:
        yield f"release-{short}-{agent.status().generation}.jws", proof
    page = _page(agent, license_id, receipts[-1] if receipts else None, texts)
    yield f"after-the-change-{short}.txt", "".join(f"{line}\n" for line in page).encode()


def _page(
    agent: "Agent", license_id: LicenseId, receipt: StoredPaper | None, texts: WindowTexts
) -> list[str]:
    rows = [(texts.gettext("License number"), texts.latin(license_id))]
    if receipt is not None:
        rows += [
            (texts.gettext("Generation"), texts.number(receipt.generation)),
            (texts.gettext("Received here"), texts.moment(receipt.stored_at)),
            (texts.gettext("Digest"), texts.latin(receipt.digest)),
        ]
    if (code := agent.reactivation_code()) is not None:
        rows.append((texts.gettext("Reactivation code"), texts.latin(code)))
    rows += [
        (texts.gettext("Support"), texts.latin(texts.number(SUPPORT_PHONE))),
        (texts.gettext("Customer portal"), texts.latin(PORTAL)),
    ]
    headline = agent.status().messages[0]
    return [
        texts.text(headline.code, headline.parameters),
        "",
        *table(rows),
        "",
        *wrapped(texts.advice("standing-released")),
    ]
