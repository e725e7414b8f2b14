"""The events of GDELT 1.0 (57 or 58 columns, also mixed in one file) and 2.0 (61): what the publisher's coder made of the world's news.

Each row is one coded act of one side towards another, found in at least one document; about a fifth of such rows have a wrong part, which no
check of form can see. Rows whose cells contradict each other or the calendar go into quarantine; nothing is corrected but what is proven:
the year 1920 written for 2020 in rows added around New Year 2020.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comity.sources.actor_codes import FIPS, cameo_states
from comity.sources.cameo import NO_EVENT, codes, plover_root, quad_class
from comity.sources.event_text import LOST_ZEROS, zeros_lost
from comity.sources.in_order import in_order
from comity.sources.reading import EVENT_SCHEMA, Batch, empty_events, empty_quarantine
from comity.sources.sifting import NEVER, Check, beyond, no_place, sift, unreadable
from comity.sources.text_rows import Block, blocks, quarantined, whole_file
from comity.vocab.text import Text

ADDRESS = "http://data.gdeltproject.org/gdeltv2/masterfilelist.txt"
ADDRESS_V1 = "http://data.gdeltproject.org/events/index.html"
CITATION = (
    "Leetaru, K. & Schrodt, P. A. (2013). GDELT: Global Data on Events, Location and Tone, 1979-2012. ISA Annual Convention. The GDELT Project, "
    "https://www.gdeltproject.org/"
)
TERMS = Text(
    "Unlimited and unrestricted use, with citation and a link to gdeltproject.org.", "gdeltproject.org 인용과 링크를 조건으로 제한 없이 쓸 수 있습니다."
)
EDITIONS = {
    "20151027220000.export.CSV.zip": "f8533229f899064f2f710627570e4116f7e3007ab7fcd801aa35af252cbd748c",
    "20170101073000.export.CSV.zip": "5ee72f26c7a9fac80c4b55b1b366a175702f921172eda4aea1031499c3f3ebf6",
    "20190121220000.export.CSV.zip": "0c8dd58a11effb34b6c0c2f931a123a7230d86bc19a1e77d3c656e807a85ae37",
    "20190121220000.export2.CSV.zip": "25f90a969371183a083755d3116be733f6411972d5218f872826383abb48bd90",
    "20141124.export.CSV.zip": "c40c397fd4e335fc4a916f12be68ddae2a7a5b60798e839babe9bf9d0d86e5c1",
    "sample-57-58-columns.CSV.zip": "13c3212d89c469eed15335ea92f05d0de8cbe5df9aff26f76692c602eea679d9",
}
FIRST_DAY = date(1979, 1, 1)
ERROR_ADDED = (date(2019, 12, 31), date(2020, 1, 5))  # rows added on these days carry 1920 for 2020
CENTURY = 100 * 365 + 25  # days from any day of early 1920 to the same day of 2020
# Places of the columns that are used, by the number of columns; the first 53 are the same in all three.
LEADING = {
    "GLOBALEVENTID": 0, "SQLDATE": 1, "MonthYear": 2, "Actor1Code": 5, "Actor1CountryCode": 7, "Actor1Type1Code": 12, "Actor2Code": 15,
    "Actor2CountryCode": 17, "Actor2Type1Code": 22, "EventCode": 26, "EventBaseCode": 27, "EventRootCode": 28, "QuadClass": 29, "GoldsteinScale": 30,
    "NumMentions": 31, "NumSources": 32, "NumArticles": 33, "AvgTone": 34,
}  # fmt: skip
TRAILING = {
    57: {"ActionGeo_CountryCode": 51, "ActionGeo_Lat": 53, "ActionGeo_Long": 54, "DATEADDED": 56},
    58: {"ActionGeo_CountryCode": 51, "ActionGeo_Lat": 53, "ActionGeo_Long": 54, "DATEADDED": 56},
    61: {"ActionGeo_CountryCode": 53, "ActionGeo_Lat": 56, "ActionGeo_Long": 57, "DATEADDED": 59},
}
CODED = ("Actor1Code", "Actor1CountryCode", "Actor1Type1Code", "Actor2Code", "Actor2CountryCode", "Actor2Type1Code", "EventCode", "ActionGeo_CountryCode")
Number = tuple[str, pl.DataType, float, float]
NUMBERS: dict[str, Number] = {
    "GoldsteinScale": ("goldstein", pl.Float32(), -10, 10),
    "AvgTone": ("tone", pl.Float32(), -100, 100),
    "NumMentions": ("mentions", pl.Int32(), 0, 2**31 - 1),
    "NumSources": ("outlets", pl.Int32(), 0, 2**31 - 1),
    "NumArticles": ("articles", pl.Int32(), 0, 2**31 - 1),
    "ActionGeo_Lat": ("lat", pl.Float32(), -90, 90),
    "ActionGeo_Long": ("lon", pl.Float32(), -180, 180),
}


def read(path: Path, *, batch_lines: int = 250_000) -> Iterator[Batch]:
    """The events of one published file, plain or zipped, in batches of about `batch_lines`.

    A file that went through a spreadsheet is not guessed at: every line goes into quarantine. `added_at` is midnight UTC where the form gives
    a day only (1.0). Raises `DamagedFile` for a broken zip, also at its end: what was read before is then not to be used.
    """
    damaged, parts, lines = False, [], 0
    for block, part in in_order(blocks(path, batch_lines=batch_lines), lambda block: (block, events_of(path, block))):
        damaged = damaged or (block.first == 1 and _has_header(block)) or zeros_lost(part)
        parts.append(_all_out(path, block) if damaged else part)
        lines += block.lines
        if sum(each.lines for each in parts) >= batch_lines:
            yield _joined(parts)
            parts = []
    if parts:
        yield _joined(parts)
    elif lines == 0:
        yield Batch(empty_events(), whole_file(path, "empty-file"), 0)


def _joined(parts: list[Batch]) -> Batch:
    repaired: Counter[str] = Counter()
    for part in parts:
        repaired.update(part.repaired)
    events = pl.concat([part.events for part in parts])
    return Batch(events, pl.concat([part.quarantine for part in parts]), sum(part.lines for part in parts), dict(repaired))


def _has_header(block: Block) -> bool:
    """Whether the file begins with a header row or has semicolons between its columns: published files have neither."""
    head = block.data[: block.data.index(b"\n")].lstrip(b'"').lower()
    return head.startswith(b"globaleventid") or (head.count(b";") >= 50 and head.count(b"\t") < 50)


def _all_out(path: Path, block: Block) -> Batch:
    """Every line of the block into quarantine."""
    at = np.arange(block.lines)
    return Batch(empty_events(), quarantined(path, block, at, ["spreadsheet"] * len(at), [None] * len(at)), len(at))


def events_of(path: Path, block: Block) -> Batch:
    """The events of one block, read by the number of columns of each line, in the file's order; `path` is for the quarantine's name."""
    whole = _of_one_form(block)
    if whole is not None:
        events, quarantine, mended = _rows(path, block, np.arange(block.lines), *whole)
        return Batch(events, quarantine, block.lines, dict(mended))
    fields, spoilt = block.fields(), block.spoilt()
    spoilt = np.where((spoilt == "") & ~np.isin(fields, list(TRAILING)), "column-count", spoilt)
    out = np.flatnonzero(spoilt != "")
    found, kept_out, repaired = [empty_events()], [empty_quarantine()], Counter[str]()
    if len(out):
        kept_out.append(quarantined(path, block, out, spoilt[out].tolist(), [None] * len(out)))
    for columns in TRAILING:
        keep = (fields == columns) & (spoilt == "")
        if keep.any():
            events, quarantine, mended = _rows(path, block, np.flatnonzero(keep), columns, _cells(block.only(keep), columns))
            found.append(events)
            kept_out.append(quarantine)
            repaired.update(mended)
    return Batch(pl.concat(found).sort("line"), pl.concat(kept_out).sort("line"), block.lines, dict(repaired))


def _of_one_form(block: Block) -> tuple[int, pl.DataFrame] | None:
    """The number of columns and the cells of a block in which every line has as many columns as the first; nothing where that is not sure.

    Where the last column is filled no line is too short; then none is too long if the separators add up. This spares looking for each one.
    """
    columns = block.data[: block.data.index(b"\n")].count(b"\t") + 1
    if columns not in TRAILING or block.may_be_spoilt() or block.count() != (columns - 1) * block.lines:
        return None
    cells = _cells(block.data, columns)
    return (columns, cells) if cells.height == block.lines and not cells.select(pl.last().has_nulls()).item() else None


def _cells(data: bytes, columns: int) -> pl.DataFrame:
    """The used columns of lines that all have `columns` fields; blank is null; quotation marks are letters like any other.

    Numbers come under their own names, null where they cannot be read. If all can, which is so in published files, they are never text.
    """
    try:
        return _split(data, columns, NUMBERS)
    except pl.exceptions.ComputeError:
        cells = _split(data, columns, {}, encoding="utf8-lossy")
        return cells.with_columns(pl.col(name).str.strip_chars(" \r").cast(dtype, strict=False).alias(typed) for name, (typed, dtype, *_) in NUMBERS.items())


def _split(data: bytes, columns: int, numbers: Mapping[str, Number], *, encoding: Literal["utf8", "utf8-lossy"] = "utf8") -> pl.DataFrame:
    """Cells as text but for `numbers`; an error where one of these is none, or where text is no UTF-8."""
    titles = {place: name for name, place in (LEADING | TRAILING[columns]).items()}
    schema: dict[str, pl.DataType] = {}
    for n in range(columns):
        name = titles.get(n, "_last" if n == columns - 1 else f"_{n}")
        typed, dtype, *_ = numbers.get(name, (name, pl.String(), 0, 0))
        schema[typed] = dtype
    places = sorted({*titles, columns - 1})
    return pl.read_csv(data, has_header=False, separator="\t", quote_char=None, schema=schema, columns=places, encoding=encoding)


def _rows(path: Path, block: Block, at: NDArray[np.int64], columns: int, cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, Counter[str]]:
    """Lines of one form, at the indices `at` of the block: events, quarantine, and what was mended."""
    padded = cells.select(_padded()).item()
    rows = cells.with_columns(*(_trimmed() if padded else []), *_dates(columns)).with_columns(*_read_codes(), _mended_day())
    checks = _checks(readable="AvgTone" not in rows.columns, ascii=block.data.isascii(), bounded=rows.select(_bounded()).item())
    good, quarantine = sift(rows, checks, path=path, block=block, at=at)
    rows = rows.with_columns(pl.Series("line", at + block.first, dtype=pl.Int32))
    if not quarantine.is_empty():
        rows, cells = rows.filter(good), cells.filter(good)
    return rows.select(_typed()), quarantine, _mended(cells, rows, padded=padded)


@cache
def _padded() -> pl.Expr:
    """Whether any code of the block has blanks around it."""
    cells = [pl.col(name) for name in CODED]
    return pl.any_horizontal(cell.str.starts_with(" ").any() | cell.str.ends_with(" ").any() for cell in cells)


@cache
def _bounded() -> pl.Expr:
    """Whether every number of the block lies in its range: a quick look that spares the one row by row."""
    inside = []
    for typed, dtype, low, high in NUMBERS.values():
        inside.append((pl.col(typed).min() >= low).fill_null(True) & (pl.col(typed).max() <= high).fill_null(True))
        if dtype == pl.Float32:
            inside.append(~pl.col(typed).is_nan().any())
    return pl.all_horizontal(inside)


@cache
def _trimmed() -> list[pl.Expr]:
    """Codes without blanks around them; what is blank only is null."""
    bare = (pl.col(name).str.strip_chars(" ") for name in CODED)
    return [pl.when(code != "").then(code).name.keep() for code in bare]


@cache
def _dates(columns: int) -> list[pl.Expr]:
    """Day and time of adding, null where they cannot be read: all digits are needed, so that a date cut off is not taken for another."""
    length, pattern = (14, "%Y%m%d%H%M%S") if columns == 61 else (8, "%Y%m%d")
    whole = (pl.col("SQLDATE").str.len_bytes() == 8) & pl.col("SQLDATE").cast(pl.Int32, strict=False).is_not_null()
    full = (pl.col("DATEADDED").str.len_bytes() == length) & pl.col("DATEADDED").cast(pl.Int64, strict=False).is_not_null()
    return [
        pl.when(whole).then(pl.col("SQLDATE").str.to_date("%Y%m%d", strict=False)).alias("day"),
        pl.when(full).then(pl.col("DATEADDED").str.to_datetime(pattern, strict=False)).alias("added_at"),
    ]


@cache
def _read_codes() -> list[pl.Expr]:
    """What the codes mean: PLOVER root, quad class, states, country of the place."""
    states = cameo_states()
    return [
        pl.col("EventCode").replace_strict(_meaning(plover_root), default=None, return_dtype=pl.String).alias("root"),
        pl.col("EventCode").replace_strict(_meaning(quad_class), default=None, return_dtype=pl.Int8).alias("quad"),
        pl.col("Actor1CountryCode").replace_strict(states, default=None, return_dtype=pl.String).alias("actor1"),
        pl.col("Actor2CountryCode").replace_strict(states, default=None, return_dtype=pl.String).alias("actor2"),
        pl.col("ActionGeo_CountryCode").replace_strict(FIPS, default=None, return_dtype=pl.String).alias("place"),
    ]


@cache
def _mended_day() -> pl.Expr:
    """The day, a century later where the publisher's clock wrote 1920 for 2020."""
    wrong = (pl.col("day").dt.year() == 1920) & pl.col("added_at").dt.date().is_between(*ERROR_ADDED)
    return pl.when(wrong).then(pl.col("day") + pl.duration(days=CENTURY)).otherwise(pl.col("day")).alias("day")


@cache
def _meaning(of: Callable[[str], str | int | None]) -> dict[str, str | int | None]:
    return {code: of(code) for code in codes()}


@cache
def _checks(*, readable: bool, ascii: bool, bounded: bool) -> list[Check]:
    """What a row must satisfy, the most telling first; what is known of the whole block (numbers can be read, lie in range; letters) is not asked again."""
    code, day, added = pl.col("EventCode"), pl.col("day"), pl.col("added_at")
    found = [
        Check("GLOBALEVENTID", "id", ~pl.col("GLOBALEVENTID").str.contains(r"^[0-9]{1,18}$")),
        Check("SQLDATE", "no-date", pl.col("SQLDATE").is_null()),
        Check("SQLDATE", "date", day.is_null()),
        Check("MonthYear", "date-parts", pl.col("SQLDATE").str.slice(0, 6) != pl.col("MonthYear")),
        Check("EventCode", "no-event-code", code.is_in(sorted(NO_EVENT)).fill_null(False)),
        Check("EventCode", "lost-zero", code.is_in(LOST_ZEROS).fill_null(False)),
        Check("EventCode", "unknown-code", pl.col("quad").is_null() | (code.str.len_bytes() < 3)),
        Check("EventBaseCode", "code-parts", pl.col("EventBaseCode").str.strip_chars() != code.str.slice(0, 3)),
        Check("EventRootCode", "code-parts", pl.col("EventRootCode").str.strip_chars() != code.str.slice(0, 2)),
        Check("QuadClass", "quad", pl.col("QuadClass").cast(pl.Int8, strict=False) != pl.col("quad")),
        *(Check(name, "number", unreadable(name, typed)) for name, (typed, *_) in NUMBERS.items() if not readable),
        *(Check(name, "range", beyond(typed, low, high)) for name, (typed, _, low, high) in NUMBERS.items() if not bounded),
        Check("DATEADDED", "date", added.is_null() | (added.dt.date() >= NEVER)),
        Check("SQLDATE", "before-archive", day < FIRST_DAY),
        Check("SQLDATE", "after-added", day > added.dt.date() + pl.duration(days=1)),
    ]
    if ascii:
        return found
    broken = pl.any_horizontal(pl.col(name).str.len_bytes() != pl.col(name).str.len_chars() for name in CODED).fill_null(False)
    return [*found, Check(None, "encoding", broken)]


@cache
def _typed() -> list[pl.Expr]:
    """The columns of EVENT_SCHEMA."""
    nowhere = no_place()
    made = {
        "event_id": pl.col("GLOBALEVENTID"),
        "actor1_code": pl.col("Actor1Code"),
        "actor2_code": pl.col("Actor2Code"),
        "role1": pl.col("Actor1Type1Code"),
        "role2": pl.col("Actor2Type1Code"),
        "code": pl.col("EventCode"),
        "lat": pl.when(~nowhere).then("lat"),
        "lon": pl.when(~nowhere).then("lon"),
    }
    return [made.get(name, pl.col(name)).cast(dtype).alias(name) for name, dtype in EVENT_SCHEMA.items()]


def _mended(cells: pl.DataFrame, rows: pl.DataFrame, *, padded: bool) -> Counter[str]:
    """How many kept rows were mended, by kind."""
    counts = rows.select(
        pl.col("SQLDATE").str.starts_with("1920").sum().alias("year-1920"),
        ((pl.col("lat") == 0) & (pl.col("lon") == 0)).sum().alias("zero-place"),
        (pl.col("lat").is_null() != pl.col("lon").is_null()).sum().alias("half-place"),
    ).row(0, named=True)
    if padded:
        trimmed = rows.select(pl.col(name).alias(f"_{name}") for name in CODED)
        changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"_{name}")) for name in CODED)
        counts["padded-code"] = cells.hstack(trimmed).select(changed.sum()).item()
    return Counter({name: count for name, count in counts.items() if count})
