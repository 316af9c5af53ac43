"""Hold: after a restore that lost something, who holds a license is asked before it is bound (§5).

A license document that the server signed proves more than books that forgot it: its device is
believed, whatever the books say of an earlier generation.
"""

from django.db.models import QuerySet

from protocol import documents
from protocol.documents import CheckIn, Notice, Request
from protocol.encoding import canonical
from server_stub.denials import NotOnHold, SecondPersonNeeded
from server_stub.errors import NotFound
from server_stub.licensing.audit import Fact
from server_stub.licensing.models import Binding, Case, License
from server_stub.licensing.models.decisions import WAITS, Role
from server_stub.licensing.models.licenses import BindingState
from server_stub.licensing.server import Books
from server_stub.licensing.services import cases
from server_stub.licensing.services.acts import acting
from server_stub.licensing.services.binding import active_binding, end_binding
from server_stub.licensing.services.people import require_role
from server_stub.licensing.services.turn import Turn

# What was bound and forgotten took numbers that nobody knows; none is given twice.
GENERATIONS_SKIPPED = 1000


def learn(turn: Turn, license: License, proof: documents.License) -> None:
    """Take up a binding that the server signed and lost: later than the newest it knows."""
    document = getattr(turn.request, "license", None)
    if proof.generation <= license.generation or not isinstance(document, str):
        return
    device = turn.meet_device()
    if turn.is_new_device:
        # The binding names it, and whatever the request does next may read it.
        device.save(force_insert=True)
    if (current := active_binding(license)) is not None:
        end_binding(turn, current, BindingState.MOVED)
    turn.journal.record(
        "binding-made",
        license=license.license_id,
        device=proof.device,
        facts={"generation": proof.generation, "learnt": True},
    )
    license.generation = proof.generation
    license.reactivation_hash, license.released_drifted = "", False
    license.last_device_id = proof.device
    license.save()
    Binding.objects.create(
        license=license,
        generation=proof.generation,
        device_id=proof.device,
        # Of the request that made it nothing is known but that it came before this one, and this
        # device got its answer: what it asked or gave back before is about an older one.
        sequence=turn.request.sequence,
        in_use_sequence=turn.request.sequence if _shows_use(turn.request) else 0,
        document=document.encode(),
        fingerprint=canonical(proof.fingerprint),
        baseline=canonical(proof.baseline or proof.fingerprint),
        created_at=proof.server_time,
    )


def _shows_use(request: Request) -> bool:
    """Whether the document that it brings runs; a proof brings one that is destroyed."""
    match request:
        case CheckIn(standing=standing):
            return standing.holds_document
        case Notice():
            return True
        case _:
            return False


def end_by_check_in(turn: Turn, license: License) -> None:
    """The machine that the license is bound to has shown it in use.

    It must have heard of the new epoch: what it said before the restore may be overtaken by what
    was lost (the model `hold-ended-by-a-late-check-in`).
    """
    if license.hold and turn.request.epoch_seen >= turn.journal.state.epoch:
        _decide_anew(turn, license)
        _end(license)
        turn.journal.record("hold-ended", license=license.license_id, device=turn.signed.device)


def end_by_staff(books: Books, license_id: str, by: str, reason: str) -> bool:
    """End a hold on the word of two supervisors; whether it is ended now.

    Raises:
        NotFound, RoleNeeded: no supervisor of that name, or no such license.
        NotOnHold: there is no hold to end.
        SecondPersonNeeded: the same supervisor again.
    """
    with acting(books) as act:
        require_role(by, Role.SUPERVISOR)
        license = License.objects.filter(pk=license_id).first()
        if license is None:
            raise NotFound(license_id, name=license_id)
        if not license.hold:
            raise NotOnHold(license_id, name=license.support_code)
        if license.hold_first_by == by:
            raise SecondPersonNeeded(by, name=by)
        facts: dict[str, Fact] = {"by": by, "reason": reason}
        if not license.hold_first_by:
            license.hold_first_by = by
            license.save(update_fields=["hold_first_by"])
            act.record("hold-end-asked", license=license_id, facts=facts)
            return False
        act.record(
            "hold-ended", license=license_id, facts={**facts, "first": license.hold_first_by}
        )
        _end(license)
        return True


def _decide_anew(turn: Turn, license: License) -> None:
    """Take back what was approved against the machine that has just been heard.

    Its word may have been taken back, or carried out, in what was lost. Not a contest: who decided
    that knew of both homes.
    """
    for case in _live(license).exclude(device=turn.signed.device):
        if not case.is_contest:
            cases.undecide(turn, case, "the end of a hold")


def _end(license: License) -> None:
    """Nothing is bound by it: whatever waits for people, or for its device, goes on waiting."""
    waiting = list(_live(license))
    license.hold, license.hold_first_by = False, ""
    license.generation += GENERATIONS_SKIPPED
    license.save()
    for case in waiting:
        case.generation = license.generation
        case.save(update_fields=["generation"])


def _live(license: License) -> "QuerySet[Case]":
    return license.cases.filter(WAITS, generation=license.generation)
