"""What each record adds to the tie of any two actors of the register, not only of the home country's.

A record weighs the same for every two of its participants, so the pairs are made from the contributions of a few actors who between them
took part in every record: the register's own country first. Transfers, visits and deployments tie the two that they name. A record that
nobody entered, because the register looks from one country, is not here: two actors without a pair have an unknown tie, not none.
"""

from __future__ import annotations

import polars as pl

from comity.measures.contributions import COLUMNS, contributions
from comity.measures.tie_settings import TieSettings
from comity.register.snapshot import Snapshot

AMONG = {"agreement": "parties", "exercise": "participants", "dialogue": "parties"}


def pair_contributions(snapshot: Snapshot, settings: TieSettings) -> pl.DataFrame:
    """Every record's part in every pair: `a`, `b` (codes, a < b), and the columns of `contributions` with `partner` as `a|b`."""
    taking_part = participants(snapshot)
    each = {actor: contributions(snapshot, actor, settings) for actor in _covering(taking_part, snapshot.home)}
    shared = pl.concat(frame.join(taking_part, on="ref", how="semi").drop("partner") for frame in each.values()).unique()
    alone = [_dyads(snapshot, actor, frame.join(taking_part, on="ref", how="anti")) for actor, frame in _every(snapshot, each, settings).items()]
    sides = taking_part.explode("actors").rename({"actors": "a"})
    pairs = sides.join(sides.rename({"a": "b"}), on="ref").filter(pl.col("a") < pl.col("b")).unique()
    rows = pl.concat([part.select("a", "b", *COLUMNS[1:]) for part in (shared.join(pairs, on="ref"), *alone)]).unique()
    return rows.with_columns(partner=pl.col("a") + "|" + pl.col("b")).sort("partner", "mechanism", "ref", "since")


def participants(snapshot: Snapshot) -> pl.DataFrame:
    """`ref` and `actors` of every counted record in which two or more took part."""
    frames = [snapshot.counted(kind).select(ref=f"{kind}:" + pl.col("id"), actors=pl.col(among).list.unique().list.sort()) for kind, among in AMONG.items()]
    return pl.concat(frames).filter(pl.col("actors").list.len() > 1).sort("ref")


def _covering(taking_part: pl.DataFrame, home: str) -> list[str]:
    """Actors who between them took part in every record: the home country, then whoever is in most of the rest."""
    chosen, left = [home], taking_part.filter(~pl.col("actors").list.contains(home))
    while left.height:
        most = left["actors"].explode().value_counts().sort(["count", "actors"], descending=[True, False])["actors"][0]
        chosen.append(most)
        left = left.filter(~pl.col("actors").list.contains(most))
    return chosen


def _every(snapshot: Snapshot, known: dict[str, pl.DataFrame], settings: TieSettings) -> dict[str, pl.DataFrame]:
    """Contributions of one side of every transfer and visit; those of the covering actors are at hand already."""
    transfers = snapshot.counted("transfer").select(one="supplier", other="recipient")
    visits = snapshot.counted("visit").select(one="visitor", other="host")
    left = pl.concat([transfers, visits]).filter(~pl.col("one").is_in(list(known)) & ~pl.col("other").is_in(list(known)))
    return known | {actor: contributions(snapshot, actor, settings) for actor in left["one"].unique().sort()}


def _dyads(snapshot: Snapshot, actor: str, parts: pl.DataFrame) -> pl.DataFrame:
    """Rows of records that name two sides; deployments are those of the register's own country, whoever is asked."""
    rows = parts if actor == snapshot.home else parts.filter(pl.col("mechanism") != "deployments")
    first, second = pl.min_horizontal(pl.lit(actor), pl.col("partner")), pl.max_horizontal(pl.lit(actor), pl.col("partner"))
    return rows.with_columns(a=first, b=second)
