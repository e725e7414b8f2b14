"""Which polls of one question may be pooled, with what weight, and why do the others stay raw points?

Read from the raw points of `measures.opinion`. A poll's day is the middle of its fieldwork. A poll that states no sample gets an assumed one. Of polls of one
house whose fieldwork shares days, the later counts only for the part of its days that the earlier does not hold, because a rolling sample
asks the same persons twice. Answers are taken one by one: too few houses publish all answers for log-ratios of a whole question.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from comity.measures.opinion import REASONS as POINTS
from comity.models.polling.house_effects import Polls
from comity.models.polling.settings import OpinionPoolSettings
from comity.vocab.date_columns import earliest, latest
from comity.vocab.text import Text

KEY = ["question", "country", "answer_en"]
ORDER = [*KEY, "day", "house", "fielded_start", "share", "n"]
YEAR_ONLY = 4  # letters of a date of which only the year is known


def pollable(points: pl.DataFrame, settings: OpinionPoolSettings) -> pl.DataFrame:
    """Raw points with what pooling needs: `sample` (n, or what is assumed), `assumed`, `span` (days within which the poll's day is not known),
    `year_only`, `new_days` (0-1) and `weight` = sample · new_days / design effect.

    `why` is null for polls that are pooled, else a key of `REASONS`. The order of the points is irrelevant.
    """
    by_house = points.unique(["house", "country", "fielded_start", "n"]).group_by("house").agg(pl.col("n").median().alias("_of_house"))
    of_all = points.unique(["house", "country", "fielded_start", "n"])["n"].median()
    known = points.join(by_house, on="house", how="left").with_columns(
        assumed=pl.col("n").is_null(),
        sample=pl.coalesce(pl.col("n").cast(pl.Float64), "_of_house", pl.lit(of_all, dtype=pl.Float64)),
        span=(_last_of("fielded_start") - earliest(pl.col("fielded_start"))).dt.total_days().cast(pl.Float64),
        year_only=pl.col("fielded_start").str.len_chars() == YEAR_ONLY,
        new_days=_new_days(points, leave_out=settings.unknown_sample == "leave_out"),
    )
    unknown = pl.col("sample").is_null() | (pl.col("assumed") & (settings.unknown_sample == "leave_out"))
    single = pl.when(unknown).then(pl.lit("no_sample")).when(pl.col("new_days") <= 0).then(pl.lit("same_persons"))
    known = known.with_columns(why=single, weight=pl.col("sample") * pl.col("new_days") / settings.design_effect)
    houses = pl.col("house").filter(pl.col("why").is_null()).n_unique().over(KEY)
    few = (houses < settings.houses) & pl.col("why").is_null()
    left = pl.when(pl.col("houses") < settings.houses).then(pl.lit("one_house")).otherwise(pl.lit("one_house_left"))
    return known.with_columns(why=pl.when(few).then(left).otherwise("why")).drop("_of_house").sort(ORDER, nulls_last=True)


def as_numbers(polls: pl.DataFrame) -> Polls:
    """Polls of one answer, in the order of their days, on the logit scale.

    The variance of the logit is 1 / (m·p·(1−p)) with m the weight. A share of 0 or 100 % is taken as half a person of m + 1 (or all but half
    a one), for which the logit is finite and its standard error about 1.4.
    """
    ordered = polls.sort("day", "house", "share", "sample")
    weight = ordered["weight"].to_numpy()
    edge = 0.5 / (weight + 1)
    share = np.clip(ordered["share"].to_numpy() / 100, edge, 1 - edge)
    names = house_names(ordered)
    house = np.array([names.index(name) for name in ordered["house"]], dtype=np.int64)
    first = ordered["day"][0]
    days = np.array([float((day - first).days) for day in ordered["day"]])
    return Polls(days, np.log(share / (1 - share)), 1 / (weight * share * (1 - share)), ordered["span"].to_numpy(), house, len(names))


def house_names(polls: pl.DataFrame) -> list[str]:
    """Houses in the order in which `as_numbers` counts them."""
    return sorted(polls["house"].unique())


def _last_of(name: str) -> pl.Expr:
    """Last day that the date may mean; that of the fieldwork's start where its end is unknown."""
    return latest(pl.coalesce(name, "fielded_start"))


def _new_days(points: pl.DataFrame, *, leave_out: bool) -> pl.Series:
    """Share of each poll's fieldwork that no earlier poll of its house on the same answer holds; 1 where days are not known to the day."""
    names = [*KEY, "house"]
    spans = points.with_row_index("_at").with_columns(_from=pl.col("fielded_start").str.to_date("%Y-%m-%d", strict=False), _to=_last_of("fielded_end"))
    weighed = pl.col("n").is_not_null() | (not leave_out)
    dated = spans.filter(weighed & (pl.col("fielded_start").str.len_chars() == 10) & (pl.coalesce("fielded_end", "fielded_start").str.len_chars() == 10))
    shares = np.ones(points.height)
    for _, part in dated.group_by(names):
        seen: set[date] = set()
        for at, begun, ended in (
            part.sort("_from", "_to", "n", "share", descending=[False, False, True, False], nulls_last=True).select("_at", "_from", "_to").iter_rows()
        ):
            days = set(pl.date_range(begun, max(begun, ended), eager=True))
            shares[at] = len(days - seen) / len(days)
            seen |= days
    return pl.Series("new_days", shares)


REASONS = {
    "one_house": POINTS["one_house"],
    "one_house_left": Text(
        "Several houses asked it, but polls of one alone can be weighted.", "여러 기관이 물었으나 가중치를 줄 수 있는 조사는 한 기관뿐이다."
    ),
    "no_sample": Text("The poll states no sample and none is assumed.", "표본 크기를 밝히지 않았고 가정도 하지 않았다."),
    "same_persons": Text(
        "All its days lie in an earlier poll of the same house: the same persons.", "조사 기간 전체가 같은 기관의 앞선 조사 기간에 들어 있다(같은 응답자)."
    ),
}
