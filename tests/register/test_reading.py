"""A large file that stands as it would be written is read at once; every other one cell by cell. Both give the same table and the same faults."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.register import package
from comity.register.package import empty_table, parse_table, read_table, shipped_packages, table_text
from comity.vocab.kinds import kinds

SOURCE = kinds()["source"]
cell = st.one_of(st.sampled_from(["", "a", '"', '""', ",", "a,b", 'say "so"', " ", "\n", "é한", "..", "#", "null"]), st.text(max_size=6))
texts = st.one_of(
    st.lists(st.lists(cell, min_size=1, max_size=4), min_size=1, max_size=5).map(lambda rows: "\n".join(",".join(row) for row in rows) + "\n"),
    st.text(alphabet='",\n\ra#', max_size=30),
)


@pytest.fixture(autouse=True, scope="module")
def read_at_once() -> Iterator[None]:
    """Here files of any size are read at once where they can be; the csv module's limit is left as it was."""
    limit = csv.field_size_limit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "LARGE", 0)
        yield
    csv.field_size_limit(limit)


def carefully(text: str) -> tuple[pl.DataFrame, object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "_plain_table", lambda _: None)
        return parse_table(text, SOURCE, "sources.csv")


@settings(max_examples=300, deadline=None)
@given(head=st.sampled_from(["id,title", "id,title,url", "title,id,nonsense", "id,id", '"id",title', "id"]), text=texts)
def test_any_text_is_read_as_the_careful_reading_reads_it(head: str, text: str) -> None:
    whole = head + "\n" + text
    table, faults = parse_table(whole, SOURCE, "sources.csv")
    slow, found = carefully(whole)
    assert table.equals(slow)
    assert table.schema == slow.schema
    assert faults == found


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(cell, cell), min_size=1, max_size=6))
def test_what_was_written_is_read_back(rows: list[tuple[str, str]]) -> None:
    cells = [{"id": f"s{at}", "title": title or None, "url": url or None} for at, (title, url) in enumerate(rows)]
    table = pl.concat([empty_table(SOURCE), pl.DataFrame(cells, schema=dict.fromkeys(("id", "title", "url"), pl.String))], how="diagonal")
    back, faults = parse_table(table_text(table, SOURCE), SOURCE, "sources.csv")
    assert back.select(SOURCE.columns).equals(table.sort("id").select(SOURCE.columns))
    assert faults == []


@pytest.mark.parametrize("name", shipped_packages())
def test_the_shipped_files_are_read_alike_both_ways(name: str) -> None:
    folder = package.package_path(name)
    for kind in kinds().values():
        if (folder / kind.file).is_file():
            table, _ = read_table(folder / kind.file, kind)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(package, "_plain_table", lambda _: None)
                slow, _ = read_table(folder / kind.file, kind)
            assert table.equals(slow), kind.file


def test_plain_files_are_read_at_once_and_others_are_not() -> None:
    assert package._plain_table('id,title\na,"A, B"\n') is not None
    for text in ('id,title\na,"A"\n', "id,title\na,A", "id,title\na\n", "id,title\r\na,A\r\n", "id,title\n\na,A\n", ""):
        assert package._plain_table(text) is None, text


def test_lines_are_those_of_the_file() -> None:
    table, _ = parse_table("id,title\nb,B\na,A\n", SOURCE, "sources.csv")
    assert table.select("id", "_line").rows() == [("b", 2), ("a", 3)]


def test_a_cell_beyond_the_limit_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "CELL_LIMIT", 10)
    _, faults = parse_table("id,title\na,01234567890\n", SOURCE, "sources.csv")
    assert [fault.code for fault in faults] == ["not-csv", "missing-column", "missing-column"]  # what follows it is not read
