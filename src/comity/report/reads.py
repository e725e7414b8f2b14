"""Which tables did a measure read? A view of a snapshot that writes down every table it hands out, so that a result can be kept while those are unchanged.

Whatever is not known to read less counts as having read everything. What it hands out depends on the text of the tables and on nothing else: rows are in
the order of their ids, and the snapshot's own hash, which depends on every table, is withheld (`NO_HASH`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, NoReturn, TypeVar

import numpy as np
import polars as pl

from comity.register.snapshot import Edited, Record, Snapshot
from comity.vocab.kinds import Kind, kind_of
from comity.vocab.text import Text

T = TypeVar("T")
NO_HASH = "0" * 64
PLAIN = (str, int, float, bool, bytes, type(None), date, Text, pl.DataFrame, pl.Series)


class WatchedSnapshot(Snapshot):
    """A snapshot as one computation sees it; `reads` are the tables that it was given so far."""

    def __init__(self, base: Snapshot, reads: set[str] | None = None) -> None:
        self.base = base
        self.reads: set[str] = set() if reads is None else reads
        super().__init__({}, base.settings, base.reader, base.known_at, include_unsourced=base.include_unsourced)
        self._tables = _Tables(base._tables, self.reads)  # type: ignore[assignment]  # read only, and written down

    @property
    def hash(self) -> str:
        """Withheld: a result's own is written in when it is made."""
        return NO_HASH

    def table(self, kind: str) -> pl.DataFrame:
        """The text of a kind, rows by id."""
        return self.base.table(self._read(kind)).sort("id")

    def frame(self, kind: str) -> pl.DataFrame:
        """The typed frame of a kind."""
        return self.base.frame(self._read(kind))

    def remembered(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` gives, shared with other computations together with what it read."""
        place = ("watched", *key)
        if place not in self.base._memory:
            before = set(self.reads)
            self.reads.clear()
            try:
                value = make()
                if not only_values(value):  # it might read on later, unseen
                    return value
                self.base._memory[place] = (value, frozenset(self.reads))
            finally:
                self.reads.update(before)
        kept, read = self.base._memory[place]
        self.reads.update(read)
        found: T = kept
        return found

    def derived(self, key: tuple[object, ...], make: Callable[[Snapshot], T], renew: Callable[[Snapshot, T, Edited], T]) -> T:
        """What is handed on through edits depends on everything."""
        self._read_all()
        return make(self)

    def including_unsourced(self) -> Snapshot:
        """The same view with unsourced records counted."""
        return WatchedSnapshot(self.base.including_unsourced(), self.reads)

    def record(self, ref: str) -> Record:
        """The record of that `kind:id`; of a bare id, after reading everything."""
        self._read_for(ref)
        found = self.base.record(ref)
        return Record(self, found.kind, found.id)

    def has_record(self, ref: str) -> bool:
        """Whether the record is visible."""
        self._read_for(ref)
        return self.base.has_record(ref)

    def claims_on(self, record: Record) -> list[dict[str, Any]]:
        """Claims on a record, by id."""
        self._read("claim")
        return sorted(self.base.claims_on(record), key=lambda row: str(row["id"]))

    def text_row(self, kind: Kind, record_id: str) -> dict[str, str | None]:
        """The cells of a record."""
        self._read(kind.name)
        return self.base.text_row(kind, record_id)

    @property
    def actor_names(self) -> dict[str, tuple[str, str, str, str]]:
        """Names of actors, by code."""
        self._read("actor")
        return dict(sorted(self.base.actor_names.items()))

    def after(self, *_: Any, **__: Any) -> NoReturn:
        """A computation edits nothing."""
        raise TypeError("a watched snapshot is read only")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a watched snapshot does not leave its process: nobody would see what is read there")

    def _read(self, kind: str) -> str:
        name = kind_of(kind).name
        self.reads.add(name)
        return name

    def _read_for(self, ref: str) -> None:
        kind, _, _ = ref.rpartition(":")
        if kind in self.base._tables:
            self.reads.add(kind)
        else:
            self._read_all()

    def _read_all(self) -> None:
        self.reads.update(self.base._tables)


class _Tables(Mapping[str, pl.DataFrame]):
    """Tables of which it is written down which were taken; whoever goes through them has read them all."""

    def __init__(self, tables: Mapping[str, pl.DataFrame], reads: set[str]) -> None:
        self._all, self._reads = tables, reads

    def __getitem__(self, name: str) -> pl.DataFrame:
        self._reads.add(name)
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        self._reads.update(self._all)
        return iter(self._all)

    def __len__(self) -> int:
        self._reads.update(self._all)
        return len(self._all)


def only_values(value: Any) -> bool:
    """Whether a value is all there: nothing in it can read a snapshot later."""
    if isinstance(value, PLAIN):
        return True
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype != object
    if isinstance(value, Mapping):
        return all(only_values(one) for pair in value.items() for one in pair)
    if isinstance(value, tuple | list | set | frozenset):
        return all(only_values(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return all(only_values(getattr(value, one.name)) for one in fields(value))
    return False
