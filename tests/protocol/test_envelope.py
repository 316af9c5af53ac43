"""Every document of the protocol is opened as it was signed, by its own door alone."""

import msgspec
import pytest

from protocol.documents import AnyAnswer, Permit, Request
from protocol.envelope import (
    open_answer,
    open_answer_to,
    open_device_document,
    open_license,
    open_request,
    sign_answer,
    sign_device_document,
    sign_permit,
    sign_request,
)
from protocol.jws import digest
from protocol.problems import AnswerMismatch, UnknownKey, WrongType
from protocol.values import Digest, RequestId
from protocol.views import Report, StatusCopy
from tests.protocol.samples import (
    ANSWERS,
    DEVICE,
    DEVICE_KEY,
    LICENSE,
    OTHER_DEVICE_KEY,
    PERMIT,
    REPORT,
    REQUEST_DIGEST,
    REQUEST_ID,
    REQUESTS,
    STATUS,
)
from tests.protocol.world import DOCUMENT_ED25519_KEY, DOCUMENT_KEY, TRUST_1

any_answer = pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.typ)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: type(request).__name__)
def test_request_is_opened_with_its_device_and_digest(request_: Request) -> None:
    raw = sign_request(request_, DEVICE_KEY)
    opened = open_request(raw)
    assert opened.request == request_
    assert opened.device == DEVICE
    assert opened.key.jwk == DEVICE_KEY.public.jwk
    assert opened.digest == digest(raw)


@any_answer
def test_answer_is_opened_as_it_was_signed(answer: AnyAnswer) -> None:
    assert open_answer(sign_answer(answer, DOCUMENT_KEY), TRUST_1) == answer
    assert open_answer(sign_answer(answer, DOCUMENT_ED25519_KEY), TRUST_1) == answer


@any_answer
def test_only_a_license_passes_for_a_license(answer: AnyAnswer) -> None:
    raw = sign_answer(answer, DOCUMENT_KEY)
    if answer is LICENSE:
        assert open_license(raw, TRUST_1) == LICENSE
    else:
        with pytest.raises(WrongType):
            open_license(raw, TRUST_1)


@any_answer
def test_answer_belongs_to_its_request(answer: AnyAnswer) -> None:
    raw = sign_answer(answer, DOCUMENT_KEY)
    assert open_answer_to(raw, TRUST_1, REQUEST_ID, REQUEST_DIGEST) == answer
    with pytest.raises(AnswerMismatch):
        open_answer_to(raw, TRUST_1, RequestId("another"), REQUEST_DIGEST)
    with pytest.raises(AnswerMismatch):
        open_answer_to(raw, TRUST_1, REQUEST_ID, Digest("another"))


def test_device_papers_are_opened_as_they_were_signed() -> None:
    permits = msgspec.json.Decoder(Permit)
    copies = msgspec.json.Decoder(StatusCopy)
    reports = msgspec.json.Decoder(Report)
    permit = sign_permit(PERMIT, DEVICE_KEY)
    copy = sign_device_document(STATUS, StatusCopy.typ, DEVICE_KEY)
    report = sign_device_document(REPORT, Report.typ, DEVICE_KEY)
    assert open_device_document(permit, Permit.typ, DEVICE, permits) == PERMIT
    assert open_device_document(copy, StatusCopy.typ, DEVICE, copies) == STATUS
    assert open_device_document(report, Report.typ, DEVICE, reports) == REPORT
    with pytest.raises(WrongType):
        open_device_document(copy, Report.typ, DEVICE, reports)


def test_paper_of_another_device_is_refused() -> None:
    raw = sign_permit(PERMIT, OTHER_DEVICE_KEY)
    with pytest.raises(UnknownKey):
        open_device_document(raw, Permit.typ, DEVICE, msgspec.json.Decoder(Permit))
