"""What does a proposal say? The change, the cells, on what they rest, why; with the cells as they stood, on the proposal's own level.

It is kept as JSON and never changes. The edit of the register is computed from it each time it is looked at, so that what is decided on is
what would be written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from comity.register.editing_record import refs_of
from comity.register.resolve import LINKING
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import Field, Kind, kinds
from comity.vocab.text import Text
from comity_desk.audit.chain import canonical
from comity_desk.records.proposals.levels import row_marking
from comity_desk.records.proposals.models import ADD, CHANGE, JUDGE, Proposal

Cells = Mapping[str, str | None]


@dataclass(frozen=True)
class Content:
    """One change of one record, as somebody proposes it."""

    change: str
    kind: str
    marking: str
    record: str = ""
    cells: dict[str, str | None] = field(default_factory=dict)
    basis: dict[str, str] = field(default_factory=dict)  # source or its description, locator, confidence
    claim: str = ""  # that is to stand
    reason_en: str = ""
    reason_ko: str = ""
    another_thing: str = ""  # why it is not what it resembles
    beneath: bool = False  # the proposer reads a narrower value in a cell, and means the one beneath it
    base: dict[str, str | None] = field(default_factory=dict)  # the cells as they stood

    @property
    def declared(self) -> Kind:
        """The kind of the record."""
        return kinds()[self.kind]

    @property
    def ref(self) -> str:
        """The record that it changes."""
        return f"{self.kind}:{self.record}"

    @property
    def reason(self) -> Text:
        """Why."""
        return Text(self.reason_en or self.reason_ko, self.reason_ko or self.reason_en)

    @property
    def is_new(self) -> bool:
        """Whether the record is not there yet."""
        return self.change == ADD

    @property
    def about(self) -> str:
        """The field that a claim or a judgement is about."""
        return next(iter(self.cells), "")

    @property
    def sets_markings(self) -> bool:
        """Whether it decides who may see something that is there: the row's marking, or a marking itself."""
        return self.kind == "marking" or (self.change in (CHANGE, JUDGE) and "marking" in self.cells)

    def markings(self, seen: Snapshot) -> tuple[str, ...]:
        """The markings on whose level it is: its own, the row's, the claim's that is to stand, and one that the row is to have."""
        named = [self.marking]
        if not self.is_new and seen.has_record(self.ref):
            named.append(row_marking(seen, self.ref) or "")
        if self.change == JUDGE and seen.has_record(f"claim:{self.claim}"):
            named.append(seen.record(f"claim:{self.claim}")["marking"] or "")
        if self.change == CHANGE and "marking" in self.cells:
            named.append(self.cells["marking"] or "")
        return tuple(dict.fromkeys(one for one in named if one))

    def names(self) -> list[str]:
        """The records that it names, `kind:id`: a reader must see each of them to see it."""
        cells = [(self.declared.field(name), value) for name, value in self.cells.items() if self.declared.has(name)]
        refs = [f"{kind}:{one}" for told, value in cells for _, (kind, one) in refs_of(told, value)]
        own = [] if self.is_new else [self.ref]
        source = [f"source:{self.basis['source']}"] if self.basis.get("source") else []
        claim = [f"claim:{self.claim}"] if self.claim else []
        return list(dict.fromkeys([*own, *refs, *source, *claim]))

    def with_base(self, seen: Snapshot) -> Content:
        """The same, with the cells that it changes as they stand for `seen`."""
        return replace(self, base=cells_at(seen, self.ref, list(self.cells)) if not self.is_new else {})

    def written(self) -> str:
        """As it is kept."""
        return canonical({name: value for name, value in asdict(self).items() if value not in ("", {}, None, False)} | {"cells": self.cells, "base": self.base})

    @property
    def digest(self) -> str:
        """Of the cells as they stood."""
        return digest_of(self.base)


def content_of(proposal: Proposal) -> Content:
    """What a proposal says; nothing but its frame once destroyed."""
    told: dict[str, Any] = proposal.told
    if not told:
        return Content(proposal.change, proposal.kind, proposal.marking, proposal.record)
    return Content(**told)


def cells_at(seen: Snapshot, ref: str, names: list[str]) -> dict[str, str | None]:
    """Cells of a record as a snapshot has them; empty where it has no such record."""
    if not seen.has_record(ref):
        return dict.fromkeys(names)
    cells = seen.record(ref).cells
    return {name: cells.get(name) for name in names}


def digest_of(cells: Cells) -> str:
    """What tells two states of the same cells apart."""
    return hashlib.sha256(json.dumps(dict(sorted(cells.items())), ensure_ascii=False).encode()).hexdigest()


def linking(kind: Kind) -> list[Field]:
    """The fields of a kind that name records."""
    return kind.of_type(*LINKING)
