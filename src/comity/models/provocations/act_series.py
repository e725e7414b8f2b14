"""Which provocations happened on which day: the daily counts by class that the model of provocations is fitted to.

Read from the acts of `measures.pressure_acts` (an adversary's acts of the provoking classes, each happening once) and from the register's
statements of coverage. Only classes and days that the register says it covers enter; the rest is unknown, not zero. One record is one act,
however many missiles it names. The data's resolution is the day: what is known to the month only enters at its middle, at a drawn day of
its span, or not at all, as the settings say, and the answer must not hang on which.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.measures.pressure_acts import acts_of, spans_of
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Coarse = Literal["midpoint", "drawn", "left_out"]
SameDay = Literal["acts", "days"]


@dataclass(frozen=True, slots=True)
class SeriesSettings:
    """How acts become daily counts, with the reason for each choice."""

    classes: tuple[str, ...] = ("nuclear", "long_range", "short_range", "conventional_clash", "grey_zone")
    """Acts, not words; a class without cover is left out and named in `left_out`."""
    covered: tuple[str, ...] = ("complete", "nearly_complete")
    """Completeness at which a class is modelled: in a partial record a rise may be better recording."""
    first: date = date(1990, 1, 1)
    """The two decades before are another war and another arsenal; the series still holds two thirds of all acts."""
    coarse: Coarse = "midpoint"
    """Acts known to the month: at its middle, at a drawn day, or left out. Coarser ones never enter."""
    same_day: SameDay = "acts"
    """Count every act of a day, or only whether there was one."""
    seed: int = 7
    """Of the drawn days."""


@dataclass(frozen=True)
class ActSeries:
    """Daily counts of acts by class. `counts` and `covered` are (days, classes); day 0 is `first`."""

    first: date
    classes: tuple[str, ...]
    counts: Floats
    covered: Flags
    acts: pl.DataFrame
    left_out: tuple[Text, ...] = field(default=())

    @property
    def last(self) -> date:
        """The last day of the grid."""
        return self.first + timedelta(days=len(self.counts) - 1)

    def index(self, day: date) -> int:
        """Row of a day; may lie outside the grid."""
        return (day - self.first).days

    def records(self, *classes: str) -> list[str]:
        """Refs of the counted acts of some classes, or of all, oldest first."""
        chosen = self.acts.filter(pl.col("what").is_in(list(classes or self.classes)) & pl.col("counted"))
        return chosen["ref"].to_list()


def act_series(snapshot: Snapshot, home: str, *, until: date, settings: SeriesSettings | None = None) -> ActSeries:
    """Daily counts of the adversaries' provocations by covered class, from `settings.first` to `until`.

    A class of which no day is covered is left out, with the reason in `left_out`. Acts outside their class's cover stay in `acts` with
    `counted` false. Days of `covered` are those that the register vouches for; beyond them `counts` is 0 and means nothing.
    """
    chosen = settings or SeriesSettings()
    spans = spans_of(snapshot, until, chosen.covered)
    classes = tuple(name for name in chosen.classes if any(last >= chosen.first for _, last in spans.get(name, [])))
    days = (until - chosen.first).days + 1
    counts, covered = np.zeros((days, len(classes))), np.zeros((days, len(classes)), dtype=bool)
    for at, name in enumerate(classes):
        for start, end in spans[name]:
            covered[max(0, (start - chosen.first).days) : max(0, (min(end, until) - chosen.first).days + 1), at] = True
    acts = _placed(snapshot, home, until, classes, chosen)
    rows = acts["row"].to_numpy()
    columns = np.array([classes.index(name) for name in acts["what"]], dtype=np.int64)
    inside = (rows >= 0) & (rows < days)
    inside[inside] = covered[rows[inside], columns[inside]]
    np.add.at(counts, (rows[inside], columns[inside]), 1.0)
    if chosen.same_day == "days":
        counts = np.minimum(counts, 1.0)
    missing = [name for name in chosen.classes if name not in classes]
    return ActSeries(chosen.first, classes, counts, covered, acts.with_columns(counted=pl.Series(inside)), _left_out(acts, missing))


def _placed(snapshot: Snapshot, home: str, until: date, classes: tuple[str, ...], settings: SeriesSettings) -> pl.DataFrame:
    """Acts of the classes with the day at which each is placed; coarser than a month never."""
    found = acts_of(snapshot, home, until, classes, ()).filter((pl.col("role") == "provocation") & pl.col("monthly"))
    if settings.coarse == "left_out":
        found = found.filter(pl.col("exact"))
    bounds = snapshot.frame("event").select(ref="event:" + pl.col("id"), start_earliest="start_earliest", start_latest="start_latest")
    placed = found.join(bounds, on="ref", how="left", maintain_order="left")
    if settings.coarse == "drawn":
        width = (placed["start_latest"] - placed["start_earliest"]).dt.total_days().to_numpy()
        drawn = np.random.default_rng(settings.seed).random(placed.height) * (width + 1)
        placed = placed.with_columns(day=pl.col("start_earliest") + pl.duration(days=pl.lit(pl.Series(np.floor(drawn).astype(np.int64))))).sort("day", "ref")
    return placed.with_columns(row=(pl.col("day") - settings.first).dt.total_days())


def _left_out(acts: pl.DataFrame, missing: list[str]) -> tuple[Text, ...]:
    from comity.models.provocations.class_words import class_words

    notes = [_UNCOVERED.format(name=class_words(name)) for name in missing]
    coarse = acts.filter(~pl.col("exact")).height
    return (*notes, *([_COARSE.format(n=coarse)] if coarse else []))


_UNCOVERED = Text(
    "Left out of the model, since the register does not claim to hold all such acts: {name}.", "전수 수록 대상이 아니어서 모형에서 제외한 부류: {name}."
)
_COARSE = Text("{n} acts are known to the month only and stand at its middle.", "월까지만 알려진 행위 {n}건은 그달의 중간일에 둔다.")
