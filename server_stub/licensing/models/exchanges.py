"""What devices asked and what they were told, for ever."""

from django.db import models

from protocol.values import CaseKind, CaseState
from server_stub.licensing.models.ledger import AuditEntry
from server_stub.licensing.models.licenses import Device, License


class Exchange(models.Model):
    """One recorded request with its exact answer; the record never expires (protocol §5)."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="exchanges")
    request_id = models.CharField(max_length=36)
    sequence = models.PositiveBigIntegerField()
    op = models.CharField(max_length=16)
    # A refused request changed nothing, and its sequence is free to be used by another.
    accepted = models.BooleanField()
    request_hash = models.CharField(max_length=43)
    request = models.BinaryField()
    answer = models.BinaryField()
    answer_digest = models.CharField(max_length=43, db_index=True)
    audit = models.OneToOneField(AuditEntry, models.PROTECT, db_column="audit_index")
    answered_at = models.PositiveBigIntegerField()

    class Meta:
        """Idempotency and the order of a device's requests are the database's promise."""

        constraints = [
            models.UniqueConstraint(fields=["device", "request_id"], name="request_once"),
            models.UniqueConstraint(
                fields=["device", "sequence"],
                condition=models.Q(accepted=True),
                name="sequence_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.op} {self.request_id}"


class Receipt(models.Model):
    """A license came back; the proof is the recorded request of the same audit index."""

    license = models.ForeignKey(License, models.PROTECT, related_name="receipts")
    device = models.ForeignKey(Device, models.PROTECT, related_name="receipts")
    generation = models.PositiveBigIntegerField()
    freed = models.JSONField(default=list)
    reason = models.CharField(max_length=16)
    proof = models.CharField(max_length=43)
    document = models.BinaryField()
    audit_index = models.PositiveBigIntegerField(unique=True)
    created_at = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.license_id} ({self.generation})"


class Case(models.Model):
    """A decision that the vendor's staff must take.

    An approved case is the right of its device to one binding: `spent_at` says when it was used.
    `generation` is the license's when the case was opened: what was decided about one binding
    says nothing about a later one.
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
