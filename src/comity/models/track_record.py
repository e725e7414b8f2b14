"""How good would the forecasts have been, and are they better than naive ones? Scores with intervals, by class, horizon and model.

From the rows of `rolling`: Brier, logarithmic and ranked probability score, area under the ROC curve, average precision and reliability, each
with the interval of a block bootstrap over origins, and the difference of every rival to the pool on the same origins. Where the interval of a
difference holds zero the data do not say which is better, and the row says so. It is a record of forecasts never published at the time.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from comity.measures.result import Result, result
from comity.models.one_thread import on_one_thread
from comity.models.provocations.act_series import act_series
from comity.models.provocations.class_words import ANY, class_words
from comity.models.provocations.forecast_settings import ForecastSettings
from comity.models.provocations.rolling import OURS, Progress, rolling_forecasts
from comity.models.provocations.scores import Draws, auc, auc_interval, average_precision, block_draws, brier, log_score, mean_interval, reliability
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text

LEAST_ORIGINS = 24
SCORES = ("brier", "log_score", "crps")
MODELS: dict[str, Text] = {
    OURS: Text("Pool of self-exciting models", "자기촉발 모형 결합"),
    "climatology": Text("Long-run rate", "장기 평균"),
    "last_year": Text("Last year's rate", "최근 1년 빈도"),
    "last_five_years": Text("Last five years", "최근 5년"),
    "seasonal": Text("Season", "계절 평균"),
    "glm": Text("Poisson regression on recent counts", "최근 건수 포아송 회귀"),
    "logistic": Text("Logistic regression on recent counts", "최근 건수 로지스틱 회귀"),
}


@on_one_thread
def track_record(
    snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: ForecastSettings | None = None, progress: Progress | None = None
) -> Result:
    """Scores of the pool and of every rival on the same monthly origins up to `as_of`, one row a class, horizon and model.

    Rows: `model`, `model_en`/`model_ko`, `horizon_days`, `class`, `origins`, `base_rate` (share of origins followed by an act), `mean_probability`; `brier`,
    `log_score`, `crps` (acts), `auc`, each with `_low`, `_high` (95 %); `average_precision`; `brier_difference` and `log_score_difference`
    (rival less pool, above 0 the pool is better) with `_low`, `_high`; `verdict` (of the pool against the rival by Brier score: better, worse,
    undecided). Tables: `forecasts` (every forecast with its outcome), `reliability` of the pool.
    """
    chosen, country = settings or ForecastSettings(), home or snapshot.home
    series = act_series(snapshot, country, until=as_of, settings=chosen.series)
    forecasts = rolling_forecasts(series, chosen, progress=progress)
    rows, calibration = scored(forecasts, chosen)
    refs = {name: series.records(*([] if name == ANY else [name])) for name in rows["class"].unique()}
    rows = rows.with_columns(pl.Series("records", [refs[name] for name in rows["class"]], dtype=pl.List(pl.String)))
    tables = {"forecasts": forecasts, "reliability": calibration}
    notes = (_LAG.format(days=chosen.lag_days), *series.left_out, *told(rows))
    return result("track_record", snapshot, rows, as_of=as_of, home=country, settings=chosen, notes=notes, tables=tables)


def scored(forecasts: pl.DataFrame, settings: ForecastSettings) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Score rows and reliability rows from forecasts with outcomes; groups of under two years of origins are left out."""
    rows, calibration = [], []
    for (name, horizon), group in forecasts.group_by("class", "horizon_days", maintain_order=True):
        ours = group.filter(pl.col("model") == OURS).sort("origin")
        if ours.height < LEAST_ORIGINS:
            continue
        draws = block_draws(ours.height, block=settings.block, draws=settings.bootstrap, seed=settings.seed)
        head = {"class": name, "horizon_days": horizon, "origins": ours.height, "base_rate": float(ours["happened"].to_numpy().mean())}
        for model in [OURS, *(name for name in group["model"].unique(maintain_order=True) if name != OURS)]:
            one = group.filter(pl.col("model") == model).sort("origin")
            rows.append(head | {"model": model} | _row(one, ours, draws))
        binned = reliability(ours["probability"].to_numpy(), ours["happened"].to_numpy())
        calibration += [{"class": name, "horizon_days": horizon} | row for row in binned]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort(["horizon_days", "class", "brier"])
    words = [
        pl.col("model").replace_strict({name: text.in_(lang) for name, text in MODELS.items()}, default=pl.col("model")).alias(f"model_{lang}")
        for lang in ("en", "ko")
    ]
    return frame.with_columns(words), pl.DataFrame(calibration)


def _row(one: pl.DataFrame, ours: pl.DataFrame, draws: Draws) -> dict[str, Any]:
    chance, happened = one["probability"].to_numpy(), one["happened"].to_numpy()
    values = {"brier": brier(chance, happened), "log_score": log_score(chance, happened), "crps": one["crps"].to_numpy()}
    best = {"brier": brier(ours["probability"].to_numpy(), happened), "log_score": log_score(ours["probability"].to_numpy(), happened)}
    row: dict[str, Any] = {"mean_probability": float(chance.mean())}
    for name, value in values.items():
        row[name] = float(value.mean())
        row[f"{name}_low"], row[f"{name}_high"] = mean_interval(value, draws)
    row["auc"], (row["auc_low"], row["auc_high"]) = auc(chance, happened), auc_interval(chance, happened, draws)
    row["average_precision"] = average_precision(chance, happened)
    if one["model"][0] == OURS:
        return row
    for name, value in best.items():
        row[f"{name}_difference"] = float((values[name] - value).mean())
        row[f"{name}_difference_low"], row[f"{name}_difference_high"] = mean_interval(values[name] - value, draws)
    low, high = row["brier_difference_low"], row["brier_difference_high"]
    return row | {"verdict": "better" if low > 0 else "worse" if high < 0 else "undecided"}


def told(rows: pl.DataFrame) -> tuple[Text, ...]:
    """For each class and horizon, in words, what the pool beats and what it does not."""
    notes = []
    for (name, horizon), group in rows.group_by("class", "horizon_days", maintain_order=True):
        label = class_words(str(name))
        ours = group.row(by_predicate=pl.col("model") == OURS, named=True)
        names = {word: group.filter(pl.col("verdict") == word)["model"].to_list() for word in ("better", "undecided", "worse")}
        listed = {word: Text(*(", ".join(MODELS[one].in_(lang) for one in found) or "–" for lang in ("en", "ko"))) for word, found in names.items()}
        head = _TOLD.format(label=label, days=horizon, brier=f"{ours['brier']:.3f}", low=f"{ours['brier_low']:.3f}", high=f"{ours['brier_high']:.3f}")
        verdict = _VERDICT.format(better=listed["better"], undecided=listed["undecided"], worse=listed["worse"])
        notes.append(Text(f"{head.en} {verdict.en}", f"{head.ko} {verdict.ko}"))
    return tuple(notes)


def _triple(name: str) -> dict[str, Any]:
    return {name: pl.Float64, f"{name}_low": pl.Float64, f"{name}_high": pl.Float64}


_SCHEMA: dict[str, Any] = {
    "model": pl.String, "class": pl.String, "horizon_days": pl.Int64, "origins": pl.Int64, "base_rate": pl.Float64, "mean_probability": pl.Float64,
    **_triple("brier"), **_triple("log_score"), **_triple("crps"), **_triple("auc"), "average_precision": pl.Float64,
    **_triple("brier_difference"), **_triple("log_score_difference"), "verdict": pl.String,
}  # fmt: skip
_TOLD = Text("{label}, {days} days: Brier {brier} ({low}–{high}).", "{label}, {days}일: 브라이어 점수 {brier}({low}–{high}).")
_VERDICT = Text(
    "The pool is better than: {better}; not told apart from: {undecided}; worse than: {worse}.",
    "결합 모형이 더 나은 대상: {better}; 우열을 가릴 수 없는 대상: {undecided}; 더 못한 대상: {worse}.",
)
_LAG = Text(
    "Each forecast uses acts to {days} days before its origin only: the lag assumed for publication. Scores are of forecasts made again, not of forecasts published then.",
    "각 예측은 기준일 {days}일 전까지의 행위만 쓴다(발표 지연 가정). 당시 발표된 예측이 아니라 그때의 정보로 다시 만든 예측의 점수이다.",
)
