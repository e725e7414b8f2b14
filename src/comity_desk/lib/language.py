"""Which language does this reader read? English or Korean, from the request that is being answered."""

from __future__ import annotations

from django.utils.translation import get_language

from comity.vocab.text import Lang, Text


def lang() -> Lang:
    """The language of the page being made."""
    return "ko" if (get_language() or "en").startswith("ko") else "en"


def words(text: Text | str | None) -> str:
    """A text in the language of the page being made; empty for none."""
    if text is None:
        return ""
    return text.in_(lang()) if isinstance(text, Text) else text
