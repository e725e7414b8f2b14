"""Verify the chains: the ledger of claims and the audit trail."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comity_desk.audit.verify import NoteVerification, unguarded
from comity_desk.audit.verify import verify as verify_trail
from comity_desk.ledger.verify import verify


class Command(BaseCommand):
    """`comity-desk verify [--expect NUMBER:LINK]`."""

    help = "Recompute both chains and name the first entry that was changed, removed or moved · 두 사슬을 다시 계산해 바뀐 항목을 짚음"

    def add_arguments(self, parser: CommandParser) -> None:
        """A head noted earlier."""
        parser.add_argument("--expect", metavar="NUMBER:LINK", help="a head of the ledger noted earlier · 이전에 기록해 둔 원장의 머리")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify both chains and note the result; exit 1 where one does not hold or the database would let rows be changed."""
        told = []
        for chain, found in (("ledger", verify(_noted(options["expect"]), progress=_show)), ("audit", verify_trail(progress=_show))):
            if found.broken:
                told.append(f"{chain}: {found.broken.what.en} · {found.broken.what.ko}")
            else:
                words = f"{found.entries:,} entries hold, {found.destroyed} destroyed · {found.entries:,}건 이상 없음, 파기 {found.destroyed}건"
                self.stdout.write(f"{chain}: {words}\n{chain}: {found.entries}:{found.head.hex()}")
            NoteVerification(actor=None, chain=chain, found=found).run()
        told += [f"{table}: the database no longer refuses changes · 데이터베이스가 변경을 막지 않음" for table in unguarded()]
        if told:
            raise CommandError("\n".join(told))


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
