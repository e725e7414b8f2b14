"""A copy of everything that cannot be made again: the database, the attachments, and beside them the heads of the chains that the copy holds.

The copy is of one moment, also while the desk is used: SQLite is copied by its own backup, PostgreSQL by `pg_dump` from the snapshot in which the
heads were read. The secret key is not in it: it lies elsewhere, or who steals the copy can read second factors.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

import comity
from comity.vocab.text import Text
from comity_desk.lib import clock
from comity_desk.lib.errors import DeskError

NOTE = "backup.json"
Heads = dict[str, list[Any]]


class BackupFailed(DeskError):
    """A backup that could not be made, or one that is not whole."""


def back_up(folder: Path) -> Path:
    """Make a copy in a new folder below this one; gives the new folder."""
    made_at = clock.now()
    target = folder / f"comity-desk-{made_at:%Y%m%dT%H%M%SZ}"
    target.mkdir(mode=0o700, parents=True)
    heads = _copy_sqlite(target / "desk.sqlite3") if connection.vendor == "sqlite" else _dump_postgresql(target / "desk.dump")
    _pack(Path(settings.MEDIA_ROOT), target / "attachments.tar")
    files = {path.name: digest(path) for path in sorted(target.iterdir())}
    note = {"made_at": made_at.isoformat(), "database": connection.vendor, "version": comity.__version__, "heads": heads, "files": files}
    (target / NOTE).write_text(json.dumps(note, indent=1) + "\n")
    return target


def _copy_sqlite(target: Path) -> Heads:
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole by itself
        rows = copy.execute("SELECT name, number, link FROM audit_head ORDER BY name").fetchall()
    return {name: [number, bytes(link).hex()] for name, number, link in rows}


def _dump_postgresql(target: Path) -> Heads:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        heads = read_heads()
        run_postgresql("pg_dump", ["--format=custom", f"--snapshot={snapshot}", f"--file={target}", "--no-owner", "--no-privileges"])
    return heads


def read_heads() -> Heads:
    """Number and link of the last row of each chain."""
    from comity_desk.audit.models import Head

    return {head.name: [head.number, bytes(head.link).hex()] for head in Head.objects.order_by("name")}


def run_postgresql(program: str, arguments: list[str], database: str | None = None) -> str:
    """Run one of PostgreSQL's own programs on the desk's database; its password is handed over unseen by other users of the machine."""
    found = shutil.which(program, path=os.environ.get("COMITY_DESK_PG_BIN") or os.environ.get("PATH"))
    if found is None:
        raise BackupFailed(_NO_PROGRAM.format(program=program))
    done = subprocess.run([found, *arguments], env=_environment(database), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(_FAILED.format(program=program, words=done.stderr.strip()[-800:]))
    return done.stdout


def _environment(database: str | None) -> dict[str, str]:
    told: Mapping[str, Any] = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE"}
    given = {names[name]: str(value) for name, value in told.items() if name in names and value not in (None, "")}
    return {**os.environ, **given} | ({"PGDATABASE": database} if database else {})


def _pack(folder: Path, target: Path) -> None:
    with tarfile.open(target, "w") as archive:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file():
                archive.add(path, path.relative_to(folder).as_posix())


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def read_note(folder: Path) -> dict[str, Any]:
    """What a backup says of itself, once every file of it is what was written."""
    try:
        note: dict[str, Any] = json.loads((folder / NOTE).read_text())
        wrong = [name for name, written in note["files"].items() if digest(folder / name) != written]
    except (OSError, ValueError, KeyError) as error:
        raise BackupFailed(_NO_BACKUP.format(folder=folder)) from error
    if wrong:
        raise BackupFailed(_ALTERED.format(files=", ".join(wrong)))
    return note


_NO_PROGRAM = Text(
    "{program} is not installed here; install PostgreSQL's client programs of the server's version, or name their folder in COMITY_DESK_PG_BIN.",
    "{program} 프로그램이 없습니다. 서버와 같은 버전의 PostgreSQL 클라이언트를 설치하거나 그 폴더를 COMITY_DESK_PG_BIN에 적으십시오.",
)
_FAILED = Text("{program} failed: {words}", "{program} 실행 실패: {words}")
_NO_BACKUP = Text("{folder} is no backup, or a part of it is missing.", "{folder}은(는) 백업이 아니거나 일부가 빠졌습니다.")
_ALTERED = Text("Not what was written: {files}.", "기록 당시와 다른 파일: {files}.")
