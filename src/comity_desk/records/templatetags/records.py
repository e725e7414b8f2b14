"""Pieces of pages about records, for templates of other parts: `{% load records %}{% record_refs snapshot refs %}`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from comity.register.snapshot import Snapshot
from comity_desk.lib.language import lang
from comity_desk.records.reading.behind import records_behind

register = template.Library()


@register.inclusion_tag("records/refs.html")
def record_refs(snapshot: Snapshot, refs: Iterable[str]) -> dict[str, Any]:
    """A table of the records behind a number: title, kind, date, source, confidence."""
    return {"rows": records_behind(snapshot, refs, lang())}
