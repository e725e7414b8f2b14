"""The tempo of exercises: per year what was planned against what was held, and the life of each series.

Read from exercises and their series. An edition belongs to the year of its start, by the middle of an imprecise one; editions inside
another one add neither days nor persons a second time. What no record tells of is not counted as zero: years of which nothing is
recorded stay empty unless the register says that it covers them. It does not say how demanding an exercise was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl

from comity.measures.result import Result, result
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.text import Text

Row = dict[str, Any]
HELD = ("conducted", "scaled_down")
STATUSES = ("conducted", "scaled_down", "postponed", "suspended", "cancelled", "planned")
COVERED = ("complete", "nearly_complete")
CYCLE_DAYS = {"quarterly": 91, "semiannual": 183, "annual": 365, "biennial": 731}
EDITION_COLUMNS = [
    "id", "series", "year", "start", "end", "status", "exercise_types", "partners", "nations", "days", "slip_days", "days_since_last", "month",
    "personnel", "personnel_announced", "field_events", "nested_in", "because_of", "requested_by", "answers", "records",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TempoSettings:
    """Parameters of tempo, with the reason for each."""

    series: str | None = None
    """Only the editions of this series."""
    least_filled: float = 0.3
    """Days and persons of a year are summed only when known for this share of what was held: under it the sum is mostly gaps."""
    gap_cycles: float = 1.5
    """Two editions further apart than this many cycles have a gap between them: half a cycle is slack in the calendar."""


def tempo(snapshot: Snapshot, home: str | None = None, *, as_of: date, series: str | None = None, settings: TempoSettings | None = None) -> Result:
    """Exercises of `home` by year and by series, of those that were to begin by `as_of`.

    `scheduled` are all editions recorded for the year, whatever became of them; `planned` those whose outcome no record tells yet;
    `realised_share` = (conducted + scaled down) / (scheduled − planned). `days` counts both first and last day and only
    editions whose days are exact; `personnel` all sides. Table `series`: first and last edition, gaps, usual month, changes with what was
    behind them; table `editions`: one row an edition, `slip_days` = days between the announced and the actual start.
    """
    home = home or snapshot.home
    settings = settings or TempoSettings(series)
    editions = editions_until(snapshot, home, as_of)
    if settings.series is not None:
        editions = editions.filter(pl.col("series") == settings.series)
    rows = _years(editions, _covered_years(snapshot, as_of, settings.series), settings)
    tables = {"series": _series(snapshot, editions, as_of, settings), "editions": editions.select(EDITION_COLUMNS)}
    return result("tempo", snapshot, rows, as_of=as_of, home=home, settings=settings, notes=_notes(editions, settings), tables=tables)


def editions_until(snapshot: Snapshot, home: str, as_of: date) -> pl.DataFrame:
    """The exercises of `home` whose middle day of the start is not after `as_of`, by series and day, with what is known of each."""
    both = pl.col("participants").list.contains(home)
    frame = snapshot.counted("exercise").with_columns(day=midpoint("start")).filter(both & (pl.col("day") <= as_of)).sort("series", "day", "id")
    held = pl.col("status").is_in(HELD)
    exact = (pl.col("start_earliest") == pl.col("start_latest")) & (pl.col("end_earliest") == pl.col("end_latest")) & (pl.col("end_latest") <= as_of)
    fixed = (pl.col("start_earliest") == pl.col("start_latest")) & (pl.col("start_announced_earliest") == pl.col("start_announced_latest"))
    previous = pl.when(held).then(pl.col("day")).shift(1).forward_fill().over("series")
    return frame.with_columns(
        year=pl.col("day").dt.year(),
        end=pl.when(pl.col("end_latest") <= as_of).then("end"),
        held=held,
        partners=pl.col("participants").list.set_difference([home]).list.sort(),
        nations=pl.max_horizontal(pl.col("participants").list.len().cast(pl.Int64), "participants_stated"),
        days=pl.when(held & exact).then((pl.col("end_latest") - pl.col("start_earliest")).dt.total_days() + 1),
        slip_days=pl.when(held & fixed).then((pl.col("start_earliest") - pl.col("start_announced_earliest")).dt.total_days()),
        days_since_last=pl.when(held).then((pl.col("day") - previous).dt.total_days()),
        month=pl.when(pl.col("start_earliest").dt.month_end() == pl.col("start_latest").dt.month_end()).then(pl.col("start_earliest").dt.month()),
        records=pl.concat_list("exercise:" + pl.col("id")),
    )


def usual_month(months: list[int]) -> int | None:
    """The month in which a series usually begins: the one with the least summed distance around the year to all editions, the earliest of equals.

    >>> usual_month([12, 1, 2, 1]), usual_month([])
    (1, None)
    """
    if not months:
        return None
    return min(range(1, 13), key=lambda at: (sum(min((at - month) % 12, (month - at) % 12) for month in months), months.count(at) == 0, at))


def is_active(series: Row, day: date) -> bool:
    """Whether a series went on beyond `day`, as its record says."""
    last = series["last_held_earliest"]
    return series["status"] == "active" or (last is not None and last > day)


def _covered_years(snapshot: Snapshot, as_of: date, series: str | None) -> set[int]:
    """Years of which the register says that it holds every exercise (of the series)."""
    scope = f"series:{series}" if series else "kind:exercise"
    years: set[int] = set()
    for row in snapshot.frame("coverage").filter((pl.col("scope") == scope) & pl.col("completeness").is_in(COVERED)).iter_rows(named=True):
        if row["start_earliest"] is not None and row["end_latest"] is not None:
            years |= set(range(row["start_earliest"].year, min(row["end_latest"], as_of).year + 1)) - _years_named(row["gaps"])
    return years


def _years_named(gaps: str | None) -> set[int]:
    """Years that a list of known gaps names: `1990; 2001-2003`."""
    spans = re.findall(r"\b((?:19|20)\d\d)(?:\s*-\s*((?:19|20)\d\d))?\b", gaps or "")
    return {year for first, last in spans for year in range(int(first), int(last or first) + 1)}


def _years(editions: pl.DataFrame, covered: set[int], settings: TempoSettings) -> pl.DataFrame:
    """One row for each year from the first edition to the last, or to the last covered year."""
    known = editions["year"].to_list()
    if not known:
        return pl.DataFrame(schema=_YEAR_SCHEMA)
    span = range(min(known), max([*known, *covered]) + 1)
    by_year = {int(str(key[0])): part for key, part in editions.group_by("year")}
    return pl.DataFrame([_year(year, by_year.get(year), year in covered, settings) for year in span], schema=_YEAR_SCHEMA, orient="row")


def _year(year: int, part: pl.DataFrame | None, covered: bool, settings: TempoSettings) -> Row:
    if part is None:
        return {"year": year, "covered": covered, "records": []} | dict.fromkeys(("scheduled", "realised", *STATUSES), 0 if covered else None)
    told = part["status"].to_list()
    counts = {status: told.count(status) for status in STATUSES}
    held = part.filter("held")
    whole = held.filter(~pl.col("nested_in").is_in(part["id"].implode()).fill_null(False))
    row: Row = {"year": year, "covered": covered, "scheduled": part.height, "realised": held.height, **counts}
    decided = part.height - counts["planned"]
    row["realised_share"] = held.height / decided if decided else None
    for name in ("days", "personnel", "personnel_announced"):
        filled = whole[name].is_not_null().sum()
        row[f"{name}_known"] = filled
        row[name] = whole[name].sum() if filled and filled >= settings.least_filled * whole.height else None
    return row | {"counted": whole.height, "series": part["series"].n_unique(), "records": sorted(f"exercise:{one}" for one in part["id"])}


_YEAR_SCHEMA: dict[str, Any] = {
    "year": pl.Int64, "covered": pl.Boolean, "scheduled": pl.Int64, "realised": pl.Int64, "realised_share": pl.Float64,
    **dict.fromkeys(STATUSES, pl.Int64), "series": pl.Int64, "counted": pl.Int64, "days": pl.Int64, "days_known": pl.Int64,
    "personnel": pl.Int64, "personnel_known": pl.Int64, "personnel_announced": pl.Int64, "personnel_announced_known": pl.Int64,
    "records": pl.List(pl.String),
}  # fmt: skip


def _series(snapshot: Snapshot, editions: pl.DataFrame, as_of: date, settings: TempoSettings) -> pl.DataFrame:
    declared = {row["id"]: row for row in snapshot.frame("exercise_series").iter_rows(named=True)}
    parts = {str(key[0]): part for key, part in editions.group_by("series")}
    rows = [_life(name, part.sort("day", "id"), declared.get(name), as_of, settings) for name, part in sorted(parts.items())]
    return pl.DataFrame(rows, schema=_SERIES_SCHEMA, orient="row")


def _life(name: str, part: pl.DataFrame, declared: Row | None, as_of: date, settings: TempoSettings) -> Row:
    """The life of one series, from the editions recorded."""
    held = part.filter("held")
    rhythmic = declared is not None and not declared["collection"] and declared["frequency"] in CYCLE_DAYS
    cycle = CYCLE_DAYS[declared["frequency"]] if declared is not None and rhythmic else None
    months = held["month"].drop_nulls().to_list()
    usual = usual_month(months)
    told = part["status"].to_list()
    counts = {status: told.count(status) for status in STATUSES[1:]}
    own = [f"exercise_series:{name}"] if declared is not None else []
    return {
        "series": name,
        "first": held["day"].min(),
        "last": held["day"].max(),
        "stated_first": declared["first_held"] if declared is not None else None,
        "active": is_active(declared, as_of) if declared is not None else None,
        "cycle_days": cycle,
        "editions": held.height,
        **counts,
        "gaps": _gaps(held, cycle, settings) if cycle else [],
        "days_since_last": (as_of - held["day"].to_list()[-1]).days if held.height else None,
        "usual_month": usual,
        "in_usual_month": sum(month == usual for month in months) / len(months) if months else None,
        "median_days": held["days"].median(),
        "median_personnel": held["personnel"].median(),
        "personnel_known": held["personnel"].is_not_null().sum(),
        "changes": _changes(part),
        "records": own + [f"exercise:{one}" for one in part["id"]],
    }


def _gaps(held: pl.DataFrame, cycle: int, settings: TempoSettings) -> list[Row]:
    """Intervals between editions that exceed the allowed number of cycles."""
    days = held["day"].to_list()
    return [
        {"after": before, "until": then, "days": (then - before).days} for before, then in pairwise(days) if (then - before).days > settings.gap_cycles * cycle
    ]


def _changes(part: pl.DataFrame) -> list[Row]:
    """Editions cut, delayed or given up, and what the record names as the reason."""
    changed = part.filter(~pl.col("status").is_in(["conducted", "planned"]) | (pl.col("because_of").list.len() > 0))
    return changed.select("day", "status", pl.col("id").alias("exercise"), "because_of", "requested_by").to_dicts()


_GAP = pl.List(pl.Struct({"after": pl.Date, "until": pl.Date, "days": pl.Int64}))
_CHANGE = pl.List(pl.Struct({"day": pl.Date, "status": pl.String, "exercise": pl.String, "because_of": pl.List(pl.String), "requested_by": pl.List(pl.String)}))
_SERIES_SCHEMA: dict[str, Any] = {
    "series": pl.String, "first": pl.Date, "last": pl.Date, "stated_first": pl.String, "active": pl.Boolean, "cycle_days": pl.Int64,
    "editions": pl.Int64, **dict.fromkeys(STATUSES[1:], pl.Int64), "gaps": _GAP, "days_since_last": pl.Int64, "usual_month": pl.Int64,
    "in_usual_month": pl.Float64, "median_days": pl.Float64, "median_personnel": pl.Float64, "personnel_known": pl.Int64, "changes": _CHANGE,
    "records": pl.List(pl.String),
}  # fmt: skip


def _notes(editions: pl.DataFrame, settings: TempoSettings) -> tuple[Text, ...]:
    held = editions.filter("held")
    if not held.height:
        return (_NONE,)
    notes = []
    for name, words in _FILLED.items():
        share = float(held[name].is_not_null().sum()) / held.height
        text = _THIN if share < settings.least_filled else _KNOWN
        notes.append(text.format(what=words, share=f"{share:.0%}", n=held.height))
    return tuple(notes)


_NONE = Text("No exercise held by that day is recorded.", "해당일까지 실시된 연습 기록이 없다.")
_FILLED = {
    "days": Text("exact days of start and end", "정확한 기간"),
    "personnel": Text("a stated number of personnel", "참가 인원"),
    "slip_days": Text("an announced start", "발표된 시작일"),
}
_KNOWN = Text(
    "Of the {n} exercises held, {share} have {what}; sums cover those alone.",
    "실시된 연습 {n}건 중 {share}는 {what} 자료가 있으며, 합계는 그 연습만 포함한다.",
)
_THIN = Text(
    "Not enough data: {share} of the {n} exercises held have {what}; a sum stands only in years where enough is known.",
    "{what} 자료가 부족하다(실시된 연습 {n}건 중 {share}). 자료가 충분한 연도에만 합계를 표시한다.",
)
