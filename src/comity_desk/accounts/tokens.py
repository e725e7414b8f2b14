"""Which program is it? A token stands for a person, within its scopes and that person's roles, until it expires or is withdrawn.

The desk keeps only a token's hash. A token has 160 random bits, so a plain SHA-256 of it can be looked up directly: there is nothing to guess
slowly, and nothing that a comparison's time could tell.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import TypeVar, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.crypto import constant_time_compare

from comity_desk.accounts.models import ApiToken, User
from comity_desk.lib import clock
from comity_desk.lib.tokens import token_bytes

PREFIX = "comity_"
VIEW_SCOPE = "token_scope"
View = TypeVar("View", bound=Callable[..., object])


def new_secret() -> str:
    """A new token's words, shown once: a prefix that scanners for leaked secrets can know, and 32 letters."""
    return PREFIX + base64.b32encode(token_bytes(20)).decode().lower()


def digest(secret: str) -> str:
    """What the desk keeps of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def takes_token(scope: str) -> Callable[[View], View]:
    """Let a view outside the API be reached with a token of that scope; a feed's token may stand in its address as `?token=`."""

    def open_to(view: View) -> View:
        setattr(view, VIEW_SCOPE, scope)
        return view

    return open_to


def scope_needed(request: HttpRequest, match: ResolverMatch | None) -> str | None:
    """The scope that a token needs for this request; none where no token is taken."""
    named = getattr(match.func, VIEW_SCOPE, None) if match else None
    if named is not None:
        return str(named)
    if not request.path_info.startswith(settings.API_PREFIX):
        return None
    return "read" if request.method in ("GET", "HEAD", "OPTIONS") else "write"


def offered(request: HttpRequest, match: ResolverMatch | None) -> bool:
    """Whether the request brings a token to where one is taken; elsewhere tokens are not looked at."""
    return scope_needed(request, match) is not None and secret_in(request, match) is not None


def secret_in(request: HttpRequest, match: ResolverMatch | None = None) -> str | None:
    """The token that a request brings: as a bearer, or in the address of a feed."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret:
        return secret.strip()
    match = match or request.resolver_match or match_of(request)
    return request.GET.get("token") if match is not None and getattr(match.func, VIEW_SCOPE, None) == "feed" else None


def match_of(request: HttpRequest) -> ResolverMatch | None:
    """The address that a request names, before it is answered; none where there is nothing."""
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def user_of(request: HttpRequest) -> tuple[User, frozenset[str]] | None:
    """The person for whom a request's token stands, already held to the token's scopes, and those scopes."""
    if not hasattr(request, "token_holder"):
        secret = secret_in(request)
        kept = _kept(secret) if secret else None
        if kept is not None:
            kept.seen()
            kept.user.scopes = frozenset(kept.scopes)
        request.token_holder = (kept.user, frozenset(kept.scopes)) if kept else None  # type: ignore[attr-defined]
    return cast("tuple[User, frozenset[str]] | None", request.token_holder)  # type: ignore[attr-defined]


def _kept(secret: str) -> ApiToken | None:
    """The living token of these words."""
    hashed = digest(secret)
    found = ApiToken.objects.select_related("user__directorate").filter(digest=hashed, revoked_at=None, expires_at__gt=clock.now()).first()
    if found is None or not constant_time_compare(found.digest, hashed):
        return None
    return found if found.user.is_active and not found.user.must_change_password else None
