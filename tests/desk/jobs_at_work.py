"""What tests of jobs share: a record under several markings, folders of the test's own, jobs asked for and done as the worker does them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from comity.register.register import Register
from comity_desk.accounts.models import User
from comity_desk.jobs import results, running
from comity_desk.jobs.actions import StartJob
from comity_desk.jobs.models import Job
from comity_desk.jobs.work import KINDS
from comity_desk.ledger.loading import LoadPackage

__all__ = ["_home", "content", "csv_of", "do", "record", "works"]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results lie in a folder of the test's own, and so does what is kept."""
    monkeypatch.setattr(settings, "HOME", tmp_path / "home")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "home").mkdir()


@pytest.fixture
def record(db: None, marked_register: Register) -> None:
    """A ledger with rows under several markings."""
    LoadPackage(actor=None, register=marked_register).run()


@pytest.fixture
def works() -> Iterator[dict[str, Any]]:
    """Kinds of work of the test's own."""
    before = dict(KINDS)
    yield KINDS
    KINDS.clear()
    KINDS.update(before)


def do(waiting: Job) -> Job:
    """Do a job as the worker does."""
    running.run(waiting.pk, waiting.attempt)
    waiting.refresh_from_db()
    return waiting


def csv_of(actor: User, kind: str = "exercise") -> Job:
    """An export of one kind, asked for."""
    return StartJob(actor=actor, kind="export", parameters={"form": "csv", "kind": kind}).run()


def content(done: Job) -> bytes:
    with results.opened(done.file) as held:
        return held.read()
