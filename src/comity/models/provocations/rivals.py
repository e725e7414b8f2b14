"""The naive and simple forecasts that a model must beat: the long-run rate, the last year's, the last five years', the season, and regressions.

Each gives the distribution of the number of acts in the next `horizon` days from daily counts known at the origin. They know nothing of
self-excitation. Names: `climatology`, `last_year`, `last_five_years`, `seasonal`, `glm` (Poisson regression on season and on acts of the last
28, 90 and 365 days), `logistic` (the same for 'at least one', fitted to every past window).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

import numpy as np

from comity.models.provocations.act_series import Flags, Floats
from comity.models.provocations.calendar_design import harmonics

MOST_ACTS = 60  # distributions of counts end here; the largest count of any quarter on the record is 29
LEAST_DAYS = 365


@dataclass(frozen=True)
class Past:
    """What a rival may know: daily counts (days,) before the origin, which days are known, and the day of row 0."""

    first: date
    counts: Floats
    known: Flags

    @property
    def origin(self) -> int:
        """Row of the origin: the day after the last."""
        return len(self.counts)

    @cached_property
    def total(self) -> Floats:
        """Acts before each row."""
        return np.concatenate([[0.0], np.cumsum(self.counts)])

    @cached_property
    def seen(self) -> Floats:
        """Known days before each row."""
        return np.concatenate([[0.0], np.cumsum(self.known)])

    @cached_property
    def recent(self) -> Floats:
        """Constant, log counts of the last 28, 90 and 365 days and one yearly harmonic, standardised, for each row from the second year on."""
        at = np.arange(LEAST_DAYS, self.origin + 1)
        counted = [np.log(self.total[at] - self.total[np.maximum(at - span, 0)] + 0.5) for span in (28, 90, 365)]
        design = np.column_stack([np.ones(len(at)), *counted, season_of(self.first, self.origin + 1, 1)[at]])
        design[:, 1:] = (design[:, 1:] - design[:, 1:].mean(axis=0)) / (design[:, 1:].std(axis=0) + 1e-9)
        return design


@cache
def _season(first: date, pairs: int) -> Floats:
    return harmonics(first, 366 * 120, pairs)


def season_of(first: date, days: int, pairs: int) -> Floats:
    """Harmonics of a grid, made once for its first day."""
    return _season(first, pairs)[:days]


def windows(past: Past, horizon: int) -> Floats:
    """Acts in each whole known window of `horizon` days that ended before the origin; oldest first."""
    sums, days = past.total[horizon:] - past.total[:-horizon], past.seen[horizon:] - past.seen[:-horizon]
    return np.asarray(sums[days == horizon])


def climatology(past: Past, horizon: int) -> Floats:
    """The distribution of all past windows of that length."""
    return shares(windows(past, horizon))


def last_five_years(past: Past, horizon: int) -> Floats:
    """The distribution of the windows of the last five years."""
    return shares(windows(past, horizon)[-5 * 365 :])


def last_year(past: Past, horizon: int) -> Floats:
    """A Poisson distribution at the last year's rate; half an act is added so that a quiet year does not exclude the next act."""
    known = past.known[-365:]
    return poisson_distribution((float(past.counts[-365:][known].sum()) + 0.5) / max(int(known.sum()), 1) * horizon)


def seasonal(past: Past, horizon: int) -> Floats:
    """A Poisson distribution at the rate of the season: two yearly harmonics fitted to all known days."""
    design = np.column_stack([np.ones(past.origin + horizon), season_of(past.first, past.origin + horizon, 2)])
    beta = _poisson_regression(design[: past.origin][past.known], past.counts[past.known])
    return poisson_distribution(float(np.exp(design[past.origin :] @ beta).sum()))


def glm(past: Past, horizon: int) -> Floats:
    """A Poisson regression of the acts in a window on season and on log counts of the last 28, 90 and 365 days."""
    design, outcomes, now = _recent(past, horizon)
    return poisson_distribution(min(float(np.exp(now @ _poisson_regression(design, outcomes))), float(MOST_ACTS)))


def logistic(past: Past, horizon: int) -> Floats:
    """A logistic regression of 'at least one' on the same; its distribution has the mass of one act or more at one act."""
    design, outcomes, now = _recent(past, horizon)
    beta = _logistic_regression(design, (outcomes > 0).astype(np.float64))
    chance = 1.0 / (1.0 + np.exp(-float(now @ beta)))
    return np.concatenate([[1.0 - chance, chance], np.zeros(MOST_ACTS - 1)])


RIVALS: dict[str, Callable[[Past, int], Floats]] = {
    "climatology": climatology, "last_year": last_year, "last_five_years": last_five_years, "seasonal": seasonal, "glm": glm, "logistic": logistic,
}  # fmt: skip


def poisson_distribution(mean: float) -> Floats:
    """Probabilities of 0 … `MOST_ACTS` acts, the last holding the tail."""
    from scipy.special import gammaln

    k = np.arange(MOST_ACTS + 1)
    probability = np.exp(k * np.log(max(mean, 1e-12)) - mean - gammaln(k + 1.0))
    probability[-1] = max(0.0, 1.0 - float(probability[:-1].sum()))
    return np.asarray(probability)


def shares(counts: Floats) -> Floats:
    """Distribution of observed counts; half a window at none and half at one, so that nothing is impossible."""
    found = np.bincount(np.minimum(counts, MOST_ACTS).astype(np.int64), minlength=MOST_ACTS + 1).astype(np.float64)
    found[:2] += 0.5
    return np.asarray(found / found.sum())


def _recent(past: Past, horizon: int) -> tuple[Floats, Floats, Floats]:
    """Design and outcomes of every whole known past window after the first year, and the design row of the origin."""
    at = np.arange(LEAST_DAYS, past.origin + 1)
    at = at[at + horizon <= past.origin]
    at = at[past.seen[at + horizon] - past.seen[at] == horizon]
    return past.recent[at - LEAST_DAYS], past.total[at + horizon] - past.total[at], past.recent[-1]


def _poisson_regression(design: Floats, counts: Floats) -> Floats:
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(max(float(counts.mean()), 1e-6))
    return _newton(design, counts, beta, lambda eta: (np.exp(eta), np.exp(eta)))


def _logistic_regression(design: Floats, outcomes: Floats) -> Floats:
    def mean(eta: Floats) -> tuple[Floats, Floats]:
        chance = 1.0 / (1.0 + np.exp(-eta))
        return chance, chance * (1.0 - chance)

    return _newton(design, outcomes, np.zeros(design.shape[1]), mean)


def _newton(design: Floats, outcomes: Floats, beta: Floats, mean: Callable[[Floats], tuple[Floats, Floats]], ridge: float = 1.0) -> Floats:
    """Maximum of a canonical log-likelihood with a small ridge on all but the constant."""
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 1e-8
    for _ in range(50):
        expected, weight = mean(np.clip(design @ beta, -30.0, 30.0))
        slope = design.T @ (outcomes - expected) - penalty * beta
        step = np.linalg.solve((design.T * weight) @ design + np.diag(penalty), slope)
        beta = beta + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:
            break
    return beta
