"""What the vendor tells all administrators."""

from django.db import models

from server_stub.licensing.models.recorded import Recorded


class Announcement(Recorded):
    """A word to administrators, in both languages; told until `ended_at`, the newest few."""

    text_fa = models.CharField(max_length=2000)
    text_en = models.CharField(max_length=2000)
    url = models.CharField(max_length=200, blank=True)
    published_at = models.PositiveBigIntegerField()
    ended_at = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.pk} {self.text_en}"


class Offer(Recorded):
    """What is given beside the protocol, by name, on a page of its own; told until `ended_at`."""

    name = models.CharField(max_length=64, unique=True)
    url = models.CharField(max_length=200)
    offered_at = models.PositiveBigIntegerField()
    ended_at = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.url}"


class Holiday(Recorded):
    """A day, `YYYY-MM-DD` by Tehran's calendar, on which nobody answers the phone."""

    day = models.CharField(max_length=10, unique=True)
    added_at = models.PositiveBigIntegerField()
    removed_at = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return self.day
