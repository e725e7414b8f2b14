"""Made once, kept for the next run: font subsets, the chart library's script, which packages were found sound, in the user's cache folder.

Everything here can be made again; a folder that cannot be written costs time and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

KEEP = 240


def cache_folder() -> Path:
    """The user's cache folder for Comity."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "comity"


def cached(name: str, make: Callable[[], bytes]) -> bytes:
    """The bytes kept under `name`, made on first use."""
    place = cache_folder() / name
    with suppress(OSError):
        return place.read_bytes()
    data = make()
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f".{name}.{os.getpid()}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as private:  # results may hold what others may not see
            private.write(data)
        beside.replace(place)
        _forget_oldest(place.parent)
    return data


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.iterdir(), key=lambda entry: entry.stat().st_mtime, reverse=True)
    for entry in kept[KEEP:]:
        entry.unlink(missing_ok=True)
