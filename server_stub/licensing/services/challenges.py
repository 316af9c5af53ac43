"""Challenges: support has a machine prove its state over the phone (docs/protocol.md §10).

A challenge is written down when it is asked, when it is answered and when it failed, and changes
nothing else: it binds, frees and decides nothing.
"""

import hmac
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db.models import QuerySet

from protocol import challenge
from protocol.challenge import DriftClass, MachineState
from protocol.problems import CodeMistyped, MalformedEnvelope
from protocol.values import LicenseId, Standing
from server_stub.denials import (
    AnswerIncomplete,
    AnswerMistyped,
    AnswerWrong,
    ChallengeExpired,
    ChallengeSpent,
    ChallengeUsed,
    NeverBound,
)
from server_stub.errors import NotFound
from server_stub.licensing.audit import Journal
from server_stub.licensing.models import Binding, Challenge, License
from server_stub.licensing.models.decisions import Role
from server_stub.licensing.models.licenses import BindingState
from server_stub.licensing.server import Books
from server_stub.licensing.services.acts import acting
from server_stub.licensing.services.people import require_role

LIFETIME_SECONDS = 15 * 60
MOST_TRIES = 5
# Of so many bindings an answer is recognised: each more would make a guess likelier.
NEWEST_BINDINGS = 8
# What a machine with a license can be in. Only a document can be compared with.
_STATES: tuple[tuple[Standing, DriftClass], ...] = (
    *((Standing.ACTIVE, drift) for drift in DriftClass),
    *((Standing.DRIFTED, drift) for drift in DriftClass),
    (Standing.ACTIVATING, DriftClass.NOT_COMPARED),
    (Standing.RELEASING, DriftClass.NOT_COMPARED),
    (Standing.RELEASED, DriftClass.NOT_COMPARED),
    (Standing.SUPERSEDED, DriftClass.NOT_COMPARED),
)


class InBooks(Enum):
    """What the books say of the generation that a machine proved to be at."""

    BOUND = "bound"
    # To the same machine, which has not heard of it.
    BOUND_ANEW = "bound-anew"
    ENDED = "ended"


class Asked(NamedTuple):
    """A challenge, and the machine that held the license last."""

    row: Challenge
    binding: Binding


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody heard on the phone, as it was typed."""

    code: str
    digits: str
    by: str


class Proved(NamedTuple):
    """Whose answer it was: the state, the binding that it speaks of, and what the books say."""

    row: Challenge
    state: MachineState
    binding: Binding
    in_books: InBooks


class _Candidate(NamedTuple):
    binding: Binding
    state: MachineState
    digits: str


def ask(books: Books, license: License, *, by: str) -> Asked:
    """Draw a code for the machine that holds a license, or held it last.

    Raises:
        NotFound: nobody of that name.
        RoleNeeded: neither support nor supervisor.
        NeverBound: no machine ever held it.
    """
    with acting(books) as act:
        require_role(by, Role.SUPPORT, Role.SUPERVISOR)
        newest = _newest_bindings(license).first()
        if newest is None:
            raise NeverBound(support_code=license.support_code)
        row = Challenge.objects.create(
            license=license,
            code=_unused_code(),
            asked_by=by,
            asked_at=act.now,
            expires_at=act.now + LIFETIME_SECONDS,
        )
        _record(act, "challenge-asked", row, newest.device_id, by=by)
    return Asked(row, newest)


def check(books: Books, keys: Sequence[X25519PrivateKey], given: Answer) -> Proved:
    """Find out which state an answer proves; `keys` are the server's, the newest first.

    Every answer that is judged uses a try, and the right one ends the challenge.

    Raises:
        AnswerMistyped: a check digit or the length does not fit; no try was used.
        NotFound: no such code was drawn, or nobody of that name.
        RoleNeeded: neither support nor supervisor.
        ChallengeUsed, ChallengeExpired, ChallengeSpent: it proves nothing any more.
        AnswerWrong: of no machine and no state of this license; a try was used.
    """
    code, digits = _read(given)
    with acting(books) as act:
        require_role(given.by, Role.SUPPORT, Role.SUPERVISOR)
        row = Challenge.objects.select_related("license__customer").filter(code=code).first()
        if row is None:
            raise NotFound(code, name=challenge.shown_code(code))
        _require_open(row, act)
        row.tries += 1
        found = _matching(row, keys, digits)
        if found is None:
            _record(act, "challenge-failed", row, by=given.by, tries=row.tries)
        else:
            row.answered_at = act.now
            _record_state(act, row, found, given.by)
        row.save(update_fields=["tries", "answered_at"])
    if found is None:
        left = MOST_TRIES - row.tries
        raise AnswerWrong(number=str(row.pk), left=str(left))
    return Proved(row, found.state, found.binding, _in_books(found.binding))


def _read(given: Answer) -> tuple[str, str]:
    """Read both before anything is looked up: what was misheard costs nothing."""
    code = _typed("code", given.code, challenge.read_code, challenge.CODE_SHOWN)
    return code, _typed("answer", given.digits, challenge.read_answer, challenge.ANSWER_SHOWN)


def _typed(what: str, typed: str, read: Callable[[str], str], count: int) -> str:
    try:
        return read(typed)
    except CodeMistyped as cause:
        if cause.group is None:
            raise AnswerIncomplete(what=what, count=str(count)) from cause
        raise AnswerMistyped(what=what, group=str(cause.group)) from cause


def _require_open(row: Challenge, act: Journal) -> None:
    number = str(row.pk)
    if row.answered_at is not None:
        raise ChallengeUsed(number=number)
    if act.now >= row.expires_at:
        raise ChallengeExpired(number=number, minutes=str(LIFETIME_SECONDS // 60))
    if row.tries >= MOST_TRIES:
        raise ChallengeSpent(number=number)


def _matching(row: Challenge, keys: Sequence[X25519PrivateKey], digits: str) -> _Candidate | None:
    """Compare with every answer there can be, in the same time whichever it is."""
    found = None
    for candidate in _candidates(row, keys):
        if hmac.compare_digest(candidate.digits, digits):
            found = found or candidate
    return found


def _candidates(row: Challenge, keys: Sequence[X25519PrivateKey]) -> Iterator[_Candidate]:
    for binding in _newest_bindings(row.license)[:NEWEST_BINDINGS]:
        for key in _agreed(keys, binding.device.agreement_key):
            for standing, drift in _STATES:
                state = MachineState(
                    license_id=LicenseId(row.license_id),
                    generation=binding.generation,
                    standing=standing,
                    drift=drift,
                )
                yield _Candidate(binding, state, challenge.answer(key, row.code, state))


def _agreed(keys: Sequence[X25519PrivateKey], public: str) -> Iterator[bytes]:
    for key in keys:
        try:
            yield challenge.agreed_key(key, public)
        except MalformedEnvelope:
            # A device may name any 32 bytes as its key; with such as these it answers nothing.
            continue


def _newest_bindings(license: License) -> "QuerySet[Binding]":
    return license.bindings.select_related("device").order_by("-generation")


def _in_books(binding: Binding) -> InBooks:
    if binding.state == BindingState.ACTIVE:
        return InBooks.BOUND
    later = Binding.objects.filter(
        license_id=binding.license_id, device_id=binding.device_id, state=BindingState.ACTIVE
    )
    return InBooks.BOUND_ANEW if later.exists() else InBooks.ENDED


def _unused_code() -> str:
    """Draw until it is new: an answer that was overheard fits no later call."""
    while True:
        code = str(secrets.randbelow(10**challenge.CODE_DIGITS)).zfill(challenge.CODE_DIGITS)
        if not Challenge.objects.filter(code=code).exists():
            return code


def _record_state(act: Journal, row: Challenge, found: _Candidate, by: str) -> None:
    state = found.state
    _record(
        act,
        "challenge-answered",
        row,
        found.binding.device_id,
        by=by,
        generation=state.generation,
        standing=state.standing.value,
        drift=state.drift.value,
    )


def _record(act: Journal, event: str, row: Challenge, device: str = "", **facts: str | int) -> None:
    act.record(event, license=row.license_id, device=device, facts={"challenge": row.pk, **facts})
