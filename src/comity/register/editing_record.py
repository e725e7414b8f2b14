"""What does one editor see of the record that they edit, and what else is there?

The register is the truth, the snapshot is what the editor reads. A cell has what the row says, what the editor reads in it, and perhaps
claims that the editor may not see: these decide what an edit must leave standing, and never what the editor is told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import cast

import polars as pl

from comity.register.editing_claims import Row, marking_of
from comity.register.proposed_id import fresh_claim_id, fresh_id
from comity.register.readers import EVERYTHING
from comity.register.register import Register
from comity.register.resolve import LINKING, STANDING, TRUST
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Field, Kind, kinds

Ref = tuple[str, str]  # kind, id


@dataclass(frozen=True)
class Editor:
    """Who edits: what is true, what they read, the day, and where their random tokens come from."""

    register: Register
    seen: Snapshot
    today: date
    token: Callable[[], str]
    drawn: set[Ref] = field(default_factory=set)  # ids given in this edit

    @cached_property
    def visible(self) -> frozenset[str]:
        """Ids of the markings that the editor may see."""
        return frozenset(self.seen.table("marking")["id"])

    @cached_property
    def sees_all(self) -> bool:
        """Whether nothing is hidden from the editor, so that ids may be chosen."""
        return self.seen.reader.name == EVERYTHING

    def held(self, ref: str) -> Held:
        """The record of that id, or of `kind:id`; `UnknownRecord` where the editor sees none, whether or not there is one."""
        word, _, record = ref.rpartition(":")
        found = [name for name in kinds() if (not word or name == word) and (self.seen.table(name)["id"] == record).any()]
        if len(found) != 1:
            self.seen.record(ref)  # raises, in the snapshot's words
        kind = kinds()[found[0]]
        row, shown = (_only(table, kind, record) for table in (self.register.tables[kind.name], self.seen.table(kind.name)))
        claims = _claims(self.register.tables["claim"], kind.name, record)
        read = _claims(self.seen.table("claim"), kind.name, record)
        known = {claim["id"] for claim in read}
        hidden = tuple(claim for claim in claims if claim["status"] == "adopted" and claim["marking"] not in self.visible)
        return Held(kind, record, row, shown, tuple(claim for claim in claims if claim["id"] in known), hidden, tuple(read))

    def new_id(self, kind: Kind, cells: Row) -> str | None:
        """An id for a new record; one that was chosen stands as it is only where nothing is hidden from the editor."""
        if self.sees_all and cells.get("id"):
            return cells["id"]
        return fresh_id(kind, cells, self.token, lambda one: self._taken(kind.name, one))

    def new_claim_id(self, kind: str, record: str, name: str) -> str:
        """An id for a new claim."""
        made = fresh_claim_id(kind, record, name, self.token, lambda one: self._taken("claim", one))
        self.drawn.add(("claim", made))
        return made

    def _taken(self, kind: str, record: str) -> bool:
        return (kind, record) in self.drawn or bool((self.register.tables[kind]["id"] == record).any())

    def there(self, refs: Iterable[Ref]) -> set[Ref]:
        """Those of these records that the editor sees."""
        asked: dict[str, set[str]] = {}
        for kind, record in refs:
            asked.setdefault(kind, set()).add(record)
        return {(kind, one) for kind, ids in asked.items() if kind in kinds() for one in self._ids_there(kind, ids)}

    def _ids_there(self, kind: str, ids: Collection[str]) -> list[str]:
        known = self.seen.table(kind)["id"]
        return known.filter(known.is_in(list(ids))).to_list()

    def unseen_parts(self, field: Field, value: str | None) -> list[str]:
        """The parts of a cell that name records which the editor does not see."""
        named = refs_of(field, value)
        there = self.there(ref for _, ref in named)
        return [part for part, ref in named if ref not in there]

    def as_read(self, field: Field, value: str | None) -> str | None:
        """The cell as the editor reads it: without what names records that they do not see."""
        unseen = set(self.unseen_parts(field, value))
        if not unseen or value is None:
            return value
        return ";".join(part for part in parts_of(field, value) if part not in unseen) or None

    def claim_as_read(self, claim: Row) -> Row:
        """A claim as the editor reads it."""
        kind, told = kinds()[str(claim["record_kind"])], kinds()["claim"]
        value = self.as_read(kind.field(str(claim["field"])), claim["value"]) if kind.has(str(claim["field"])) else claim["value"]
        return claim | {"value": value, "source": self.as_read(told.field("source"), claim["source"])}


@dataclass(frozen=True)
class Held:
    """One record: its row, what the editor reads in it, the claims on it that they may see, and the adopted ones that they may not."""

    kind: Kind
    id: str
    row: Row
    shown: Row
    claims: tuple[Row, ...]
    hidden: tuple[Row, ...]
    read: tuple[Row, ...]  # the visible claims as the snapshot has them: statuses as they stand for this editor

    @property
    def ref(self) -> str:
        """`kind:id`."""
        return f"{self.kind.name}:{self.id}"

    @property
    def marking(self) -> str | None:
        """Who may see the row."""
        return marking_of(self.kind, self.row)

    def on(self, field: str, *statuses: str) -> list[Row]:
        """The visible claims on a cell, of these statuses in the register."""
        return [claim for claim in self.claims if claim["field"] == field and claim["status"] in statuses]

    def hidden_on(self, field: str) -> list[Row]:
        """The adopted claims on a cell that the editor may not see."""
        return [claim for claim in self.hidden if claim["field"] == field]

    def standing(self, field: str) -> Row | None:
        """The claim that stands in the cell for this editor, as the register has it; none where it is the row's own."""
        ids = {claim["id"] for claim in self.read if claim["field"] == field and claim["status"] == "adopted"}
        return next((claim for claim in self.claims if claim["id"] in ids), None)

    def base(self, field: str) -> str | None:
        """What the row says in a cell to those who see no narrower claim on it: as `resolve` decides for this editor, links unpruned."""
        if field == "id" or not self.hidden_on(field):
            return self.row[field]
        left = self.on(field, "adopted", "competing")
        best = min(left, key=lambda one: (STANDING[str(one["status"])], TRUST.get(str(one["confidence"]), 9), str(one["id"])), default=None)
        return best["value"] if best else None

    @cached_property
    def base_row(self) -> Row:
        """The row so."""
        return {name: self.base(name) for name in self.kind.columns}


def refs_of(field: Field, value: str | None) -> list[tuple[str, Ref]]:
    """The records that a cell names: each part of the cell with its kind and id."""
    if value is None or field.type not in LINKING:
        return []
    return [(part, _ref(field, part)) for part in parts_of(field, value)]


def parts_of(field: Field, value: str) -> list[str]:
    """The parts of a cell that holds several values, or the cell."""
    return value.split(";") if field.is_list or field.type == "actor_counts" else [value]


def _ref(field: Field, part: str) -> Ref:
    if field.target == "any":
        kind, _, record = part.partition(":")
        return kind, record
    if field.type in ("link", "links"):
        return str(field.target), part
    return "actor", part.partition(":")[0] if field.type == "actor_counts" else part


def _only(table: pl.DataFrame, kind: Kind, record: str) -> Row:
    return cast(Row, table.filter(pl.col("id") == record).select(kind.columns).row(0, named=True))


def _claims(table: pl.DataFrame, kind: str, record: str) -> list[Row]:
    own = (pl.col("record") == record) & (pl.col("record_kind") == kind)
    return cast(list[Row], table.filter(own).select(kinds()["claim"].columns).rows(named=True))
