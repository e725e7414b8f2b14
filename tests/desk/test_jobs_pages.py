"""What was computed is there for the boards, and the pages of jobs show a person own work alone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from jobs_at_work import *  # noqa: F403 - fixtures
from jobs_at_work import csv_of, do

from comity.register.readers import PUBLIC, Reader
from comity.report.context import Context
from comity_desk.accounts.models import User
from comity_desk.jobs import measures
from comity_desk.jobs.models import CANCELLED, DONE, FAILED, Job
from comity_desk.jobs.readers import read_class, written_class
from comity_desk.ledger.asking import Within
from comity_desk.ledger.snapshots import snapshot_for

DAY = date(2025, 6, 1)


# measures for the boards


def test_equal_wants_of_equal_readers_share_one_job(record: None, cast: Any) -> None:
    snapshot = snapshot_for(cast.reader.reader)
    first = measures.wanted(snapshot, ["tempo", "agreements"], as_of=DAY)
    assert measures.wanted(snapshot_for(cast.editor.reader), ["agreements", "tempo"], as_of=DAY).pk == first.pk
    assert measures.wanted(snapshot, ["tempo"], as_of=DAY).pk != first.pk
    assert measures.wanted(snapshot_for(Reader(PUBLIC)), ["tempo", "agreements"], as_of=DAY).pk != first.pk
    assert not Job.objects.of(cast.reader).exists(), "nobody lists the desk's own work"
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="measure", same=first.same, made_at=first.made_at, queued_at=first.made_at)


def test_what_was_computed_is_kept_for_the_page(record: None, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = snapshot_for(cast.reader.reader)
    assert do(measures.wanted(snapshot, ["agreements"], as_of=DAY)).state == DONE

    def not_again(*_: Any, **__: Any) -> Any:
        raise AssertionError("computed in a web process")

    monkeypatch.setattr("comity.measures.agreements.agreements", not_again)
    assert Context(snapshot, "KOR", DAY).agreements.rows.height


def test_a_want_that_failed_is_not_started_anew_by_every_page(record: None, cast: Any, still_clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    other_day = date(2025, 5, 2)  # on which nothing was computed in this process
    snapshot = snapshot_for(cast.reader.reader)
    monkeypatch.setattr("comity.measures.agreements.agreements", broken)
    failed = do(measures.wanted(snapshot, ["agreements"], as_of=other_day))
    assert failed.state == FAILED
    assert measures.wanted(snapshot, ["agreements"], as_of=other_day).pk == failed.pk
    still_clock.shift(timedelta(minutes=11))
    assert measures.wanted(snapshot, ["agreements"], as_of=other_day).pk != failed.pk


def test_classes_of_readers_are_written_and_read_back() -> None:
    for reader in (Reader(PUBLIC), Reader("JPN", "secret"), Within("KOR", "secret", Reader("USA", "restricted"))):
        assert read_class(written_class(reader)) == reader


# pages


def test_the_page_lists_own_jobs_alone(record: None, cast: Any, signed_in: Any) -> None:
    csv_of(cast.reader)
    csv_of(cast.editor, "agreement")
    page = signed_in(cast.reader).get("/jobs/").content.decode()
    assert "Exercise as CSV" in page
    assert "Agreement as CSV" not in page
    korean = signed_in(cast.reader, lang="ko").get("/jobs/").content.decode()
    assert "연습(CSV)" in korean
    assert "대기 중" in korean


def test_the_list_asks_again_only_while_something_runs(record: None, cast: Any, signed_in: Any) -> None:
    asked = csv_of(cast.reader)
    client = signed_in(cast.reader)
    busy = client.get("/jobs/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in busy
    assert "<html" not in busy
    do(asked)
    done = client.get("/jobs/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in done
    assert asked.file_name in done


def test_a_job_from_asking_to_taking_away(record: None, cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.reader)
    assert client.post("/jobs/start/export/", {"form": "csv", "kind": "exercise"}).headers["Location"] == "/jobs/"
    made = do(Job.objects.get())
    answer = client.get(f"/jobs/{made.pk}/file/")
    assert b"Quiet drill" in b"".join(answer.streaming_content)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{made.file_name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_file_is_for_its_owner_in_the_class_for_which_it_was_made(record: None, cast: Any, signed_in: Any) -> None:
    made = do(csv_of(cast.reader))
    never = signed_in(cast.editor).get("/jobs/zzzzzzzzzzzz/file/")
    other = signed_in(cast.editor).get(f"/jobs/{made.pk}/file/")
    assert other.status_code == never.status_code == 404
    assert without_tokens(other) == without_tokens(never).replace("zzzzzzzzzzzz", made.pk)
    User.objects.filter(pk=cast.reader.pk).update(clearance="restricted")
    client = signed_in(cast.reader)
    assert client.get(f"/jobs/{made.pk}/file/").status_code == 404
    assert made.pk not in client.get("/jobs/").content.decode()


def without_tokens(answer: Any) -> str:
    """A page without its tokens against forgery, which are drawn anew for each."""
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())


def test_cancelling_by_the_page(record: None, cast: Any, signed_in: Any) -> None:
    asked = csv_of(cast.reader)
    assert signed_in(cast.editor).post(f"/jobs/{asked.pk}/cancel/").status_code == 404
    assert signed_in(cast.reader).post(f"/jobs/{asked.pk}/cancel/").status_code == 302
    asked.refresh_from_db()
    assert asked.state == CANCELLED


def test_changes_are_asked_by_post_with_a_token_against_forgery(record: None, cast: Any, signed_in: Any) -> None:
    assert signed_in(cast.reader).get("/jobs/start/export/").status_code == 405
    assert signed_in(cast.reader, enforce_csrf_checks=True).post("/jobs/start/export/", {"form": "package"}).status_code == 403
    assert not Job.objects.exists()


def test_an_auditor_has_no_jobs(record: None, cast: Any, signed_in: Any) -> None:
    assert signed_in(cast.auditor).get("/jobs/").status_code == 403
