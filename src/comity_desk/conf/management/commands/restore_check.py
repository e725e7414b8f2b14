"""See whether a backup comes back whole."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from comity.cli.words import both, language
from comity.vocab.text import Text


class Command(BaseCommand):
    """`comity-desk restore-check FOLDER`."""

    help = both(
        "Restore a backup into a temporary place, recompute its chains there and compare their heads; the desk is not touched.",
        "백업을 임시 장소에 복원해 사슬을 다시 계산하고 머리를 비교합니다. 운영 중인 시스템은 건드리지 않습니다.",
    )

    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which backup."""
        parser.add_argument("folder", type=Path, help=both("A backup's folder.", "백업 하나의 폴더."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Check; exit 1 where the backup does not come back whole."""
        from comity_desk.conf.restore import restore_check

        found, lang = restore_check(options["folder"]), language([], os.environ)
        self.stdout.write(json.dumps({"noted": found.noted, "restored": found.found, "attachments": found.attachments}))
        self.stdout.write((_WHOLE if found.equal else _DIFFERS).in_(lang))
        if not found.equal:
            sys.exit(1)


_WHOLE = Text("The backup comes back whole: the heads are equal.", "백업이 온전히 복원됩니다. 머리가 같습니다.")
_DIFFERS = Text("The heads differ: this backup does not hold what was noted.", "머리가 다릅니다. 백업 내용이 기록과 일치하지 않습니다.")
