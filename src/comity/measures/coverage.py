"""Of what is the register believed to hold everything, and when?

Read from the coverage statements, each of which speaks of a scope (`series:scm`, `event_class:nuclear`, `mechanism:information`,
`kind:agreement`), a span of days and how complete it is. The narrowest scope that is stated at all decides on a record; between two
statements of one scope the worse one does. What no statement trusts is unknown, never zero: trends leave it out and say how much it is.
A statement covers the editions of a series that is listed; it does not say that every series is listed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import FAR, midpoint
from comity.vocab.kinds import kind_of
from comity.vocab.text import Text

TRUSTED = ("complete", "nearly_complete")
EVER = date(1, 1, 1)
GAP_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")
DAY_OF = {"agreement": "signed", "transfer": "signed"}

REASONS = {
    "undated": Text("no date", "날짜 없음"),
    "unstated": Text("no coverage statement", "수록 범위 진술 없음"),
    "thin": Text("covered in part or selectively", "부분 또는 선별 수록"),
    "outside": Text("outside the covered days", "수록 기간 밖"),
}


@dataclass(frozen=True, slots=True)
class Covered:
    """Records of covered scopes on covered days, and how many were left out for which reason (`reason`, `count`, `records`)."""

    kept: pl.DataFrame
    left_out: pl.DataFrame


def covered_spans(snapshot: Snapshot, *, trusted: tuple[str, ...] = TRUSTED) -> pl.DataFrame:
    """Every coverage statement by scope: `scope`, `level`, `name`, `start`, `end` (days), `completeness`, `trusted`, `gap_years`, `record`.

    A bound that is not stated opens a span that is not trusted (nobody vouches for those days) and empties one that is: it covers no day.
    """
    part = pl.col("scope").str.splitn(":", 2).struct
    holds = pl.col("completeness").is_in(list(trusted))
    return (
        snapshot.frame("coverage")
        .filter(pl.col("counts"))
        .with_columns(
            level=part.field("field_0"),
            name=part.field("field_1"),
            trusted=holds,
            gap_years=pl.col("gaps").map_elements(_gap_years, return_dtype=pl.List(pl.Int64), skip_nulls=True).fill_null([]),
            record="coverage:" + pl.col("id"),
            start=pl.when(holds).then(pl.col("start_earliest")).otherwise(pl.col("start_earliest").fill_null(EVER)),
            end=pl.when(holds).then(pl.col("end_latest")).otherwise(pl.col("end_latest").fill_null(FAR)),
        )
        .select("scope", "level", "name", "start", "end", "completeness", "trusted", "gap_years", "record")
        .sort("scope", "start", "record")
    )


def covered_years(spans: pl.DataFrame, until: date) -> pl.DataFrame:
    """Years in which a scope is covered, up to `until`: `scope`, `year`.

    Statements are dated by the first and last edition found, so a year counts once a trusted statement touches it; it does not when a
    worse statement of the same scope touches it too, or when the statement names it as a gap.
    """
    begun = spans.filter(pl.col("start").is_not_null() & pl.col("end").is_not_null() & (pl.col("start") <= until))
    last = pl.min_horizontal(pl.col("end").dt.year(), pl.lit(until.year)).cast(pl.Int64)
    touched = begun.with_columns(year=pl.int_ranges(pl.col("start").dt.year().cast(pl.Int64), last + 1)).explode("year").drop_nulls("year")
    good = touched.filter(pl.col("trusted") & ~pl.col("gap_years").list.contains(pl.col("year"))).select("scope", "year").unique()
    worse = touched.filter(~pl.col("trusted")).select("scope", "year").unique()
    return good.join(worse, on=["scope", "year"], how="anti").sort("scope", "year")


def with_coverage(snapshot: Snapshot, frame: pl.DataFrame, kind: str, *, mechanism: str | None = None, trusted: tuple[str, ...] = TRUSTED) -> pl.DataFrame:
    """Add `day` (the middle of the record's date), `scope` (the statement that decides on it) and `standing` (`covered` or why it is not)."""
    spans = covered_spans(snapshot, trusted=trusted)
    name = kind_of(kind).name
    dated = frame.with_columns(day=midpoint(DAY_OF.get(name, "start")), scope=_scope(frame, name, mechanism, spans)).with_row_index("_at")
    told = dated.select("_at", "scope", "day").join(spans, on="scope", how="left")
    year = pl.col("day").dt.year()
    within = ((pl.col("start") <= pl.col("day")) & (pl.col("day") <= pl.col("end"))).fill_null(False)
    touched = ((pl.col("start").dt.year() <= year) & (year <= pl.col("end").dt.year())).fill_null(False)
    whole = pl.col("trusted").fill_null(False)
    gap = pl.col("gap_years").list.contains(year.cast(pl.Int64)).fill_null(False)
    verdict = told.group_by("_at").agg(
        _good=(within & whole & ~gap).any(), _bad=(touched & ~whole).any(), _thin=(~whole).all(), _stated=pl.col("record").is_not_null().any()
    )
    standing = (
        pl.when(pl.col("day").is_null())
        .then(pl.lit("undated"))
        .when(~pl.col("_stated"))
        .then(pl.lit("unstated"))
        .when(pl.col("_good") & ~pl.col("_bad"))
        .then(pl.lit("covered"))
        .when(pl.col("_thin"))
        .then(pl.lit("thin"))
        .otherwise(pl.lit("outside"))
    )
    return dated.join(verdict, on="_at", how="left").sort("_at").with_columns(standing=standing).drop("_at", "_good", "_bad", "_thin", "_stated")


def covered(
    snapshot: Snapshot, frame: pl.DataFrame, kind: str, *, as_of: date | None = None, mechanism: str | None = None, trusted: tuple[str, ...] = TRUSTED
) -> Covered:
    """The records of `frame` (of one kind) that belong to a covered scope on a covered day, and the others counted by reason."""
    told = with_coverage(snapshot, frame, kind, mechanism=mechanism, trusted=trusted)
    if as_of is not None:
        told = told.filter(pl.col("day").is_null() | (pl.col("day") <= as_of))
    kept = told.filter(pl.col("standing") == "covered").select(frame.columns)
    return Covered(kept, left_out(told.with_columns(ref=f"{kind_of(kind).name}:" + pl.col("id"))))


def left_out(told: pl.DataFrame, *by: str) -> pl.DataFrame:
    """How many records are not covered, by reason (and by the columns named): …, `reason`, `count`, `records`."""
    rest = told.filter(pl.col("standing") != "covered").rename({"standing": "reason"})
    return rest.group_by(*by, "reason").agg(count=pl.len().cast(pl.Int64), records=pl.col("ref").sort()).sort(*by, "reason")


def _scope(frame: pl.DataFrame, kind: str, mechanism: str | None, spans: pl.DataFrame) -> pl.Expr:
    """The narrowest scope of each record that the register makes a statement on: series or class, then mechanism, then kind."""
    stated = set(spans["scope"])
    fields = [level for level in ("series", "event_class") if level in frame.columns]
    scopes = [pl.lit(f"{level}:") + pl.col(level) for level in fields]
    found = [pl.when(scope.is_in(list(stated))).then(scope) for scope in scopes]
    wide = [scope for scope in (f"mechanism:{mechanism}", f"kind:{kind}") if scope in stated]
    return pl.coalesce(*found, pl.lit(wide[0] if wide else None, dtype=pl.String))


def _gap_years(text: str) -> list[int]:
    """Years that a statement names as missing; words and edition numbers among its gaps name none."""
    found = [match for part in re.split(r"[,;]", text) if (match := GAP_YEARS.fullmatch(part.strip()))]
    return [year for match in found for year in range(int(match[1]), int(match[2] or match[1]) + 1)]
