"""The desk's secret key: made once, kept in the desk's folder for its own user alone, or given by the environment."""

from __future__ import annotations

import contextlib
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
        fresh = home / f"secret-key.{os.getpid()}"
        _write(fresh, secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):  # another process was faster: its key is the desk's
            os.link(fresh, place)
        fresh.unlink()
    return place.read_text().strip()


def former_keys(home: Path) -> list[str]:
    """Keys that were in use before and still open what was shut with them, newest first."""
    given = os.environ.get("COMITY_DESK_SECRET_KEY_FORMER")
    if given or os.environ.get("COMITY_DESK_SECRET_KEY"):
        return (given or "").split()
    place = home / "secret-keys-former"
    return place.read_text().split() if place.is_file() else []


def renew(home: Path) -> None:
    """Put a new key into the folder and keep the one that was in use among the former ones."""
    _write(home / "secret-keys-former", "\n".join([secret_key(home), *former_keys(home)]))
    _write(home / "secret-key", secrets.token_urlsafe(64))


def forget_former(home: Path) -> None:
    """Delete the former keys: what only they open is shut for good."""
    (home / "secret-keys-former").unlink(missing_ok=True)


def _write(place: Path, text: str) -> None:
    beside = place.with_name(f"{place.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as private:
        private.write(text)
    beside.replace(place)
