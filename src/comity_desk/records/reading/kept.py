"""Answers kept for the life of a snapshot: a few, the latest asked for, so that many readers of one list cost one look at it.

They hang on the snapshot and go with it, so that no reader can be given what was made for another class.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from comity.register.snapshot import Edited, Snapshot

T = TypeVar("T")
SIZES = {"list": 48, "order": 40, "masks": 64, "facet": 500, "search": 48, "to do": 24}  # pages take much room, counts little


class _Kept:
    """The latest answers, oldest thrown out first."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.lock = threading.Lock()
        self.answers: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self.lock:
            if key in self.answers:
                self.answers.move_to_end(key)
                found: T = self.answers[key]
                return found
        made = make()
        with self.lock:
            self.answers[key] = made
            while len(self.answers) > self.size:
                self.answers.popitem(last=False)
        return made


def kept(snapshot: Snapshot, topic: str, key: Hashable, make: Callable[[], T], *, rests_on: frozenset[str] | None = None) -> T:
    """What `make` gives for this snapshot, topic and key, made again only when it was thrown out.

    What rests on records of a few kinds alone (`rests_on`) is handed on through edits that touch none of them.
    """
    if rests_on is None:
        return snapshot.remembered(("kept answers", topic), lambda: _Kept(SIZES[topic])).get(key, make)

    def renewed(seen: Snapshot, former: _Kept, edited: Edited) -> _Kept:
        return _Kept(SIZES[topic]) if rests_on & edited.keys() else former

    return snapshot.derived(("kept answers", topic, rests_on), lambda seen: _Kept(SIZES[topic]), renewed).get(key, make)
