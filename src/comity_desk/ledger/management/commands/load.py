"""Load a data package into an empty ledger."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from comity_desk.ledger.loading import load_package
from comity_desk.ledger.register import current


class Command(BaseCommand):
    """`comity-desk load kor`."""

    help = "Load a data package (a shipped name or a folder) into an empty ledger · 빈 원장에 데이터 패키지를 적재"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which package."""
        parser.add_argument("package", nargs="?", default="kor")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where the ledger holds a register · 이미 있으면 그대로 둠")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many entries were written."""
        if options["if_empty"] and current().number:
            return
        written = load_package(options["package"])
        self.stdout.write(f"{options['package']}: {written:,} entries · 항목 {written:,}건")
