"""Print the heads of the chains."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from comity.cli.words import both


class Command(BaseCommand):
    """`comity-desk heads`."""

    help = both(
        "Print the heads of both chains as JSON, to be noted where the desk cannot write.",
        "두 사슬의 머리를 JSON으로 출력합니다. 시스템이 쓸 수 없는 곳에 적어 두십시오.",
    )

    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to recompute."""
        parser.add_argument("--verify", action="store_true", help=both("Recompute every row first.", "먼저 모든 행을 다시 계산합니다."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        from comity_desk.conf.backup import read_heads
        from comity_desk.conf.heads import verified

        self.stdout.write(json.dumps(verified() if options["verify"] else read_heads()))
