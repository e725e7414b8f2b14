"""What a class of acts is called, all of them together included."""

from __future__ import annotations

from comity.vocab.kinds import code_label
from comity.vocab.text import Text

ANY = "any"


def class_words(name: str) -> Text:
    """The label of a class of events, or of any of them.

    >>> class_words("any").en
    'Any provocation'
    """
    return _ANY if name == ANY else Text(code_label("event_class", name, "en"), code_label("event_class", name, "ko"))


_ANY = Text("Any provocation", "모든 도발")
