"""What each record adds to a tie: the table from which tie strength, its history and its explanation are computed.

One row is one record's part in the tie of the home country with one partner, in one mechanism, over one span: `weight` (its kind's weight
times its share among n participants), the days from and until which it stands, whether it decays afterwards, and the probability that it
is as recorded. Organisations are partners of their own and are never expanded to their members. Records told by another record, totals
and unsourced rows are left out (the last unless the snapshot includes them). Unknown days enter by their midpoint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise

import polars as pl

from comity.measures.tie_settings import AGREEMENT_WEIGHTS, DEPLOYMENT_WEIGHTS, EXERCISE_WEIGHTS, LEVEL_WEIGHTS, TRANSFER_WEIGHTS, TieSettings
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import FAR, midpoint

COLUMNS = ["partner", "mechanism", "ref", "weight", "since", "until", "decays", "probability"]
INFORMATION = ["information_security", "information_arrangement"]


def contributions(snapshot: Snapshot, home: str, settings: TieSettings) -> pl.DataFrame:
    """Every record's part in every tie of `home`, by partner, mechanism and record; made once for a snapshot."""
    undrawn = repr(replace(settings, draws=0, seed=0))  # how often ties are drawn changes nothing here
    return snapshot.remembered(("contributions", home, snapshot.include_unsourced, undrawn), lambda: _contributions(snapshot, home, settings))


def _contributions(snapshot: Snapshot, home: str, settings: TieSettings) -> pl.DataFrame:
    parts: tuple[Callable[[Snapshot, str, TieSettings], pl.DataFrame], ...] = (_agreements, _exercises, _dialogues, _visits, _deployments, _transfers)
    rows = pl.concat([part(snapshot, home, settings).select(COLUMNS) for part in parts])
    return rows.filter((pl.col("partner") != home) & (pl.col("weight") > 0) & pl.col("since").is_not_null()).sort("partner", "mechanism", "ref", "since")


def _probability(settings: TieSettings) -> pl.Expr:
    return pl.col("confidence").replace_strict(settings.confidence, default=settings.confidence["low"], return_dtype=pl.Float64)


def _share(size: pl.Expr, settings: TieSettings) -> pl.Expr:
    return 1.0 / (size - 1).clip(lower_bound=1).cast(pl.Float64).pow(settings.gamma)


def _each(frame: pl.DataFrame, home: str, among: str) -> pl.DataFrame:
    """Rows in which home takes part, one for each other participant."""
    return (
        frame.filter(pl.col(among).list.contains(home)).with_columns(pl.col(among).alias("partner")).explode("partner").filter(pl.col("partner").is_not_null())
    )


def _agreements(snapshot: Snapshot, home: str, settings: TieSettings) -> pl.DataFrame:
    frame = _each(snapshot.counted("agreement"), home, "parties")
    since = pl.coalesce(midpoint("in_force"), midpoint("signed"), midpoint("attested"))
    until = pl.coalesce(midpoint("ended"), midpoint("expires"))
    weight = pl.col("agreement_type").replace_strict(AGREEMENT_WEIGHTS, default=1.0, return_dtype=pl.Float64)
    informs = pl.col("agreement_type").is_in(INFORMATION)
    rows = frame.with_columns(
        mechanism=pl.when(informs).then(pl.lit("information")).otherwise(pl.lit("agreements")),
        ref="agreement:" + pl.col("id"),
        weight=weight * _share(pl.col("parties").list.len(), settings),
        since=since,
        until=until.fill_null(FAR),
        decays=pl.lit(False),
        probability=_probability(settings),
    )
    return _presumed(_interrupted(rows, snapshot, settings), settings)


def _presumed(rows: pl.DataFrame, settings: TieSettings) -> pl.DataFrame:
    """Agreements of unknown end that nobody attests stand with half the probability after `presumed_years`."""
    limit = pl.coalesce(midpoint("attested"), pl.col("since")).dt.offset_by(f"{int(settings.presumed_years)}y")
    open_ended = (
        (pl.col("until") == FAR)
        & pl.col("ended").is_null()
        & (pl.col("renewal").is_null() | ~pl.col("renewal").is_in(["indefinite", "automatic"]))
        & (limit < FAR)
    )
    sure = rows.with_columns(until=pl.when(open_ended).then(limit).otherwise(pl.col("until")))
    later = rows.filter(open_ended).with_columns(since=limit, probability=pl.col("probability") * 0.5)
    return pl.concat([sure, later.select(sure.columns)])


def _interrupted(rows: pl.DataFrame, snapshot: Snapshot, settings: TieSettings) -> pl.DataFrame:
    """Spans in which an agreement was suspended, in whole or in part, weigh less: each interrupted row is cut at their days."""
    periods = snapshot.counted("agreement_period").filter(pl.col("status").is_in(list(settings.suspended)) & pl.col("start_earliest").is_not_null())
    kept = []
    for row in rows.filter(pl.col("id").is_in(periods["agreement"].implode())).iter_rows(named=True):
        marks = sorted(
            (start, end or FAR, settings.suspended[status])
            for agreement, status, start, end in periods.select("agreement", "status", midpoint("start").alias("s"), midpoint("end").alias("e")).iter_rows()
            if agreement == row["id"] and start < (end or FAR)
        )
        kept += [
            row | {"since": since, "until": until, "weight": row["weight"] * factor} for since, until, factor in _segments(row["since"], row["until"], marks)
        ]
    plain = rows.filter(~pl.col("id").is_in(periods["agreement"].implode()))
    return pl.concat([plain, pl.DataFrame(kept, schema=plain.schema)]) if kept else plain


def _segments(since: date | None, until: date, marks: list[tuple[date, date, float]]) -> list[tuple[date, date, float]]:
    """The span cut at the marks' days, each piece with the least factor of the marks that cover it."""
    if since is None:
        return []
    days = sorted({since, until, *(day for start, end, _ in marks for day in (start, end) if since < day < until)})
    pieces = []
    for first, last in pairwise(days):
        factors = [factor for start, end, factor in marks if start <= first and last <= end]
        pieces.append((first, last, min(factors, default=1.0)))
    return pieces


def _exercises(snapshot: Snapshot, home: str, settings: TieSettings) -> pl.DataFrame:
    frame = snapshot.counted("exercise").filter(pl.col("status").is_in(["conducted", "scaled_down"]))
    kinds = pl.col("exercise_types").list
    weight = pl.col("exercise_types").list.eval(pl.element().replace_strict(EXERCISE_WEIGHTS, default=0.4, return_dtype=pl.Float64)).list.max()
    typical = kinds.eval(pl.element().replace_strict(settings.typical_personnel, default=500.0, return_dtype=pl.Float64)).list.max()
    size = pl.coalesce(pl.col("personnel").cast(pl.Float64), typical).clip(lower_bound=10.0)
    nations = pl.max_horizontal(pl.col("participants").list.len().cast(pl.Int64), pl.col("participants_stated").fill_null(0))
    cut = pl.when(pl.col("status") == "scaled_down").then(settings.scaled_down).otherwise(1.0)
    return _each(frame, home, "participants").with_columns(
        mechanism=pl.lit("exercises"),
        ref="exercise:" + pl.col("id"),
        weight=weight.fill_null(0.4) * size.log10() * _share(nations, settings) * cut,
        since=midpoint("start"),
        until=pl.coalesce(midpoint("end"), midpoint("start")),
        decays=pl.lit(True),
        probability=_probability(settings),
    )


def _meetings(snapshot: Snapshot, home: str, settings: TieSettings) -> pl.DataFrame:
    frame = snapshot.counted("dialogue").filter(pl.col("status").is_null() | (pl.col("status") == "held"))
    parties = pl.max_horizontal(pl.col("parties").list.len().cast(pl.Int64), pl.col("participants_stated").fill_null(0))
    return _each(frame, home, "parties").with_columns(
        ref="dialogue:" + pl.col("id"),
        weight=pl.col("level").replace_strict(LEVEL_WEIGHTS, default=0.7, return_dtype=pl.Float64) * _share(parties, settings),
        since=midpoint("start"),
        until=pl.coalesce(midpoint("end"), midpoint("start")),
        decays=pl.lit(True),
        probability=_probability(settings),
    )


def _dialogues(snapshot: Snapshot, home: str, settings: TieSettings) -> pl.DataFrame:
    return _meetings(snapshot, home, settings).filter(~pl.col("format").is_in(["visit", "tour"]).fill_null(False)).with_columns(mechanism=pl.lit("dialogues"))


def _visits(snapshot: Snapshot, home: str, settings: TieSettings) -> pl.DataFrame:
    bare = _meetings(snapshot, home, settings).filter(pl.col("format").is_in(["visit", "tour"]).fill_null(False))
    visits = snapshot.counted("visit").filter((pl.col("visitor") == home) | (pl.col("host") == home))
    others = visits.with_columns(
        partner=pl.when(pl.col("visitor") == home).then(pl.col("host")).otherwise(pl.col("visitor")),
        ref="visit:" + pl.col("id"),
        weight=pl.col("level").replace_strict(LEVEL_WEIGHTS, default=1.0, return_dtype=pl.Float64),
        since=midpoint("start"),
        until=pl.coalesce(midpoint("end"), midpoint("start")),
        decays=pl.lit(True),
        probability=_probability(settings),
    )
    return pl.concat([part.with_columns(mechanism=pl.lit("visits"), weight=pl.col("weight") * 0.5).select(COLUMNS) for part in (bare, others)])


def _deployments(snapshot: Snapshot, home: str, settings: TieSettings) -> pl.DataFrame:
    """Forces abroad tie to the framework that they serve, and half as much to the states in which they serve.

    Where no end is known, a force is presumed to stay for `presumed_deployment_years` after the last count of it.
    """
    counted = snapshot.counted("strength").group_by("deployment").agg(pl.col("date_latest").max().alias("_seen"))
    seen = pl.max_horizontal("_seen", pl.col("start_latest"))
    frame = (
        snapshot.counted("deployment")
        .join(counted, left_on="id", right_on="deployment", how="left")
        .with_columns(
            ref="deployment:" + pl.col("id"),
            weight=pl.col("deployment_type").replace_strict(DEPLOYMENT_WEIGHTS, default=0.5, return_dtype=pl.Float64)
            * pl.col("personnel_peak").fill_null(settings.typical_deployment).clip(lower_bound=1).log10().clip(lower_bound=0.3),
            mechanism=pl.lit("deployments"),
            since=midpoint("start"),
            until=midpoint("end").fill_null(seen.dt.offset_by(f"{int(settings.presumed_deployment_years)}y")),
            decays=pl.lit(True),
            probability=_probability(settings),
        )
    )
    served = frame.filter(pl.col("framework") == "UN").with_columns(partner=pl.lit("UN"))
    led = frame.filter((pl.col("framework") != "UN") & pl.col("command").is_not_null()).with_columns(partner=pl.col("command"))
    factor = pl.when(pl.col("framework") == "bilateral").then(1.0).otherwise(0.5)
    areas = frame.with_columns(
        weight=pl.col("weight") * factor / pl.col("countries").list.len().clip(lower_bound=1).cast(pl.Float64).sqrt(), partner=pl.col("countries")
    ).explode("partner")
    areas = areas.filter(pl.col("partner").is_not_null() & (pl.col("partner") != "UN"))
    return pl.concat([part.select(COLUMNS) for part in (served, led, areas)])


def _transfers(snapshot: Snapshot, home: str, settings: TieSettings) -> pl.DataFrame:
    frame = snapshot.counted("transfer").filter((pl.col("status") != "cancelled") & ((pl.col("supplier") == home) | (pl.col("recipient") == home)))
    executed = frame["contract_of"].drop_nulls().implode()
    value = pl.col("value_usd_m").fill_null(settings.typical_value_usd_m)
    return frame.filter(~pl.col("id").is_in(executed)).with_columns(
        partner=pl.when(pl.col("supplier") == home).then(pl.col("recipient")).otherwise(pl.col("supplier")),
        mechanism=pl.lit("technology"),
        ref="transfer:" + pl.col("id"),
        weight=pl.col("transfer_type").replace_strict(TRANSFER_WEIGHTS, default=0.5, return_dtype=pl.Float64) * (10.0 + value).log10(),
        since=midpoint("signed"),
        until=midpoint("signed"),
        decays=pl.lit(True),
        probability=_probability(settings),
    )
