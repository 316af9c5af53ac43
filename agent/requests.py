"""Writes and signs the requests of docs/protocol.md §3.

Given the state, the trust and the machine's identity; returns signed bytes and what the lifecycle
must remember of them. Stores nothing and sends nothing: the caller journals first.
"""

import os
from typing import Any

import msgspec

from agent.config import VERSION
from agent.identity import Identity
from agent.notices import Declaration
from agent.state import OpenRequest, State
from protocol import codes, jws
from protocol.documents import (
    Activate,
    CheckIn,
    Handover,
    License,
    Notice,
    Release,
    Request,
    RequestHead,
    Tombstone,
    Withdraw,
)
from protocol.encoding import canonical, sha256
from protocol.envelope import open_answer, sign_handover, sign_request
from protocol.identifiers import uuid7
from protocol.problems import ProtocolError
from protocol.trust import Trust
from protocol.values import (
    Digest,
    DriftRecord,
    Fingerprint,
    ReleaseReason,
    RequestId,
    Timestamp,
)
from protocol.verdicts import Comparison

_UUID_RANDOM_BYTES = 10
_CODE_BYTES = 16


class Composed(msgspec.Struct, frozen=True):
    """A signed request, ready for the journal."""

    raw: bytes
    open: OpenRequest


class Composer:
    """Signs this device's requests; one per step, so that each takes the next sequence.

    `former` is the identity that hands the license over to this one, where a key is renewed.
    """

    def __init__(
        self,
        identity: Identity,
        trust: Trust,
        state: State,
        now: Timestamp,
        *,
        former: Identity | None = None,
    ) -> None:
        self._identity = identity
        self._former = former
        self._trust = trust
        self._state = state
        self._now = now
        milliseconds = now * 1000
        self._request_id = RequestId(uuid7(milliseconds, os.urandom(_UUID_RANDOM_BYTES)))

    def activate(  # noqa: PLR0913 - the fields of one wire document, all named
        self,
        *,
        license_key: str,
        fingerprint: Fingerprint,
        high_water: int,
        shown: bytes | None = None,
        code: str | None = None,
        case_id: int | None = None,
    ) -> Composed:
        """Ask for the license of a key to be bound to this machine."""
        device = self._identity.device
        proof = codes.prove(codes.code_hash(code), device, self._request_id) if code else None
        return self._sign(
            Activate(
                **self._head(),
                license=codes.claim(license_key, device, self._request_id),
                agreement_key=self._identity.agreement_key,
                fingerprint=fingerprint,
                high_water=high_water,
                drift=self._drift(),
                shown=shown.decode() if shown else None,
                code_proof=proof,
                case_id=case_id,
                handover=self._handover(),
            ),
            "activate",
        )

    def check_in(
        self,
        *,
        license_document: bytes | None,
        comparison: Comparison | None,
        grace_seconds_used: int,
    ) -> Composed:
        """Say what is held here and ask for the truth."""
        return self._sign(
            CheckIn(
                **self._head(),
                standing=self._state.standing,
                generation=self._state.generation,
                **_seen(comparison),
                observed_grace_hours=grace_seconds_used // 3600,
                license=license_document.decode() if license_document else None,
            ),
            "check-in",
        )

    def release(  # noqa: PLR0913 - the fields of one wire document, all named
        self,
        *,
        license_document: bytes,
        tombstone: Tombstone,
        reason: ReleaseReason,
        comparison: Comparison | None,
        reactivation_code: str,
        note: str | None,
        takes_back: RequestId | None,
    ) -> Composed:
        """Prove that the document was destroyed.

        `takes_back` is the activation without an answer, by which a newer one may have been given.
        """
        return self._sign(
            Release(
                **self._head(),
                license=license_document.decode(),
                generation=tombstone.generation,
                reason=reason,
                tombstone=sha256(canonical(tombstone)),
                **_seen(comparison),
                reactivation_code=codes.code_hash(reactivation_code),
                note=note,
                takes_back=takes_back,
            ),
            "release",
        )

    def withdraw(
        self,
        *,
        license_key: str,
        generation: int,
        case_id: int | None,
        takes_back: RequestId | None,
    ) -> Composed:
        """Take back what was asked with this key.

        `generation` is of the document held here; `takes_back` is the activation without an answer.
        """
        return self._sign(
            Withdraw(
                **self._head(),
                license=codes.claim(license_key, self._identity.device, self._request_id),
                generation=generation,
                case_id=case_id,
                takes_back=takes_back,
            ),
            "withdraw",
        )

    def notice(
        self, *, license_document: bytes, declaration: Declaration, fingerprint: Fingerprint
    ) -> Composed:
        """Declare a coming change of the machine as it is now."""
        return self._sign(
            Notice(
                **self._head(),
                license=license_document.decode(),
                scope=tuple(change.value for change in declaration.scope),
                starts_at=declaration.starts_at,
                ends_at=declaration.ends_at,
                reason=declaration.reason,
                contact=declaration.contact,
                fingerprint=fingerprint,
                drift=self._drift(),
            ),
            "notice",
        )

    def again(self, proof: Release) -> Composed:
        """Sign the same proof under the next sequence (a restored store had lost its counter).

        It names what it named, and tells the newest answer: it was signed after that.
        """
        fields = {name: getattr(proof, name) for name in proof.__struct_fields__}
        return self._sign(Release(**{**fields, **self._head()}), "release")

    def tombstone(self, license: License, document: bytes) -> Tombstone:
        """Describe the document that is being destroyed."""
        return Tombstone(
            license_id=license.license_id,
            generation=license.generation,
            device=self._identity.device,
            document=jws.digest(document),
            destroyed_at=self._now,
        )

    def believes(self, paper: bytes) -> bool:
        """Whether the trusted root still vouches for a paper, so that the server would too."""
        try:
            open_answer(paper, self._trust)
        except ProtocolError:
            return False
        return True

    def _head(self) -> dict[str, Any]:
        head = RequestHead(
            request_id=self._request_id,
            audience=self._trust.root.audience,
            issued_at=self._now,
            agent_version=VERSION,
            epoch_seen=self._state.epoch_seen,
            trust_version=self._trust.root.version,
            sequence=self._state.sequence + 1,
            last_answer=self._state.last_answer,
        )
        return msgspec.structs.asdict(head)

    def _handover(self) -> str | None:
        if self._former is None:
            return None
        heir = Handover(device=self._identity.device, issued_at=self._now)
        return sign_handover(heir, self._former.device_key).decode()

    def _drift(self) -> DriftRecord | None:
        state = self._state
        # What is only hidden has not been seen to differ.
        if state.drifted_hidden or state.drifted_at is None or state.last_match_at is None:
            return None
        return DriftRecord(last_match=state.last_match_at, first_difference=state.drifted_at)

    def _sign(self, request: Request, op: str) -> Composed:
        raw = sign_request(request, self._identity.device_key)
        return Composed(
            raw=raw,
            open=OpenRequest(
                op=op,
                request_id=self._request_id,
                sequence=request.sequence,
                digest=Digest(jws.digest(raw)),
                issued_at=self._now,
                device=self._identity.device,
            ),
        )


def _seen(comparison: Comparison | None) -> dict[str, Any]:
    """What a request tells of the machine: statuses and the system's verdict, never values."""
    if comparison is None:
        return {"statuses": {}}
    return {"statuses": comparison.statuses, "os": comparison.os}


def new_reactivation_code() -> str:
    """Draw a fresh reactivation code."""
    secret = int.from_bytes(os.urandom(_CODE_BYTES)) >> (_CODE_BYTES * 8 - codes.SECRET_BITS)
    return codes.format_code(codes.REACTIVATION_PREFIX, secret)
