"""A register in memory: the checked tables of a package, from which snapshots are cut.

`load("kor")` reads a shipped package or a folder, checks it, and raises `PackageFaults` with the whole table of faults if there is any
error: a package is never half loaded.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from comity.register import resolve
from comity.register.cache import cached
from comity.register.package import FILE, LINE, Package, folders_of, read_package
from comity.register.readers import PUBLIC, Reader
from comity.register.snapshot import Snapshot
from comity.vocab.errors import Fault, PackageFaults
from comity.vocab.kinds import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Register:
    """Checked tables of text by kind, and the package's settings."""

    path: Path
    settings: dict[str, Any]
    tables: dict[str, pl.DataFrame]
    found_reading: tuple[Fault, ...] = ()

    @cached_property
    def warnings(self) -> tuple[Fault, ...]:
        """What the checks found doubtful and not wrong, computed when asked for."""
        from comity.register.checks import faults_of

        return (*self.found_reading, *faults_of(Package(self.path, self.settings, self.tables)))

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
    """Read and check a package, shipped (`kor`) or a folder; any error raises `PackageFaults` with all of them.

    A package that was found sound is not checked again while neither its files nor the checks have changed.
    """
    package = read_package(where)
    errors = [fault for fault in package.faults if fault.severity == "error"]
    if errors:
        raise PackageFaults(errors + _errors_in(package), str(where))
    cached(f"sound-{_fingerprint(package)}", lambda: _sound(package, str(where)))
    return Register(package.path, package.settings, package.tables, tuple(package.faults))


def _sound(package: Package, where: str) -> bytes:
    errors = _errors_in(package)
    if errors:
        raise PackageFaults(errors, where)
    return b"sound"


def _errors_in(package: Package) -> list[Fault]:
    from comity.register.checks import faults_of

    return [fault for fault in faults_of(package) if fault.severity == "error"]


def _fingerprint(package: Package) -> str:
    """Of every file of the package and of those that it extends, and of the code and vocabulary that check them."""
    whole = hashlib.sha256()
    folders = list(folders_of(package.path).values())
    code = [Path(__file__).parent, Path(__file__).parent.parent / "vocab"]
    for folder in [*folders, *code]:
        for path in sorted(entry for entry in folder.rglob("*") if entry.suffix in (".csv", ".yaml", ".py")):
            whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()[:32]
