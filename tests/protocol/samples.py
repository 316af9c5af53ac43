"""One honest document of every type, small and fixed."""

from typing import Any

from protocol.codes import claim, code_hash, format_code
from protocol.documents import (
    Activate,
    AnyAnswer,
    Case,
    CaseSummary,
    CheckIn,
    License,
    Notice,
    Permit,
    Receipt,
    Refusal,
    Release,
    Request,
    Truth,
    Window,
    WindowSummary,
    Withdraw,
)
from protocol.encoding import sha256
from protocol.envelope import sign_request
from protocol.keys import Ed25519Key, device_id
from protocol.values import (
    CaseKind,
    CaseState,
    ComponentStatus,
    Fingerprint,
    Level,
    LicenseId,
    MachineClass,
    OsAxis,
    OsTags,
    Policy,
    ReleaseReason,
    RequestId,
    Standing,
    Timestamp,
    Weight,
)
from protocol.views import Report, StatusCopy, StatusView

DEVICE_KEY = Ed25519Key(bytes([1]) * 32)
OTHER_DEVICE_KEY = Ed25519Key(bytes([2]) * 32)
DEVICE = device_id(DEVICE_KEY.public)

AUDIENCE = "signing.example.test"
REQUEST_ID = RequestId("01890a5d-ac96-774b-bcce-b302099a8057")
LICENSE_ID = LicenseId("01890a5d-ac96-774b-bcce-000000000001")
NOW = Timestamp(1_800_000_000)
LATER = Timestamp(1_800_086_400)
LICENSE_KEY = format_code("FGM", 2**99 + 12345)
CODE_HASH = code_hash(format_code("FGR", 2**98 + 54321))
TAG = "A" * 22

FINGERPRINT = Fingerprint(
    machine_class=MachineClass.BARE, components={"board": (TAG,)}, os=OsTags(release=TAG)
)
POLICY = Policy(
    level=Level.NORMAL,
    weights={"board": Weight(bare=25, vm=0)},
    grace_hours=72,
    os_axis=OsAxis.UPGRADE,
)
VIEW = StatusView(
    standing=Standing.ACTIVE,
    usable=True,
    license=None,
    generation=1,
    request=None,
    drift=None,
    os=None,
    grace_hours_left=None,
    window=None,
    case=None,
    confirmed_at=NOW,
    stale=False,
    actions=("release",),
    messages=(),
)

_HEAD: dict[str, Any] = {
    "request_id": REQUEST_ID,
    "audience": AUDIENCE,
    "issued_at": NOW,
    "agent_version": "1.0",
    "epoch_seen": 1,
    "trust_version": 1,
    "sequence": 1,
}
_CLAIM = claim(LICENSE_KEY, DEVICE, REQUEST_ID)

ACTIVATE = Activate(
    **_HEAD, license=_CLAIM, agreement_key="A" * 43, fingerprint=FINGERPRINT, high_water=0
)
REQUEST_DIGEST = sha256(sign_request(ACTIVATE, DEVICE_KEY).rpartition(b".")[0])

_ANSWER: dict[str, Any] = {
    "request_id": REQUEST_ID,
    "request_hash": REQUEST_DIGEST,
    "device": DEVICE,
    "generation": 1,
    "epoch": 1,
    "server_time": NOW,
    "audit_index": 40,
}

LICENSE = License(
    **_ANSWER,
    license_id=LICENSE_ID,
    product="Faragostar",
    customer="نمونه",
    modules=("base",),
    seats=10,
    support_code="1234",
    policy=POLICY,
    fingerprint=FINGERPRINT,
)
RECEIPT = Receipt(
    **_ANSWER,
    license_id=LICENSE_ID,
    proof=REQUEST_DIGEST,
    covered_sequence=2,
    reactivation_code=CODE_HASH,
)
WINDOW = Window(
    **_ANSWER,
    license_id=LICENSE_ID,
    window=WindowSummary(
        window_id=1, scope=("board",), starts_at=NOW, ends_at=LATER, received_at=NOW
    ),
)
CASE = Case(
    **_ANSWER,
    case=CaseSummary(case_id=1, kind=CaseKind.FORK, state=CaseState.OPEN, opened_at=NOW),
)
TRUTH = Truth(**_ANSWER, held=True, license_id=LICENSE_ID)
REFUSAL = Refusal(**_ANSWER, code="on-hold")

CHECK_IN = CheckIn(
    **_HEAD,
    standing=Standing.ACTIVE,
    generation=1,
    statuses={"board": ComponentStatus.SAME},
    observed_grace_hours=0,
)
RELEASE = Release(
    **_HEAD,
    license="a.b.c",
    generation=1,
    reason=ReleaseReason.HARDWARE,
    tombstone=REQUEST_DIGEST,
    statuses={},
    reactivation_code=CODE_HASH,
)
WITHDRAW = Withdraw(**_HEAD, license=_CLAIM)
NOTICE = Notice(
    **_HEAD,
    license="a.b.c",
    scope=("board",),
    starts_at=NOW,
    ends_at=LATER,
    reason="a new board",
    contact="admin",
    fingerprint=FINGERPRINT,
)
PERMIT = Permit(
    license_id=LICENSE_ID,
    generation=1,
    document=REQUEST_DIGEST,
    machine_tag="0" * 64,
    standing=Standing.ACTIVE,
    issued_at=NOW,
    expires_at=LATER,
)
STATUS = StatusCopy(device=DEVICE, issued_at=NOW, view=VIEW)
REPORT = Report(device=DEVICE, issued_at=NOW, agent_version="1.0", high_water=0, view=VIEW)

REQUESTS: tuple[Request, ...] = (ACTIVATE, CHECK_IN, RELEASE, WITHDRAW, NOTICE)
ANSWERS: tuple[AnyAnswer, ...] = (LICENSE, RECEIPT, WINDOW, CASE, TRUTH, REFUSAL)
