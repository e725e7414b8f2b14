"""Packages on disk: every structural fault at once, never half loaded, and the same bytes back."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import comity
from comity.register import package as package_module
from comity.register.package import (
    SETTINGS_FILE,
    Package,
    package_path,
    parse_table,
    read_package,
    read_table,
    shipped_packages,
    table_text,
    write_tables,
)
from comity.vocab.errors import Fault, NoPackage, PackageFaults
from comity.vocab.kinds import kind_of, kinds

HANGUL = re.compile(r"[가-힣]")
VISIT = kind_of("visit")


def only(faults: list[Fault], code: str) -> Fault:
    found = [fault for fault in faults if fault.code == code]
    assert len(found) == 1, [(fault.code, fault.file, fault.row, fault.field) for fault in faults]
    assert found[0].what.en
    assert found[0].what.ko
    assert found[0].mend.en
    assert HANGUL.search(found[0].mend.ko)
    return found[0]


def damaged(small: Any, file: str, damage: Callable[[bytes], bytes]) -> Package:
    path = small.write()
    target = path / file
    target.write_bytes(damage(target.read_bytes()))
    return read_package(path)


# --- where packages are -----------------------------------------------------------------------------------------------------------


def test_shipped_packages_are_found_by_name_and_by_folder() -> None:
    assert {"kor", "world"} <= set(shipped_packages())
    assert package_path("kor") == package_path(package_path("kor"))


@pytest.mark.parametrize("where", ["atlantis", "../data/kor/..", "", "kor/events.csv", "__pycache__"])
def test_a_place_without_a_package_is_named_in_both_languages(where: str, in_tmp: Path) -> None:
    with pytest.raises(NoPackage, match="kor, world") as caught:
        package_path(where)
    assert "데이터 패키지가 없습니다" in caught.value.in_("ko")


# --- structural faults ------------------------------------------------------------------------------------------------------------


def test_a_row_of_the_wrong_length_is_left_out_and_named(small: Any) -> None:
    read = damaged(small, "events.csv", lambda text: text + b"one,two\n")
    fault = only(read.faults, "row-length")
    assert (fault.file, fault.row, fault.severity) == ("events.csv", len(small.rows["event"]) + 2, "error")
    assert "2" in fault.what.ko
    assert read.tables["event"].height == len(small.rows["event"])


def test_lines_are_counted_in_the_file_even_after_cells_of_several_lines(small: Any) -> None:
    fault = only(damaged(small, "dialogues.csv", lambda text: text + b"one\n").faults, "row-length")
    assert fault.row == len(small.rows["dialogue"]) + 3  # one outcome is told on two lines


def test_an_empty_file_has_no_header(small: Any) -> None:
    fault = only(damaged(small, "events.csv", lambda _: b"").faults, "no-header")
    assert (fault.file, fault.row) == ("events.csv", 1)


def test_broken_quotes_end_the_reading_there(small: Any) -> None:
    read = damaged(small, "transfers.csv", lambda text: text + b'bad,"unclosed')
    fault = only(read.faults, "not-csv")
    assert (fault.file, fault.row) == ("transfers.csv", 3)
    assert read.tables["transfer"].height == 1


def test_a_cell_too_large_is_no_csv(small: Any) -> None:
    assert only(damaged(small, "transfers.csv", lambda text: text + b"x" * (package_module.CELL_LIMIT + 1)).faults, "not-csv").row == 3


def test_another_encoding_is_named_with_its_line(small: Any) -> None:
    fault = only(damaged(small, "events.csv", lambda text: text.decode().encode("cp949")).faults, "not-utf8")
    assert (fault.file, fault.row) == ("events.csv", 3)


def test_columns_unknown_missing_and_given_twice(small: Any) -> None:
    def rename(text: bytes) -> bytes:
        header, _, rows = text.partition(b"\n")
        return header.replace(b"visitor", b"guest").replace(b"what_ko", b"what_en") + b"\n" + rows

    faults = damaged(small, "visits.csv", rename).faults
    assert (only(faults, "unknown-column").field, only(faults, "unknown-column").row) == ("guest", 1)
    assert only(faults, "column-twice").field == "what_en"
    assert only(faults, "missing-column").field == "visitor"


def test_a_file_too_large_is_not_read(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small.write()
    monkeypatch.setattr(package_module, "FILE_LIMIT", 100)
    table, faults = read_table(path / "events.csv", kind_of("event"))
    assert only(faults, "too-large").file == "events.csv"
    assert table.is_empty()


def test_a_file_that_cannot_be_read_is_a_fault(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small.write() / "events.csv"

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert only(read_table(path, kind_of("event"))[1], "unreadable").file == "events.csv"


def test_a_file_of_no_kind_is_a_warning(small: Any) -> None:
    (small.write() / "treaties.csv").write_text("id\n", encoding="utf-8")
    fault = only(read_package(small.path).faults, "unknown-file")
    assert (fault.file, fault.severity) == ("treaties.csv", "warning")
    assert comity.load(small.path).warnings[0].code == "unknown-file"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just a text",
        "- a\n- list\n",
        "name: [unclosed\n",
        "name: {a: b\n",
        "\x00",
        "a: !!python/object:os.system x",
        "a: !!timestamp noon",
        "a: !!bool perhaps",
        "a: !!int ''",
        "? [a, b]\n: c\n",
        "{" * 300,
        "name: a\n\tversion: 1",
        "a: 2026-13-45",
    ],
)
def test_settings_that_are_no_settings_are_a_fault(small: Any, text: str) -> None:
    (small.write() / SETTINGS_FILE).write_text(text, encoding="utf-8")
    found = [fault for fault in read_package(small.path).faults if fault.code == "settings"]
    assert found
    assert all(fault.file == SETTINGS_FILE and fault.what.en and fault.what.ko for fault in found)
    with pytest.raises(PackageFaults):
        comity.load(small.path)


@pytest.mark.parametrize("name", ["name", "version", "title"])
def test_settings_that_every_package_needs(small: Any, name: str) -> None:
    path = small.write() / SETTINGS_FILE
    path.write_text("\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(name)), encoding="utf-8")
    assert only(read_package(small.path).faults, "settings").field == name


@pytest.mark.parametrize("extends", ["atlantis", "[atlantis]", "[5]", "{a: b}", "[[world]]", "[" + "x" * 5000 + "]", "['..']"])
def test_a_base_that_is_none_is_a_fault(small: Any, extends: str) -> None:
    path = small.write() / SETTINGS_FILE
    path.write_text(path.read_text(encoding="utf-8") + f"extends: {extends}\n", encoding="utf-8")
    assert only(read_package(small.path).faults, "settings").field == "extends"


def test_packages_that_extend_each_other_are_a_fault_and_no_endless_descent(small: Any, new_small: Any) -> None:
    other = new_small(small.path.parent / "other")
    other.rows = {}
    for one, base in ((small, other), (other, small)):
        path = one.write() / SETTINGS_FILE
        path.write_text(path.read_text(encoding="utf-8") + f"extends: [{base.path}]\n", encoding="utf-8")
    assert only(read_package(small.path).faults, "settings").field == "extends"


def test_a_package_stands_on_the_rows_of_the_one_that_it_extends(small: Any, new_small: Any) -> None:
    small.write()
    above = new_small(small.path.parent / "above")
    above.rows = {"event": {"new": {**small.rows["event"]["talks-1991"], "id": "new", "summary_en": "Talks again."}}}
    path = above.write() / SETTINGS_FILE
    path.write_text(path.read_text(encoding="utf-8") + f"extends: [{small.path}]\n", encoding="utf-8")
    register = comity.load(above.path)
    assert register.tables["event"]["id"].to_list() == [*small.rows["event"], "new"]
    assert register.settings["name"] == "small"


# --- never half loaded -------------------------------------------------------------------------------------------------------------


def test_a_package_with_one_error_is_not_loaded_and_all_faults_are_told(small: Any) -> None:
    path = small.edit("event", "nuclear-2006", number="many", marking="secret").edit("dialogue", "scm-2017", parties="KOR").write()
    with pytest.raises(PackageFaults) as caught:
        comity.load(path)
    assert {(fault.file, fault.row, fault.field) for fault in caught.value.faults} == {("events.csv", 3, "number"), ("events.csv", 3, "marking")}
    assert "events.csv:3" in caught.value.in_("en")
    assert "결함 2건" in caught.value.in_("ko")


def test_a_package_with_warnings_only_is_loaded_and_carries_them(small: Any) -> None:
    register = comity.load(small.edit("dialogue", "scm-2017", parties="KOR").write())
    assert [fault.code for fault in register.warnings] == ["one-party"]


def test_a_file_that_is_not_there_is_an_empty_table(small: Any) -> None:
    (small.write() / "visits.csv").unlink()
    assert comity.load(small.path).tables["visit"].is_empty()


def test_reading_never_writes(small: Any, hashes: Callable[[Path], dict[str, str]]) -> None:
    before = hashes(small.write())
    comity.load(small.path).snapshot().hash  # noqa: B018 - computed for its side effects, of which there must be none
    assert hashes(small.path) == before


# --- the same bytes back -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kor", "world"])
def test_the_shipped_packages_come_back_byte_by_byte(name: str, tmp_path: Path) -> None:
    source = package_path(name)
    own = {kind.name: read_table(source / kind.file, kind)[0] for kind in kinds().values() if (source / kind.file).is_file()}
    assert len(own) >= 5
    written = write_tables(tmp_path, own)
    shutil.copy(source / SETTINGS_FILE, tmp_path)
    assert {path.name for path in written} == {kind.file for kind in kinds().values() if kind.name in own}
    assert {path.name for path in written if path.read_bytes() != (source / path.name).read_bytes()} == set()
    again = read_package(tmp_path)
    assert again.faults == []
    assert again.settings == read_package(source).settings


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x00") | st.sampled_from([",", '"', "\n", ";", "'", "한", "글", " ", "\ufeff", "\u2028", "=", "-"]),
    max_size=12,
)
tables = st.lists(st.fixed_dictionaries(dict.fromkeys(("what_en", "what_ko", "note_en", "locator"), cells)), max_size=6)


@settings(max_examples=80, deadline=None)
@given(rows=tables)
def test_any_text_in_a_cell_comes_back(rows: list[dict[str, str]]) -> None:
    data = {name: [row.get(name) or None for row in rows] for name in VISIT.columns} | {"id": [f"v-{at:02}" for at in range(len(rows))]}
    table = pl.DataFrame(data, schema=dict.fromkeys(VISIT.columns, pl.String))
    text = table_text(table, VISIT)
    again, faults = parse_table(text, VISIT, "visits.csv")
    assert faults == []
    assert_frame_equal(again.select(VISIT.columns), table)
    assert table_text(again, VISIT) == text


@settings(max_examples=40, deadline=None)
@given(rows=tables, data=st.data())
def test_the_written_file_does_not_depend_on_the_order_or_quoting_of_the_read_one(rows: list[dict[str, str]], data: st.DataObject) -> None:
    named = [{"id": f"v-{at:02}", **row} for at, row in enumerate(rows)]
    mixed, quoting = data.draw(st.permutations(named)), data.draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    ends = data.draw(st.sampled_from(["\n", "\r\n"]))
    columns = data.draw(st.permutations(VISIT.columns))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, quoting=quoting, lineterminator=ends, restval="")
    writer.writeheader()
    writer.writerows(mixed)
    plain = pl.DataFrame({name: [row.get(name) or None for row in named] for name in VISIT.columns}, schema=dict.fromkeys(VISIT.columns, pl.String))
    read, _ = parse_table("\ufeff" + out.getvalue(), VISIT, "visits.csv")
    assert table_text(read, VISIT) == table_text(plain, VISIT)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=tables)
def test_writing_twice_changes_nothing(rows: list[dict[str, str]], tmp_path: Path) -> None:
    data = {name: [row.get(name) or None for row in rows] for name in VISIT.columns} | {"id": [f"v-{at:02}" for at in range(len(rows))]}
    write_tables(tmp_path, {"visit": pl.DataFrame(data, schema=dict.fromkeys(VISIT.columns, pl.String))})
    assert (tmp_path / "visits.csv").is_file() is bool(rows)
    if rows:
        first = (tmp_path / "visits.csv").read_bytes()
        write_tables(tmp_path, {"visit": read_table(tmp_path / "visits.csv", VISIT)[0]})
        assert (tmp_path / "visits.csv").read_bytes() == first
    assert {path.name for path in tmp_path.iterdir()} <= {"visits.csv"}
