"""Which events were in the store before: the same id of the same source, earlier in the file, in this load or in files loaded before.

The first is kept, later ones are listed with the place of the first. Ids are compared as text. Each file and part carries the range of its ids,
so that only what can hold the same ids is read; files of a publisher that counts upwards never meet. Events that are told several times under
ids of their own (a source that codes every story) are all kept: the one-a-day option of a panel counts them once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from comity.events.ledger import PartEntry
from comity.events.parts import STORED_DUPLICATES, STORED_EVENTS, Range, id_range
from comity.events.store import Store

PLACE = ["event_id", "file_no", "line"]


@dataclass
class Seen:
    """What a load has to compare with: the store's files of one source, and the batches that the load itself has brought."""

    store: Store
    source: str
    batches: list[tuple[Range, pl.DataFrame]] = field(default_factory=list)
    parts: list[PartEntry] = field(default_factory=list)  # written by this load, not yet in the ledger

    def split(self, events: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Events (STORED_EVENTS) seen for the first time, and the others as STORED_DUPLICATES."""
        span = id_range(events["event_id"])
        if span is None:
            return events, pl.DataFrame(schema=STORED_DUPLICATES)
        first = events["event_id"].is_first_distinct()
        earlier = self._places(events["event_id"], span)
        if first.all() and earlier.is_empty():
            kept, again = events, pl.DataFrame(schema=STORED_DUPLICATES)
        else:
            new = first & ~events["event_id"].is_in(earlier["event_id"].implode())
            kept = events.filter(new)
            known = pl.concat([earlier, kept.select(PLACE)]).rename({"file_no": "first_file_no", "line": "first_line"})
            again = events.filter(~new).select("source", *PLACE).join(known, on="event_id", how="left", maintain_order="left").select(list(STORED_DUPLICATES))
        self.batches.append((span, kept.select(PLACE)))
        return kept, again

    def written(self, parts: list[PartEntry]) -> None:
        """Take over from the batches: their rows are now in these parts."""
        self.batches.clear()
        self.parts = [part for part in parts if part.kind == "events" and part.source == self.source]

    def _places(self, ids: pl.Series, span: Range) -> pl.DataFrame:
        """Where ids stand that were seen before."""
        found = [frame.filter(pl.col("event_id").is_in(ids.implode())) for frame in self._earlier(span)]
        places = pl.concat([pl.DataFrame(schema={name: STORED_EVENTS[name] for name in PLACE}), *found])
        return places.unique("event_id", keep="first", maintain_order=True)

    def _earlier(self, span: Range) -> Iterator[pl.DataFrame]:
        if any(_meet(span, (entry.id_low, entry.id_high)) for entry in self.store.ledger.files if entry.source == self.source):
            mine = [part for part in self.store.ledger.parts_of("events") if part.source == self.source]
            yield from self._read(mine, span)
        yield from self._read(self.parts, span)
        yield from (frame for other, frame in self.batches if _meet(span, other))

    def _read(self, parts: list[PartEntry], span: Range) -> Iterator[pl.DataFrame]:
        for part in parts:
            if _meet(span, (part.id_low, part.id_high)):
                yield pl.read_parquet(self.store.path / part.path, columns=PLACE)


def _meet(one: Range, other: tuple[str | None, str | None]) -> bool:
    low, high = other
    return low is not None and high is not None and low <= one[1] and one[0] <= high
