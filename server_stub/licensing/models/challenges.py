"""What support asked a machine over the phone."""

from django.db import models

from server_stub.licensing.models.licenses import License
from server_stub.licensing.models.recorded import Recorded


class Challenge(Recorded):
    """A code that was drawn for a license, once for ever: its answer proves nothing later.

    Its number is what the call is cited by. `tries` counts the answers that were judged, right or
    wrong; of a mistyped one nothing is kept. `answered_at`: the right one came, and it is over.
    """

    license = models.ForeignKey(License, models.PROTECT, related_name="challenges")
    code = models.CharField(max_length=8, unique=True)
    asked_by = models.CharField(max_length=200)
    asked_at = models.PositiveBigIntegerField()
    expires_at = models.PositiveBigIntegerField()
    tries = models.PositiveIntegerField(default=0)
    answered_at = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.pk} {self.license_id}"
