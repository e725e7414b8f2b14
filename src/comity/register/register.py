"""A register in memory: the checked tables of a package, from which snapshots are cut.

`load("kor")` reads a shipped package or a folder, checks it, and raises `PackageFaults` with the whole table of faults if there is any
error: a package is never half loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from comity.register import resolve
from comity.register.package import FILE, LINE, read_package
from comity.register.readers import PUBLIC, Reader
from comity.register.snapshot import Snapshot
from comity.vocab.errors import Fault, PackageFaults
from comity.vocab.kinds import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Register:
    """Checked tables of text by kind, the package's settings, and the warnings that the checks left."""

    path: Path
    settings: dict[str, Any]
    tables: dict[str, pl.DataFrame]
    warnings: tuple[Fault, ...] = ()

    def snapshot(self, reader: str | Reader = PUBLIC, known_at: date | None = None, *, include_unsourced: bool = False) -> Snapshot:
        """The register as `reader` may see it and as it was known at the end of `known_at` (default: all that is known)."""
        who = Reader.named(reader, self.tables["actor"])
        tables = resolve.resolved(self.tables, who.visible(self.tables["marking"]), known_at)
        return Snapshot(tables, self.settings, who, known_at, include_unsourced=include_unsourced)

    def with_rows(self, rows: Mapping[str, pl.DataFrame]) -> Register:
        """A register in which these rows (kind → table of text) replace those of the same id or are added."""
        tables = dict(self.tables)
        for name, fresh in rows.items():
            kind = kinds()[name]
            whole = fresh.with_columns([pl.lit(None, dtype=pl.String).alias(column) for column in kind.columns if column not in fresh.columns])
            whole = whole.with_columns(pl.lit(None, dtype=pl.Int32).alias(LINE), pl.lit(kind.file).alias(FILE))
            kept = tables[name].filter(~pl.col("id").is_in(fresh["id"].implode()))
            tables[name] = kept.vstack(whole.select(kept.columns).cast(kept.schema))
        return replace(self, tables=tables)


def load(where: str | Path = "kor") -> Register:
    """Read and check a package, shipped (`kor`) or a folder; any error raises `PackageFaults` with all of them."""
    from comity.register.checks import faults_of

    package = read_package(where)
    faults = package.faults + faults_of(package)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        raise PackageFaults(errors, str(where))
    return Register(package.path, package.settings, package.tables, tuple(faults))
