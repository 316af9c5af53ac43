"""A signing server in a few lines of memory, and the network before it; `ports.SigningServer`.

It knows one license and says what it is told to say: set `held`, `bound_elsewhere` or `next_answer`
and a new world begins. The real server has its own tests; this one is for the agent's.
"""

import os
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from agent.errors import ServerUnreachable
from protocol import codes, jws
from protocol.documents import (
    Activate,
    Announcement,
    AnyAnswer,
    Case,
    CaseSummary,
    CheckIn,
    License,
    Notice,
    Offer,
    Receipt,
    Refusal,
    Release,
    Truth,
    Window,
    WindowSummary,
    Withdraw,
)
from protocol.encoding import to_base64url
from protocol.envelope import SignedRequest, open_handover, open_request, sign_answer
from protocol.exchange import pack_answer
from protocol.keys import Ed25519Key, Es256Key, SigningKey
from protocol.problems import RefusalCode
from protocol.trust import ROOT_TYPE, KeyRecord, KeyUse, Root, RootSignatures
from protocol.values import CaseKind, CaseState, DeviceId, LicenseId, RequestId, Timestamp
from protocol.weights import DEFAULT_POLICY

LICENSE_KEY = codes.format_code(codes.LICENSE_KEY_PREFIX, 0x123456789ABCDEF012345)
OTHER_KEY = codes.format_code(codes.LICENSE_KEY_PREFIX, 0x543210FEDCBA987654321)
LICENSE_ID = LicenseId("01900000-0000-7000-8000-000000000001")
NOW = Timestamp(1_800_000_000)
AGREEMENT_SECRET = X25519PrivateKey.from_private_bytes(bytes(range(32)))
AGREEMENT_KEY = to_base64url(AGREEMENT_SECRET.public_key().public_bytes_raw())

Answerer = Callable[["SimulatedServer", SignedRequest], AnyAnswer | bytes]


def es256() -> Es256Key:
    return Es256Key(ec.generate_private_key(ec.SECP256R1()))


def record(key: SigningKey, use: KeyUse) -> KeyRecord:
    return KeyRecord(alg=key.public.algorithm, use=use, jwk=key.public.jwk, not_before=Timestamp(0))


class SimulatedServer:
    """Holds the truth about one license."""

    def __init__(self) -> None:
        self.root_key = Ed25519Key(os.urandom(32))
        self.document_key = es256()
        self.roots: tuple[RootSignatures, ...] = (self.sign_root(1),)
        self.policy = DEFAULT_POLICY
        self.epoch = 1
        self.audit_index = 0
        self.generation = 0
        self.bound_to: DeviceId | None = None
        self.bound_by: RequestId | None = None
        self.hold = False
        self.now = NOW
        self.window: WindowSummary | None = None
        self.renew_key = False
        self.suspended = False
        self.announcements: tuple[Announcement, ...] = ()
        self.offers: tuple[Offer, ...] = ()
        self.holidays: tuple[str, ...] = ()
        self.matches = True
        self.cases: tuple[CaseSummary, ...] = ()
        self.last_sequence = 0
        self.received: list[SignedRequest] = []
        self.answers: dict[str, bytes] = {}
        self.answer_next_with: Answerer | None = None
        self._lose_requests = 0
        self._lose_answers = 0

    def sign_root(self, version: int, **changes: Any) -> RootSignatures:
        keys: list[tuple[SigningKey, KeyUse]] = [
            (self.root_key, KeyUse.ROOT),
            (self.document_key, KeyUse.DOCUMENT),
        ]
        fields: dict[str, Any] = {
            "version": version,
            "issued_at": NOW,
            "audience": "simulated",
            "threshold": 1,
            "keys": {key.public.kid: record(key, use) for key, use in keys},
            "agreement_key": AGREEMENT_KEY,
        }
        root = Root(**(fields | changes))
        return (jws.sign(root, ROOT_TYPE, self.root_key),)

    def rotate_document_key(self, *, keep: bool = False) -> None:
        """Sign with another key from now on; `keep` goes on believing the one before."""
        former, self.document_key = self.document_key, es256()
        changes: dict[str, Any] = {}
        if keep:
            named: list[tuple[SigningKey, KeyUse]] = [
                (self.root_key, KeyUse.ROOT),
                (self.document_key, KeyUse.DOCUMENT),
                (former, KeyUse.DOCUMENT),
            ]
            changes["keys"] = {key.public.kid: record(key, use) for key, use in named}
        self.roots = (*self.roots, self.sign_root(len(self.roots) + 1, **changes))

    def lose_next_request(self, times: int = 1) -> None:
        self._lose_requests = times

    def lose_next_answer(self, times: int = 1) -> None:
        self._lose_answers = times

    def send(self, request: bytes) -> bytes:
        if self._lose_requests:
            self._lose_requests -= 1
            raise ServerUnreachable(server="simulated")
        answer = self.answer(request)
        if self._lose_answers:
            self._lose_answers -= 1
            raise ServerUnreachable(server="simulated")
        return answer

    def answer(self, raw: bytes) -> bytes:
        signed = open_request(raw)
        self.received.append(signed)
        request = signed.request
        if request.request_id not in self.answers:
            answerer, self.answer_next_with = self.answer_next_with, None
            document = (answerer or SimulatedServer.decide)(self, signed)
            if not isinstance(document, bytes):
                document = sign_answer(document, self.document_key)
            self.answers[request.request_id] = document
            self.last_sequence = max(self.last_sequence, request.sequence)
        return pack_answer(self.roots[request.trust_version :], self.answers[request.request_id])

    def decide(self, signed: SignedRequest) -> AnyAnswer:
        request = signed.request
        match request:
            case _ if request.sequence <= self.last_sequence:
                return self.refusal(signed, RefusalCode.SEQUENCE_USED)
            case Activate():
                return self.bind(signed, request)
            case Release():
                freed = (request.generation,) if self.bound_to == signed.device else ()
                self.bound_to = None
                return self.receipt(signed, request, freed)
            case Notice():
                if self.renew_key:
                    return self.refusal(signed, RefusalCode.KEY_RENEWAL_NEEDED)
                return self.grant(signed, request)
            case Withdraw():
                mine = self.bound_to == signed.device and not request.generation
                if mine and request.takes_back == self.bound_by:
                    self.bound_to = None
                self.cases = ()
            case _:
                pass
        return self.truth(signed)

    def bind(self, signed: SignedRequest, request: Activate) -> AnyAnswer:
        if request.license.key_id != codes.key_id(LICENSE_KEY):
            return self.refusal(signed, RefusalCode.LICENSE_UNKNOWN)
        if self.renew_key:
            return self.renew(signed, request)
        if self.bound_to not in (None, signed.device):
            return self.case(signed)
        self.generation, self.bound_to = self.generation + 1, signed.device
        self.bound_by = request.request_id
        return self.license(signed, request)

    def renew(self, signed: SignedRequest, request: Activate) -> AnyAnswer:
        """The device key was copied: only its successor is heard, where the machine matches."""
        if request.handover is None:
            return self.refusal(signed, RefusalCode.KEY_RENEWAL_NEEDED)
        assert open_handover(request.handover.encode(), signed.device) == self.bound_to
        if not self.matches:
            return self.case(signed, kind=CaseKind.FORK)
        self.generation, self.bound_to = self.generation + 1, signed.device
        self.bound_by = request.request_id
        self.renew_key = False
        return self.license(signed, request)

    def grant(self, signed: SignedRequest, request: Notice) -> Window:
        self.window = WindowSummary(
            window_id=3,
            scope=request.scope,
            starts_at=request.starts_at,
            ends_at=request.ends_at,
            received_at=NOW,
        )
        return Window(**self.head(signed), license_id=LICENSE_ID, window=self.window)

    def head(self, signed: SignedRequest) -> dict[str, Any]:
        self.audit_index += 1
        return {
            "request_id": signed.request.request_id,
            "request_hash": signed.digest,
            "device": signed.device,
            "generation": self.generation,
            "epoch": self.epoch,
            "server_time": self.now,
            "audit_index": self.audit_index,
        }

    def license(self, signed: SignedRequest, request: Activate, **changes: Any) -> License:
        fields = self.head(signed) | {
            "license_id": LICENSE_ID,
            "product": "Office automation",
            "customer": "شرکت نمونه",
            "modules": ("letters",),
            "seats": 25,
            "support_code": "1234 5678",
            "policy": self.policy,
            "fingerprint": request.fingerprint,
        }
        return License(**(fields | changes))

    def receipt(self, signed: SignedRequest, request: Release, freed: tuple[int, ...]) -> Receipt:
        fields = self.head(signed) | {"generation": max(request.generation, *freed, 0)}
        return Receipt(
            **fields,
            license_id=LICENSE_ID,
            proof=signed.digest,
            covered_sequence=request.sequence,
            reactivation_code=request.reactivation_code,
            freed=freed,
        )

    def case(
        self,
        signed: SignedRequest,
        state: CaseState = CaseState.OPEN,
        kind: CaseKind = CaseKind.BOUND_ELSEWHERE,
    ) -> Case:
        case = self.summary(state, kind)
        # Like the signing server: what it opened, the next truth tells of.
        self.cases = (case,)
        return Case(**(self.head(signed) | {"generation": 0}), case=case)

    def summary(
        self, state: CaseState = CaseState.OPEN, kind: CaseKind = CaseKind.BOUND_ELSEWHERE
    ) -> CaseSummary:
        return CaseSummary(case_id=7, kind=kind, state=state, opened_at=NOW)

    def refusal(self, signed: SignedRequest, code: RefusalCode) -> Refusal:
        return Refusal(**self.head(signed), code=code.value, last_sequence=self.last_sequence)

    def truth(self, signed: SignedRequest) -> Truth:
        request = signed.request
        held = (
            isinstance(request, CheckIn)
            and request.generation == self.generation
            and self.bound_to == signed.device
        )
        return Truth(
            **self.head(signed),
            held=held,
            hold=self.hold,
            license_id=LICENSE_ID,
            last_sequence=self.last_sequence,
            cases=self.cases,
            window=self.window,
            renew_key=self.renew_key,
            suspended=self.suspended and held,
            announcements=self.announcements,
            offers=self.offers,
            holidays=self.holidays,
        )
