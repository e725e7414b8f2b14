"""Which exercises and talks are to be expected in the coming days, and what the calendar looks like once a scenario has changed it.

The baseline holds what the register has as under way or planned, and each main exercise that was held within two years, on the days on which it
was last held (`expected_from`). Other drills and talks follow no calendar: only planned ones are in it. The baseline is no forecast of plans.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from comity.measures.pressure_acts import adversaries_of
from comity.models.provocations.windows import Windows
from comity.models.scenarios.settings import WhatIfSettings
from comity.register.snapshot import Snapshot

EXERCISE, TALKS = "exercise", "talks"
OPEN = ("planned",)
HALF_A_YEAR = 183


@dataclass(frozen=True, slots=True)
class Entry:
    """One exercise or one run of talks in the calendar.

    `ref` names the record on which it rests (or the change that added it); `main` marks a main exercise, or a summit. `basis` is `under_way`,
    `planned`, `expected` (from `expected_from`, the edition last held) or `added`.
    """

    what: str
    ref: str
    start: date
    end: date
    main: bool
    basis: str
    series: str | None = None
    expected_from: str | None = None

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.end - self.start).days + 1

    def shifted(self, days: int) -> Entry:
        """The same so many days later."""
        return replace(self, start=self.start + timedelta(days=days), end=self.end + timedelta(days=days))


Calendar = tuple[Entry, ...]


def baseline(snapshot: Snapshot, home: str, as_of: date, drills: Windows, until: date, settings: WhatIfSettings) -> Calendar:
    """The calendar of the days after `as_of` up to `until`, oldest first; `drills` are the exercises held up to `as_of`."""
    known = [*_under_way(snapshot, drills, as_of), *_planned(snapshot, home, as_of), *_planned_talks(snapshot, home, as_of)]
    kept = [entry for entry in known if entry.start <= until]
    for entry in _expected(drills, as_of, until, settings):
        if not any(_same(entry, other) for other in kept):
            kept.append(entry)
    return ordered(kept)


def ordered(entries: list[Entry]) -> Calendar:
    """Entries by day."""
    return tuple(sorted(entries, key=lambda entry: (entry.start, entry.what, entry.ref)))


def rows(entries: Calendar, what: str) -> pl.DataFrame:
    """Windows of one kind as rows `start`, `end`, `main`."""
    chosen = [(entry.start, entry.end, entry.main) for entry in entries if entry.what == what]
    return pl.DataFrame(chosen, schema={"start": pl.Date, "end": pl.Date, "main": pl.Boolean}, orient="row")


def _expected(drills: Windows, as_of: date, until: date, settings: WhatIfSettings) -> list[Entry]:
    """Main exercises once more in every year ahead, the latest held first; what an older edition has on the days of a newer one is left out."""
    found: list[tuple[date, Entry]] = []
    main = drills.rows.filter("main").sort("start", "ref", descending=[True, False])
    for series in main["series"].unique(maintain_order=True):
        held = main.filter(pl.col("series") == series)
        last = held["start"][0]
        if (as_of - last).days > settings.recur_days:
            continue
        for ref, start, end in held.filter(pl.col("start") > last - timedelta(days=settings.edition_days)).select("ref", "start", "end").iter_rows():
            day = _next(start, as_of)
            while day <= until:
                entry = Entry(EXERCISE, ref, day, day + (end - start), True, "expected", series, ref)
                if not any(other.start <= entry.end and entry.start <= other.end and (held_on - start).days > HALF_A_YEAR for held_on, other in found):
                    found.append((start, entry))
                day = _next(start, day)
    return [entry for _, entry in found]


def _next(start: date, after: date) -> date:
    """The same day of the year, the first one after another day; 29 February stands for 1 March."""
    year = after.year
    while True:
        try:
            day = start.replace(year=year)
        except ValueError:
            day = date(year, 3, 1)
        if day > after:
            return day
        year += 1


def _same(expected: Entry, known: Entry) -> bool:
    """Whether a planned edition is the one that was expected: of the same series, within two months."""
    return known.what == EXERCISE and known.series == expected.series and abs((known.start - expected.start).days) <= 60


def _under_way(snapshot: Snapshot, drills: Windows, as_of: date) -> list[Entry]:
    """Exercises that began by the day and end after it, with the end that the record gives."""
    going = drills.rows.filter(pl.col("end") == as_of)
    ends = snapshot.frame("exercise").select(ref="exercise:" + pl.col("id"), last="end_latest")
    later = going.join(ends, on="ref").filter(pl.col("last") > as_of)
    return [
        Entry(EXERCISE, ref, as_of + timedelta(days=1), last, main, "under_way", series)
        for ref, series, main, last in later.select("ref", "series", "main", "last").iter_rows()
    ]


def _planned(snapshot: Snapshot, home: str, as_of: date) -> list[Entry]:
    """Exercises for deterrence that the register has as planned, with days for their start and end."""
    main = list(snapshot.settings.get("main_exercises", []))
    exact = (pl.col("start_earliest") == pl.col("start_latest")) & (pl.col("end_earliest") == pl.col("end_latest"))
    ours = pl.col("participants").list.contains(home) & pl.col("purpose").list.contains("deterrence") & pl.col("status").is_in(OPEN)
    frame = snapshot.frame("exercise").filter(ours & exact.fill_null(False) & (pl.col("start_earliest") > as_of) & pl.col("count_as").is_null())
    return [
        Entry(EXERCISE, f"exercise:{name}", start, end, series in main, "planned", series)
        for name, series, start, end in frame.select("id", "series", "start_earliest", "end_latest").iter_rows()
    ]


def _planned_talks(snapshot: Snapshot, home: str, as_of: date) -> list[Entry]:
    """Meetings with an adversary that the register has as planned, with their day."""
    hostile = adversaries_of(snapshot, home)
    exact = (pl.col("start_earliest") == pl.col("start_latest")) & pl.col("status").is_in(OPEN) & (pl.col("start_earliest") > as_of)
    frame = snapshot.frame("dialogue").filter(exact.fill_null(False) & pl.col("parties").list.eval(pl.element().is_in(hostile)).list.any())
    return [
        Entry(TALKS, f"dialogue:{name}", start, start, level == "head_of_state", "planned")
        for name, start, level in frame.select("id", "start_earliest", "level").iter_rows()
    ]
