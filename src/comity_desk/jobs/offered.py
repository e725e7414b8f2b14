"""Work that other apps name (`comity_desk.lib.background`), done by this queue for a class of readers whom nobody needs to stand for.

Equal work is one job at a time. What failed is told for two minutes before it is begun anew, so that a page that asks every few seconds does not
start it over and over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from comity.register.readers import Reader
from comity_desk.jobs.actions import queue_own
from comity_desk.jobs.models import FAILED, QUEUED, Job
from comity_desk.jobs.readers import written_class
from comity_desk.jobs.work import KINDS, Output, Running, job
from comity_desk.lib import clock
from comity_desk.lib.background import Progress, Work

TOLD_FAILED = timedelta(minutes=2)


class JobsQueue:
    """The desk's queue of jobs."""

    def want(self, name: str, reader: Reader, parameters: dict[str, Any], same: str) -> Progress:
        """The job that waits or runs for this, or a new one."""
        found = Job.objects.filter(same=same).first()
        if found is not None and (found.active or _failed_just_now(found)):
            return progress_of(found)
        try:
            with transaction.atomic():
                return progress_of(queue_own(name, parameters, reader=written_class(reader), same=same))
        except IntegrityError:  # another request was faster
            return Progress("waiting")


def _failed_just_now(job: Job) -> bool:
    return job.state == FAILED and job.ended_at is not None and clock.now() - job.ended_at < TOLD_FAILED


def progress_of(job: Job) -> Progress:
    """How far a job is."""
    if job.state == FAILED:
        return Progress("failed", words=job.error)
    if job.state == QUEUED:
        return Progress("waiting")
    return Progress("running", job.done, job.total, job.words)


def adopt(work: Work) -> None:
    """Make work that another app names a kind of job."""

    def do(running: Running) -> Output | None:
        made = work.do(running)
        return Output(made.name, made.media_type, made.content) if made is not None else None

    if work.name not in KINDS:
        job(work.name, label=work.label, permission=work.permission, clean=work.clean, title=work.title)(do)
