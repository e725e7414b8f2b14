"""Do the jobs in the background."""

from __future__ import annotations

import contextlib
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from comity.cli.words import both


def step_back() -> None:
    """Let whoever waits before a page go first wherever both want the same core; children inherit it."""
    if hasattr(os, "SCHED_IDLE"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
            return
    if hasattr(os, "nice"):
        os.nice(19)


class Command(BaseCommand):
    """`comity-desk worker`."""

    help = both("Do background jobs until told to end; `serve` runs one of these by itself.", "배경 작업을 처리합니다. `serve`는 이것을 함께 실행합니다.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to end when the queue is empty."""
        parser.add_argument("--batch", action="store_true", help=both("End once nothing waits.", "대기 작업이 없으면 끝냅니다."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        from comity_desk.jobs.worker import Worker

        step_back()
        worker = Worker(batch=options["batch"])
        worker.configure_signals()
        worker.run()
