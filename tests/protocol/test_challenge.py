"""Challenge codes: both sides find the same digits, and nobody else does."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.challenge import (
    ANSWER_DIGITS,
    CODE_DIGITS,
    DriftClass,
    MachineState,
    agreed_key,
    answer,
    read_answer,
    read_code,
    shown_answer,
    shown_code,
)
from protocol.digits import passes_damm
from protocol.encoding import to_base64url
from protocol.problems import CodeMistyped, MalformedEnvelope
from protocol.values import LicenseId, Standing

MACHINE = X25519PrivateKey.from_private_bytes(bytes(range(32)))
SERVER = X25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
STATE = MachineState(
    license_id=LicenseId("0192f0c1-2a3b-7c4d-8e5f-60718293a4b5"),
    generation=3,
    standing=Standing.ACTIVE,
    drift=DriftClass.NO_DRIFT,
)
CODE = "12345678"


def public_half(key: X25519PrivateKey) -> str:
    return to_base64url(key.public_key().public_bytes_raw())


KEY = agreed_key(MACHINE, public_half(SERVER))
# What each of these must be for ever: a machine of today answers a server of tomorrow.
AGREED = "8730595d1546044a48a91d2bbe62342ceef259c50af6e03be0c80bb825257196"
ANSWER = "271333723990"
codes = st.text("0123456789", min_size=CODE_DIGITS, max_size=CODE_DIGITS)
answers = st.text("0123456789", min_size=ANSWER_DIGITS, max_size=ANSWER_DIGITS)


def mistyped(read: object, typed: str) -> int | None:
    assert callable(read)
    with pytest.raises(CodeMistyped) as caught:
        read(typed)
    return caught.value.group


def test_both_sides_agree_on_one_key_and_a_third_does_not() -> None:
    assert agreed_key(SERVER, public_half(MACHINE)) == KEY
    stranger = X25519PrivateKey.generate()
    assert agreed_key(SERVER, public_half(stranger)) != KEY
    assert agreed_key(stranger, public_half(MACHINE)) != KEY


def test_key_and_answer_stay_what_they_are() -> None:
    assert KEY.hex() == AGREED
    assert answer(KEY, CODE, STATE) == ANSWER


def test_the_key_is_rfc_5869_over_the_shared_secret() -> None:
    secret = MACHINE.exchange(SERVER.public_key())
    halves = sorted(key.public_key().public_bytes_raw() for key in (MACHINE, SERVER))
    extracted = hmac.digest(bytes(32), secret, "sha256")
    info = b"faragostar-man/challenge-key/v1" + b"".join(halves)
    assert hmac.digest(extracted, info + b"\x01", "sha256") == KEY


def test_the_answer_is_an_hmac_over_fields_with_their_lengths() -> None:
    fields = (
        b"faragostar-man/challenge-answer/v1",
        CODE.encode(),
        STATE.license_id.encode(),
        b"3",
        b"active",
        b"no-drift",
    )
    message = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    digest = hmac.new(KEY, message, hashlib.sha256).digest()
    assert answer(KEY, CODE, STATE) == f"{int.from_bytes(digest) % 10**12:012}"


@pytest.mark.parametrize(
    "other",
    [
        replace(STATE, license_id=LicenseId("0192f0c1-2a3b-7c4d-8e5f-60718293a4b6")),
        replace(STATE, generation=33),
        replace(STATE, standing=Standing.DRIFTED),
        replace(STATE, drift=DriftClass.HIDDEN),
    ],
)
def test_every_field_of_the_state_changes_the_answer(other: MachineState) -> None:
    assert answer(KEY, CODE, other) != answer(KEY, CODE, STATE)


def test_another_code_or_key_changes_the_answer() -> None:
    assert answer(KEY, "12345679", STATE) != answer(KEY, CODE, STATE)
    assert answer(bytes(32), CODE, STATE) != answer(KEY, CODE, STATE)


def test_all_states_of_a_license_are_told_apart() -> None:
    states = [
        replace(STATE, generation=generation, standing=standing, drift=drift)
        for generation in (1, 11, 111)
        for standing in Standing
        for drift in DriftClass
    ]
    assert len({answer(KEY, CODE, state) for state in states}) == len(states)


@given(codes, answers)
def test_codes_and_answers_are_read_as_they_are_shown(code: str, digits: str) -> None:
    assert read_code(shown_code(code)) == code
    assert read_answer(shown_answer(digits)) == digits


def test_each_group_ends_with_its_check_digit() -> None:
    groups = [shown.split("-") for shown in (shown_code(CODE), shown_answer("123456789012"))]
    assert [list(map(len, group)) for group in groups] == [[5, 5], [4, 4, 4, 4]]
    assert all(passes_damm(part) for group in groups for part in group)


@pytest.mark.parametrize(
    "spelled",
    [
        shown_code(CODE).replace("-", " "),
        shown_code(CODE).replace("-", ""),
        f" {shown_code(CODE)}\n",
        f"\u200f\u2066{shown_code(CODE)}\u2069",
        shown_code(CODE).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        shown_code(CODE).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        shown_code(CODE).replace("-", "–"),
    ],
)
def test_harmless_differences_are_forgiven(spelled: str) -> None:
    assert read_code(spelled) == CODE


@pytest.mark.parametrize(("read", "size"), [(read_code, 5), (read_answer, 4)])
def test_every_single_wrong_digit_is_found_in_its_group(read: object, size: int) -> None:
    shown = shown_code(CODE) if read is read_code else shown_answer("123456789012")
    plain = shown.replace("-", "")
    for position, honest in enumerate(plain):
        for digit in "0123456789":
            if digit != honest:
                typed = plain[:position] + digit + plain[position + 1 :]
                assert mistyped(read, typed) == position // size + 1


@pytest.mark.parametrize("typed", ["", "12345", shown_code(CODE) + "0", "x" * 9, "²" * 11])
def test_another_length_is_refused_as_a_whole(typed: str) -> None:
    assert mistyped(read_code, typed) is None


@pytest.mark.parametrize("letter", ["O", "ن", "²"])
def test_what_is_no_digit_is_found_in_its_group(letter: str) -> None:
    plain = shown_code(CODE).replace("-", "")
    assert mistyped(read_code, plain[:7] + letter + plain[8:]) == 2


@given(st.text(max_size=30))
def test_any_text_is_an_answer_or_refused(text: str) -> None:
    try:
        digits = read_answer(text)
    except CodeMistyped:
        return
    assert read_answer(shown_answer(digits)) == digits


@pytest.mark.parametrize(
    "public", [to_base64url(bytes(32)), to_base64url(b"\x01" + bytes(31)), to_base64url(b"short")]
)
def test_a_key_that_agrees_with_everybody_is_none(public: str) -> None:
    with pytest.raises(MalformedEnvelope):
        agreed_key(SERVER, public)
