"""Which shape do a kind's records and a package's files have, in the words of JSON Schema and of Frictionless?

`json_schema` describes one record as typed JSON (JSON Schema 2020-12); `data_package` describes the CSV files of a folder (Data Package v1
with a Table Schema a file). Both are made from the vocabulary and, for sizes and checksums, from the bytes of the files; the same input
gives the same text. A foreign key is declared only where it holds inside the folder: links into a package that it extends are told as
`comity:target`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comity.vocab.kinds import VOCABULARY_VERSION, Field, Kind, codes, kind_of, kinds

DATA_PACKAGE_FILE = "datapackage.json"
SETTINGS_FILE = "package.yaml"
DATE = r"([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|\.\.)"
ACTOR = r"[A-Z][A-Z0-9+-]{1,23}"
KEBAB = r"[a-z0-9]+([-.@][a-z0-9]+)*"
DURATION = r"P([0-9]{1,3}Y)?([0-9]{1,3}M)?([0-9]{1,3}W)?([0-9]{1,4}D)?"
SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one typed record of a kind: dates as text, lists as arrays, unknown as null or absent."""
    declared = kind_of(kind)
    properties = {"id": {"type": "string", "title": "Id"} | _id_pattern(declared)} | {field.name: _property(field) for field in declared.fields}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:comity:vocabulary:{VOCABULARY_VERSION}:{declared.name}",
        "title": declared.label.en,
        "description": declared.help.en,
        "type": "object",
        "properties": properties,
        "required": ["id", *(field.name for field in declared.fields if field.required)],
        "additionalProperties": False,
    }


def data_package(files: Mapping[str, bytes], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The Data Package descriptor (v1) of these files (kind → the bytes of its CSV), under the settings of package.yaml."""
    present = [kind for kind in kinds().values() if kind.name in files]
    columns = {kind.name: _columns(files[kind.name]) for kind in present}
    title = settings.get("title", {})
    described: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": str(settings.get("name", "")),
        "title": title.get("en", "") if isinstance(title, Mapping) else str(title),
        "title_ko": title.get("ko") if isinstance(title, Mapping) else None,
        "version": str(settings.get("version", "")),
        "created": f"{settings['until']}T00:00:00Z" if settings.get("until") else None,
        "licenses": _licences(settings.get("licence")),
        "comity:vocabulary": VOCABULARY_VERSION,
        "comity:home": settings.get("home"),
        "comity:extends": settings.get("extends"),
    }
    kept = {name: value for name, value in described.items() if value}
    return kept | {"resources": [_resource(kind, files[kind.name], columns) for kind in present]}


def datapackage_text(path: Path, settings: Mapping[str, Any] | None = None) -> str:
    """What `datapackage.json` of the package in this folder must say now, under its own settings or those given."""
    import yaml

    settings = settings or yaml.safe_load((path / SETTINGS_FILE).read_text(encoding="utf-8"))
    files = {kind.name: (path / kind.file).read_bytes() for kind in kinds().values() if (path / kind.file).is_file()}
    return json.dumps(data_package(files, settings or {}), ensure_ascii=False, indent=1, default=str) + "\n"


def write_datapackage(path: Path) -> Path:
    """Write `datapackage.json` of the package in this folder anew, in one step, and give its path."""
    target = path / DATA_PACKAGE_FILE
    beside = target.with_name(f".{target.name}.new")
    beside.write_text(datapackage_text(path), encoding="utf-8", newline="")
    beside.replace(target)
    return target


def _property(field: Field) -> dict[str, Any]:
    shape = _shape(field)
    if not field.required:
        shape = shape | ({"enum": [*shape["enum"], None]} if "enum" in shape else {}) | {"type": [shape["type"], "null"]}
    told = {"title": field.label.en, "description": field.help.en}
    return told | shape | ({"x-unit": field.unit} if field.unit else {}) | ({"x-target": field.target} if field.target else {})


def _shape(field: Field) -> dict[str, Any]:
    match field.type:
        case "code":
            return {"type": "string", "enum": list(codes(str(field.codes)))}
        case "codes":
            return _array({"type": "string", "enum": list(codes(str(field.codes)))})
        case "actor":
            return {"type": "string", "pattern": f"^{ACTOR}$"}
        case "actors":
            return _array({"type": "string", "pattern": f"^{ACTOR}$"})
        case "links":
            return _array({"type": "string"})
        case "date":
            return {"type": "string", "pattern": f"^{DATE}$"}
        case "day":
            return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        case "integer" | "number":
            return {"type": field.type} | _bounds(field)
        case "flag":
            return {"type": "boolean"}
        case "url":
            return {"type": "string", "format": "iri", "pattern": r"^https?://\S+$"}
        case "duration":
            return {"type": "string", "format": "duration", "pattern": f"^{DURATION}$"}
        case "actor_counts":
            pair = {"actor": {"type": "string", "pattern": f"^{ACTOR}$"}, "number": {"type": "integer", "minimum": 0}}
            return {"type": "array", "items": {"type": "object", "properties": pair, "required": list(pair), "additionalProperties": False}}
        case _:
            return {"type": "string"}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items, "uniqueItems": True}


def _bounds(field: Field) -> dict[str, Any]:
    return {name: bound for name, bound in (("minimum", field.min), ("maximum", field.max)) if bound is not None}


def _id_pattern(kind: Kind) -> dict[str, str]:
    return {} if kind.name == "claim" else {"pattern": f"^{ACTOR if kind.id_style == 'actor' else KEBAB}$"}


def _resource(kind: Kind, content: bytes, columns: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": kind.plural,
        "path": kind.file,
        "title": kind.plural_label.en,
        "title_ko": kind.plural_label.ko,
        "description": kind.help.en,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": _table_schema(kind, columns),
    }


def _table_schema(kind: Kind, columns: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Any]:
    identity = {"name": "id", "type": "string", "title": "Id", "constraints": {"required": True, "unique": True} | _id_pattern(kind)}
    declared = {"id": identity} | {field.name: _column(field) for field in kind.fields}
    fields = [declared.get(name, {"name": name, "type": "string"}) for name in columns[kind.name]]
    keys = [key for field in kind.fields if (key := _foreign_key(field, kind, columns)) is not None]
    return {"fields": fields, "missingValues": [""], "primaryKey": "id"} | ({"foreignKeys": keys} if keys else {})


def _column(field: Field) -> dict[str, Any]:
    kind_of_column, constraints = _column_shape(field)
    if field.required:
        constraints = {"required": True} | constraints
    told = {"name": field.name, "title": field.label.en, "title_ko": field.label.ko, "description": field.help.en}
    own = {"comity:type": field.type, "comity:target": field.target, "comity:codes": field.codes, "comity:unit": field.unit}
    return told | kind_of_column | ({"constraints": constraints} if constraints else {}) | {name: value for name, value in own.items() if value}


def _column_shape(field: Field) -> tuple[dict[str, Any], dict[str, Any]]:
    """Type (with what belongs to it) and constraints of a column in Table Schema; lists are text with `;` between."""
    match field.type:
        case "integer" | "number":
            return {"type": field.type}, _bounds(field)
        case "flag":
            return {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]}, {}
        case "day":
            return {"type": "date", "format": "default"}, {}
        case "code":
            return {"type": "string"}, {"enum": list(codes(str(field.codes)))}
        case "codes":
            return {"type": "string"}, {"pattern": _listed(f"({'|'.join(re.escape(code) for code in codes(str(field.codes)))})")}
        case "actor":
            return {"type": "string"}, {"pattern": ACTOR}
        case "actors":
            return {"type": "string"}, {"pattern": _listed(ACTOR)}
        case "actor_counts":
            return {"type": "string"}, {"pattern": _listed(ACTOR + ":[0-9]{1,9}")}
        case "date":
            return {"type": "string"}, {"pattern": DATE}
        case "duration":
            return {"type": "string"}, {"pattern": DURATION}
        case "url":
            return {"type": "string"}, {"pattern": r"https?://\S+"}
        case _:
            return {"type": "string"}, {}


def _listed(one: str) -> str:
    return f"{one}(;{one})*"


def _foreign_key(field: Field, kind: Kind, columns: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Any] | None:
    target = "actor" if field.type == "actor" else field.target if field.type == "link" else None
    if target is None or target not in columns or field.name not in columns[kind.name]:
        return None
    if not {value for value in columns[kind.name][field.name] if value} <= set(columns[target]["id"]):
        return None
    return {"fields": field.name, "reference": {"resource": "" if target == kind.name else kinds()[target].plural, "fields": "id"}}


def _columns(content: bytes) -> dict[str, list[str]]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    header = rows[0] if rows else []
    return {name: [row[at] for row in rows[1:] if at < len(row)] for at, name in enumerate(header)}


def _licences(said: Any) -> list[dict[str, str]]:
    """`CC-BY-4.0` names a licence, `see LICENCE.md` the file that states it."""
    text = str(said or "").strip()
    if not text:
        return []
    if SPDX.fullmatch(text):
        return [{"name": text}]
    return [{"path": text.removeprefix("see ").strip(), "title": "Licence and terms of the sources"}]
