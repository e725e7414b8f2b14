"""What happened, and when? Every dated act of the record in one list, whatever its kind, with the actors in it and its mechanism.

Read from every kind that tells an act: instruments by their signature (else entry into force), their periods, exercises, meetings, visits,
deployments, mandates, transfers, events, promises. Records that tell of something another record leads are in it too: it is a list of records, and
no count of happenings. What has no date is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds

INFORMATION = ("information_security", "information_arrangement")
VISITS = ("visit", "tour")
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {  # kind → dates by which it is known, actors in it, mechanism
    "agreement": (("signed", "in_force", "attested"), ("parties",), "agreements"),
    "agreement_period": (("start",), ("by",), "agreements"),
    "exercise": (("start",), ("participants", "observers"), "exercises"),
    "dialogue": (("start",), ("parties",), "dialogues"),
    "visit": (("start",), ("visitor", "host"), "visits"),
    "deployment": (("start",), ("countries", "command"), "deployments"),
    "mandate": (("date",), (), "deployments"),
    "transfer": (("signed",), ("supplier", "recipient"), "technology"),
    "event": (("start",), ("source_actors", "target_actors"), "events"),
    "commitment": (("promised",), ("by", "to"), "commitments"),
}
MECHANISMS = ("agreements", "exercises", "dialogues", "visits", "deployments", "technology", "information", "events", "commitments")
SCHEMA: dict[str, Any] = {
    "ref": pl.String,
    "kind": pl.String,
    "text": pl.String,
    "first": pl.Date,
    "last": pl.Date,
    "year": pl.Int32,
    "mechanism": pl.String,
    "actors": pl.List(pl.String),
}
Edited = dict[str, list[str]]


def timeline(snapshot: Snapshot) -> pl.DataFrame:
    """Acts, the latest first: `ref`, `kind`, `text` (the date as known), `first`, `last` (the days that it may mean), `year`, `mechanism`, `actors`."""
    return snapshot.derived(("timeline",), lambda seen: _sorted(pl.concat([_acts(seen, name) for name in KINDS])), _renewed)


def _renewed(snapshot: Snapshot, old: pl.DataFrame, edited: Edited) -> pl.DataFrame:
    """The list after an edit: only the records touched are read again; a period or mandate is told by what it belongs to as well."""
    touched = {name: ids for name, ids in edited.items() if name in KINDS}
    if not touched:
        return old
    touched |= {child: _belonging(snapshot, child, parent, touched[parent]) + touched.get(child, []) for child, parent in _CHILDREN if parent in touched}
    refs = [f"{name}:{one}" for name, ids in touched.items() for one in ids]
    fresh = [_acts(snapshot, name, ids) for name, ids in touched.items()]
    return _sorted(pl.concat([old.filter(~pl.col("ref").is_in(refs)), *fresh]))


_CHILDREN = (("agreement_period", "agreement"), ("mandate", "deployment"))


def _belonging(snapshot: Snapshot, child: str, parent: str, ids: Iterable[str]) -> list[str]:
    return snapshot.frame(child).filter(pl.col(parent).is_in(list(ids)))["id"].to_list()


def _sorted(acts: pl.DataFrame) -> pl.DataFrame:
    return acts.sort(["first", "last", "ref"], descending=[True, True, False], maintain_order=True)


def _acts(snapshot: Snapshot, name: str, ids: list[str] | None = None) -> pl.DataFrame:
    """The dated acts of one kind, or those of them that are named."""
    dates, among, mechanism = KINDS[name]
    frame = snapshot.frame(name)
    if ids is not None:
        frame = frame.filter(pl.col("id").is_in(ids))
    frame = _with_parents(snapshot, name, frame)
    told = pl.coalesce(*(pl.when(pl.col(one) != "..").then(pl.col(one)) for one in dates))
    first, last = (pl.coalesce(*(pl.when(pl.col(one) != "..").then(pl.col(f"{one}_{end}")) for one in dates)) for end in ("earliest", "latest"))
    who = [pl.col(one) if kinds()[name].field(one).is_list else pl.concat_list(one) for one in among]
    actors = pl.concat_list(*who, "_more").list.drop_nulls().list.unique().list.sort()
    made = frame.select(
        ref=pl.lit(f"{name}:") + pl.col("id"),
        kind=pl.lit(name),
        text=told,
        first=first,
        last=last,
        year=first.dt.year(),
        mechanism=_mechanism(name, mechanism),
        actors=actors,
    )
    return made.filter(pl.col("first").is_not_null()).select(pl.col(column).cast(of) for column, of in SCHEMA.items())


def _mechanism(name: str, usual: str) -> pl.Expr:
    if name == "agreement":
        return pl.when(pl.col("agreement_type").is_in(INFORMATION)).then(pl.lit("information")).otherwise(pl.lit(usual))
    if name == "dialogue":
        return pl.when(pl.col("format").is_in(VISITS)).then(pl.lit("visits")).otherwise(pl.lit(usual))
    return pl.lit(usual)


def _with_parents(snapshot: Snapshot, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with the actors that they take from what they belong to: a period from its agreement, a mandate from its deployment."""
    parent = dict(_CHILDREN).get(name)
    if parent is None:
        return frame.with_columns(_more=pl.lit([], dtype=pl.List(pl.String)))
    of = snapshot.frame(parent)
    who = pl.col("parties") if parent == "agreement" else pl.concat_list("countries", "command").list.drop_nulls()
    return frame.join(of.select(pl.col("id").alias(parent), who.alias("_more")), on=parent, how="left").with_columns(pl.col("_more").fill_null([]))
