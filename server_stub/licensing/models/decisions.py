"""What the vendor's people decide: cases, change windows, and the tariff they decide by."""

from django.db import models

from protocol.values import CaseKind, CaseState
from server_stub.licensing.models.licenses import Device, License
from server_stub.licensing.models.recorded import Recorded

_WAITING = (CaseState.OPEN.value, CaseState.APPROVED.value)

# The cases that wait for people, or approved for their device; those about a former key's home that
# runs on; and those about a proof, by which a device gave back.
WAITS = models.Q(state__in=_WAITING, spent_at=None)
IS_CONTEST = models.Q(evidence__has_key="renewed_as")
IS_PROOF = models.Q(evidence__has_key="reactivation_code")


class Case(Recorded):
    """A decision that the vendor's staff must take.

    An approved case is the right of its device to one binding: `spent_at` says when it was used.
    `generation` is the license's when the case was opened: what was decided about one binding
    says nothing about a later one.

    `coordination` is computed when the case opens and stands in `evidence` with its timeline. The
    fee is quoted then too, and settled with the decision; `message` is for the device, `reason` for
    the vendor's own books.
    Two persons: `first_by` approved, `decided_by` made it count; `owner_confirmation` cites the
    owner's word that the bound machine is lost, and then one supervisor suffices.
    """

    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in CaseKind])
    state = models.CharField(
        max_length=12,
        choices=[(state.value, state.value) for state in CaseState],
        default=CaseState.OPEN.value,
    )
    license = models.ForeignKey(License, models.PROTECT, related_name="cases")
    device = models.ForeignKey(Device, models.PROTECT, related_name="cases")
    generation = models.PositiveBigIntegerField()
    evidence = models.JSONField(default=dict)
    coordination = models.CharField(max_length=16, blank=True)
    message = models.CharField(max_length=2000, blank=True)
    reason = models.CharField(max_length=2000, blank=True)
    tariff = models.CharField(max_length=64, blank=True)
    fee_amount = models.PositiveBigIntegerField(null=True)
    fee_currency = models.CharField(max_length=3, blank=True)
    fee_waived = models.BooleanField(default=False)
    owner_confirmation = models.CharField(max_length=2000, blank=True)
    first_by = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    opened_at = models.PositiveBigIntegerField()
    decided_at = models.PositiveBigIntegerField(null=True)
    spent_at = models.PositiveBigIntegerField(null=True)

    class Meta:
        """Asking again opens no second case."""

        constraints = [
            models.UniqueConstraint(
                fields=["license", "device"],
                condition=models.Q(state=CaseState.OPEN.value),
                name="one_open_case",
            ),
            models.UniqueConstraint(
                fields=["license"],
                condition=models.Q(state=CaseState.APPROVED.value, spent_at__isnull=True),
                name="one_unspent_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"

    @property
    def waits(self) -> bool:
        """Whether it is open, or approved and not used yet."""
        return self.state in _WAITING and self.spent_at is None

    @property
    def is_contest(self) -> bool:
        """Whether a home of a former key was seen to run on beside its heir."""
        return "renewed_as" in self.evidence

    @property
    def is_proof(self) -> bool:
        """Whether a device gave back, and its proof alone is not believed."""
        return "reactivation_code" in self.evidence


class Window(Recorded):
    """A change window: asked for by a notice (`device`), or opened by staff citing a letter.

    `closed_at`: taken back by staff before its end. A window that a notice opened counts against
    the license's yearly six; one that staff opened does not.
    """

    license = models.ForeignKey(License, models.PROTECT, related_name="windows")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="windows")
    scope = models.JSONField()
    starts_at = models.PositiveBigIntegerField()
    ends_at = models.PositiveBigIntegerField()
    received_at = models.PositiveBigIntegerField()
    not_covered = models.JSONField(default=list)
    reason = models.CharField(max_length=2000, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    citation = models.CharField(max_length=2000, blank=True)
    opened_by = models.CharField(max_length=200, blank=True)
    created_at = models.PositiveBigIntegerField()
    closed_at = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.pk} {self.starts_at}-{self.ends_at}"


class Role(models.TextChoices):
    """What a member of the vendor's staff may do."""

    SUPPORT = "support"
    SUPERVISOR = "supervisor"
    ISSUER = "issuer"
    AUDITOR = "auditor"


class Staff(Recorded):
    """A member of the vendor's staff."""

    name = models.CharField(max_length=200, unique=True)
    role = models.CharField(max_length=10, choices=Role.choices)
    created_at = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


class TariffReason(models.TextChoices):
    """What an uncoordinated re-activation was needed for."""

    HARDWARE = "hardware"
    OS = "os"
    MOVE = "move"


class Tariff(Recorded):
    """One entry of the published tariff; amounts are whole units of the currency."""

    name = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=10, choices=TariffReason.choices)
    in_warranty = models.BooleanField()
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    changed_at = models.PositiveBigIntegerField()

    class Meta:
        """One price for one thing."""

        constraints = [
            models.UniqueConstraint(fields=["reason", "in_warranty"], name="one_price"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.amount} {self.currency}"
