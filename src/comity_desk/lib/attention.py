"""What waits for this person? Apps of one layer know nothing of each other: each names here what it wants done, and the first page shows it all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from comity.vocab.text import Text


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that waits: in words, where it is done, and whether it is late."""

    words: Text
    address: str
    late: bool = False


Asks = Callable[[HttpRequest], list[Attention]]
_ASKS: list[Asks] = []


def asks_for_attention(asks: Asks) -> Asks:
    """Name what tells what waits for the person who makes a request; from the reader's snapshot and that person's own work alone."""
    if asks not in _ASKS:
        _ASKS.append(asks)
    return asks


def attention_of(request: HttpRequest) -> list[Attention]:
    """Everything that waits, what is late first."""
    found = [one for asks in _ASKS for one in asks(request)]
    return sorted(found, key=lambda one: not one.late)
