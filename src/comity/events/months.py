"""The events of a store as sums by month: the panel that is asked for most often, from a table that is many times smaller than the events.

Made from the rows as they become parts and committed with them, so that it never says anything else than they do. Sums are whole numbers
(millionths of Goldstein points and of tone), so that parts may be added up in any order without a change in the last digit.
"""

from __future__ import annotations

import polars as pl

MILLION = 1_000_000
KEYS = ["source", "month", "actor1", "actor2", "root", "quad"]
STORED_MONTHS: dict[str, pl.DataType] = {
    "source": pl.String(), "month": pl.Date(), "actor1": pl.String(), "actor2": pl.String(), "root": pl.String(), "quad": pl.Int8(), "n": pl.Int64(),
    "goldstein_sum": pl.Int64(), "goldstein_known": pl.Int64(), "tone_sum": pl.Int64(), "tone_known": pl.Int64(), "weighed_sum": pl.Int64(),
    "weighed_known": pl.Int64(), "mentions_sum": pl.Int64(), "mentions_known": pl.Int64(),
}  # fmt: skip


def months_of(events: pl.DataFrame) -> pl.DataFrame:
    """Events (STORED_EVENTS) as STORED_MONTHS: `n` events, sums in millionths and how many events state the value.

    `weighed_sum` is the sum of tone times mentions, `weighed_known` the mentions of the events that state both.
    """
    goldstein, tone, mentions = _millionths("goldstein"), _millionths("tone"), pl.col("mentions").cast(pl.Int64)
    sums = {
        "n": pl.len(),
        "goldstein_sum": goldstein.sum(),
        "goldstein_known": pl.col("goldstein").count(),
        "tone_sum": tone.sum(),
        "tone_known": pl.col("tone").count(),
        "weighed_sum": (tone * mentions).sum(),
        "weighed_known": mentions.filter(pl.col("tone").is_not_null()).sum(),
        "mentions_sum": mentions.sum(),
        "mentions_known": mentions.count(),
    }
    rows = events.group_by("source", pl.col("day").dt.truncate("1mo").alias("month"), *KEYS[2:]).agg(**sums)
    return _typed(rows)


class Sums:
    """Such tables added up as they come, with no more than so many rows held before they are."""

    def __init__(self, rows: int = 500_000) -> None:
        self.rows, self._held = rows, list[pl.DataFrame]()

    @property
    def height(self) -> int:
        """Rows held."""
        return sum(table.height for table in self._held)

    def add(self, months: pl.DataFrame) -> None:
        """Take one more table."""
        self._held.append(months)
        if self.height > self.rows:
            self._held = [added_up(pl.concat(self._held))]

    def take(self) -> pl.DataFrame:
        """All of it as one table; nothing is held after."""
        whole = added_up(pl.concat(self._held))
        self._held = []
        return whole


def added_up(months: pl.DataFrame) -> pl.DataFrame:
    """Several such tables, one below the other, as one with each key once."""
    return _typed(months.group_by(KEYS).agg(pl.all().sum()))


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(dtype) for name, dtype in STORED_MONTHS.items()).sort(KEYS)


def _millionths(name: str) -> pl.Expr:
    return (pl.col(name).cast(pl.Float64) * MILLION + 0.5).floor().cast(pl.Int64)
