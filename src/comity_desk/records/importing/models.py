"""A table that somebody brings in, until it is proposed or thrown away. Only its owner sees it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from comity_desk.lib import tokens


def new_key() -> str:
    """A random key, which tells nothing of how many there are."""
    return tokens.token(12)


class Import(models.Model):
    """The rows of a file as they were read, and how its columns are to be understood."""

    key = models.CharField(primary_key=True, max_length=16, default=new_key, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reader = models.CharField(max_length=120)  # the class of readers in which it was brought: a narrower one does not get it back
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=160)
    header = models.JSONField(default=list)
    rows = models.JSONField(default=list)  # number of the row in the file, then its cells
    mapping = models.JSONField(default=dict)  # place of the column → field
    basis = models.JSONField(default=dict)
    marking = models.CharField(max_length=60, blank=True)
    looked = models.JSONField(default=dict)  # likely duplicates, once they were looked for, and for which state of the above
    made_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering = ("-made_at", "key")

    def __str__(self) -> str:
        return self.name
