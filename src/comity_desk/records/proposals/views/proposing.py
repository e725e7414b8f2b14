"""Forms in which changes are proposed: a new record, other values, another claim, another marking, a withdrawal.

A form that cannot be handed in comes back with what was typed and every fault beside its field; one whose record was changed meanwhile comes
back with the three values of each cell to choose from. Without scripts everything works but saving while typing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from comity.register.duplicates import Duplicate
from comity.register.snapshot import Snapshot
from comity.vocab.errors import Fault
from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.ledger.register import current
from comity_desk.lib import clock
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.language import lang, words
from comity_desk.lib.pages import page
from comity_desk.records.proposals import drafts
from comity_desk.records.proposals.actions import SubmitProposal, own_faults
from comity_desk.records.proposals.cells import plain
from comity_desk.records.proposals.concerns import duplicates_for
from comity_desk.records.proposals.content import cells_at, content_of
from comity_desk.records.proposals.differences import Difference, differences, said
from comity_desk.records.proposals.edits import worked_out
from comity_desk.records.proposals.forms import BASIS, record_form
from comity_desk.records.proposals.merging import Merged, merged
from comity_desk.records.proposals.models import ADD, CHANGE, CLAIM, JUDGE, WITHDRAW, Proposal, new_key
from comity_desk.records.proposals.picking import every
from comity_desk.records.proposals.refusals import ChangedMeanwhile, DoesNotFit
from comity_desk.records.proposals.seeing import proposal_seen
from comity_desk.records.proposals.tasks import MARK, Task, base_of, chosen, signed_base, with_cells
from comity_desk.records.proposals.views.asking import kind_named, proposing, there
from comity_desk.records.proposals.widgets import CELL, Typed, typed_cells

METHODS = require_http_methods(["GET", "HEAD", "POST"])


@METHODS
def record_new(request: HttpRequest, plural: str) -> HttpResponse:
    """Propose a record that is not there yet."""
    return _form(request, Task(ADD, kind_named(plural)))


@METHODS
def record_edit(request: HttpRequest, plural: str, id: str) -> HttpResponse:
    """Propose other values."""
    return _form(request, Task(CHANGE, kind_named(plural), id))


@METHODS
def record_marking(request: HttpRequest, plural: str, id: str) -> HttpResponse:
    """Propose who may see it."""
    kind = kind_named(plural)
    if not kind.has("marking"):
        raise NotFound(NOTHING_HERE)
    return _form(request, Task(MARK, kind, id))


@require_safe
def record_claim_on(request: HttpRequest, plural: str, id: str) -> HttpResponse:
    """The form for a claim on the field that was chosen from a list."""
    field = request.GET.get("field", "")
    return redirect(Task(CLAIM, _with_field(plural, field), id, field).address)


@METHODS
def record_claim(request: HttpRequest, plural: str, id: str, field: str) -> HttpResponse:
    """Put a value of another source beside the one that stands."""
    return _form(request, Task(CLAIM, _with_field(plural, field), id, field))


@METHODS
def record_judge(request: HttpRequest, plural: str, id: str, field: str) -> HttpResponse:
    """Let a competing claim stand."""
    return _form(request, Task(JUDGE, _with_field(plural, field), id, field))


@METHODS
def record_withdraw(request: HttpRequest, plural: str, id: str) -> HttpResponse:
    """Take the record back."""
    return _form(request, Task(WITHDRAW, kind_named(plural), id))


def _with_field(plural: str, field: str) -> Any:
    kind = kind_named(plural)
    if not kind.has(field) or field == "entered_at":
        raise NotFound(NOTHING_HERE)
    return kind


def _form(request: HttpRequest, task: Task) -> HttpResponse:
    user = proposing(request, task)
    seen = _seen(request, task)
    if request.method == "POST":
        return _posted(request, user, task, seen)
    typed, extra = _opened(request, user, task, seen)
    return _page(request, task, seen, typed, **extra)


def _seen(request: HttpRequest, task: Task) -> Snapshot:
    from comity_desk.ledger.asking import snapshot_of

    return snapshot_of(request) if task.adding else there(request, task.ref)


def _opened(request: HttpRequest, user: User, task: Task, seen: Snapshot) -> tuple[Typed, dict[str, Any]]:
    """What the form holds when it is opened: a draft, a proposal to correct, or the record as it stands."""
    if key := plain(request.GET.get("draft", "")):
        draft = drafts.draft_of(user, key)
        typed = drafts.typed_in(draft)
        return typed, {"draft": draft.key, "base": typed.get("base"), "former": typed.get("former") or ""}
    if key := plain(request.GET.get("former", "")):
        return _corrected(task, seen, _own(user, seen, key))
    return task.typed_at_first(seen, request.GET), {"found": drafts.latest_for(user, task)}


def _own(user: User, seen: Snapshot, key: str) -> Proposal:
    found = proposal_seen(user, seen, key)
    if not found.whole or found.proposal.proposer_id != user.pk:
        raise NotFound(NOTHING_HERE)
    return found.proposal


def _corrected(task: Task, seen: Snapshot, proposal: Proposal) -> tuple[Typed, dict[str, Any]]:
    """The form with what a proposal says, brought together with what changed since."""
    content = content_of(proposal)
    typed = task.typed_at_first(seen, request_nothing())
    extra: dict[str, Any] = {"former": proposal.key}
    cells = dict(content.cells)
    if task.change == CHANGE:
        together = merged(content.base, cells_at(seen, task.ref, list(cells)), cells)
        cells = together.cells
        extra["clashes"] = together
    typed = with_cells(task, typed, {name: value for name, value in cells.items() if task.kind.has(name)}) if task.change in (ADD, CHANGE, CLAIM) else typed
    typed[f"{CELL}marking"] = content.cells.get("marking") or ""
    typed["claim"] = content.claim
    for name, value in {**content.basis, "marking": content.marking, "reason_en": content.reason_en, "reason_ko": content.reason_ko}.items():
        typed[f"{BASIS}{name}"] = value
    typed[f"{BASIS}another_thing"] = content.another_thing
    return typed, extra


def request_nothing() -> Typed:
    """No values of an address."""
    return typed_cells([], {})


def _posted(request: HttpRequest, user: User, task: Task, seen: Snapshot) -> HttpResponse:
    typed = chosen(task, request.POST, seen)
    sent: dict[str, Any] = {name: plain(request.POST.get(name, "")) for name in ("draft", "base", "former")}
    wanted, _, lengthened = request.POST.get("do", "").partition(":")
    if wanted == "more":
        typed.appendlist(lengthened, "")
        return _page(request, task, seen, typed, **sent)
    if wanted == "check":
        return _checked(request, user, task, seen, typed, sent)
    content = task.content(typed, seen)
    before = base_of(task, typed)
    looked = bool(typed.get(f"{BASIS}looked_at"))
    try:
        proposal = SubmitProposal(actor=user, content=content, before=before, former=sent["former"], looked_at=looked, reason=content.reason.en).run()
    except DoesNotFit as error:
        told: dict[str, Any] = {"refused": error.text, "duplicates": error.duplicates, "elsewhere": error.elsewhere}
        return _page(request, task, seen, typed, error.faults, status=422, **sent, **told)
    except ChangedMeanwhile as error:
        fresh = with_cells(task, typed, {name: error.merged.cells[name] for name in error.merged.taken})
        return _page(request, task, seen, fresh, status=409, **{**sent, "base": None}, refused=error.text, clashes=error.merged)
    if sent["draft"]:
        drafts.discard(user, sent["draft"])
    messages.success(request, words(_HANDED_IN))
    return redirect("proposal", key=proposal.key)


def _checked(request: HttpRequest, user: User, task: Task, seen: Snapshot, typed: Typed, sent: dict[str, Any]) -> HttpResponse:
    """The form with every fault and what it would change, without handing anything in."""
    content = task.content(typed, seen)
    faults: Sequence[Fault] = own_faults(content, [*seen.table("marking")["id"]])
    told: dict[str, Any] = {}
    if not faults:
        worked = worked_out(content, user.reader, current().register, by=str(user), today=clock.today(), fitting=True)
        faults = worked.faults
        known = {one.existing for one in worked.duplicates}
        told = {"duplicates": worked.duplicates, "elsewhere": [one for one in duplicates_for(worked, seen) if one.existing not in known]}
        told["preview"] = differences(worked.content, seen)
    return _page(request, task, seen, typed, faults, **sent, **told, checked=True)


def _page(
    request: HttpRequest,
    task: Task,
    seen: Snapshot,
    typed: Typed,
    faults: Sequence[Fault] = (),
    *,
    status: int = 200,
    clashes: Merged | None = None,
    duplicates: Sequence[Duplicate] = (),
    elsewhere: Sequence[Duplicate] = (),
    **more: Any,
) -> HttpResponse:
    form = record_form(task.kind, typed, seen, faults, fields=task.fields, adding=task.adding, reasoned=task.reasoned)
    narrower = any(fault.code == "narrower-value" for fault in faults) or bool(typed.get(f"{BASIS}beneath"))
    context = {
        "task": task,
        "form": form,
        "title": None if task.adding else seen.record(task.ref).title(lang()),
        "base": more.pop("base", None) or signed_base(task, seen),
        "draft": more.pop("draft", None) or new_key(),
        "lists": {target: every(seen, target) for target in _targets(form)},
        "clashes": _clashes(task, clashes, seen),
        "duplicates": _alike(duplicates, seen),
        "elsewhere": _alike(elsewhere, seen),
        "narrower": narrower,
        "typed": typed,
        "another_thing": typed.get(f"{BASIS}another_thing", ""),
        "claims": _claims(task, seen, typed),
        "kept_key": drafts.key_on_browser(_user(request)),
        "faults": faults,
    }
    return page(request, "records/proposals/form.html", {**context, **more}, status=status)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - `proposing` looked
    return request.user


def _targets(form: Any) -> set[str]:
    """The kinds from which the form lets pick."""
    widgets = [*(one for group in form.groups for one in group.widgets), *form.basis.values()]
    return {one.target for one in widgets if one.template.endswith(("picked.html", "several.html", "counts.html"))}


def _clashes(task: Task, found: Merged | None, seen: Snapshot) -> dict[str, Any]:
    """Cells to choose, in words, and what was taken over from others."""
    if found is None:
        return {}
    fields = {one.field: task.kind.field(one.field) for one in found.clashes}
    rows = [
        {"field": fields[one.field], "base": said(fields[one.field], one.base, seen), "theirs": said(fields[one.field], one.theirs, seen)}
        | {"mine": said(fields[one.field], one.mine, seen)}
        for one in found.clashes
    ]
    taken: list[Difference] = [Difference(task.kind.field(name), "", said(task.kind.field(name), found.cells[name], seen)) for name in found.taken]
    return {"rows": rows, "taken": taken} if rows or taken else {}


def _alike(found: Sequence[Duplicate], seen: Snapshot) -> list[dict[str, Any]]:
    """Records that it may repeat, with their titles."""
    there = [one for one in found if seen.has_record(one.existing)]
    return [{"ref": one.existing, "title": seen.record(one.existing).title(lang()), "score": round(one.score), "days": one.days} for one in there]


def _claims(task: Task, seen: Snapshot, typed: Typed) -> list[dict[str, Any]]:
    """The claims on the cell that a claim or a judgement is about."""
    if task.change not in (JUDGE, CLAIM):
        return []
    field, record = task.kind.field(task.field), seen.record(task.ref)
    told = []
    for one in record.why(task.field):
        title = seen.record(f"source:{one.source}").title(lang()) if one.source and seen.has_record(f"source:{one.source}") else ""
        told.append({"claim": one, "words": said(field, one.value, seen), "source": title, "chosen": typed.get("claim") == one.id})
    return told


_HANDED_IN = Text("The proposal was handed in. A reviewer decides on it.", "제안을 제출했습니다. 검토자가 처리합니다.")
