"""How strong is the tie with each partner, how sure is that, and which records make it so?

Method: for each mechanism m, a_m = Σ_k w_k · share_k · 2^(−age_k / h_m) over the records of `contributions`; the mechanism's score saturates,
s_m = 1 − exp(−a_m / c_m); the tie is 100 · Σ_m W_m · s_m. Interval and rank interval come from draws of W (Dirichlet), h and c (log-normal)
and of the records themselves (each kept with the probability that its confidence gives). What a tie does not say: whether it serves
anybody, or what the partner thinks of it; and partners' ties among themselves are unknown to a one-country register.
Shares after Signorino & Ritter (1999, ISQ) in spirit: a treaty of thirty binds two of them less than a treaty of two.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.measures.contributions import contributions
from comity.measures.draws import Floats, around, kept_amounts, mixed, salts
from comity.measures.result import Result, result
from comity.measures.tie_settings import MECHANISMS, TieSettings
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownActor
from comity.vocab.text import Text

TOP = 10


def tie_strength(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: TieSettings | None = None) -> Result:
    """Strength of each tie of `home` on `as_of`: score 0-100 (median of the draws), 5-95 % interval, rank and rank interval.

    Rows: `partner`, `score`, `low`, `high`, `rank`, `rank_low`, `rank_high`, `apart` (adversaries, not ranked), `mechanisms` (score of each,
    0-1, at the defaults; null where there is no record), `records` (refs, those that add most first), `top` (the ten records whose absence would lower it most, in points).
    """
    chosen, country = settings or TieSettings(), home or snapshot.home
    if country not in snapshot.actor_names:
        raise UnknownActor(_NO_ACTOR.format(actor=repr(country)))
    parts = standing(contributions(snapshot, country, chosen), as_of)
    if parts.is_empty():
        return result("tie_strength", snapshot, _empty(), as_of=as_of, home=country, settings=chosen)
    drawn = drawn_scores(parts, chosen)
    partners = parts["partner"].unique(maintain_order=True).to_list()
    apart = np.array([partner in snapshot.settings.get("adversaries", []) for partner in partners])
    rows = _summary(partners, drawn, apart, chosen).join(_explained(parts, chosen), on="partner", how="left")
    return result("tie_strength", snapshot, rows.sort("apart", "rank", "partner"), as_of=as_of, home=country, settings=chosen)


def tie_draws(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: TieSettings | None = None) -> tuple[list[str], Floats]:
    """The partners of `home` on `as_of` and the score of each in every draw (points, partners x draws).

    The same settings give the same draw of weights, half-lives, constants and records on every day, so that draws of two days are paired.
    """
    chosen = settings or TieSettings()
    parts = standing(contributions(snapshot, home or snapshot.home, chosen), as_of)
    if parts.is_empty():
        return [], np.zeros((0, chosen.draws))
    return parts["partner"].unique(maintain_order=True).to_list(), drawn_scores(parts, chosen)


def tie_history(snapshot: Snapshot, home: str | None = None, *, days: list[date], settings: TieSettings | None = None) -> pl.DataFrame:
    """Tie of every partner on each of `days` at the default parameters, every record weighted by its probability: `partner`, `day`, `score`, `mechanisms`."""
    chosen = settings or TieSettings()
    every = contributions(snapshot, home or snapshot.home, chosen)
    frames = [_default_scores(standing(every, day), chosen).with_columns(pl.lit(day).alias("day")) for day in days]
    return pl.concat(frames).select("partner", "day", "score", "mechanisms").sort("partner", "day")


def standing(parts: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The parts that have begun by `as_of` and still weigh, with their `age` in years since they stood last."""
    begun = parts.filter((pl.col("since") <= as_of) & (pl.col("decays") | (pl.col("until") >= as_of)))
    age = (pl.lit(as_of) - pl.col("until")).dt.total_days().clip(lower_bound=0) / 365.25
    return begun.with_columns(age=pl.when(pl.col("decays")).then(age).otherwise(0.0))


def drawn_scores(parts: pl.DataFrame, settings: TieSettings) -> Floats:
    """Scores in points, partners x draws, of `standing` parts sorted by partner and mechanism; partners in their order of appearance."""
    rng = np.random.default_rng(settings.seed)
    weights = mixed(rng, [settings.mechanism_weights[name] for name in MECHANISMS], settings.dirichlet_concentration, settings.draws)
    half = around(rng, [settings.half_life_years[name] for name in MECHANISMS], settings.log_sd, settings.draws)
    scale = around(rng, [settings.saturation[name] for name in MECHANISMS], settings.log_sd, settings.draws)
    group, starts = _groups(parts)
    order = {name: at for at, name in enumerate(MECHANISMS)}
    mechanism = parts["mechanism"].replace_strict(order, return_dtype=pl.Int64).to_numpy()
    amounts = kept_amounts(parts, half, mechanism, salts(rng, settings.draws), starts)
    partner_of, mechanism_of = group["partner_at"].to_numpy(), group["mechanism_at"].to_numpy()
    scores = np.zeros((int(partner_of.max()) + 1, settings.draws))
    filled = weights.T[mechanism_of] * -np.expm1(-amounts / scale.T[mechanism_of])
    np.add.at(scores, partner_of, filled)
    return 100.0 * scores


def _groups(parts: pl.DataFrame) -> tuple[pl.DataFrame, npt.NDArray[np.int64]]:
    """Partner and mechanism of each run of rows, and where each run starts."""
    order = {name: at for at, name in enumerate(MECHANISMS)}
    group = parts.with_row_index("_at").group_by("partner", "mechanism", maintain_order=True).agg(pl.col("_at").first())
    group = group.with_columns(partner_at=pl.col("partner").rle_id(), mechanism_at=pl.col("mechanism").replace_strict(order, return_dtype=pl.Int64))
    return group, group["_at"].to_numpy().astype(np.int64)


def _summary(partners: list[str], drawn: Floats, apart: npt.NDArray[np.bool_], settings: TieSettings) -> pl.DataFrame:
    low, high = np.quantile(drawn, settings.interval, axis=1)
    median = np.median(drawn, axis=1)
    ranked = np.where(apart[:, None], -1.0, drawn)
    ranks = (-ranked).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") + 1
    rank_low, rank_high = np.quantile(ranks, settings.interval, axis=1, method="nearest")
    frame = pl.DataFrame(
        {
            "partner": partners,
            "score": median,
            "low": low,
            "high": high,
            "apart": apart,
            "rank_low": rank_low.astype(np.int64),
            "rank_high": rank_high.astype(np.int64),
        }
    )
    rank = pl.when(~pl.col("apart")).then(pl.struct(-pl.col("score"), pl.col("partner")).rank("ordinal").over("apart")).cast(pl.Int64)
    unranked = [pl.when(~pl.col("apart")).then(pl.col(name)).alias(name) for name in ("rank_low", "rank_high")]
    return frame.with_columns(rank=rank).with_columns(unranked)


def _default_scores(parts: pl.DataFrame, settings: TieSettings) -> pl.DataFrame:
    """Scores at the default parameters with every record weighted by its probability."""
    return (
        _with_amounts(parts, settings)
        .group_by("partner", maintain_order=True)
        .agg(
            score=(pl.col("_w") * pl.col("_s")).sum() * 100.0,
            mechanisms=pl.struct([pl.col("_s").filter(pl.col("mechanism") == name).first().round(4).alias(name) for name in MECHANISMS]),
        )
    )


def _with_amounts(parts: pl.DataFrame, settings: TieSettings) -> pl.DataFrame:
    amounts = _valued(parts, settings).group_by("partner", "mechanism", maintain_order=True).agg(pl.col("_value").sum().alias("_a"))
    c = pl.col("mechanism").replace_strict(settings.saturation, return_dtype=pl.Float64)
    w = pl.col("mechanism").replace_strict(settings.mechanism_weights, return_dtype=pl.Float64)
    return amounts.with_columns(_c=c, _w=w).with_columns(_s=1.0 - (-pl.col("_a") / pl.col("_c")).exp())


def _valued(parts: pl.DataFrame, settings: TieSettings) -> pl.DataFrame:
    half = pl.col("mechanism").replace_strict(settings.half_life_years, return_dtype=pl.Float64)
    return parts.with_columns(_value=pl.col("weight") * pl.col("probability") * (-(pl.col("age") / half) * np.log(2.0)).exp())


def _explained(parts: pl.DataFrame, settings: TieSettings) -> pl.DataFrame:
    """Mechanism scores, the records behind each tie and what the tie would lose without each (leave one out, points)."""
    scored = _with_amounts(parts, settings)
    each = _valued(parts, settings).group_by("partner", "mechanism", "ref").agg(pl.col("_value").sum()).join(scored, on=["partner", "mechanism"])
    without = 1.0 - (-((pl.col("_a") - pl.col("_value")) / pl.col("_c"))).exp()
    each = each.with_columns(points=100.0 * pl.col("_w") * (pl.col("_s") - without)).sort("partner", "points", "ref", descending=[False, True, False])
    each = each.group_by("partner", "ref", maintain_order=True).agg(pl.col("points").sum())
    top = each.group_by("partner", maintain_order=True).agg(top=pl.struct("ref", pl.col("points").round(3)).head(TOP), records=pl.col("ref"))
    return _default_scores(parts, settings).select("partner", "mechanisms").join(top, on="partner")


def _empty() -> pl.DataFrame:
    refs, numbers, ranks = pl.List(pl.String), pl.Float64(), pl.Int64()
    names: dict[str, pl.DataType] = {"partner": pl.String(), "score": numbers, "low": numbers, "high": numbers, "apart": pl.Boolean()}
    names |= {"rank_low": ranks, "rank_high": ranks, "rank": ranks, "mechanisms": refs, "top": refs, "records": refs}
    return pl.DataFrame(schema=names)


_NO_ACTOR = Text("No actor carries the code {actor}.", "{actor} 부호를 가진 행위자가 없습니다.")
