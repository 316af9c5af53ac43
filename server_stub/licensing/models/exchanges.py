"""What devices asked and what they were told, for ever."""

from django.db import models

from server_stub.licensing.models.ledger import AuditEntry
from server_stub.licensing.models.licenses import Device, License
from server_stub.licensing.models.recorded import Recorded


class Exchange(Recorded):
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


class Receipt(Recorded):
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
