"""What boards keep: pages made for a class of readers, and papers that go round other ministries.

A kept page is a copy that can be made again; it belongs to one class of readers and to one state of the record, and is never shown to
another class. A version of a paper is what a ministry had before it when it answered: it is kept as it was, bound by its digest.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models

from comity.vocab.text import Text


class BoardResult(models.Model):
    """A board as it was made for one class of readers from one state of the record, as of one day."""

    key = models.CharField(max_length=32, unique=True)  # digest of all that it depends on
    place = models.CharField(max_length=64)  # digest of class, board and what was asked: of one place the newest is shown
    reader = models.CharField(max_length=64)  # digest of the class of readers
    board = models.CharField(max_length=40)
    asked = models.JSONField(default=dict)
    as_of = models.DateField()
    snapshot = models.CharField(max_length=64)
    code = models.CharField(max_length=32)  # digest of the code that made it
    made_at = models.DateTimeField()
    seconds = models.FloatField(default=0.0)  # that making it took
    records = models.JSONField(default=dict)  # every record that it names: kind → ids
    behind = models.JSONField(default=list)  # sets of records behind its numbers
    data = models.JSONField(default=dict)  # what its page needs beside the document
    kept = models.BooleanField(default=False)  # a paper rests on it

    class Meta:
        """The newest of a place first."""

        indexes = (models.Index(fields=["place", "-made_at"]), models.Index(fields=["reader", "made_at"]))

    def __str__(self) -> str:
        return f"{self.board} {self.as_of}"

    def names(self, ref: str) -> bool:
        """Whether it names a record."""
        kind, _, record = ref.partition(":")
        return record in self.records.get(kind, ())


class BoardPage(models.Model):
    """The page of a result in one language."""

    result = models.ForeignKey(BoardResult, on_delete=models.CASCADE, related_name="pages")
    lang = models.CharField(max_length=2)
    title = models.TextField()
    html = models.TextField()

    class Meta:
        """One of each language."""

        constraints = (models.UniqueConstraint(fields=["result", "lang"], name="one_page_a_language"),)


class BoardFile(models.Model):
    """A figure or table of a result to take away: a drawing in one language, or its rows."""

    result = models.ForeignKey(BoardResult, on_delete=models.CASCADE, related_name="files")
    block = models.CharField(max_length=80)
    form = models.CharField(max_length=3)  # svg, csv
    lang = models.CharField(max_length=2, blank=True)
    content = models.TextField()

    class Meta:
        """One of each."""

        constraints = (models.UniqueConstraint(fields=["result", "block", "form", "lang"], name="one_file_of_a_block"),)


OPEN, CLEARED, WITHDRAWN = "open", "cleared", "withdrawn"
PAPER_STATES = {
    OPEN: Text("In clearance", "협의 중"),
    CLEARED: Text("Cleared", "협의 완료"),
    WITHDRAWN: Text("Withdrawn", "철회"),
}
BOARD, DOSSIER, TEXT, FILE = "board", "dossier", "text", "file"
PAPER_KINDS = {
    BOARD: Text("Board", "현황판"),
    DOSSIER: Text("Dossier of a partner", "상대국 자료집"),
    TEXT: Text("Text", "문안"),
    FILE: Text("File", "파일"),
}
AGREED, CHANGES, OBJECTED = "agreed", "changes", "objected"
ANSWERS = {
    AGREED: Text("Agreed", "동의"),
    CHANGES: Text("Agreed with changes", "수정 동의"),
    OBJECTED: Text("Objected", "부동의"),
}
NO_ANSWER = Text("No answer yet", "미회신")
LATE = Text("Late", "기한 경과")


class Paper(models.Model):
    """A paper that other ministries are asked to agree to; seen by those who may see its marking."""

    key = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    marking = models.CharField(max_length=80)
    state = models.CharField(max_length=10, default=OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-made_at", "key")

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> Text:
        """The state in words."""
        return PAPER_STATES[self.state]

    @property
    def kind_label(self) -> Text:
        """What kind of document it is."""
        return PAPER_KINDS[self.kind]

    @property
    def latest(self) -> Version:
        """The version that stands."""
        return self.versions.order_by("number").last()  # type: ignore[return-value]  # a paper is made with its first


class Version(models.Model):
    """One version of a paper as it was: its digest stays, its content may be destroyed in a spill."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)  # what is new in it
    as_of = models.DateField(null=True)
    snapshot = models.CharField(max_length=64, blank=True)
    result = models.ForeignKey(BoardResult, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160, blank=True)
    media_type = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)

    class Meta:
        """In order; each number once."""

        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["paper", "number"], name="one_version_of_a_number"),)


class Consultation(models.Model):
    """A ministry asked to agree to a paper: by when, what it answered, and which version it had before it."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="consultations")
    key = models.CharField(max_length=16, unique=True)
    ministry = models.CharField(max_length=120)
    person = models.CharField(max_length=120, blank=True)
    due = models.DateField()
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="consultations")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    remarks = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        """The soonest due first."""

        ordering = ("due", "ministry", "key")

    @property
    def waits(self) -> bool:
        """Whether an answer is still waited for."""
        return not self.answer and self.withdrawn_at is None and self.paper.state == OPEN

    def is_late(self, today: date) -> bool:
        """Whether the answer is overdue."""
        return self.waits and self.due < today

    @property
    def answer_label(self) -> Text:
        """The answer in words."""
        return ANSWERS.get(self.answer, NO_ANSWER)

    @property
    def stands_against(self) -> bool:
        """Whether it keeps the paper from being closed without a reason: an objection, or no answer."""
        return self.withdrawn_at is None and self.answer in ("", OBJECTED)


def told(consultation: Consultation) -> dict[str, Any]:
    """A consultation as the audit trail names it."""
    return {"ministry": consultation.ministry, "person": consultation.person, "due": consultation.due.isoformat(), "version": consultation.version.number}
