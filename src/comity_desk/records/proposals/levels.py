"""On which level is a proposal made? On that of its markings: it is worked out from what everybody may see who may see the proposal.

An editor may see more than those who will read the proposal. So that nothing of that comes into it, neither a former value, nor a fault, nor
a duplicate, nor whether it is outdated, the edit is computed from the editor's snapshot narrowed to what its readers see. Whoever may see
the proposal may therefore see everything on which it rests, and what it answers depends on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from comity.register.readers import Reader, covers
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity_desk.ledger.snapshots import snapshot_for


@dataclass(frozen=True, slots=True)
class Below(Reader):
    """A class of readers, narrowed to what everybody may see who may see each of these markings."""

    markings: tuple[str, ...] = ()

    def visible(self, markings: pl.DataFrame) -> list[str]:
        """Ids of the markings that are left."""
        own = Reader(self.name, self.clearance).visible(markings)
        return [one for one in own if any(covers(markings, one, narrow) for narrow in self.markings)]


def snapshot_at(reader: Reader, markings: tuple[str, ...]) -> Snapshot:
    """What this reader sees, on the level of those markings."""
    return snapshot_for(Below(reader.name, reader.clearance, tuple(sorted(set(markings)))))


def row_marking(seen: Snapshot, ref: str) -> str | None:
    """Who may see a record: its row's marking; a marking is seen by those who hold it."""
    kind, _, record = ref.partition(":")
    if kind == "marking":
        return record
    return seen.record(ref)["marking"] if kinds()[kind].has("marking") else None


def usual_marking(seen: Snapshot) -> str | None:
    """The marking of what names none: the package's setting `marking`, or the only one that this reader sees; else a person must say it."""
    known = seen.table("marking")["id"].to_list()
    wanted = seen.settings.get("marking")
    return str(wanted) if wanted in known else known[0] if len(known) == 1 else None
