"""How far do the parameters of a fit scatter when the whole record is drawn again from it?

The parametric bootstrap beside the observed information: series are simulated from the fitted member over the same days and cover, each is fitted anew, and the
scatter of the estimates is set beside the stated errors (Efron & Tibshirani 1993, ch. 6). Where the two differ, the intervals from the information are not to be
trusted; the bias is what the fit itself would do to the truth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from comity.models.provocations.act_series import ActSeries, Floats
from comity.models.provocations.calendar_design import harmonics
from comity.models.provocations.self_exciting import ClassFit, Specification, echoes, fit_class
from comity.models.provocations.simulation import parameters, simulate

SCHEMA: dict[str, Any] = {
    "class": pl.String, "parameter": pl.String, "estimate": pl.Float64, "error": pl.Float64, "bootstrap_error": pl.Float64, "bootstrap_bias": pl.Float64, "draws": pl.Int64,
}  # fmt: skip


def bootstrap(series: ActSeries, member: tuple[Specification, list[ClassFit]], known: Floats, *, draws: int, seed: int) -> pl.DataFrame:
    """Errors of each parameter (logs of μ, α, γ; β as it is) by information and by `draws` simulated records of the days of `known` (NaN where unknown).

    Rows: `class`, `parameter`, `estimate`, `error` (information), `bootstrap_error` (standard deviation of the refitted), `bootstrap_bias` (their mean less the estimate).
    """
    one, fits = member
    days, classes = known.shape
    design = harmonics(series.first, days, one.harmonics)
    quiet = np.where(np.isnan(known), 0.0, np.nan)  # days not covered stay empty, as in the fit
    uniforms = np.random.default_rng(seed).random((days, draws, classes))
    counts, _ = simulate(parameters([member]), np.zeros(draws, dtype=np.int64), np.zeros(classes), design, uniforms, quiet)
    age = np.arange(days, 0, -1) - 1.0
    fading = np.ones(days) if one.memory is None else np.exp2(-age / one.memory)
    rows: list[dict[str, Any]] = []
    again = [[_refit(run.astype(np.float64), at, one, design, fading * ~np.isnan(known[:, at]), fits[at]) for run in counts] for at in range(classes)]
    for at, fit in enumerate(fits):
        found, errors = np.array(again[at]), np.sqrt(np.clip(np.diag(fit.covariance), 0.0, None))
        names = ["log_mu", "log_alpha", "log_gamma", *(f"beta_{number + 1}" for number in range(len(fit.beta)))]
        for column, name in enumerate(names):
            estimate = float(fit.theta[column])
            told = {
                "error": float(errors[column]),
                "bootstrap_error": float(found[:, column].std(ddof=1)),
                "bootstrap_bias": float(found[:, column].mean() - estimate),
            }
            rows.append({"class": series.classes[at], "parameter": name, "estimate": estimate, "draws": draws} | told)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _refit(counts: Floats, at: int, one: Specification, design: Floats, weights: Floats, fit: ClassFit) -> Floats:
    echo = echoes(counts, one.half_life)[:-1]
    return fit_class(counts[:, at], echo[:, at], echo.sum(axis=1) - echo[:, at], design, weights, ridge=one.ridge, start=fit.theta).theta
