"""Work in the background for programs: asking for a brief, a dossier or an export, seeing how far it is, taking the file away.

The same actions as the page of jobs; everything here is the caller's own.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from comity.vocab.text import Text
from comity_desk.api.answers import digest, held_already, told
from comity_desk.api.describing import also, describe
from comity_desk.api.entering import person
from comity_desk.jobs import results
from comity_desk.jobs.actions import CancelJob, StartJob, job_of
from comity_desk.jobs.models import Job
from comity_desk.lib.errors import NOTHING_HERE, NotFound

router = Router(tags=["jobs"])
SHOWN = 100
Id = Annotated[str, Path(max_length=16)]


class Wanted(Schema):
    """What is to be made."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[str, Field(max_length=40)]
    parameters: dict[str, str] = Field(default_factory=dict)


@router.get("/jobs", **also(describe(Text("Your jobs", "내 작업"), gives="Jobs", refuses=(412,)), 304))
def job_list(request: HttpRequest) -> HttpResponse:
    """Own jobs, newest first."""
    listed = [_told(job) for job in Job.objects.of(person(request, "job.run"))[:SHOWN]]
    held_already(request, digest("jobs", listed))
    return told({"jobs": listed})


@router.post(
    "/jobs",
    **describe(
        Text("Ask for a job", "작업 요청"),
        Text("Kinds: `brief`, `dossier`, `export`, with the parameters that the page of jobs has.", "종류는 `brief`, `dossier`, `export`이며 매개변수는 작업 화면과 같다."),
        gives="Job", status=201, refuses=(404, 409, 413, 415),
    ),
)  # fmt: skip
def job_start(request: HttpRequest, payload: Wanted) -> HttpResponse:
    """Start one."""
    job = StartJob(actor=person(request, "job.run"), kind=payload.kind, parameters=payload.parameters).run()
    return told(_told(job), status=201, headers={"Location": _link(job)})


@router.get("/jobs/{id}", **also(describe(Text("One of your jobs", "작업 하나"), gives="Job", refuses=(404, 412)), 304))
def job(request: HttpRequest, id: Id) -> HttpResponse:
    """How far it is."""
    found = _told(job_of(person(request, "job.run"), id))
    held_already(request, digest("job", found))
    return told(found)


@router.post("/jobs/{id}/cancel", **describe(Text("Cancel a job", "작업 취소"), gives="Job", refuses=(404, 409, 415)))
def job_cancel(request: HttpRequest, id: Id) -> HttpResponse:
    """Cancel it."""
    return told(_told(CancelJob(actor=person(request, "job.run"), job=id).run()))


@router.get(
    "/jobs/{id}/file", **also(describe(Text("The file that came of a job", "작업 결과 파일"), media="application/octet-stream", refuses=(404, 412)), 304)
)
def job_file(request: HttpRequest, id: Id) -> FileResponse:
    """The file."""
    found = job_of(person(request, "job.run"), id)
    if not found.has_file:
        raise NotFound(NOTHING_HERE)
    held_already(request, digest("file", found.digest))
    try:
        content = results.opened(found.file)
    except FileNotFoundError as error:
        raise NotFound(NOTHING_HERE) from error
    response = FileResponse(content, as_attachment=True, filename=found.file_name, content_type="application/octet-stream")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _told(found: Job) -> dict[str, Any]:
    names = ("id", "kind", "state", "parameters", "done", "total", "made_at", "started_at", "ended_at", "title")
    texts = {"words": found.words if found.words_en else None, "error": found.error if found.error_en else None}
    told_of = {name: getattr(found, name) for name in ("media_type", "size", "digest")}
    file = {"name": found.file_name, **told_of, "link": f"{_link(found)}/file"} if found.has_file else None
    return {name: getattr(found, name) for name in names} | texts | {"file": file, "link": _link(found)}


def _link(found: Job) -> str:
    return f"{settings.API_PREFIX}v1/jobs/{found.pk}"
