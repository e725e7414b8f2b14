"""Kinds of work that a worker does in a process of its own."""

from __future__ import annotations

import time
from pathlib import Path

from django.apps import AppConfig


class SlowJobsConfig(AppConfig):
    name = "slow_jobs"

    def ready(self) -> None:
        from comity.vocab.text import same
        from comity_desk.jobs.work import Output, Running, job

        @job("wait", label=same("Wait"), permission="job.run", clean=lambda given, snapshot: dict(given))
        def wait(running: Running) -> Output:
            """Wait for a file to appear; `open` lets the wait be interrupted at any instant, else only between words."""
            running.progress(1, 2, same("Waiting"))
            if running.parameters.get("open"):
                with running.interruptible():
                    _until(Path(running.parameters["for"]), lambda: None)
            else:
                _until(Path(running.parameters["for"]), lambda: running.progress(1, 2, same("Waiting")))
            return Output("waited.txt", "text/plain", str(running.job.attempt).encode())


def _until(place: Path, meanwhile: object) -> None:
    while not place.exists():
        time.sleep(0.02)
        meanwhile()  # type: ignore[operator]
