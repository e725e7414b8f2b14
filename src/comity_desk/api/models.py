"""What the API keeps: how often each caller came in the running window, and which requests were already answered.

Neither says anything of the record.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Window(models.Model):
    """How many requests a caller has made, or reserved, in the window that began at `start` (seconds since 1970)."""

    who = models.CharField(max_length=80, primary_key=True)
    start = models.BigIntegerField()
    count = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.who} {self.count}"


class Answered(models.Model):
    """A request that changed something and named itself: asked again under the same name, it is not done again."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)  # SHA-256 of the name
    request = models.CharField(max_length=64)  # SHA-256 of what was asked for
    target = models.CharField(max_length=80)  # what came of it
    made_at = models.DateTimeField()

    class Meta:
        """One of a name for each person."""

        constraints = (models.UniqueConstraint(fields=["owner", "key"], name="one_request_of_a_name"),)

    def __str__(self) -> str:
        return self.target
