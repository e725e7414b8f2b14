"""The ledger: one append-only table of claims and judgements, one row a cell, bound in a chain.

A claim says what one field of one record is; a judgement says how a claim stands (adopted, competing, superseded, withdrawn) and why; a
destruction says that what an earlier entry said is gone. What an entry says is JSON, committed to with a salt, and can be destroyed in the
spill procedure; the entry, its commitment and the chain stay. Records and claims carry random keys; the ids that people read are contents.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from comity_desk.audit.chain import link
from comity_desk.audit.models import AppendOnly, Event
from comity_desk.audit.triggers import guarded

CLAIM, JUDGEMENT, DESTRUCTION = "claim", "judgement", "destruction"


class Entry(models.Model):
    """One claim, one judgement or one destruction."""

    number = models.BigIntegerField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="entries")
    type = models.CharField(max_length=11)
    claim = models.BinaryField(max_length=16)
    record = models.BinaryField(max_length=16)
    content = models.TextField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    commitment = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)

    objects = AppendOnly.as_manager()

    class Meta:
        """Entries are read by record."""

        indexes = (models.Index(fields=["record", "number"], name="ledger_entry_record"),)

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: entries are written by `append` alone."""
        raise TypeError("entries are written by ledger.append alone")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: entries are bound in a chain."""
        raise TypeError("entries are never deleted")


def entry_link(previous: bytes, number: int, event: int, type_: str, claim: bytes, record: bytes, committed: bytes) -> bytes:
    """The link that an entry must have after that one."""
    return link(previous, committed, number, event, type_, claim, record)


class Package(models.Model):
    """The settings of the register that the ledger holds (its package.yaml): home country, blocs, cases."""

    name = models.CharField(max_length=40, primary_key=True)
    settings = models.JSONField()
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SpillOrder(models.Model):
    """An order to destroy entries: given by one officer, confirmed by another. Its own words go once it is settled."""

    ORDERED, CONFIRMED, CANCELLED = "ordered", "confirmed", "cancelled"

    key = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=10, default=ORDERED)
    content = models.JSONField(null=True)  # ref, field, words, reason, entries, events; empty once settled
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    destroyed = models.IntegerField(null=True)

    class Meta:
        """Newest first."""

        ordering = ("-ordered_at",)

    def __str__(self) -> str:
        return self.key

    def settle(self, state: str, by: Any, at: datetime, destroyed: int) -> None:
        """Note the end of the order and empty its words."""
        self.state, self.settled_by, self.settled_at, self.destroyed, self.content = state, by, at, destroyed, None
        self.save()


guarded(Entry._meta.db_table)
