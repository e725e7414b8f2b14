"""Made once, kept for the next run: font subsets, drawings, results of measures, which packages were found sound, in the user's cache folder.

Everything here can be made again; a folder that cannot be written costs time and nothing else. What was used last is kept longest, each family of names
(`figure-…`, `result-…`) by itself, so that many drawings drive out no result.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import get_ident

KEEP = 240
KEEP_OF = {"figure": 3000, "result": 1200, "reads": 1200, "desk": 24}


def cache_folder() -> Path:
    """The user's cache folder for Comity."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "comity"


def cached(name: str, make: Callable[[], bytes]) -> bytes:
    """The bytes kept under `name`, made on first use."""
    found = found_in_cache(name)
    if found is not None:
        return found
    data = make()
    keep(name, data)
    return data


def found_in_cache(name: str) -> bytes | None:
    """The bytes kept under `name`, or None; they count as used now."""
    place = cache_folder() / name
    with suppress(OSError):
        data = place.read_bytes()
        with suppress(OSError):
            os.utime(place)
        return data
    return None


def keep(name: str, data: bytes) -> None:
    """Keep bytes under a name in one step, for the owner of the folder alone."""
    place = cache_folder() / name
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f".{name}.{os.getpid()}.{get_ident()}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as private:  # results may hold what others may not see
            private.write(data)
        beside.replace(place)
        _forget_oldest(place.parent, name.partition("-")[0])


def forget_results() -> None:
    """Drop everything kept that was made from a register: results, drawings and what they read."""
    for family in ("result", "figure", "reads"):
        for entry in cache_folder().glob(f"{family}-*"):
            entry.unlink(missing_ok=True)


def _forget_oldest(folder: Path, family: str) -> None:
    kept = sorted(folder.glob(f"{family}-*"), key=lambda entry: entry.stat().st_mtime, reverse=True)
    for entry in kept[KEEP_OF.get(family, KEEP) :]:
        entry.unlink(missing_ok=True)
