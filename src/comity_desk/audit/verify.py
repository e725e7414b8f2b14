"""Is the audit trail what was written? Every event is recomputed: its content against its commitment, its link against the event before it.

A changed, removed, added or reordered event breaks the chain at the place that is named. Whoever can rewrite the whole database can rewrite the
whole chain too: that is seen only by comparing the head with one noted elsewhere (`expected`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection

from comity.vocab.text import Text
from comity_desk.audit.actions import Action
from comity_desk.audit.chain import GENESIS
from comity_desk.audit.models import Event, Head
from comity_desk.audit.triggers import guards

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold."""

    number: int
    what: Text


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found: how many events hold, how many of them are destroyed, the head, the first break if there is one."""

    entries: int
    destroyed: int
    head: bytes
    broken: Break | None


def verify(expected: tuple[int, bytes] | None = None, progress: Callable[[int], None] | None = None) -> Verification:
    """Recompute the whole trail; `expected` is a (number, link) noted earlier that it must still hold."""
    previous, number, destroyed = GENESIS, 0, 0
    for event in Event.objects.order_by("number").iterator(CHUNK):
        what = _wrong_with(event, number, previous, expected)
        if what:
            return Verification(number, destroyed, previous, Break(number + 1 if event.number != number + 1 else event.number, what))
        number, previous = event.number, bytes(event.link)
        destroyed += event.content is None
        if progress and number % CHUNK == 0:
            progress(number)
    head = Head.objects.get(name="audit")
    if (head.number, bytes(head.link)) != (number, previous):
        return Verification(number, destroyed, previous, Break(number + 1, _CUT.format(head=head.number, last=number)))
    if expected and expected[0] > number:
        return Verification(number, destroyed, previous, Break(number + 1, _SHORT.format(expected=expected[0], last=number)))
    return Verification(number, destroyed, previous, None)


def _wrong_with(event: Event, number: int, previous: bytes, expected: tuple[int, bytes] | None) -> Text | None:
    """What is wrong at an event that should follow number `number`; None where it holds."""
    if event.number != number + 1:
        return _MISSING.format(number=number + 1)
    if (event.content is None) != (event.salt is None):
        return _CHANGED.format(number=event.number)
    if not event.holds():
        return _CONTENT.format(number=event.number)
    if event.linked_to(previous) != bytes(event.link):
        return _MOVED.format(number=event.number)
    if expected and expected == (event.number, expected[1]) and expected[1] != bytes(event.link):
        return _OTHER.format(number=event.number)
    return None


def unguarded() -> list[str]:
    """Tables whose triggers do not stand, so that the database would let their rows be changed."""
    return [guard.table for guard in guards(connection) if not guard.stands(connection)]


@dataclass(kw_only=True)
class NoteVerification(Action[Event]):
    """Put on the trail that a chain was verified, and with which result."""

    permission: ClassVar[str] = "chain.verify"
    audit_event: ClassVar[str] = "chain-verified"

    chain: str
    found: Any  # a Verification, of this chain or of the ledger's

    @property
    def target(self) -> str:
        """The chain."""
        return self.chain

    def check(self) -> None:
        """Write down what was found."""
        broken = self.found.broken
        self.details = {"entries": self.found.entries, "head": self.found.head.hex(), "destroyed": self.found.destroyed, "broken": broken and broken.number}

    def perform(self, event: Event) -> Event:
        """The event is all."""
        return event


_MISSING = Text("Event {number} is missing.", "{number}번 기록이 없습니다.")
_CONTENT = Text("What event {number} says was changed.", "{number}번 기록의 내용이 바뀌었습니다.")
_CHANGED = Text("Event {number} was changed.", "{number}번 기록이 바뀌었습니다.")
_MOVED = Text("Event {number} was changed or stands in another's place.", "{number}번 기록이 바뀌었거나 다른 기록의 자리에 있습니다.")
_OTHER = Text("Event {number} is not the one that was noted.", "{number}번 기록이 적어 둔 것과 다릅니다.")
_CUT = Text("The head names event {head}, but the last event is {last}.", "머리는 {head}번을 가리키지만 마지막 기록은 {last}번입니다.")
_SHORT = Text("Event {expected} was noted, but the last event is {last}.", "{expected}번까지 적어 두었으나 마지막 기록은 {last}번입니다.")
