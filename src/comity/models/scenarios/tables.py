"""The numbers of a what-if as rows and tables, its verdict by rule, and the sentences under it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from comity.models.provocations.act_series import Floats
from comity.models.provocations.class_words import ANY
from comity.models.scenarios import verdict_words as say
from comity.models.scenarios.calendar import EXERCISE, Calendar, Entry
from comity.models.scenarios.runs import Futures
from comity.vocab.text import Text

if TYPE_CHECKING:
    from comity.models.what_if import Run

SCHEMA: dict[str, Any] = {
    "class": pl.String, "measure": pl.String, "days": pl.Int64, "without": pl.Float64, "with": pl.Float64, "difference": pl.Float64,
    "mc_error": pl.Float64, "median": pl.Float64, "low": pl.Float64, "high": pl.Float64, "share_lower": pl.Float64, "share_higher": pl.Float64, "verdict": pl.String,
    "records": pl.List(pl.String),
}  # fmt: skip


def classes_of(run: Run) -> list[tuple[str, list[int], int]]:
    """Each class and all together: its name, its columns among the acts, and its column among the chances."""
    names = run.fitted.series.classes
    return [(ANY, list(range(len(names))), len(names)), *((name, [at], at) for at, name in enumerate(names))]


def measure_rows(run: Run) -> pl.DataFrame:
    """Every class and measure."""
    behind, horizon = records_of(run), run.scenario.horizon_days
    rows = []
    for name, columns, at in classes_of(run):
        acts = [futures.acts[:, :, columns].sum(axis=(1, 2), dtype=np.float64) for futures in (run.pair.without, run.pair.with_)]
        sets = [one.acts[:, :, columns].sum(axis=(1, 2)) for one in (run.without, run.with_)]
        rows.append({"class": name, "measure": "acts", "days": horizon} | compared(acts[0], acts[1], sets[0], sets[1], run) | {"records": behind})
        for days in (days for days in run.settings.horizons if days <= horizon):
            hits = [(futures.until[:, at] < days).astype(np.float64) for futures in (run.pair.without, run.pair.with_)]
            sets = [one.chance(days)[:, at] for one in (run.without, run.with_)]
            rows.append({"class": name, "measure": f"chance_{days}", "days": days} | compared(hits[0], hits[1], sets[0], sets[1], run) | {"records": behind})
    return pl.DataFrame(rows, schema=SCHEMA)


def compared(without: Floats, with_: Floats, sets_without: Floats, sets_with: Floats, run: Run) -> dict[str, Any]:
    """Means of the runs (runs,), their paired difference with its error, and its spread over what each set of parameters expects (sets,)."""
    gap, error = paired(without, with_, run.sets)
    spread = sets_with - sets_without
    low, middle, high = np.quantile(spread, [run.settings.interval[0], 0.5, run.settings.interval[1]])
    lower, higher = float((spread < 0).mean()), float((spread > 0).mean())
    head = {"without": float(without.mean()), "with": float(with_.mean()), "difference": gap, "mc_error": error}
    return head | {
        "median": float(middle),
        "low": float(low),
        "high": float(high),
        "share_lower": lower,
        "share_higher": higher,
        "verdict": verdict(lower, higher, run),
    }


def paired(without: Floats, with_: Floats, sets: int) -> tuple[float, float]:
    """Mean difference of runs from the same random numbers, and its standard error within sets of parameters.

    Run r belongs to set r modulo `sets`; the sets are given, so that only the chance within each counts as simulation error.
    """
    gaps = (with_ - without).reshape(-1, sets)
    within = gaps.var(axis=0, ddof=1) / len(gaps)
    return float(gaps.mean()), float(np.sqrt(within.sum()) / sets)


def verdict(lower: float, higher: float, run: Run) -> str:
    """A direction is known when as many sets of parameters agree on it as the interval holds on either side."""
    needed = run.settings.interval[1]
    if not lower and not higher:
        return "unchanged"
    return "fewer" if lower >= needed else "more" if higher >= needed else "unknown"


def months_table(run: Run) -> pl.DataFrame:
    """Acts by calendar month, the first and last only in part."""
    first, horizon = run.first, run.scenario.horizon_days
    days = [first + timedelta(days=at) for at in range(horizon)]
    starts = [at for at, day in enumerate(days) if at == 0 or day.day == 1]
    rows = []
    for number, (begin, end) in enumerate(zip(starts, [*starts[1:], horizon], strict=True)):
        for name, columns, _ in classes_of(run):
            without, with_ = (_in_month(futures, number, columns) for futures in (run.pair.without, run.pair.with_))
            sets = [one.acts[:, begin:end, columns].sum(axis=(1, 2)) for one in (run.without, run.with_)]
            head = {"month": days[begin].replace(day=1), "days": end - begin, "class": name}
            found = compared(without, with_, sets[0], sets[1], run)
            rows.append(head | {key: found[key] for key in ("without", "with", "difference", "mc_error", "median", "low", "high")})
    return pl.DataFrame(rows)


def _in_month(futures: Futures, month: int, columns: list[int]) -> Floats:
    return np.asarray(futures.acts[:, month, columns].sum(axis=1, dtype=np.float64))


def members_table(run: Run) -> pl.DataFrame:
    """The expected difference in acts of any class by member of the pool: median, 5 and 95 % points over its sets, and the share below zero."""
    members = len(run.fitted.pool)
    spread = (run.with_.acts - run.without.acts).sum(axis=(1, 2)).reshape(members, -1)
    without = run.without.acts.sum(axis=(1, 2)).reshape(members, -1)
    rows = []
    for (one, _), gaps, base in zip(run.fitted.pool, spread, without, strict=True):
        low, middle, high = np.quantile(gaps, [run.settings.interval[0], 0.5, run.settings.interval[1]])
        head = {"half_life": one.half_life, "harmonics": one.harmonics, "memory": one.memory, "without": float(np.median(base))}
        rows.append(head | {"median": float(middle), "low": float(low), "high": float(high), "share_lower": float((gaps < 0).mean())})
    return pl.DataFrame(rows, schema_overrides={"memory": pl.Float64})


def calendar_table(run: Run) -> pl.DataFrame:
    """Both calendars side by side, one row an exercise or talks, and what the change does to it."""
    before, after = run.calendars
    left = list(after)
    rows = []
    for entry in before:
        now = entry if entry in left else _counterpart(entry, before, left)
        if now is not None:
            left.remove(now)
        rows.append(_row(entry, now))
    rows += [_row(None, entry) for entry in left]
    frame = pl.DataFrame(rows, schema=CALENDAR, orient="row")
    return frame.sort(pl.coalesce("start_without", "start_with"), "ref")


def _counterpart(entry: Entry, before: Calendar, left: list[Entry]) -> Entry | None:
    """What became of an entry that is no longer as it was: the nearest one of the same record that is new."""
    same = [one for one in left if one.what == entry.what and one.ref == entry.ref and one not in before]
    return min(same, key=lambda one: abs((one.start - entry.start).days), default=None)


def _row(before: Entry | None, after: Entry | None) -> tuple[Any, ...]:
    """One row of the calendar: an entry before and after the change, where it is in both."""
    told = [(entry.start, entry.end, entry.main) if entry else (None, None, None) for entry in (before, after)]
    for one in (entry for entry in (before, after) if entry):
        ref = None if one.basis == "added" else one.ref
        return (one.what, ref, one.series, one.basis, one.expected_from, _state(before, after), *told[0], *told[1], [ref] if ref else [])
    return ()


def _state(before: Entry | None, after: Entry | None) -> str:
    """What the change does to an entry."""
    if before is None or after is None:
        return "added" if before is None else "cancelled"
    if before == after:
        return "kept"
    return "moved" if before.start != after.start else "rescaled"


CALENDAR: dict[str, Any] = {
    "what": pl.String, "ref": pl.String, "series": pl.String, "basis": pl.String, "expected_from": pl.String, "state": pl.String,
    "start_without": pl.Date, "end_without": pl.Date, "main_without": pl.Boolean, "start_with": pl.Date, "end_with": pl.Date, "main_with": pl.Boolean,
    "records": pl.List(pl.String),
}  # fmt: skip


def records_of(run: Run) -> list[str]:
    """The exercises and talks behind the difference: those of the calendar, and the past ones from which the touched covariates are known."""
    refs = [entry.expected_from or entry.ref for entry in {*run.calendars[0], *run.calendars[1]} if entry.basis != "added"]
    since = run.fitted.series.first
    touched = run.seen.touched
    past = run.fitted.past
    drills = past.drills.rows.filter(pl.col("end") >= since)
    if {"main", "aftermath"} & set(touched):
        refs += drills.filter("main")["ref"].to_list()
    if "other" in touched:
        refs += drills.filter(~pl.col("main"))["ref"].to_list()
    if {"talks", "summit"} & set(touched):
        covered = [past.day(int(row)) for row in np.flatnonzero(past.talks_known)]
        refs += past.talks.rows.filter(pl.col("start").is_in(covered))["ref"].to_list()
    return sorted(set(refs))


def notes(run: Run, rows: pl.DataFrame) -> Iterator[Text]:
    """The verdict, what it hangs on, what the baseline rests on, the warnings and the limits."""
    whole = rows.row(by_predicate=(pl.col("class") == ANY) & (pl.col("measure") == "acts"), named=True)
    yield headline(run, whole)
    if whole["verdict"] != "unchanged":
        yield _season(run)
    drills = [entry for entry in run.calendars[0] if entry.what == EXERCISE]
    shown = [f"{entry.ref.removeprefix('exercise:')} → {_span(entry.start, entry.end)}" for entry in drills if entry.basis == "expected"]
    yield say.EXPECTED.format(told="; ".join(shown)) if shown else say.NOTHING_EXPECTED
    if run.warned:
        yield say.WARNED.format(n=len(run.warned), first=run.warned[0].text)
    yield say.LIMITS


def headline(run: Run, row: dict[str, Any]) -> Text:
    """The plain verdict on acts of any class."""
    said = {"fewer": say.FEWER, "more": say.MORE, "unknown": say.UNKNOWN, "unchanged": say.UNCHANGED}[row["verdict"]]
    share = row["share_higher"] if row["verdict"] == "more" else row["share_lower"]
    numbers = {name: row[name] for name in ("without", "difference", "median", "low", "high")}
    return say.HEADLINE.format(
        title=run.scenario.title, days=run.scenario.horizon_days, with_=row["with"], error=row["mc_error"], verdict=said.format(share=share), **numbers
    )


def _season(run: Run) -> Text:
    """The middle difference by how finely the season is held fixed."""
    spread = (run.with_.acts - run.without.acts).sum(axis=(1, 2)).reshape(len(run.fitted.pool), -1)
    pairs = np.array([one.harmonics for one, _ in run.fitted.pool])
    told = [say.WAVES.format(n=n, value=float(np.median(spread[pairs == n]))) for n in sorted(set(pairs.tolist()))]
    return say.SPREAD.format(told=Text(", ".join(one.en for one in told), ", ".join(one.ko for one in told)))


def _span(start: date, end: date) -> str:
    return f"{start} – {end}"
