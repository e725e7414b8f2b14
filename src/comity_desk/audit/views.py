"""The audit trail for auditors: who did what, when and why; whether its chain holds. Nobody else is shown an event or a number of one."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from comity.vocab.text import Text
from comity_desk.audit.allowed import allowed
from comity_desk.audit.models import Event, Head
from comity_desk.audit.names import name_of
from comity_desk.audit.trail import PAGE, Asked, ExportTrail, actions_there_are, lines
from comity_desk.audit.verify import NoteVerification, unguarded, verify
from comity_desk.lib import clock
from comity_desk.lib.errors import NOTHING_HERE, NotFound, Refused
from comity_desk.lib.language import words
from comity_desk.lib.pages import page

MOST_AT_ONCE = 50_000  # events that are verified while somebody waits for a page


@allowed("audit.read")
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The trail."""
    asked = Asked.of(request.GET)
    found = list(asked.events()[: PAGE + 1])
    older = urlencode({**asked.told(), "before": found[PAGE - 1].number}) if len(found) > PAGE else ""
    context = {
        "asked": asked,
        "rows": [(event, name_of(event.action), event.said()) for event in found[:PAGE]],
        "actions": actions_there_are(),
        "older": older,
        "export": urlencode(asked.told()),
    }
    return page(request, "audit/trail.html", context)


@allowed("audit.read")
@require_safe
def event(request: HttpRequest, number: int) -> HttpResponse:
    """One event, all of it."""
    told = Event.objects.select_related("actor").filter(number=number).first()
    if told is None:
        raise NotFound(NOTHING_HERE)
    said = told.said()
    context = {
        "event": told,
        "name": name_of(told.action),
        "said": said,
        "details": json.dumps(said["details"], ensure_ascii=False, indent=2, sort_keys=True) if said.get("details") else "",
        "holds": told.holds(),
        "commitment": bytes(told.commitment).hex(),
        "link": bytes(told.link).hex(),
    }
    return page(request, "audit/event.html", context)


@allowed("audit.read")
@require_safe
def chain(request: HttpRequest) -> HttpResponse:
    """The heads of the chains, when they were last verified, and whether the database guards them."""
    rows = []
    for head in Head.objects.order_by("name"):
        seen = next((one for one in Event.objects.filter(action="chain-verified").select_related("actor")[:200] if one.said().get("target") == head.name), None)
        rows.append({"head": head, "link": bytes(head.link).hex(), "seen": seen, "said": seen.said().get("details", {}) if seen else {}})
    return page(request, "audit/chain.html", {"rows": rows, "unguarded": unguarded(), "verifies": request.user.permitted("chain.verify")})  # type: ignore[union-attr]


@allowed("chain.verify")
@require_POST
def verify_now(request: HttpRequest) -> HttpResponse:
    """Verify the trail while the auditor waits."""
    if Head.objects.get(name="audit").number > MOST_AT_ONCE:
        raise Refused(_LONG)
    found = verify()
    NoteVerification(actor=request.user, chain="audit", found=found).run()
    if found.broken:
        messages.error(request, words(found.broken.what))
    else:
        messages.success(request, words(_HOLDS.format(n=found.entries)))
    return HttpResponseRedirect(reverse("audit_chain"))


@allowed("audit.read")
@require_POST
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The trail, or the part that was asked for, as CSV; that it was taken out is on the trail too."""
    asked = Asked.of(request.POST)
    ExportTrail(actor=request.user, asked=asked).run()
    answer = StreamingHttpResponse(lines(asked.events()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="comity-audit-{clock.today():%Y%m%d}.csv"'
    return answer


_HOLDS = Text("All {n} events hold.", "기록 {n}건 모두 이상 없습니다.")
_LONG = Text(
    "The trail is too long to verify while you wait; run `comity-desk verify`.",
    "기록이 많아 화면에서 검증할 수 없습니다. `comity-desk verify` 명령을 쓰십시오.",
)
