"""What does the record hold of each partner? Every partner's dated records, kept through edits: an edit renews the partners that it touches.

Made from the timeline of the reader's own snapshot. What is drawn from one partner's records may be kept beside them (`drawn`): it stays right
as long as the same records stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from comity.measures.timeline import timeline
from comity.register.layered import layered
from comity.register.snapshot import Snapshot

T = TypeVar("T")
Edited = dict[str, list[str]]
NAMED = frozenset({"actor", "partner", "exercise_series", "dialogue_series", "deployment", "marking", "source"})  # kinds that pages of partners name
COLUMNS = ("ref", "kind", "text", "first", "last", "year", "mechanism")


@dataclass(frozen=True)
class Partner:
    """One partner's dated records, the latest first, and how many of each kind there are."""

    code: str
    acts: pl.DataFrame
    counts: dict[str, int]
    _drawn: dict[str, tuple[object, object]] = field(default_factory=dict, repr=False, compare=False)

    def drawn(self, place: str, key: object, make: Callable[[], T]) -> T:
        """What `make` gives for a place on a page, made once for these records and this key; of one place the last is kept."""
        kept = self._drawn.get(place)
        if kept is None or kept[0] != key:
            kept = self._drawn[place] = (key, make())
        return kept[1]  # type: ignore[return-value]  # what was put under this place


@dataclass(frozen=True)
class PartnerIndex:
    """Partners by code, and which partners each record is in."""

    partners: dict[str, Partner]
    where: Mapping[str, tuple[str, ...]]


def partner_index(snapshot: Snapshot) -> PartnerIndex:
    """The index of a snapshot, handed on through edits."""
    return snapshot.derived(("partner index",), _built, _renewed)


def _built(snapshot: Snapshot) -> PartnerIndex:
    acts = timeline(snapshot)
    each = acts.explode("actors").filter(pl.col("actors").is_not_null() & (pl.col("actors") != snapshot.home))
    parts = {str(key[0]): part for key, part in each.group_by("actors", maintain_order=True)}
    partners = {code: _partner(code, part) for code, part in parts.items()}
    return PartnerIndex(partners, {ref: tuple(actors) for ref, actors in acts.select("ref", "actors").iter_rows()})


def _partner(code: str, acts: pl.DataFrame) -> Partner:
    counts = dict(acts.group_by("kind").len().sort("kind").iter_rows())
    return Partner(code, acts.select(COLUMNS), counts)


def _renewed(snapshot: Snapshot, old: PartnerIndex, edited: Edited) -> PartnerIndex:
    """The index after an edit."""
    refs = {f"{kind}:{one}" for kind, ids in edited.items() for one in ids}
    parents = {name: edited[name] for name in ("agreement", "deployment") if name in edited}
    acts = timeline(snapshot)
    if parents:  # periods and mandates take their actors from what they belong to
        children = {"agreement": "agreement_period", "deployment": "mandate"}
        refs |= {f"{children[name]}:{one}" for name, ids in parents.items() for one in snapshot.frame(children[name]).filter(pl.col(name).is_in(ids))["id"]}
    fresh = acts.filter(pl.col("ref").is_in(list(refs)))
    known = {ref: codes for ref in refs if (codes := old.where.get(ref))}
    if edited.keys() & NAMED:
        old = PartnerIndex({code: Partner(code, one.acts, one.counts) for code, one in old.partners.items()}, old.where)  # what was drawn may name them
    if fresh.is_empty() and not known:
        return old
    now = dict.fromkeys(known, ()) | {ref: tuple(actors) for ref, actors in fresh.select("ref", "actors").iter_rows()}
    partners = dict(old.partners)
    for code in {code for codes in (*known.values(), *now.values()) for code in codes} - {snapshot.home}:
        partners.pop(code, None)
        acts_now = acts.filter(pl.col("actors").list.contains(code))
        if acts_now.height:
            partners[code] = _partner(code, acts_now)
    return PartnerIndex(partners, layered(old.where, now))


def refs_of(partner: Partner, kinds: Iterable[str]) -> list[str]:
    """The partner's records of these kinds, the latest first."""
    return partner.acts.filter(pl.col("kind").is_in(list(kinds)))["ref"].to_list()
