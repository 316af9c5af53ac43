"""What an administrator can do: one method per act, each ending in a `StatusView`.

Every act begins alike: look at the machine, keep what was seen, make the public folder agree. What
is irreversible is committed before anything is sent. A method raises an `AgentError` when the act
did not happen; what was journaled by then is safe and goes out with the next `check`.
"""

from contextlib import suppress

from agent import asking, proofs, steps
from agent.belief import told_in
from agent.by_hand import ByHand
from agent.errors import NotAllowed, ServerRefused, ServerUnreachable, StoreDamaged
from agent.journaling import wants_next_key
from agent.machine import note_of
from agent.notices import Declaration
from agent.recovery import Recovery
from agent.restoring import gathered, note_saved, restore
from agent.state import State
from agent.status import message
from agent.typed import typed_code
from agent.withdrawal import take_back
from protocol import codes
from protocol.values import ReleaseReason, Standing
from protocol.views import StatusView

# A recovery file brings the license key back, so that even a machine without a past may ask.
_MAY_BE_TAKEN_AGAIN = {
    Standing.UNLICENSED,
    Standing.RELEASED,
    Standing.SUPERSEDED,
    Standing.DRIFTED,
    Standing.DAMAGED,
}


class Agent(ByHand):
    """The license on this machine, as its administrator handles it."""

    def activate(self, license_key: str, code: str | None = None) -> StatusView:
        """Bind a license to this machine.

        Raises:
            InputInvalid: key or code mistyped; nothing left this machine.
            NotAllowed: another license runs here, or one is being released.
            ServerUnreachable: journaled; `check` goes on with it.
            ServerRefused: final, and changed nothing.
        """
        key = typed_code(codes.LICENSE_KEY_PREFIX, license_key)
        code = typed_code(codes.REACTIVATION_PREFIX, code) if code else None
        state = steps.begin(self._machine)
        if state.request is not None:
            # What was refused was the earlier wish; this one is asked below.
            with suppress(ServerRefused):
                proofs.finish(self._machine, state.request)
            state = steps.begin(self._machine)
        if state.holds_document:
            if key != self.license_key():
                raise NotAllowed(state.standing, "activate")
            return self.reactivate()
        steps.ask(self._machine, state, key, code=code)
        return self._machine.view()

    def reactivate(self) -> StatusView:
        """Take the license again: after a release, or for the machine as it is now.

        Raises:
            NotAllowed: there is no license here to take again.
            ServerUnreachable: journaled; `check` goes on with it.
            ServerRefused: final, and changed nothing.
        """
        state = steps.begin(self._machine)
        if state.request is not None:
            state = proofs.finish(self._machine, state.request)
        key = self.license_key()
        match state.standing:
            case Standing.ACTIVE if state.case is None:
                if not steps.issue_again(self._machine):
                    return self._machine.view(message("already-active"))
            case _ if state.case is not None:
                self._confirm()
            case _ if key is not None and state.standing in _MAY_BE_TAKEN_AGAIN:
                steps.ask(self._machine, state, key)
            case _:
                raise NotAllowed(state.standing, "reactivate")
        return self._machine.view()

    def release(self, reason: ReleaseReason, note: str | None = None) -> StatusView:
        """Give the license back before a change.

        The tombstone and the proof are one durable commit; then the copies that the application
        reads are removed, durably; only then is the proof sent. Without the server the release is
        complete on this machine, and the receipt follows.

        Raises:
            NotAllowed: no license runs here.
            ServerRefused: the proof arrived and was not accepted; it stays here.
        """
        state = steps.begin(self._machine)
        if state.standing is not Standing.RELEASING:
            state = proofs.destroy(self._machine, reason, note)
            self._machine.align()
        try:
            if state.request is not None:
                proofs.finish(self._machine, state.request)
            proofs.prove_again(self._machine, is_wished=True)
        except ServerUnreachable as problem:
            return self._machine.view(
                note_of(problem), message("proof-kept"), message("recovery-advised")
            )
        return self._machine.view(message("recovery-advised"))

    def notice(self, declaration: Declaration) -> StatusView:
        """Declare a coming change, so that it is coordinated.

        Raises:
            NotAllowed: no license runs here.
            ServerUnreachable: written down; `check` goes on with it.
            ServerRefused: final, and changed nothing.
        """
        state = steps.begin(self._machine)
        if state.request is not None:
            # What was refused was the earlier wish; this one is asked below.
            with suppress(ServerRefused):
                proofs.finish(self._machine, state.request)
        try:
            steps.declare(self._machine, declaration)
        except ServerRefused as refusal:
            if not wants_next_key(refusal):
                raise
            steps.follow_up(self._machine)
            steps.declare(self._machine, declaration)
        return self._machine.view(message("recovery-advised"))

    def recovery(self) -> Recovery:
        """Gather what an operating system installed anew would lose."""
        return gathered(self._machine)

    def note_recovery_saved(self) -> None:
        """Write down that the recovery file is safe."""
        note_saved(self._machine)

    def note_papers_not_saved(self, reason: str) -> None:
        """Write down why the papers of a release are not off this disk; support reads it."""
        with self._machine.store.transaction() as tx:
            tx.record(self._machine.now(), "papers-not-saved", reason=reason)

    def restore(self, recovery: Recovery) -> StatusView:
        """Be the device of a recovery file again.

        Raises:
            NotAllowed: a license runs here, or something was asked and is not answered.
            AlreadySetUp: the file belongs to another signing server.
        """
        # A damaged store is no reason to wait: this file is what brings its memory back.
        with suppress(StoreDamaged):
            steps.begin(self._machine)
        restore(self._machine, recovery)
        return self._machine.view(message("recovery-loaded"))

    def withdraw(self) -> StatusView:
        """Take back an unanswered activation or an open case.

        Raises:
            NothingToWithdraw: nothing is open, or a running machine must hear an answer first.
            ServerUnreachable: written down; whatever is answered to the activation changes nothing.
        """
        state = steps.begin(self._machine)
        notes = []
        try:
            if state.request is not None and state.request.op == "withdraw":
                proofs.finish(self._machine, state.request)
            else:
                take_back(self._machine)
        except ServerRefused as refusal:
            # It is over here all the same: what the server still has, it will tell again.
            notes.append(note_of(refusal))
        return self._machine.view(*notes)

    def check(self) -> StatusView:
        """Finish what is pending, tell the server what is held here, and hear the truth.

        Raises:
            ServerRefused: the server did not accept what is held here.
            DocumentRefused: something answered that is not to be believed.
        """
        return self._checked(steps.begin(self._machine))

    def check_when_due(self, interval_hours: int) -> StatusView:
        """Look at the machine as `check` does; ask the server where something is to be asked.

        Where nothing is, it is asked when it has not been heard for so long (ADR 44).

        Raises:
            As `check`.
        """
        state = steps.begin(self._machine)
        return self._checked(state) if self._is_due(interval_hours) else self._machine.view()

    def _is_due(self, interval_hours: int) -> bool:
        with suppress(StoreDamaged), self._machine.store.reading() as memory:
            facts = self._machine.facts(memory, self._machine.looked)
            return asking.is_due(facts, told_in(memory), interval_hours)
        # An answer that does not read back is asked for anew; a new check-in takes its place.
        return True

    def _checked(self, state: State) -> StatusView:
        device = self.device
        try:
            if state.request is not None:
                state = proofs.finish(self._machine, state.request)
            if state.holds_document or state.case is not None:
                self._confirm()
            proofs.prove_again(self._machine)
        except ServerUnreachable as problem:
            return self._machine.view(note_of(problem))
        renewed = [] if self.device == device else [message("key-renewed")]
        return self._machine.view(*renewed)

    def _confirm(self) -> None:
        """Check in and follow up; a license whose key was revoked is asked for anew instead."""
        if steps.issue_again(self._machine):
            return
        try:
            steps.check_in(self._machine)
        except ServerRefused:
            if not steps.issue_again(self._machine):
                raise
        else:
            steps.ask_after_case(self._machine)
            steps.follow_up(self._machine)
