"""Background jobs: what is asked for is made once, for its owner alone, told as it goes, stopped when asked, and survives its worker."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from jobs_at_work import *  # noqa: F403 - fixtures
from jobs_at_work import content, csv_of, do

from comity.vocab.text import same
from comity_desk.accounts.models import User
from comity_desk.audit.models import Event
from comity_desk.jobs import documents, measures, places, results, running, tending
from comity_desk.jobs.actions import AT_ONCE, CancelJob, StartJob
from comity_desk.jobs.models import CANCELLED, DONE, FAILED, QUEUED, RUNNING, Job
from comity_desk.jobs.work import Cancelled, Lost, Output, PutBack, Running, job
from comity_desk.ledger.snapshots import snapshot_for
from comity_desk.lib.errors import Conflict, NotFound, NotPermitted, Refused

DAY = date(2025, 6, 1)


def test_an_export_holds_what_its_owner_may_see_and_nothing_else(record: None, cast: Any) -> None:
    own, foreign = do(csv_of(cast.reader)), do(csv_of(cast.japanese))
    assert own.state == foreign.state == DONE
    assert b"Quiet drill" in content(own)
    assert b"Quiet drill" not in content(foreign)
    assert own.file_name == f"small-{own.made_at.astimezone(settings_zone()):%Y-%m-%d}-exercises.csv"
    assert (own.size, len(own.digest)) == (len(content(own)), 64)
    assert (results.folder() / own.file).stat().st_mode & 0o777 == 0o600


def settings_zone() -> Any:
    from django.utils import timezone

    return timezone.get_default_timezone()


@pytest.mark.parametrize("form", ["package", "parquet"])
def test_archives_hold_one_file_a_kind_and_are_the_same_each_time(record: None, cast: Any, form: str) -> None:
    first, second = (do(StartJob(actor=cast.reader, kind="export", parameters={"form": form}).run()) for _ in range(2))
    assert first.digest == second.digest
    names = {name.rpartition("/")[2] for name in zipfile.ZipFile(io.BytesIO(content(first))).namelist()}
    assert ("agreements.csv" if form == "package" else "agreements.parquet") in names


def test_a_brief_is_made_by_the_librarys_own_function(record: None, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity_desk.jobs.work.TELL_EVERY", 0.0)
    made = do(StartJob(actor=cast.reader, kind="dossier", parameters={"partner": "JPN", "form": "json", "as_of": "2025-06-01"}).run())
    assert (made.state, made.error_en) == (DONE, "")
    told = json.loads(content(made))
    assert told["document"] == "dossier-jpn"
    assert told["snapshot"] == snapshot_for(cast.reader.reader).hash
    assert made.file_name == "kor-jpn-dossier-2025-06-01.json"
    assert (made.done, made.total) == (3, 4)


def test_what_the_brief_needs_is_all_there_is_in_a_context() -> None:
    assert measures.known(documents.NEEDED)
    assert set(measures.WORDS) - {"stability"} == set(documents.NEEDED)
    with pytest.raises(ValueError, match="no results"):
        measures.known(["ranking"])
    with pytest.raises(ValueError, match="no results"):
        measures.known(["__init__"])


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("brief", {"form": "exe"}),
        ("brief", {"lang": "fr"}),
        ("brief", {"as_of": "yesterday"}),
        ("dossier", {"partner": "XXX"}),
        ("dossier", {"partner": "KOR"}),
        ("export", {"form": "csv", "kind": "../secret"}),
        ("export", {"form": "sql"}),
    ],
)
def test_what_cannot_be_made_is_refused_when_asked(record: None, cast: Any, kind: str, given: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        StartJob(actor=cast.reader, kind=kind, parameters=given).run()
    assert refused.value.in_("ko") != refused.value.in_("en")
    assert not Job.objects.exists()


def test_who_may_ask(record: None, cast: Any) -> None:
    with pytest.raises(NotPermitted):
        csv_of(cast.administrator)
    with pytest.raises(NotPermitted):
        csv_of(cast.idle)
    with pytest.raises(NotFound):
        StartJob(actor=cast.reader, kind="nothing").run()


def test_starting_and_cancelling_are_audited(record: None, cast: Any) -> None:
    asked = csv_of(cast.reader)
    CancelJob(actor=cast.reader, job=asked.pk).run()
    asked.refresh_from_db()
    assert asked.state == CANCELLED
    told = [(event.action, json.loads(event.content or "{}")["target"]) for event in Event.objects.filter(actor=cast.reader)]
    assert told == [("job-cancelled", f"job:{asked.pk}"), ("job-started", f"job:{asked.pk}")]
    do(asked)
    assert asked.state == CANCELLED, "a cancelled job is not done when its turn comes"
    with pytest.raises(Conflict):
        CancelJob(actor=cast.reader, job=asked.pk).run()


def test_somebody_elses_job_is_not_there(record: None, cast: Any) -> None:
    asked = csv_of(cast.reader)
    with pytest.raises(NotFound):
        CancelJob(actor=cast.editor, job=asked.pk).run()


def test_only_a_few_at_a_time(record: None, cast: Any) -> None:
    for _ in range(AT_ONCE):
        csv_of(cast.reader)
    with pytest.raises(Refused):
        csv_of(cast.reader)
    csv_of(cast.editor)


def test_a_job_and_its_row_in_the_queue_are_written_together(record: None, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity_desk.jobs import actions

    def broken(_: Job) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "enqueue", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        csv_of(cast.reader)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()
    assert not Event.objects.filter(action="job-started").exists()


def asking(cast: Any, work: Any) -> Job:
    """A job of a kind of the test's own, waiting."""
    job("own", label=same("Own"), permission="job.run")(work)
    return StartJob(actor=cast.reader, kind="own").run()


def test_work_tells_how_far_it_is_and_stops_when_asked(record: None, cast: Any, works: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity_desk.jobs.work.TELL_EVERY", 0.0)
    reached = []

    def work(at: Running) -> Output:
        for step in range(3):
            reached.append(step)
            at.progress(step, 3, same(f"step {step}"))
            if step == 1:
                CancelJob(actor=cast.reader, job=at.job.pk).run()
        raise AssertionError("not reached")

    made = do(asking(cast, work))
    assert (made.state, reached, made.done, made.words.en) == (CANCELLED, [0, 1, 2], 2, "step 2")
    assert not made.has_file


def test_no_except_clause_of_the_work_keeps_it_from_stopping() -> None:
    assert not issubclass(Cancelled, Exception)
    assert not issubclass(PutBack, Exception)


def test_a_fault_of_the_work_is_told_in_words_and_logged_without_its_message(record: None, cast: Any, works: Any, caplog: pytest.LogCaptureFixture) -> None:
    from comity_desk.conf.logging import Json

    def work(at: Running) -> Output:
        raise KeyError("Quiet drill")

    made = do(asking(cast, work))
    assert (made.state, made.error) == (FAILED, running.BROKEN)
    (line,) = [one for one in caplog.records if one.name == "comity_desk.jobs"]
    written = Json("%(message)s").format(line)
    assert "builtins.KeyError at " in written
    assert "test_jobs.py" in written
    assert "Quiet" not in written


def test_a_refusal_of_the_work_is_told_in_its_own_words(record: None, cast: Any, works: Any) -> None:
    def work(at: Running) -> Output:
        raise Refused(running.NO_ROOM)

    assert do(asking(cast, work)).error == running.NO_ROOM


def test_a_full_disk_is_told_and_leaves_no_file(record: None, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Any, __: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results, "_written", full)
    assert do(csv_of(cast.reader)).error == running.NO_ROOM
    assert not list(results.folder().iterdir())


def test_rights_are_looked_at_again_when_the_work_begins(record: None, cast: Any) -> None:
    gone, lowered = csv_of(cast.reader), csv_of(cast.editor)
    User.objects.filter(pk=cast.reader.pk).update(is_active=False)
    User.objects.filter(pk=cast.editor.pk).update(clearance="unclassified")
    assert {do(gone).state, do(lowered).state} == {FAILED}
    assert "rights changed" in gone.error_en


def test_a_run_that_was_taken_over_changes_nothing(record: None, cast: Any, works: Any) -> None:
    def work(at: Running) -> Output:
        Job.objects.filter(pk=at.job.pk).update(attempt=2, worker="elsewhere")
        return Output("late.txt", "text/plain", b"late")

    made = do(asking(cast, work))
    assert (made.state, made.attempt, made.file) == (RUNNING, 2, "")
    assert not list(results.folder().iterdir())
    with pytest.raises(Lost):
        Running(Job(pk=made.pk, attempt=1, worker=places.here()), _told_at=-9).progress(0, 1, same("late"))


def test_a_job_put_back_waits_again_and_counts_as_the_same_attempt(record: None, cast: Any, works: Any) -> None:
    def work(at: Running) -> Output:
        at.stop = PutBack
        at.progress(0, 1, same("never told"))
        raise AssertionError("not reached")

    made = do(asking(cast, work))
    assert (made.state, made.attempt, made.worker) == (QUEUED, 1, "")
    assert DBTaskResult.objects.ready().filter(pk=made.task).exists()


def test_what_a_person_waits_for_comes_before_the_desks_own_work(record: None, cast: Any) -> None:
    own = measures.wanted(snapshot_for(cast.reader.reader), ["agreements"], as_of=DAY)
    asked = csv_of(cast.reader)
    assert [str(row.id) for row in DBTaskResult.objects.ready()] == [str(asked.task), str(own.task)]


def dead(asked: Job, attempt: int, **told: Any) -> Job:
    """A job whose worker is no more."""
    from comity_desk.lib import clock

    values = {"state": RUNNING, "attempt": attempt, "worker": places.here().rpartition("/")[0] + "/0", "beat_at": clock.now()} | told
    Job.objects.filter(pk=asked.pk).update(**values)
    asked.refresh_from_db()
    return asked


def test_a_job_of_a_dead_worker_is_tried_once_more_and_then_called_failed(record: None, cast: Any) -> None:
    stale = dead(csv_of(cast.reader), 1)
    assert tending.revive_stale() == 1
    stale.refresh_from_db()
    assert (stale.state, stale.attempt) == (QUEUED, 2)
    dead(stale, 2)
    tending.revive_stale()
    stale.refresh_from_db()
    assert (stale.state, stale.error) == (FAILED, tending.DIED_TWICE)


def test_a_worker_of_another_machine_is_dead_when_it_has_been_silent_for_a_minute(record: None, cast: Any, still_clock: Any) -> None:
    far = dead(csv_of(cast.reader), 1, worker="another-machine+1/7/7")
    assert tending.revive_stale() == 0
    still_clock.shift(61)
    assert tending.revive_stale() == 1
    far.refresh_from_db()
    assert far.state == QUEUED


def test_a_living_worker_keeps_its_job(record: None, cast: Any) -> None:
    assert not places.ended(places.here())
    dead(csv_of(cast.reader), 1, worker=places.here())
    assert tending.revive_stale() == 0


def test_a_waiting_job_whose_row_was_taken_by_a_worker_that_died_is_queued_again(record: None, cast: Any, still_clock: Any) -> None:
    asked = csv_of(cast.reader)
    DBTaskResult.objects.filter(pk=asked.task).update(status="RUNNING")
    still_clock.shift(61)
    tending.requeue_lost()
    asked.refresh_from_db()
    assert DBTaskResult.objects.ready().filter(pk=asked.task).exists()
    before = asked.task
    still_clock.shift(61)
    tending.requeue_lost()
    asked.refresh_from_db()
    assert asked.task == before, "a job that waits in the queue is left alone"


def test_results_are_deleted_after_two_weeks(record: None, cast: Any, still_clock: Any) -> None:
    made = do(csv_of(cast.reader))
    stray = results.folder() / "stray"
    stray.write_bytes(b"")
    still_clock.shift(timedelta(days=13))
    tending.tend()
    assert (results.folder() / made.file).is_file()
    assert not stray.exists()
    still_clock.shift(timedelta(days=2))
    tending.tend()
    assert not (results.folder() / made.file).exists()
    assert not Job.objects.exists()


def test_a_spill_takes_every_file_at_once(record: None, cast: Any, signed_in: Any) -> None:
    made = do(csv_of(cast.reader))
    tending.destroy_results()
    assert not list(results.folder().iterdir())
    assert signed_in(cast.reader).get(f"/jobs/{made.pk}/file/").status_code == 404
