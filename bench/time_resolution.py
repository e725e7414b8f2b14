"""Days or moments: does it matter to the record of provocations whether time is taken as days or as a line?

`python -m bench.time_resolution` prints a table: the process of all covered provocations fitted as daily counts and, with each act put at a
random moment of its day, in continuous time; with acts known to the month at its middle, at drawn days, or left out; and how far the
chance of an act within 28 days moves. One fit to the whole record serves all origins, since the models are compared, not scored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy.optimize import minimize

import comity
from comity.models.hawkes import HawkesModel, Pattern, fit_hawkes, simulate
from comity.models.provocations.act_series import ActSeries, SeriesSettings, act_series
from comity.register.snapshot import Snapshot

HORIZON, DRAWS = 28, 200
YEAR = 365.25


@dataclass(frozen=True)
class Fitted:
    """One version of the fit: acts, parameters (μ a day, α, β a day), their standard errors, and the chance at each origin."""

    name: str
    acts: float
    parameters: np.ndarray
    errors: np.ndarray
    chances: np.ndarray

    def line(self, base: Fitted) -> str:
        """A row of the table, with the largest and the mean distance of its chances from another's."""
        mu, alpha, beta = self.parameters
        err = self.errors
        away = np.abs(self.chances - base.chances)
        cells = [
            self.name,
            f"{self.acts:.0f}",
            f"{YEAR * mu:.2f} ({YEAR * err[0]:.2f})",
            f"{alpha:.3f} ({err[1]:.3f})",
            f"{1 / beta:.1f} ({err[2] / beta**2:.1f})",
            f"{self.chances.mean():.3f}",
            f"{away.mean():.4f}",
            f"{away.max():.4f}",
        ]
        return "| " + " | ".join(cells) + " |"


def days_of(snapshot: Snapshot, last: date | None = None, **chosen: Any) -> tuple[ActSeries, np.ndarray]:
    """The daily counts of all covered classes together, up to the last day that every class covers."""
    series = act_series(snapshot, snapshot.home, until=last or snapshot.settings["until"], settings=replace(SeriesSettings(), **chosen))
    whole = series.covered.all(axis=1)
    return series, series.counts[: int(np.flatnonzero(whole)[-1]) + 1].sum(axis=1)


def past(counts: np.ndarray, beta: float) -> np.ndarray:
    """Σ_{s<d} y_s e^{−β(d−s−1)} for each day d."""
    from scipy.signal import lfilter

    return np.asarray(lfilter([0.0, 1.0], [1.0, -np.exp(-beta)], counts))


def rates(parameters: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The expected acts of each day, λ_d = μ + α (1 − e^{−β}) Σ_{s<d} y_s e^{−β(d−s−1)}."""
    mu, alpha, beta = parameters
    return np.asarray(mu + alpha * -np.expm1(-beta) * past(counts, beta))


def daily(counts: np.ndarray, *, yes_or_no: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Autoregression of daily counts by maximum likelihood: parameters, and the covariance of their logarithms.

    Counts are Poisson with the rate of the day; with `yes_or_no` a day has acts with probability 1 − e^{−λ} and their number says nothing.
    """
    days = np.flatnonzero(counts)

    def lost(logs: np.ndarray) -> float:
        rate = rates(np.exp(logs), counts)
        if yes_or_no:
            return float(rate.sum() - rate[days].sum() - np.log(-np.expm1(-rate[days])).sum())
        return float(rate.sum() - (counts[days] * np.log(rate[days])).sum())

    found = minimize(lost, np.log([0.5 * counts.mean(), 0.5, 0.05]), method="L-BFGS-B", bounds=[(-15, 0), (-6, 1), (-7, 3)])
    step = np.eye(3) * 1e-3
    second = np.array([[_mixed(lost, found.x, step[a], step[b]) for b in range(3)] for a in range(3)])
    return np.exp(found.x), np.linalg.inv(second)


def _mixed(lost: Any, at: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    ends = lost(at + one + other) - lost(at + one - other) - lost(at - one + other) + lost(at - one - other)
    return float(ends / (4 * np.abs(one).max() * np.abs(other).max()))


def moments(counts: np.ndarray, rng: np.random.Generator | None) -> Pattern:
    """Each act at a random moment of its day, or all at noon."""
    days = np.repeat(np.arange(len(counts)), counts.astype(int))
    times = days + (0.5 if rng is None else rng.random(len(days)))
    return Pattern(np.sort(times), np.zeros(len(days), dtype=np.int64), 1, end=float(len(counts)))


def continuous(pattern: Pattern) -> tuple[np.ndarray, np.ndarray]:
    """Parameters and standard errors of the process in continuous time."""
    found = fit_hawkes(pattern)
    parts = [(found.model.baseline[0], found.baseline_error[0]), (found.model.alpha[0, 0, 0], found.alpha_error[0, 0, 0])]
    parts.append((found.model.decay[0], found.decay_error[0]))
    return np.array([value for value, _ in parts]), np.array([error for _, error in parts])


def chances(parameters: np.ndarray, times: np.ndarray, origins: np.ndarray) -> np.ndarray:
    """The chance of an act within 28 days of each origin: 1 − exp(−28 μ − α Σ e^{−βu} (1 − e^{−28β})), u the ages of the acts before it.

    For daily counts an act's age is counted from the end of its day, and the same formula holds exactly.
    """
    mu, alpha, beta = parameters
    ages = origins[:, None] - times[None, :]
    left = np.where(ages >= 0, np.exp(-beta * np.maximum(ages, 0.0)), 0.0).sum(axis=1)
    return np.asarray(-np.expm1(-mu * HORIZON + alpha * left * np.expm1(-beta * HORIZON)))


def by_days(name: str, counts: np.ndarray, origins: np.ndarray, *, yes_or_no: bool = False) -> Fitted:
    """The daily fit."""
    parameters, spread = daily(counts, yes_or_no=yes_or_no)
    return Fitted(name, counts.sum(), parameters, parameters * np.sqrt(np.diag(spread)), chances(parameters, _ends(counts), origins))


def doubt(counts: np.ndarray, origins: np.ndarray, draws: int = 500) -> float:
    """The standard deviation of a chance from the doubt about the daily parameters alone, averaged over the origins."""
    parameters, spread = daily(counts)
    drawn = np.exp(np.random.default_rng(1).multivariate_normal(np.log(parameters), spread, draws))
    return float(np.std([chances(one, _ends(counts), origins) for one in drawn], axis=0).mean())


def doubles(counts: np.ndarray) -> float:
    """How many days with two acts or more the daily Poisson fit expects."""
    rate = rates(daily(counts)[0], counts)
    return float((1 - np.exp(-rate) * (1 + rate)).sum())


def _ends(counts: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(len(counts)), counts.astype(int)) + 1.0


def by_moments(name: str, draws: list[np.ndarray], origins: np.ndarray, seed: int = 1) -> tuple[Fitted, np.ndarray]:
    """The mean of continuous fits with fresh moments in each draw; errors with the spread of the draws (Rubin 1987); all chances (draws, origins)."""
    rng = np.random.default_rng(seed)
    found, told = [], []
    for counts in draws:
        pattern = moments(counts, rng)
        parameters, errors = continuous(pattern)
        found.append((parameters, errors))
        told.append(chances(parameters, pattern.times, origins))
    values, errors, every = np.array([one for one, _ in found]), np.array([error for _, error in found]), np.array(told)
    total = np.sqrt((errors**2).mean(axis=0) + values.var(axis=0, ddof=1))
    return Fitted(name, float(np.mean([counts.sum() for counts in draws])), values.mean(axis=0), total, every.mean(axis=0)), every


def versions(snapshot: Snapshot, draws: int = DRAWS) -> Iterator[Fitted]:
    """Every version of the fit, the daily one with midpoints first."""
    series, counts = days_of(snapshot)
    origins = np.array([float(series.index(day)) for day in _firsts()])
    last = series.first + timedelta(days=len(counts) - 1)
    yield by_days("days, month-only acts at the middle", counts, origins)
    left_out = days_of(snapshot, last, coarse="left_out")[1]
    drawn = [days_of(snapshot, last, coarse="drawn", seed=seed)[1] for seed in range(20)]
    fits = [by_days("", one, origins) for one in drawn]
    mean = [np.mean([getattr(one, name) for one in fits], axis=0) for name in ("parameters", "errors", "chances")]
    yield Fitted("days, drawn within the month (20 draws)", counts.sum(), *mean)
    yield by_days("days, left out", left_out, origins)
    yield by_days("days with an act or without, their number ignored", np.minimum(counts, 1), origins, yes_or_no=True)
    spread, every = by_moments(f"moments drawn within the day ({draws} draws)", [counts] * draws, origins)
    yield spread
    yield Fitted(
        "— the draw farthest from their mean", counts.sum(), spread.parameters, spread.errors, every[np.abs(every - every.mean(axis=0)).max(axis=1).argmax()]
    )
    yield by_moments(f"moments, days drawn within the month ({draws} draws)", [drawn[at % 20] for at in range(draws)], origins)[0]
    yield by_moments(f"moments, left out ({draws} draws)", [left_out] * draws, origins)[0]
    noon = moments(counts, None)
    parameters, errors = continuous(noon)
    yield Fitted("all at noon, ties excite nobody", counts.sum(), parameters, errors, chances(parameters, noon.times, origins))


def known_truth(parameters: np.ndarray, days: int, runs: int = 200) -> list[str]:
    """Medians over runs simulated in continuous time: fitted at their moments and as daily counts; then both with only one act kept a day."""
    model = HawkesModel(parameters[:1], parameters[1:2, None], parameters[2:])
    fits: dict[str, list[np.ndarray]] = {"moments": [], "days": [], "moments, one act a day": [], "days, one act a day": []}
    for seed in range(runs):
        pattern = simulate(model, end=float(days), seed=seed)
        counts = np.bincount(pattern.times.astype(int), minlength=days)[:days].astype(float)
        first = np.unique(pattern.times.astype(int), return_index=True)[1]
        thinned = Pattern(pattern.times[first], pattern.marks[first], 1, end=pattern.end)
        for name, found in zip(fits, (continuous(pattern), daily(counts), continuous(thinned), daily(np.minimum(counts, 1))), strict=True):
            fits[name].append(found[0])
    rows = []
    for name, values in fits.items():
        mu, alpha, beta = np.median(values, axis=0)
        low, high = np.quantile(values, [0.1, 0.9], axis=0)
        spread = f"{YEAR * low[0]:.2f}–{YEAR * high[0]:.2f} | {low[1]:.3f}–{high[1]:.3f} | {1 / high[2]:.1f}–{1 / low[2]:.1f}"
        rows.append(f"| {name} | {YEAR * mu:.2f} | {alpha:.3f} | {1 / beta:.1f} | {spread} |")
    for told in ("", ", one act a day"):
        apart = 1 / np.array(fits[f"moments{told}"])[:, 2] - 1 / np.array(fits[f"days{told}"])[:, 2]
        rows.append(
            f"Mean delay by moments less that by days, same run{told}: median {np.median(apart):.1f}, 80 % of runs {np.quantile(apart, 0.1):.1f} to {np.quantile(apart, 0.9):.1f}."
        )
    return rows


def table(snapshot: Snapshot, draws: int = DRAWS, runs: int = 200) -> str:
    """Both tables as text."""
    found = list(versions(snapshot, draws))
    series, counts = days_of(snapshot)
    last = series.first + timedelta(days=len(counts) - 1)
    shared = f"{len(counts):,} days {series.first} to {last}, {counts.sum():.0f} acts on {(counts > 0).sum()} days, {(counts > 1).sum()} days with two or more; classes {', '.join(series.classes)}."
    head = "| version | acts | baseline a year (s.e.) | α (s.e.) | mean delay, days (s.e.) | mean 28-day chance | mean difference | largest |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
    second = "| fitted to | baseline a year | α | mean delay | 80 % of runs: baseline | α | mean delay |\n| --- | --- | --- | --- | --- | --- | --- |"
    mu, alpha, beta = found[4].parameters
    truth = np.array([round(YEAR * mu, 2) / YEAR, round(alpha, 3), 1 / round(1 / beta, 1)])  # as printed, so that the histories can be made again
    origins = np.array([float(series.index(day)) for day in _firsts()])
    shared += f" The daily Poisson fit expects {doubles(counts):.1f} such days. Doubt about its parameters moves a chance by {doubt(counts, origins):.3f} (standard deviation)."
    noon = moments(counts, None)
    lost = fit_hawkes(noon).log_likelihood - fit_hawkes(noon, decay=float(found[0].parameters[2])).log_likelihood
    shared += f" In continuous time (all at noon) the decay of the daily fit costs {lost:.2f} of log-likelihood."
    told = f"Truth of the simulation ({runs} runs): {YEAR * truth[0]:.2f} | {truth[1]:.3f} | {1 / truth[2]:.1f}."
    return "\n".join([shared, "", head, *(one.line(found[0]) for one in found), "", told, "", second, *known_truth(truth, len(counts), runs)])


def _firsts() -> list[date]:
    return [date(2005 + at // 12, at % 12 + 1, 1) for at in range(235)]


if __name__ == "__main__":
    print(table(comity.load("kor").snapshot()))
