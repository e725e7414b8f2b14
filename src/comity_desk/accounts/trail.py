"""Signing in and out, wrong tries, lock-outs and second factors, as events of the audit trail.

A name that nobody has is not kept: people type passwords there by mistake.
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_used
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from comity_desk.accounts import second_factor
from comity_desk.accounts.backends import address_of
from comity_desk.accounts.language import keep
from comity_desk.accounts.models import User, signing_in_as
from comity_desk.audit.models import Event


def listen() -> None:
    """Hear what the sign-in libraries tell."""
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_failed)
    user_locked_out.connect(_locked_out)
    authenticator_used.connect(_factor_shown)
    authenticator_added.connect(_factor_set_up)
    authentication_failed.connect(_factor_failed)
    post_save.connect(_factor_kept, sender=Authenticator)
    post_delete.connect(_factor_removed, sender=Authenticator)


@transaction.atomic
def note(actor: User | None, action: str, request: HttpRequest | None, *, target: str = "", **details: Any) -> None:
    """Write one event, with the address from which it came."""
    if request is not None:
        details["address"] = address_of(request)
    Event.record(actor, action, target=target, details=details)


def _signed_in(request: HttpRequest, user: User, response: Any = None, sociallogin: Any = None, **_: Any) -> None:
    note(user, "signed-in", request, target=user.username, by="provider" if sociallogin else "password")
    if response is not None:
        keep(response, user.language)


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if isinstance(user, User):
        note(user, "signed-out", request, target=user.username)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    name = signing_in_as(credentials.get("username"))
    note(None, "sign-in-failed", request, target=name if User.objects.filter(username=name).exists() else "", known_name=bool(name))


def _locked_out(request: HttpRequest, username: str, **_: Any) -> None:
    name = signing_in_as(username)
    note(None, "locked-out", request, target=name if User.objects.filter(username=name).exists() else "")


def _factor_shown(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    second_factor.mark(request, user, authenticator.type)


def _factor_set_up(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Setting up the first one opens this session; in later ones it was shown already."""
    if authenticator.type in second_factor.MEANS:
        second_factor.mark(request, user, authenticator.type)


def _factor_failed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    note(user, "second-factor-failed", request, target=user.username, means=authenticator.type)


def _factor_kept(instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        _factor_event("second-factor-added", instance)


def _factor_removed(instance: Authenticator, **_: Any) -> None:
    _factor_event("second-factor-removed", instance)


def _factor_event(action: str, authenticator: Authenticator) -> None:
    """In the transaction of the change itself; by whoever is signed in where there is a request."""
    request = context.request if getattr(context, "request", None) is not None else None
    actor = request.user if request is not None and isinstance(request.user, User) else None
    note(actor, action, request, target=authenticator.user.username, means=authenticator.type)
