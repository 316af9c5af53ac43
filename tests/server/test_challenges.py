"""Challenges over the phone: what an answer proves, how often, how long, and to whom (§10)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from protocol import challenge
from protocol.challenge import DriftClass
from protocol.documents import Offer, Truth
from protocol.values import Standing
from server_stub import denials, errors
from server_stub.licensing import signer
from server_stub.licensing.models import AuditEntry, Binding, Challenge
from server_stub.licensing.models.decisions import Role
from server_stub.licensing.services import people
from server_stub.licensing.services.challenges import (
    LIFETIME_SECONDS,
    MOST_TRIES,
    InBooks,
)
from tests.server.calling import Caller, ask, caller, checked
from tests.server.conftest import Office
from tests.server.evidencing import staff
from tests.server.rotating import agree_anew

__all__ = ["caller", "staff"]

WRONG = challenge.shown_answer("0" * challenge.ANSWER_DIGITS)


def rows() -> list[tuple[object, ...]]:
    return [tuple(row) for row in Binding.objects.order_by("pk").values_list()]


def events() -> list[str]:
    found = AuditEntry.objects.filter(event__startswith="challenge").order_by("index")
    return [entry.event for entry in found]


def test_a_machine_proves_that_it_holds_the_license_and_nothing_moves(
    office: Office, caller: Caller
) -> None:
    before = rows()
    asked = ask(office, caller.document)
    assert (asked.binding.device_id, asked.row.pk) == (caller.device.id, 1)
    assert asked.row.expires_at == office.time[0] + LIFETIME_SECONDS
    proved = checked(office, asked, caller.answers(asked))
    assert (proved.state.standing, proved.state.drift) == (Standing.ACTIVE, DriftClass.NO_DRIFT)
    assert (proved.binding.device_id, proved.in_books) == (caller.device.id, InBooks.BOUND)
    assert rows() == before
    assert events() == ["challenge-asked", "challenge-answered"]


@pytest.mark.parametrize(
    ("standing", "drift"),
    [
        *((Standing.ACTIVE, drift) for drift in DriftClass),
        *((Standing.DRIFTED, drift) for drift in DriftClass),
        (Standing.ACTIVATING, DriftClass.NOT_COMPARED),
        (Standing.RELEASING, DriftClass.NOT_COMPARED),
        (Standing.RELEASED, DriftClass.NOT_COMPARED),
        (Standing.SUPERSEDED, DriftClass.NOT_COMPARED),
    ],
)
def test_every_state_of_a_machine_with_a_license_is_told(
    office: Office, caller: Caller, standing: Standing, drift: DriftClass
) -> None:
    asked = ask(office, caller.document)
    proved = checked(office, asked, caller.answers(asked, standing=standing, drift=drift))
    assert (proved.state.standing, proved.state.drift) == (standing, drift)


def test_an_answer_is_good_once(office: Office, caller: Caller) -> None:
    asked = ask(office, caller.document)
    answer = caller.answers(asked)
    checked(office, asked, answer)
    with pytest.raises(denials.ChallengeUsed):
        checked(office, asked, answer)
    with pytest.raises(denials.AnswerWrong):
        checked(office, ask(office, caller.document), answer)


def test_five_wrong_answers_end_it_and_the_right_one_comes_too_late(
    office: Office, caller: Caller
) -> None:
    asked = ask(office, caller.document)
    left = []
    for _ in range(MOST_TRIES):
        with pytest.raises(denials.AnswerWrong) as wrong:
            checked(office, asked, WRONG)
        left.append(wrong.value.parameters["left"])
    assert left == ["4", "3", "2", "1", "0"]
    with pytest.raises(denials.ChallengeSpent):
        checked(office, asked, caller.answers(asked))
    assert events() == ["challenge-asked", *["challenge-failed"] * MOST_TRIES]


def test_the_fifth_try_still_counts(office: Office, caller: Caller) -> None:
    asked = ask(office, caller.document)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(denials.AnswerWrong):
            checked(office, asked, WRONG)
    assert checked(office, asked, caller.answers(asked)).in_books is InBooks.BOUND


def test_it_ends_after_a_quarter_of_an_hour(office: Office, caller: Caller) -> None:
    late, in_time = (ask(office, caller.document) for _ in range(2))
    office.time[0] += LIFETIME_SECONDS - 1
    checked(office, in_time, caller.answers(in_time))
    office.time[0] += 1
    with pytest.raises(denials.ChallengeExpired):
        checked(office, late, caller.answers(late))


def test_of_many_at_once_one_is_told_that_it_is_right(office: Office, caller: Caller) -> None:
    asked = ask(office, caller.document)
    answer = caller.answers(asked)

    def told(_number: int) -> bool:
        try:
            return checked(office, asked, answer).in_books is InBooks.BOUND
        except denials.ChallengeUsed:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(told, range(4))) == [False, False, False, True]
    assert events() == ["challenge-asked", "challenge-answered"]


def test_of_many_wrong_ones_at_once_no_more_than_five_are_judged(
    office: Office, caller: Caller
) -> None:
    asked = ask(office, caller.document)

    def refused(_number: int) -> str:
        try:
            checked(office, asked, WRONG)
        except denials.ChallengeRefused as refusal:
            return refusal.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(refused, range(8)))
    assert found == ["answer-wrong"] * MOST_TRIES + ["challenge-spent"] * 3


def test_what_is_misheard_costs_no_try_and_is_named(office: Office, caller: Caller) -> None:
    asked = ask(office, caller.document)
    right = caller.answers(asked)
    digit = str((int(right[5]) + 1) % 10)
    with pytest.raises(denials.AnswerMistyped) as mistyped:
        checked(office, asked, right[:5] + digit + right[6:])
    assert mistyped.value.parameters == {"what": "answer", "group": "2"}
    with pytest.raises(denials.AnswerIncomplete) as short:
        checked(office, asked, right[:-1])
    assert short.value.parameters == {"what": "answer", "count": "16"}
    code = challenge.shown_code(asked.row.code)
    digit = str((int(code[0]) + 1) % 10)
    with pytest.raises(denials.AnswerMistyped) as mistyped:
        checked(office, asked, right, code=digit + code[1:])
    assert mistyped.value.parameters == {"what": "code", "group": "1"}
    assert Challenge.objects.get().tries == 0
    assert events() == ["challenge-asked"]


def test_persian_digits_and_spaces_are_as_good(office: Office, caller: Caller) -> None:
    asked = ask(office, caller.document)
    persian = str.maketrans("0123456789-", "۰۱۲۳۴۵۶۷۸۹ ")
    code = challenge.shown_code(asked.row.code).translate(persian)
    proved = checked(office, asked, caller.answers(asked).translate(persian), code=code)
    assert proved.in_books is InBooks.BOUND


def test_a_code_that_was_never_drawn_is_not_known(office: Office, caller: Caller) -> None:
    asked = ask(office, caller.document)
    other = str((int(asked.row.code) + 1) % 10**8).zfill(8)
    with pytest.raises(errors.NotFound):
        checked(office, asked, caller.answers(asked), code=challenge.shown_code(other))


def test_support_and_supervisors_ask_and_nobody_else(office: Office, caller: Caller) -> None:
    people.add_staff(office.server, "Nima", Role.AUDITOR)
    asked = ask(office, caller.document, by="Sara")
    for by, denied in (("Nima", denials.RoleNeeded), ("Nobody", errors.NotFound)):
        with pytest.raises(denied):
            ask(office, caller.document, by=by)
        with pytest.raises(denied):
            checked(office, asked, caller.answers(asked), by=by)
    assert Challenge.objects.get().tries == 0


def test_no_code_is_drawn_twice(
    office: Office, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr("secrets.randbelow", lambda _below: next(drawn))
    found = [ask(office, caller.document).row.code for _ in range(2)]
    assert found == ["00000007", "00000008"]


def test_the_answer_stands_in_no_book(office: Office, caller: Caller) -> None:
    asked = ask(office, caller.document)
    wrong, right = WRONG, caller.answers(asked)
    with pytest.raises(denials.AnswerWrong):
        checked(office, asked, wrong)
    checked(office, asked, right)
    told = "".join(AuditEntry.objects.values_list("detail", flat=True))
    spool = (office.home.evidence / "evidence.jsonl").read_text()
    for answer in (wrong, right):
        for spelled in (answer, answer.replace("-", ""), challenge.read_answer(answer)):
            assert spelled not in told
            assert spelled not in spool


def test_an_earlier_agreement_key_counts_as_long_as_its_file_is_here(
    office: Office, caller: Caller
) -> None:
    behind = [ask(office, caller.document) for _ in range(2)]
    answers = [caller.answers(asked) for asked in behind]
    agree_anew(office.home, office.server)
    checked(office, behind[0], answers[0])
    (office.home.keys / "agreement-1.pem").unlink()
    with pytest.raises(denials.AnswerWrong):
        checked(office, behind[1], answers[1])
    asked = ask(office, caller.document)
    checked(office, asked, caller.answers(asked))


def test_two_agreement_keys_count_at_most(office: Office, caller: Caller) -> None:
    asked = ask(office, caller.document)
    answer = caller.answers(asked)
    for _ in range(2):
        agree_anew(office.home, office.server)
    with pytest.raises(denials.AnswerWrong):
        checked(office, asked, answer)


def test_without_the_agreement_key_nothing_is_judged(office: Office, caller: Caller) -> None:
    asked = ask(office, caller.document)
    file = office.home.keys / "agreement-1.pem"
    kept = file.read_bytes()
    file.write_bytes(kept[: len(kept) // 2])
    with pytest.raises(errors.DocumentInvalid):
        checked(office, asked, WRONG)
    file.unlink()
    with pytest.raises(errors.AgreementKeyMissing):
        checked(office, asked, WRONG)
    # A key of another kind under its name is none.
    signer.keep(file, signer.new_document_key(), None)
    with pytest.raises(errors.AgreementKeyMissing):
        checked(office, asked, WRONG)
    assert Challenge.objects.get().tries == 0


def test_every_truth_offers_it(office: Office, caller: Caller) -> None:
    told = office.answer(caller.device.check_in(caller.document))
    assert isinstance(told, Truth)
    assert told.offers[0] == Offer(name="challenge")
