"""What a re-activation costs: which entry of the tariff applies, and when none does.

Only an uncoordinated change costs anything (terms: clause 4), and only what the tariff names: a
price that was never published is not due. What was quoted when the case opened stays the price,
whatever the tariff becomes.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from protocol.documents import Fee
from protocol.values import Timestamp
from protocol.verdicts import Verdict
from protocol.weights import ComponentId
from protocol.windows import OS, altered
from server_stub.denials import PriceTaken
from server_stub.licensing.models import Case, License, Tariff
from server_stub.licensing.models.decisions import TariffReason
from server_stub.licensing.server import Books
from server_stub.licensing.services.acts import acting
from server_stub.licensing.services.findings import CaseFacts, Finding

_OF_THE_SYSTEM = frozenset({OS, ComponentId.OS_INSTANCE.value})


class Quote(NamedTuple):
    """Why a fee would be due, whether the warranty runs, and the entry that applies by itself."""

    reason: TariffReason
    in_warranty: bool
    entry: Tariff | None


def quote(license: License, facts: CaseFacts, finding: Finding) -> Quote:
    """What this change costs today."""
    reason = reason_of(facts)
    in_warranty = warranty_runs(license, facts.opened_at)
    entry = Tariff.objects.filter(reason=reason, in_warranty=in_warranty).first()
    return Quote(reason, in_warranty, entry if finding.is_charged else None)


def reason_of(facts: CaseFacts) -> TariffReason:
    """What the re-activation is needed for, by what is known to have changed."""
    comparison = facts.comparison
    # A machine that asks with the key of another one was moved to, whatever became of the old.
    if comparison is None or comparison.verdict is Verdict.DIFFERENT:
        return TariffReason.MOVE
    changed = altered(comparison, facts.policy)
    if changed and not set(changed) - _OF_THE_SYSTEM:
        return TariffReason.OS
    return TariffReason.HARDWARE


def warranty_runs(license: License, at: Timestamp) -> bool:
    """Whether the warranty runs at that time; its last day counts wholly."""
    if not license.warranty_until:
        return False
    return datetime.fromtimestamp(at, UTC).date() <= date.fromisoformat(license.warranty_until)


def charge(case: Case, entry: Tariff) -> None:
    """Write an entry of the tariff into a case, as it is priced now."""
    case.tariff, case.fee_amount, case.fee_currency = entry.name, entry.amount, entry.currency
    case.fee_waived = False


def fee_of(case: Case) -> Fee | None:
    """The fee that a case carries, waived or not."""
    if case.fee_amount is None:
        return None
    return Fee(
        tariff=case.tariff,
        amount=case.fee_amount,
        currency=case.fee_currency,
        waived=case.fee_waived,
    )


@dataclass(frozen=True, kw_only=True)
class Price:
    """One entry of the tariff as staff publish it; `amount` in whole units of the currency."""

    name: str
    reason: TariffReason
    in_warranty: bool
    amount: int
    currency: str


def publish(books: Books, price: Price) -> Tariff:
    """Put a price in the tariff, or change the entry of that name.

    What was quoted before stays as it was quoted.

    Raises:
        PriceTaken: an entry of another name is the price of the same thing.
    """
    with acting(books) as journal:
        entry = Tariff.objects.filter(name=price.name).first() or Tariff(name=price.name)
        same = Tariff.objects.filter(reason=price.reason, in_warranty=price.in_warranty)
        other = same.exclude(name=price.name).first()
        if other is not None:
            raise PriceTaken(other.name, name=other.name)
        entry.reason, entry.in_warranty = price.reason, price.in_warranty
        entry.amount, entry.currency = price.amount, price.currency
        entry.changed_at = journal.now
        entry.save()
        facts = {**vars(price), "reason": price.reason.value}
        journal.record("tariff-set", facts=facts)
    return entry
