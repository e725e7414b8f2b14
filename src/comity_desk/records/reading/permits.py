"""Who may open the pages of the record at all? What they then see is decided by the snapshot, never here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from comity.vocab.text import Text
from comity_desk.lib.errors import NotPermitted


def reading(request: HttpRequest, permission: str = "record.read") -> Any:
    """The person who asks, if their roles let them read."""
    user: Any = request.user
    if not user.permitted(permission):
        raise NotPermitted(_NOT_PERMITTED)
    return user


_NOT_PERMITTED = Text("Your roles do not allow this.", "부여된 역할로는 할 수 없는 작업입니다.")
