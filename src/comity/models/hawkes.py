"""How do events of several kinds bring on more events: a multivariate Hawkes process in continuous time, fitted by maximum likelihood.

From a `Pattern` of events and, if wanted, covariates on a grid; decays given or estimated; standard errors from the observed information.
The sibling modules hold the likelihood, the simulation and the residuals. Forecasts of provocations rest on the daily model of
`self_exciting`, since the record knows days; this engine serves data with times, large data and the check that the two agree. Hawkes (1971,
Biometrika 58); Ogata (1981, IEEE Trans. Inf. Theory 27; 1988, JASA 83); Bacry, Mastromatteo & Muzy (2015). Excitation is not causation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from comity.models.point_process.features import Engine
from comity.models.point_process.information import covariance
from comity.models.point_process.likelihood import compensators, log_likelihood, model_of, score
from comity.models.point_process.model import HawkesModel, intensity
from comity.models.point_process.newton import Flags
from comity.models.point_process.pattern import Covariates, Floats, Pattern
from comity.models.point_process.residuals import Residuals, residuals
from comity.models.point_process.simulate import simulate
from comity.models.point_process.solve import Solution, searched, solution
from comity.vocab.errors import OutOfRange
from comity.vocab.text import Text

__all__ = [
    "Covariates",
    "HawkesFit",
    "HawkesModel",
    "Pattern",
    "Residuals",
    "compensators",
    "fit_hawkes",
    "intensity",
    "log_likelihood",
    "residuals",
    "score",
    "simulate",
]


@dataclass(frozen=True, eq=False)
class HawkesFit:
    """A fitted process: the model, its log-likelihood and the standard errors in the model's own shapes.

    An error is NaN where there is none to give, and `notes` say why: the estimate lies at its bound of zero, the source never occurred, or
    the decay was given. `covariance[i]` is of target i's parameters and the decays (baseline, effects, excitations j·K + k, decays).
    `converged` is false when the optimum is not certified.
    """

    model: HawkesModel
    log_likelihood: float
    baseline_error: Floats
    alpha_error: Floats
    decay_error: Floats
    effects_error: Floats
    covariance: tuple[Floats, ...]
    converged: bool
    parameters: int
    notes: tuple[Text, ...] = field(default=())

    @property
    def aic(self) -> float:
        """Akaike's criterion, 2·parameters − 2·log-likelihood; parameters at their bound do not count."""
        return 2.0 * self.parameters - 2.0 * self.log_likelihood

    def table(self, level: float = 0.95) -> pl.DataFrame:
        """Every parameter with its interval: `parameter`, `target`, `source`, `component`, `estimate`, `error`, `low`, `high`.

        Intervals are Wald's: on the log scale for baselines and decays, plain and cut at zero for excitations, plain for effects; null
        where there is no error. `component` counts decays or covariates.
        """
        model, rows = self.model, []
        for i, value in enumerate(model.baseline):
            rows.append(_row("baseline", i, None, None, value, self.baseline_error[i], level))
        for (i, p), value in np.ndenumerate(model.effects):
            rows.append(_row("effect", i, None, p, value, float(self.effects_error[i, p]), level))
        for (i, j, k), value in np.ndenumerate(model.alpha):
            rows.append(_row("alpha", i, j, k, value, float(self.alpha_error[i, j, k]), level))
        for k, value in enumerate(model.decay):
            rows.append(_row("decay", None, None, k, value, self.decay_error[k], level))
        return pl.DataFrame(rows, infer_schema_length=None)


def fit_hawkes(
    pattern: Pattern,
    *,
    decay: float | Sequence[float] | None = None,
    components: int = 1,
    covariates: Covariates | None = None,
    engine: Engine = "auto",
) -> HawkesFit:
    """Fit by maximum likelihood; a target without events gets zeros, a source without events excites nothing, and the notes say so.

    `decay`: given and held, one or several; None estimates `components` of them, shared by all pairs, by the profile likelihood. Raises
    `OutOfRange` for a decay that is not above zero and for a pattern without any event in its window.
    """
    if pattern.first == len(pattern.times):
        raise OutOfRange(_NOTHING)
    if decay is not None:
        decays = np.atleast_1d(np.asarray(decay, dtype=np.float64))
        if decays.ndim != 1 or not np.isfinite(decays).all() or (decays <= 0).any():
            raise OutOfRange(_DECAY.format(decay=decay))
        return _finished(pattern, solution(pattern, decays, covariates, engine), covariates, engine)
    if components < 1:
        raise OutOfRange(_COMPONENTS.format(n=components))
    return _finished(pattern, searched(pattern, components, covariates, engine), covariates, engine)


def _finished(pattern: Pattern, best: Solution, covariates: Covariates | None, engine: Engine) -> HawkesFit:
    """Model, errors and notes of a solution."""
    rows, effects = np.stack([one.vector for one in best.best]), 0 if covariates is None else covariates.values.shape[1]
    model, width = model_of(rows, best.decays, effects), rows.shape[1]
    blocks = covariance(pattern, best, covariates, engine)
    errors = np.sqrt(np.stack([np.diag(block)[:width] for block in blocks]))
    by_decay = np.sqrt(np.diag(blocks[0])[width:])
    free = np.stack([one.free for one in best.best])
    return HawkesFit(
        model=model,
        log_likelihood=-sum(one.value for one in best.best),
        baseline_error=errors[:, 0],
        alpha_error=errors[:, 1 + effects :].reshape(model.alpha.shape),
        decay_error=by_decay,
        effects_error=errors[:, 1 : 1 + effects],
        covariance=blocks,
        converged=best.sure,
        parameters=int(free.sum()) + (0 if best.given else len(best.decays)),
        notes=_notes(pattern, best, free, bool(np.isnan(by_decay).any())),
    )


def _row(name: str, target: int | None, source: int | None, component: int | None, value: float, error: float, level: float) -> dict[str, object]:
    from scipy.special import ndtri

    known, reach = bool(np.isfinite(error)), float(ndtri((1 + level) / 2))
    if name in ("baseline", "decay") and known:
        low, high = value * np.exp(-reach * error / value), value * np.exp(reach * error / value)
    else:
        low, high = value - reach * error, value + reach * error
    low = max(low, 0.0) if name == "alpha" else low
    bounds = {"error": float(error), "low": float(low), "high": float(high)} if known else {"error": None, "low": None, "high": None}
    return {"parameter": name, "target": target, "source": source, "component": component, "estimate": float(value), **bounds}


def _notes(pattern: Pattern, best: Solution, free: Flags, flat: bool) -> tuple[Text, ...]:
    """What a reader of the estimates must know, each with a number or a name."""
    ever = np.bincount(pattern.marks, minlength=pattern.size)
    empty, silent = np.flatnonzero(pattern.counts == 0), np.flatnonzero(ever == 0)
    heard = np.concatenate((np.ones(free.shape[1] - pattern.size * len(best.decays), dtype=bool), np.repeat(ever > 0, len(best.decays))))
    bound = int((~free[pattern.counts > 0][:, heard]).sum())
    told = [
        (len(empty) > 0, _EMPTY.format(names=", ".join(map(str, empty)))),
        (len(silent) > 0, _SILENT.format(names=", ".join(map(str, silent)))),
        (bound > 0, _BOUND.format(n=bound)),
        (best.given, _GIVEN),
        (flat and not best.given, _FLAT),
        (pattern.tied > 0, _TIED.format(n=pattern.tied)),
        (not best.sure, _UNSURE),
    ]
    return tuple(text for holds, text in told if holds)


_NOTHING = Text("There is no event within the window; nothing can be fitted.", "관측 구간 안에 사건이 없어 적합할 수 없다.")
_DECAY = Text("Decays are one or more numbers above 0, not {decay}.", "감쇠율은 0보다 큰 수여야 한다. 주어진 값: {decay}.")
_COMPONENTS = Text("The number of decays is 1 or more, not {n}.", "감쇠율의 수는 1 이상이어야 한다. 주어진 값: {n}.")
_EMPTY = Text("No event in dimension {names}: its rate is put at 0 without an interval.", "차원 {names}에는 사건이 없어 빈도를 구간 없이 0으로 둔다.")
_SILENT = Text(
    "Dimension {names} never occurred, so what it excites is unknown and put at 0.",
    "차원 {names}은(는) 한 번도 일어나지 않아 무엇을 자극하는지 알 수 없으며 0으로 둔다.",
)
_BOUND = Text("{n} parameters lie at their bound of 0 and have no standard error.", "모수 {n}개가 하한 0에 있어 표준오차가 없다.")
_GIVEN = Text(
    "The decay was given, not estimated; the standard errors take it as known.", "감쇠율은 추정하지 않고 주어진 값을 썼다. 표준오차는 이를 아는 값으로 본다."
)
_FLAT = Text(
    "The data do not tell the decay; it has no standard error, and the others take it as known.",
    "자료만으로는 감쇠율을 알 수 없어 표준오차가 없으며, 다른 모수의 표준오차는 이를 아는 값으로 본다.",
)
_TIED = Text(
    "{n} events share their time with another; they do not excite each other.",
    "사건 {n}건은 다른 사건과 시각이 같다. 같은 시각의 사건은 서로 자극하지 않는 것으로 본다.",
)
_UNSURE = Text(
    "The optimum is not certain: the search stopped early or the decay ran to the edge of its range.",
    "최적해가 확실하지 않다. 탐색이 일찍 멈추었거나 감쇠율이 탐색 범위의 끝에 이르렀다.",
)
