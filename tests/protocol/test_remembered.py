"""Reading again what was verified before: no signature is checked, everything else is."""

import pytest
from msgspec.structs import replace

from protocol.encoding import to_base64url
from protocol.envelope import open_license, reopen_license, sign_answer
from protocol.keys import SigningKey
from protocol.problems import (
    BadSignature,
    KeyOutOfDates,
    KeyRetired,
    KeyRevoked,
    NotTheSchema,
    ProtocolError,
    UnknownKey,
    WrongType,
)
from protocol.trust import Trust
from tests.protocol.samples import LICENSE, RECEIPT
from tests.protocol.world import (
    DATED_KEY,
    DOCUMENT_KEY,
    NOT_AFTER,
    RETIRED_AT,
    RETIRED_KEY,
    REVOKED_KEY,
    ROOT_1,
    ROOT_2,
    TRUST_2,
    UNKNOWN_KEY,
)

REMEMBERED = Trust.remembered((ROOT_1, ROOT_2))


def test_a_remembered_chain_is_the_trust_that_was_followed() -> None:
    assert (REMEMBERED.root, REMEMBERED.chain) == (TRUST_2.root, TRUST_2.chain)


def test_a_remembered_chain_goes_on_by_the_rules() -> None:
    assert Trust.remembered((ROOT_1,)).advance(ROOT_2).root == TRUST_2.root


def test_a_reopened_license_is_the_one_that_was_opened() -> None:
    raw = sign_answer(LICENSE, DOCUMENT_KEY)
    assert reopen_license(raw, REMEMBERED) == open_license(raw, TRUST_2)


def test_reopening_checks_no_signature_so_its_caller_must_know_the_bytes() -> None:
    raw = sign_answer(LICENSE, DOCUMENT_KEY)
    forged = raw[: raw.rindex(b".") + 1] + to_base64url(bytes(64)).encode()
    assert reopen_license(forged, REMEMBERED) == LICENSE
    with pytest.raises(BadSignature):
        open_license(forged, REMEMBERED)


@pytest.mark.parametrize(
    ("key", "changes", "problem"),
    [
        (REVOKED_KEY, {}, KeyRevoked),
        (UNKNOWN_KEY, {}, UnknownKey),
        (RETIRED_KEY, {"audit_index": RETIRED_AT + 1}, KeyRetired),
        (DATED_KEY, {"server_time": NOT_AFTER + 1}, KeyOutOfDates),
    ],
)
def test_what_a_root_says_of_the_key_counts_all_the_same(
    key: SigningKey, changes: dict[str, int], problem: type[ProtocolError]
) -> None:
    raw = sign_answer(replace(LICENSE, **changes), key)
    with pytest.raises(problem):
        reopen_license(raw, REMEMBERED)


def test_another_document_is_no_license() -> None:
    with pytest.raises(WrongType):
        reopen_license(sign_answer(RECEIPT, DOCUMENT_KEY), REMEMBERED)


def test_other_bytes_are_no_license() -> None:
    header, _, signature = sign_answer(LICENSE, DOCUMENT_KEY).split(b".")
    with pytest.raises(NotTheSchema):
        reopen_license(b".".join((header, to_base64url(b"{}").encode(), signature)), REMEMBERED)
