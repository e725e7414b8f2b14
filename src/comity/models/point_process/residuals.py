"""Does a Hawkes process describe the events that were seen: waiting times on the clock of the model, which should be exponential.

Time rescaling: with Λ_i the integrated intensity, the differences of Λ_i at successive events of i are independent and exponential with
mean 1 under the true model (Ogata 1988, JASA 83; Brown, Barbieri, Ventura, Kass & Frank 2002, Neural Computation 14), which a
Kolmogorov-Smirnov test asks. With parameters fitted to the same events the test is too kind; it can show a bad model, not prove a good one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from comity.models.point_process.features import Engine
from comity.models.point_process.likelihood import compensators
from comity.models.point_process.model import HawkesModel
from comity.models.point_process.pattern import Covariates, Floats, Pattern
from comity.vocab.text import Text


@dataclass(frozen=True, eq=False)
class Residuals:
    """Rescaled waiting times `waits` of each dimension (n_i,), and the tests in `rows`.

    `rows`: `dimension` (null for all pooled), `events`, `expected` (by the model), `statistic` (Kolmogorov-Smirnov distance), `p_value` (null
    under five events). `notes` say what weakens the test.
    """

    waits: tuple[Floats, ...]
    rows: pl.DataFrame
    notes: tuple[Text, ...]

    def uniform(self) -> Floats:
        """All waiting times pooled, as probabilities 1 − exp(−w), which are uniform under the true model."""
        return np.asarray(-np.expm1(-np.concatenate(self.waits)))


def residuals(model: HawkesModel, pattern: Pattern, covariates: Covariates | None = None, *, engine: Engine = "auto") -> Residuals:
    """Rescaled waiting times of the events within the window and their Kolmogorov-Smirnov tests, each dimension and pooled.

    The wait before the first event counts from the window's start; the time after the last one is left out. Ties give waits of 0 within
    a dimension, which the test rightly punishes: jitter them within the resolution of the data first.
    """
    clocks, expected = compensators(model, pattern, covariates, engine=engine)
    waits = tuple(np.diff(clock, prepend=0.0) for clock in clocks)
    rows = [_tested(i, one, float(expected[i])) for i, one in enumerate(waits)]
    pooled = _tested(None, np.concatenate(waits), float(expected.sum()))
    notes = (_KIND, *([_TIES.format(n=pattern.tied)] if pattern.tied else []))
    return Residuals(waits, pl.DataFrame([*rows, pooled], schema=_SCHEMA), notes)


def _tested(dimension: int | None, waits: Floats, expected: float) -> dict[str, object]:
    from scipy.stats import kstest

    row: dict[str, object] = {"dimension": dimension, "events": len(waits), "expected": expected, "statistic": None, "p_value": None}
    if len(waits) >= 5:
        found = kstest(waits, "expon")
        row |= {"statistic": float(found.statistic), "p_value": float(found.pvalue)}
    return row


_SCHEMA = {"dimension": pl.Int64, "events": pl.Int64, "expected": pl.Float64, "statistic": pl.Float64, "p_value": pl.Float64}
_KIND = Text(
    "When the parameters were fitted to the same events, the test rejects too seldom.", "모수를 같은 사건에 적합했다면 이 검정은 기각하는 일이 지나치게 드물다."
)
_TIES = Text(
    "{n} events share their time with another, which the test counts against the model.",
    "사건 {n}건의 시각이 다른 사건과 같다. 검정은 이를 모형에 불리하게 셈한다.",
)
