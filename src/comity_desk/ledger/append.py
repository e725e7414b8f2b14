"""How do entries come to stand in the ledger? In one line, inside the transaction of the event that they belong to.

The chain's head is locked first, so that two writers never take the same number. PostgreSQL takes large loads by COPY.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from comity_desk.audit.chain import commitment
from comity_desk.audit.models import Event, Head
from comity_desk.ledger.models import entry_link
from comity_desk.lib import tokens

COLUMNS = ("number", "event_id", "type", "claim", "record", "content", "salt", "commitment", "link")
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is not written yet."""

    type: str
    claim: bytes
    record: bytes
    content: str


Row = tuple[int, int, str, bytes, bytes, str, bytes, bytes, bytes]


def append(event: Event, drafts: Iterable[Draft]) -> int:
    """Write entries after the last one; how many were written."""
    head = Head.locked("ledger")
    before, previous = head.number, bytes(head.link)
    batch: list[Row] = []
    number = before
    for number, row in _linked(event.number, drafts, before, previous):  # noqa: B007 - the last number is wanted afterwards
        batch.append(row)
        previous = row[-1]
        if len(batch) == BATCH:
            _insert(batch)
            batch = []
    _insert(batch)
    if number > before:
        head.number, head.link = number, previous
        head.save(update_fields=["number", "link"])
    return number - before


def _linked(event: int, drafts: Iterable[Draft], number: int, previous: bytes) -> Iterator[tuple[int, Row]]:
    for draft in drafts:
        number += 1
        salt = tokens.token_bytes(16)
        committed = commitment(salt, draft.content)
        previous = entry_link(previous, number, event, draft.type, draft.claim, draft.record, committed)
        yield number, (number, event, draft.type, draft.claim, draft.record, draft.content, salt, committed, previous)


def _insert(rows: list[Row]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > 200:
            with cursor.cursor.copy(f"COPY ledger_entry ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(COLUMNS))
        cursor.executemany(f"INSERT INTO ledger_entry ({', '.join(COLUMNS)}) VALUES ({places})", rows)  # noqa: S608 - names of ours
