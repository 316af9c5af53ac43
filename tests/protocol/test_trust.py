"""Which keys are believed, and since when."""

import pytest

from protocol.envelope import open_license, sign_answer
from protocol.keys import SigningKey
from protocol.problems import (
    KeyOutOfDates,
    KeyRetired,
    KeyRevoked,
    RootInvalid,
    RootOutOfOrder,
    ThresholdNotMet,
    UnknownKey,
)
from protocol.trust import KeyRecord, KeyUse, Trust
from protocol.values import KeyThumbprint, Timestamp
from tests.protocol.samples import LICENSE
from tests.protocol.world import (
    DOCUMENT_KEY,
    DOCUMENT_RECORDS,
    ROOT_1,
    ROOT_2,
    ROOT_3,
    ROOT_A,
    ROOT_B,
    ROOT_C,
    ROOT_D,
    TRUST_1,
    TRUST_2,
    UNKNOWN_KEY,
    make_root,
    record,
    sign_root,
)

LICENSE_BYTES = sign_answer(LICENSE, DOCUMENT_KEY)
AT = LICENSE.audit_index


def successor(*changed: tuple[KeyThumbprint, KeyRecord]) -> Trust:
    """Root 2 with another record of the document key."""
    others = tuple(entry for entry in DOCUMENT_RECORDS if entry[0] != DOCUMENT_KEY.public.kid)
    root = make_root(2, ROOT_A, ROOT_B, ROOT_C, others=(*others, *changed))
    return TRUST_1.advance(sign_root(root, ROOT_A, ROOT_B))


def test_chain_is_walked_step_by_step_and_kept() -> None:
    trust = Trust.follow((ROOT_1, ROOT_2, ROOT_3))
    assert trust.root.version == 3
    assert trust.chain == (ROOT_1, ROOT_2, ROOT_3)


def test_empty_chain_is_no_trust() -> None:
    with pytest.raises(RootInvalid):
        Trust.follow(())


def test_root_without_a_signature_is_no_root() -> None:
    with pytest.raises(RootInvalid):
        Trust.pin(())


def test_skipped_old_and_repeated_roots_are_refused() -> None:
    for trust, root in ((TRUST_1, ROOT_3), (TRUST_2, ROOT_1), (TRUST_2, ROOT_2), (TRUST_1, ROOT_1)):
        with pytest.raises(RootOutOfOrder):
            trust.advance(root)


def test_root_of_another_server_is_refused() -> None:
    root = make_root(2, ROOT_A, ROOT_B, ROOT_C, audience="other.example.test")
    with pytest.raises(RootOutOfOrder):
        TRUST_1.advance(sign_root(root, ROOT_A, ROOT_B))


@pytest.mark.parametrize(
    ("signers", "met"),
    [
        ((ROOT_A, ROOT_B), False),
        ((ROOT_B, ROOT_D), False),
        ((ROOT_A, ROOT_D), False),
        ((ROOT_B, ROOT_B), False),
        ((ROOT_D, UNKNOWN_KEY), False),
        ((ROOT_B, ROOT_C), True),
        ((ROOT_A, ROOT_B, ROOT_D), True),
        ((UNKNOWN_KEY, ROOT_C, ROOT_B), True),
    ],
    ids=[
        "old only",
        "new only",
        "one of each",
        "twice one",
        "strangers",
        "both",
        "three",
        "besides",
    ],
)
def test_root_needs_the_threshold_of_both(signers: tuple[SigningKey, ...], *, met: bool) -> None:
    signatures = sign_root(make_root(2, ROOT_B, ROOT_C, ROOT_D), *signers)
    if met:
        assert TRUST_1.advance(signatures).root.version == 2
    else:
        with pytest.raises(ThresholdNotMet):
            TRUST_1.advance(signatures)


def test_rotated_document_key_verifies_what_the_old_root_signed() -> None:
    assert open_license(LICENSE_BYTES, TRUST_2) == LICENSE


def test_removed_document_key_is_unknown() -> None:
    with pytest.raises(UnknownKey):
        open_license(LICENSE_BYTES, successor())


def test_revoked_document_key_verifies_nothing() -> None:
    trust = successor(record(DOCUMENT_KEY, KeyUse.DOCUMENT, revoked=True))
    with pytest.raises(KeyRevoked):
        open_license(LICENSE_BYTES, trust)


def test_retired_document_key_verifies_what_it_signed_in_time() -> None:
    trust = successor(record(DOCUMENT_KEY, KeyUse.DOCUMENT, retired_at=AT))
    assert open_license(LICENSE_BYTES, trust) == LICENSE
    trust = successor(record(DOCUMENT_KEY, KeyUse.DOCUMENT, retired_at=AT - 1))
    with pytest.raises(KeyRetired):
        open_license(LICENSE_BYTES, trust)


def test_key_dates_are_those_of_the_server() -> None:
    now = LICENSE.server_time
    exact = record(DOCUMENT_KEY, KeyUse.DOCUMENT, not_before=now, not_after=now)
    assert open_license(LICENSE_BYTES, successor(exact)) == LICENSE
    after, before = Timestamp(now + 1), Timestamp(now - 1)
    for dated in (
        record(DOCUMENT_KEY, KeyUse.DOCUMENT, not_before=after),
        record(DOCUMENT_KEY, KeyUse.DOCUMENT, not_after=before),
    ):
        with pytest.raises(KeyOutOfDates):
            open_license(LICENSE_BYTES, successor(dated))


def test_root_that_was_passed_is_known_whoever_signed_it_since() -> None:
    countersigned = sign_root(TRUST_2.root, ROOT_B, ROOT_C, ROOT_D)
    rival = sign_root(make_root(2, ROOT_A, ROOT_B, ROOT_C), ROOT_A, ROOT_B)
    assert TRUST_2.has_passed(ROOT_1)
    assert TRUST_2.has_passed(countersigned)
    assert not TRUST_2.has_passed(rival)
    assert not TRUST_2.has_passed(ROOT_3)
