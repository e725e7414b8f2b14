"""Schemas made from the vocabulary: they accept the records that the register holds and refuse what its checks refuse."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity.vocab.schema import data_package, datapackage_text, json_schema, write_datapackage

SHIPPED = Path(str(files("comity.data")))


def validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def as_json(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


@pytest.mark.parametrize("kind", list(kinds()))
def test_records_of_the_shipped_register_fit_their_schema(kor: Snapshot, kind: str) -> None:
    frame = kor.frame(kind).select(kinds()[kind].columns)
    check = validator(kind)
    for row in frame.sample(min(frame.height, 60), seed=1).iter_rows(named=True):
        check.validate(as_json(row))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signed", "1953-1"),
        ("signed", 1953),
        ("agreement_type", "treaty"),
        ("parties", ["kor"]),
        ("parties", ["KOR", "KOR"]),
        ("parties", None),
        ("notice", "one year"),
        ("text_public", "true"),
        ("entered_at", "2026-11"),
        ("id", "Not an id"),
        ("colour", "red"),
    ],
)
def test_a_wrong_value_does_not_fit(kor: Snapshot, field: str, value: Any) -> None:
    row = as_json(kor.frame("agreement").select(kinds()["agreement"].columns).row(0, named=True))
    check = validator("agreement")
    assert check.is_valid(row)
    assert not check.is_valid(row | {field: value})


def test_every_required_field_is_required() -> None:
    for kind in kinds().values():
        schema = json_schema(kind.plural)
        assert set(schema["required"]) == {"id", *(field.name for field in kind.fields if field.required)}
        assert list(schema["properties"]) == kind.columns


def package_of(agreements: str, **more: str) -> dict[str, Any]:
    texts = {"agreement": agreements, **more}
    settings = {"name": "tiny", "version": "1", "title": {"en": "Tiny", "ko": "작은"}, "licence": "CC-BY-4.0", "until": date(2026, 1, 2)}
    return data_package({name: text.encode() for name, text in texts.items()}, settings)


def test_a_descriptor_says_what_the_files_hold() -> None:
    described = package_of("id,title_en,signed\na,Treaty,1953\n")
    (resource,) = described["resources"]
    assert (described["name"], described["title"], described["created"]) == ("tiny", "Tiny", "2026-01-02T00:00:00Z")
    assert described["licenses"] == [{"name": "CC-BY-4.0"}]
    assert (resource["name"], resource["path"], resource["bytes"]) == ("agreements", "agreements.csv", 33)
    assert resource["hash"] == "sha256:e71097a839e4e6081a3f8ee53fa125fed61e93ac63ea5e6e00fdd155d2bd4956"
    assert [field["name"] for field in resource["schema"]["fields"]] == ["id", "title_en", "signed"]
    assert (resource["schema"]["primaryKey"], resource["schema"]["missingValues"]) == ("id", [""])


def test_a_foreign_key_stands_only_where_it_holds() -> None:
    keys = {"fields": "source", "reference": {"resource": "sources", "fields": "id"}}
    agreements = "id,title_en,source\na,Treaty,s\n"
    assert package_of(agreements, source="id,title\ns,A list\n")["resources"][0]["schema"]["foreignKeys"] == [keys]
    assert "foreignKeys" not in package_of(agreements, source="id,title\nt,Another list\n")["resources"][0]["schema"]
    assert "foreignKeys" not in package_of(agreements)["resources"][0]["schema"]


@pytest.mark.parametrize("name", ["kor", "world"])
def test_every_cell_of_the_shipped_tables_meets_its_constraints(name: str, kor: Snapshot) -> None:
    """Read with nothing but the descriptor and a CSV reader, as a stranger to Comity would."""
    import csv

    described = json.loads(datapackage_text(SHIPPED / name))
    tables = {one["name"]: list(csv.DictReader((SHIPPED / name / one["path"]).open(encoding="utf-8", newline=""))) for one in described["resources"]}
    for resource in described["resources"]:
        schema = resource["schema"]
        for field in schema["fields"]:
            cells = [row[field["name"]] for row in tables[resource["name"]]]
            wrong = [cell for cell in cells if not fits(cell, field)]
            assert not wrong, (resource["name"], field["name"], wrong[:3])
        ids = [row["id"] for row in tables[resource["name"]]]
        assert len(set(ids)) == len(ids)
        for key in schema.get("foreignKeys", []):
            known = {row["id"] for row in tables[key["reference"]["resource"] or resource["name"]]}
            assert {row[key["fields"]] for row in tables[resource["name"]]} <= known | {""}


def fits(cell: str, field: dict[str, Any]) -> bool:
    rules = field.get("constraints", {})
    if cell == "":
        return not rules.get("required")
    if field["type"] in ("integer", "number"):
        number = int(cell) if field["type"] == "integer" else float(cell)
        return bool(rules.get("minimum", number) <= number <= rules.get("maximum", number))
    if field["type"] == "boolean":
        return cell in field["trueValues"] + field["falseValues"]
    if field["type"] == "date":
        return bool(date.fromisoformat(cell))
    return ("enum" not in rules or cell in rules["enum"]) and ("pattern" not in rules or re.fullmatch(rules["pattern"], cell) is not None)


@pytest.mark.parametrize("name", ["kor", "world"])
def test_the_shipped_descriptor_is_not_stale(name: str) -> None:
    """`python -c "from comity.vocab.schema import write_datapackage; …"` writes it anew: see docs/how-to/cite-an-edition.md."""
    shipped = SHIPPED / name / "datapackage.json"
    assert shipped.is_file(), f"{name} has no datapackage.json: write_datapackage makes it"
    assert shipped.read_text(encoding="utf-8") == datapackage_text(SHIPPED / name), f"{name}/datapackage.json is stale: write_datapackage makes it anew"


def test_the_descriptor_is_written_the_same_every_time(tmp_path: Path) -> None:
    (tmp_path / "package.yaml").write_text('name: tiny\nversion: "1"\ntitle: {en: Tiny, ko: 작은}\n', encoding="utf-8")
    (tmp_path / "agreements.csv").write_text("id,title_en\na,조약\n", encoding="utf-8")
    first = write_datapackage(tmp_path).read_bytes()
    assert write_datapackage(tmp_path).read_bytes() == first
    assert "조약" not in first.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["agreements.csv", "datapackage.json", "package.yaml"]
