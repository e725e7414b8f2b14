"""Days and short numbers as the boards' pages write them."""

from __future__ import annotations

from datetime import date

from django import template

from comity.vocab.dates import written
from comity.vocab.text import Text
from comity_desk.lib.language import lang, words

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """A day as people of the reader's language write it; empty where unknown."""
    return written(value.isoformat(), lang()) if value is not None else ""


@register.filter
def points(value: float | None) -> str:
    """A score without decimals; a dash where unknown."""
    return "–" if value is None else f"{value:.0f}"


@register.filter
def signed(value: float | None) -> str:
    """A difference with its sign; a dash where unknown."""
    return "–" if value is None else f"{value:+.0f}".replace("-", "−")


@register.filter
def days_left(value: int | None) -> str:
    """How far a day lies ahead or back, in words."""
    if value is None:
        return ""
    if value == 0:
        return words(Text("today", "오늘"))
    if value > 0:
        return words(Text("in {n} days" if value > 1 else "tomorrow", "{n}일 남음" if value > 1 else "내일").format(n=f"{value:,}"))
    return words(Text("{n} days ago" if value < -1 else "yesterday", "{n}일 지남" if value < -1 else "어제").format(n=f"{-value:,}"))
