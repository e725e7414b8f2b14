"""Who holds which office on a day, since when, and which offices and attaché posts does the record leave empty?

Read from office-holders and attaché posts. A holder without a recorded end holds the office for certain only where a source says that the
term goes on; else it is presumed until another takes over. An empty office means that the record names nobody, not that nobody
holds it. Holders without a source are in it too, and say so (`sourced`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.text import Text

CERTAINTIES = {
    "certain": Text("stated by a source", "출처로 확인"),
    "presumed": Text("presumed: no end is recorded", "추정(종료 기록 없음)"),
    "possible": Text("possibly: the day lies within an imprecise date", "불확실(날짜가 부정확함)"),
}
HOLDERS: dict[str, Any] = {
    "actor": pl.String, "office": pl.String, "ref": pl.String, "start": pl.String, "end": pl.String, "acting": pl.Boolean, "sourced": pl.Boolean, "certainty": pl.String,
    "last_ref": pl.String, "empty_since": pl.String,
}  # fmt: skip


def office_holders_on(snapshot: Snapshot, day: date) -> pl.DataFrame:
    """One row for each holder on the day, and one for each office that the record knows and leaves empty (`ref` null, `last_ref` the last who held it)."""
    frame = snapshot.frame("office_holder").filter(pl.col("counts") & (pl.col("start_earliest") <= day)).sort("actor", "office", "start_earliest", "id")
    rows: list[dict[str, Any]] = []
    for _, part in frame.group_by(["actor", "office"], maintain_order=True):
        rows += _holders(part.to_dicts(), day)
    return pl.DataFrame(rows, schema=HOLDERS, orient="row")


def _holders(terms: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """The holders of one office; a term without an end is over once another has begun."""
    last = terms[-1]
    held = [(term, certainty) for term in terms if (certainty := _certainty(term, day, is_last=term is last)) is not None]
    base = {"actor": last["actor"], "office": last["office"]}
    if not held:
        return [base | {"ref": None, "last_ref": f"office_holder:{last['id']}", "empty_since": last["end"]}]
    return [
        base
        | {
            "ref": f"office_holder:{term['id']}",
            "start": term["start"],
            "end": term["end"],
            "acting": term["acting"],
            "sourced": term["sourced"],
            "certainty": certainty,
        }
        for term, certainty in held
    ]


def _certainty(term: dict[str, Any], day: date, *, is_last: bool) -> str | None:
    """How sure it is that a term holds on the day; None where it does not."""
    begun = term["start_latest"] <= day
    if term["end"] is None:
        return ("presumed" if begun else "possible") if is_last else None
    if day > term["end_latest"]:
        return None
    return "certain" if begun and day <= term["end_earliest"] else "possible"


def attache_posts_on(snapshot: Snapshot, day: date) -> pl.DataFrame:
    """Attaché posts begun by the day: their columns, `ref`, and `state` (open, presumed where no end is recorded, closed).

    A post of or in a state that is no more by the day is closed, whatever its record leaves open.
    """
    frame = snapshot.frame("attache_post").filter(pl.col("counts") & (pl.col("start_earliest") <= day))
    gone = snapshot.frame("actor").filter(pl.col("end_latest") < day)["id"]
    closed = (pl.col("end_latest") < day).fill_null(False) | pl.col("sender").is_in(gone.implode()) | pl.col("host").is_in(gone.implode())
    state = pl.when(closed).then(pl.lit("closed")).when(pl.col("end").is_null()).then(pl.lit("presumed")).otherwise(pl.lit("open"))
    return frame.with_columns(ref=pl.lit("attache_post:") + pl.col("id"), state=state).sort("sender", "host", "start_earliest", "id")
