"""Views that touch the security of accounts: whoever signed in more than fifteen minutes ago is asked again who it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def asked_again(view: View) -> View:
    """Ask again before the view answers, reading too."""
    return cast("View", reauthentication_required(view))
