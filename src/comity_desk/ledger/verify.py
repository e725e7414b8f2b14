"""Is the ledger what was written? Every entry is recomputed: its content against its commitment, its link against the entry before it.

A changed, removed, added or reordered entry breaks the chain at the place that is named. Whoever can rewrite the whole database can rewrite
the whole chain: that is seen only by comparing the head with one noted elsewhere (`expected`), which the how-to asks auditors to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection

from comity.vocab.text import Text
from comity_desk.audit.chain import GENESIS, commitment
from comity_desk.audit.models import Head
from comity_desk.ledger.models import CLAIM, DESTRUCTION, JUDGEMENT, entry_link

CHUNK = 20_000
Row = tuple[int, int, str, bytes, bytes, str | None, bytes | None, bytes, bytes]


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold."""

    number: int
    what: Text


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found: how many entries, how many of them destroyed, the head, and the first break if there is one."""

    entries: int
    destroyed: int
    head: bytes
    broken: Break | None


def verify(expected: tuple[int, bytes] | None = None, progress: Callable[[int], None] | None = None) -> Verification:
    """Recompute the whole chain; `expected` is a (number, link) noted earlier that the chain must still hold."""
    previous, number, destroyed = GENESIS, 0, 0
    for row in _rows():
        found = _break_at(row, number, previous, expected)
        if found:
            return Verification(number, destroyed, previous, found)
        number, previous = row[0], row[8]
        destroyed += row[5] is None
        if progress and number % CHUNK == 0:
            progress(number)
    head = Head.objects.get(name="ledger")
    if (head.number, bytes(head.link)) != (number, previous):
        return Verification(number, destroyed, previous, Break(number + 1, _CUT.format(head=head.number, last=number)))
    if expected and expected[0] > number:
        return Verification(number, destroyed, previous, Break(number + 1, _SHORT.format(expected=expected[0], last=number)))
    return Verification(number, destroyed, previous, None)


def _break_at(row: Row, number: int, previous: bytes, expected: tuple[int, bytes] | None) -> Break | None:
    at, event, type_, claim, record, content, salt, committed, linked = row
    if at != number + 1:
        return Break(number + 1, _MISSING.format(number=number + 1))
    if type_ not in (CLAIM, JUDGEMENT, DESTRUCTION) or (content is None) != (salt is None):
        return Break(at, _CHANGED.format(number=at))
    if content is not None and commitment(salt or b"", content) != committed:
        return Break(at, _CONTENT.format(number=at))
    if entry_link(previous, at, event, type_, claim, record, committed) != linked:
        return Break(at, _MOVED.format(number=at))
    if expected and expected[0] == at and expected[1] != linked:
        return Break(at, _OTHER.format(number=at))
    return None


def _rows() -> Iterator[Row]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT number, event_id, type, claim, record, content, salt, commitment, link FROM ledger_entry WHERE number > %s ORDER BY number LIMIT %s",
                [last, CHUNK],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        for number, event, type_, claim, record, content, salt, committed, linked in rows:
            yield number, event, type_, bytes(claim), bytes(record), content, None if salt is None else bytes(salt), bytes(committed), bytes(linked)
        last = rows[-1][0]


_MISSING = Text("Entry {number} is missing.", "{number}번 항목이 없습니다.")
_CONTENT = Text("What entry {number} says was changed.", "{number}번 항목의 내용이 바뀌었습니다.")
_CHANGED = Text("Entry {number} was changed.", "{number}번 항목이 바뀌었습니다.")
_MOVED = Text("Entry {number} was changed or stands in another's place.", "{number}번 항목이 바뀌었거나 다른 항목의 자리에 있습니다.")
_OTHER = Text("Entry {number} is not the one that was noted.", "{number}번 항목이 기록해 둔 것과 다릅니다.")
_CUT = Text("The head names entry {head}, but the last entry is {last}.", "머리는 {head}번을 가리키지만 마지막 항목은 {last}번입니다.")
_SHORT = Text("Entry {expected} was noted, but the last entry is {last}.", "{expected}번까지 기록해 두었으나 마지막 항목은 {last}번입니다.")
