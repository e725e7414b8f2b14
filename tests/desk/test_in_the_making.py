"""Nobody waits for a state of the record in the making, and whoever changed something reads nothing older."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
import pytest
from django.test import Client

from comity.register.package import FILE, LINE
from comity.register.readers import Reader
from comity.register.register import Register
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event, Head
from comity_desk.ledger import register as ledger_register
from comity_desk.ledger import snapshots
from comity_desk.ledger.asking import CHANGED
from comity_desk.ledger.loading import LoadPackage
from comity_desk.ledger.register import current
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.ledger.write import write

pytestmark = pytest.mark.django_db


class Rename(Action[None]):
    """Give the first exercise another title."""

    permission, audit_event = "nothing", "renamed"
    title = ""

    def perform(self, event: Event) -> None:
        rows = current().register.tables["exercise"].drop(LINE, FILE).sort("id").head(1).with_columns(title_en=pl.lit(self.title))
        write(event, {"exercise": rows}, current())


def rename(title: str) -> None:
    act = Rename(actor=None)
    act.title = title
    act.run()


def title_in(snapshot: Any) -> str:
    return str(snapshot.table("exercise").sort("id")["title_en"][0])


@contextmanager
def at_work(lock: Any) -> Iterator[threading.Event]:
    """Another thread reads something newer in, or makes a newer snapshot, until it is told to be done."""
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            taken.set()
            done.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(30)
    try:
        yield done
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("busy", [ledger_register, snapshots])
def test_who_only_reads_gets_the_state_before(small_register: Register, busy: Any) -> None:
    LoadPackage(actor=None, register=small_register).run()
    before = snapshot_for(Reader())
    rename("Another name")
    with at_work(busy._lock):
        assert snapshot_for(Reader(), enough=0) is before
    assert title_in(snapshot_for(Reader(), enough=0)) == "Another name", "once nobody is at work, it is read in"


@pytest.mark.parametrize("busy", [ledger_register, snapshots])
@pytest.mark.parametrize("named", [True, False])
def test_who_needs_the_newest_waits_for_it(small_register: Register, busy: Any, named: bool) -> None:
    LoadPackage(actor=None, register=small_register).run()
    snapshot_for(Reader())
    rename("Another name")
    enough = Head.objects.get(name="ledger").number if named else None
    with at_work(busy._lock) as done:
        threading.Timer(0.2, done.set).start()
        assert title_in(snapshot_for(Reader(), enough=enough)) == "Another name"


def test_what_was_asked_lately_is_ready_in_the_next_snapshot(small_register: Register) -> None:
    LoadPackage(actor=None, register=small_register).run()
    done: list[str] = []

    def asked(snapshot: Any) -> Any:
        return snapshot.derived(("told",), lambda seen: done.append("made"), lambda seen, former, edited: done.append("renewed"))

    asked(snapshot_for(Reader()))
    for at in range(8):
        rename(f"Name {at}")
        snapshot_for(Reader())
    assert done == ["made", *["renewed"] * 5], "what nobody asks for any more is let go"
    asked(snapshot_for(Reader()))
    assert done[6:] == ["renewed"], "and brought up to date when somebody does"


def test_whoever_changed_something_reads_nothing_older(small_register: Register, cast: Any, signed_in: Any) -> None:
    LoadPackage(actor=None, register=small_register).run()
    client: Client = signed_in(cast.editor)
    client.get("/records/exercises/")
    assert CHANGED not in client.session
    client.post("/language/", {"language": "ko"})
    answer = client.post("/lists/exercises/views/", {"name": "Mine", "query": ""})
    assert answer.status_code < 400
    assert client.session[CHANGED] == Head.objects.get(name="ledger").number


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="this system does not let a process step back behind all others")
def test_the_worker_steps_back_behind_pages() -> None:
    told = "import os; from comity_desk.jobs.management.commands.worker import step_back; step_back(); print(os.sched_getscheduler(0) == os.SCHED_IDLE)"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.strip() == "True"
