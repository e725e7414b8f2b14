"""Who is it that signs in? A name and a password, read the same way wherever they are typed.

An account that is not active, or whose one-time password has run out, is answered as a wrong password is.
"""

from __future__ import annotations

from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from comity_desk.accounts.models import User, signing_in_as


class DeskBackend(ModelBackend):
    """Checks names and passwords, and finds the person of a session."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Whether the account opens at all."""
        return isinstance(user, User) and user.may_sign_in()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Permissions come from roles alone; see `User.permitted`."""
        return False


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """The name under which a try is counted: any spelling of it is one name."""
    name = (credentials or {}).get("username") or request.POST.get("login")
    return signing_in_as(str(name))[:255] if name else None


def address_of(request: HttpRequest) -> str:
    """The network address of whoever asks: what the trusted proxy says, or what the connection says."""
    return str(get_client_ip(request) or "0.0.0.0")  # noqa: S104 - the address of nobody, not one to listen at
