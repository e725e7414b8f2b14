"""Words for forms, which Django asks for before it knows who reads: they become English or Korean when a page is made."""

from __future__ import annotations

from django.utils.functional import lazy

from comity.vocab.text import Text
from comity_desk.lib.language import words

_later = lazy(words, str)


def said(en: str, ko: str) -> str:
    """One sentence in the language of whoever reads it."""
    return _later(Text(en, ko))
