"""The page of one's own jobs: what waits, runs and is done; asking, cancelling, and taking the files away.

Everything here is the person's own: of other people's jobs not even the number is told. A file is served only to its owner, only while the
owner is still in the class of readers for which it was made, and only to be saved.
"""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.jobs import results
from comity_desk.jobs.actions import CancelJob, StartJob, job_of
from comity_desk.jobs.forms import job_forms
from comity_desk.jobs.models import Job
from comity_desk.jobs.tending import KEEP
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib.errors import NOTHING_HERE, NotFound, NotPermitted
from comity_desk.lib.pages import page

SHOWN = 100


@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """Own jobs, newest first, and forms to ask for more."""
    person = _person(request)
    own = list(Job.objects.of(person)[:SHOWN])
    context = {"jobs": own, "busy": any(job.active for job in own), "days": KEEP.days}
    if getattr(request, "htmx", False):
        return page(request, "jobs/list.html", context)
    return page(request, "jobs/jobs.html", context | {"forms": job_forms(snapshot_for(person.reader))})


@require_POST
def job_start(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a job."""
    StartJob(actor=request.user, kind=kind, parameters=request.POST.dict()).run()
    return redirect("jobs")


@require_POST
def job_cancel(request: HttpRequest, id: str) -> HttpResponse:
    """Cancel a job."""
    CancelJob(actor=request.user, job=id).run()
    return redirect("jobs")


@require_GET
def job_file(request: HttpRequest, id: str) -> FileResponse:
    """The file that came of a job."""
    job = job_of(_person(request), id)
    if not job.has_file:
        raise NotFound(NOTHING_HERE)
    try:
        content = results.opened(job.file)
    except FileNotFoundError as error:
        raise NotFound(NOTHING_HERE) from error
    response = FileResponse(content, as_attachment=True, filename=job.file_name, content_type=job.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _person(request: HttpRequest) -> User:
    """Who asks, if jobs are allowed to that person."""
    user = request.user
    if not isinstance(user, User) or not user.permitted("job.run"):
        raise NotPermitted(_NOT_PERMITTED)
    return user


_NOT_PERMITTED = Text("Your roles do not allow this.", "부여된 역할로는 할 수 없는 작업입니다.")
