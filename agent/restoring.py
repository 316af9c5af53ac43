"""Save what an operating system installed anew would lose, and be that device again.

The recovery file itself is sealed and opened by `recovery`; here is what goes into it, and where it
may be loaded (docs/protocol.md §7).
"""

from contextlib import suppress

from msgspec.structs import replace

from agent.belief import BELIEVED_NO_MORE, trust_in
from agent.errors import AlreadySetUp, NotAllowed
from agent.machine import Machine, refused
from agent.ports import LicenseKey, PaperKind, StoredPaper, Transaction
from agent.recovery import Recovery
from agent.state import State
from protocol import jws
from protocol.documents import AnyAnswer, Receipt
from protocol.envelope import open_answer
from protocol.exchange import pack_roots, unpack_roots
from protocol.problems import ProtocolError, WrongType
from protocol.trust import Trust


def gathered(machine: Machine) -> Recovery:
    """Gather what the recovery file holds."""
    with machine.store.transaction() as tx:
        machine.settle(tx)
        state = tx.state
        return Recovery(
            identity=machine.identity,
            license_id=state.license_id,
            high_water=state.high_water,
            sequence=state.sequence,
            epoch_seen=state.epoch_seen,
            receipts=tuple(paper.raw for paper in tx.papers(PaperKind.RECEIPT)),
            license_keys=tx.license_keys(),
            roots=pack_roots(tx.roots),
            saved_at=machine.now(),
        )


def note_saved(machine: Machine) -> None:
    """Write down that a recovery file was written, now that it is on its disk."""
    with machine.store.transaction() as tx:
        tx.record(machine.now(), "recovery-saved")


def restore(machine: Machine, recovery: Recovery) -> None:
    """Be the device of a recovery file, and remember what it remembers.

    The identity is written first, under the store's lock. After a crash before the commit this
    machine is that device with nothing known: its license key, or the file again, brings the rest.
    The other way round it would know the license and ask for it as a stranger.

    Raises:
        NotAllowed: a license runs here, or something was asked and is not answered.
        AlreadySetUp: the file is of another signing server's customer.
        DocumentRefused: a receipt in it is not genuine.
    """
    if recovery.identity.device != machine.identity.device:
        with machine.store.transaction() as tx:
            _accepted(machine, tx, recovery)
            # A superseded store still has the document that it ran: beside another key it would be
            # damage, also after a crash between the two.
            tx.forget_document()
    with machine.store.transaction() as tx:
        trust, receipts = _accepted(machine, tx, recovery)
        state = tx.state
        if recovery.identity.device != machine.identity.device:
            state = _forgetting_the_former(state)
        machine.keys.replace(recovery.identity, machine.now())
        tx.save_roots(trust.chain)
        for receipt in receipts:
            tx.keep_paper(receipt)
        for key in recovery.license_keys:
            _keep_key(tx, key)
        tx.save(_remembered(state, recovery))
        tx.record(machine.now(), "recovery-loaded")


def _accepted(
    machine: Machine, tx: Transaction, recovery: Recovery
) -> tuple[Trust, list[StoredPaper]]:
    """Whether this store is a place for it, and all in it is genuine: its roots and receipts."""
    state = tx.state
    if state.holds_document or state.request is not None or state.case is not None:
        raise NotAllowed(state.standing, "recovery")
    trust = _longer(trust_in(tx), Trust.follow(unpack_roots(recovery.roots)))
    with refused():
        return trust, [_receipt(machine, raw, trust) for raw in recovery.receipts]


def _longer(pinned: Trust, saved: Trust) -> Trust:
    """Take the longer of two chains of which one continues the other."""
    short, long = sorted((pinned, saved), key=lambda trust: len(trust.chain))
    if long.chain[: len(short.chain)] != short.chain:
        raise AlreadySetUp(path="root")
    return long


def _receipt(machine: Machine, raw: bytes, trust: Trust) -> StoredPaper:
    """Take a receipt by the vendor's signature, as a paper: whoever needs one verifies it anew."""
    receipt = _once_believed(raw, trust)
    if not isinstance(receipt, Receipt):
        raise WrongType("a receipt was expected")
    return StoredPaper(
        digest=jws.digest(raw),
        kind=PaperKind.RECEIPT,
        license_id=receipt.license_id,
        generation=receipt.generation,
        raw=raw,
        stored_at=machine.now(),
    )


def _once_believed(raw: bytes, trust: Trust) -> AnyAnswer:
    """Open what the trusted root believes, or an earlier root of its chain did.

    A key that was revoked since makes no receipt a forgery: the store that saved the file keeps it
    too, as a paper that proves nothing any more. Refused, it would keep everything else in the file
    from being loaded, for ever.
    """
    try:
        return open_answer(raw, trust)
    except BELIEVED_NO_MORE:
        for length in reversed(range(1, len(trust.chain))):
            with suppress(ProtocolError):
                return open_answer(raw, Trust.follow(trust.chain[:length]))
        raise


def _keep_key(tx: Transaction, saved: LicenseKey) -> None:
    """Add what the file knows of a key to what is known here, which is newer."""
    known = next((key for key in tx.license_keys() if key.key_id == saved.key_id), saved)
    tx.keep_key(
        replace(
            known,
            license_id=known.license_id or saved.license_id,
            reactivation_code=known.reactivation_code or saved.reactivation_code,
        )
    )


def _forgetting_the_former(state: State) -> State:
    """Forget what was said to another device; shown by this one, it would look like a copy."""
    return replace(state, last_answer=None, renew_key=False, renewal_asked_at=None)


def _remembered(state: State, recovery: Recovery) -> State:
    """Take over what may only grow; the standing is this machine's own."""
    marks = dict(state.high_water)
    for license_id, mark in recovery.high_water.items():
        marks[license_id] = max(mark, marks.get(license_id, 0))
    return replace(
        state,
        license_id=state.license_id or recovery.license_id,
        high_water=marks,
        sequence=max(state.sequence, recovery.sequence),
        epoch_seen=max(state.epoch_seen, recovery.epoch_seen),
    )
