"""The protocol with one rule taken out: what the tests must notice.

A switchboard in the tests only. Each mutant replaces real functions by others, wherever they were
imported; it fails loudly when there is nothing left to replace, and counts how often what it put
there was called, so that no refactoring can silently switch it off.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from msgspec.structs import replace

from protocol.values import Standing

_OURS = ("agent", "server_stub", "protocol")


class Switchboard:
    """Takes rules out, for as long as the patch lasts."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.calls = 0

    def everywhere(self, function: Callable[..., Any], other: Callable[..., Any]) -> None:
        """Replace a function in every module that knows it by a name."""
        counted, places = self._counted(other), 0
        for name, module in sorted(sys.modules.items()):
            if name.partition(".")[0] not in _OURS:
                continue
            for attribute, value in list(vars(module).items()):
                if value is function:
                    self._patch.setattr(module, attribute, counted)
                    places += 1
        assert places, f"{function.__qualname__} is nowhere any more"

    def method(self, kind: type, name: str, other: Callable[..., Any]) -> None:
        """Replace a method of a class."""
        assert callable(vars(kind)[name])
        self._patch.setattr(kind, name, self._counted(other))

    def claim(self, kind: type, name: str, other: Callable[..., Any]) -> None:
        """Replace a property of a class."""
        assert isinstance(vars(kind)[name], property)
        self._patch.setattr(kind, name, property(self._counted(other)))

    def _counted(self, other: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.calls += 1
            return other(*arguments, **named)

        return counted


Mutant = Callable[[Switchboard], None]


def sends_before_the_commit(board: Switchboard) -> None:
    """A request leaves while the step that writes it down may still be lost."""
    from agent import journaling
    from agent.errors import ServerUnreachable
    from agent.requests import Composed, Composer

    genuine = journaling.journal

    def journal(machine: Any, compose: Any, asked: Any) -> Any:
        def sent_at_once(tx: Any, composer: Composer) -> Composed:
            composed: Composed = compose(tx, composer)
            with suppress(ServerUnreachable):
                machine.server.send(composed.raw)
            return composed

        return genuine(machine, sent_at_once, asked)

    board.everywhere(genuine, journal)


def buries_after_sending(board: Switchboard) -> None:
    """The document stays, and runs, until the receipt is here."""
    from agent import hearing, lifecycle
    from agent.license_store.rows import SqliteTransaction

    def release(state: Any, request: Any) -> Any:
        return lifecycle._sent(state, "request", request)

    def receive(state: Any, event: Any) -> Any:
        if not hearing._awaits(state, event, "release"):
            return state
        marks = {**state.high_water, event.license_id: max(state.mark, event.generation)}
        return replace(
            hearing._heard(state, event),
            standing=Standing.RELEASED,
            high_water=marks,
            request=None,
        )

    board.everywhere(lifecycle._release, release)
    board.everywhere(hearing._receive, receive)
    board.method(SqliteTransaction, "bury", lambda *_: None)


def frees_without_the_proof(board: Switchboard) -> None:
    """The server frees a license on any proof of its device, of whatever generation."""
    from server_stub.licensing.services import release

    board.everywhere(release._covers, lambda *_: True)
    board.everywhere(release._was_in_use_since, lambda *_: False)


def installs_any_generation(board: Switchboard) -> None:
    """A genuine license is installed, whatever generation it has."""
    from agent import hearing

    genuine = hearing._install

    def install(state: Any, event: Any) -> Any:
        installed = genuine(replace(state, high_water={}, generation=0), event)
        marks = {**installed.high_water, **state.high_water}
        return replace(installed, high_water=marks)

    board.everywhere(genuine, install)


def knows_no_high_water(board: Switchboard) -> None:
    """Nobody remembers what was given up: not the agent by itself, not the server by its papers."""
    from agent import hearing
    from server_stub.licensing.services.rights import Application

    genuine = hearing._install
    board.everywhere(genuine, lambda state, event: genuine(replace(state, high_water={}), event))
    board.claim(Application, "proven_generation", lambda self: self.license.generation)


def knows_no_sequence(board: Switchboard) -> None:
    """A request counts, however late it comes."""
    from server_stub.licensing.services import order

    board.everywhere(order.require_order, lambda *_: None)


def answers_anew(board: Switchboard) -> None:
    """A request that was answered is carried out again."""
    from server_stub.licensing.services import exchange

    def forget(_signed: Any, exchange_id: int | None) -> None:
        from server_stub.licensing.models import Exchange, Receipt

        if exchange_id is not None:
            row = Exchange.objects.get(pk=exchange_id)
            Receipt.objects.filter(audit_index=row.audit_id).delete()
            row.delete()

    board.everywhere(exchange._stored, forget)


def rebinds_in_the_same_generation(board: Switchboard) -> None:
    """A machine that changed gets its new document under the old number."""
    from server_stub.licensing.services import binding
    from server_stub.licensing.services.rights import Application

    genuine_end = binding.end_binding
    genuine = vars(Application)["proven_generation"].fget

    def end(turn: Any, current: Any, state: Any) -> None:
        if state == "rebound":
            current.delete()
        else:
            genuine_end(turn, current, state)

    def proven(self: Application) -> int:
        return int(genuine(self)) - (1 if self.is_own_rebind else 0)

    board.everywhere(genuine_end, end)
    board.claim(Application, "proven_generation", proven)
    installs_any_generation(board)


def fences_only_on_newer(board: Switchboard) -> None:
    """Superseded means that the server names a newer generation, not that it holds another."""
    from agent import delivery, hearing

    told: dict[str, int] = {}
    genuine_event, genuine_believe = delivery._event, hearing._believe

    def event(arrival: Any, *rest: Any) -> Any:
        told[arrival.answer.request_id] = arrival.answer.generation
        return genuine_event(arrival, *rest)

    def believe(state: Any, heard: Any) -> Any:
        is_newer = told[heard.request_id] > state.generation
        return genuine_believe(state, replace(heard, held=not is_newer))

    board.everywhere(genuine_event, event)
    board.everywhere(genuine_believe, believe)


def withdraws_whatever_was_asked(board: Switchboard) -> None:
    """A withdrawal takes back every earlier request, whichever it names."""
    from server_stub.licensing.services import forks

    board.everywhere(forks.was_made_by, lambda *_: True)


def frees_by_the_number_alone(board: Switchboard) -> None:
    """A proof covers whatever its device was given under an earlier number."""
    from server_stub.licensing.services import release

    board.everywhere(release._knows_of, lambda *_: True)


def ignores_the_epoch(board: Switchboard) -> None:
    """A server of the past is heard like any other."""
    from agent import hearing
    from server_stub.licensing.services import exchange

    board.everywhere(hearing._is_newest, lambda *_: True)
    board.everywhere(exchange._require_hearing, lambda *_: None)


def accepts_anothers_answer(board: Switchboard) -> None:
    """Whatever the server signed for this device answers whatever was asked."""
    from agent import delivery
    from protocol.envelope import open_answer

    genuine = delivery._event

    def verified(_machine: Any, _request: Any, raw: bytes, trust: Any) -> Any:
        return open_answer(raw, trust)

    def event(arrival: Any, *rest: Any) -> Any:
        return replace(genuine(arrival, *rest), request_id=arrival.request.request_id)

    board.everywhere(delivery._verified, verified)
    board.everywhere(genuine, event)


def measures_what_was_submitted(board: Switchboard) -> None:
    """Coverage is what the request shows of itself, not of what was enrolled."""
    from protocol.weights import enrolment_coverage
    from server_stub.licensing import fingerprints

    genuine = fingerprints.compare_with

    def compare_with(enrolment: Any, now: Any, policy: Any) -> Any:
        shown = {
            name: tags
            for name, tags in enrolment.fingerprint.components.items()
            if name in now.components
        }
        same = replace(enrolment.fingerprint, components=shown)
        return genuine(enrolment._replace(fingerprint=same, baseline=same), now, policy)

    board.everywhere(genuine, compare_with)
    board.everywhere(enrolment_coverage, lambda *_: 1000)
