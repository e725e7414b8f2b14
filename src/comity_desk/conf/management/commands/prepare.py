"""Set the desk up."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from comity.cli.words import both, language


class Command(BaseCommand):
    """`comity-desk prepare`."""

    help = both(
        "Set up or bring up to date: tables, typeface, static files, the record, a first administrator.",
        "설치하거나 최신으로 맞춥니다: 표 구조, 글꼴, 정적 파일, 기록, 최초 관리자.",
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which package an empty desk begins with."""
        add_package(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do every step that is needed."""
        prepare_and_tell(options["package"])


def add_package(parser: CommandParser) -> None:
    """The option that names the package."""
    parser.add_argument(
        "--package",
        default="kor",
        help=both("Data package that an empty desk begins with; '' for none.", "빈 시스템에 처음 적재할 데이터 패키지. ''이면 적재하지 않음."),
    )


def prepare_and_tell(package: str) -> None:
    """Prepare, each step on one line."""
    from comity_desk.conf.prepare import prepare

    lang = language([], os.environ)
    prepare(lambda name, seconds: print(f"{name.in_(lang)}  {seconds:.1f} s", flush=True), package)
