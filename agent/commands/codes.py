"""The reactivation code of a release, wherever a command tells it: another server needs it.

Only who asked is told: `status` shows no code, and the timer's `check --quiet` leaves none in a
log.
"""

from pathlib import Path

from agent.commands.session import Result, Session
from agent.files import OWNER_ONLY, translated, write_durably
from agent.layout import table, wrapped
from agent.texts import Texts
from protocol.values import LicenseId, Standing

_GIVEN_BACK = (Standing.RELEASING, Standing.RELEASED)


def with_code(session: Session, result: Result) -> Result:
    """Add the code to what a command shows, where the license was given back."""
    view = result.view
    is_given_back = view is not None and view.standing in _GIVEN_BACK
    code = session.agent.reactivation_code() if is_given_back else None
    return result._replace(
        body={**result.body, "reactivation_code": code},
        lines=lambda: [*result.lines(), *code_lines(session.texts, code)],
    )


def code_lines(texts: Texts, code: str | None) -> list[str]:
    """Say the code and what it is for, if there is one."""
    if code is None:
        return []
    said = texts.gettext("Reactivation code (another server needs it; keep it off this disk):")
    return ["", *wrapped(said), f"    {code}"]


def write_code(folder: Path, license_id: LicenseId, code: str, texts: Texts) -> Path:
    """Write the code where receipts are kept, for its owner alone."""
    rows = [
        (texts.gettext("License number"), texts.latin(license_id)),
        (texts.gettext("Reactivation code"), texts.latin(code)),
    ]
    path = folder / f"reactivation-code-{license_id[:8]}.txt"
    with translated(path):
        readable = "".join(f"{line}\n" for line in table(rows))
        write_durably(path, readable.encode(), OWNER_ONLY)
    return path
