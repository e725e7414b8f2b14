"""Files beside a record: listed, added, handed out to be saved, removed. Also what is proposed for the record, and what one may propose.

The list is a part of a page of its own, fetched by the record's page: that page is kept by browsers while the record stays the same, which
files and proposals are no part of.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.ledger.asking import looking_as, snapshot_of
from comity_desk.lib.errors import NOTHING_HERE, NotFound, Refused, TooLarge
from comity_desk.lib.language import lang, words
from comity_desk.lib.pages import page
from comity_desk.records.attachments import store
from comity_desk.records.attachments.actions import AddAttachment, RemoveAttachment, attachment_seen, attachments_on, may_remove
from comity_desk.records.attachments.limit import Limit, limited, too_large
from comity_desk.records.attachments.models import Attachment
from comity_desk.records.proposals.cells import plain
from comity_desk.records.proposals.forms import marking_choices
from comity_desk.records.proposals.levels import row_marking
from comity_desk.records.proposals.models import Proposal
from comity_desk.records.proposals.seeing import proposals_seen
from comity_desk.records.proposals.views.asking import kind_named, person, there, writer
from comity_desk.records.proposals.widgets import typed_cells


@require_safe
def record_beside(request: HttpRequest, plural: str, id: str) -> HttpResponse:
    """What lies beside a record and what is proposed for it."""
    return _beside(request, plural, id)


def _beside(request: HttpRequest, plural: str, id: str, *, status: int = 200, **more: Any) -> HttpResponse:
    user, kind = person(request, "record.read"), kind_named(plural)
    ref = f"{kind.name}:{id}"
    seen = there(request, ref)
    writing = looking_as(request) is None
    open_ones = proposals_seen(user, seen, Proposal.objects.filter(kind=kind.name, record=id, closed=None).select_related("proposer"))
    typed = typed_cells([], {})
    typed["b-marking"] = row_marking(seen, ref) or ""
    record = seen.record(ref)
    context = {
        "kind": kind,
        "record_id": id,
        "ref": ref,
        "title": record.title(lang()),
        "files": [_told(user, one, writing, seen) for one in attachments_on(seen, ref)],
        "may_add": writing and user.permitted("attachment.add") and kind.name != "marking",
        "markings": marking_choices(seen, typed),
        "limit": settings.UPLOAD_LIMIT // 1_000_000,
        "proposals": open_ones,
        "may_propose": writing and user.permitted("record.propose"),
        "may_judge": writing and (user.permitted("record.propose") or user.permitted("record.judge")) and kind.name != "marking",
        "may_mark": writing and kind.has("marking") and (user.permitted("record.propose") or user.permitted("marking.set")),
        "rivals": [one for one in kind.fields if any(claim["field"] == one.name and claim["status"] == "competing" for claim in seen.claims_on(record))],
        "fields": [one for one in kind.fields if one.name not in ("entered_at", "marking")],
    }
    template = "records/attachments/list.html" if getattr(request, "htmx", False) and status == 200 else "records/attachments/page.html"
    return page(request, template, context | more, status=status)


def _told(user: User, one: Attachment, writing: bool, seen: Snapshot) -> dict[str, Any]:
    return {"file": one, "may_remove": writing and may_remove(user, one), "marking": seen.record(f"marking:{one.marking}").title(lang())}


@require_POST
@csrf_exempt
def attachment_add(request: HttpRequest, plural: str, id: str) -> HttpResponse:
    """Put a file beside the record; reading stops at the limit, before the form is looked at."""
    return _added(request, plural, id, limited(request, settings.UPLOAD_LIMIT))


@csrf_protect
def _added(request: HttpRequest, plural: str, id: str, limit: Limit) -> HttpResponse:
    user, kind = writer(request, "attachment.add"), kind_named(plural)
    ref = f"{kind.name}:{id}"
    there(request, ref)
    name, content = _file(request)
    try:
        if limit.over:
            raise too_large(settings.UPLOAD_LIMIT)
        AddAttachment(actor=user, ref=ref, marking=request.POST.get("marking", ""), name=name, content=content).run()
    except (Refused, TooLarge) as error:
        return _beside(request, plural, id, status=error.status, refused=error.text, faults=getattr(error, "faults", []))
    messages.success(request, words(_ADDED))
    return redirect("record_beside", plural=plural, id=id)


def _file(request: HttpRequest) -> tuple[str, bytes]:
    """Name and content of the file that was sent; empty where none was."""
    file = request.FILES.get("file")
    return ("", b"") if file is None or isinstance(file, list) else (str(file.name), file.read())


@require_safe
def attachment(request: HttpRequest, key: str) -> HttpResponse:
    """The file, to be saved and never shown: browsers neither guess what it is nor run anything in it."""
    person(request, "record.read")
    found = attachment_seen(snapshot_of(request), key)
    if found.name is None:
        raise NotFound(NOTHING_HERE)
    content = store.opened(found.file, found.sha256)
    response = HttpResponse(content, content_type=found.media_type if not found.media_type.startswith("text/") else f"{found.media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_POST
def attachment_remove(request: HttpRequest, key: str) -> HttpResponse:
    """Take it away."""
    user = writer(request, "attachment.add", "record.review")
    gone = RemoveAttachment(actor=user, key=key, reason=plain(request.POST.get("reason", ""))).run()
    messages.success(request, words(_REMOVED))
    return redirect("record_beside", plural=kinds()[gone.kind].plural, id=gone.record)


_ADDED = Text("The file lies beside the record.", "파일을 첨부했습니다.")
_REMOVED = Text("The file was removed.", "첨부 파일을 지웠습니다.")
