"""What is open against a proposal when somebody decides on it? Whoever accepts it all the same must say why.

Counted are doubts that the checks raise, records that it may repeat, and findings of audits on its record that were neither mended nor found
to be right. All of it as the person who decides sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from comity.register.duplicates import Duplicate, day_fields, party_fields
from comity.register.editing import repeated
from comity.register.snapshot import Record, Snapshot
from comity.vocab.errors import Fault
from comity_desk.records.proposals.content import Content
from comity_desk.records.proposals.edits import Worked
from comity_desk.records.proposals.models import ADD, CHANGE

SETTLED = ("mended", "kept")
FOUR_EYES = "four_eyes"


@dataclass(frozen=True, slots=True)
class Concerns:
    """What is open against a proposal."""

    warnings: tuple[Fault, ...]
    duplicates: tuple[Duplicate, ...]
    findings: tuple[Record, ...]

    def __bool__(self) -> bool:
        return bool(self.warnings or self.duplicates or self.findings)


def concerns_of(worked: Worked, seen: Snapshot) -> Concerns:
    """What is open against it, as this reader sees it."""
    doubts = tuple(fault for fault in worked.warnings if fault.code != "possible-duplicate")
    return Concerns(doubts, tuple(duplicates_for(worked, seen)), tuple(open_findings(worked.content, seen)))


def duplicates_for(worked: Worked, seen: Snapshot) -> list[Duplicate]:
    """The records that this reader sees and that the change may make a repetition of."""
    content, kind = worked.content, worked.content.declared
    telling = {*kind.title, *day_fields(kind), *party_fields(kind), "url"}
    shown = worked.edit.shown.get(kind.name)
    if shown is None or shown.is_empty() or content.change not in (ADD, CHANGE) or not telling & set(content.cells):
        return []
    row: dict[str, Any] = shown.row(0, named=True)
    return repeated(seen, kind, row)


def open_findings(content: Content, seen: Snapshot) -> Sequence[Record]:
    """Findings of audits on the record that are neither mended nor found to be right."""
    if content.is_new:
        return []
    on_it = pl.col("records").str.split(";").list.contains(content.ref).fill_null(False)
    settled = pl.col("settlement").is_in(SETTLED).fill_null(False)
    ids = seen.table("finding").filter(on_it & ~settled)["id"]
    return [seen.record(f"finding:{one}") for one in ids]


def needs_two(content: Content, seen: Snapshot) -> bool:
    """Whether a marking on which the proposal stands asks for two officers."""
    handled = seen.table("marking").filter(pl.col("id").is_in(list(content.markings(seen))))["handling"]
    return any(FOUR_EYES in (told or "").split(";") for told in handled)
