"""What the worker sees to between jobs: jobs whose worker died are tried once more, then called failed; old results are deleted.

A worker is dead when its process is known to be gone, or when it gave no sign of life for a minute.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from comity.vocab.text import Text
from comity_desk.jobs import places, results
from comity_desk.jobs.models import ACTIVE, QUEUED, RUNNING, Job
from comity_desk.jobs.queue import enqueue
from comity_desk.jobs.running import fail, put_back
from comity_desk.lib import clock

SILENT = timedelta(seconds=60)
ATTEMPTS = 2
KEEP = timedelta(days=14)
KEEP_OWN = timedelta(days=1)  # the desk's own jobs, which nobody lists
logger = logging.getLogger("comity_desk.jobs")


def tend() -> None:
    """Everything, in turn."""
    revive_stale()
    requeue_lost()
    delete_old()
    delete_strays()


def revive_stale() -> int:
    """Put jobs of dead workers into the queue again, once; gives how many were found."""
    found = 0
    for job in Job.objects.filter(state=RUNNING):
        silent = job.beat_at is None or clock.now() - job.beat_at > SILENT
        if not (silent or places.ended(job.worker)):
            continue
        found += 1
        logger.warning("job of a dead worker", extra={"job": job.pk, "kind": job.kind, "attempt": job.attempt})
        DBTaskResult.objects.filter(pk__in=[job.task], status=TaskResultStatus.RUNNING).update(status=TaskResultStatus.FAILED, finished_at=clock.now())
        if job.attempt < ATTEMPTS:
            put_back(job, job.attempt + 1)
        else:
            fail(job, DIED_TWICE)
    return found


def requeue_lost() -> None:
    """Jobs that wait and whose row in the queue is no longer waiting: a worker took the row and died before it took the job."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY).values("id")
    for job in Job.objects.filter(Q(task__isnull=True) | ~Q(task__in=waiting), state=QUEUED, queued_at__lt=clock.now() - SILENT):
        with transaction.atomic():
            if Job.objects.filter(pk=job.pk, state=QUEUED, task=job.task).update(queued_at=clock.now()):
                job.refresh_from_db()
                enqueue(job, again=True)


def delete_old() -> None:
    """Delete jobs that ended two weeks ago, their files, and rows of the queue that are done with."""
    now = clock.now()
    ended = Q(ended_at__lt=now - KEEP) | Q(ended_at__lt=now - KEEP_OWN, owner__isnull=True)
    for job in Job.objects.exclude(state__in=ACTIVE).filter(ended):
        results.removed(job.file)
        job.delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_OWN).delete()


def delete_strays() -> None:
    """Delete files that belong to no job: a worker died between writing one and ending its job."""
    known = set(Job.objects.exclude(file="").values_list("file", flat=True))
    for place in results.folder().iterdir():
        if place.name not in known and time.time() - place.stat().st_mtime > SILENT.total_seconds():
            place.unlink(missing_ok=True)


def destroy_results() -> None:
    """Delete every kept file at once: what was spilled may stand in any of them. For the spill procedure."""
    for job in Job.objects.exclude(file=""):
        results.removed(job.file)
    Job.objects.exclude(file="").update(file="")


DIED_TWICE = Text("The worker ended in the middle of this job twice; it is not tried again.", "작업 처리기가 두 번 중단되어 더 이상 시도하지 않습니다.")
