"""What a request brings to prove its words, verified before the write transaction opens (§5).

Signatures cost time and need no lock; and a stranger's request must not make writers wait.
"""

import itertools
import re
from dataclasses import dataclass

import msgspec

from protocol import codes, documents, envelope, jws
from protocol.documents import Activate, CheckIn, Notice, Release, Request, Withdraw
from protocol.encoding import canonical, decode_canonical, from_base64url, sha256
from protocol.envelope import SignedRequest
from protocol.problems import ProtocolError, RefusalCode, WrongType
from protocol.values import DeviceId, Digest, Fingerprint
from server_stub.licensing.models import Binding, Device, License
from server_stub.licensing.server import SigningServer
from server_stub.licensing.services.refusals import Refused, Unrecorded

_licenses = msgspec.json.Decoder(documents.License)
_receipts = msgspec.json.Decoder(documents.Receipt)
_NOBODYS_HASH = sha256(b"faragostar-man/no-such-license")

# As JSON spells it; behind an odd number of backslashes more it is six plain letters.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")

# A license document carries two of them and must stay below 64 KiB.
_LARGEST_FINGERPRINT = 16 * 1024
_TAG = re.compile(r"[A-Za-z0-9_-]+")
_HASH_BYTES = 32

SignedPaper = documents.License | documents.Receipt


@dataclass(frozen=True)
class Papers:
    """Verified, and about a license of ours; a `fault` is refused on the record.

    `proof`: the license document that a release, check-in or notice speaks of. `shown`: what an
    activate shows of an earlier generation. `former`: the device that named this one its successor.
    """

    license: License | None = None
    proof: documents.License | None = None
    shown: SignedPaper | None = None
    former: DeviceId | None = None
    fault: RefusalCode | None = None


_FAULTY = Papers(fault=RefusalCode.DOCUMENT_INVALID)


def verify_papers(server: SigningServer, signed: SignedRequest) -> Papers:
    """Verify everything a request brings.

    Raises:
        Unrecorded: it speaks of no license and no device that this server knows.
    """
    if _holds_nul(signed.request):
        if not _is_known(signed.device):
            raise Unrecorded(RefusalCode.DOCUMENT_INVALID)
        return _FAULTY
    return _by_operation(server, signed)


def _by_operation(server: SigningServer, signed: SignedRequest) -> Papers:
    match signed.request:
        case Activate() as request:
            license = _claimed_license(signed, request.license)
            return _of_activate(server, signed.device, request, license)
        case Release() as request:
            papers = _with_proof(server, signed, request.license, request.generation)
            hashes = (request.tombstone, request.reactivation_code)
            return papers if all(map(_is_hash, hashes)) else _FAULTY
        case CheckIn(license=str(document), generation=generation):
            return _with_proof(server, signed, document, generation)
        case CheckIn():
            if not _is_known(signed.device):
                raise Unrecorded(RefusalCode.DEVICE_UNKNOWN)
            return Papers()
        case Withdraw() as request:
            return Papers(license=_claimed_license(signed, request.license))
        case Notice() as request:
            papers = _with_proof(server, signed, request.license)
            return papers if _is_sound(request.fingerprint) else _FAULTY


def _claimed_license(signed: SignedRequest, claim: documents.LicenseClaim) -> License:
    """Find the license that the claim proves; an unknown key costs the same time (I5)."""
    license = License.objects.filter(key_id=claim.key_id).first()
    stored = Digest(license.key_hash) if license else _NOBODYS_HASH
    proven = codes.is_proof(claim.proof, stored, signed.device, signed.request.request_id)
    if license is None or not proven:
        raise Unrecorded(RefusalCode.LICENSE_UNKNOWN)
    return license


def _of_activate(
    server: SigningServer, device: DeviceId, request: Activate, license: License
) -> Papers:
    faulty = Papers(license=license, fault=RefusalCode.DOCUMENT_INVALID)
    if not _is_sound(request.fingerprint) or not _is_hash(request.agreement_key):
        return faulty
    try:
        shown = _shown(server, request.shown, license) if request.shown else None
        handover = request.handover
        former = envelope.open_handover(handover.encode(), device) if handover else None
    except ProtocolError:
        return faulty
    return Papers(license=license, shown=shown, former=former)


def _shown(server: SigningServer, raw: str, license: License) -> SignedPaper:
    try:
        shown = envelope.open_answer(raw.encode(), server.trust)
    except ProtocolError:
        # Its key was revoked since, perhaps: what is ours to the byte needs no signature.
        if (ours := _of_our_books(raw.encode(), license)) is None:
            raise
        return ours
    match shown:
        case documents.License() | documents.Receipt() if shown.license_id == license.license_id:
            return shown
    raise WrongType("a paper of another kind or license")


def _of_our_books(document: bytes, license: License) -> SignedPaper | None:
    if license.bindings.filter(document=document).exists():
        return decode_canonical(_payload(document, documents.License.typ), _licenses)
    if license.receipts.filter(document=document).exists():
        return decode_canonical(_payload(document, documents.Receipt.typ), _receipts)
    return None


def _payload(document: bytes, typ: str) -> bytes:
    return from_base64url(jws.split(document, typ).encoded_payload)


def _holds_nul(request: Request) -> bool:
    """Whether it says U+0000, which not every database takes as text (docs/adr/0030).

    A release's note is kept in the request's own bytes alone, and no proof is refused for it.
    """
    if isinstance(request, Release):
        request = msgspec.structs.replace(request, note=None)
    return _NUL.search(canonical(request)) is not None


def _is_sound(fingerprint: Fingerprint) -> bool:
    """Whether its tags are tags, and few enough for a license document to carry them."""
    system = (fingerprint.os.release, fingerprint.os.patch, fingerprint.os.instance)
    tags = itertools.chain(filter(None, system), *fingerprint.components.values())
    return len(canonical(fingerprint)) <= _LARGEST_FINGERPRINT and all(map(_TAG.fullmatch, tags))


def _is_hash(text: str) -> bool:
    """Whether this is the one spelling of 32 bytes: only then can it be reckoned with later."""
    try:
        return len(from_base64url(text.encode())) == _HASH_BYTES
    except ProtocolError:
        return False


def _with_proof(
    server: SigningServer, signed: SignedRequest, document: str, generation: int | None = None
) -> Papers:
    try:
        proof = _proof(server, signed, document, generation)
    except Refused as refused:
        # A stranger's worthless paper leaves no trace; a known device's is answered for ever.
        if not _is_known(signed.device):
            raise Unrecorded(refused.code) from refused
        return Papers(fault=refused.code)
    license = License.objects.filter(license_id=proof.license_id).first()
    if license is None:
        raise Unrecorded(RefusalCode.LICENSE_UNKNOWN)
    return Papers(license=license, proof=proof)


def _proof(
    server: SigningServer, signed: SignedRequest, document: str, generation: int | None
) -> documents.License:
    try:
        proof = envelope.open_license(document.encode(), server.trust)
    except ProtocolError as cause:
        # What was destroyed is not issued again: a proof must free it whatever became of its key.
        if not (isinstance(signed.request, Release) and _is_in_the_books(signed.device, document)):
            raise Refused(RefusalCode.DOCUMENT_INVALID) from cause
        proof = decode_canonical(_payload(document.encode(), documents.License.typ), _licenses)
    if proof.device != signed.device:
        raise Refused(RefusalCode.DEVICE_MISMATCH)
    if generation not in {None, proof.generation}:
        raise Refused(RefusalCode.DOCUMENT_INVALID)
    return proof


def _is_in_the_books(device: DeviceId, document: str) -> bool:
    """Whether these very bytes are a binding of this device: then no signature need say so."""
    return Binding.objects.filter(device_id=device, document=document.encode()).exists()


def _is_known(device: DeviceId) -> bool:
    return Device.objects.filter(device_id=device).exists()
