"""What would a changed calendar of exercises and talks go together with: how many acts, how likely one, in which months, and how sure is that?

The pooled self-exciting model with exercises and talks as covariates, fitted to the register's covered series up to the day, is run forward with
and without the change from the same random numbers. Every difference carries its simulation error, its interval over members and parameters, and
warnings where the scenario lies outside what the data saw. It carries an association forward; it is no estimate of what an exercise causes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.measures.result import Result, result
from comity.models.one_thread import on_one_thread
from comity.models.provocations.act_series import Floats
from comity.models.provocations.pool import known_counts, unseen_days
from comity.models.provocations.self_exciting import echoes
from comity.models.scenarios import verdict_words as say
from comity.models.scenarios.applying import changed
from comity.models.scenarios.calendar import Calendar, baseline
from comity.models.scenarios.covariates import design, marks
from comity.models.scenarios.data_range import Seen, Warned, table, warnings
from comity.models.scenarios.draws import first_of_each
from comity.models.scenarios.expected import Expected, expected, expected_echo
from comity.models.scenarios.fit import Fitted, coefficients, fitted
from comity.models.scenarios.runs import Job, Pair, jobs, run_all
from comity.models.scenarios.scenario import Scenario
from comity.models.scenarios.settings import WhatIfSettings
from comity.models.scenarios.tables import SCHEMA, calendar_table, measure_rows, members_table, months_table, notes
from comity.register.snapshot import Snapshot
from comity.vocab.errors import ScenarioFaults, UnknownActor


@dataclass(frozen=True)
class Run:
    """Everything that the tables are made of: the fit, both calendars, the runs and what each set of parameters expects."""

    fitted: Fitted
    scenario: Scenario
    settings: WhatIfSettings
    first: date
    calendars: tuple[Calendar, Calendar]
    seen: Seen
    pair: Pair
    without: Expected
    with_: Expected
    sets: int
    warned: list[Warned]


@on_one_thread
def what_if(
    snapshot: Snapshot,
    scenario: Scenario,
    home: str | None = None,
    *,
    as_of: date,
    settings: WhatIfSettings | None = None,
    processes: int = 1,
    ray_address: str | None = None,
) -> Result:
    """Run a scenario from the day after `as_of` and compare it with the calendar as it is to be expected.

    Rows: `class` (a covered class or `any`), `measure` (`acts`, or `chance_<days>`: at least one within so many days), `days`, `without`, `with`,
    `difference`, `mc_error` (its standard error from simulation, paired), `median`, `low`, `high` (50, 5 and 95 % of the difference over members and parameters),
    `share_lower`, `share_higher` (of the sets of parameters), `verdict` (`fewer`, `more`, `unknown`, `unchanged`), `records`. Tables: `months`,
    `calendar` (both calendars), `range` (warnings), `members` (the difference by member), `coefficients`. Faults of the scenario, those of its file
    included, raise `ScenarioFaults` together. `processes` and `ray_address` change where it is computed, not what. Common random numbers: Glasserman
    2003, ch. 4.2.
    """
    chosen, country = settings or WhatIfSettings(), home or snapshot.home
    if country not in snapshot.actor_names:
        raise UnknownActor(say.NO_ACTOR.format(actor=repr(country)))
    found = fitted(snapshot, country, as_of, chosen)
    if found is None:
        _raise(scenario, ())
        return result("what_if", snapshot, pl.DataFrame(schema=SCHEMA), as_of=as_of, home=country, settings=chosen, notes=(say.TOO_FEW,))
    until = as_of + timedelta(days=scenario.horizon_days)
    before = baseline(snapshot, country, as_of, found.past.drills, until, chosen)
    after, faults = changed(before, scenario, as_of)
    _raise(scenario, tuple(faults))
    run = _run(found, scenario, (before, after), chosen, processes, ray_address)
    tables = {
        "months": months_table(run),
        "calendar": calendar_table(run),
        "range": table(run.warned),
        "members": members_table(run),
        "coefficients": coefficients(found, chosen),
    }
    told = {"scenario": {"title": [scenario.title.en, scenario.title.ko], "digest": scenario.digest, "horizon_days": scenario.horizon_days}}
    rows = measure_rows(run)
    answer = result("what_if", snapshot, rows, as_of=as_of, home=country, settings=chosen, notes=(*notes(run, rows), *found.series.left_out), tables=tables)
    return replace(answer, settings=answer.settings | told)


def _raise(scenario: Scenario, more: tuple[object, ...]) -> None:
    faults = [*scenario.faults, *more]
    if faults:
        raise ScenarioFaults(faults, scenario.file)  # type: ignore[arg-type]  # all are faults


def _run(found: Fitted, scenario: Scenario, calendars: tuple[Calendar, Calendar], settings: WhatIfSettings, processes: int, ray_address: str | None) -> Run:
    origin, horizon, pairs = found.past.origin, scenario.horizon_days, max(settings.pool.harmonics)
    marked = [marks(found.past, entries, horizon, settings) for entries in calendars]
    without, with_ = (design(one, found.past, pairs) for one in marked)
    sets = first_of_each(found.sets, len(found.pool), max(1, settings.runs // (2 * len(found.pool))))
    count = len(sets.half_life)
    each = max(2, round(settings.runs / count))
    gap, echo, begin = _before(found, settings, sets.half_life)
    job = Job(
        sets, echo, gap, without[begin:origin], without[origin:], with_[origin:], _month_of(found.past.last_day, horizon), (settings.seed, origin, 1), 0,
        each * count,
    )  # fmt: skip
    start = expected_echo(sets, echo, gap, job.before)
    seen = Seen(found.marks, marked[0][origin:], marked[1][origin:])
    return Run(
        found, scenario, settings, found.past.last_day + timedelta(days=1), calendars, seen,
        run_all(jobs(job, settings.block), processes=processes, ray_address=ray_address),
        expected(sets, start, job.without), expected(sets, start, job.with_), count, warnings(found, seen, settings),
    )  # fmt: skip


def _before(found: Fitted, settings: WhatIfSettings, half_lives: Floats) -> tuple[Floats, Floats, int]:
    """Counts of the days from the first unknown one to the origin (NaN where unknown), the echo of each set before them, and their first row."""
    known = known_counts(found.series, found.past.origin, settings.pool.lag_days)
    begin = found.past.origin - int(unseen_days(known).max())
    filled = np.nan_to_num(known[:begin])
    echo = {half_life: echoes(filled, half_life)[-1] for half_life in set(half_lives.tolist())}
    return known[begin:], np.stack([echo[half_life] for half_life in half_lives.tolist()]), begin


def _month_of(last: date, horizon: int) -> npt.NDArray[np.int64]:
    """Months since 1970 of each day after `last`."""
    days = np.datetime64(last) + 1 + np.arange(horizon)
    return np.asarray(days.astype("datetime64[M]").astype(np.int64))
