"""What a page's ETag is made of: the reader's snapshot, who reads and the day; nothing that the reader may not see."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest

from comity.register.snapshot import Snapshot
from comity_desk.ledger.asking import looking_as
from comity_desk.lib import clock


def etag_of(request: HttpRequest, snapshot: Snapshot, *more: object) -> str | None:
    """The parts of a page's ETag as one text; none while a message waits to be shown, which must not be kept."""
    if len(get_messages(request)):
        return None
    user: Any = request.user
    theme = request.COOKIES.get("theme", "")
    return repr((snapshot.hash, user.pk, str(user), sorted(user.roles), theme, looking_as(request), clock.today(), bool(getattr(request, "htmx", False)), more))
