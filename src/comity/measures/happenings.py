"""Which happenings does the register tell more than once, and which record leads each of them?

Read from `counted_with` of every kind: an event that a meeting, an agreement or an exercise tells too is counted there and nowhere else.
It lists what the keepers linked; happenings that nobody linked are not found here.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds

SCHEMA: dict[str, Any] = {"leading": pl.String, "kind": pl.String, "retold": pl.Int64, "records": pl.List(pl.String)}


def happenings(snapshot: Snapshot) -> pl.DataFrame:
    """Groups of records of one happening: `leading` (the record that counts), its `kind`, `retold` (how many others tell it), `records` (all, the leading one first).

    A record that is counted with one which is itself counted with another belongs to the last one's group. Groups by leading record.
    """
    led = _led(snapshot)
    groups: dict[str, list[str]] = {}
    for ref in sorted(led):
        if (head := _head(ref, led)) != ref:
            groups.setdefault(head, []).append(ref)
    rows = [{"leading": head, "kind": head.partition(":")[0], "retold": len(refs), "records": [head, *refs]} for head, refs in sorted(groups.items())]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _led(snapshot: Snapshot) -> dict[str, str]:
    """What each retold record is counted with."""
    led: dict[str, str] = {}
    for name, kind in kinds().items():
        if kind.has("counted_with"):
            rows = snapshot.frame(name).filter(pl.col("counted_with").is_not_null()).select("id", "counted_with")
            led |= {f"{name}:{record_id}": leader for record_id, leader in rows.iter_rows()}
    return led


def _head(ref: str, led: dict[str, str]) -> str:
    """The record at the end of the chain; where records name each other in a circle, the first of them by name."""
    chain = [ref]
    while (following := led.get(chain[-1])) is not None:
        if following in chain:
            return min(chain[chain.index(following) :])
        chain.append(following)
    return chain[-1]
