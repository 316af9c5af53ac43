"""Contests: a former key was seen to run on beside its heir, and people decide who goes on (§5).

A key that was copied has several homes. A contest is about those that run: what another home of
the key asks, takes back or gives up neither ends it nor uses what was decided.
"""

from protocol import documents
from protocol.documents import Activate, Release, Withdraw
from protocol.envelope import open_request
from protocol.problems import RefusalCode
from protocol.values import CaseKind, CaseState, Digest
from server_stub.licensing import fingerprints
from server_stub.licensing.models import Binding, Case, Device, Exchange, License
from server_stub.licensing.models.decisions import IS_CONTEST, WAITS
from server_stub.licensing.services import cases
from server_stub.licensing.services.cases import LiveCases
from server_stub.licensing.services.order import suspect
from server_stub.licensing.services.papers import SignedPaper
from server_stub.licensing.services.refusals import Refused
from server_stub.licensing.services.turn import Turn

# So many proofs of one key are kept apart; after them, each of its proofs is for people to decide.
MOST_PROOFS = 8
# So many homes of one key, each heard to run, are kept apart; more are never told from each other.
MOST_HOMES = 4
# So many answers an honest home hears between a check-in and the proof that follows it. Each costs
# a signature, under the one lock there is.
FURTHEST = 12

_BY_A_HOME = "a home that runs"


def contest_of(license: License, device: Device) -> Case | None:
    """The case that waits because this former key was seen to run on beside its heir."""
    waiting = license.cases.filter(WAITS, IS_CONTEST, device=device, generation=license.generation)
    return waiting.first()


def open_contest(turn: Turn, renewed: Binding, device: Device) -> None:
    """Have people decide between a former key that runs and its heir.

    Whoever approved anything of this license before did not know that a home runs: no approval that
    is not used yet counts any more, whose ever it is. A case of that key that waits already becomes
    this one, for a key has one; a proof that met it waits for what people decide now.
    """
    live = LiveCases.of(renewed.license, device)
    approval, waiting = live.approval, live.open
    met = [case.evidence.get("reactivation_code") for case in (waiting, approval) if case]
    evidence: dict[str, object] = {
        "generation": renewed.generation,
        "renewed_as": device.renewed_as_id,
        "heard": [turn.acknowledged],
        "proofs_met": [code for code in met if code],
    }
    for case in live.cases:
        if case.evidence.get("handed_over_by") == device.device_id:
            # Who runs on is told of no new key, and would never take it up; others may ask anew.
            cases.cancel(turn, case, _BY_A_HOME)
        else:
            cases.undecide(turn, case, _BY_A_HOME)
    if waiting is not None:
        cases.turn_into(turn, waiting, CaseKind.FORK, evidence)
    else:
        cases.ensure(turn, live, CaseKind.FORK, evidence)


def hear(turn: Turn, contest: Case, device: Device) -> None:
    """Keep what the home that contests has heard: by that its proof is known from another one's."""
    heard: list[int] = contest.evidence.get("heard", [])
    if turn.acknowledged in heard:
        return
    before = _home_of(turn.request.last_answer, contest, device)
    others = [index for index in heard if index != before]
    # One more than can be told apart says that there are too many.
    contest.evidence["heard"] = [*others, turn.acknowledged][: MOST_HOMES + 1]
    contest.save(update_fields=["evidence"])


def is_given_up(request: Release, license: License, device: Device) -> bool:
    """Whether a former key's proof comes from a home that contests its heir's binding.

    Each home may give back. The one that renewed the key and lost the answer never heard what the
    one that contests has heard since, and what it signs next leads back to none of it. Sequences
    say nothing: the homes count apart.
    """
    contest = contest_of(license, device)
    return contest is not None and _home_of(request.last_answer, contest, device) is not None


def give_up(
    turn: Turn, request: Release | Withdraw, contest: Case, device: Device, *, by: str
) -> None:
    """End the contest with the last home that contests; a request of another one ends none."""
    home = _home_of(request.last_answer, contest, device)
    others = [index for index in contest.evidence.get("heard", []) if index != home]
    if home is None:
        return
    if not others:
        cases.take_back(turn, contest.license, device, by=by)
        return
    contest.evidence["heard"] = others
    contest.save(update_fields=["evidence"])


def withdraw(turn: Turn, request: Withdraw, license: License, device: Device) -> None:
    """End what a device waits for; a contest only as a proof would."""
    contest = contest_of(license, device)
    if contest is not None:
        give_up(turn, request, contest, device, by="withdrawal")
    cases.take_back(turn, license, device, by="withdrawal", besides=contest)


def require_its_home(
    turn: Turn, request: Activate, shown: SignedPaper | None, contest: Case, device: Device
) -> None:
    """Refuse a home of the key that is not seen to contest: it asks under a key of its own.

    The home that runs shows its document. What was decided for it may be used, too, by the machine
    that its binding was enrolled with, for it may have lost the document since.

    Raises:
        Refused: another home of the key.
    """
    shows_it = (
        isinstance(shown, documents.License)
        and shown.device == device.device_id
        and shown.generation == contest.evidence["generation"]
    )
    if shows_it or (contest.state == CaseState.APPROVED.value and _matches(request, contest)):
        return
    suspect(turn, device)
    raise Refused(RefusalCode.KEY_RENEWAL_NEEDED)


def is_decided_for(license: License, former: Device, case_id: int | None) -> bool:
    """Whether this key asks by what people decided for it against its heir.

    It has handed over, and can hand over to nobody else: told to renew first, it never could.
    """
    contest = contest_of(license, former)
    if contest is None or contest.pk != case_id:
        return False
    return contest.state == CaseState.APPROVED.value


def note_proof(contest: Case, code_hash: Digest) -> None:
    """Keep in a contest which proofs wait for it: what frees nothing now frees nothing unasked."""
    met = contest.evidence.get("proofs_met", [])
    if code_hash not in met and len(met) < MOST_PROOFS:
        contest.evidence["proofs_met"] = [*met, code_hash]
        contest.save(update_fields=["evidence"])


def has_met_contest(license: License, device: Device, code_hash: Digest) -> bool:
    """Whether this proof, under whatever sequence, was answered with a contest of its key.

    Or may have been, where there were more than are kept apart.
    """
    contests = Case.objects.filter(license=license, device=device, evidence__has_key="proofs_met")
    proofs = [contest.evidence["proofs_met"] for contest in contests]
    return any(code_hash in met or len(met) >= MOST_PROOFS for met in proofs)


def _home_of(last_answer: Digest | None, contest: Case, device: Device) -> int | None:
    """Of which contesting home a request is, by the newest answer known of that home."""
    heard: list[int] = contest.evidence.get("heard", [])
    if not heard or len(heard) > MOST_HOMES:
        return None
    known = _answered_with(device, last_answer)
    for _ in range(FURTHEST):
        if known is None or known.audit_id <= min(heard) or known.audit_id in heard:
            break
        known = _answered_with(device, open_request(bytes(known.request)).request.last_answer)
    return known.audit_id if known is not None and known.audit_id in heard else None


def _answered_with(device: Device, answer: Digest | None) -> Exchange | None:
    if answer is None:
        return None
    return Exchange.objects.filter(device=device, answer_digest=answer).first()


def _matches(request: Activate, contest: Case) -> bool:
    binding = Binding.objects.get(
        license_id=contest.license_id, generation=contest.evidence["generation"]
    )
    policy = fingerprints.read_policy(contest.license.policy)
    enrolment = fingerprints.enrolment_of(binding)
    told = fingerprints.compare_with(enrolment, request.fingerprint, policy)
    return told.verdict in fingerprints.THE_SAME_MACHINE
