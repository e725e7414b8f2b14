"""What raises or damps the whole intensity on a day: the season, and covariates such as exercises under way or talks held lately.

Columns of a design are aligned to a day grid that may run into the future. Season is a Fourier series of the day of the year, so that leap
years do not shift it. Covariates come from dated windows only.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from comity.models.provocations.act_series import Floats

YEAR = 365.2425


def harmonics(first: date, days: int, pairs: int) -> Floats:
    """Sines and cosines of the day of the year, shape (days, 2·pairs): the k-th pair runs through k cycles a year.

    >>> harmonics(date(2020, 1, 1), 366, 2).shape
    (366, 4)
    """
    if not pairs:
        return np.zeros((days, 0))
    at = np.datetime64(first) + np.arange(days)
    turned = 2 * np.pi * (at - at.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.float64) / YEAR
    return np.column_stack([part(turn * turned) for turn in range(1, pairs + 1) for part in (np.sin, np.cos)])


def lately(happened: Floats, within: int) -> Floats:
    """1 on each day with a happening in the `within` days before it, else 0, from a daily indicator of happenings.

    >>> lately(np.array([1.0, 0.0, 0.0, 0.0]), 2).tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    total = np.concatenate([[0.0], np.cumsum(happened)])
    at = np.arange(len(happened))
    return np.asarray((total[at] - total[np.maximum(at - within, 0)] > 0).astype(np.float64))
