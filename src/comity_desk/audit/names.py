"""What events are called for those who read the trail. Apps add the names of theirs; an event without one is shown by its code."""

from __future__ import annotations

from collections.abc import Mapping

from comity.vocab.text import Text, same

NAMES: dict[str, Text] = {
    "chain-verified": Text("Chain verified", "사슬 검증"),
    "trail-exported": Text("Trail exported", "감사 기록 내보내기"),
}


def name_events(names: Mapping[str, Text]) -> None:
    """Give names to events."""
    NAMES.update(names)


def name_of(action: str) -> Text:
    """The name of an event."""
    return NAMES.get(action, same(action))
