"""What a public folder can look like, and what an application must answer to it (§8)."""

from protocol.encoding import canonical
from protocol.trust import KeyUse
from protocol.values import LicenseId, Standing
from tests.protocol.samples import DEVICE_KEY, LICENSE, NOW, OTHER_DEVICE_KEY
from tests.protocol.verifier_times import TIME_CASES
from tests.protocol.verifier_world import (
    HONEST,
    LICENSE_1,
    TAG,
    case,
    chain,
    flipped,
    license,
    permit,
    with_license,
)
from tests.protocol.world import (
    DATED_KEY,
    DOCUMENT_ED25519_KEY,
    DOCUMENT_KEY,
    DOCUMENT_RECORDS,
    NOT_AFTER,
    NOT_BEFORE,
    RETIRED_AT,
    RETIRED_KEY,
    REVOKED_KEY,
    ROOT_1,
    ROOT_2,
    ROOT_3,
    ROOT_A,
    ROOT_B,
    ROOT_C,
    UNKNOWN_KEY,
    es256_key,
    make_root,
    record,
    sign_root,
)
from tests.vectors.forge import device, encode, fields, jwk_of, server, server_headed, spell

NEW_KEY = es256_key(0x206)
_ROOTS = (ROOT_A, ROOT_B, ROOT_C)
_ROTATED = make_root(2, *_ROOTS, others=(*DOCUMENT_RECORDS, record(NEW_KEY, KeyUse.DOCUMENT)))
ROTATED = sign_root(_ROTATED, ROOT_A, ROOT_B)
ROTATED_BY_ONE = sign_root(_ROTATED, ROOT_A)
REVOKED = sign_root(
    make_root(2, *_ROOTS, others=(record(DOCUMENT_KEY, KeyUse.DOCUMENT, revoked=True),)),
    ROOT_A,
    ROOT_B,
)
RETIRED = sign_root(
    make_root(2, *_ROOTS, others=(record(DOCUMENT_KEY, KeyUse.DOCUMENT, retired_at=40),)),
    ROOT_A,
    ROOT_B,
)
OTHER_SERVER = sign_root(make_root(2, *_ROOTS, audience="other.example"), ROOT_A, ROOT_B)
OTHER_ROOT_1 = sign_root(make_root(1, *_ROOTS, threshold=1), ROOT_A, ROOT_B)

TRUST_CASES = {
    "honest": case("ok"),
    "document key Ed25519": with_license("ok", license(DOCUMENT_ED25519_KEY)),
    "chain longer than the pin": case("ok", roots=chain(ROOT_1, ROOT_2, ROOT_3)),
    "chain starts before the pin": case(
        "ok", roots=chain(ROOT_1, ROOT_2, ROOT_3), pin=chain(ROOT_2)
    ),
    "chain ends before the pin": case("ok", roots=chain(ROOT_1, ROOT_2), pin=chain(ROOT_3)),
    "chain is the next root alone": case("ok", roots=chain(ROOT_2)),
    "chain with line ends of an editor": case(
        "ok", roots=chain(ROOT_1, ROOT_2).replace(b"\n", b"\r\n")
    ),
    "pin is a whole chain": case("ok", pin=chain(ROOT_1, ROOT_2)),
    "pin signed by others than the chain's": case(
        "ok", pin=chain(sign_root(make_root(1, *_ROOTS), ROOT_B, ROOT_C))
    ),
    "pin edited": case("pin-broken", pin=flipped(chain(ROOT_1), 1)),
    "pin signed by one of two": case("pin-broken", pin=chain(ROOT_1[:1])),
    "pin missing a link": case("pin-broken", pin=chain(ROOT_1, ROOT_3)),
    "no chain": case("warn roots-broken", roots=None),
    "chain empty": case("warn roots-broken", roots=b""),
    "chain with a gap": case("warn roots-broken", roots=chain(ROOT_3)),
    "chain with a blank line": case("warn roots-broken", roots=chain(ROOT_1) + b"\n"),
    "chain edited in a passed root": case(
        "warn roots-broken", roots=flipped(ROOT_1[0], 1) + b"\n" + chain(ROOT_2), pin=chain(ROOT_2)
    ),
    "chain of another server": case("warn roots-broken", roots=chain(ROOT_1, OTHER_SERVER)),
    "chain of another root 1": case("warn roots-broken", roots=chain(OTHER_ROOT_1)),
    "chain too large": case("warn roots-broken", roots=chain(ROOT_1) * 2000),
    "rotated key": with_license("ok", license(NEW_KEY), roots=chain(ROOT_1, ROTATED)),
    "rotated key, old document": case("ok", roots=chain(ROOT_1, ROTATED)),
    "rotated key, chain cut": with_license("stop key-not-trusted", license(NEW_KEY)),
    "rotated key, root signed by one of two": with_license(
        "stop key-not-trusted", license(NEW_KEY), roots=chain(ROOT_1, ROTATED_BY_ONE)
    ),
    "rotated key, root edited": with_license(
        "stop key-not-trusted",
        license(NEW_KEY),
        roots=chain(ROOT_1) + b" ".join(flipped(raw, 2) for raw in ROTATED) + b"\n",
    ),
    "rotated key, an edited root in between": with_license(
        "warn roots-broken",
        license(NEW_KEY),
        roots=chain(ROOT_1) + flipped(ROOT_2[0], 1) + b"\n" + chain(ROTATED),
    ),
    "key revoked by a later root": case("stop key-not-trusted", roots=chain(ROOT_1, REVOKED)),
    "key revoked by a later root that was cut off": case("ok"),
    "key retired after the document": case("ok", roots=chain(ROOT_1, RETIRED)),
    "key retired before the document": with_license(
        "stop key-not-trusted", license(audit_index=41), roots=chain(ROOT_1, RETIRED)
    ),
    "retired at this very index": with_license("ok", license(RETIRED_KEY, audit_index=RETIRED_AT)),
    "retired one index before": with_license(
        "stop key-not-trusted", license(RETIRED_KEY, audit_index=RETIRED_AT + 1)
    ),
    "revoked key": with_license("stop key-not-trusted", license(REVOKED_KEY)),
    "first second of the key": with_license("ok", license(DATED_KEY, server_time=NOT_BEFORE)),
    "last second of the key": with_license("ok", license(DATED_KEY, server_time=NOT_AFTER)),
    "a second too early": with_license(
        "stop key-not-trusted", license(DATED_KEY, server_time=NOT_BEFORE - 1)
    ),
    "a second too late": with_license(
        "stop key-not-trusted", license(DATED_KEY, server_time=NOT_AFTER + 1)
    ),
    "unknown key": with_license("stop key-not-trusted", license(UNKNOWN_KEY)),
    "a root key": with_license("stop key-not-trusted", license(ROOT_A)),
    "a key smuggled into the header": case(
        "stop key-not-trusted", license=server_headed({"jwk": jwk_of(DOCUMENT_KEY)})
    ),
}

_EXTRA = spell(fields(LICENSE) | {"expires_at": NOW})
DOCUMENT_CASES = {
    "no document": case("stop no-document", license=None),
    "no document, no permit": case("stop no-document", license=None, permit=None),
    "nothing at all": case("stop no-document", roots=None, license=None, permit=None),
    "document empty": case("stop document-broken", license=b""),
    "document truncated": case("stop document-broken", license=LICENSE_1[:-7]),
    "document cut to a half": case(
        "stop document-broken", license=LICENSE_1[: len(LICENSE_1) // 2]
    ),
    "document with a line break": case("stop document-broken", license=LICENSE_1 + b"\n"),
    "bit of the key's name": case("stop key-not-trusted", license=flipped(LICENSE_1, 0)),
    "bit of the payload": case("stop document-broken", license=flipped(LICENSE_1, 1)),
    "bit of the signature": case("stop document-broken", license=flipped(LICENSE_1, 2)),
    "padding": case("stop document-broken", license=LICENSE_1 + b"="),
    "crit": case("stop document-broken", license=server_headed({"crit": ["exp"]})),
    "alg none": case("stop document-broken", license=server_headed({"alg": "none"})),
    "alg of another key": case("stop document-broken", license=server_headed({"alg": "Ed25519"})),
    "an unknown field": case("stop document-broken", license=server(_EXTRA)),
    "a null where nothing is due": case(
        "stop document-broken", license=server(spell(fields(LICENSE) | {"baseline": None}))
    ),
    "white space": case("stop document-broken", license=server(canonical(LICENSE) + b" ")),
    "too large": case("stop document-broken", license=LICENSE_1 + b"A" * 65536),
    "not ASCII": case("stop document-broken", license="مجوز".encode()),
    "a root instead": case("stop document-broken", license=ROOT_1[0]),
    "files swapped": case("stop document-broken", license=permit(), permit=LICENSE_1),
    "escapes and Persian in every text": with_license(
        "ok", license(customer='«نمونه» "a\\b" /\t\n\x01\x7f\u2028😀', product="é")
    ),
    "all that a license can say": with_license(
        "ok", license(warranty_until="2030-01-31", baseline=LICENSE.fingerprint, modules=())
    ),
}

_OTHER = LicenseId("01890a5d-ac96-774b-bcce-000000000002")
_BOTH_EMPTY = permit(machine_tag="")
_WITHOUT_KEY = spell({"alg": "Ed25519", "kid": DEVICE_KEY.public.kid, "typ": "permit+jws"})


def _headless() -> bytes:
    signed = encode(_WITHOUT_KEY) + b"." + encode(canonical(HONEST))
    return signed + b"." + encode(DEVICE_KEY.sign(signed))


def _under_a_name_not_its_own() -> bytes:
    head = {"alg": "Ed25519", "jwk": jwk_of(DEVICE_KEY), "typ": "permit+jws"}
    head["kid"] = OTHER_DEVICE_KEY.public.kid
    signed = encode(spell(head)) + b"." + encode(canonical(HONEST))
    return signed + b"." + encode(DEVICE_KEY.sign(signed))


PERMIT_CASES = {
    "no permit": case("stop no-permit", permit=None),
    "permit empty": case("stop permit-broken", permit=b""),
    "permit truncated": case("stop permit-broken", permit=permit()[:-5]),
    "permit's bit of the key's name": case(
        "stop permit-of-another-device", permit=flipped(permit(), 0)
    ),
    "permit's bit of the payload": case("stop permit-broken", permit=flipped(permit(), 1)),
    "permit's bit of the signature": case("stop permit-broken", permit=flipped(permit(), 2)),
    "permit with an unknown field": case(
        "stop permit-broken", permit=device(spell(fields(HONEST) | {"more": 1}), "permit+jws")
    ),
    "permit without a field": case(
        "stop permit-broken", permit=device(spell({"generation": 1}), "permit+jws")
    ),
    "status as permit": case("stop permit-broken", permit=device(canonical(HONEST), "status+jws")),
    "permit by an ES256 key": case("stop permit-broken", permit=permit(key=DOCUMENT_KEY)),
    "permit by another device": case(
        "stop permit-of-another-device", permit=permit(key=OTHER_DEVICE_KEY)
    ),
    "permit by another device, broken": case(
        "stop permit-broken", permit=flipped(permit(key=OTHER_DEVICE_KEY), 2)
    ),
    "permit without its key": case("stop permit-of-another-device", permit=_headless()),
    "permit under another's name": case(
        "stop permit-of-another-device", permit=_under_a_name_not_its_own()
    ),
    "document of another machine": with_license(
        "stop permit-of-another-device", license(device=OTHER_DEVICE_KEY.public.kid)
    ),
    "permit of another license": case(
        "stop permit-of-another-license", permit=permit(license_id=_OTHER)
    ),
    "permit of an earlier generation": case(
        "stop permit-of-another-generation", license=license(generation=2)
    ),
    "permit of a later generation": case(
        "stop permit-of-another-generation", permit=permit(generation=2)
    ),
    "permit of another document of the same generation": case(
        "stop permit-of-another-document", license=license(audit_index=39)
    ),
    "folder copied to another machine": case("stop wrong-machine", tag="f" * 64),
    "tag in other letters": case("stop wrong-machine", tag=TAG.upper()),
    "agent's machine had no id": case("stop wrong-machine", permit=_BOTH_EMPTY),
    "machine without an id": case("stop machine-unknown", tag=""),
    "two machines without an id": case("stop machine-unknown", permit=_BOTH_EMPTY, tag=""),
    **{
        f"standing {standing}": case("stop not-usable", permit=permit(standing=standing))
        for standing in Standing
        if standing not in (Standing.ACTIVE, Standing.DRIFTED)
    },
}

CASES = {
    f"{part}: {name}": found
    for part, cases in (
        ("trust", TRUST_CASES),
        ("document", DOCUMENT_CASES),
        ("permit", PERMIT_CASES),
        ("time", TIME_CASES),
    )
    for name, found in cases.items()
}
