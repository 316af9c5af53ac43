"""Keys, their names and their signatures, against the vectors of the RFCs."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from protocol.encoding import from_base64url, to_base64url
from protocol.keys import Algorithm, EcJwk, Ed25519Key, Es256Key, OkpJwk, PublicKey, device_id
from protocol.problems import BadSignature, MalformedEnvelope
from tests.protocol.world import DOCUMENT_KEY, ROOT_A

# RFC 7515, appendix A.3.
RFC7515_KEY = EcJwk(
    crv="P-256",
    x="f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    y="x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
)
RFC7515_SIGNED = (
    b"eyJhbGciOiJFUzI1NiJ9"
    b".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)
RFC7515_SIGNATURE = (
    b"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)
# RFC 8037, appendices A.1 to A.4.
RFC8037_SECRET = b"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
RFC8037_KEY = OkpJwk(crv="Ed25519", x="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
RFC8037_SIGNED = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
RFC8037_SIGNATURE = (
    b"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)
# RFC 6979, appendix A.2.5: P-256, SHA-256, message "sample".
RFC6979_SECRET = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
RFC6979_SIGNATURE = (
    "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
    "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
)


def test_es256_verifies_the_vector_of_rfc_7515() -> None:
    PublicKey(RFC7515_KEY).verify(from_base64url(RFC7515_SIGNATURE), RFC7515_SIGNED)


def test_ed25519_verifies_the_vector_of_rfc_8037() -> None:
    PublicKey(RFC8037_KEY).verify(from_base64url(RFC8037_SIGNATURE), RFC8037_SIGNED)


def test_ed25519_signs_the_vector_of_rfc_8037() -> None:
    key = Ed25519Key(from_base64url(RFC8037_SECRET))
    assert key.public.jwk == RFC8037_KEY
    assert to_base64url(key.sign(RFC8037_SIGNED)).encode() == RFC8037_SIGNATURE


def test_thumbprint_is_that_of_rfc_8037() -> None:
    thumbprint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert PublicKey(RFC8037_KEY).kid == thumbprint
    assert device_id(PublicKey(RFC8037_KEY)) == thumbprint


def test_es256_signs_the_vector_of_rfc_6979() -> None:
    key = Es256Key(ec.derive_private_key(RFC6979_SECRET, ec.SECP256R1()))
    assert key.sign(b"sample").hex().upper() == RFC6979_SIGNATURE


def test_algorithm_is_a_property_of_the_key() -> None:
    assert PublicKey(RFC7515_KEY).algorithm is Algorithm.ES256
    assert PublicKey(RFC8037_KEY).algorithm is Algorithm.ED25519


@pytest.mark.parametrize("key", [DOCUMENT_KEY, ROOT_A], ids=["ES256", "Ed25519"])
def test_signature_of_other_bytes_or_length_is_refused(key: Es256Key | Ed25519Key) -> None:
    signature = key.sign(b"these bytes")
    key.public.verify(signature, b"these bytes")
    for wrong, signed in (
        (signature, b"other bytes"),
        (signature[:-1], b"these bytes"),
        (signature + b"\x00", b"these bytes"),
        (b"", b"these bytes"),
        (bytes(64), b"these bytes"),
    ):
        with pytest.raises(BadSignature):
            key.public.verify(wrong, signed)


def test_every_flipped_bit_of_a_signature_is_refused() -> None:
    for key in (DOCUMENT_KEY, ROOT_A):
        signature = key.sign(b"these bytes")
        for bit in range(512):
            flipped = bytearray(signature)
            flipped[bit // 8] ^= 1 << bit % 8
            with pytest.raises(BadSignature):
                key.public.verify(bytes(flipped), b"these bytes")


@pytest.mark.parametrize(
    "jwk",
    [
        OkpJwk(crv="Ed25519", x="A" * 43),
        OkpJwk(crv="Ed25519", x="A" * 42 + "B"),
        OkpJwk(crv="Ed25519", x="ن" * 43),
        EcJwk(crv="P-256", x="A" * 43, y="A" * 43),
        EcJwk(crv="P-256", x="_" * 42 + "8", y="A" * 43),
        EcJwk(crv="P-256", x=RFC7515_KEY.x, y="=" * 43),
    ],
    ids=["small order", "stray bits", "Persian", "off curve", "above p", "padding"],
)
def test_what_is_no_key_verifies_nothing(jwk: OkpJwk | EcJwk) -> None:
    with pytest.raises(MalformedEnvelope):
        PublicKey(jwk).verify(bytes(64), b"")


def test_key_of_another_curve_is_refused_where_it_is_given() -> None:
    with pytest.raises(ValueError, match="secp384r1"):
        Es256Key(ec.derive_private_key(7, ec.SECP384R1()))


def test_seed_of_another_length_is_refused_where_it_is_given() -> None:
    with pytest.raises(ValueError, match="32"):
        Ed25519Key(bytes(31))
