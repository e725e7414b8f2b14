"""Fill an empty desk from a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from comity.cli.words import both


class Command(BaseCommand):
    """`comity-desk restore FOLDER`."""

    help = both(
        "Fill an empty desk from a backup (a new COMITY_DESK_HOME, or an empty PostgreSQL database); then put its secret key back and serve.",
        "빈 시스템(새 COMITY_DESK_HOME 또는 빈 PostgreSQL 데이터베이스)에 백업을 복원합니다. 이어서 비밀 키를 되돌려 놓고 시작합니다.",
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which backup."""
        parser.add_argument("folder", type=Path, help=both("A backup's folder.", "백업 하나의 폴더."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore and say what came back."""
        from comity_desk.conf.restore import restore

        attachments = restore(options["folder"])
        self.stdout.write(f"{options['folder'].name}: attachments {attachments} · 첨부 {attachments}건")
