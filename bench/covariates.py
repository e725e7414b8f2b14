"""Would exercises and talks as covariates improve the forecasts? The 28-day track record of any class with and without them.

    python -m bench.covariates

One series (any covered class of the shipped register, days with an act), the pool's members, everything before the origin known. Covariates: a main exercise
under way, its 28 days before and after, talks and summits in the last 60 days; in the days ahead they are taken as they came, which nobody could have known: a
covariate that gains nothing even so would gain nothing. Also on the span on which talks are covered alone.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import numpy as np

from comity.measures.pressure_acts import spans_of
from comity.models.forecast import ForecastSettings
from comity.models.one_thread import on_one_thread
from comity.models.provocations.act_series import Floats, act_series
from comity.models.provocations.calendar_design import harmonics, lately
from comity.models.provocations.class_words import ANY
from comity.models.provocations.pool import specifications
from comity.models.provocations.rolling import origins, targets
from comity.models.provocations.scores import block_draws, brier, mean_interval
from comity.models.provocations.self_exciting import echoes, fit_class
from comity.models.provocations.windows import exercise_windows, talk_days
from comity.register.register import load

HORIZON, AROUND, TALKS = 28, 28, 60


def covariates(snapshot: Any, home: str, first: date, until: date) -> Floats:
    """Main exercise under way, eve, aftermath, talks lately, summit lately: (days, 5)."""
    days = (until - first).days + 1
    exercises, talks = exercise_windows(snapshot, home, until=until), talk_days(snapshot, home, until=until)
    during = exercises.during(first, days, main=True)
    after = lately(during, AROUND) * (1 - during)
    eve = lately(during[::-1], AROUND)[::-1] * (1 - during)
    met, summit = talks.during(first, days), talks.during(first, days, main=True)
    return np.column_stack([during, eve, after, lately(met, TALKS), lately(summit, TALKS)])


@on_one_thread
def record() -> dict[str, Any]:
    """Brier scores without and with covariates, their difference with its interval, on all origins and on those with talks covered."""
    snapshot = load("kor").snapshot()
    home, until, settings = snapshot.home, snapshot.settings["until"], ForecastSettings()
    series = act_series(snapshot, home, until=until)
    counts, covered = next((counts, covered) for name, counts, covered in targets(series) if name == ANY)
    happened = np.minimum(counts, 1.0)
    days = [day for day in origins(series, settings) if covered[series.index(day) : series.index(day) + HORIZON].all()]
    extra = covariates(snapshot, home, series.first, until)
    chances = {name: np.array(_pooled(series.first, happened, covered, days, more)) for name, more in (("without", extra[:, :0]), ("with", extra))}
    outcomes = np.array([float(counts[series.index(day) : series.index(day) + HORIZON].sum() > 0) for day in days])
    talks = spans_of(snapshot, until, settings.series.covered)["talks"]
    inside = np.array([any(start <= day and day + timedelta(days=HORIZON) <= end for start, end in talks) for day in days])
    return {"every origin": _told(chances, outcomes, np.ones(len(days), dtype=bool)), "talks covered": _told(chances, outcomes, inside)}


def _pooled(first: date, happened: Floats, covered: Any, days: list[date], more: Floats) -> list[float]:
    season = harmonics(first, len(happened) + HORIZON, 2)
    members, fits = specifications(ForecastSettings()), {}
    found = []
    for day in days:
        at = (day - first).days
        total = 0.0
        for number, one in enumerate(members):
            design = np.column_stack([season[: len(happened), : 2 * one.harmonics], more])
            echo = echoes(happened[:at, None], one.half_life)[:, 0]
            if number not in fits or day.month == 1:
                age = np.arange(at, 0, -1) - 1.0
                weights = (np.ones(at) if one.memory is None else np.exp2(-age / one.memory)) * covered[:at]
                fits[number] = fit_class(happened[:at], echo[:-1], np.zeros(at), design[:at], weights, ridge=one.ridge)
            fit = fits[number]
            faded = echo[-1] * 2.0 ** (-np.arange(HORIZON) / one.half_life)
            rate = np.exp(design[at : at + HORIZON] @ fit.beta) * (fit.mu + fit.alpha * faded)
            total += 1.0 - float(np.exp(-rate.sum()))
        found.append(total / len(members))
    return found


def _told(chances: dict[str, Floats], outcomes: Floats, inside: Any) -> dict[str, Any]:
    scores = {name: brier(values[inside], outcomes[inside]) for name, values in chances.items()}
    gain = scores["without"] - scores["with"]
    low, high = mean_interval(gain, block_draws(len(gain), block=12, draws=2000, seed=1))
    return {
        "origins": int(inside.sum()),
        **{name: float(values.mean()) for name, values in scores.items()},
        "gain": float(gain.mean()),
        "low": low,
        "high": high,
    }


if __name__ == "__main__":
    print(json.dumps(record(), indent=1))
