"""Does a scenario lie outside what the data ever saw? Warnings by rule, each with its number and the bound that it passes.

A model multiplies whatever it is given. Where the past holds no year with so many exercise days, no such month, no such stretch, hardly an act on
the days in question, or no record of talks, the answer extends a formula and not a record; the reader must be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from comity.models.provocations.act_series import Floats
from comity.models.provocations.class_words import class_words
from comity.models.provocations.pool import known_counts, unseen_days
from comity.models.scenarios import verdict_words as say
from comity.models.scenarios.covariates import AT, TALKING, Past
from comity.models.scenarios.fit import Fitted
from comity.models.scenarios.settings import COVARIATES, WhatIfSettings
from comity.vocab.text import Text

YEAR = 365
SCHEMA: dict[str, Any] = {
    "rule": pl.String, "covariate": pl.String, "class": pl.String, "value": pl.Float64, "bound": pl.Float64, "text_en": pl.String, "text_ko": pl.String,
    "records": pl.List(pl.String),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning: the rule, the number, the bound that it passes, and what is said."""

    rule: str
    text: Text
    value: float
    bound: float
    covariate: str | None = None
    of_class: str | None = None
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """The covariates of the past (origin, 7) and of the days ahead without and with the change (horizon, 7)."""

    past: Floats
    without: Floats
    with_: Floats

    @property
    def touched(self) -> list[str]:
        """The covariates that the change touches."""
        return [name for name in COVARIATES if (self.without[:, AT[name]] != self.with_[:, AT[name]]).any()]


def warnings(found: Fitted, seen: Seen, settings: WhatIfSettings) -> list[Warned]:
    """Everything that a reader must be warned of, the scenario's own first."""
    if not seen.touched:
        return list(_classes(found, settings))
    own = [_year(found.past, seen), _stretch(found.past, seen), _month(found.past, seen, settings), _together(seen, settings)]
    told = [_talks_since(found.past, seen), _thin(found, seen, settings), _horizon(seen, settings), _classes(found, settings)]
    return [one for group in (*own, *told) for one in group]


def table(told: list[Warned]) -> pl.DataFrame:
    """Warnings as rows."""
    rows = [(one.rule, one.covariate, one.of_class, one.value, one.bound, one.text.en, one.text.ko, list(one.records)) for one in told]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _year(past: Past, seen: Seen) -> Iterator[Warned]:
    """More, or fewer, days in a year than in any year of the record."""
    if len(seen.with_) < YEAR:
        return
    for name in seen.touched:
        lived = _sums(_history(past, seen, name))
        if not len(lived):
            continue
        ahead = _sums(seen.with_[:, AT[name]])
        most, least = float(ahead.max()), float(ahead.min())
        if most > lived.max():
            yield Warned("days_a_year", say.MORE_DAYS.format(what=say.COVARIATES[name], n=int(most), most=int(lived.max())), most, float(lived.max()), name)
        if name == "main" and least < lived.min():
            yield Warned("days_a_year", say.FEWER_DAYS.format(what=say.COVARIATES[name], n=int(least), least=int(lived.min())), least, float(lived.min()), name)


def _stretch(past: Past, seen: Seen) -> Iterator[Warned]:
    """A longer stretch of days on end than any of the record."""
    for name in seen.touched:
        if name == "aftermath":
            continue
        value, bound = longest(seen.with_[:, AT[name]]), longest(_history(past, seen, name))
        if value > bound:
            yield Warned("stretch", say.LONGER.format(what=say.COVARIATES[name], n=value, most=bound), float(value), float(bound), name)


def _month(past: Past, seen: Seen, settings: WhatIfSettings) -> Iterator[Warned]:
    """Exercises in a month that hardly ever saw them."""
    lived, ahead = _months(past.first, len(seen.past)), _months(past.first + timedelta(days=past.origin), len(seen.with_))
    for name in ("main", "other"):
        if name not in seen.touched:
            continue
        new = (seen.with_[:, AT[name]] > 0) & (seen.without[:, AT[name]] == 0)
        for month in sorted(set(ahead[new].tolist())):
            days = int(seen.past[lived == month, AT[name]].sum())
            if days < settings.least_days:
                text = say.NEW_MONTH.format(what=say.COVARIATES[name], month=say.MONTHS[month - 1], n=days)
                yield Warned("month", text, float(days), float(settings.least_days), name)


def _together(seen: Seen, settings: WhatIfSettings) -> Iterator[Warned]:
    """Main exercises within a time of talks, which the model simply multiplies."""

    def both(columns: Floats) -> Floats:
        return np.asarray(columns[:, AT["main"]] * columns[:, AT["talks"]])

    new, lived = int((both(seen.with_) * (1 - both(seen.without))).sum()), int(both(seen.past).sum())
    if new and lived < settings.least_days:
        yield Warned("together", say.TOGETHER.format(n=new, lived=lived), float(lived), float(settings.least_days), "main")


def _talks_since(past: Past, seen: Seen) -> Iterator[Warned]:
    """Talks changed in years from which talks are not well recorded."""
    named = [name for name in TALKING if name in seen.touched]
    if not named:
        return
    known = np.flatnonzero(past.talks_known)
    if not len(known):
        yield Warned("talks_since", say.TALKS_NEVER, 0.0, 0.0, named[0])
    elif not past.talks_known[-1]:
        text = say.TALKS_SINCE.format(first=past.day(known[0]).year, last=past.day(known[-1]).year)
        yield Warned("talks_since", text, float(past.origin - 1 - known[-1]), 0.0, named[0])


def _thin(found: Fitted, seen: Seen, settings: WhatIfSettings) -> Iterator[Warned]:
    """Covariates on whose days hardly an act of a class is on the record."""
    known = known_counts(found.series, found.past.origin, settings.pool.lag_days)
    for name in seen.touched:
        inside = (found.marks[:, AT[name]] > 0) & found.past.exercises_known
        acts = {one: int(np.nansum(known[inside, at])) for at, one in enumerate(found.series.classes)}
        for one, count in acts.items():
            if count < settings.least_inside:
                text = say.THIN.format(what=say.COVARIATES[name], name=class_words(one), n=count)
                yield Warned("thin", text, float(count), float(settings.least_inside), name, one)


def _horizon(seen: Seen, settings: WhatIfSettings) -> Iterator[Warned]:
    if (days := len(seen.with_)) > settings.longest_horizon:
        yield Warned("horizon", say.FAR.format(n=days, most=settings.longest_horizon), float(days), float(settings.longest_horizon))


def _classes(found: Fitted, settings: WhatIfSettings) -> Iterator[Warned]:
    """Classes of few acts, and classes of which the last months are not known."""
    known = known_counts(found.series, found.past.origin, settings.pool.lag_days)
    unseen = unseen_days(known)
    for at, name in enumerate(found.series.classes):
        acts = int(np.nansum(known[:, at]))
        if acts < settings.least_acts:
            text = say.FEW_ACTS.format(name=class_words(name), n=acts)
            yield Warned("few_acts", text, float(acts), float(settings.least_acts), None, name, tuple(found.series.records(name)))
        if unseen[at] > max(settings.pool.lag_days, min(settings.horizons)):
            day = found.past.last_day - timedelta(days=int(unseen[at]))
            yield Warned("unseen", say.UNSEEN.format(name=class_words(name), day=day), float(unseen[at]), float(min(settings.horizons)), None, name)


def _history(past: Past, seen: Seen, name: str) -> Floats:
    """A covariate over the days on which it is known: talks on covered days only."""
    column = seen.past[:, AT[name]]
    return np.asarray(column[past.talks_known] if name in TALKING else column)


def _sums(column: Floats) -> Floats:
    """Days in each whole year (365 days) of a daily indicator."""
    total = np.concatenate([[0.0], np.cumsum(column)])
    return np.asarray(total[YEAR:] - total[:-YEAR])


def longest(column: Floats) -> int:
    """The longest run of days on end.

    >>> longest(np.array([1.0, 1.0, 0.0, 1.0]))
    2
    """
    ended = np.flatnonzero(np.concatenate([[1.0], 1.0 - np.minimum(column, 1.0), [1.0]]))
    return int(np.diff(ended).max() - 1)


def _months(first: date, days: int) -> Floats:
    at = np.datetime64(first) + np.arange(days)
    return np.asarray(at.astype("datetime64[M]").astype(np.int64) % 12 + 1)
