"""A signing server's keys and roots, the same in every run."""

from cryptography.hazmat.primitives.asymmetric import ec

from protocol import jws
from protocol.keys import Ed25519Key, Es256Key, SigningKey
from protocol.trust import ROOT_TYPE, KeyRecord, KeyUse, Root, RootSignatures, Trust
from protocol.values import KeyThumbprint, Timestamp
from tests.protocol.samples import AUDIENCE, NOW


def ed25519_key(number: int) -> Ed25519Key:
    return Ed25519Key(number.to_bytes(32))


def es256_key(number: int) -> Es256Key:
    return Es256Key(ec.derive_private_key(number, ec.SECP256R1()))


ROOT_A, ROOT_B, ROOT_C, ROOT_D = (ed25519_key(number) for number in range(101, 105))
ROOT_RETIRED, ROOT_REVOKED = ed25519_key(105), ed25519_key(106)
DOCUMENT_KEY = es256_key(0x201)
DOCUMENT_ED25519_KEY = ed25519_key(202)
RETIRED_KEY = es256_key(0x203)
REVOKED_KEY = es256_key(0x204)
DATED_KEY = es256_key(0x205)
UNKNOWN_KEY = es256_key(0x2FF)

_EVER_SINCE = Timestamp(0)
RETIRED_AT = 50
NOT_BEFORE = Timestamp(NOW - 100)
NOT_AFTER = Timestamp(NOW + 100)


def record(
    key: SigningKey,
    use: KeyUse,
    *,
    not_before: Timestamp = _EVER_SINCE,
    not_after: Timestamp | None = None,
    retired_at: int | None = None,
    revoked: bool = False,
) -> tuple[KeyThumbprint, KeyRecord]:
    public = key.public
    entry = KeyRecord(
        alg=public.algorithm,
        use=use,
        jwk=public.jwk,
        not_before=not_before,
        not_after=not_after,
        retired_at=retired_at,
        revoked=revoked,
    )
    return KeyThumbprint(public.kid), entry


DOCUMENT_RECORDS = (
    record(DOCUMENT_KEY, KeyUse.DOCUMENT),
    record(DOCUMENT_ED25519_KEY, KeyUse.DOCUMENT),
    record(RETIRED_KEY, KeyUse.DOCUMENT, retired_at=RETIRED_AT),
    record(REVOKED_KEY, KeyUse.DOCUMENT, revoked=True),
    record(DATED_KEY, KeyUse.DOCUMENT, not_before=NOT_BEFORE, not_after=NOT_AFTER),
)


def make_root(
    version: int,
    *root_keys: SigningKey,
    threshold: int = 2,
    audience: str = AUDIENCE,
    others: tuple[tuple[KeyThumbprint, KeyRecord], ...] = DOCUMENT_RECORDS,
) -> Root:
    roots = tuple(record(key, KeyUse.ROOT) for key in root_keys)
    return Root(
        version=version,
        issued_at=NOW,
        audience=audience,
        threshold=threshold,
        keys=dict((*roots, *others)),
        agreement_key="A" * 43,
    )


def sign_root(root: Root, *keys: SigningKey) -> RootSignatures:
    return tuple(jws.sign(root, ROOT_TYPE, key) for key in keys)


# root 2 replaces A by D; root 3 replaces B by A again.
ROOT_1 = sign_root(make_root(1, ROOT_A, ROOT_B, ROOT_C), ROOT_A, ROOT_B)
ROOT_2 = sign_root(make_root(2, ROOT_B, ROOT_C, ROOT_D), ROOT_B, ROOT_C)
ROOT_3 = sign_root(make_root(3, ROOT_A, ROOT_C, ROOT_D), ROOT_C, ROOT_D)

TRUST_1 = Trust.pin(ROOT_1)
TRUST_2 = Trust.follow((ROOT_1, ROOT_2))
TRUSTS = {"root-1": TRUST_1, "root-2": TRUST_2}
