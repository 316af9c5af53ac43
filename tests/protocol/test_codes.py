"""Codes that people type: forgiven what is harmless, told which group is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codes import (
    LICENSE_KEY_PREFIX,
    REACTIVATION_PREFIX,
    SECRET_BITS,
    claim,
    code_hash,
    format_code,
    is_proof,
    key_id,
    parse_code,
    prove,
    spoken,
    to_ascii_digits,
)
from protocol.digits import passes_damm, with_damm_digit
from protocol.encoding import sha256
from protocol.problems import CodeMistyped
from protocol.values import DeviceId, RequestId
from tests.protocol.samples import DEVICE, REQUEST_ID

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
secrets = st.integers(0, 2**SECRET_BITS - 1)
KEY = format_code("FGM", (1 << 95) + 0x123456789ABCDEF0123)
PLAIN = KEY.removeprefix("FGM").replace("-", "")


def mistyped_group(text: str) -> int | None:
    with pytest.raises(CodeMistyped) as caught:
        parse_code("FGM", text)
    return caught.value.group


@given(secrets, st.sampled_from([LICENSE_KEY_PREFIX, REACTIVATION_PREFIX]))
def test_code_is_read_as_it_was_written(secret: int, prefix: str) -> None:
    code = format_code(prefix, secret)
    assert parse_code(prefix, code) == code


@given(secrets, secrets)
def test_different_secrets_are_different_codes(one: int, other: int) -> None:
    assert (format_code("FGM", one) == format_code("FGM", other)) is (one == other)


@pytest.mark.parametrize("secret", [-1, 2**SECRET_BITS])
def test_secret_of_other_size_is_refused(secret: int) -> None:
    with pytest.raises(ValueError, match="100 bits"):
        format_code("FGM", secret)


@pytest.mark.parametrize(
    "spelled",
    [
        KEY.lower(),
        PLAIN,
        KEY.replace("-", " "),
        KEY.replace("-", "–"),
        f"  {KEY}\n",
        KEY.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        KEY.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        KEY.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        KEY.replace("0", "O"),
        KEY.replace("0", "o"),
        KEY.replace("1", "I"),
        KEY.replace("1", "l"),
        f"\u200f{KEY}\u200e",
    ],
)
def test_harmless_differences_are_forgiven(spelled: str) -> None:
    assert parse_code("FGM", spelled) == KEY


def test_every_single_wrong_letter_is_found_in_its_group() -> None:
    for position, honest in enumerate(PLAIN):
        for letter in LETTERS:
            if letter != honest:
                typed = PLAIN[:position] + letter + PLAIN[position + 1 :]
                assert mistyped_group(typed) == position // 5 + 1


@given(secrets)
def test_every_swap_of_neighbours_is_found(secret: int) -> None:
    plain = format_code("FGM", secret).removeprefix("FGM").replace("-", "")
    for position in range(24):
        one, other = plain[position], plain[position + 1]
        if one != other:
            typed = plain[:position] + other + one + plain[position + 2 :]
            assert mistyped_group(typed) in {position // 5 + 1, (position + 1) // 5 + 1}


@given(secrets)
def test_every_swap_of_groups_is_found(secret: int) -> None:
    groups = format_code("FGM", secret).split("-")[1:]
    for one in range(5):
        for other in range(one + 1, 5):
            swapped = list(groups)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            if swapped != groups:
                assert mistyped_group("-".join(swapped)) == one + 1


@pytest.mark.parametrize(
    "text", ["", "FGM", KEY[:-1], KEY + "0", KEY.replace("FGM", "FGR"), "FGM" * 9, "١" * 24]
)
def test_code_of_another_length_or_kind_is_refused_as_a_whole(text: str) -> None:
    assert mistyped_group(text) is None


@pytest.mark.parametrize("letter", ["U", "ن", "é", "Ж"])
def test_letter_of_no_code_is_found_in_its_group(letter: str) -> None:
    assert mistyped_group(PLAIN[:7] + letter + PLAIN[8:]) == 2


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_refused(text: str) -> None:
    try:
        code = parse_code("FGM", text)
    except CodeMistyped:
        return
    assert parse_code("FGM", code) == code


def test_sample_key_has_the_letters_that_look_like_others() -> None:
    assert set("01") <= set(PLAIN)


def test_key_is_found_and_proved_without_being_told() -> None:
    shown = claim(KEY, DEVICE, REQUEST_ID)
    stored = code_hash(KEY)
    assert shown.key_id == key_id(KEY)
    assert is_proof(shown.proof, stored, DEVICE, REQUEST_ID)
    assert PLAIN not in shown.proof + shown.key_id
    assert shown.proof != stored


def test_proof_is_of_one_code_device_and_request() -> None:
    stored = code_hash(KEY)
    proof = prove(stored, DEVICE, REQUEST_ID)
    assert not is_proof(proof, code_hash("another"), DEVICE, REQUEST_ID)
    assert not is_proof(proof, stored, DeviceId("another"), REQUEST_ID)
    assert not is_proof(proof, stored, DEVICE, RequestId("another"))


@pytest.mark.parametrize("offered", ["", "A" * 43, "ن" * 43])
def test_offered_nonsense_is_a_wrong_proof(offered: str) -> None:
    assert not is_proof(offered, code_hash(KEY), DEVICE, REQUEST_ID)


@pytest.mark.parametrize("number", ["572", "0", "", "123456789"])
def test_damm_digit_finds_every_wrong_digit_and_swap(number: str) -> None:
    checked = with_damm_digit(number)
    assert passes_damm(checked)
    for position, honest in enumerate(checked):
        for digit in "0123456789":
            wrong = checked[:position] + digit + checked[position + 1 :]
            assert passes_damm(wrong) is (digit == honest)
    for position in range(len(checked) - 1):
        one, other = checked[position], checked[position + 1]
        swapped = checked[:position] + other + one + checked[position + 2 :]
        assert passes_damm(swapped) is (one == other)


def test_damm_digit_is_that_of_the_thesis() -> None:
    assert with_damm_digit("572") == "5724"


@pytest.mark.parametrize("text", ["", "572a", "۵۷۲۴", "²"])
def test_what_is_no_ascii_number_does_not_pass(text: str) -> None:
    assert not passes_damm(text)


def test_persian_digits_are_read_as_digits() -> None:
    assert to_ascii_digits("۱۴۰۴/٠٢ نمونه x5²") == "1404/02 نمونه x5²"


@given(st.binary())
def test_a_digest_is_said_in_groups_that_check_themselves(raw: bytes) -> None:
    groups = spoken(sha256(raw)).split(" ")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert all(passes_damm(group) for group in groups)


def test_a_digest_is_said_alike_for_ever() -> None:
    assert spoken(sha256(b"")) == "1156 6656 0865 5498"
