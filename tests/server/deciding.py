"""The vendor's people at work on cases, for tests."""

from datetime import date
from typing import Any

from protocol.documents import Case as CaseAnswer
from protocol.documents import CaseSummary, Truth
from server_stub.licensing.models.decisions import Role, TariffReason
from server_stub.licensing.services import (
    announcements,
    decisions,
    fees,
    holidays,
    offers,
    people,
)
from server_stub.licensing.services.decisions import Approval, Step, Word
from tests.server.conftest import Office
from tests.server.devices import Device

DAY = 86_400


class Staff:
    """Sara and Reza are supervisors, Omid answers the phone."""

    def __init__(self, office: Office) -> None:
        self.office = office
        for name, role in {
            "Sara": Role.SUPERVISOR,
            "Reza": Role.SUPERVISOR,
            "Omid": Role.SUPPORT,
        }.items():
            people.add_staff(office.server, name, role)

    def approve(self, number: int, by: str = "Sara", **fields: Any) -> Step:
        approval = Approval(number=number, by=by, **{"reason": "the letter", **fields})
        return decisions.approve(self.office.server, approval)

    def owner_approves(self, number: int, letter: str = "letter 12", **fields: Any) -> Step:
        word = Word(number=number, by=letter, **{"reason": "the owner asked", **fields})
        return decisions.approve_by_owner(self.office.server, word)

    def decline(self, number: int, by: str = "Sara", **fields: Any) -> None:
        word = Word(number=number, by=by, **{"reason": "unknown machine", **fields})
        decisions.decline(self.office.server, word)

    def cancel(self, number: int, by: str = "Sara") -> None:
        decisions.cancel(self.office.server, Word(number=number, by=by, reason="by mistake"))

    def publish(self, reason: str, amount: int, *, in_warranty: bool = True) -> str:
        name = f"{reason}-{'in' if in_warranty else 'out'}"
        price = fees.Price(
            name=name,
            reason=TariffReason(reason),
            in_warranty=in_warranty,
            amount=amount,
            currency="IRR",
        )
        fees.publish(self.office.server, price)
        return name

    def announce(self, text_fa: str, text_en: str, url: str = "") -> None:
        words = announcements.Words(text_fa=text_fa, text_en=text_en, url=url)
        announcements.announce(self.office.server, words)

    def offer(self, name: str, url: str) -> None:
        offers.offer(self.office.server, name, url)

    def end_offer(self, name: str) -> None:
        offers.end(self.office.server, name)

    def close_on(self, *days: date) -> None:
        holidays.add(self.office.server, [day.isoformat() for day in days])


def opened(office: Office, raw: bytes) -> CaseSummary:
    """The case that answers a request."""
    answer = office.answer(raw)
    assert isinstance(answer, CaseAnswer), answer
    return answer.case


def heard(office: Office, device: Device, document: bytes | None = None) -> CaseSummary:
    """The newest case that a check-in tells its device of."""
    answer = office.answer(device.check_in(document))
    assert isinstance(answer, Truth)
    return answer.cases[-1]


def row(number: int) -> Any:
    from server_stub.licensing.models import Case

    return Case.objects.get(pk=number)
