"""The reader's whole snapshot as one archive: a data package, or typed Parquet frames.

The archive's bytes depend on the snapshot alone (sorted names, fixed times, nothing compressed), so that its ETag can be made of the
snapshot's hash. It is written to a file without a name, which is gone when the answer is sent.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import polars as pl

import comity
from comity.register.edition import EPOCH, SUMS
from comity.register.exporting import export_package, export_parquet
from comity.register.snapshot import Snapshot

Write = Callable[[Snapshot, Path], list[Path]]
FORMS: dict[str, Write] = {"package": export_package, "parquet": export_parquet}


def packed(snapshot: Snapshot, form: str) -> IO[bytes]:
    """The archive, open for reading from its start."""
    held: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    root = f"comity-{snapshot.settings.get('name') or 'record'}"
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        files = sorted(FORMS[form](snapshot, Path(folder)))
        sums = Path(folder) / SUMS
        sums.write_text("".join(f"{_sum(path)}  {path.name}\n" for path in files), encoding="utf-8")
        for path in sorted([*files, sums]):
            entry = zipfile.ZipInfo(f"{root}/{path.name}", EPOCH)
            entry.create_system, entry.external_attr, entry.file_size = 3, 0o644 << 16, path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target)
    held.seek(0)
    return held


def packed_tag(snapshot: Snapshot, form: str) -> str:
    """The ETag of that archive: the snapshot's hash, and in short what else its bytes depend on."""
    told = (form, comity.__version__, pl.__version__ if form == "parquet" else "", json.dumps(snapshot.settings, sort_keys=True, default=str))
    return f"{snapshot.hash}-{hashlib.sha256(repr(told).encode()).hexdigest()[:8]}"


def _sum(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
