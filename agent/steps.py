"""The steps that acts are made of: look, ask, check in, follow up.

Each writes what it intends in one durable commit before anything is sent (`journaling`). Giving the
license back has a module of its own (`proofs`); which act needs which steps is decided in
`use_cases`.
"""

from contextlib import suppress
from pathlib import Path

import msgspec

from agent.belief import license_in
from agent.delivery import deliver
from agent.errors import DocumentRevoked, NotAllowed, ServerRefused, StoreDamaged
from agent.events import ActivateAsked, CaseAsked, CheckInSent, NoticeAsked
from agent.facts import Facts
from agent.fingerprint import take_tags
from agent.journaling import Way, comparison_now, send, state_of
from agent.lifecycle import grace_used
from agent.machine import Machine, key_in_use, refused
from agent.notices import Declaration
from agent.ports import LicenseKey, PaperKind, Reading, Store, StoredPaper, Transaction
from agent.renewal import is_due
from agent.requests import Composed, Composer
from agent.state import State
from agent.windows import may_be_bound
from agent.withdrawal import take_back
from protocol import codes
from protocol.trust import RootSignatures, Trust
from protocol.values import CaseKind, CaseState, Standing, Timestamp
from protocol.verdicts import Verdict
from protocol.windows import hidden


def begin(machine: Machine) -> State:
    """Look at the machine, keep what was seen, and make the public folder agree.

    Raises:
        StoreDamaged: after the store was set aside and an empty one says so.
    """
    try:
        facts = machine.observe()
    except StoreDamaged as damage:
        raise StoreDamaged(path=_set_aside(machine)) from damage
    machine.align()
    return facts.state


def ask(  # noqa: PLR0913 - what an activation is asked with, all named
    machine: Machine,
    seen: State,
    license_key: str,
    *,
    code: str | None = None,
    case_id: int | None = None,
    by: Way = send,
) -> None:
    """Ask for the license of a key to be bound to this machine as it is now.

    `seen` is the state in which that was decided: another process may have done it since.

    Raises:
        NotAllowed, ServerUnreachable, ServerRefused, DocumentRefused: see `errors`.
    """
    inventory = machine.looked.inventory
    tags = take_tags(inventory, machine.identity.salt)

    def compose(tx: Transaction, composer: Composer) -> Composed:
        now = tx.state
        if (now.holds_document, now.generation) != (seen.holds_document, seen.generation):
            raise NotAllowed(tx.state.standing, "activate")
        key = _key_row(tx, license_key)
        papers = [p.raw for p in tx.papers() if _shows_a_generation(p, key)]
        shown = next((raw for raw in reversed(papers) if composer.believes(raw)), None)
        tx.remember_proposal(msgspec.json.encode(inventory))
        tx.keep_key(key)
        return composer.activate(
            license_key=license_key,
            fingerprint=tags,
            high_water=tx.state.high_water.get(key.license_id, 0) if key.license_id else 0,
            shown=shown,
            code=code,
            case_id=case_id,
        )

    by(machine, compose, ActivateAsked)


def check_in(machine: Machine) -> State:
    """Tell the server what is held here and hear the truth.

    A check-in that was given out by hand comes first: its answer may be on its way back, and a
    newer one would take its place.

    Raises:
        ServerUnreachable, ServerRefused, DocumentRefused: see `errors`.
    """
    with machine.store.reading() as memory:
        given_out = memory.state.check
        raw = memory.journaled(given_out.request_id) if given_out else b""
    if given_out is not None and given_out.exported_to is not None:
        with suppress(ServerRefused):
            deliver(machine, given_out, raw)
    say_what_is_held(machine)
    return state_of(machine)


def say_what_is_held(machine: Machine, *, by: Way = send) -> None:
    """Make a new check-in, which takes the place of any other.

    Raises:
        ServerUnreachable, ServerRefused, DocumentRefused: see `errors`.
    """
    look = machine.looked

    def compose(tx: Transaction, composer: Composer) -> Composed:
        tx.forget_check_ins()
        return composer.check_in(
            license_document=tx.license_document if tx.state.holds_document else None,
            comparison=comparison_now(machine, tx),
            grace_seconds_used=grace_used(tx.state.grace, look.boot_id, look.uptime),
        )

    by(machine, compose, CheckInSent)


def ask_after_case(machine: Machine) -> None:
    """Hear what was decided about the device's next key, which is told to that key alone.

    Raises:
        ServerUnreachable, ServerRefused, DocumentRefused: see `errors`.
    """

    def compose(tx: Transaction, composer: Composer) -> Composed:
        tx.forget_check_ins()
        return composer.check_in(license_document=None, comparison=None, grace_seconds_used=0)

    if state_of(machine).waits_as_successor:
        send(machine, compose, CaseAsked)


def declare(machine: Machine, declaration: Declaration, *, by: Way = send) -> None:
    """Declare a coming change of the machine that the license runs on.

    Raises:
        NotAllowed: no license runs here, or another request is open.
        DocumentRevoked: the server would not believe what is shown; a check comes first.
        ServerUnreachable, ServerRefused, DocumentRefused: see `errors`.
    """
    tags = take_tags(machine.looked.inventory, machine.identity.salt)

    def compose(tx: Transaction, composer: Composer) -> Composed:
        document = tx.license_document
        if document is None:
            raise NotAllowed(tx.state.standing, "notice")
        if tx.state.holds_document and license_in(tx, machine.keys) is None:
            raise DocumentRevoked(tx.state.standing, "notice")
        return composer.notice(license_document=document, declaration=declaration, fingerprint=tags)

    by(machine, compose, NoticeAsked)


def _ask_unasked(
    machine: Machine, seen: State, key: str, by: Way, case_id: int | None = None
) -> None:
    """Ask on the agent's own motion; when another process asked first, its answer is as good."""
    with suppress(NotAllowed):
        ask(machine, seen, key, case_id=case_id, by=by)


def follow_up(machine: Machine, *, by: Way = send) -> None:
    """Do what the truth and the machine's own look ask for, without being told.

    An approved case is taken up, and one about a change that was undone is taken back. A key that
    was copied is renewed. A change that is tolerated, or was declared, is bound anew, so that it
    becomes the enrolled one (docs/protocol.md §4, drifted).
    """
    if issue_again(machine, by=by):
        return
    with machine.store.reading() as memory:
        facts = machine.facts(memory, machine.looked)
        key = key_in_use(memory)
        newest = memory.license_keys()[-1:]
    state = facts.state
    approved = state.case is not None and state.case.state is CaseState.APPROVED
    if state.request is not None:
        return
    if state.case is not None:
        if _is_undone(facts):
            with suppress(NotAllowed):
                take_back(machine, by=by)
        elif approved and newest:
            # The case is of the newest request; no document tells yet which license that is.
            _ask_unasked(machine, state, newest[0].license_key, by, state.case.case_id)
        return
    if key is not None and (is_due(state, facts.now) or _may_be_bound_anew(facts)):
        _ask_unasked(machine, state, key.license_key, by)


def _may_be_bound_anew(facts: Facts) -> bool:
    """Whether the server takes the machine as it is now, without anybody's decision."""
    state, license, seen = facts.state, facts.license, facts.observation
    if seen is None or license is None:
        return False
    if state.standing is Standing.ACTIVE:
        # Bound anew with a part hidden, it would be a case that nobody asked for.
        is_whole = not hidden(seen.comparison, license.fingerprint, license.policy)
        return seen.comparison.verdict is Verdict.TOLERATED and is_whole
    drifted = state.standing is Standing.DRIFTED
    return drifted and may_be_bound(state, license, seen.comparison)


def _is_undone(facts: Facts) -> bool:
    """Whether the machine is the enrolled one again and its case speaks of nothing any more."""
    case, seen = facts.state.case, facts.observation
    return (
        facts.state.standing is Standing.ACTIVE
        and seen is not None
        and seen.comparison.verdict is Verdict.MATCH
        and case is not None
        and case.kind in {CaseKind.CHANGED, CaseKind.COVERAGE_LOWERED}
    )


def issue_again(machine: Machine, *, by: Way = send) -> bool:
    """Ask anew for a license whose document key was revoked, if it was (docs/protocol.md §2).

    A check-in could not speak of it: the server believes that document no more either.
    """
    with machine.store.reading() as memory:
        facts, key = machine.facts(memory, machine.looked), key_in_use(memory)
    if facts.license is not None or not facts.state.holds_document or key is None:
        return False
    if facts.state.request is None:
        _ask_unasked(machine, facts.state, key.license_key, by)
    return True


def _shows_a_generation(paper: StoredPaper, key: LicenseKey) -> bool:
    """Whether a paper proves how far this license has come; a window says nothing of it."""
    return paper.license_id == key.license_id and paper.kind is not PaperKind.WINDOW


def _key_row(memory: Reading, license_key: str) -> LicenseKey:
    for key in memory.license_keys():
        if key.license_key == license_key:
            return key
    return LicenseKey(key_id=codes.key_id(license_key), license_key=license_key)


def _set_aside(machine: Machine) -> str:
    """Begin again with the roots that were published.

    They are read first: without them the new store could not tell a genuine answer.
    """
    with refused():
        roots = machine.public.roots()
        Trust.follow(roots)
    kept = start_anew(machine.store, roots, machine.now())
    machine.align()
    return str(kept or "")


def start_anew(store: Store, roots: tuple[RootSignatures, ...], now: Timestamp) -> Path | None:
    """Keep a damaged store, whole, and start an empty one that says so.

    Returns where the old one lies; None when another process did it first.
    """
    kept = store.set_aside(now)
    store.create()
    with store.transaction() as tx:
        if not tx.roots:  # otherwise another process began it, and may have got further
            tx.save_roots(roots)
            tx.save(State(standing=Standing.DAMAGED))
            tx.record(now, "store-set-aside", path=str(kept))
    return kept
