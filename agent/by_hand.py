"""The same acts by hand: a request goes out in a file, its answer comes back in another.

Offline is not a second protocol: what is written down, and what an answer does, are the very steps
of the online acts; only the sending is left out. So both can be mixed freely: what was given out in
a file is finished by the next `check`, and an answer that came online may be brought again.
"""

from pathlib import Path

from agent import request_files, steps
from agent.answer_files import answer_in, asked_by
from agent.belief import trust_in
from agent.config import VERSION
from agent.delivery import receive
from agent.errors import FileRefused, NotAllowed, ServerRefused, StoreDamaged
from agent.events import Exported
from agent.files import OWNER_ONLY, require_free, write_once
from agent.journaling import state_of
from agent.lifecycle import advance
from agent.machine import refused
from agent.notices import Declaration
from agent.reader import Reader
from agent.request_files import Wish
from agent.state import OpenRequest, State
from agent.status import message
from agent.typed import typed_code
from protocol import codes
from protocol.documents import Refusal, Truth
from protocol.envelope import open_answer, sign_device_document
from protocol.exchange import pack_answer, walk_roots
from protocol.values import ReleaseReason, Standing
from protocol.views import MessageView, Report, StatusView


class ByHand(Reader):
    """The license on this machine, carried between it and the vendor in files.

    Without a file a request is shown on the screen alone, as QR codes or text: `given_out`.
    """

    given_out: bytes = b""
    """The request that was given out last, as long as this agent lives."""

    def export_activate(
        self, file: Path | None, license_key: str | None = None, code: str | None = None
    ) -> StatusView:
        """Write a request for a license into a file; without a key, for the one in use.

        Raises:
            InputInvalid: key or code mistyped.
            NotAllowed: another request is open, another license runs here, or nothing is to be
                asked.
            FileTaken, FileUnreadable: the file exists with other content, or cannot be written.
        """
        key = typed_code(codes.LICENSE_KEY_PREFIX, license_key) if license_key else None
        code = typed_code(codes.REACTIVATION_PREFIX, code) if code else None
        return self._export(file, request_files.activation(key, code))

    def export_release(
        self, file: Path | None, reason: ReleaseReason, note: str | None = None
    ) -> StatusView:
        """Give the license back, and write the proof into a file.

        The order is that of sending: tombstone and proof are one durable commit, then the copies
        that the application reads are removed, durably, and only then is the file written.

        Raises:
            NotAllowed: no license runs here.
            FileTaken, FileUnreadable: told before anything was given back.
        """
        self._export(file, request_files.proof(reason, note))
        return self._machine.view(message("recovery-advised"))

    def export_check(self, file: Path | None) -> StatusView:
        """Write what is waited for into a file: an unanswered request, or else a check-in.

        Raises:
            NotAllowed: nothing is held here and nothing is waited for.
            FileTaken, FileUnreadable: the file exists with other content, or cannot be written.
        """
        return self._export(file, request_files.check())

    def export_notice(self, file: Path, declaration: Declaration) -> StatusView:
        """Declare a coming change, in a file.

        Raises:
            NotAllowed: no license runs here, or another request is open.
            FileTaken, FileUnreadable: the file exists with other content, or cannot be written.
        """
        self._export(file, request_files.notice(declaration))
        return self._machine.view(message("recovery-advised"))

    def export_withdraw(self, file: Path | None) -> StatusView:
        """Take back an unanswered activation or an open case, in a file.

        Raises:
            NothingToWithdraw: nothing is open, or a running machine must hear an answer first.
            FileTaken, FileUnreadable: the file exists with other content, or cannot be written.
        """
        return self._export(file, request_files.withdrawal())

    def import_(self, raw: bytes) -> StatusView:
        """Take in an answer that came by hand: the bytes of its file, or text with its parts.

        Later roots that came with it are kept even where the answer itself is old.

        Raises:
            FileRefused: no answer, or none to a request of this machine.
            DocumentRefused: not a genuine answer; nothing changed.
            ServerRefused: a signed refusal; its request is over.
        """
        packed = answer_in(raw)
        steps.begin(self._machine)
        notes: list[MessageView] = []
        with refused(), self._machine.store.transaction() as tx:
            trust = walk_roots(trust_in(tx), packed.roots)
            answer = open_answer(packed.answer, trust)
            if answer.device not in self._machine.keys:
                raise FileRefused("answer-of-another-machine")
            if len(trust.chain) > len(tx.roots):
                tx.save_roots(trust.chain)
                notes.append(message("roots-received"))
            asked, known = asked_by(tx, answer), tx.has_answer(answer.request_id)
        if asked is None:
            # A newer check-in took the place of the one that this answers.
            self._machine.align()
            if not isinstance(answer, Truth):
                raise FileRefused("answer-of-unknown-request")
            return self._machine.view(message("answer-overtaken"), *notes)
        before = state_of(self._machine)
        receive(self._machine, asked, pack_answer(packed.roots, packed.answer))
        if state_of(self._machine) == before:
            notes.insert(0, message("answer-known") if known else message("answer-overtaken"))
        elif isinstance(answer, Refusal):
            raise ServerRefused(answer.code)
        return self._machine.view(*notes)

    def report(self) -> bytes:
        """Sign the standing for support; reads only, and tells no secret."""
        machine = self._machine
        try:
            with machine.store.reading() as memory:
                state, roots = memory.state, len(memory.roots)
        except StoreDamaged:  # support is asked just then
            state, roots = State(standing=Standing.DAMAGED), 0
        report = Report(
            device=machine.identity.device,
            issued_at=machine.now(),
            agent_version=VERSION,
            high_water=state.mark,
            view=self.status(),
            license_id=state.license_id,
            epoch_seen=state.epoch_seen,
            trust_version=roots,
            sequence=state.sequence,
            last_answer=state.last_answer,
        )
        return sign_device_document(report, Report.typ, machine.identity.device_key)

    def _export(self, file: Path | None, wish: Wish) -> StatusView:
        machine = self._machine
        path = file.absolute() if file else None
        state = steps.begin(machine)
        request = wish.open(machine, state)
        if path is not None:
            require_free(path, self._bytes_of(request) if request else None)
        request = request or wish.ask(machine, state)
        if request is None:  # another process was answered meanwhile
            raise NotAllowed(state_of(machine).standing, "export")
        raw = self._bytes_of(request)
        if path is not None:
            write_once(path, raw, OWNER_ONLY)
        self._note_given_out(request, path)
        self.given_out = raw
        machine.align()
        return machine.view()

    def _note_given_out(self, request: OpenRequest, path: Path | None) -> None:
        """Write down where it lies; what is shown as well still lies in its file."""
        there = str(path or request.exported_to or "")
        if request.exported_to == there:
            return
        machine = self._machine
        with machine.store.transaction() as tx:
            tx.save(advance(tx.state, Exported(request_id=request.request_id, path=there)))
            if there:
                tx.record(machine.now(), "request-exported", path=there)
            else:
                tx.record(machine.now(), "request-shown")

    def _bytes_of(self, request: OpenRequest) -> bytes:
        with self._machine.store.reading() as memory:
            return memory.journaled(request.request_id)
