"""Small pieces for pages of proposals: addresses of records, units in words, labels of kinds."""

from __future__ import annotations

from typing import Any

from django import template

from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.lib.addresses import record_address, records_address
from comity_desk.lib.language import words

register = template.Library()
UNITS = {
    "persons": Text("persons", "명"),
    "USD million": Text("millions of US dollars", "백만 달러"),
    "per cent": Text("per cent", "퍼센트"),
    "points": Text("points", "점"),
}

register.simple_tag(record_address, name="record_url")
register.simple_tag(records_address, name="records_url")


@register.filter
def unit(name: str) -> str:
    """A unit in words, or its name."""
    return words(UNITS[name]) if name in UNITS else name


@register.filter
def kind_label(name: str) -> str:
    """What a kind is called."""
    return words(kinds()[name].label)


@register.filter
def typed_in(typed: Any, name: str) -> str:
    """What was typed under a name."""
    return typed.get(name) or ""
