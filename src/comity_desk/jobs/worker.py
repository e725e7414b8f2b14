"""The process that does the jobs: one at a time, with signs of life, ended without losing what it was at.

Told to end, it stops the job at hand at the next occasion and puts it back into the queue, where the next worker finds it.
"""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker

from comity_desk.jobs import places
from comity_desk.jobs.running import Station
from comity_desk.jobs.tending import tend
from comity_desk.jobs.work import PutBack

TEND_EVERY = 30.0  # seconds
LOOK_EVERY = 1.0
logger = logging.getLogger("comity_desk.jobs")


class Worker(QueueWorker):
    """The queue's own worker, which also sees to stale jobs and stops in the middle of one."""

    def __init__(self, *, batch: bool = False, interval: float = LOOK_EVERY) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=places.here()[-64:],
            excluded_queue_names=[],
        )

    def configure_signals(self) -> None:
        """The queue's own, and one by which the heart stops the run at hand."""
        super().configure_signals()
        signal.signal(signal.SIGUSR1, stop_now)
        main = threading.main_thread().ident
        Station.interrupt = lambda: signal.pthread_kill(main or 0, signal.SIGUSR1)

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End: put the run at hand back, and take no other."""
        Station.ending, self.running = True, False
        if not self.running_task:
            raise SystemExit(0)
        if Station.current is not None and Station.current.stop is None:
            Station.current.stop = PutBack
        stop_now(signum, frame)

    def run(self) -> None:
        """See to stale jobs, at once and then every half minute, and work."""
        tend()
        threading.Thread(target=_tend_for_ever, daemon=True, name="tending").start()
        Station.beats = True
        super().run()


def stop_now(signum: int, frame: FrameType | None) -> None:
    """Stop the run at hand where it stands, if it may be stopped there."""
    current = Station.current
    if current is not None and current.open and current.stop is not None:
        current.open = False
        raise current.stop


def _tend_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(TEND_EVERY):
        try:
            tend()
        except Exception:
            logger.warning("tending failed; it is tried again", exc_info=True)
        finally:
            close_old_connections()
