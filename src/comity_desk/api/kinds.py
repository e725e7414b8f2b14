"""What can be said of a record? The kinds with their fields, codes and words in both languages, for programs that make forms and checks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

import comity
from comity.vocab.kinds import VOCABULARY_VERSION, Field, Kind, codes, kinds
from comity.vocab.text import Text
from comity_desk.api.answers import digest, held_already, told
from comity_desk.api.describing import also, describe
from comity_desk.api.entering import person
from comity_desk.api.filters import filters_of
from comity_desk.api.paging import sorts_of
from comity_desk.api.shapes import record_shape
from comity_desk.lib.errors import NOTHING_HERE, NotFound

router = Router(tags=["kinds"])


@router.get("/kinds", **also(describe(Text("Kinds of records", "기록의 종류"), gives="Kinds", refuses=(412,)), 304))
def kind_list(request: HttpRequest) -> HttpResponse:
    """Every kind."""
    person(request, "record.read")
    held_already(request, digest("kinds", VOCABULARY_VERSION, comity.__version__))
    return told({"vocabulary": VOCABULARY_VERSION, "kinds": [_words(kind) | _links(kind) for kind in kinds().values()]})


@router.get(
    "/kinds/{kind}",
    **also(describe(
        Text("One kind: its fields, filters and JSON Schema", "한 종류의 항목, 조건, JSON 스키마"),
        Text("`schema` is the JSON Schema (2020-12) of a record as it is read.", "`schema`는 읽은 기록의 JSON 스키마(2020-12)이다."),
        gives="Kind", refuses=(404, 412),
    ), 304),
)  # fmt: skip
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind."""
    person(request, "record.read")
    found = next((one for one in kinds().values() if kind in (one.name, one.plural)), None)
    if found is None:
        raise NotFound(NOTHING_HERE)
    held_already(request, digest("kind", found.name, VOCABULARY_VERSION, comity.__version__))
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **record_shape(found)}
    fields = [_field(field) for field in found.fields]
    return told(_words(found) | {"fields": fields, "filters": filters_of(found), "sorts": sorts_of(found), "schema": schema})


def _words(kind: Kind) -> dict[str, Any]:
    return {"kind": kind.name, "plural": kind.plural, "label": kind.label, "plural_label": kind.plural_label, "help": kind.help}


def _links(kind: Kind) -> dict[str, str]:
    base = f"{settings.API_PREFIX}v1"
    return {"records": f"{base}/records/{kind.plural}", "declared": f"{base}/kinds/{kind.name}"}


def _field(field: Field) -> dict[str, Any]:
    choices = [{"value": code.value, "label": code.label} for code in codes(field.codes).values()] if field.codes else []
    told_of = {name: getattr(field, name) for name in ("name", "type", "label", "help", "required", "codes", "target", "unit")}
    return told_of | {"choices": choices}
