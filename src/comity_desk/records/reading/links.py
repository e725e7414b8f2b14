"""Which records name this one? An index of every link of the snapshot, handed on through edits.

Links to records that the reader may not see are not in the snapshot, and records that the reader may not see link to nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from comity.register.snapshot import Edited, Record, Snapshot
from comity.vocab.kinds import Field, Kind, kinds
from comity.vocab.text import Lang, Text
from comity_desk.lib.addresses import record_address, records_address
from comity_desk.records.reading.shelf import shelf

SHOWN = 12
LEFT_OUT = ("marking",)  # every record names its marking: their lists are narrowed by it instead
SCHEMA = {"to": pl.String, "kind": pl.String, "field": pl.String, "id": pl.String}


@dataclass(frozen=True, slots=True)
class Linking:
    """One record that names this one."""

    title: str
    address: str
    date: str | None


@dataclass(frozen=True, slots=True)
class LinkedFrom:
    """The records of one kind that name this one in one field: how many, the latest of them, and the list of all."""

    label: Text
    kind: Kind
    count: int
    shown: tuple[Linking, ...]
    address: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


def linked_from(snapshot: Snapshot, record: Record, lang: Lang) -> list[LinkedFrom]:
    """What names this record, by kind and field, in the vocabulary's order."""
    own = _index(snapshot).filter(pl.col("to") == record.ref)
    parts = {(kind, field): part["id"] for (kind, field), part in own.partition_by("kind", "field", as_dict=True).items()} if own.height else {}
    each = [(kind, field, parts.get((kind.name, field.name))) for kind in kinds().values() for field in _fields(kind)]
    return [_group(snapshot, record, kind, field, ids, lang) for kind, field, ids in each if ids is not None]


def _group(snapshot: Snapshot, record: Record, kind: Kind, field: Field, ids: pl.Series, lang: Lang) -> LinkedFrom:
    rows = shelf(snapshot, kind).filter(pl.col("id").is_in(ids.implode())).sort("_day", "id", descending=[True, False], nulls_last=True).head(SHOWN)
    shown = tuple(
        Linking(title or one, record_address(f"{kind.name}:{one}"), date) for one, title, date in rows.select("id", f"_title_{lang}", "_date").iter_rows()
    )
    value = record.ref if field.target == "any" else record.id
    return LinkedFrom(field.inverse or field.label, kind, ids.len(), shown, records_address(kind.name, **{field.name: value}))


def _index(snapshot: Snapshot) -> pl.DataFrame:
    return snapshot.derived(("links",), lambda seen: _links(seen, dict.fromkeys(kinds())), _renewed)


def _renewed(snapshot: Snapshot, former: pl.DataFrame, edited: Edited) -> pl.DataFrame:
    if not edited:
        return former
    gone = pl.any_horizontal((pl.col("kind") == name) & pl.col("id").is_in(ids) for name, ids in edited.items())
    return pl.concat([former.filter(~gone), _links(snapshot, edited)])


def _links(snapshot: Snapshot, which: dict[str, None] | Edited) -> pl.DataFrame:
    found = [pl.DataFrame(schema=SCHEMA)]
    for name, ids in which.items():
        kind = kinds()[name]
        frame = snapshot.frame(name) if ids is None else snapshot.frame(name).filter(pl.col("id").is_in(ids))
        found += [_of_field(frame, kind, field) for field in _fields(kind)] if frame.height else []
    return pl.concat(found)


def _of_field(frame: pl.DataFrame, kind: Kind, field: Field) -> pl.DataFrame:
    each = frame.select("id", to=pl.col(field.name)).explode("to") if field.is_list else frame.select("id", to=pl.col(field.name))
    to = pl.col("to") if field.target == "any" else pl.lit(f"{field.target}:") + pl.col("to")
    return each.filter(pl.col("to").is_not_null()).select(to=to, kind=pl.lit(kind.name), field=pl.lit(field.name), id="id")


def _fields(kind: Kind) -> list[Field]:
    return [field for field in kind.of_type("link", "links") if field.name not in LEFT_OUT]
