"""The heads of the chains: a number and a link that bind everything before them, to be noted where the desk cannot write.

With `verified` each chain is recomputed from its first row. Only auditors and keepers of the machine are shown heads: they tell how much is written.
"""

from __future__ import annotations

from typing import Any

from comity_desk.audit.chain import GENESIS, commitment
from comity_desk.audit.models import Event, Head
from comity_desk.conf.backup import BackupFailed, Heads, read_heads
from comity_desk.ledger.verify import verify


def verified() -> Heads:
    """The heads, once every row of both chains is what was written; else an error that names the first that is not."""
    found = verify()
    if found.broken:
        raise BackupFailed(found.broken.what)
    wrong = first_wrong_event()
    if wrong:
        from comity.vocab.text import Text

        raise BackupFailed(
            Text("Event {number} of the audit trail was changed, removed or moved.", "감사 기록 {number}번이 바뀌거나 빠졌습니다.").format(number=wrong)
        )
    return read_heads()


def first_wrong_event() -> int | None:
    """The number of the first event that does not hold."""
    previous, number = GENESIS, 0
    for event in Event.objects.order_by("number").iterator():
        number += 1
        if event.number != number or not _holds(event, previous):
            return number
        previous = bytes(event.link)
    head = Head.objects.get(name="audit")
    return None if (head.number, bytes(head.link)) == (number, previous) else number + 1


def _holds(event: Any, previous: bytes) -> bool:
    if (event.content is None) != (event.salt is None):
        return False
    whole = event.content is None or commitment(bytes(event.salt), event.content) == bytes(event.commitment)
    return bool(whole and event.linked_to(previous) == bytes(event.link))
