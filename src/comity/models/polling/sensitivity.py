"""Does the pooled support hang on what had to be assumed: unknown samples, vague days, the design effect, the priors?

Each answer is pooled again with one assumption changed; the table says what support comes out on the same day. An assumption that nothing rests on
(no poll of unknown sample, say) makes no row.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from comity.models.polling.settings import OpinionPoolSettings
from comity.vocab.date_columns import earliest, latest
from comity.vocab.text import Text

Again = Callable[[pl.DataFrame, OpinionPoolSettings], tuple[float, float, float]]
SCHEMA: dict[str, Any] = {
    "change": pl.String, "change_en": pl.String, "change_ko": pl.String, "polls": pl.Int64, "houses": pl.Int64,
    "support": pl.Float64, "low95": pl.Float64, "high95": pl.Float64, "moved": pl.Float64,
    "reason_en": pl.String, "reason_ko": pl.String, "records": pl.List(pl.String),
}  # fmt: skip


def sensitivity(polls: pl.DataFrame, support: float, settings: OpinionPoolSettings, again: Again) -> list[dict[str, Any]]:
    """Rows of the table `sensitivity` for one answer: `change`, its words, the `support` with its 95 % band, and how far it `moved` from `support`, in points."""
    rows = []
    for name, other, changed in _changes(polls, settings):
        text, houses = CHANGES[name], other["house"].n_unique()
        row: dict[str, Any] = {"change": name, "change_en": text.en, "change_ko": text.ko, "polls": other.height, "houses": houses}
        row |= {"records": sorted({ref for refs in other["records"] for ref in refs})}
        if houses < settings.houses:
            rows.append(row | dict.fromkeys(("support", "low95", "high95", "moved")) | {"reason_en": _FEW.en, "reason_ko": _FEW.ko})
            continue
        found, low, high = again(other, changed)
        rows.append(row | {"support": found, "low95": low, "high95": high, "moved": found - support, "reason_en": None, "reason_ko": None})
    return rows


def _changes(polls: pl.DataFrame, settings: OpinionPoolSettings) -> Iterator[tuple[str, pl.DataFrame, OpinionPoolSettings]]:
    """Each change of one assumption that bears on these polls: its name, the polls and the settings under it."""
    if polls["assumed"].any():
        yield "unknown_out", polls.filter(~pl.col("assumed")), settings
        for name, factor in (("unknown_half", 0.5), ("unknown_double", 2.0)):
            yield name, polls.with_columns(weight=pl.when("assumed").then(pl.col("weight") * factor).otherwise("weight")), settings
    if polls["year_only"].any():
        yield "vague_out", polls.filter(~pl.col("year_only")), settings
        yield "vague_first", _moved(polls, earliest(pl.col("fielded_start"))), settings
        yield "vague_last", _moved(polls, latest(pl.coalesce("fielded_end", "fielded_start"))), settings
    for name, factor in (("design_1", 1.0), ("design_3", 3.0)):
        yield name, polls.with_columns(weight=pl.col("weight") * settings.design_effect / factor), settings
    for name, factor in (("drift_half", 0.5), ("drift_double", 2.0)):
        yield name, polls, dataclasses.replace(settings, drift_scale=settings.drift_scale * factor)
    for name, factor in (("house_half", 0.5), ("house_double", 2.0)):
        yield name, polls, dataclasses.replace(settings, house_scale=settings.house_scale * factor)


def _moved(polls: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    at, sure = pl.when("year_only").then(day).otherwise("day"), pl.when("year_only").then(0.0).otherwise("span")
    return polls.with_columns(day=at, span=sure).sort("day")


CHANGES = {
    "unknown_out": Text("polls of unknown sample left out", "표본 크기 미상 조사를 뺌"),
    "unknown_half": Text("unknown samples half as large", "미상 표본을 절반으로 가정"),
    "unknown_double": Text("unknown samples twice as large", "미상 표본을 두 배로 가정"),
    "vague_out": Text("polls dated by the year left out", "연도만 알려진 조사를 뺌"),
    "vague_first": Text("polls dated by the year on its first day", "연도만 알려진 조사를 그해 첫날에 둠"),
    "vague_last": Text("polls dated by the year on its last day", "연도만 알려진 조사를 그해 마지막 날에 둠"),
    "design_1": Text("design effect 1", "설계효과 1"),
    "design_3": Text("design effect 3", "설계효과 3"),
    "drift_half": Text("prior of the drift half as wide", "변동 사전분포를 절반으로"),
    "drift_double": Text("prior of the drift twice as wide", "변동 사전분포를 두 배로"),
    "house_half": Text("prior of house effects half as wide", "기관 효과 사전분포를 절반으로"),
    "house_double": Text("prior of house effects twice as wide", "기관 효과 사전분포를 두 배로"),
}
_FEW = Text("Too few houses are left.", "남는 기관이 부족하다.")
