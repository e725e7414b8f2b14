"""Copy everything that cannot be made again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from comity.cli.words import both


class Command(BaseCommand):
    """`comity-desk backup FOLDER`."""

    help = both(
        "Copy database and attachments into a new folder below FOLDER, with the heads of the chains beside; the desk may be in use.",
        "데이터베이스와 첨부를 폴더 아래에 새로 복사하고 사슬의 머리를 함께 적습니다. 사용 중에도 됩니다.",
    )

    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("folder", type=Path, help=both("Folder for backups.", "백업 폴더."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy and name the new folder."""
        from comity_desk.conf.backup import back_up

        self.stdout.write(str(back_up(options["folder"])))
