"""The server's one row of state, and its chain of audit entries."""

from django.db import models

from server_stub.licensing.models.recorded import Recorded


class ServerState(models.Model):
    """One row; locking it first puts every write transaction in one queue.

    `audit_index` and `audit_hash` are the head of the chain. `epoch` rises with every restore and
    promotion (docs/protocol.md §2). `root_version` is of the newest published root: a process that
    holds an older one reads it again before it answers.
    """

    epoch = models.PositiveBigIntegerField(default=1)
    root_version = models.PositiveBigIntegerField(default=1)
    audit_index = models.PositiveBigIntegerField(default=0)
    audit_hash = models.CharField(max_length=43, default="")

    class Meta:
        """One row."""

        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_state")]

    def __str__(self) -> str:
        return f"epoch {self.epoch}, audit {self.audit_index}"


class AuditEntry(models.Model):
    """What happened, for ever; each entry holds the hash of the one before."""

    index = models.PositiveBigIntegerField(primary_key=True)
    at = models.PositiveBigIntegerField()
    event = models.CharField(max_length=64)
    # Text, not foreign keys: an entry outlives every row it speaks of.
    license = models.CharField(max_length=36, blank=True, db_index=True)
    device = models.CharField(max_length=43, blank=True, db_index=True)
    detail = models.TextField()
    previous_hash = models.CharField(max_length=43, blank=True)
    hash = models.CharField(max_length=43)

    def __str__(self) -> str:
        return f"{self.index} {self.event}"


class Root(Recorded):
    """One published version of who is to be believed, as its keys signed it.

    `audit_index`: of the entry that says so. What an earlier document key signed is older.
    """

    version = models.PositiveBigIntegerField(primary_key=True)
    signatures = models.BinaryField()
    audit_index = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"root {self.version}"


class Redo(models.Model):
    """What one transaction wrote, until the second place has it (`licensing.redo`)."""

    last_index = models.PositiveBigIntegerField(primary_key=True)
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"redo of {self.last_index}"
