"""Bytes changed at random: no reader crashes but by its named errors, every line is accounted for, untouched rows come out as they were."""

from __future__ import annotations

import contextlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_text_events import ICEWS, PHOENIX, POLECAT, icews_row, phoenix_row, polecat_row

from comity.sources import (
    gdelt_events,
    gdelt_lists,
    gdelt_mentions,
    icews,
    missiles_cns,
    nk_russia_timeline,
    phoenix,
    polecat,
    provocations_csis,
    provocations_kor,
)
from comity.sources.forms import form_of
from comity.sources.gdelt_mentions import MENTION_SCHEMA
from comity.sources.listing import Listing
from comity.sources.reading import Batch
from comity.vocab.errors import ComityError

ROWS = 12
Change = tuple[int, int, int, bytes]
OFTEN = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
changes = st.lists(
    st.tuples(
        st.integers(0, ROWS - 1),
        st.integers(0, 10_000),
        st.integers(0, 3),
        st.one_of(st.binary(max_size=4), st.sampled_from([b"\t", b"\n", b"\r", b'"', b",", b"\0", b"\xff", b"0", b"-", b" ", b"NA", b"\xe2\x80\x91", b"1e9"])),
    ),
    max_size=4,
)


def changed(lines: list[bytes], edits: list[Change]) -> tuple[bytes, set[int]]:
    """The lines with some bytes replaced, and the indices of those that stayed as they were."""
    lines, touched = list(lines), set()
    for at, where, cut, put in edits:
        line = lines[at]
        place = where % (len(line) + 1)
        lines[at] = line[:place] + put + line[place + cut :]
        touched.add(at)
    return b"".join(line + b"\n" for line in lines), set(range(len(lines))) - touched


def file_of(data: bytes, folder: str) -> Path:
    path = Path(folder) / "x"
    path.write_bytes(data)
    return path


def check(read: Callable[[Path], Iterator[Batch]], header: bytes, data: bytes, reading: Any, schema: Any = None) -> pl.DataFrame | None:
    """Events of the bytes, or nothing where the file is refused by a named error."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return reading(read(file_of(header + data, folder)), schema).events  # type: ignore[no-any-return]
        except ComityError:
            return None


def untouched_are_right(found: pl.DataFrame | None, original: pl.DataFrame, untouched: set[int], data: bytes) -> None:
    """Rows whose line was not touched are there as before; the line numbers may have moved by newlines put in."""
    if found is None:
        return
    rows = {row["event_id"]: row for row in found.to_dicts()}
    for at in untouched:
        expected = original.row(at, named=True)
        row = rows.get(expected["event_id"])
        assert row is not None
        assert {name: value for name, value in row.items() if name != "line"} == {name: value for name, value in expected.items() if name != "line"}


@given(edits=changes, columns=st.sampled_from([57, 58, 61]))
@OFTEN
def test_gdelt_events(edits: list[Change], columns: int, row: Callable[..., str], reading: Any) -> None:
    lines = [row(columns, id=str(1000 + n), code=("041", "190", "010")[n % 3], quad=("1", "4", "1")[n % 3]).encode() for n in range(ROWS)]
    data, untouched = changed(lines, edits)
    original = check(gdelt_events.read, b"", b"".join(line + b"\n" for line in lines), reading)
    assert original is not None
    found = check(gdelt_events.read, b"", data, reading)
    untouched_are_right(found, original, untouched, data)
    assert found is not None
    # A changed row that is read all the same is so from what it says: its code, root and class agree and its day is not after it was added.
    assert found.filter((pl.col("day") > pl.col("added_at").dt.date() + pl.duration(days=1)) | pl.col("quad").is_null()).is_empty()


@pytest.mark.parametrize(
    ("read", "names", "make", "key", "separator"),
    [
        (icews.read, ICEWS, icews_row, "Event ID", "\t"),
        (polecat.read, POLECAT, polecat_row, "Event ID", "\t"),
        (phoenix.read, PHOENIX, phoenix_row, "eid", ","),
    ],
)
@given(edits=changes)
@OFTEN
def test_text_events(read: Any, names: tuple[str, ...], make: Callable[..., str], key: str, separator: str, edits: list[Change], reading: Any) -> None:
    lines = [make(**{key: str(1000 + n)}).encode() for n in range(ROWS)]
    header = separator.join(names).encode() + b"\n"
    original = check(read, header, b"".join(line + b"\n" for line in lines), reading)
    assert original is not None
    assert original.height == ROWS
    data, untouched = changed(lines, edits)
    found = check(read, header, data, reading)
    untouched_are_right(found, original, untouched, data)


@given(data=st.binary(max_size=600))
@OFTEN
def test_any_bytes_in_every_reader(data: bytes, reading: Any) -> None:
    readers = (gdelt_events.read, icews.read, polecat.read, phoenix.read)
    for read in readers:
        check(read, b"", data, reading)
    check(gdelt_mentions.read, b"", data, reading, MENTION_SCHEMA)
    lists: tuple[Callable[[Path], Listing], ...] = (
        provocations_csis.read, provocations_csis.read_exercises, provocations_csis.read_coded, provocations_csis.read_vintages, provocations_kor.read,
        missiles_cns.read, nk_russia_timeline.read, gdelt_lists.read, icews.read_quadruples,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = file_of(data, folder)
        for read_list in lists:
            with contextlib.suppress(ComityError):
                found = read_list(path)
                assert found.rows.height + found.quarantine.height == found.records
        with contextlib.suppress(ComityError):
            form_of(path)


@given(edits=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6), cut=st.integers(0, 10_000))
@OFTEN
def test_a_broken_zip_is_refused_or_right(edits: list[tuple[int, int]], cut: int, row: Callable[..., str], reading: Any) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.export.CSV", "".join(row(id=str(1000 + n)) + "\n" for n in range(ROWS)))
    data = bytearray(held.getvalue())
    for place, value in edits:
        data[place % len(data)] = value
    spoilt = bytes(data[: len(data) - cut % 40])
    found = check(gdelt_events.read, b"", spoilt, reading)
    if found is not None and found.height:
        assert found.height == ROWS
        assert found["event_id"].to_list() == [str(1000 + n) for n in range(ROWS)]
