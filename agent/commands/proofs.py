"""Where the proof of a release lies: a command that ends without its receipt keeps it in a file."""

from pathlib import Path

from agent.commands.session import Session
from agent.files import OWNER_ONLY, OWNER_ONLY_FOLDER, make_folder, write_durably
from agent.layout import wrapped
from agent.texts import Texts
from protocol.values import LicenseId, Standing
from protocol.views import StatusView


def keep_proof(session: Session, view: StatusView) -> Path | None:
    """Put the proof where it can be carried from; it is valid for ever."""
    proof = session.agent.proof()
    if proof is None:
        return None
    path = _place(session, session.agent.license_id() or LicenseId(""), view)
    make_folder(path.parent, OWNER_ONLY_FOLDER)
    write_durably(path, proof, OWNER_ONLY)
    return path


def kept_proof(session: Session, view: StatusView) -> Path | None:
    """Find the proof that still waits for its receipt, where a release left it."""
    if view.standing is not Standing.RELEASING or not view.last_license:
        return None
    path = _place(session, view.last_license.id, view)
    return path if path.is_file() else None


def proof_lines(texts: Texts, proof: Path | None) -> list[str]:
    """Say where it lies."""
    if proof is None:
        return []
    return wrapped(texts.gettext("The proof of the release lies in {path}", path=proof))


def _place(session: Session, license_id: LicenseId, view: StatusView) -> Path:
    return session.home.private / "outbox" / f"release-{license_id[:8]}-{view.generation}.jws"
