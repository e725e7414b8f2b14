"""Verify the chains."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comity_desk.ledger.verify import verify


class Command(BaseCommand):
    """`comity-desk verify [--expect NUMBER:LINK]`."""

    help = "Recompute the ledger's chain and name the first entry that was changed, removed or moved · 원장 사슬을 다시 계산해 바뀐 항목을 짚음"

    def add_arguments(self, parser: CommandParser) -> None:
        """A head noted earlier."""
        parser.add_argument("--expect", metavar="NUMBER:LINK", help="a head noted earlier · 이전에 기록해 둔 머리")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify; exit 1 where the chain does not hold."""
        found = verify(_noted(options["expect"]), progress=_show)
        if found.broken:
            raise CommandError(f"{found.broken.what.en} · {found.broken.what.ko}")
        words = f"{found.entries:,} entries hold, {found.destroyed} destroyed · 항목 {found.entries:,}건 이상 없음, 파기 {found.destroyed}건"
        self.stdout.write(f"{words}\n{found.entries}:{found.head.hex()}")


def _show(number: int) -> None:
    sys.stderr.write(f"\r{number:,}")


def _noted(text: str | None) -> tuple[int, bytes] | None:
    if not text:
        return None
    number, _, link = text.partition(":")
    try:
        return int(number), bytes.fromhex(link)
    except ValueError as error:
        raise CommandError("write --expect NUMBER:LINK as `verify` printed it · verify가 출력한 '번호:링크' 형식으로 적으십시오") from error
