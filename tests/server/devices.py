"""Devices as the server meets them: a key, a counter, and requests they sign.

Nothing of the agent: these devices also lie, forget and repeat themselves.
"""

import itertools
import uuid
from dataclasses import dataclass, field
from typing import Any

from protocol import codes, jws
from protocol.documents import (
    Activate,
    CheckIn,
    Handover,
    Notice,
    Release,
    Request,
    Withdraw,
)
from protocol.encoding import sha256, to_base64url
from protocol.envelope import sign_handover, sign_request
from protocol.keys import Ed25519Key, device_id
from protocol.values import (
    ComponentStatus,
    DeviceId,
    Digest,
    Fingerprint,
    MachineClass,
    OsTags,
    ReleaseReason,
    RequestId,
    Standing,
    Timestamp,
)

_numbers = itertools.count(1)
PARTS = ("system_uuid", "board", "system_serial", "boot_disk", "nic", "cpu", "memory")


def tag(text: str) -> str:
    return sha256(text.encode())[:22]


def machine(name: str = "m", /, **changed: str | None) -> Fingerprint:
    """A bare machine; `cpu="other"` swaps a part, `cpu=None` hides it; `os_…` for the system."""
    system = {n: changed.pop(f"os_{n}", n) for n in ("release", "patch", "instance")}
    values = {part: changed.get(part, part) for part in PARTS}
    return Fingerprint(
        machine_class=MachineClass.BARE,
        components={n: (tag(f"{name}|{n}|{v}"),) for n, v in values.items() if v is not None},
        os=OsTags(**{n: None if v is None else tag(f"{name}|os|{v}") for n, v in system.items()}),
    )


def new_request_id() -> RequestId:
    text = f"{next(_numbers):012x}{uuid.uuid4().hex[:20]}"
    return RequestId(f"{text[:8]}-{text[8:12]}-7{text[13:16]}-8{text[17:20]}-{text[20:]}")


@dataclass
class Device:
    """`head` overrides what every request says; `asked` is its newest activation."""

    audience: str
    name: str = "m"
    key: Ed25519Key = field(
        default_factory=lambda: Ed25519Key(sha256(str(next(_numbers)).encode())[:32].encode())
    )
    sequence: int = 0
    head: dict[str, Any] = field(default_factory=dict)
    asked: RequestId | None = None

    @property
    def id(self) -> DeviceId:
        return device_id(self.key.public)

    def activate(self, license_key: str, code: str | None = None, **fields: Any) -> bytes:
        head = self._head(fields)
        claim = codes.claim(license_key, self.id, head["request_id"])
        if code is not None:
            proof = codes.prove(codes.code_hash(code), self.id, head["request_id"])
            fields.setdefault("code_proof", proof)
        defaults = {
            "license": claim,
            "agreement_key": to_base64url(b"a" * 32),
            "fingerprint": machine(self.name),
            "high_water": 0,
        }
        self.asked = head["request_id"]
        return self._signed(Activate(**head, **{**defaults, **fields}))

    def check_in(
        self,
        document: bytes | None = None,
        standing: Standing = Standing.ACTIVE,
        generation: int | None = None,
        **fields: Any,
    ) -> bytes:
        head = self._head(fields)
        defaults = {
            "standing": standing,
            "generation": generation_of(document) if generation is None else generation,
            "statuses": dict.fromkeys(PARTS, ComponentStatus.SAME),
            "observed_grace_hours": 0,
            "license": document.decode() if document else None,
        }
        return self._signed(CheckIn(**head, **{**defaults, **fields}))

    def release(self, document: bytes, code: str = "FGR-x", **fields: Any) -> bytes:
        head = self._head(fields)
        defaults = {
            "license": document.decode(),
            "generation": generation_of(document),
            "reason": ReleaseReason.HARDWARE,
            "tombstone": sha256(b"tombstone"),
            "statuses": dict.fromkeys(PARTS, ComponentStatus.SAME),
            "reactivation_code": codes.code_hash(code),
            "takes_back": self.asked,
        }
        return self._signed(Release(**head, **{**defaults, **fields}))

    def withdraw(self, license_key: str, **fields: Any) -> bytes:
        head = self._head(fields)
        claim = codes.claim(license_key, self.id, head["request_id"])
        defaults = {"license": claim, "takes_back": self.asked}
        return self._signed(Withdraw(**head, **{**defaults, **fields}))

    def notice(self, document: bytes, starts_at: int, ends_at: int, **fields: Any) -> bytes:
        head = self._head(fields)
        defaults = {
            "license": document.decode(),
            "scope": ("cpu",),
            "starts_at": Timestamp(starts_at),
            "ends_at": Timestamp(ends_at),
            "reason": "a new processor",
            "contact": "admin",
            "fingerprint": machine(self.name),
        }
        return self._signed(Notice(**head, **{**defaults, **fields}))

    def hand_over(self, heir: DeviceId) -> str:
        """A paper that names another key this device's successor."""
        handover = Handover(device=heir, issued_at=Timestamp(1_790_000_000))
        return sign_handover(handover, self.key).decode()

    def _head(self, fields: dict[str, Any]) -> dict[str, Any]:
        if "sequence" not in fields:
            self.sequence += 1
        defaults: dict[str, Any] = {
            "request_id": new_request_id(),
            "audience": self.audience,
            "issued_at": Timestamp(1_790_000_000),
            "agent_version": "0.1.0",
            "epoch_seen": 1,
            "trust_version": 1,
            "sequence": self.sequence,
            "last_answer": None,
        } | self.head
        return {name: fields.pop(name, value) for name, value in defaults.items()}

    def _signed(self, request: Request) -> bytes:
        return sign_request(request, self.key)


def generation_of(document: bytes | None) -> int:
    """What an unverified license document says of its generation."""
    if document is None:
        return 0
    import json
    from base64 import urlsafe_b64decode

    payload = document.split(b".")[1]
    return int(json.loads(urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))["generation"])


def digest(document: bytes) -> Digest:
    return jws.digest(document)
