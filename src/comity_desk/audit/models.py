"""The audit trail: one event for every change of state, in order, each bound to those before it.

Events are read by auditors alone: their numbers tell how much happens at the desk, and their words may tell of records that others may not
see. Nothing here can be changed or deleted; what an event says can be destroyed in the spill procedure, which leaves its commitment.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from comity_desk.audit.chain import GENESIS, canonical, commitment, link
from comity_desk.audit.triggers import guarded
from comity_desk.lib import clock, tokens

guarded("audit_event")


class AppendOnly(models.QuerySet[Any]):
    """A query set that reads and appends; rows are never changed or deleted in bulk."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused: rows are bound in a chain."""
        raise TypeError("rows of a chain are never updated")

    def delete(self) -> NoReturn:
        """Refused: rows are bound in a chain."""
        raise TypeError("rows of a chain are never deleted")


class Head(models.Model):
    """The last link of a chain. Locking its row puts all writers of that chain in one line."""

    name = models.CharField(max_length=20, primary_key=True)
    number = models.BigIntegerField(default=0)
    link = models.BinaryField(max_length=32, default=GENESIS)

    @classmethod
    def locked(cls, name: str) -> Head:
        """The head of that chain, held until the transaction ends."""
        return cls.objects.select_for_update().get(name=name)


class Event(models.Model):
    """One change of state: who did what to what, when and why."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    content = models.TextField(null=True)  # canonical JSON: actor's name, target, reason, details; null once destroyed
    salt = models.BinaryField(max_length=16, null=True)
    commitment = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)

    objects = AppendOnly.as_manager()

    class Meta:
        """Read newest first."""

        ordering = ("-number",)
        indexes = (models.Index(fields=["action", "number"]), models.Index(fields=["actor", "number"]))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once, by `record`."""
        raise TypeError("events are written by Event.record alone")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: events are bound in a chain."""
        raise TypeError("events are never deleted")

    @classmethod
    def record(cls, actor: Any, action: str, *, target: str = "", reason: str = "", details: dict[str, Any] | None = None) -> Event:
        """Append an event inside the transaction of the change that it tells; `actor` is None for the desk itself."""
        head = Head.locked("audit")
        at = clock.now()
        content = canonical({"actor": getattr(actor, "username", None), "target": target or None, "reason": reason or None, "details": details or None})
        salt = tokens.token_bytes(16)
        committed = commitment(salt, content)
        event = cls(number=head.number + 1, at=at, actor=actor, action=action, content=content, salt=salt, commitment=committed)
        event.link = event.linked_to(bytes(head.link))
        models.Model.save(event, force_insert=True)
        head.number, head.link = event.number, event.link
        head.save(update_fields=["number", "link"])
        return event

    def said(self) -> dict[str, Any]:
        """What the event says; only that it was destroyed, where it was."""
        return json.loads(self.content) if self.content is not None else {"destroyed": True, "actor": getattr(self.actor, "username", None)}

    def holds(self) -> bool:
        """Whether the content is the one that was committed to; a destroyed content cannot be told from a kept one by the chain."""
        return self.content is None or commitment(bytes(self.salt or b""), self.content) == bytes(self.commitment)

    def linked_to(self, previous: bytes) -> bytes:
        """The link that this event must have after that one."""
        return link(previous, bytes(self.commitment), self.number, instant(self.at), self.actor_id, self.action)


def instant(at: datetime) -> str:
    """An instant as the chain states it: UTC to the microsecond, as both databases keep it."""
    from datetime import UTC

    return at.astimezone(UTC).isoformat(timespec="microseconds")
