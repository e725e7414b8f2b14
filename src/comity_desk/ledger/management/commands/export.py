"""Write the ledger as a data package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from comity_desk.ledger.loading import export_ledger


class Command(BaseCommand):
    """`comity-desk export FOLDER`."""

    help = "Write everything that the ledger holds as a data package · 원장 전체를 데이터 패키지로 내보냄"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Export and name the files."""
        for path in export_ledger(options["folder"]):
            self.stdout.write(str(path))
