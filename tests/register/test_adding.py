"""Adding, importing and changing rows: nothing is written when anything is wrong, nothing that stood before is lost."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.register import adding, duplicates
from comity.register.adding import Preview, apply, preview_add, preview_import
from comity.register.changing import change, preview_change
from comity.register.checks_values import ID
from comity.register.duplicates import DuplicateSettings, address, likely_duplicates
from comity.register.package import empty_table, read_package, read_table, table_text
from comity.register.proposed_id import claim_id, proposed_id
from comity.register.register import Register, load
from comity.register.seal import write_seal
from comity.vocab.errors import AmbiguousRecord, PackageFaults, UnknownField, UnknownRecord
from comity.vocab.kinds import kind_of, kinds
from comity.vocab.schema import datapackage_text, write_datapackage
from comity.vocab.text import Text

TODAY = date(2026, 12, 1)
SOURCE = {"id": "s", "title": "A list", "source_type": "government", "url": "https://www.example.org/list", "marking": "public"}
COMMON = {"source": "s", "confidence": "high", "entered_at": "2026-01-01", "marking": "public"}
SHIPS = {
    "id": "jpn-aus-ships-2014",
    "title_en": "Agreement on ship design between Japan and Australia",
    "agreement_type": "research_technology",
    "parties": "JPN;AUS",
    "signed": "2014-07-08",
    "in_force": "2014-12-12",
}
NEW = {
    "title_en": "Memorandum on Ship Repair",
    "agreement_type": "logistics",
    "parties": ["JPN", "PHL"],
    "signed": date(2026, 3, 1),
    "source": "s",
    "confidence": "medium",
}
MakePackage = Callable[..., Path]


def write_rows(folder: Path, kind: str, rows: list[dict[str, Any]]) -> None:
    declared = kinds()[kind]
    frame = pl.DataFrame([{name: row.get(name) for name in declared.columns} for row in rows], schema=dict.fromkeys(declared.columns, pl.String))
    (folder / declared.file).write_text(table_text(frame, declared), encoding="utf-8")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of one agreement of Japan's, on disk."""
    folder = tmp_path / "jpn"
    folder.mkdir()
    settings = 'name: jpn\nversion: "1"  # the first\nextends: [world]\nhome: JPN\ntitle: {en: Japan, ko: 일본}\nuntil: 2026-06-30\n'
    (folder / "package.yaml").write_text(settings, encoding="utf-8")
    write_rows(folder, "source", [SOURCE])
    write_rows(folder, "agreement", [SHIPS | COMMON])
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def codes_of(preview: Preview) -> set[str]:
    return {fault.code for fault in preview.errors}


def test_a_row_is_previewed_with_id_day_and_marking_and_then_written(package: Path) -> None:
    before = content(package)
    preview = preview_add(package, "agreement", NEW, today=TODAY)
    assert preview.faults == []
    row = preview.rows.row(0, named=True)
    assert (row["id"], row["entered_at"], row["marking"]) == ("jpn-phl-memorandum-ship-repair-2026", "2026-12-01", "public")
    assert content(package) == before
    assert [path.name for path in apply(preview)] == ["agreements.csv"]
    after = content(package)
    assert {name for name in after if after[name] != before.get(name)} == {"agreements.csv"}
    register = load(package)
    assert register.tables["agreement"]["id"].to_list() == ["jpn-aus-ships-2014", "jpn-phl-memorandum-ship-repair-2026"]
    kind = kinds()["agreement"]
    table, _ = read_table(package / "agreements.csv", kind)
    assert table_text(table, kind) == (package / "agreements.csv").read_text(encoding="utf-8")  # canonical


def test_added_rows_are_known_from_their_day_only(package: Path) -> None:
    apply(preview_add(package, "agreement", NEW, today=TODAY))
    register = load(package)
    assert register.snapshot(known_at=date(2026, 11, 30)).table("agreement").height == 1
    assert register.snapshot(known_at=TODAY).table("agreement").height == 2


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"parties": "JPN;ATLANTIS"}, "unknown-actor", "parties"),
        ({"signed": "March 2026"}, "not-a-date", "signed"),
        ({"agreement_type": "treaty"}, "unknown-code", "agreement_type"),
        ({"title_en": ""}, "required", "title_en"),
        ({"in_force": "2026-05", "ended": "2026-04"}, "ends-before-start", "ended"),
        ({"amends": "no-such-agreement"}, "dangling-link", "amends"),
        ({"source": "nobody"}, "dangling-link", "source"),
        ({"id": "jpn-aus-ships-2014"}, "id-twice", "id"),
        ({"id": "Not an id"}, "bad-id", "id"),
        ({"titel": "Typing error"}, "unknown-column", "titel"),
        ({"entered_at": "2026-12-02"}, "entered-later", "entered_at"),
        ({"source": None}, "required", "source"),
        ({"confidence": None}, "required", "confidence"),
        ({"source": "s", "source_url": "https://elsewhere.org"}, "other-address", "source_url"),
        ({"source": None, "source_url": "https://elsewhere.org"}, "required", "source_title"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(package: Path, cells: dict[str, Any], code: str, field: str) -> None:
    before = content(package)
    preview = preview_add(package, "agreement", NEW | cells, today=TODAY)
    assert (code, field) in {(fault.code, fault.field) for fault in preview.errors}
    with pytest.raises(PackageFaults) as caught:
        apply(preview)
    assert code in {fault.code for fault in caught.value.faults}
    assert content(package) == before


def test_only_faults_that_the_row_brings_are_named(package: Path) -> None:
    write_rows(package, "agreement", [SHIPS | COMMON, SHIPS | COMMON | {"id": "old-fault", "title_en": "Another", "parties": "JPN;ATLANTIS"}])
    assert preview_add(package, "agreement", NEW, today=TODAY).errors == []
    caused = preview_add(package, "agreement", NEW | {"id": "old-fault"}, today=TODAY)
    assert {(fault.code, fault.row) for fault in caused.errors} == {("id-twice", None), ("id-twice", 3)}  # the old row is now one of two


def test_a_package_that_cannot_be_read_whole_is_not_rewritten(package: Path) -> None:
    with (package / "agreements.csv").open("a", encoding="utf-8") as file:
        file.write("a-row-of-two-cells,only\n")
    preview = preview_add(package, "agreement", NEW, today=TODAY)
    assert "row-length" in codes_of(preview)
    with pytest.raises(PackageFaults):
        apply(preview)


def test_a_source_is_made_from_address_and_title_or_found_by_its_address(package: Path) -> None:
    cells = {key: value for key, value in NEW.items() if key != "source"}
    fresh = {"source_url": "https://mod.go.jp/ship", "source_title": "Signing of the memorandum", "source_publisher": "MOD", "source_published": "2026-03-01"}
    preview = preview_add(package, "agreement", cells | fresh, today=TODAY)
    assert preview.faults == []
    assert [path.name for path in apply(preview)] == ["sources.csv", "agreements.csv"]  # the source stands before what rests on it
    source = load(package).tables["source"].filter(pl.col("url") == "https://mod.go.jp/ship").row(0, named=True)
    assert (source["id"], source["retrieved"], source["source_type"]) == ("signing-memorandum-2026", "2026-12-01", "other")
    again = preview_add(package, "agreement", cells | {"title_en": "Another", "source_url": "http://example.org/list/", "source_title": "x"}, today=TODAY)
    assert again.rows["source"].to_list() == ["s"]
    assert "source" not in again.tables


def test_likely_repetitions_are_shown_with_score_and_record(package: Path) -> None:
    cells = NEW | {"title_en": "Agreement between Australia and Japan on the design of ships", "parties": "AUS;JPN", "signed": "2014-07"}
    preview = preview_add(package, "agreement", cells, today=TODAY)
    (double,) = preview.duplicates
    assert double.existing == "agreement:jpn-aus-ships-2014"
    assert double.score >= DuplicateSettings().threshold
    assert double.days == 0
    assert double.cells["signed"] == "2014-07-08"
    assert {fault.code for fault in preview.faults} == {"possible-duplicate"}
    assert preview.errors == []


@pytest.mark.parametrize("other", [{"parties": "JPN;PHL"}, {"signed": "2016-07-08"}, {"title_en": "Status of visiting forces"}])
def test_another_partner_day_or_name_is_no_repetition(package: Path, other: dict[str, str]) -> None:
    cells = NEW | {"title_en": "Agreement on ship design", "parties": "JPN;AUS", "signed": "2014-07-08"}
    assert preview_add(package, "agreement", cells, today=TODAY).duplicates
    assert not preview_add(package, "agreement", cells | other, today=TODAY).duplicates


def test_few_records_of_the_shipped_register_look_like_another(kor_register: Register) -> None:
    """The threshold is a compromise: under a tenth of all agreements and exercises would raise a question."""
    for name in ("agreement", "exercise", "dialogue"):
        table = kor_register.tables[name]
        doubted = {one.new for one in likely_duplicates(table, empty_table(kinds()[name]), kinds()[name])}
        assert len(doubted) < table.height / 10


def test_a_meeting_told_twice_is_found(kor_register: Register) -> None:
    """The editors found that these two rows tell one meeting; so does the comparison."""
    table, kind = kor_register.tables["dialogue"], kinds()["dialogue"]
    found = likely_duplicates(table.filter(pl.col("id") == "vnm-rok-sdd-7"), table, kind)
    assert (found[0].existing, found[0].score) == ("dialogue:vnm-rok-sdd-2018-12", 100.0)


def test_years_known_only_by_number_are_a_year_apart() -> None:
    kind = kinds()["exercise"]
    rows = [{"id": f"x-{year}", "title_en": "Focus Lens", "participants": "KOR;USA", "start": str(year)} for year in (1977, 1978)]
    assert likely_duplicates(adding.table_of(rows, kind, "f", [1, 2]), empty_table(kind), kind) == []


@pytest.mark.parametrize("name", ["agreement", "dialogue", "event", "exercise", "mandate", "source", "transfer", "actor"])
def test_rows_are_sifted_before_they_are_compared_and_none_is_missed(kor_register: Register, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, table = kinds()[name], kor_register.tables[name]
    rows = table.gather_every(max(1, table.height // 25)).with_columns(pl.col("id") + "-again")
    monkeypatch.setattr(duplicates, "FEW", 0)
    sifted = likely_duplicates(rows, table, kind)
    monkeypatch.setattr(duplicates, "_candidates", lambda row, existing, *_: existing)
    assert sifted == likely_duplicates(rows, table, kind)
    assert sifted


def test_addresses_are_compared_without_scheme_and_slash() -> None:
    assert address("https://www.MOD.go.jp/A/") == "mod.go.jp/A"
    assert address("https://mod.go.jp/A") != address("https://mod.go.jp/a")  # paths tell capitals apart
    assert address(None) is None


def write_csv(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def imported(title: str, **more: str) -> dict[str, str]:
    return {"title_en": title, "agreement_type": "logistics", "parties": "JPN;PHL", "signed": "2026", "confidence": "low", **more}


def test_a_file_is_imported_whole(package: Path, tmp_path: Path) -> None:
    page = {"source_url": "https://mod.go.jp/all", "source_title": "All of them"}
    rows = [imported("Memorandum on ship repair", **page), imported("Arrangement on cyber drills", **page), imported("Ferry charter", **page)]
    preview = preview_import(package, write_csv(tmp_path / "new.csv", rows, "utf-8-sig"), "agreements", today=TODAY)
    assert preview.faults == []
    assert preview.tables["source"].height == 2  # one new source for three rows
    apply(preview)
    assert load(package).tables["agreement"].height == 4


def test_faults_of_an_import_name_the_rows_of_the_file(package: Path, tmp_path: Path) -> None:
    rows = [imported("Memorandum on ship repair", source="s"), imported("Ferry charter", source="s") | {"parties": "JPN;ATLANTIS"}]
    before = content(package)
    preview = preview_import(package, write_csv(tmp_path / "new.csv", rows), "agreement", today=TODAY)
    assert [(fault.file, fault.row, fault.field, fault.code) for fault in preview.errors] == [("new.csv", 3, "parties", "unknown-actor")]
    with pytest.raises(PackageFaults):
        apply(preview)
    assert content(package) == before


def test_rows_of_one_file_are_compared_with_each_other(package: Path, tmp_path: Path) -> None:
    rows = [imported("Memorandum on ship repair", source="s", signed="2026-03-01"), imported("Ship repair memorandum", source="s", signed="2026-03-02")]
    (double,) = preview_import(package, write_csv(tmp_path / "new.csv", rows), "agreement", today=TODAY).duplicates
    assert double.existing == "agreement:jpn-phl-memorandum-ship-repair-2026"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("title_en,agreement_type\n조약,logistics\n".encode("cp949"), "not-utf8"),
        (b"title_en,agreement_type,parties,confidence,colour\nA,logistics,JPN;PHL,low,red\n", "unknown-column"),
        (b"title_en,agreement_type,confidence\nA,logistics,low\n", "missing-column"),
        (b"title_en,agreement_type,parties,confidence\nA,logistics\n", "row-length"),
        (b'title_en,agreement_type,parties,confidence\n"A,logistics,JPN;PHL,low\n', "not-csv"),
        (b"", "no-header"),
        (None, "no-file"),
    ],
)
def test_a_file_that_is_no_table_of_the_kind_is_refused(package: Path, tmp_path: Path, raw: bytes | None, code: str) -> None:
    if raw is not None:
        (tmp_path / "new.csv").write_bytes(raw)
    preview = preview_import(package, tmp_path / "new.csv", "agreement", today=TODAY)
    assert code in codes_of(preview)
    with pytest.raises(PackageFaults):
        apply(preview)


def test_a_missing_column_is_said_once(package: Path, tmp_path: Path) -> None:
    rows = [{key: value for key, value in imported(title, source="s").items() if key != "parties"} for title in ("First", "Second")]
    preview = preview_import(package, write_csv(tmp_path / "new.csv", rows), "agreement", today=TODAY)
    assert [(fault.code, fault.field) for fault in preview.errors] == [("missing-column", "parties")]


def test_a_file_changed_since_the_preview_stops_the_writing(package: Path) -> None:
    preview = preview_add(package, "agreement", NEW, today=TODAY)
    apply(preview_add(package, "agreement", NEW | {"title_en": "Entered meanwhile"}, today=TODAY))
    with pytest.raises(PackageFaults) as caught:
        apply(preview)
    assert [fault.code for fault in caught.value.faults] == ["changed-meanwhile"]


def test_a_writing_that_fails_half_way_leaves_all_as_it_was(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_datapackage(package)
    before = content(package)
    cells = {key: value for key, value in NEW.items() if key != "source"} | {"source_url": "https://mod.go.jp/x", "source_title": "X"}
    preview = preview_add(package, "agreement", cells, today=TODAY)

    def fail(path: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(adding, "write_datapackage", fail)
    with pytest.raises(OSError, match="disk full"):
        apply(preview)
    assert content(package) == before


def test_the_descriptor_follows_the_tables(package: Path) -> None:
    write_datapackage(package)
    apply(preview_add(package, "agreement", NEW, today=TODAY))
    assert (package / "datapackage.json").read_text(encoding="utf-8") == datapackage_text(package)


def test_a_package_of_several_markings_wants_one_said(package: Path) -> None:
    write_rows(package, "marking", [{"id": "restricted", "name_en": "Restricted", "name_ko": "대외비", "public": "false", "owner": "JPN"}])
    assert ("required", "marking") in {(fault.code, fault.field) for fault in preview_add(package, "agreement", NEW, today=TODAY).errors}
    with (package / "package.yaml").open("a", encoding="utf-8") as file:
        file.write("marking: restricted\n")
    assert preview_add(package, "agreement", NEW, today=TODAY).rows["marking"].to_list() == ["restricted"]


# ---- changing


def test_a_change_keeps_what_stood_before_with_its_reason(package: Path) -> None:
    why = Text("The ministry's list gives the day.", "국방부 목록에 날짜가 있음.")
    written = change(package, "jpn-aus-ships-2014", "signed", "2014-07-09", reason=why, today=TODAY, entered_by="desk")
    assert [path.name for path in written] == ["claims.csv", "agreements.csv"]
    register = load(package)
    assert register.snapshot().record("jpn-aus-ships-2014")["signed"] == "2014-07-09"
    earlier = register.snapshot(known_at=date(2026, 11, 30)).record("agreement:jpn-aus-ships-2014")
    assert earlier["signed"] == "2014-07-08"
    new, old = register.snapshot().record("jpn-aus-ships-2014").why("signed")
    assert (new.status, new.value, new.entered_at, new.source) == ("adopted", "2014-07-09", "2026-12-01", "s")
    assert (old.status, old.value, old.entered_at) == ("superseded", "2014-07-08", "2026-01-01")
    assert old.reason == why


def test_a_sealed_package_accepts_reasoned_edits_and_no_others(package: Path) -> None:
    write_seal(read_package(package))
    for value in ("2014-07-09", "2014-07-10", "2014-07"):  # thrice on one cell between two editions
        change(package, "jpn-aus-ships-2014", "signed", value, reason="Found.", today=TODAY)
    change(package, "jpn-aus-ships-2014", "ended", "..", reason="Still in force.", today=TODAY)
    assert load(package).tables["agreement"]["signed"].to_list() == ["2014-07"]
    text = (package / "agreements.csv").read_text(encoding="utf-8")
    (package / "agreements.csv").write_text(text.replace("2014-12-12", "2014-12-13"), encoding="utf-8")
    with pytest.raises(PackageFaults) as caught:
        load(package)
    assert {fault.code for fault in caught.value.faults} == {"edit-without-reason"}


def test_a_cell_can_be_cleared_and_a_competing_claim_adopted(package: Path) -> None:
    apply(preview_add(package, "source", {"id": "t", "title": "Another list", "source_type": "news"}, today=TODAY))
    claim = {"record_kind": "agreement", "record": "jpn-aus-ships-2014", "field": "in_force", "value": "2014-12-20", "status": "competing"}
    preview = preview_add(package, "claim", claim | {"source": "t", "confidence": "medium"}, today=TODAY)
    assert preview.rows["id"].to_list() == ["agreement.jpn-aus-ships-2014.in_force.2"]
    apply(preview)
    change(package, "jpn-aus-ships-2014", "in_force", "2014-12-20", reason="The gazette agrees.", source="t", today=TODAY)
    claims = load(package).tables["claim"].filter(pl.col("field") == "in_force").sort("id")
    assert claims.select("id", "value", "status").rows() == [
        ("agreement.jpn-aus-ships-2014.in_force.2", "2014-12-20", "adopted"),
        ("agreement.jpn-aus-ships-2014.in_force.3", "2014-12-12", "superseded"),
    ]
    change(package, "jpn-aus-ships-2014", "in_force", None, reason="Both were wrong.", today=date(2026, 12, 5))
    register = load(package)
    assert register.snapshot().record("jpn-aus-ships-2014")["in_force"] is None
    assert register.snapshot(known_at=date(2026, 12, 4)).record("jpn-aus-ships-2014")["in_force"] == "2014-12-20"
    assert register.snapshot(known_at=date(2026, 11, 30)).record("jpn-aus-ships-2014")["in_force"] == "2014-12-12"


@pytest.mark.parametrize(
    ("field", "value", "reason", "code"),
    [
        ("signed", "2014-07-08", "No change.", "same-value"),
        ("signed", "8 July", "Typing.", "not-a-date"),
        ("signed", "2014-07-09", " ", "no-reason"),
        ("parties", ["JPN", "ATLANTIS"], "Wrong.", "unknown-actor"),
        ("title_en", None, "Cleared.", "required"),
    ],
)
def test_a_wrong_change_is_named_and_nothing_is_written(package: Path, field: str, value: Any, reason: str, code: str) -> None:
    before = content(package)
    assert code in codes_of(preview_change(package, "jpn-aus-ships-2014", field, value, reason=reason, today=TODAY))
    with pytest.raises(PackageFaults):
        change(package, "jpn-aus-ships-2014", field, value, reason=reason, today=TODAY)
    assert content(package) == before


def test_rows_of_the_package_below_are_changed_there(package: Path) -> None:
    assert "not-here" in codes_of(preview_change(package, "actor:JPN", "short_en", "Nippon", reason="Own name.", today=TODAY))


def test_claims_themselves_are_not_changed(package: Path) -> None:
    change(package, "jpn-aus-ships-2014", "signed", "2014-07-09", reason="Found.", today=TODAY)
    preview = preview_change(package, "claim:agreement.jpn-aus-ships-2014.signed.2", "value", "2014-07-10", reason="x", today=TODAY)
    assert "claims-stand" in codes_of(preview)


def test_a_change_of_nothing_known_is_refused(package: Path) -> None:
    with pytest.raises(UnknownRecord):
        preview_change(package, "no-such", "signed", "2014", reason="x", today=TODAY)
    with pytest.raises(UnknownField):
        preview_change(package, "jpn-aus-ships-2014", "colour", "red", reason="x", today=TODAY)
    apply(preview_add(package, "source", {"id": "jpn-aus-ships-2014", "title": "Same id", "source_type": "news"}, today=TODAY))
    with pytest.raises(AmbiguousRecord):
        preview_change(package, "jpn-aus-ships-2014", "signed", "2014", reason="x", today=TODAY)


# ---- ids


def test_proposed_ids_are_readable() -> None:
    row = {"title_en": "The Côte d'Ivoire–Korea Agreement on Training", "parties": "KOR;CIV", "signed": "2026-02"}
    assert proposed_id(kind_of("agreement"), row, ()) == "kor-civ-cote-divoirekorea-agreement-training-2026"
    assert proposed_id(kind_of("dialogue"), {"series": "scm", "edition": "58", "start": "2026-11"}, ()) == "scm-58-2026"
    assert proposed_id(kind_of("exercise"), {"title_en": "Pitch Black 2026", "start": "2026-07"}, {"pitch-black-2026"}) == "pitch-black-2026-2"
    assert proposed_id(kind_of("actor"), {"short_en": "Nowhere"}, ()) is None
    assert claim_id("agreement", "a", "signed", {"agreement.a.signed.2", "agreement.a.signed.10"}) == "agreement.a.signed.11"


@given(title=st.text(max_size=60), taken=st.sets(st.text(max_size=5), max_size=3))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_proposed_id_is_well_formed_and_free(title: str, taken: set[str]) -> None:
    import re

    proposed = proposed_id(kind_of("exercise"), {"title_en": title, "start": "2026-07-01", "participants": "KOR;ADMM+"}, taken)
    assert proposed is not None
    assert re.match(ID["kebab"], proposed)
    assert proposed not in taken
