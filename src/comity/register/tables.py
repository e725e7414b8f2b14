"""The tables of a package as the checks look at them: text, typed frames and ids, each made once, and faults from masks of rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property

import polars as pl

from comity.register.frames import typed
from comity.register.package import FILE, LINE, empty_table
from comity.vocab.errors import Fault, Severity
from comity.vocab.kinds import Kind, kinds
from comity.vocab.text import Text


class CheckedTables:
    """Text tables by kind with their typed frames, for checks that look across kinds."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self.text = tables
        self._typed: dict[str, pl.DataFrame] = {}

    def typed(self, name: str) -> pl.DataFrame:
        """Typed frame of a kind with file and line of each row."""
        if name not in self._typed and self.text[name].is_empty():
            self._typed[name] = _typed_empty(name)
        elif name not in self._typed:
            places = self.text[name].select("id", LINE, FILE).sort("id", maintain_order=True)  # as `typed` sorts, so that rows stay beside their lines
            self._typed[name] = pl.concat([typed(self.text[name], kinds()[name]), places.drop("id")], how="horizontal")
        return self._typed[name]

    @cached_property
    def ids(self) -> dict[str, pl.Series]:
        """Ids of every kind."""
        return {name: table["id"].drop_nulls().unique() if table.height else table["id"] for name, table in self.text.items()}

    @cached_property
    def refs(self) -> pl.Series:
        """`kind:id` of every record."""
        return pl.concat([name + ":" + ids for name, ids in self.ids.items() if ids.len()] or [pl.Series(dtype=pl.String)])


@cache
def _typed_empty(name: str) -> pl.DataFrame:
    return typed(empty_table(kinds()[name]), kinds()[name]).with_columns(pl.lit(None, dtype=pl.Int32).alias(LINE), pl.lit(None, dtype=pl.String).alias(FILE))


def faults_where(
    rows: pl.DataFrame, field: str | None, code: str, what: Text, mend: Text, *, severity: Severity = "error", shows: tuple[str, ...] = ()
) -> list[Fault]:
    """One fault for each of these rows; `shows` names columns whose values fill the places `{v0}`, `{v1}` … of the texts."""
    if rows.is_empty():
        return []
    columns = [FILE, LINE, "id", *(pl.col(name).alias(f"_shown_{at}") for at, name in enumerate(shows))]
    found = []
    for file, line, record, *values in rows.select(columns).iter_rows():
        filled = {f"v{at}": _clipped(value) for at, value in enumerate(values)}
        found.append(Fault(file, line, field, code, what.format(**filled), mend.format(**filled), severity, record))
    return found


def kinds_with(*fields: str) -> list[Kind]:
    """Kinds that have all of these fields."""
    return [kind for kind in kinds().values() if all(kind.has(name) for name in fields)]


def _clipped(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"
