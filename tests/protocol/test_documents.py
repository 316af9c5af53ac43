"""Every document type has one spelling, reads it back, and stays shallow."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from protocol.documents import Receipt, Truth
from protocol.encoding import MAX_DEPTH, canonical, decode_canonical
from protocol.values import Document
from tests.protocol.samples import (
    ANSWERS,
    LICENSE,
    PERMIT,
    RECEIPT,
    REPORT,
    REQUESTS,
    STATUS,
    TRUTH,
)
from tests.protocol.strategies import DOCUMENT_TYPES, depth, documents

any_type = pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.__name__)


@any_type
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_document_reads_back_as_it_was(kind: type[msgspec.Struct], data: st.DataObject) -> None:
    document = data.draw(documents(kind))
    raw = canonical(document)
    assert decode_canonical(raw, msgspec.json.Decoder(kind)) == document


@any_type
@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_canonical_spelling_is_sorted_and_without_white_space(
    kind: type[msgspec.Struct], data: st.DataObject
) -> None:
    raw = canonical(data.draw(documents(kind)))
    again = json.dumps(json.loads(raw), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert json.loads(again) == json.loads(raw)
    assert list(json.loads(raw)) == sorted(json.loads(raw))
    assert len(again.encode()) <= len(raw)


@any_type
def test_deepest_honest_document_is_within_the_limit(kind: type[msgspec.Struct]) -> None:
    assert 1 <= depth(inspect.type_info(kind)) <= MAX_DEPTH


@any_type
def test_unknown_fields_are_forbidden_and_defaults_absent_everywhere(
    kind: type[msgspec.Struct],
) -> None:
    config = kind.__struct_config__
    assert config.forbid_unknown_fields
    assert config.omit_defaults
    assert config.frozen


@pytest.mark.parametrize(
    "document",
    [*REQUESTS, *ANSWERS, PERMIT, STATUS, REPORT],
    ids=lambda document: type(document).__name__,
)
def test_field_at_its_default_is_absent(document: Document) -> None:
    spelled = json.loads(canonical(document))
    for field in msgspec.structs.fields(document):
        at_default = not field.required and getattr(document, field.name) == field.default
        assert at_default is (field.encode_name not in spelled)


def test_field_away_from_its_default_is_spelled() -> None:
    assert b'"freed":[3]' in canonical(msgspec.structs.replace(RECEIPT, freed=(3,)))
    assert b'"suspended":true' in canonical(msgspec.structs.replace(TRUTH, suspended=True))
    assert b"suspended" not in canonical(TRUTH)
    assert b'"hold":true' in canonical(msgspec.structs.replace(TRUTH, hold=True))


def test_empty_collection_made_at_run_time_is_still_the_default() -> None:
    empty: list[int] = []
    receipt = msgspec.structs.replace(RECEIPT, freed=tuple(empty))
    truth = msgspec.structs.replace(TRUTH, last_sequence=int("0"), cases=tuple(empty))
    assert decode_canonical(canonical(receipt), msgspec.json.Decoder(Receipt)) == RECEIPT
    assert decode_canonical(canonical(truth), msgspec.json.Decoder(Truth)) == TRUTH


def test_license_of_today_keeps_its_bytes() -> None:
    """A field added later must not change them: the license is perpetual."""
    assert canonical(LICENSE).decode() == (
        '{"audit_index":40,"customer":"نمونه","device":"' + LICENSE.device + '","epoch":1,'
        '"fingerprint":{"components":{"board":["AAAAAAAAAAAAAAAAAAAAAA"]},"machine_class":"bare",'
        '"os":{"release":"AAAAAAAAAAAAAAAAAAAAAA"}},"generation":1,'
        '"license_id":"01890a5d-ac96-774b-bcce-000000000001","modules":["base"],'
        '"policy":{"grace_hours":72,"level":"normal","os_axis":"upgrade",'
        '"weights":{"board":{"bare":25,"vm":0}}},"product":"Faragostar",'
        '"request_hash":"' + LICENSE.request_hash + '",'
        '"request_id":"01890a5d-ac96-774b-bcce-b302099a8057","seats":10,'
        '"server_time":1800000000,"support_code":"1234"}'
    )
