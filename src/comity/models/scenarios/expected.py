"""What each set of parameters expects without chance: the number of acts exactly, the probability of at least one closely.

The intensity is linear in past acts, so that its expectation follows the same recursion as the acts (Hawkes 1971): no simulation is needed to see how
a difference spreads over parameters. P(no act of a class) = E exp(−Λ) over futures without such an act; it is taken at exp(−E Λ), which is exact where
the other classes do not touch it, and for any act at all given the days before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comity.models.provocations.act_series import Floats
from comity.models.provocations.simulation import Parameters, scales


@dataclass(frozen=True)
class Expected:
    """For each set: `acts` (sets, days, classes) expected on each day; `silent` (sets, days, classes + 1) the intensity expected on it while the class,
    or, last, every class, is silent."""

    acts: Floats
    silent: Floats

    def chance(self, horizon: int) -> Floats:
        """Probability of at least one act within so many days, (sets, classes + 1)."""
        return np.asarray(1.0 - np.exp(-self.silent[:, :horizon].sum(axis=1)))


def expected(sets: Parameters, echo: Floats, design: Floats) -> Expected:
    """Follow the expectation forward from the echo (sets, classes) before the first day under a design (days, p)."""
    (count, classes), days = sets.mu.shape, len(design)
    scale, decay = scales(sets, design), sets.decay
    acts, silent = np.zeros((count, days, classes)), np.zeros((count, days, classes + 1))
    told = np.ones((classes + 2, 1, classes))  # which classes act: all; all but one, for each; none
    told[1 + np.arange(classes), 0, np.arange(classes)] = 0.0
    told[-1] = 0.0
    state = np.repeat(echo[None], classes + 2, axis=0)
    own = sets.alpha - sets.gamma
    for day in range(days):
        rate = (sets.mu + own * state + sets.gamma * state.sum(axis=2, keepdims=True)) * scale[:, day]
        acts[:, day] = rate[0]
        for at in range(classes):
            silent[:, day, at] = rate[1 + at, :, at]
        silent[:, day, classes] = rate[-1].sum(axis=1)
        state = state * decay + (1.0 - decay) * rate * told
    return Expected(acts, silent)


def expected_echo(sets: Parameters, echo: Floats, gap: Floats, before: Floats) -> Floats:
    """Expected echo (sets, classes) after days of which some are known: `gap` (days, classes) counts, NaN where only expected."""
    scale, decay, own = scales(sets, before), sets.decay, sets.alpha - sets.gamma
    state = echo
    for day in range(len(gap)):
        rate = (sets.mu + own * state + sets.gamma * state.sum(axis=1, keepdims=True)) * scale[:, day]
        state = state * decay + (1.0 - decay) * np.where(np.isnan(gap[day]), rate, gap[day])
    return state
