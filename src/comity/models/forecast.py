"""What is the probability of a provocation in the next month and quarter, by class, and how far may that be trusted?

From the pool of self-exciting models fitted to the register's covered series up to the day. Each row stands beside what the long-run rate
would say and beside the pool's own track record. Where a class's cover ended earlier, the days since are drawn and not taken as quiet. It
extends a record of acts: it knows nothing of intentions, preparations or words, and nothing of what anybody might do about it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from comity.measures.result import Result, result
from comity.models.one_thread import on_one_thread
from comity.models.provocations.act_series import ActSeries, Floats, act_series
from comity.models.provocations.calendar_design import harmonics
from comity.models.provocations.class_words import ANY
from comity.models.provocations.forecast_settings import ForecastSettings
from comity.models.provocations.pool import Outlook, Pool, echo_at, fit_pool, outlook
from comity.models.provocations.rivals import Past, climatology
from comity.models.provocations.rolling import OURS, chance, distribution, targets
from comity.models.provocations.simulation import around, parameters, quiet_hazards
from comity.register.snapshot import Snapshot
from comity.vocab.dates import written
from comity.vocab.errors import UnknownActor
from comity.vocab.text import LANGUAGES, Text

DRAWS = 60  # parameter sets around each member: 960 in all, enough for the 5 and 95 % points
FAN = (0.05, 0.25, 0.5, 0.75, 0.95)
LEAST_ACTS = 20


@on_one_thread
def forecast(
    snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: ForecastSettings | None = None, record: Callable[[], Result] | None = None
) -> Result:
    """Probability of at least one act in the days after `as_of`, by class and horizon, with its interval and its track record.

    Rows: `class` (a covered class or `any`), `horizon_days`, `probability`, `low`, `high` (5-95 % over members and parameters), `expected`
    (acts), `count_low`, `count_high` (5-95 % of futures), `usual` (share of all past windows with an act), `known_to` (last day known),
    `unseen_days` before `as_of`, `acts` (fitted), `brier`, `brier_usual` (from `record`, the track record, where given), `verdict` of the pool against the long-run
    rate, `caution_en`/`caution_ko`, `records`. Tables: `fan` (acts of any class by day ahead: quantiles), `members` (parameters of the pool).
    """
    chosen, country = settings or ForecastSettings(), home or snapshot.home
    if country not in snapshot.actor_names:
        raise UnknownActor(_NO_ACTOR.format(actor=repr(country)))
    series = act_series(snapshot, country, until=as_of, settings=chosen.series)
    if not series.classes or series.counts.sum() < LEAST_ACTS:
        return result("forecast", snapshot, pl.DataFrame(schema=_SCHEMA), as_of=as_of, home=country, settings=chosen, notes=(_TOO_FEW,))
    origin = series.index(as_of) + 1
    pool = fit_pool(series, origin, chosen)
    seen = outlook(series, pool, origin, chosen, days=max(chosen.horizons))
    spread = _spread(series, pool, origin, chosen)
    scores = {} if record is None else _scores(record().rows)
    rows = [
        row
        for name, counts, covered in sorted(targets(series), key=lambda one: one[0] != ANY)
        for row in _rows(series, seen, spread, name, counts, covered, as_of, chosen, scores)
    ]
    tables = {"fan": _fan(seen, as_of), "members": members(series, pool)}
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return result("forecast", snapshot, frame, as_of=as_of, home=country, settings=chosen, notes=(_LIMITS, *series.left_out), tables=tables)


def _spread(series: ActSeries, pool: Pool, origin: int, settings: ForecastSettings) -> dict[int, Floats]:
    """For each horizon, the summed quiet intensity of each class under parameters drawn around every member: (draws, classes).

    Days not known before the origin are drawn at the members' best parameters, one future for each draw.
    """
    rng = np.random.default_rng([settings.seed, origin, 1])
    of = np.repeat(np.arange(len(pool)), DRAWS)
    echo, _ = echo_at(series, pool, parameters(pool), of, origin, settings, rng)
    ahead = harmonics(series.first + timedelta(days=origin), max(settings.horizons), max(settings.harmonics))
    sets = around(pool, DRAWS, rng)
    return {horizon: quiet_hazards(sets, np.arange(len(of)), echo, ahead[:horizon]) for horizon in settings.horizons}


def _rows(
    series: ActSeries, seen: Outlook, spread: dict[int, Floats], name: str, counts: Floats, covered: Any, as_of: date, settings: ForecastSettings,
    scores: dict[tuple[str, int], dict[str, Any]],
) -> list[dict[str, Any]]:  # fmt: skip
    past = Past(series.first, np.where(covered, counts, 0.0), covered)
    classes = [name] if name in seen.classes else list(seen.classes)
    unseen = max(seen.unseen[one] for one in classes)
    rows = []
    for horizon in settings.horizons:
        probability, futures = chance(seen, name, horizon), distribution(seen, name, horizon)
        hazards = spread[horizon][:, [seen.classes.index(one) for one in classes]].sum(axis=1)
        low, high = scaled(probability, hazards, settings.interval)
        reached = np.cumsum(futures)
        count_low, count_high = (int(np.searchsorted(reached, part)) for part in settings.interval)
        acts = float(counts[covered].sum())
        row = {
            "class": name,
            "horizon_days": horizon,
            "probability": probability,
            "low": low,
            "high": high,
            "expected": float(futures @ np.arange(len(futures))),
        }
        row |= {"count_low": count_low, "count_high": count_high, "usual": 1.0 - float(climatology(past, horizon)[0]), "acts": int(acts)}
        row |= {"known_to": as_of - timedelta(days=unseen), "unseen_days": unseen, "records": series.records(*classes)} | scores.get((name, horizon), {})
        caution = _caution(acts, unseen, horizon, row)
        rows.append(row | {"caution_en": caution.en, "caution_ko": caution.ko} if caution else row)
    return rows


def scaled(probability: float, hazards: Floats, interval: tuple[float, float]) -> tuple[float, float]:
    """Interval of a probability from the spread of summed intensities around their median, on the scale of −log(1 − p).

    Exact where nothing else can happen meanwhile; else the spread of the quiet path stands for that of all paths.
    """
    low, middle, high = np.quantile(hazards, [interval[0], 0.5, interval[1]])
    whole = -np.log(max(1.0 - probability, 1e-12))
    bounds = (1.0 - float(np.exp(-whole * low / middle)), 1.0 - float(np.exp(-whole * high / middle)))
    return min(bounds[0], probability), max(bounds[1], probability)


def _caution(acts: float, unseen: int, horizon: int, row: dict[str, Any]) -> Text | None:
    """The first thing that a reader of the row must know."""
    if acts < LEAST_ACTS:
        return _FEW.format(n=int(acts))
    if unseen > horizon:
        return _UNSEEN.format(day=Text(*(written(row["known_to"].isoformat(), lang) for lang in LANGUAGES)))
    if row.get("verdict") in ("undecided", "worse"):
        return _NOT_BETTER
    return None


def _scores(rows: pl.DataFrame) -> dict[tuple[str, int], dict[str, Any]]:
    """Brier score of the pool and of the long-run rate, with the verdict, by class and horizon."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows.filter(pl.col("model").is_in([OURS, "climatology"])).iter_rows(named=True):
        entry = found.setdefault((row["class"], row["horizon_days"]), {})
        entry |= {"brier": row["brier"], "origins": row["origins"]} if row["model"] == OURS else {"brier_usual": row["brier"], "verdict": row["verdict"]}
    return found


def _fan(seen: Outlook, as_of: date) -> pl.DataFrame:
    """Quantiles over futures of the acts of any class by each day ahead."""
    total = np.cumsum(seen.counts.sum(axis=2, dtype=np.int64), axis=1)
    bands = np.quantile(total, FAN, axis=0)
    days = [as_of + timedelta(days=at + 1) for at in range(total.shape[1])]
    columns = {f"q{int(100 * part)}": bands[at] for at, part in enumerate(FAN)}
    return pl.DataFrame({"day": days, "expected": total.mean(axis=0)} | columns)


def members(series: ActSeries, pool: Pool) -> pl.DataFrame:
    """Parameters of every member and class: base rate a year, direct offspring of an own and of another act, with standard errors of their logs."""
    rows = []
    for one, fits in pool:
        for name, fit in zip(series.classes, fits, strict=True):
            errors = np.sqrt(np.clip(np.diag(fit.covariance), 0.0, None))
            head = {"half_life": one.half_life, "harmonics": one.harmonics, "memory": one.memory, "class": name, "acts": int(fit.acts)}
            rows.append(head | {"base_a_year": 365.2425 * fit.mu, "own": fit.alpha, "others": fit.gamma, "log_error_own": float(errors[1])})
    return pl.DataFrame(rows, schema_overrides={"memory": pl.Float64})


_SCHEMA: dict[str, Any] = {
    "class": pl.String, "horizon_days": pl.Int64, "probability": pl.Float64, "low": pl.Float64, "high": pl.Float64, "expected": pl.Float64,
    "count_low": pl.Int64, "count_high": pl.Int64, "usual": pl.Float64, "known_to": pl.Date, "unseen_days": pl.Int64, "acts": pl.Int64,
    "brier": pl.Float64, "brier_usual": pl.Float64, "origins": pl.Int64, "verdict": pl.String, "caution_en": pl.String, "caution_ko": pl.String,
    "records": pl.List(pl.String),
}  # fmt: skip
_NO_ACTOR = Text("No actor carries the code {actor}.", "{actor} 부호를 가진 행위자가 없습니다.")
_TOO_FEW = Text("No forecast: fewer than 20 acts of covered classes are on the record.", "수록 대상 부류의 행위가 20건 미만이어서 예측하지 않음.")
_FEW = Text("Rests on {n} acts only: the priors weigh as much as the record.", "행위 {n}건에만 근거하므로 사전분포의 비중이 기록만큼 크다.")
_UNSEEN = Text("The record ends on {day}; the days since are simulated.", "기록은 {day}까지이며 그 이후는 모의한 값이다.")
_NOT_BETTER = Text("Not shown to be better than the long-run rate.", "장기 평균보다 낫다는 것이 확인되지 않았다.")
_LIMITS = Text(
    "The forecast extends the record of acts. It knows nothing of intentions, preparations or words.",
    "예측은 행위의 기록을 연장한 것으로, 의도·준비 동향·발언은 반영하지 않는다.",
)
