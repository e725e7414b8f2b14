"""A list of records as pages show it: kind, title, days, and where it stands; grouped by kind, the latest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from comity.register.snapshot import Record, Snapshot
from comity.vocab.kinds import Kind
from comity.vocab.text import Text
from comity_desk.lib.addresses import record_address

WHEN = ("start", "signed", "in_force", "date", "promised", "field_start", "first_held", "published")


@dataclass(frozen=True, slots=True)
class Reference:
    """A record in a list."""

    ref: str
    title: Text
    address: str
    when: str


@dataclass(frozen=True, slots=True)
class Group:
    """The records of one kind."""

    kind: Kind
    references: tuple[Reference, ...]


def reference(snapshot: Snapshot, ref: str) -> Reference:
    """A record in a list, by its ref."""
    record = snapshot.record(ref)
    return Reference(ref, Text(record.title("en"), record.title("ko")), record_address(ref), when_of(record))


def when_of(record: Record) -> str:
    """The day by which a record is known, as it is written in the record; empty where it has none."""
    cells = record.cells
    named = (*((record.kind.span or ())[:1]), *WHEN)
    return next((str(cells[name]) for name in named if cells.get(name)), "")


def referred(snapshot: Snapshot, refs: Iterable[str]) -> list[Group]:
    """Records by kind, in the order of the kinds, the latest first."""
    by: dict[str, list[Reference]] = {}
    for ref in dict.fromkeys(refs):
        by.setdefault(ref.partition(":")[0], []).append(reference(snapshot, ref))
    from comity.vocab.kinds import kinds

    return [Group(kind, tuple(sorted(by[name], key=lambda one: (one.when, one.ref), reverse=True))) for name, kind in kinds().items() if name in by]
