"""Words, dates and small pieces of pages.

`{% t "Save" "저장" %}` says one thing in both languages where it stands, so that neither can be forgotten.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from comity.vocab.dates import written as written_date
from comity.vocab.kinds import code_label
from comity.vocab.text import Text
from comity_desk.lib.language import lang, words

register = template.Library()


@register.simple_tag
def t(en: str, ko: str, **places: Any) -> str | SafeString:
    """One sentence in the reader's language; named places are filled (and escaped when the tag stands in a page)."""
    text = Text(en, ko).in_(lang())
    return conditional_escape(text.format(**{name: words(value) if isinstance(value, Text) else value for name, value in places.items()}) if places else text)


@register.filter
def say(text: Text | str | None) -> str:
    """A `Text` in the reader's language."""
    return words(text)


@register.filter
def written(text: str | None) -> str:
    """A partial date as people of that language write it."""
    return written_date(text, lang())


@register.filter
def label(value: str | None, codes: str) -> str:
    """The label of a controlled value: `{{ status|label:"exercise_status" }}`."""
    return code_label(codes, value, lang())


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """An entry of a mapping, empty where there is none."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""
