"""Jobs: work that a person asked for and that is done in the background, with how far it is and what came of it.

A job belongs to its owner and to the class of readers that the owner was in when asking: nobody else is shown it, and the owner only while
still in that class. Its id is random, so that it tells nothing of how many others there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from comity.vocab.text import Text
from comity_desk.jobs.readers import written_class
from comity_desk.lib import tokens

if TYPE_CHECKING:
    from comity_desk.accounts.models import User

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
ACTIVE = (QUEUED, RUNNING)
STATES = {
    QUEUED: Text("Waiting", "대기 중"),
    RUNNING: Text("Running", "진행 중"),
    DONE: Text("Done", "완료"),
    FAILED: Text("Failed", "실패"),
    CANCELLED: Text("Cancelled", "취소됨"),
}


def new_id() -> str:
    """A random id of a job."""
    return tokens.token(12)


class Jobs(models.QuerySet["Job"]):
    """Sets of jobs."""

    def of(self, user: User) -> Jobs:
        """The jobs that this person may see: own ones, made for the class of readers that the person is in now."""
        return self.filter(owner=user, reader=written_class(user.reader))

    def active(self) -> Jobs:
        """Jobs that wait or run."""
        return self.filter(state__in=ACTIVE)

    def run_of(self, job: Job) -> Jobs:
        """This run of a job, and nothing once another worker has taken it over or it has ended."""
        return self.filter(pk=job.pk, state=RUNNING, attempt=job.attempt, worker=job.worker)


class Job(models.Model):
    """One piece of work in the background."""

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # null: the desk's own
    kind = models.CharField(max_length=40)
    title_en = models.TextField()
    title_ko = models.TextField()
    parameters = models.JSONField(default=dict)
    reader = models.CharField(max_length=120)  # class of readers that it is made for
    same = models.CharField(max_length=64, null=True)  # equal for equal work: no second one waits or runs beside it

    state = models.CharField(max_length=10, default=QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    words_en = models.TextField(blank=True)
    words_ko = models.TextField(blank=True)
    cancel_asked = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)  # the worker's last sign of life
    worker = models.CharField(max_length=160, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    task = models.UUIDField(null=True)  # its row in the queue

    file = models.CharField(max_length=40, blank=True)  # random name in the folder of results
    file_name = models.CharField(max_length=160, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    error_en = models.TextField(blank=True)
    error_ko = models.TextField(blank=True)

    objects = Jobs.as_manager()

    class Meta:
        """Newest first; equal work never twice at a time."""

        ordering = ("-made_at", "id")
        indexes = (models.Index(fields=["owner", "made_at"]), models.Index(fields=["state", "beat_at"]))
        constraints = (models.UniqueConstraint(fields=["same"], condition=Q(state__in=ACTIVE), name="one_job_for_equal_work"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def title(self) -> Text:
        """What it makes."""
        return Text(self.title_en, self.title_ko)

    @property
    def words(self) -> Text:
        """What it is at."""
        return Text(self.words_en, self.words_ko)

    @property
    def error(self) -> Text:
        """Why it failed."""
        return Text(self.error_en, self.error_ko)

    @property
    def state_label(self) -> Text:
        """The state in words."""
        return STOPPING if self.state == RUNNING and self.cancel_asked else STATES[self.state]

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE

    @property
    def has_file(self) -> bool:
        """Whether there is a file to fetch."""
        return self.state == DONE and bool(self.file)

    def told(self) -> dict[str, Any]:
        """The job as other programs are told of it."""
        names = ("id", "kind", "state", "done", "total", "made_at", "started_at", "ended_at", "file_name", "media_type", "size", "digest")
        pairs = {name: {"en": text.en, "ko": text.ko} for name, text in (("title", self.title), ("words", self.words), ("error", self.error)) if text.en}
        return {name: getattr(self, name) for name in names} | {"parameters": self.parameters, "has_file": self.has_file} | pairs


STOPPING = Text("Being cancelled", "취소 중")
