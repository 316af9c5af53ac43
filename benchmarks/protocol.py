"""What the strict profile costs: opening a document against checking its signature alone.

Run as `python -m benchmarks.protocol`. Both are timed in turns, so that a busy machine slows both.
The goal is a ratio of 1.3 at most for a license as it is signed by default (ES256).
"""

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import msgspec

from protocol import jws
from protocol.encoding import from_base64url
from protocol.envelope import open_license, open_request, sign_answer, sign_permit, sign_request
from protocol.exchange import pack_roots
from protocol.keys import PublicKey, SigningKey
from protocol.values import Fingerprint, MachineClass, OsTags
from protocol.verifier import Here, PublicCopies, Verifier
from protocol.weights import DEFAULT_POLICY
from tests.protocol.samples import ACTIVATE, DEVICE_KEY, LICENSE, PERMIT
from tests.protocol.world import (
    DOCUMENT_ED25519_KEY,
    DOCUMENT_KEY,
    ROOT_1,
    ROOT_2,
    ROOT_3,
    TRUST_1,
)

GOAL = 1.3
_PAIRS = 2000
_TAGS = ("x" * 22, "y" * 22)
# As large as in the field: every component of the policy, two tags each.
_FINGERPRINT = Fingerprint(
    machine_class=MachineClass.BARE,
    components=dict.fromkeys(DEFAULT_POLICY.weights, _TAGS),
    os=OsTags(release=_TAGS[0], patch=_TAGS[0], instance=_TAGS[0]),
)
_LICENSE = msgspec.structs.replace(LICENSE, policy=DEFAULT_POLICY, fingerprint=_FINGERPRINT)
_REQUEST = msgspec.structs.replace(ACTIVATE, fingerprint=_FINGERPRINT)


def compare(name: str, opening: Callable[[], object], checking: Callable[[], object]) -> None:
    """Print both medians and their ratio."""
    pairs = [(_timed(opening), _timed(checking)) for _ in range(_PAIRS)]
    opened = statistics.median([pair[0] for pair in pairs])
    checked = statistics.median([pair[1] for pair in pairs])
    line = f"{name:<18} {opened / 1000:7.1f} us, signature alone {checked / 1000:7.1f} us"
    sys.stdout.write(f"{line}, ratio {opened / checked:.2f}\n")


def compare_license(key: SigningKey) -> None:
    """A license, under one of the root's keys."""
    raw = sign_answer(_LICENSE, key)
    name = f"license {key.public.algorithm}"
    compare(name, lambda: open_license(raw, TRUST_1), _check(raw, key.public))


def compare_request() -> None:
    """A request: its key is loaded anew each time, in the check as well."""
    raw = sign_request(_REQUEST, DEVICE_KEY)
    jwk = DEVICE_KEY.public.jwk
    signed, _, signature = raw.rpartition(b".")
    decoded = from_base64url(signature)
    compare(
        "request Ed25519",
        lambda: open_request(raw),
        lambda: PublicKey(jwk).verify(decoded, signed),
    )


def compare_verification() -> None:
    """What an application pays for its answer, against the two signatures in the folder."""
    document = sign_answer(_LICENSE, DOCUMENT_KEY)
    claims = {"document": jws.digest(document), "machine_tag": _TAGS[0]}
    permit = sign_permit(msgspec.structs.replace(PERMIT, **claims), DEVICE_KEY)
    verifier, copies = Verifier(pack_roots((ROOT_1,))), PublicCopies(None, document, permit)
    here = Here(_TAGS[0], PERMIT.issued_at)
    license_holds, jwk = _check(document, DOCUMENT_KEY.public), DEVICE_KEY.public.jwk
    signed, _, signature = permit.rpartition(b".")
    decoded = from_base64url(signature)

    def check_both() -> None:
        license_holds()
        PublicKey(jwk).verify(decoded, signed)

    for roots in ((ROOT_1,), (ROOT_1, ROOT_2, ROOT_3)):
        copies = copies._replace(roots=pack_roots(roots))
        name = f"verifier, {len(roots)} roots"
        compare(name, partial(verifier.judge, copies, here), check_both)


def _check(raw: bytes, key: PublicKey) -> Callable[[], object]:
    signed, _, signature = raw.rpartition(b".")
    decoded = from_base64url(signature)
    return lambda: key.verify(decoded, signed)


def _timed(call: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    call()
    return time.perf_counter_ns() - started


def main() -> None:
    """Compare all; the goal is judged by whoever reads: a busy machine is no regression."""
    sys.stdout.write(f"goal: ratio {GOAL} for a license by ES256\n")
    compare_license(DOCUMENT_KEY)
    compare_license(DOCUMENT_ED25519_KEY)
    compare_request()
    compare_verification()


if __name__ == "__main__":
    main()
