"""Has the person of this session shown a second factor? A mark in the session says so, made when one was shown or set up in that very session.

Having a second factor is not enough: a session opened by the password before the person set one up stays shut.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from comity_desk.accounts.models import User

MARK = "second_factor"
PROVIDER = "provider"
MEANS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def mark(request: HttpRequest, user: User, means: str) -> None:
    """Note that this person showed a second factor in this session."""
    request.session[MARK] = {"user": user.pk, "means": means}


def shown(request: HttpRequest) -> bool:
    """Whether the person signed in here showed one."""
    noted = request.session.get(MARK)
    return isinstance(noted, dict) and noted.get("user") == request.user.pk


def vouched(request: HttpRequest, user: User) -> bool:
    """Whether an identity provider said that it asked this person for its own second factor."""
    return request.session.get(MARK) == {"user": user.pk, "means": PROVIDER}


def has_one(user: User) -> bool:
    """Whether the person has set one up; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=MEANS).exists())
