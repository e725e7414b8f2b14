"""The way of a job into the queue. The row in the queue is written in the transaction of the job, so that neither is ever there alone."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from comity_desk.jobs.models import Job


@task()
def run_job(job: str, attempt: int) -> None:
    """Do a job; called by the worker."""
    from comity_desk.jobs.running import run

    run(job, attempt)


def enqueue(job: Job, *, again: bool = False) -> None:
    """Put a job into the queue: what a person waits for comes before the desk's own work, and first of all one whose turn had come before."""
    priority = 10 if again else 5 if job.owner_id else 0
    job.task = UUID(run_job.using(priority=priority).enqueue(job.pk, job.attempt).id)
    job.save(update_fields=["task"])
