import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.identifiers import uuid7


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_an_identifier_is_a_version_7_uuid_of_its_time(
    milliseconds: int, randomness: bytes
) -> None:
    made = uuid.UUID(uuid7(milliseconds, randomness))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == milliseconds
    assert str(made) == uuid7(milliseconds, randomness)


@given(st.integers(0, 2**48 - 2), st.binary(min_size=10, max_size=10))
def test_later_identifiers_sort_after_earlier_ones(milliseconds: int, randomness: bytes) -> None:
    assert uuid7(milliseconds, randomness) < uuid7(milliseconds + 1, bytes(10))


def test_the_example_of_rfc_9562_comes_out() -> None:
    # RFC 9562, appendix A.6: rand_a 0xCC3 and rand_b 0x18C4DC0C0C07398F at 2022-02-22 19:22:22 UTC.
    randomness = ((0xCC3 << 64 | 0x18C4DC0C0C07398F) | 0x0 << 76).to_bytes(10)
    assert uuid7(0x017F22E279B0, randomness) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        uuid7(0, bytes(9))
