"""Does the model of provocations fit: are the waiting times as it says, and does any single year carry the answer?

Time rescaling: under the model the summed intensity between one act and the next is exponential with mean one (Papangelou 1972, Trans. AMS;
Brown et al. 2002, Neural Computation). Acts of a day fall anywhere within it, since the model's intensity is constant over a day, so each is
placed at a drawn time of its day; the median over many drawings is given. Influence: how far the parameters move, in standard errors, when a
year is left out, by one Newton step (Cook & Weisberg 1982). A good fit is no proof of the mechanism.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from comity.measures.result import Result, result
from comity.models.one_thread import on_one_thread
from comity.models.provocations.act_series import ActSeries, Floats, act_series
from comity.models.provocations.bootstrap import bootstrap
from comity.models.provocations.calendar_design import harmonics
from comity.models.provocations.forecast_settings import ForecastSettings
from comity.models.provocations.pool import fit_pool, known_counts
from comity.models.provocations.self_exciting import ClassFit, Specification, echoes, intensity, scores_by_day
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text

DRAWINGS = 200
RECORDS = 60  # simulated ones: an error is known to a tenth of itself
SHOWN = (30.0, 2)  # the member whose influence and bootstrap are told: a month's echo, with season, all days alike


@on_one_thread
def diagnostics(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: ForecastSettings | None = None) -> Result:
    """Residuals of every member and class of the pool fitted up to `as_of`, and the influence of each year.

    Rows: `half_life`, `harmonics`, `memory`, `class`, `acts`, `expected` (summed intensity), `ks` (largest distance of rescaled waits from the
    exponential), `p` (of that distance, median over drawings), `dispersion` (variance of waits; 1 under the model), `branching` (acts
    of its class that one act of it brings about), `records`. Tables, of the member shown: `influence`: `year`, `class`, `acts`, `moved` (largest change of a parameter, standard errors);
    `bootstrap`: errors by information and by simulated records.
    """
    chosen, country = settings or ForecastSettings(), home or snapshot.home
    series = act_series(snapshot, country, until=as_of, settings=chosen.series)
    origin = series.index(as_of) + 1
    known = known_counts(series, origin, chosen.lag_days)
    rows, influence, again = [], [], None
    for one, fits in fit_pool(series, origin, chosen):
        shown = (one.half_life, one.harmonics) == SHOWN and one.memory is None
        if shown:
            again = bootstrap(series, (one, fits), known, draws=RECORDS, seed=chosen.seed)
        for at, fit in enumerate(fits):
            parts = _parts(series, known, one, at)
            rows.append(_row(series, one, at, fit, parts, chosen.seed))
            if shown:
                influence += _influence(series, at, fit, parts)
    tables = {"influence": pl.DataFrame(influence, schema=_INFLUENCE, orient="row")} | ({} if again is None else {"bootstrap": again})
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort("class", "half_life", "harmonics", "memory")
    return result("diagnostics", snapshot, frame, as_of=as_of, home=country, settings=chosen, notes=(_NOTE, *series.left_out), tables=tables)


Parts = tuple[Floats, Floats, Floats, Floats, Any]


def _parts(series: ActSeries, known: Floats, one: Specification, at: int) -> Parts:
    """Counts, echoes, design and cover of one class on the days known."""
    filled = np.nan_to_num(known)
    echo = echoes(filled, one.half_life)[:-1]
    return filled[:, at], echo[:, at], echo.sum(axis=1) - echo[:, at], harmonics(series.first, len(known), one.harmonics), ~np.isnan(known[:, at])


def _row(series: ActSeries, one: Specification, at: int, fit: ClassFit, parts: Parts, seed: int) -> dict[str, Any]:
    counts, own, others, design, covered = parts
    rate = intensity(fit.theta, own, others, design)[covered]
    name = series.classes[at]
    distance, p, dispersion = time_rescaling(counts[covered], rate, seed=seed)
    head = {"half_life": one.half_life, "harmonics": one.harmonics, "memory": one.memory, "class": name, "acts": int(fit.acts)}
    return head | {"expected": float(rate.sum()), "ks": distance, "p": p, "dispersion": dispersion, "branching": fit.alpha, "records": series.records(name)}


def time_rescaling(counts: Floats, rate: Floats, *, seed: int, drawings: int = DRAWINGS) -> tuple[float | None, float | None, float | None]:
    """Kolmogorov-Smirnov distance of rescaled waits, its p value and the waits' variance, each the median over drawings; None under five acts.

    `counts`, `rate` (days,): acts and intensity. Waits z = Λ(t_i) − Λ(t_{i−1}), with Λ summed over days and linear within a day.
    """
    from scipy.stats import kstwo

    before = np.concatenate([[0.0], np.cumsum(rate)])
    days = np.repeat(np.arange(len(counts)), counts.astype(np.int64))
    if len(days) < 5:
        return None, None, None
    drawn = np.random.default_rng(seed).random((drawings, len(days)))
    waits = np.diff(np.sort(before[days] + drawn * rate[days], axis=1), axis=1)
    uniform = np.sort(-np.expm1(-waits), axis=1)
    n = uniform.shape[1]
    steps = np.arange(1, n + 1) / n
    distance = np.maximum((steps - uniform).max(axis=1), (uniform - (steps - 1.0 / n)).max(axis=1))
    return float(np.median(distance)), float(np.median(kstwo.sf(distance, n))), float(np.median(waits.var(axis=1)))


def _influence(series: ActSeries, at: int, fit: ClassFit, parts: Parts) -> list[dict[str, Any]]:
    """For each year, how far leaving it out would move the parameters: Δθ ≈ −covariance · Σ of the year's scores."""
    counts, own, others, design, covered = parts
    slopes = scores_by_day(fit.theta, counts, own, others, design) * covered[:, None]
    years = np.array([(series.first + timedelta(days=day)).year for day in range(len(counts))])
    errors = np.sqrt(np.clip(np.diag(fit.covariance), 1e-12, None))
    rows = []
    for year in np.unique(years):
        moved = -fit.covariance @ slopes[years == year].sum(axis=0)
        head = {"year": int(year), "class": series.classes[at], "acts": int(counts[(years == year) & covered].sum())}
        rows.append(head | {"moved": float(np.abs(moved / errors).max())})
    return rows


_SCHEMA: dict[str, Any] = {
    "half_life": pl.Float64, "harmonics": pl.Int64, "memory": pl.Float64, "class": pl.String, "acts": pl.Int64, "expected": pl.Float64,
    "ks": pl.Float64, "p": pl.Float64, "dispersion": pl.Float64, "branching": pl.Float64, "records": pl.List(pl.String),
}  # fmt: skip
_INFLUENCE: dict[str, Any] = {"year": pl.Int64, "class": pl.String, "acts": pl.Int64, "moved": pl.Float64}
_NOTE = Text(
    "A small p says that waits between acts are not as the member says. The forecasts pool all members, those that fit less well too.",
    "p가 작으면 행위 사이의 간격이 해당 모형과 맞지 않는다는 뜻이다. 예측은 적합도가 낮은 모형까지 모두 결합한다.",
)
