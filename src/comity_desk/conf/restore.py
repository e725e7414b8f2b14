"""Does a backup come back whole? It is restored into a place of its own, its chains are recomputed there, and their heads compared with those noted.

The desk itself is not touched, except by `restore`, which fills an empty one. Checking runs in a process of its own, on the restored place,
with the same commands that keepers of a living desk use.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from comity.vocab.text import Text
from comity_desk.conf.backup import BackupFailed, read_note, run_postgresql
from comity_desk.lib import tokens


@dataclass(frozen=True, slots=True)
class Check:
    """What checking a backup found."""

    noted: dict[str, list[Any]]
    found: dict[str, list[Any]]
    attachments: int

    @property
    def equal(self) -> bool:
        """Whether the restored heads are those noted."""
        return self.noted == self.found


def restore_check(folder: Path) -> Check:
    """Restore a backup into a temporary place and verify it there."""
    note = read_note(folder)
    if note["database"] != connection.vendor:
        raise BackupFailed(_OTHER_DATABASE.format(database=note["database"]))
    with tempfile.TemporaryDirectory(prefix="comity-desk-restore-") as name, _database(folder, note, Path(name)) as url:
        attachments = unpack(folder, Path(name) / "attachments")
        return Check(note["heads"], _heads_there(Path(name), url), attachments)


@contextmanager
def _database(folder: Path, note: dict[str, Any], home: Path) -> Iterator[str]:
    """The restored database's address."""
    if note["database"] == "sqlite":
        shutil.copyfile(folder / "desk.sqlite3", home / "desk.sqlite3")
        yield f"sqlite:///{home / 'desk.sqlite3'}"
        return
    name = f"comity_restore_{tokens.token(8)}"
    run_postgresql("createdb", [name])
    try:
        load_postgresql(folder, name)
        yield url_of(name)
    finally:
        _drop(name)


def _drop(name: str, tries: int = 20) -> None:
    """Remove the temporary database; a server that is just recovering gets a moment, and a drill that passed does not fail for it."""
    for left in reversed(range(tries)):
        try:
            run_postgresql("dropdb", ["--if-exists", name])
        except BackupFailed as error:
            if not left:
                raise BackupFailed(_LEFT_BEHIND.format(name=name, why=error.text)) from error
            time.sleep(1)
        else:
            return


def load_postgresql(folder: Path, database: str) -> None:
    """Restore a dump into a database that is there and empty."""
    run_postgresql(
        "pg_restore", ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={database}", str(folder / "desk.dump")]
    )


def url_of(database: str) -> str:
    """The address of another database on the desk's server; the password goes by the environment."""
    from urllib.parse import quote

    told = connection.get_connection_params()
    user, host = quote(str(told.get("user") or "")), str(told.get("host") or "")
    if host.startswith("/"):
        return f"postgresql://{user}@/{database}?host={quote(host, safe='')}" + (f"&port={told['port']}" if told.get("port") else "")
    return f"postgresql://{user}@{host}:{told.get('port') or 5432}/{database}"


def _heads_there(home: Path, url: str) -> dict[str, list[Any]]:
    """Heads of the restored chains, each recomputed from its first row."""
    told = connection.get_connection_params() if connection.vendor == "postgresql" else {}
    secret = {"PGPASSWORD": str(told["password"])} if told.get("password") else {}
    own = {"COMITY_DESK_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "comity_desk.conf.settings", "COMITY_DESK_LOG": "plain"}
    command = [sys.executable, "-m", "comity_desk.conf.command", "heads", "--verify"]
    done = subprocess.run(command, env={**os.environ, **own, **secret}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(_BROKEN.format(words=done.stderr.strip()[-800:]))
    heads: dict[str, list[Any]] = json.loads(done.stdout)
    return heads


def unpack(folder: Path, target: Path) -> int:
    """Write the attachments of a backup into a folder; gives how many there are."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(folder / "attachments.tar") as archive:
        members = archive.getmembers()
        archive.extractall(target, filter="data")
    return len(members)


def restore(folder: Path) -> int:
    """Fill an empty desk from a backup; gives the number of attachments."""
    note = read_note(folder)
    if note["database"] != connection.vendor:
        raise BackupFailed(_OTHER_DATABASE.format(database=note["database"]))
    if connection.introspection.table_names():
        raise BackupFailed(_NOT_EMPTY)
    if note["database"] == "sqlite":
        connection.close()
        place = Path(str(connection.settings_dict["NAME"]))
        for beside in (place, *(place.with_name(place.name + end) for end in ("-wal", "-shm"))):
            beside.unlink(missing_ok=True)
        shutil.copyfile(folder / "desk.sqlite3", place)
    else:
        load_postgresql(folder, str(connection.settings_dict["NAME"]))
    return unpack(folder, Path(settings.MEDIA_ROOT))


_OTHER_DATABASE = Text("The backup is of {database}; set DATABASE_URL to such a database.", "백업은 {database}용입니다. DATABASE_URL을 그에 맞게 정하십시오.")
_LEFT_BEHIND = Text(
    "The temporary database {name} could not be removed; remove it by hand. {why}", "임시 데이터베이스 {name}을(를) 지우지 못했습니다. 직접 지우십시오. {why}"
)
_BROKEN = Text("The restored desk does not verify: {words}", "복원된 시스템이 검증을 통과하지 못했습니다: {words}")
_NOT_EMPTY = Text("The database holds tables already; restore into an empty one.", "데이터베이스에 이미 표가 있습니다. 빈 데이터베이스에 복원하십시오.")
