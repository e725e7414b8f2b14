"""Bringing in a table, step by step: file, columns, faults and duplicates, handing in; and the page on which reviewers decide.

Nothing is written to the record before a reviewer accepts; nothing is proposed before its bringer has seen what is wrong with every row.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.vocab.kinds import Kind, kind_of, kinds
from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.ledger.asking import looking_as, snapshot_of
from comity_desk.ledger.snapshots import reader_class
from comity_desk.lib import clock
from comity_desk.lib.errors import Conflict, DeskError, Refused
from comity_desk.lib.language import lang, words
from comity_desk.lib.pages import page
from comity_desk.records.attachments.actions import clean_name
from comity_desk.records.attachments.limit import Limit, limited, too_large
from comity_desk.records.importing.actions import AcceptBatch, DeclineBatch, SubmitBatch, WithdrawBatch, batch_seen, import_of
from comity_desk.records.importing.checking import Checked, checked
from comity_desk.records.importing.mapping import guessed, targets
from comity_desk.records.importing.models import Import
from comity_desk.records.importing.reading import ROWS, read_table
from comity_desk.records.importing.template import template
from comity_desk.records.proposals.cells import plain
from comity_desk.records.proposals.forms import marking_choices, record_form, typed_basis
from comity_desk.records.proposals.inbox import line_of
from comity_desk.records.proposals.levels import usual_marking
from comity_desk.records.proposals.models import FIRST, Decision
from comity_desk.records.proposals.seeing import TAKING_PART, sees
from comity_desk.records.proposals.views.asking import kind_named, person, writer
from comity_desk.records.proposals.widgets import Typed, typed_cells

SHOWN, SAMPLE, KEPT = 200, 3, 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Choose a kind and a file, or go on with a table that was brought already."""
    return _start(request, writer(request, "record.import"))


def _start(request: HttpRequest, user: User, *, status: int = 200, **more: Any) -> HttpResponse:
    own = Import.objects.filter(owner=user, reader=reader_class(user.reader)).defer("rows")
    chosen = request.POST.get("kind") or request.GET.get("kind", "")
    context = {
        "kinds": [kind for kind in kinds().values() if kind.name not in ("claim", "marking")],
        "chosen": chosen,
        "own": list(own),
        "limit": settings.UPLOAD_LIMIT // 1_000_000,
        "rows": ROWS,
    }
    return page(request, "records/importing/start.html", context | more, status=status)


@require_POST
@csrf_exempt
def import_bring(request: HttpRequest) -> HttpResponse:
    """Read a file; reading stops at the limit, before the form is looked at."""
    return _brought(request, limited(request, settings.UPLOAD_LIMIT))


@csrf_protect
def _brought(request: HttpRequest, limit: Limit) -> HttpResponse:
    user = writer(request, "record.import")
    kind = kind_named(kind_of(request.POST.get("kind", "") or "exercise").plural)
    file = request.FILES.get("file")
    name, content = ("", b"") if file is None or isinstance(file, list) else (clean_name(str(file.name)), file.read())
    try:
        if limit.over:
            raise too_large(settings.UPLOAD_LIMIT)
        table = read_table(name, content)
    except DeskError as error:
        return _start(request, user, status=error.status, refused=error.text, faults=getattr(error, "faults", []))
    for old in Import.objects.filter(owner=user).defer("rows")[KEPT - 1 :]:
        old.delete()
    seen = snapshot_of(request)
    brought = Import.objects.create(
        owner=user,
        reader=reader_class(user.reader),
        kind=kind.name,
        name=name,
        header=table.header,
        rows=[[number, *cells] for number, cells in table.rows],
        mapping=guessed(table.header, kind),
        marking=usual_marking(seen) or "",
        made_at=clock.now(),
    )
    return redirect("import", key=brought.key)


@require_safe
def import_template(request: HttpRequest, plural: str) -> HttpResponse:
    """The workbook to fill in."""
    person(request, "record.read")
    kind = kind_named(plural)
    response = HttpResponse(template(kind, snapshot_of(request), lang()), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{kind.plural}.xlsx"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_table(request: HttpRequest, key: str) -> HttpResponse:
    """The columns of a table and what is wrong with its rows; saved and looked at again."""
    user = writer(request, "record.import")
    brought = import_of(user, key)
    if request.method == "POST":
        _keep(request, brought, kinds()[brought.kind])
        return redirect("import", key=key)
    return _sheet(request, user, brought)


def _keep(request: HttpRequest, brought: Import, kind: Kind) -> None:
    """Keep how the columns are to be understood."""
    asked = {str(at): request.POST.get(f"column-{at}", "") for at in range(len(brought.header))}
    known = targets(kind)
    brought.mapping = {at: name for at, name in asked.items() if name in known}
    brought.basis = typed_basis(kind, request.POST, snapshot_of(request))
    brought.marking = plain(request.POST.get("b-marking", ""))[:60]
    brought.save(update_fields=["mapping", "basis", "marking"])


def _sheet(request: HttpRequest, user: User, brought: Import, *, status: int = 200, **more: Any) -> HttpResponse:
    kind, seen = kinds()[brought.kind], snapshot_of(request)
    typed: Typed = typed_cells([], {})
    for name, value in {**brought.basis, "marking": brought.marking}.items():
        typed[f"b-{name}"] = value
    found: Checked = checked(brought, user.reader)
    labels = {name: target.field.label for name, target in targets(kind).items()} | {"id": Text("Id", "식별자")}
    context = {
        "brought": brought,
        "kind": kind,
        "columns": _columns(brought),
        "targets": [(name, target.field) for name, target in targets(kind).items()],
        "form": record_form(kind, typed, seen, fields=(), adding=True, reasoned=True),
        "markings": marking_choices(seen, typed),
        "checked": found,
        "faults": [(fault, labels.get(str(fault.field), Text(str(fault.field or ""), str(fault.field or "")))) for fault in found.faults[:SHOWN]],
        "more_faults": max(0, len(found.faults) - SHOWN),
        "doubles": _doubles(found, seen),
        "count": len(found.numbers),
        "task": {"change": "add", "rests_on_source": True},
        "lists": {},
    }
    return page(request, "records/importing/table.html", context | more, status=status)


def _columns(brought: Import) -> list[dict[str, Any]]:
    """Each column with its first values and what it is mapped to."""
    rows = brought.rows[:SAMPLE]
    return [
        {"at": at, "head": head, "sample": [row[at + 1] for row in rows if at + 1 < len(row) and row[at + 1]], "field": brought.mapping.get(str(at), "")}
        for at, head in enumerate(brought.header)
    ]


def _doubles(found: Checked, seen: Any) -> list[dict[str, Any]]:
    """Likely duplicates with the titles of the records; those among the rows name the other row."""
    listed = found.duplicates or []
    there = [one for one in listed if not one["ref"] or seen.has_record(one["ref"])]
    return [{**one, "title": seen.record(one["ref"]).title(lang()) if one["ref"] else ""} for one in there]


@require_safe
def import_faults(request: HttpRequest, key: str) -> HttpResponse:
    """Every fault as a table, to mend the file by."""
    user = writer(request, "record.import")
    found = checked(import_of(user, key), user.reader, look=False)
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow([words(one) for one in (_ROW, _FIELD, _WHAT, _MEND)])
    write.writerows([fault.row or "", fault.field or "", _plain(words(fault.what)), _plain(words(fault.mend))] for fault in found.faults)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="faults.csv"'
    return response


def _plain(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


@require_POST
def import_submit(request: HttpRequest, key: str) -> HttpResponse:
    """Hand the table in."""
    user = writer(request, "record.import")
    try:
        batch = SubmitBatch(actor=user, key=key, reason=plain(request.POST.get("reason", ""))).run()
    except (Refused, Conflict) as error:
        return _sheet(request, user, import_of(user, key), status=error.status, refused=error.text, reason=plain(request.POST.get("reason", "")))
    messages.success(request, words(_HANDED_IN))
    return redirect("batch", key=batch.key)


@require_POST
def import_discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw the table away."""
    import_of(writer(request, "record.import"), key).delete()
    return redirect("imports")


@require_safe
def batch(request: HttpRequest, key: str) -> HttpResponse:
    """A table that was handed in, row by row."""
    return _batch(request, person(request, *TAKING_PART), key)


def _batch(request: HttpRequest, user: User, key: str, *, status: int = 200, **more: Any) -> HttpResponse:
    seen = snapshot_of(request)
    found = batch_seen(user, seen, key)
    rows = [row for row in found.rows.select_related("proposer").order_by("row") if sees(seen, row)]
    opened = [row for row in rows if row.closed is None]
    mine, writing = found.proposer_id == user.pk, looking_as(request) is None
    lines = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "batch": found,
        "kind": kinds()[found.kind],
        "marking": seen.record(f"marking:{found.marking}").title(lang()),
        "lines": lines,
        "rows": [line_of(row, seen) for row in lines],
        "count": len(rows),
        "open": len(opened),
        "accepted": sum(row.closed == "accepted" for row in rows),
        "mine": mine,
        "first": Decision.objects.filter(proposal__batch=found, verdict=FIRST, proposal__closed=None).select_related("by").first(),
        "may_decide": writing and bool(opened) and not mine and user.permitted("record.review"),
        "may_withdraw": writing and bool(opened) and mine,
    }
    return page(request, "records/importing/batch.html", context | more, status=status)


@require_POST
def batch_accept(request: HttpRequest, key: str) -> HttpResponse:
    """Let every open row into the record."""
    return _decided(request, key, AcceptBatch, "record.review", _ACCEPTED)


@require_POST
def batch_decline(request: HttpRequest, key: str) -> HttpResponse:
    """Read, not accepted, and why."""
    return _decided(request, key, DeclineBatch, "record.review", _DECLINED)


@require_POST
def batch_withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's own table back."""
    return _decided(request, key, WithdrawBatch, "record.import", _WITHDRAWN)


def _decided(request: HttpRequest, key: str, act: Any, permission: str, done: Text) -> HttpResponse:
    user = writer(request, permission)
    try:
        count = act(actor=user, key=key, reason=plain(request.POST.get("reason", ""))).run()
    except (Refused, Conflict) as error:
        return _batch(
            request, user, key, status=error.status, refused=error.text, faults=getattr(error, "faults", []), reason=plain(request.POST.get("reason", ""))
        )
    messages.success(request, words(done.format(n=count)))
    return redirect("batch", key=key)


_HANDED_IN = Text("The table was handed in. A reviewer decides on it.", "표를 제출했습니다. 검토자가 처리합니다.")
_ACCEPTED = Text("{n} rows were accepted.", "{n}행을 승인했습니다.")
_DECLINED = Text("{n} rows were closed as read and not accepted.", "{n}행을 미채택으로 처리했습니다.")
_WITHDRAWN = Text("{n} rows were taken back.", "{n}행의 제안을 취소했습니다.")
_ROW, _FIELD, _WHAT, _MEND = Text("Row", "행"), Text("Field", "항목"), Text("What is wrong", "문제"), Text("How to mend it", "고치는 법")
