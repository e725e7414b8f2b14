"""How a job is done: taken from the queue once, under its owner's rights of that moment, ended with a file or with words.

Whatever the work raises becomes words for the owner; what went wrong inside is logged without content. Every write names the run that it is
of, so that a worker that was thought dead and comes back changes nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import close_old_connections, transaction

from comity.vocab.errors import ComityError
from comity.vocab.text import Text
from comity_desk.jobs import places, results
from comity_desk.jobs.models import CANCELLED, DONE, FAILED, QUEUED, RUNNING, Job
from comity_desk.jobs.readers import written_class
from comity_desk.jobs.work import Cancelled, Lost, PutBack, Running, kind_named
from comity_desk.lib import clock
from comity_desk.lib.errors import Refused

BEAT_EVERY = 5.0  # seconds
logger = logging.getLogger("comity_desk.jobs")


class Station:
    """What this process is doing: the run at hand, whether it should end, and how the run is interrupted."""

    current: Running | None = None
    ending: bool = False
    beats: bool = False  # a worker's own thread gives signs of life
    interrupt: Any = None  # called from that thread when the run should stop


def run(pk: str, attempt: int) -> None:
    """Do this attempt at a job, if it still waits."""
    now = clock.now()
    taken = Job.objects.filter(pk=pk, state=QUEUED, attempt=attempt)
    if not taken.update(state=RUNNING, worker=places.here(), started_at=now, beat_at=now, done=0, total=0, words_en="", words_ko=""):
        return
    job = Job.objects.select_related("owner").get(pk=pk)
    running = Station.current = Running(job, stop=PutBack if Station.ending else None)
    try:
        with _heart(running):
            _do(running)
    finally:
        Station.current = None


def _do(running: Running) -> None:
    job = running.job
    try:
        kind = kind_named(job.kind)
        _still_allowed(job, kind.permission)
        running.progress(0, 0, _BEGUN)
        output = kind.work(running)
        _end(job, DONE, **running.untold, **(results.stored(output) if output else {}))
    except Lost:
        logger.warning("job taken over by another worker", extra={"job": job.pk})
    except PutBack:
        put_back(job)
    except Cancelled:
        _end(job, CANCELLED)
    except ComityError as error:
        fail(job, error.text)
    except OSError as error:
        logger.exception("job failed", extra={"job": job.pk, "kind": job.kind})
        fail(job, NO_ROOM if error.errno == 28 else BROKEN)
    except Exception:
        logger.exception("job failed", extra={"job": job.pk, "kind": job.kind})
        fail(job, BROKEN)


def _still_allowed(job: Job, permission: str) -> None:
    """Refuse work whose owner may no longer ask for it or now reads as somebody else."""
    owner = job.owner
    if owner is not None and not (owner.permitted(permission) and written_class(owner.reader) == job.reader):
        raise Refused(_NOT_ALLOWED)


def _end(job: Job, state: str, **told: Any) -> None:
    if not Job.objects.run_of(job).update(state=state, ended_at=clock.now(), **told):
        results.removed(str(told.get("file", "")))


def fail(job: Job, why: Text) -> None:
    """End a job with words."""
    _end(job, FAILED, error_en=why.en, error_ko=why.ko)


def put_back(job: Job, attempt: int | None = None) -> None:
    """Put a running job into the queue again."""
    from comity_desk.jobs.queue import enqueue

    with transaction.atomic():
        again = attempt or job.attempt
        if Job.objects.run_of(job).update(state=QUEUED, attempt=again, worker="", queued_at=clock.now(), started_at=None, beat_at=None):
            job.refresh_from_db()
            enqueue(job, again=True)


@contextmanager
def _heart(running: Running) -> Iterator[None]:
    """Signs of life from a thread of their own, as long as the run lasts: computing may take long between two words of progress."""
    if not Station.beats:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(running, over), daemon=True, name="heart")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(BEAT_EVERY)


def _beat(running: Running, over: threading.Event) -> None:
    while not over.wait(BEAT_EVERY / 2):
        try:
            running.look()
        except Exception:  # the database may be away for a while: the next beat tells
            logger.warning("no sign of life could be written", extra={"job": running.job.pk})
        finally:
            close_old_connections()
        if running.stop is not None and Station.interrupt is not None:
            Station.interrupt()
    from django.db import connection

    connection.close()


_BEGUN = Text("Reading the record", "기록을 읽는 중")
_NOT_ALLOWED = Text(
    "Your rights changed after you asked for this; it was not made. Ask again if you still may.",
    "요청한 뒤 권한이 바뀌어 만들지 않았습니다. 권한이 있으면 다시 요청하십시오.",
)
BROKEN = Text(
    "Something went wrong inside; nothing was made. The desk's administrator finds it in the log under this job's number.",
    "내부 오류로 만들지 못했습니다. 관리자가 이 작업 번호로 로그를 확인할 수 있습니다.",
)
NO_ROOM = Text("There is no room left on the disk; nothing was made.", "디스크에 남은 공간이 없어 만들지 못했습니다.")
