"""Who owns what, and which machine holds it.

Times are whole seconds since 1970-01-01 UTC, as in every signed document. Documents, fingerprints
and policies are kept as the canonical bytes that were signed.
"""

from django.db import models

from server_stub.licensing.models.recorded import Recorded


class Customer(Recorded):
    """A buyer."""

    name = models.CharField(max_length=200, unique=True)
    contact = models.CharField(max_length=200, blank=True)
    created_at = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.name


class Device(Recorded):
    """A machine, known by its key.

    `last_sequence`: the highest accepted. `covered_sequence`: up to here, what the server has not
    seen it will never accept. `acknowledged`: audit index of the newest answer that the device
    says it has, and `acknowledged_by` the sequence of the request that said so. `forked_at`: when
    it, or the device that it renews, was last seen to be a store put back or copied, and
    `forked_before` the time before that; `must_renew` until it has a new key, whose device is
    `renewed_as`.
    """

    device_id = models.CharField(max_length=43, primary_key=True)
    jwk = models.TextField()
    agreement_key = models.CharField(max_length=43, blank=True)
    first_seen = models.PositiveBigIntegerField()
    last_seen = models.PositiveBigIntegerField()
    last_sequence = models.PositiveBigIntegerField(default=0)
    covered_sequence = models.PositiveBigIntegerField(default=0)
    acknowledged = models.PositiveBigIntegerField(default=0)
    acknowledged_by = models.PositiveBigIntegerField(default=0)
    forked_at = models.PositiveBigIntegerField(null=True)
    forked_before = models.PositiveBigIntegerField(null=True)
    must_renew = models.BooleanField(default=False)
    renewed_as = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="renewals", db_column="renewed_as"
    )

    def __str__(self) -> str:
        return self.device_id


class License(Recorded):
    """What the buyer owns. Whether it is bound is said by its bindings, and nowhere else.

    `generation`: the highest ever bound, or skipped when a hold ended. `hold`: a restore lost
    something, and nobody is bound until it is known who holds it; `hold_first_by` asked to end it.
    `reactivation_hash`, `last_device`, `released_drifted`: who may take it while it is free
    (docs/protocol.md §3, §7). They outlive a binding, because its device may withdraw before it
    ever held the license.
    """

    license_id = models.CharField(max_length=36, primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="licenses")
    product = models.CharField(max_length=200)
    modules = models.JSONField(default=list)
    seats = models.PositiveBigIntegerField()
    warranty_until = models.CharField(max_length=10, blank=True)
    support_code = models.CharField(max_length=40, unique=True)
    key_id = models.CharField(max_length=22, unique=True)
    key_hash = models.CharField(max_length=43)
    key_tail = models.CharField(max_length=4)
    policy = models.BinaryField()
    created_at = models.PositiveBigIntegerField()
    suspended = models.BooleanField(default=False)
    hold = models.BooleanField(default=False)
    hold_first_by = models.CharField(max_length=200, blank=True)
    generation = models.PositiveBigIntegerField(default=0)
    reactivation_hash = models.CharField(max_length=43, blank=True)
    last_device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")
    released_drifted = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.license_id


class BindingState(models.TextChoices):
    """Whether a binding stands, and how it ended."""

    ACTIVE = "active"
    REBOUND = "rebound"
    RELEASED = "released"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"


class Binding(Recorded):
    """One generation of one license on one device.

    `sequence`: of the request that made it. `in_use_sequence`: the highest accepted one that
    showed this generation in use; a proof of destruction must be younger. `same_at` is the newest
    check-in that found everything as enrolled, `different_at` the first after it that did not.
    """

    license = models.ForeignKey(License, models.PROTECT, related_name="bindings")
    generation = models.PositiveBigIntegerField()
    device = models.ForeignKey(Device, models.PROTECT, related_name="bindings")
    sequence = models.PositiveBigIntegerField()
    state = models.CharField(
        max_length=10, choices=BindingState.choices, default=BindingState.ACTIVE
    )
    document = models.BinaryField()
    fingerprint = models.BinaryField()
    baseline = models.BinaryField()
    created_at = models.PositiveBigIntegerField()
    ended_at = models.PositiveBigIntegerField(null=True)
    in_use_sequence = models.PositiveBigIntegerField(default=0)
    reported_sequence = models.PositiveBigIntegerField(default=0)
    last_check_in = models.PositiveBigIntegerField(null=True)
    last_standing = models.CharField(max_length=16, blank=True)
    last_statuses = models.JSONField(default=dict)
    same_at = models.PositiveBigIntegerField(null=True)
    different_at = models.PositiveBigIntegerField(null=True)

    class Meta:
        """The database itself refuses a second active binding (docs/protocol.md §5)."""

        constraints = [
            models.UniqueConstraint(
                fields=["license"],
                condition=models.Q(state=BindingState.ACTIVE),
                name="one_active_binding",
            ),
            models.UniqueConstraint(fields=["license", "generation"], name="generation_once"),
            models.CheckConstraint(
                condition=models.Q(state=BindingState.ACTIVE, ended_at__isnull=True)
                | (~models.Q(state=BindingState.ACTIVE) & models.Q(ended_at__isnull=False)),
                name="ended_bindings_say_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.license_id} ({self.generation})"

    @property
    def noticed_at(self) -> tuple[int, ...]:
        """When its machine declared a change: a notice shows the document in use."""
        found = self.license.windows.filter(device=self.device_id, created_at__gte=self.created_at)
        return tuple(found.values_list("received_at", flat=True))
