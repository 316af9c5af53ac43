"""What the protected application asks: may it run on this machine (docs/protocol.md §8)?

The application ships with a root and believes nothing else: not the folder, not the clock. Pure:
the bytes of the public folder, the machine tag, the time and what was remembered go in; a frozen
`Judgement` comes out. What is deliberately absent: reading files, computing the tag, waiting for a
second reading. docs/integration shows those.
"""

from enum import StrEnum
from typing import NamedTuple, Self

import msgspec

from protocol import jws
from protocol.documents import License, Permit
from protocol.envelope import open_device_document, open_license
from protocol.exchange import unpack_roots
from protocol.problems import KeyOutOfDates, KeyRetired, KeyRevoked, ProtocolError, UnknownKey
from protocol.trust import Trust
from protocol.values import Count, Digest, Instant, Standing, Timestamp

_HOUR = 3600
_DAY = 24 * _HOUR
SILENT_AFTER_SECONDS = 2 * _DAY
REMOVED_AFTER_SECONDS = 90 * _DAY
LONGEST_STEP_SECONDS = 2 * _HOUR
CLOCK_SLACK_SECONDS = 300

_permit_decoder = msgspec.json.Decoder(Permit)
_USABLE = (Standing.ACTIVE, Standing.DRIFTED)


class Permission(StrEnum):
    """The three answers."""

    OK = "ok"
    WARN = "warn"
    STOP = "stop"


class Reason(StrEnum):
    """Why an application must stop (one reason), or should warn (all that apply)."""

    NO_DOCUMENT = "no-document"
    DOCUMENT_BROKEN = "document-broken"
    KEY_NOT_TRUSTED = "key-not-trusted"
    NO_PERMIT = "no-permit"
    PERMIT_BROKEN = "permit-broken"
    OTHER_DEVICE = "permit-of-another-device"
    OTHER_LICENSE = "permit-of-another-license"
    OTHER_GENERATION = "permit-of-another-generation"
    OTHER_DOCUMENT = "permit-of-another-document"
    MACHINE_UNKNOWN = "machine-unknown"
    WRONG_MACHINE = "wrong-machine"
    NOT_USABLE = "not-usable"
    GRACE_OVER = "grace-over"
    AGENT_REMOVED = "agent-removed"

    ROOTS_BROKEN = "roots-broken"
    AGENT_SILENT = "agent-silent"
    PERMIT_EXPIRED = "permit-expired"
    CLOCK_WRONG = "clock-wrong"
    DRIFTED = "drifted"


class Watch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the application remembers of the agent between two checks, and across its restarts.

    `silent_seconds` is running time without a sign of life. A clock can be set, but it cannot make
    90 days of running time pass while the agent runs; so the clock alone never stops anybody.
    """

    newest_stamp: Instant = Timestamp(0)
    silent_seconds: Count = 0

    def after(self, stamp: Timestamp, now: int, elapsed: int) -> Self:
        """Look at a genuine permit's stamp, `elapsed` running seconds after the last look.

        A stamp that is fresh by this clock is a sign of life, and so is one newer than any before:
        the first outlives a clock that was set back, the second one that the application does not
        share with the agent. Old permits put back, one or many in turn, are neither for long.
        """
        alive = abs(now - stamp) <= SILENT_AFTER_SECONDS or stamp > self.newest_stamp
        # Bounded, so that a suspended machine or a jump of any clock counts for one step only.
        step = min(max(elapsed, 0), LONGEST_STEP_SECONDS)
        return type(self)(
            newest_stamp=max(self.newest_stamp, stamp),
            silent_seconds=0 if alive else self.silent_seconds + step,
        )


class PublicCopies(NamedTuple):
    """The bytes of the agent's public folder; None where a file is missing."""

    roots: bytes | None
    license: bytes | None
    permit: bytes | None


class Here(NamedTuple):
    """What the application knows by itself: its machine, its clock, its memory.

    `elapsed`: running seconds since the last check by a clock that nobody sets; 0 at the first
    check of a process.
    """

    machine_tag: str
    now: int
    watch: Watch = Watch()
    elapsed: int = 0


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """May the application run, why not, and on which terms.

    `license` is the verified document, also where its permit says stop: ask `permission` first.
    `watch` is to be kept for the next check. `permit_age` is in seconds by the application's clock;
    negative: the stamp lies ahead.
    """

    permission: Permission
    reasons: tuple[Reason, ...]
    watch: Watch
    license: License | None = None
    permit_age: int | None = None
    grace_hours_left: int | None = None


class Verifier:
    """Judges the public folder of this machine; pins only the root."""

    def __init__(self, pinned_root: bytes) -> None:
        """`pinned_root`: what the application ships with; of a whole chain, its last root.

        Raises:
            ProtocolError: not a root, or not signed by its own threshold.
        """
        self._pin = Trust.follow(unpack_roots(pinned_root))

    def judge(self, copies: PublicCopies, here: Here) -> Judgement:
        """Answer ok, warn or stop; every byte may be missing, edited or another machine's."""
        if copies.license is None:
            return _stop(Reason.NO_DOCUMENT, here)
        trust, whole = _walk(self._pin, copies.roots)
        license = _open_license(copies.license, trust)
        if isinstance(license, Reason):
            return _stop(license, here)
        permit = _open_permit(copies.permit, license)
        if isinstance(permit, Reason):
            return _stop(permit, here, license)
        refused = _refused(permit, license, jws.digest(copies.license), here.machine_tag)
        if refused is not None:
            return _stop(refused, here, license)
        return _judge_time(license, permit, here, roots_whole=whole)


def _walk(pin: Trust, chain: bytes | None) -> tuple[Trust, bool]:
    """Advance from the pin as far as the chain leads; tell whether all of it could be followed.

    A broken chain only warns: whoever can break it could as well cut it, which nobody would see,
    and the key that signed the document may be in the pinned root all the same.
    """
    try:
        roots = unpack_roots(chain or b"")
    except ProtocolError:
        return pin, False
    trust, whole = pin, True
    for signatures in roots:
        try:
            trust = trust if trust.has_passed(signatures) else trust.advance(signatures)
        except ProtocolError:
            whole = False
    return trust, whole


def _open_license(raw: bytes, trust: Trust) -> License | Reason:
    try:
        return open_license(raw, trust)
    except (KeyOutOfDates, KeyRetired, KeyRevoked, UnknownKey):
        return Reason.KEY_NOT_TRUSTED
    except ProtocolError:
        return Reason.DOCUMENT_BROKEN


def _open_permit(raw: bytes | None, license: License) -> Permit | Reason:
    if raw is None:
        return Reason.NO_PERMIT
    try:
        return open_device_document(raw, Permit.typ, license.device, _permit_decoder)
    except UnknownKey:
        return Reason.OTHER_DEVICE
    except ProtocolError:
        return Reason.PERMIT_BROKEN


def _refused(permit: Permit, license: License, document: Digest, machine_tag: str) -> Reason | None:
    claims = {
        Reason.OTHER_LICENSE: permit.license_id == license.license_id,
        Reason.OTHER_GENERATION: permit.generation == license.generation,
        Reason.OTHER_DOCUMENT: permit.document == document,
        # Two machines without an id are not one machine.
        Reason.MACHINE_UNKNOWN: machine_tag != "",
        Reason.WRONG_MACHINE: permit.machine_tag == machine_tag,
        Reason.NOT_USABLE: permit.standing in _USABLE,
    }
    return next((reason for reason, holds in claims.items() if not holds), None)


def _judge_time(license: License, permit: Permit, here: Here, *, roots_whole: bool) -> Judgement:
    watch = here.watch.after(permit.issued_at, here.now, here.elapsed)
    drifted = permit.standing is Standing.DRIFTED
    hours = permit.grace_hours_left if drifted else None
    age = here.now - permit.issued_at
    ahead = max(-age, license.server_time - here.now)
    stops = {
        # An agent that fell silent while it counted does not make the grace endless.
        Reason.GRACE_OVER: hours is not None and watch.silent_seconds >= hours * _HOUR,
        Reason.AGENT_REMOVED: watch.silent_seconds > REMOVED_AFTER_SECONDS,
    }
    warnings = {
        Reason.ROOTS_BROKEN: not roots_whole,
        Reason.AGENT_SILENT: age > SILENT_AFTER_SECONDS,
        Reason.PERMIT_EXPIRED: here.now > permit.expires_at,
        Reason.CLOCK_WRONG: ahead > CLOCK_SLACK_SECONDS,
        Reason.DRIFTED: drifted,
    }
    stopped = tuple(reason for reason, applies in stops.items() if applies)[:1]
    warned = tuple(reason for reason, applies in warnings.items() if applies)
    permission = Permission.WARN if warned else Permission.OK
    return Judgement(
        permission=Permission.STOP if stopped else permission,
        reasons=stopped or warned,
        watch=watch,
        license=license,
        permit_age=age,
        grace_hours_left=hours,
    )


def _stop(reason: Reason, here: Here, license: License | None = None) -> Judgement:
    return Judgement(
        permission=Permission.STOP, reasons=(reason,), watch=here.watch, license=license
    )
