"""The pages of the boards: each reads the reader's own snapshot, and changes nothing but through an action."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from comity.vocab.text import Text
from comity_desk.lib import clock
from comity_desk.lib.errors import NotPermitted

View = Callable[..., HttpResponse]


def for_holders_of(permission: str) -> Callable[[View], View]:
    """Let a view be seen by those alone whose roles allow it."""

    def guarded(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user: Any = request.user
            if not user.permitted(permission):
                raise NotPermitted(_NOT_PERMITTED)
            return view(request, *args, **kwargs)

        return answer

    return guarded


def etag_of(request: HttpRequest, *parts: object) -> str:
    """What an answer depends on beside its address and language: these parts, who reads (name and menu stand on the page), the day, the colours chosen."""
    user: Any = request.user
    return repr((*parts, user.pk, str(user), sorted(user.roles), clock.today(), request.COOKIES.get("theme", "")))


_NOT_PERMITTED = Text("Your roles do not allow this.", "부여된 역할로는 할 수 없는 작업입니다.")
