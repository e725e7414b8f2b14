"""Serve the desk."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from comity.cli.words import both
from comity_desk.conf.management.commands.prepare import add_package, prepare_and_tell
from comity_desk.conf.metrics import fresh_folder
from comity_desk.conf.serve import add_serving, refuse_port_in_use

HELP = {
    "host": both("Address to listen at; leave it on loopback behind a proxy.", "수신 주소. 프록시 뒤에서는 기본값을 그대로 둡니다."),
    "port": both("Port to listen at.", "수신 포트."),
    "workers": both("Processes that answer; by default one for each core, at most four.", "응답 프로세스 수. 기본값은 코어당 하나, 최대 넷."),
    "threads": both("Answers at once in each process.", "프로세스마다 동시에 처리할 응답 수."),
}


class Command(BaseCommand):
    """`comity-desk serve`."""

    help = both("Prepare, then serve pages and do background jobs until told to end.", "준비를 마친 뒤 화면을 제공하고 배경 작업을 처리합니다.")
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where and with how many."""
        add_serving(parser)
        for option in parser._actions:
            option.help = HELP.get(option.dest, option.help)
        add_package(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, then become the supervisor, which needs nothing of what preparing loaded."""
        refuse_port_in_use(options["host"], options["port"])
        prepare_and_tell(options["package"])
        told = [f"--{name}={options[name]}" for name in HELP]
        fresh_folder(settings.HOME)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "comity_desk.conf.serve", *told])  # noqa: S606
