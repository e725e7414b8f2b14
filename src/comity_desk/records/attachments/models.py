"""A file beside a record: what it is and who may see it. Once added it stays as it is; a removed one leaves who removed it, when and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from comity_desk.audit.models import Event
from comity_desk.audit.triggers import guarded
from comity_desk.lib import tokens


def new_key() -> str:
    """A random key, which tells nothing of how many there are."""
    return tokens.token(12)


class Attachment(models.Model):
    """One file beside one record."""

    key = models.CharField(primary_key=True, max_length=16, default=new_key, editable=False)
    kind = models.CharField(max_length=24)
    record = models.CharField(max_length=200)
    marking = models.CharField(max_length=60)
    name = models.CharField(max_length=160, null=True)  # null once destroyed in the spill procedure
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=40)  # its random name in the folder of attachments
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_why = models.TextField(null=True)

    class Meta:
        """In order of time."""

        ordering = ("added_at", "key")
        indexes = (models.Index(fields=["kind", "record"]),)

    def __str__(self) -> str:
        return self.name or self.key

    @property
    def ref(self) -> str:
        """The record beside which it lies."""
        return f"{self.kind}:{self.record}"


guarded(Attachment._meta.db_table, destroyable=("name",), also=("removed_by_id", "removed_at", "removed_why"))
