"""What if other things weighed? The ranks of partners under weights of the reader's own, against those of the shipped ones, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from comity.measures.result import Result
from comity.measures.tie_settings import MECHANISMS, TieSettings
from comity.measures.tie_strength import tie_strength
from comity.report.charts.ranks import rank_slopes
from comity.report.context import Context
from comity.report.document import Cell, Column, Figure, Num, Section, Table
from comity.report.sections.partners import MECHANISM_LABELS
from comity.report.words import actor, interval, number, source_line
from comity.vocab.text import Lang, Text, same

DRAWN, DRAWS = 20, 300
SHIPPED = TieSettings()


def shares(given: Mapping[str, float]) -> dict[str, float]:
    """Weights by mechanism as shares of one; those that are not given keep the shipped share before all are scaled.

    >>> round(sum(shares({"exercises": 50}).values()), 6)
    1.0
    """
    weights = {name: given[name] if name in given else 100 * SHIPPED.mechanism_weights[name] for name in MECHANISMS}
    whole = sum(weights.values())
    return {name: value / whole for name, value in weights.items()} if whole > 0 else dict(SHIPPED.mechanism_weights)


def weighed(context: Context, given: Mapping[str, float]) -> Result:
    """Ties under these weights, in fewer draws than on the board of ties."""
    return tie_strength(context.snapshot, context.home, as_of=context.as_of, settings=TieSettings(draws=DRAWS, mechanism_weights=shares(given)))


def weighing(context: Context, given: Mapping[str, float]) -> list[Section]:
    """The section on other weights."""
    rows = _both(context, weighed(context, given))
    return [
        Section("weighing", Text("Ranks under the chosen weights", "선택한 가중치의 순위"), (_slopes(context, rows), _ranks(context, rows), _weights(given)))
    ]


def _both(context: Context, found: Result) -> pl.DataFrame:
    """Ranked partners with their rank, tie and interval under both weights, by the chosen one."""
    names = ("score", "low", "high", "rank", "rank_low", "rank_high", "records")
    chosen = found.rows.filter(~pl.col("apart")).select("partner", *names)
    shipped = context.ranked.select("partner", *(pl.col(name).alias(f"{name}_before") for name in names[:6]))
    return chosen.join(shipped, on="partner", how="left").sort("rank").with_columns(moved=pl.col("rank_before") - pl.col("rank"))


def _moved(row: Mapping[str, Any]) -> str:
    if not row["moved"]:
        return "same"
    return "up" if row["moved"] > 0 else "down"


def _slopes(context: Context, rows: pl.DataFrame) -> Figure:
    drawn = rows.filter(pl.col("rank_before").is_not_null() & ((pl.col("rank") <= DRAWN) | (pl.col("rank_before") <= DRAWN)))
    deepest = max([*drawn["rank"], *drawn["rank_before"], 1])

    def spec(lang: Lang) -> dict[str, Any]:
        told = [
            {
                "name": actor(context.snapshot, row["partner"]).in_(lang),
                "before": row["rank_before"],
                "after": row["rank"],
                "moved": _moved(row),
                "told": f"{row['rank_before']} → {row['rank']}",
            }
            for row in drawn.iter_rows(named=True)
        ]
        return rank_slopes(told, lang, deepest=deepest)

    up, down = drawn.filter(pl.col("moved") > 0).height, drawn.filter(pl.col("moved") < 0).height
    title = Text(f"Among the first {DRAWN}, {up} partners rise and {down} fall", f"상위 {DRAWN}위권에서 {up}곳이 오르고 {down}곳이 내린다")
    listed = [(actor(context.snapshot, row["partner"]), f"{row['rank_before']} → {row['rank']}") for row in drawn.head(12).iter_rows(named=True)]
    alt = Text(
        "Ranks before and after: " + ", ".join(f"{name.en} {told}" for name, told in listed) + ".",
        "순위 변화: " + ", ".join(f"{name.ko} {told}" for name, told in listed) + ".",
    )
    records = tuple(ref for refs in drawn["records"].head(DRAWN) for ref in refs)
    return Figure("rank-slopes", title, spec, alt, source_line(context.snapshot, _BASIS), height=deepest * 19 + 60, records=records)


def _ranks(context: Context, rows: pl.DataFrame) -> Table:
    made = tuple(_row(context, row) for row in rows.head(60).iter_rows(named=True))
    columns = (
        Column(Text("Rank", "순위"), "right"),
        Column(Text("Moved", "변동"), "right"),
        Column(Text("Partner", "상대국"), width=2),
        Column(Text("Tie", "강도"), "right"),
        Column(Text("5–95 %", "5–95 %"), "right"),
        Column(Text("Rank interval", "순위 구간"), "right"),
        Column(Text("Shipped rank", "기본 순위"), "right"),
        Column(Text("Shipped tie", "기본 강도"), "right"),
    )
    return Table("ranks", Text("Every partner under the chosen weights", "선택한 가중치에서의 상대국"), columns, made, note=_MOVES, filterable=True)


def _row(context: Context, row: dict[str, Any]) -> tuple[Cell, ...]:
    refs = tuple(row["records"])
    moved = row["moved"]
    arrow = None if moved is None else same("=" if moved == 0 else f"▲ {moved}" if moved > 0 else f"▼ {-moved}")
    return (
        number(row["rank"], refs),
        Num(arrow, (), moved) if arrow is not None else None,
        actor(context.snapshot, row["partner"]),
        number(row["score"], refs),
        interval(row["low"], row["high"]),
        interval(row["rank_low"], row["rank_high"]),
        number(row["rank_before"]),
        number(row["score_before"]),
    )


def _weights(given: Mapping[str, float]) -> Table:
    chosen = shares(given)
    made: tuple[tuple[Cell, ...], ...] = tuple(
        (MECHANISM_LABELS[name], number(100 * chosen[name], digits=1), number(100 * SHIPPED.mechanism_weights[name], digits=1)) for name in MECHANISMS
    )
    columns = (Column(Text("Mechanism", "수단"), width=2), Column(Text("Chosen, %", "선택(%)"), "right"), Column(Text("Shipped, %", "기본(%)"), "right"))
    return Table("weights", Text("The weights", "가중치"), columns, made)


_BASIS = Text(
    "Shares of the seven mechanisms as chosen; half-lives and saturation as shipped. Intervals carry the doubt about weights around the chosen ones.",
    "일곱 수단의 비중은 선택한 대로, 반감기와 포화 상수는 기본값. 구간에는 선택한 비중 주변의 불확실성이 들어 있다.",
)
_MOVES = Text("▲ rises, ▼ falls against the shipped weights. Adversaries are not ranked.", "▲ 상승, ▼ 하락(기본 가중치 대비). 적대국은 순위를 매기지 않는다.")
