"""Records for programs: lists of a kind with filters, one record, and the claims behind its fields.

A record that was never there and one that the reader may not see are answered in the same words.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from comity.register.snapshot import Claim, Record, Snapshot
from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text
from comity_desk.api import filters, paging
from comity_desk.api.answers import digest, held_already, seen_by, tag_of, told
from comity_desk.api.days import Day
from comity_desk.api.describing import also, describe
from comity_desk.api.typed import typed_record, typed_records
from comity_desk.lib.errors import NOTHING_HERE, NotFound

router = Router(tags=["records"])
MOST = 500
KnownAt = Day | None
WHOLE = "*"


@router.get(
    "/records/{plural}",
    **also(describe(
        Text("Records of a kind", "한 종류의 기록"),
        Text(
            "A list in pages, in an order of your choice. `total` counts what meets the filters; `next` is the address of what follows.",
            "정렬 순서를 정할 수 있는 목록. `total`은 조건에 맞는 건수, `next`는 다음 쪽의 주소이다.",
        ),
        gives="Records", refuses=(404,),
        extra={"parameters": [{"in": "query", "name": "filters", "required": False, "style": "form", "explode": True, "schema": {"type": "object", "additionalProperties": {"type": "string"}}}]},
    ), 304),
)  # fmt: skip
def record_list(
    request: HttpRequest,
    plural: str,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    cursor: Annotated[str | None, Query(max_length=2_000)] = None,
    sort: Annotated[str, Query(max_length=80)] = "id",
    known_at: KnownAt = None,
) -> HttpResponse:
    """A page of records."""
    kind, seen = kind_of(plural), seen_by(request)
    order, given = paging.Order.of(kind, sort), dict(request.GET.lists())
    rows = filters.wanted(seen, kind, given)
    page = paging.page_of(rows, order, paging.question(kind.name, given=given), cursor, limit)
    held_already(request, tag_of(request, seen))
    after = _next(request, page.cursor)
    headers = {"Link": f'<{after}>; rel="next"'} if after else None
    return told({"kind": kind.name, "total": page.total, "records": typed_records(page.rows, kind), "next": after}, headers=headers)


@router.get(
    "/records/{plural}/{id}",
    **also(describe(
        Text("One record", "기록 하나"),
        Text("Its ETag names the state that a change is made from (If-Match of a proposal).", "ETag는 변경의 근거가 되는 상태를 가리킨다(제안의 If-Match)."),
        gives="Record", refuses=(404, 412),
    ), 304),
)  # fmt: skip
def record(request: HttpRequest, plural: str, id: str, known_at: KnownAt = None) -> HttpResponse:
    """One record as typed JSON."""
    found = record_of(request, plural, id)
    held_already(request, record_tag(found))
    return told(typed_record(found.snapshot, found.kind, found.id))


@router.get(
    "/records/{plural}/{id}/claims",
    **also(describe(
        Text("The claims behind a record", "기록의 근거가 되는 주장"),
        Text("Field by field: what stands, what competes with it, what stood before, and why.", "항목별로 채택된 값, 경쟁하는 값, 이전 값과 그 이유."),
        gives="Claims", refuses=(404, 412),
    ), 304),
)  # fmt: skip
def record_claims(
    request: HttpRequest, plural: str, id: str, field: Annotated[str | None, Query(max_length=80)] = None, known_at: KnownAt = None
) -> HttpResponse:
    """The claims on one record."""
    found = record_of(request, plural, id)
    if field is not None and not found.kind.has(field) and field != WHOLE:
        raise NotFound(NOTHING_HERE)
    held_already(request, digest("claims", record_tag(found), field))
    return told({"record": found.ref, "claims": claims_on(found, field)})


def kind_of(plural: str) -> Kind:
    """The kind of that plural, or `NotFound`."""
    found = next((kind for kind in kinds().values() if kind.plural == plural), None)
    if found is None:
        raise NotFound(NOTHING_HERE)
    return found


def record_of(request: HttpRequest, plural: str, id: str) -> Record:
    """The record at an address, as this reader may see it, or `NotFound`."""
    kind, seen = kind_of(plural), seen_by(request)
    return found_record(seen, kind, id)


def found_record(seen: Snapshot, kind: Kind, id: str) -> Record:
    """The record of that id in a snapshot, or `NotFound`."""
    if (":" in id and kind.name != "claim") or not seen.has_record(f"{kind.name}:{id}"):
        raise NotFound(NOTHING_HERE)
    return Record(seen, kind, id)


def record_tag(found: Record) -> str:
    """The state of a record as this reader sees it: its cells and the claims on it."""
    return digest(found.ref, sorted(found.cells.items()), sorted(repr(sorted(row.items())) for row in found.snapshot.claims_on(found)))


def claims_on(found: Record, only: str | None) -> list[dict[str, Any]]:
    """Claims field by field, the one that stands first."""
    rows = {row["id"]: row for row in found.snapshot.claims_on(found)}
    said = {row["field"] for row in rows.values()}
    fields = [field.name for field in found.kind.fields if found[field.name] is not None or field.name in said]
    listed = [_claim(found, claim, rows, stands=at == 0) for name in fields if only in (None, name) for at, claim in enumerate(found.why(name))]
    whole = [row for row in rows.values() if row["field"] == WHOLE and only in (None, WHOLE)]
    return [*listed, *(_row(row, stands=False) for row in sorted(whole, key=lambda row: str(row["id"])))]


def _claim(found: Record, claim: Claim, rows: dict[str, dict[str, Any]], *, stands: bool) -> dict[str, Any]:
    row = rows.get(claim.id) or {"marking": found.cells.get("marking") or (found.id if found.kind.name == "marking" else None), "superseded_at": None}
    told_of = {name: getattr(claim, name) for name in ("id", "field", "value", "status", "source", "locator", "confidence", "entered_at", "reason")}
    return told_of | {"marking": row["marking"], "superseded_at": row["superseded_at"], "stands": stands}


def _row(row: dict[str, Any], *, stands: bool) -> dict[str, Any]:
    reason = Text(row["reason_en"], row["reason_ko"] or row["reason_en"]) if row["reason_en"] else None
    names = ("id", "field", "value", "status", "source", "locator", "confidence", "entered_at", "marking", "superseded_at")
    return {name: row[name] for name in names} | {"reason": reason, "stands": stands}


def _next(request: HttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept = [(name, value) for name, values in request.GET.lists() if name != "cursor" for value in values]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def record_link(kind: Kind, id: str) -> str:
    """Address of a record in the API."""
    from urllib.parse import quote

    return f"{settings.API_PREFIX}v1/records/{kind.plural}/{quote(id, safe='')}"
