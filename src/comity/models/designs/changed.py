"""What happened in the weeks in which an exercise is usual, when it moved, shrank or was not held?

Every year has a spring, a late-summer and an autumn season of main exercises. The usual days of a season are the middle of those of the nearest
years in which it was held in full (or of all such years). Years in which it was not (suspended, cancelled, postponed), or in which it shrank or moved, keep the
calendar and lose the exercise: the only part of the record that can tell the two apart. It is small, and its
answer hangs on what the usual days are taken to be: two readings stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from comity.models.designs.conditional import dealt_anew, spread
from comity.models.designs.data import EffectData, Slice
from comity.models.designs.episodes import Episodes, open_days
from comity.models.designs.randomisation import running, two_sided, window_sums
from comity.models.designs.specifications import NOT_APART, TOO_FEW, UNTOLD, Row, chance, told, wider
from comity.models.provocations.act_series import Floats
from comity.models.provocations.windows import HELD
from comity.register.snapshot import Snapshot

SEASONS = {"spring": (1, 6), "late_summer": (7, 9), "autumn": (10, 12)}
GONE = ("suspended", "cancelled", "postponed")
Key = tuple[str, int]
Days = tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Season:
    """One season of one year: `status` held, shrunk, not_held or undated; usual and actual first and last day, if known; its records."""

    year: int
    season: str
    status: str
    usual: Days
    actual: Days
    moved: int | None
    records: tuple[str, ...]


def seasons_of(snapshot: Snapshot, home: str, data: EffectData, as_of: date, *, usual: str = "near") -> list[Season]:
    """Every season of a year of which a main exercise is on the record, oldest first; usual days from the `near`est years or from `all` years."""
    reach, most = (data.settings.near_years, data.settings.neighbours) if usual == "near" else (200, 200)
    editions = _editions(snapshot, home, as_of)
    grouped = {(str(key[0]), int(str(key[1]))): part for key, part in editions.group_by("season", "year", maintain_order=True)}
    status = {key: _status(part) for key, part in grouped.items()}
    days = {key: _days(part) for key, part in grouped.items()}
    made = []
    for (season, year), part in sorted(grouped.items(), key=lambda item: (item[0][1], list(SEASONS).index(item[0][0]))):
        near = _near(season, year, grouped, status, days, reach, most)
        habit = _usual(year, near) if near else None
        actual = days[season, year]
        moved = (actual[0] - habit[0]).days if actual and habit else None
        made.append(Season(year, season, status[season, year], habit, actual, moved, tuple(part["ref"])))
    return made


def _near(season: str, year: int, grouped: Any, status: dict[Key, str], days: dict[Key, Days], years: int, most: int) -> list[tuple[date, date]]:
    """Days of the nearest years, `years` away at most, in which the season was held in full; `most` of them."""
    others = [other for other in grouped if other[0] == season and 0 < abs(other[1] - year) <= years and status[other] == "held"]
    nearest = sorted(others, key=lambda other: (abs(other[1] - year), other[1]))[:most]
    return [pair for other in nearest if (pair := days[other]) is not None]


def changed_table(found: list[Season], data: EffectData) -> list[Row]:
    """Seasons that moved, shrank or were not held, with the days with any act in the usual and in the actual days."""
    part = data.slice_of("any") or (data.slices[0] if data.slices else None)
    rows = []
    for one in found:
        moved = one.moved is not None and abs(one.moved) > data.settings.moved_days
        if one.status in ("shrunk", "not_held") or (moved and one.status == "held"):
            row: Row = {"year": one.year, "season": one.season, "change": one.status if one.status != "held" else "moved", "moved_days": one.moved}
            for name, pair in (("usual", one.usual), ("actual", one.actual)):
                row |= {f"{name}_first": pair[0] if pair else None, f"{name}_last": pair[1] if pair else None}
                row[f"acts_{name}"] = _acts(part, pair, data) if part is not None and pair else None
            rows.append(row | {"records": list(one.records)})
    return rows


def changed_rows(habits: dict[str, list[Season]], data: EffectData) -> list[Row]:
    """Rows of the design, for each way of telling the usual days: days of exercises with them held fixed; held against not held and against shrunk."""
    rows: list[Row] = []
    for part in data.slices:
        if part.period == "all":
            for habit, found in habits.items():
                rows += [*_held_fixed(found, data, part, habit), *_against(found, data, part, habit)]
    return rows


def _held_fixed(found: list[Season], data: EffectData, part: Slice, habit: str) -> list[Row]:
    """Regression on exercise days with an indicator of usual days: only exercises off their days, and usual days without one, tell."""
    usual, unknown = np.zeros(data.calendar.days), np.zeros(data.calendar.days, dtype=bool)
    for one in found:
        if one.usual:
            inside = _inside(one.usual, data)
            usual[inside] = 1.0
            unknown[inside] |= one.status == "undated"
    held = Slice(part.classes, part.period, part.acts * ~unknown, part.covered & ~unknown)
    main = data.treatments["main"].within(*part.span)
    during = open_days(main, data.calendar.days)
    off = int(((during > 0) != (usual > 0))[part.covered].sum())
    frame = _frame(data, part) | {"treatment": "held", "window": "during", "windows": len(main), "days": off}
    rows = []
    for name, inner in ((f"usual_{habit}", "year"), (f"usual_{habit}_waves", "year_two_waves")):
        fit = data.fit(held, during[:, None], inner, usual[:, None])
        error = float(wider(fit)[0])
        row = frame | {"calendar": name, "acts": int(fit.acts[0]), "records": main.records + data.acts_in(held, during)}
        row |= _chance(data, held, main, inner, usual)
        reason = {"reason_en": NOT_APART.en, "reason_ko": NOT_APART.ko}
        rows.append(row | (told(float(fit.log_ratio[0]), error, len(main)) if error < UNTOLD else reason))
    return rows


def _chance(data: EffectData, held: Slice, main: Episodes, inner: str, usual: Floats) -> Row:
    """p of both randomisations, where usual days are part of what is expected."""
    expected = np.zeros(data.calendar.days)
    expected[held.covered] = data.fit(held, np.zeros((data.calendar.days, 0)), inner, usual[:, None]).expected
    p, p_years = chance(data, held, np.column_stack([held.acts, expected]), main.start, main.length)[0][0]
    return {"p": p, "p_years": p_years}


def _against(found: list[Season], data: EffectData, part: Slice, habit: str) -> list[Row]:
    first, last = part.span
    inside = [one for one in found if one.usual and data.day(first) <= one.usual[0] and one.usual[1] <= data.day(last)]
    rows = []
    for name, others in (("not_held", ("not_held",)), ("shrunk", ("shrunk",)), ("less", ("shrunk", "not_held"))):
        chosen = [one for one in inside if one.status in ("held", *others)]
        marked = np.array([one.status == "held" for one in chosen], dtype=bool)
        without = int((~marked).sum())
        row = _frame(data, part) | {"treatment": name, "window": "usual_days", "calendar": f"usual_{habit}_waves", "windows": without}
        row["records"] = [ref for one in chosen for ref in one.records]
        if without < 2 or marked.sum() < data.settings.least_windows:
            reason = TOO_FEW.format(windows=without, acts=int(part.acts.sum()))
            rows.append(row | {"reason_en": reason.en, "reason_ko": reason.ko})
            continue
        start = np.array([(one.usual[0] - data.calendar.first).days for one in chosen if one.usual])
        length = np.array([(one.usual[1] - one.usual[0]).days + 1 for one in chosen if one.usual])
        columns = np.column_stack([part.acts, data.expected(part, data.settings.weeks_calendar, "main")])
        sums = window_sums(running(columns), start, length)
        here, dealt = dealt_anew(sums[:, 0], sums[:, 1], marked, data.settings.draws, data.settings.seed)
        rows.append(row | {"acts": int(sums[:, 0].sum()), "p": two_sided(here, dealt)} | spread(here, dealt))
    return rows


def _frame(data: EffectData, part: Slice) -> Row:
    return {"design": "changed", "classes": part.classes, "period": "all", "first": data.day(part.span[0]), "last": data.day(part.span[1])}


def _acts(part: Slice, pair: tuple[date, date], data: EffectData) -> int | None:
    inside = _inside(pair, data)
    return int(part.acts[inside].sum()) if part.covered[inside].all() and len(part.acts[inside]) else None


def _inside(pair: tuple[date, date], data: EffectData) -> slice:
    """Rows of the grid from one day to another."""
    return slice(max(0, (pair[0] - data.calendar.first).days), max(0, (pair[1] - data.calendar.first).days + 1))


def _editions(snapshot: Snapshot, home: str, as_of: date) -> pl.DataFrame:
    """Sourced editions of the main exercises with year and season; those known to the year take the usual month of their series."""
    main = list(snapshot.settings.get("main_exercises", []))
    frame = snapshot.counted("exercise").filter(pl.col("series").is_in(main) & pl.col("participants").list.contains(home))
    frame = frame.filter((pl.col("start_earliest") <= as_of) & pl.col("status").is_in([*HELD, *GONE]))
    month = pl.when((pl.col("start_latest") - pl.col("start_earliest")).dt.total_days() < 31).then(pl.col("start_earliest").dt.month())
    dated = frame.with_columns(year=pl.col("start_earliest").dt.year().cast(pl.Int64), month=month, ref="exercise:" + pl.col("id"))
    dated = dated.with_columns(month=pl.coalesce("month", pl.col("month").median().over("series").round())).drop_nulls("month")
    season = pl.lit("autumn")
    for name, (first, last) in SEASONS.items():
        season = pl.when(pl.col("month").is_between(first, last)).then(pl.lit(name)).otherwise(season)
    exact = (pl.col("start_earliest") == pl.col("start_latest")) & (pl.col("end_earliest") == pl.col("end_latest"))
    return dated.with_columns(season=season, exact=exact.fill_null(False)).sort("start_earliest", "ref")


def _status(part: pl.DataFrame) -> str:
    states = set(part["status"])
    if states <= set(GONE):
        return "not_held"
    if states & {*GONE, "scaled_down"}:
        return "shrunk"
    return "held" if part.filter("exact").height else "undated"


def _days(part: pl.DataFrame) -> Days:
    held: Any = part.filter(pl.col("exact") & pl.col("status").is_in(HELD))
    return (held["start_earliest"].min(), held["end_latest"].max()) if held.height else None


def _usual(year: int, near: list[tuple[date, date]]) -> tuple[date, date]:
    first, last = (int(np.median([pair[at].timetuple().tm_yday for pair in near])) for at in (0, 1))
    opening = date(year, 1, 1).toordinal() - 1
    return date.fromordinal(opening + first), date.fromordinal(opening + max(first, last))
