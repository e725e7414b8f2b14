"""What people typed and what they propose: drafts, which only their owner sees, and proposals, which never change once handed in.

A corrected version is a proposal of its own that names the former one. What was decided on a proposal is a row beside it; the proposal
itself is only closed, once. The database refuses anything else. Keys are random: they tell nothing of how many there are.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models

from comity.vocab.text import Text
from comity_desk.audit.models import AppendOnly, Event
from comity_desk.audit.triggers import guarded
from comity_desk.lib import tokens

ADD, CHANGE, CLAIM, JUDGE, WITHDRAW = "add", "change", "claim", "judge", "withdraw"
CHANGES = {
    ADD: Text("New record", "새 기록"),
    CHANGE: Text("Change", "변경"),
    CLAIM: Text("Competing claim", "경쟁 주장"),
    JUDGE: Text("Another claim stands", "채택 변경"),
    WITHDRAW: Text("Withdrawal", "기록 철회"),
}
OPEN, ACCEPTED, NOT_ACCEPTED, WITHDRAWN, OUTDATED = "open", "accepted", "read_not_accepted", "withdrawn", "outdated"
STATES = {
    OPEN: Text("Open", "검토 중"),
    ACCEPTED: Text("Accepted", "채택"),
    NOT_ACCEPTED: Text("Read, not accepted", "검토 후 미채택"),
    WITHDRAWN: Text("Taken back", "제안 취소"),
    OUTDATED: Text("Replaced by a newer version", "새 판으로 대체"),
}
FIRST = "accepted_first"
VERDICTS = STATES | {FIRST: Text("Accepted by the first of two", "1차 승인")}
TONES = {OPEN: "", ACCEPTED: "good", NOT_ACCEPTED: "bad", WITHDRAWN: "warn", OUTDATED: "warn", FIRST: "good"}


def new_key() -> str:
    """A random key of a row that addresses name."""
    return tokens.token(12)


class Draft(models.Model):
    """What somebody is typing, kept so that a lost connection costs nothing."""

    key = models.CharField(primary_key=True, max_length=16, default=new_key, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reader = models.CharField(max_length=120)  # the class of readers in which it was typed: a narrower one does not get it back
    change = models.CharField(max_length=10)
    kind = models.CharField(max_length=24)
    record = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=60, blank=True)
    typed = models.JSONField(default=list)  # names and values of the form, in order
    saved_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering = ("-saved_at", "key")
        indexes = (models.Index(fields=["owner", "change", "kind", "record"]),)

    def __str__(self) -> str:
        return f"{self.change} {self.kind} {self.record}".strip()


class Batch(models.Model):
    """Proposals of one file, reviewed as a whole or row by row."""

    key = models.CharField(primary_key=True, max_length=16, default=new_key, editable=False)
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=160)  # of the file
    marking = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    reason = models.TextField(null=True)  # null once destroyed in the spill procedure
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Newest first."""

        ordering = ("-made_at", "key")

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """One change that somebody proposes, as it was handed in."""

    key = models.CharField(primary_key=True, max_length=16, default=new_key, editable=False)
    change = models.CharField(max_length=10)
    kind = models.CharField(max_length=24)
    record = models.CharField(max_length=200, blank=True)  # empty: of a new record
    marking = models.CharField(max_length=60)
    content = models.TextField(null=True)  # what is proposed (see `content`); null once destroyed in the spill procedure
    names = models.TextField(null=True)  # the records that it names, kind:id, in lines
    digest = models.CharField(max_length=64)  # of the cells that it changes as they stood for the proposer
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    former = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField(null=True)  # of the batch's file
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    closed = models.CharField(max_length=20, null=True)  # how it ended
    made = models.CharField(max_length=200, null=True)  # the record that came of it

    class Meta:
        """Newest first."""

        ordering = ("-made_at", "row", "key")
        indexes = (models.Index(fields=["closed", "marking"]), models.Index(fields=["proposer", "closed"]), models.Index(fields=["kind", "record"]))

    def __str__(self) -> str:
        return f"{self.change} {self.ref}"

    @property
    def ref(self) -> str:
        """The record that it changes or, once accepted, made; the kind alone for one that is not there yet."""
        record = self.record or self.made
        return f"{self.kind}:{record}" if record else self.kind

    @property
    def state(self) -> str:
        """How it stands."""
        return self.closed or OPEN

    @property
    def state_label(self) -> Text:
        """How it stands, in words."""
        return STATES[self.state]

    @property
    def change_label(self) -> Text:
        """What it would do, in words."""
        return CHANGES[self.change]

    @property
    def tone(self) -> str:
        """How its state is coloured."""
        return TONES[self.state]

    @property
    def told(self) -> dict[str, Any]:
        """What it says; empty once destroyed."""
        return dict(json.loads(self.content)) if self.content else {}

    @property
    def named(self) -> list[str]:
        """The records that it names."""
        return self.names.split("\n") if self.names else []


class Decision(models.Model):
    """What somebody decided on a proposal, and why."""

    key = models.CharField(primary_key=True, max_length=16, default=new_key, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.TextField(null=True)  # null once destroyed in the spill procedure
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")

    objects = AppendOnly.as_manager()

    class Meta:
        """In the order in which they were taken."""

        ordering = ("at", "event", "key")

    def __str__(self) -> str:
        return self.verdict

    @property
    def label(self) -> Text:
        """The verdict in words."""
        return VERDICTS[self.verdict]

    @property
    def tone(self) -> str:
        """How the verdict is coloured."""
        return TONES[self.verdict]


guarded(Batch._meta.db_table, destroyable=("reason",))
guarded(Proposal._meta.db_table, destroyable=("content", "names"), also=("closed", "made"))
guarded(Decision._meta.db_table, destroyable=("why",))
