"""Pages of the spill procedure: what was ordered, by whom, and the second officer's confirmation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from comity.vocab.text import Text
from comity_desk.ledger.asking import snapshot_of
from comity_desk.ledger.models import SpillOrder
from comity_desk.ledger.spill import CancelDestruction, ConfirmDestruction, OrderDestruction
from comity_desk.lib.errors import NOTHING_HERE, DeskError, NotFound, NotPermitted
from comity_desk.lib.language import words
from comity_desk.lib.pages import page


@require_GET
def spills(request: HttpRequest) -> HttpResponse:
    """Orders to destroy, and the form for a new one."""
    _officer(request)
    return page(request, "ledger/spills.html", {"orders": SpillOrder.objects.select_related("ordered_by", "settled_by")[:100], "form": {}})


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Give an order."""
    _officer(request)
    given = {name: request.POST.get(name, "").strip() for name in ("ref", "field", "words", "reason")}
    try:
        made = OrderDestruction(actor=request.user, ref=given["ref"], field=given["field"] or None, words=given["words"], reason=given["reason"]).run()
    except DeskError as error:
        orders = SpillOrder.objects.select_related("ordered_by", "settled_by")[:100]
        return page(request, "ledger/spills.html", {"orders": orders, "form": given, "error": error.text}, status=error.status)
    return redirect("spill", made.key)


@require_GET
def spill(request: HttpRequest, key: str) -> HttpResponse:
    """One order."""
    _officer(request)
    found = _order(key)
    told: dict[str, Any] = found.content or {}
    seen = told.get("ref") and snapshot_of(request).has_record(told["ref"])
    own = found.ordered_by_id == getattr(request.user, "pk", None)
    context = {"order": found, "ref": told.get("ref") if seen else None, "field": told.get("field"), "count": len(told.get("entries", [])), "own": own}
    return page(request, "ledger/spill.html", context | {"events": len(told.get("events", []))})


@require_POST
def settle(request: HttpRequest, key: str) -> HttpResponse:
    """Confirm or cancel."""
    _officer(request)
    found, reason = _order(key), request.POST.get("reason", "")
    if request.POST.get("act") == "confirm":
        count = ConfirmDestruction(actor=request.user, order=found, reason=reason).run()
        messages.success(request, words(_DONE.format(count=count)))
    else:
        CancelDestruction(actor=request.user, order=found, reason=reason).run()
    return redirect("spill", key)


def _officer(request: HttpRequest) -> None:
    if not getattr(request.user, "permitted", lambda _: False)("spill.order"):
        raise NotPermitted(NOTHING_HERE)


def _order(key: str) -> SpillOrder:
    found = SpillOrder.objects.filter(key=key).select_related("ordered_by", "settled_by").first()
    if found is None:
        raise NotFound(NOTHING_HERE)
    return found


_DONE = Text("{count} entries were destroyed; their stubs and the chain remain.", "항목 {count}건을 파기했습니다. 흔적과 사슬은 남아 있습니다.")
