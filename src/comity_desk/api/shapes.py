"""Which shape does each answer have? JSON Schemas of the answers, those of records made from the vocabulary.

A record as it is read differs from one as it is written in one point: a link, even a required one, is null where what it names may not be
seen by the reader.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from comity.register.resolve import LINKING
from comity.vocab.kinds import Kind, kinds
from comity.vocab.schema import json_schema
from comity.vocab.text import Lang

Shape = dict[str, Any]
TEXT: Shape = {"type": "string"}
COUNT: Shape = {"type": "integer", "minimum": 0}
DAY: Shape = {"type": "string", "format": "date"}
INSTANT: Shape = {"type": "string", "format": "date-time"}


def nullable(shape: Shape) -> Shape:
    """That, or null."""
    return {"anyOf": [shape, {"type": "null"}]}


def many(shape: Shape) -> Shape:
    """A list of that."""
    return {"type": "array", "items": shape}


def shaped(**fields: Shape) -> Shape:
    """An object with these fields, all of them there; a name that ends in `_` may be missing (the sign is not part of it)."""
    optional = {name.rstrip("_"): shape for name, shape in fields.items() if name.endswith("_")}
    needed = {name: shape for name, shape in fields.items() if not name.endswith("_")}
    return {"type": "object", "properties": needed | optional, "required": list(needed), "additionalProperties": False}


def ref(name: str) -> Shape:
    """A schema by its name among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def component(kind: Kind) -> str:
    """Name of a kind's schema among the components."""
    return "".join(part.capitalize() for part in kind.name.split("_"))


@cache
def record_shape(kind: Kind, lang: Lang = "en") -> Shape:
    """One record of a kind as it is read: every field there, unknown ones null, links null where what they name may not be seen."""
    told = {name: part for name, part in json_schema(kind.name).items() if name not in ("$schema", "$id")}
    linking = {field.name for field in kind.fields if field.type in LINKING and not field.is_list and field.type != "actor_counts"}
    properties = {name: _maybe_null(part) if name in linking else part for name, part in told["properties"].items()}
    for field in kind.fields:
        properties[field.name] = properties[field.name] | {"title": field.label.in_(lang), "description": field.help.in_(lang)}
    words = {"title": kind.label.in_(lang), "description": kind.help.in_(lang)}
    return told | words | {"properties": properties, "required": ["id", *(field.name for field in kind.fields)]}


def _maybe_null(part: Shape) -> Shape:
    return part if isinstance(part["type"], list) else part | {"type": [part["type"], "null"]}


BOTH = ref("Text")
LINK = {"type": "string", "format": "uri-reference"}
CELL: Shape = {"description": "text, number, true or false, a list, or an object"}


def components(lang: Lang = "en") -> dict[str, Shape]:
    """Every schema that has a name."""
    records = {component(kind): record_shape(kind, lang) for kind in kinds().values()}
    return {**OWN, **records, "Record": {"anyOf": [ref(name) for name in records]}}


FRAME: dict[str, Shape] = {
    "key": TEXT, "state": TEXT, "made_at": INSTANT, "mine": {"type": "boolean"}, "proposer": TEXT, "whole": {"type": "boolean"}, "link": LINK, "title": nullable(TEXT),
    "change": nullable(TEXT), "kind": nullable(TEXT), "record": nullable(TEXT), "marking": nullable(TEXT),
}  # fmt: skip
OWN: dict[str, Shape] = {
    "Text": shaped(en=TEXT, ko=TEXT),
    "Problem": {
        "type": "object",
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "errors": many(ref("Fault")),
            "differs": {"type": "object"},
            "duplicates": many({"type": "object"}),
        },
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
    },
    "Fault": shaped(
        row=nullable({"type": "integer"}), field=nullable(TEXT), code=TEXT, severity={"enum": ["error", "warning"]}, record=nullable(TEXT), what=TEXT, mend=TEXT
    ),
    "Reader": shaped(name=TEXT, clearance=nullable(TEXT)),
    "Package": shaped(name=TEXT, version=TEXT, title=BOTH, home=TEXT),
    "Index": shaped(name=TEXT, version=TEXT, snapshot=TEXT, reader=ref("Reader"), known_at=nullable(DAY), links={"type": "object", "additionalProperties": {"type": "string", "format": "uri-template"}}),
    "Kinds": shaped(vocabulary=TEXT, kinds=many(ref("KindEntry"))),
    "KindEntry": shaped(kind=TEXT, plural=TEXT, label=BOTH, plural_label=BOTH, help=BOTH, records=LINK, declared=LINK),
    "Kind": shaped(
        kind=TEXT, plural=TEXT, label=BOTH, plural_label=BOTH, help=BOTH, fields=many(ref("Field")), filters=many(TEXT), sorts=many(TEXT), schema={"type": "object"}
    ),
    "Field": shaped(
        name=TEXT, type=TEXT, label=BOTH, help=BOTH, required={"type": "boolean"}, codes=nullable(TEXT), target=nullable(TEXT), unit=nullable(TEXT),
        choices=many(shaped(value=TEXT, label=BOTH)),
    ),
    "Records": shaped(kind=TEXT, total=COUNT, records=many(ref("Record")), next=nullable(LINK)),
    "Claims": shaped(record=TEXT, claims=many(ref("AnyClaim"))),
    "AnyClaim": shaped(
        id=TEXT, field=TEXT, value=nullable(TEXT), status=TEXT, source=nullable(TEXT), locator=nullable(TEXT), confidence=nullable(TEXT), marking=nullable(TEXT),
        entered_at=nullable(DAY), superseded_at=nullable(DAY), reason=nullable(BOTH), stands={"type": "boolean"},
    ),
    "Found": shaped(words=TEXT, records=many(shaped(record=TEXT, kind=TEXT, id=TEXT, title=TEXT, date=nullable(TEXT), where=TEXT, link=LINK))),
    "Snapshot": shaped(
        hash=TEXT, known_at=nullable(DAY), reader=ref("Reader"), package=ref("Package"), vocabulary=TEXT,
        kinds=many(shaped(kind=TEXT, plural=TEXT, records=COUNT)), links={"type": "object", "additionalProperties": LINK},
    ),
    "Measures": shaped(measures=many(shaped(name=TEXT, label=BOTH, costly={"type": "boolean"}, link=LINK))),
    "Measure": {
        "type": "object",
        "properties": {
            "measure": TEXT, "as_of": DAY, "home": TEXT, "snapshot": TEXT, "settings": {"type": "object"}, "notes": many(TEXT), "rows": many({"type": "object"}),
        },
        "required": ["measure", "as_of", "home", "snapshot", "settings", "rows"],
        "additionalProperties": many({"type": "object"}),
    },
    "Waiting": shaped(measure=TEXT, state=TEXT, done=COUNT, total=COUNT, words=nullable(BOTH), error=nullable(BOTH), link=LINK),
    "Jobs": shaped(jobs=many(ref("Job"))),
    "Job": shaped(
        id=TEXT, kind=TEXT, state={"enum": ["queued", "running", "done", "failed", "cancelled"]}, title=BOTH, parameters={"type": "object"}, done=COUNT, total=COUNT,
        words=nullable(BOTH), error=nullable(BOTH), made_at=INSTANT, started_at=nullable(INSTANT), ended_at=nullable(INSTANT), file=nullable(ref("File")), link=LINK,
    ),
    "Proposals": shaped(total=COUNT, proposals=many(ref("ProposalLine")), next=nullable(LINK)),
    "ProposalLine": shaped(**FRAME),
    "Proposal": shaped(
        **FRAME,
        says=nullable(
            shaped(
                cells={"type": "object"}, before={"type": "object"}, basis={"type": "object"}, claim=nullable(TEXT), reason=BOTH, another_thing=TEXT, beneath={"type": "boolean"}
            )
        ),
        decisions=many(shaped(verdict=TEXT, by=TEXT, at=INSTANT, why=nullable(TEXT))),
        open=nullable(
            shaped(
                faults=many(ref("Fault")), moved=many(TEXT), duplicates=many(shaped(record=TEXT, title=TEXT, score={"type": "number"})), findings=many(TEXT),
                of_two={"type": "boolean"}, may_decide={"type": "boolean"}, may_accept={"type": "boolean"},
            )
        ),
    ),
    "Attachments": shaped(record=TEXT, attachments=many(ref("Attachment"))),
    "Attachment": shaped(
        key=TEXT, name=nullable(TEXT), media_type=TEXT, size=COUNT, sha256=TEXT, marking=TEXT, added_at=INSTANT, added_by=TEXT, removed={"type": "boolean"}, link=LINK
    ),
    "File": shaped(name=TEXT, media_type=TEXT, size=COUNT, digest=TEXT, link=LINK),
}  # fmt: skip
