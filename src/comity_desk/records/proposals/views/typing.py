"""What a form asks for while somebody types: saving the draft, names to pick from, how a value is read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from comity.vocab.errors import UnknownField, UnknownKind
from comity.vocab.kinds import Field, kind_of
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.records.proposals import drafts
from comity_desk.records.proposals.cells import plain
from comity_desk.records.proposals.forms import CODE, basis_fields, source_fields
from comity_desk.records.proposals.picking import picks, target_known
from comity_desk.records.proposals.seeing import TAKING_PART
from comity_desk.records.proposals.tasks import TITLES, Task
from comity_desk.records.proposals.views.asking import kind_named, person, writer
from comity_desk.records.proposals.widgets import reading

WRITTEN = 200  # so many letters are looked up
LONGEST = 200  # of an id


@require_POST
def draft_save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what is typed; the answer says when it was kept."""
    user = writer(request, *TAKING_PART)
    change, field = request.POST.get("task", ""), request.POST.get("field", "")
    kind = kind_named(request.POST.get("plural", ""))
    if change not in TITLES or (field and not kind.has(field)):
        raise NotFound(NOTHING_HERE)
    draft = drafts.save(user, Task(change, kind, plain(request.POST.get("record", ""))[:LONGEST], field), key, request.POST)
    return render(request, "records/proposals/saved.html", {"at": timezone.localtime(draft.saved_at)})


@require_POST
def draft_discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw a draft away."""
    drafts.discard(writer(request, *TAKING_PART), key)
    return redirect("proposals")


@require_GET
def pick(request: HttpRequest, target: str) -> HttpResponse:
    """Options for the names that somebody types."""
    person(request, "record.read")
    if not target_known(target):
        raise NotFound(NOTHING_HERE)
    return render(request, "records/proposals/options.html", {"picks": picks(snapshot_of(request), target, _written(request))})


@require_GET
def read(request: HttpRequest, plural: str, field: str) -> HttpResponse:
    """How a value is read, in words."""
    person(request, "record.read")
    return render(request, "records/proposals/reading.html", {"words": reading(_field(plural, field), _written(request), snapshot_of(request))})


def _field(plural: str, name: str) -> Field:
    try:
        kind = kind_of(plural)
        beside = {one.name: one for one in (*basis_fields(kind), *source_fields(kind), CODE)}
        return kind.field(name) if kind.has(name) or name not in beside else beside[name]
    except (UnknownKind, UnknownField):
        raise NotFound(NOTHING_HERE) from None


def _written(request: HttpRequest) -> str:
    """The text of the input that asks, whatever its name."""
    named = request.headers.get("HX-Trigger-Name", "")
    text = request.GET.get(named) or request.GET.get("q") or next((value for value in request.GET.values() if value), "")
    return str(text)[:WRITTEN]
