"""Files that came of jobs: under random names in the desk's folder, readable by the desk alone, served by a view to their owner.

Nothing here decides who may have one; `views.job_file` does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import IO

from django.conf import settings

from comity_desk.jobs.work import Output
from comity_desk.lib import tokens


def folder() -> Path:
    """The folder of results."""
    place = Path(settings.HOME) / "results"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def stored(output: Output) -> dict[str, str | int]:
    """Keep a file; gives the fields of its job that tell of it."""
    name = tokens.token_bytes(16).hex()
    place = folder() / name
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            digest = _written(output.content, target)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    if isinstance(output.content, Path):
        output.content.unlink(missing_ok=True)
    return {"file": name, "file_name": output.name, "media_type": output.media_type, "size": place.stat().st_size, "digest": digest}


def _written(content: bytes | Path, target: IO[bytes]) -> str:
    if isinstance(content, bytes):
        target.write(content)
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as source:
        shutil.copyfileobj(source, target)
        source.seek(0)
        return hashlib.file_digest(source, "sha256").hexdigest()


def opened(name: str) -> IO[bytes]:
    """A kept file, for reading."""
    return (folder() / Path(name).name).open("rb")


def removed(name: str) -> None:
    """Delete a kept file, if it is there."""
    if name:
        (folder() / Path(name).name).unlink(missing_ok=True)
