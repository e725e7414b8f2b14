"""What changed lately for this reader? Records entered and claims superseded, withdrawn or disputed in the last days, as the snapshot shows them.

Days are those on which the register learned of it, not those on which anything happened. Where very many records of a kind were entered on one
day, they are one line: a package that was loaded is no news of eight thousand things.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity.vocab.text import Text

DAYS = 30
TOGETHER = 5  # more new records of one kind on one day, or more changes of one kind for one reason, are told together
ENTERED, CHANGED, DISPUTED, WITHDRAWN = "entered", "changed", "disputed", "withdrawn"
WORDS = {
    ENTERED: Text("entered", "새로 등록"),
    CHANGED: Text("changed", "변경"),
    DISPUTED: Text("another claim", "다른 주장 등록"),
    WITHDRAWN: Text("a claim was withdrawn", "주장 철회"),
}
LEFT_OUT = ("claim", "marking", "actor_code")
_STATUS = {"superseded": CHANGED, "competing": DISPUTED, "withdrawn": WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Change:
    """A record that was entered or changed on a day; `many` of one kind together where they are too many to list."""

    day: date
    what: str
    kind: str
    ref: str = ""
    fields: tuple[str, ...] = ()
    reason: Text | None = None
    many: int = 1


def changes(snapshot: Snapshot, until: date, days: int = DAYS) -> list[Change]:
    """Changes of the days up to `until`, the latest first."""
    since = until - timedelta(days=days)
    return snapshot.remembered(("recent", since, until), lambda: sorted(_found(snapshot, since, until), key=_order))


def _order(change: Change) -> tuple[int, bool, str, str, str]:
    return (-change.day.toordinal(), change.many == 1, change.kind, change.what, change.ref)


def _found(snapshot: Snapshot, since: date, until: date) -> Iterator[Change]:
    yield from _entered(snapshot, since, until)
    yield from _together(list(_judged(snapshot, since, until)))


def _together(found: list[Change]) -> Iterator[Change]:
    """Changes of one day, kind and reason as one where they are many."""
    alike: dict[tuple[object, ...], list[Change]] = {}
    for change in found:
        alike.setdefault((change.day, change.what, change.kind, change.fields, change.reason), []).append(change)
    for part in alike.values():
        if len(part) > TOGETHER:
            yield replace(part[0], ref="", many=len(part))
        else:
            yield from part


def _entered(snapshot: Snapshot, since: date, until: date) -> Iterator[Change]:
    first, last = since.isoformat(), until.isoformat()
    for name, kind in kinds().items():
        if name in LEFT_OUT or not kind.has("entered_at"):
            continue
        rows = snapshot._tables[name].filter((pl.col("entered_at") > first) & (pl.col("entered_at") <= last))
        for (day,), part in rows.select("id", "entered_at").sort("entered_at", "id").group_by(["entered_at"], maintain_order=True):
            on = date.fromisoformat(str(day))
            if part.height > TOGETHER:
                yield Change(on, ENTERED, name, many=part.height)
            else:
                yield from (Change(on, ENTERED, name, f"{name}:{one}") for one in part["id"])


def _judged(snapshot: Snapshot, since: date, until: date) -> Iterator[Change]:
    """Claims that stopped standing, or that dispute what stands; those on records entered the same day are part of entering them."""
    first, last = since.isoformat(), until.isoformat()
    rows = snapshot._tables["claim"].with_columns(
        on=pl.when(pl.col("status") == "competing").then("entered_at").otherwise(pl.coalesce("superseded_at", "entered_at"))
    )
    rows = rows.filter(pl.col("status").is_in(list(_STATUS)) & (pl.col("on") > first) & (pl.col("on") <= last)).sort(
        "on", "record_kind", "record", "field", "id"
    )
    for (day, kind, record, status), part in rows.group_by(["on", "record_kind", "record", "status"], maintain_order=True):
        ref = f"{kind}:{record}"
        if not snapshot.has_record(ref) or snapshot.record(ref).cells.get("entered_at") == day:
            continue
        said = part.row(0, named=True)
        reason = Text(said["reason_en"], said["reason_ko"] or said["reason_en"]) if said["reason_en"] else None
        yield Change(date.fromisoformat(str(day)), _STATUS[str(status)], str(kind), ref, tuple(dict.fromkeys(part["field"])), reason)


def by_day(found: list[Change]) -> list[tuple[date, list[Change]]]:
    """Changes in groups of one day."""
    days: dict[date, list[Change]] = {}
    for change in found:
        days.setdefault(change.day, []).append(change)
    return list(days.items())
