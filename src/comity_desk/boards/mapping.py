"""The map through the years as a board: the library's map of the day, and the tie of every partner at the end of every year, to be shaded."""

from __future__ import annotations

from datetime import date

import polars as pl

from comity.measures.tie_strength import tie_history
from comity.report.context import Context
from comity.vocab.text import Text
from comity_desk.boards.catalogue import Asked, Board
from comity_desk.boards.library import Around, wrapped

FIRST = 1948


def years_of(context: Context, asked: Asked) -> dict[str, object]:
    """Ties at the end of every year since the first act, and on the day; none where no record stood."""
    first = max(FIRST, _first_year(context))
    years = list(range(first, context.as_of.year + 1))
    days = [min(date(year, 12, 31), context.as_of) for year in years]
    rows = tie_history(context.snapshot, context.home, days=days)
    at = {day: place for place, day in enumerate(days)}
    scores: dict[str, list[float | None]] = {}
    for partner, day, score in rows.select("partner", "day", "score").iter_rows():
        scores.setdefault(partner, [None] * len(years))[at[day]] = round(score, 1)
    return {"years": years, "scores": dict(sorted(scores.items())), "sites": _sites(context)}


def _sites(context: Context) -> list[dict[str, object]]:
    """Where forces serve on the day: each deployment in each of its states."""
    rows = context.deployments.rows.filter((pl.col("state") == "abroad") & (pl.col("certainty") != "possibly")).sort("id")
    return [{"ref": f"deployment:{one}", "state": state} for one, states in rows.select("id", "countries").iter_rows() for state in states]


def _first_year(context: Context) -> int:
    signed = context.snapshot.counted("agreement")["signed_earliest"].min()
    begun = context.snapshot.counted("exercise")["start_earliest"].min()
    days = [day for day in (signed, begun) if isinstance(day, date)]
    return min(days).year if days else context.as_of.year


def levels(scores: list[float | None]) -> str:
    """One letter for each year: `-` for no record, else a class of shade from 0 to 5."""
    return "".join("-" if score is None else str(sum(score >= limit for limit in LIMITS)) for score in scores)


LIMITS = (5.0, 10.0, 20.0, 35.0, 50.0)
NAMES = ("< 5", "5–10", "10–20", "20–35", "35–50", "≥ 50")
BOARDS: tuple[Board, ...] = (
    wrapped(
        "map",
        25,
        Text("Where the partners are, year by year.", "연도별로 본 상대국의 분포."),
        "partner",
        "deployment",
        around=Around(data=years_of),
        address="map",
    ),
)
