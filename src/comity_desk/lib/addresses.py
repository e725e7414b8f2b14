"""Where does a record stand? The addresses of records and lists, made in one place."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from comity.vocab.kinds import kinds


def record_address(ref: str) -> str:
    """Address of the page of a record, given as `kind:id`."""
    kind, _, record_id = ref.partition(":")
    return f"/records/{kinds()[kind].plural}/{quote(record_id, safe='')}/"


def records_address(kind: str, **filters: str) -> str:
    """Address of the list of a kind, with filters."""
    query = f"?{urlencode(filters)}" if filters else ""
    return f"/records/{kinds()[kind].plural}/{query}"


def partner_address(code: str) -> str:
    """Address of a partner's page."""
    return f"/partners/{quote(code, safe='')}/"
