"""A process that writes to the ledger, act after act, and says so after each: `python writer.py PACKAGE COUNT`. For tests that kill it."""

from __future__ import annotations

import sys

import django

django.setup()

import polars as pl  # noqa: E402

import comity  # noqa: E402
from comity.register.package import FILE, LINE  # noqa: E402
from comity_desk.audit.actions import Action  # noqa: E402
from comity_desk.audit.models import Event  # noqa: E402
from comity_desk.ledger.loading import LoadPackage  # noqa: E402
from comity_desk.ledger.register import current  # noqa: E402
from comity_desk.ledger.write import write  # noqa: E402
from comity_desk.lib.errors import DeskError  # noqa: E402


class Rename(Action[None]):
    """Give an exercise a number as its name."""

    permission, audit_event = "record.review", "record-edited"
    number = 0

    def perform(self, event: Event) -> None:
        """Write one row."""
        row = current().register.tables["exercise"].drop(LINE, FILE).sort("id").head(1)
        write(event, {"exercise": row.with_columns(title_en=pl.lit(f"edit {self.number}"))}, current())


def main(package: str, count: int) -> None:
    """Load where nothing is, then write and tell."""
    if not current().number:
        LoadPackage(actor=None, register=comity.load(package)).run()
    print("ready", flush=True)
    for number in range(1, count + 1):
        act = Rename(actor=None)
        act.number = number
        try:
            act.run()
        except DeskError as error:
            print(f"refused {number} {error.status} {error.text.en} | {error.text.ko}", flush=True)
            continue
        print(f"written {number}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
