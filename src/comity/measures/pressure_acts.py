"""Which acts press on the country, and which talks are held with its adversaries: one row each, with the day and the record.

Read from events that count, by class or root, and from the meetings and agreements that lead where an event tells the same happening, so
that a talk recorded twice is one talk. Unknown days enter by their midpoint. It does not weigh the acts, and it takes the register's word
for who acted, whatever the attribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint

NEEDED = ("start", "source_actors", "target_actors", "event_type", "event_class")
COLUMNS = ["role", "actor", "what", "day", "exact", "monthly", "number", "ref"]
TALKS = ("talks", "summits", "talks_of_others", "summits_of_others")
COVER = {"talks": TALKS}  # one statement of coverage stands for all talks


def acts_of(snapshot: Snapshot, home: str, as_of: date, classes: Sequence[str], coercion: Sequence[str]) -> pl.DataFrame:
    """Acts up to `as_of`, oldest first: `role`, `actor`, `what`, `day`, `exact` (known to the day), `monthly` (to the month), `number`, `ref`."""
    hostile = adversaries_of(snapshot, home)
    events = _dated(snapshot.counted("event"), "event")
    acts = [_provocations(events, hostile, classes), _coercion(events, home, hostile, classes, coercion), _talks(snapshot, home, hostile)]
    return pl.concat([frame.select(COLUMNS) for frame in acts]).filter(pl.col("day") <= as_of).sort("day", "ref", "role", "actor", "what")


def adversaries_of(snapshot: Snapshot, home: str) -> list[str]:
    """The adversaries that the package names, without the country in question itself."""
    return sorted(set(snapshot.settings.get("adversaries", [])) - {home})


def spans_of(snapshot: Snapshot, as_of: date, covered: Sequence[str]) -> dict[str, list[tuple[date, date]]]:
    """The days up to `as_of` that the register says it covers, for each class of events; an unknown first day covers nothing."""
    frame = snapshot.frame("coverage").filter(pl.col("scope").str.starts_with("event_class:") & pl.col("completeness").is_in(list(covered)))
    spans: dict[str, list[tuple[date, date]]] = {}
    for scope, start, end in frame.select("scope", "start_earliest", "end_latest").drop_nulls().sort("start_earliest").iter_rows():
        name = scope.removeprefix("event_class:")
        if start <= as_of:
            for what in COVER.get(name, (name,)):
                spans[what] = _joined([*spans.get(what, []), (start, min(end, as_of))])
    return spans


def _joined(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spans without overlap, in order of their first day."""
    joined: list[tuple[date, date]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + timedelta(days=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _dated(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    width = (pl.col("start_latest") - pl.col("start_earliest")).dt.total_days()
    return frame.with_columns(day=midpoint("start"), exact=width == 0, monthly=width < 31, ref=f"{kind}:" + pl.col("id"))


def _provocations(events: pl.DataFrame, hostile: list[str], classes: Sequence[str]) -> pl.DataFrame:
    """Acts of the provoking classes by an adversary, whomever they were aimed at: a launch into the sea names those who protested."""
    acts = events.filter(pl.col("event_class").is_in(list(classes))).with_columns(actor="source_actors").explode("actor")
    return acts.filter(pl.col("actor").is_in(hostile)).with_columns(role=pl.lit("provocation"), what=pl.col("event_class"))


def _coercion(events: pl.DataFrame, home: str, hostile: list[str], classes: Sequence[str], coercion: Sequence[str]) -> pl.DataFrame:
    """Sanctions, coercion and acts of the provoking classes by any other state towards home."""
    kinds = pl.col("event_type").is_in(list(coercion)) | pl.col("event_class").is_in(list(classes))
    acts = events.filter(kinds & pl.col("target_actors").list.contains(home)).with_columns(actor="source_actors").explode("actor")
    return acts.filter(~pl.col("actor").is_in([home, *hostile])).with_columns(role=pl.lit("coercion"), what=pl.lit("coercion"))


def _talks(snapshot: Snapshot, home: str, hostile: list[str]) -> pl.DataFrame:
    """Meetings with an adversary, from events and dialogues, each happening once by its leading record."""
    sourced = pl.lit(True) if snapshot.include_unsourced else pl.col("sourced")
    events = _dated(snapshot.frame("event").filter((pl.col("event_class") == "talks") & pl.col("count_as").is_null() & sourced), "event")
    told = events.with_columns(
        ref=pl.coalesce("counted_with", "ref"), _who=pl.concat_list("source_actors", "target_actors"), _top=pl.col("subtype") == "summit"
    )
    held = snapshot.counted("dialogue").filter(pl.col("status").is_null() | (pl.col("status") == "held"))
    told = told.filter(~pl.col("ref").is_in(("dialogue:" + held["id"]).implode()))  # who met is what the meeting itself says
    met = _dated(held, "dialogue").with_columns(_who=pl.col("parties"), _top=pl.col("level") == "head_of_state")
    met, told = (frame.with_columns(_ours=pl.col("_who").list.contains(home)) for frame in (met, told))
    columns = ["ref", "day", "exact", "monthly", "_who", "_top", "_ours"]
    every = pl.concat([met.select(columns), told.select(columns)]).explode("_who").filter(pl.col("_who").is_in(hostile)).rename({"_who": "actor"})
    once = every.group_by("ref", "actor", maintain_order=True).agg(pl.col("day", "exact", "monthly").first(), pl.col("_top", "_ours").any())
    talks = once.with_columns(role=pl.lit("talks"), number=pl.lit(None, dtype=pl.Int64))
    named = [(pl.lit(True), "talks"), (pl.col("_top"), "summits")]
    return pl.concat([talks.filter(of).with_columns(what=pl.when("_ours").then(pl.lit(name)).otherwise(pl.lit(f"{name}_of_others"))) for of, name in named])
