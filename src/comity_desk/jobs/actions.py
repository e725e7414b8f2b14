"""Changes of state of jobs: starting one and cancelling one. Both name the job in the audit trail and nothing of what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from comity.vocab.text import Text
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event
from comity_desk.jobs.models import CANCELLED, QUEUED, RUNNING, Job, new_id
from comity_desk.jobs.queue import enqueue
from comity_desk.jobs.readers import written_class
from comity_desk.jobs.work import Kind, kind_named
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib import clock
from comity_desk.lib.errors import NOTHING_HERE, Conflict, NotFound, NotPermitted, Refused

AT_ONCE = 5  # jobs of one person that may wait or run


@dataclass(kw_only=True)
class StartJob(Action[Job]):
    """Ask for work in the background: `StartJob(actor=user, kind="brief", parameters={"form": "pdf"}).run()` gives the job."""

    permission: ClassVar[str] = "job.run"
    audit_event: ClassVar[str] = "job-started"

    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=new_id)

    @property
    def target(self) -> str:
        """The job."""
        return f"job:{self.id}"

    def permit(self) -> None:
        """Roles must allow jobs, and this kind of them; what is asked for is checked here, before the transaction, as it reads the record."""
        super().permit()
        if not self.actor.permitted(self.plan.permission):
            raise NotPermitted(_NOT_THIS)
        self.details = {"kind": self.kind, "parameters": self.cleaned}

    @property
    def plan(self) -> Kind:
        """The kind of work."""
        return kind_named(self.kind)

    @cached_property
    def cleaned(self) -> dict[str, Any]:
        """The parameters, checked against what the actor may see."""
        return self.plan.clean(self.parameters, snapshot_for(self.actor.reader))

    def check(self) -> None:
        """Refuse more than a few at a time."""
        if Job.objects.filter(owner=self.actor).active().count() >= AT_ONCE:
            raise Refused(_TOO_MANY.format(n=AT_ONCE))

    def perform(self, event: Event) -> Job:
        """Write the job and its row in the queue."""
        title = self.plan.title(self.cleaned, snapshot_for(self.actor.reader))
        return _queued(self.plan, self.cleaned, title, id=self.id, owner=self.actor, reader=written_class(self.actor.reader))


@dataclass(kw_only=True)
class CancelJob(Action[Job]):
    """Ask that a job of one's own be stopped; one that has not begun is cancelled at once."""

    permission: ClassVar[str] = "job.run"
    audit_event: ClassVar[str] = "job-cancelled"

    job: str

    @property
    def target(self) -> str:
        """The job."""
        return f"job:{self.job}"

    def check(self) -> None:
        """Own jobs alone, and those that are not over."""
        if not job_of(self.actor, self.job).active:
            raise Conflict(_OVER)

    def perform(self, event: Event) -> Job:
        """Cancel it, or let its worker know."""
        mine = Job.objects.filter(pk=self.job)
        if not mine.filter(state=QUEUED).update(state=CANCELLED, ended_at=clock.now()):
            mine.filter(state=RUNNING).update(cancel_asked=True)
        return mine.get()


def job_of(user: Any, id: str) -> Job:
    """A job of this person's own, or `NotFound`."""
    job = Job.objects.of(user).filter(pk=id).first()
    if job is None:
        raise NotFound(NOTHING_HERE)
    return job


def queue_own(kind: str, parameters: dict[str, Any], *, reader: str, same: str) -> Job:
    """Queue work of the desk's own, which nobody asked for and nobody lists; the caller sees to it that there is no equal one."""
    plan = kind_named(kind)
    return _queued(plan, parameters, plan.label, id=new_id(), owner=None, reader=reader, same=same)


def _queued(plan: Kind, parameters: dict[str, Any], title: Text, **told: Any) -> Job:
    now = clock.now()
    job = Job(kind=plan.name, title_en=title.en, title_ko=title.ko, parameters=parameters, made_at=now, queued_at=now, **told)
    job.save(force_insert=True)
    enqueue(job)
    return job


_NOT_THIS = Text("Your roles do not allow this kind of work.", "부여된 역할로는 할 수 없는 종류의 작업입니다.")
_TOO_MANY = Text(
    "You have {n} jobs waiting or running; wait for one to end, or cancel one.", "대기·진행 중인 작업이 {n}건입니다. 끝나기를 기다리거나 하나를 취소하십시오."
)
_OVER = Text("This job is over already.", "이미 끝난 작업입니다.")
