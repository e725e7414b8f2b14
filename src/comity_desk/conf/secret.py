"""The desk's secret key: made once, kept in the desk's folder for its own user alone, or given by the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """The key; a new folder gets a new one."""
    given = os.environ.get("COMITY_DESK_SECRET_KEY")
    if given:
        return given
    place = home / "secret-key"
    if not place.is_file():
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as private:
            private.write(secrets.token_urlsafe(64))
    return place.read_text().strip()
