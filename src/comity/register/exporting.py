"""A snapshot written out: as a data package of CSV that can be read back, or as typed Parquet frames for other programs.

What is written is what the snapshot's reader may see, at its moment of knowledge, and nothing else.
"""

from __future__ import annotations

from pathlib import Path

from comity.register.package import SETTINGS_FILE, replace_file, table_text
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds


def export_package(snapshot: Snapshot, out: Path) -> list[Path]:
    """Write a package that stands alone (it extends nothing); its public snapshot has the same hash when the snapshot was public."""
    import yaml

    out.mkdir(parents=True, exist_ok=True)
    settings = {name: value for name, value in snapshot.settings.items() if name != "extends"}
    replace_file(out / SETTINGS_FILE, yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))
    written = [out / SETTINGS_FILE]
    for kind in kinds().values():
        table = snapshot.table(kind.name)
        if table.height:
            replace_file(out / kind.file, table_text(table, kind))
            written.append(out / kind.file)
    return written


def export_parquet(snapshot: Snapshot, out: Path) -> list[Path]:
    """Write each kind's typed frame as Parquet."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in kinds().values():
        frame = snapshot.frame(kind.name)
        if frame.height:
            frame.write_parquet(out / f"{kind.plural}.parquet")
            written.append(out / f"{kind.plural}.parquet")
    return written
