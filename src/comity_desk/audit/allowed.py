"""Views that only some roles may reach: the permission stands beside the view, where a reader of the code looks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponseBase

from comity_desk.audit.actions import NOT_PERMITTED
from comity_desk.lib.errors import NotPermitted

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def allowed(permission: str) -> Callable[[View], View]:
    """Refuse everybody whose roles do not give that permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not getattr(request.user, "permitted", lambda _: False)(permission):
                raise NotPermitted(NOT_PERMITTED)
            return view(request, *args, **kwargs)

        return cast("View", guarded)

    return decorate
