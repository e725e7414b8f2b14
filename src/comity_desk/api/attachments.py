"""Files beside records for programs: listed, added, handed out to be saved, removed. The same acts and rules as on the pages."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from comity.vocab.text import Text
from comity_desk.api.answers import digest, held_already, told
from comity_desk.api.describing import also, describe
from comity_desk.api.entering import person
from comity_desk.api.errors import Malformed, NotJson, fault
from comity_desk.api.proposals import Why
from comity_desk.api.records import record_of
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.records.attachments import store
from comity_desk.records.attachments.actions import AddAttachment, RemoveAttachment, attachment_seen, attachments_on
from comity_desk.records.attachments.limit import too_large
from comity_desk.records.attachments.models import Attachment
from comity_desk.records.proposals.levels import row_marking
from comity_desk.records.proposals.views.asking import writer

router = Router(tags=["attachments"])
Key = Annotated[str, Path(max_length=16)]
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}, "marking": {"type": "string"}},
                    "required": ["file"],
                    "additionalProperties": False,
                }
            }
        },
    }
}


@router.get(
    "/records/{plural}/{id}/attachments", **also(describe(Text("Files beside a record", "기록의 첨부 파일"), gives="Attachments", refuses=(404, 412)), 304)
)
def attachment_list(request: HttpRequest, plural: str, id: str) -> HttpResponse:
    """The files that the reader sees."""
    found = record_of(request, plural, id)
    listed = [_told(one) for one in attachments_on(found.snapshot, found.ref) if one.name is not None]
    held_already(request, digest("attachments", listed))
    return told({"record": found.ref, "attachments": listed})


@router.post(
    "/records/{plural}/{id}/attachments",
    **describe(
        Text("Put a file beside a record", "첨부 파일 추가"),
        Text("A form with `file` and `marking` (that of the record when missing).", "`file`과 `marking`(없으면 기록의 등급)을 담은 양식."),
        gives="Attachment", status=201, refuses=(404, 413, 415), extra=FORM,
    ),
)  # fmt: skip
def attachment_add(request: HttpRequest, plural: str, id: str) -> HttpResponse:
    """Add one."""
    user = writer(request, "attachment.add")
    found = record_of(request, plural, id)
    if request.content_type != "multipart/form-data":
        raise NotJson(_NOT_A_FORM)
    file = request.FILES.get("file")
    if getattr(request, "comity_limit", None) is not None and request.comity_limit.over:  # type: ignore[attr-defined]
        raise too_large(settings.UPLOAD_LIMIT)
    if file is None or isinstance(file, list):
        raise Malformed([fault("file", "missing", _NO_FILE, _SEND_FILE)])
    marking = request.POST.get("marking") or row_marking(found.snapshot, found.ref) or ""
    made = AddAttachment(actor=user, ref=found.ref, marking=marking, name=str(file.name), content=file.read()).run()
    return told(_told(made), status=201, headers={"Location": _link(made)})


@router.get("/attachments/{key}", **also(describe(Text("One file", "파일 하나"), media="application/octet-stream", refuses=(404, 412)), 304))
def attachment(request: HttpRequest, key: Key) -> HttpResponse:
    """The file, to be saved."""
    person(request, "record.read")
    found = attachment_seen(snapshot_of(request), key)
    if found.name is None:
        raise NotFound(NOTHING_HERE)
    held_already(request, digest("attachment", found.sha256))
    response = HttpResponse(store.opened(found.file, found.sha256), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@router.post(
    "/attachments/{key}/remove", **describe(Text("Remove a file, and say why", "첨부 파일 삭제(이유 필요)"), gives="Attachment", refuses=(404, 413, 415))
)
def attachment_remove(request: HttpRequest, key: Key, payload: Why) -> HttpResponse:
    """Take it away."""
    return told(_told(RemoveAttachment(actor=writer(request, "attachment.add", "record.review"), key=key, reason=payload.reason).run()))


def _told(one: Attachment) -> dict[str, Any]:
    names = ("key", "name", "media_type", "size", "sha256", "marking", "added_at")
    return {name: getattr(one, name) for name in names} | {"added_by": str(one.added_by), "removed": one.removed_at is not None, "link": _link(one)}


def _link(one: Attachment) -> str:
    return f"{settings.API_PREFIX}v1/attachments/{one.key}"


_NOT_A_FORM = Text("Send the file as multipart/form-data.", "파일을 multipart/form-data로 보내십시오.")
_NO_FILE = Text("There is no file.", "파일이 없습니다.")
_SEND_FILE = Text("Send it as `file`.", "`file`로 보내십시오.")
