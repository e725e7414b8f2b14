"""May this request pass? Nobody gets past without signing in with two factors, unless the address is listed as public.

Addresses are public by their names in the root table of addresses (`PUBLIC`); whatever is not named there, unknown addresses included, is
shut. Programs come with a token, and only where tokens are taken: everywhere below the API's prefix, and at views that say so.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import ResolverMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from comity.vocab.text import Text
from comity_desk.accounts import second_factor, tokens
from comity_desk.accounts.models import User
from comity_desk.lib.errors import DeskError, NotPermitted
from comity_desk.lib.middleware import problem

Answer = Callable[[HttpRequest], HttpResponse]
ALWAYS = frozenset({"account_logout", "set_language"})
CHOOSES_PASSWORD = ALWAYS | {"account_change_password"}
SETS_UP = ALWAYS | {"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}


class NotSignedIn(DeskError):
    """Nobody is signed in, or not with two factors."""

    status = 401
    title = Text("Sign in first", "로그인이 필요합니다")


class Gate:
    """Lets pass who is signed in with two factors, and whatever is public."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.public = frozenset(import_module(settings.ROOT_URLCONF).PUBLIC)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let pass, lead to what is to be done first, or refuse."""
        match = tokens.match_of(request)
        request.entered = SimpleLazyObject(lambda: _entered(request))  # type: ignore[attr-defined]
        if match is not None and match.view_name in self.public:
            return self.answer(request)
        refusal = self._by_token(request, match) if tokens.offered(request, match) else self._by_session(request, match)
        return refusal or self.answer(request)

    def _by_token(self, request: HttpRequest, match: ResolverMatch | None) -> HttpResponse | None:
        """Let a program pass where its token's scopes reach; cookies are not looked at then, so neither is their forgery."""
        found = tokens.user_of(request)
        if found is None:
            return _unauthorized(NotSignedIn(_WRONG_TOKEN))
        request.user, scopes = found
        if tokens.scope_needed(request, match) not in scopes:
            return problem(NotPermitted(_OUT_OF_SCOPE))
        request.csrf_processing_done = True  # type: ignore[attr-defined]
        return None

    def _by_session(self, request: HttpRequest, match: ResolverMatch | None) -> HttpResponse | None:
        """Let a person pass, or lead to what is to be done first."""
        user, name = request.user, match.view_name if match else ""
        if not isinstance(user, User):
            return _sign_in(request)
        if user.must_change_password:
            return None if name in CHOOSES_PASSWORD else _first(request, "account_change_password", _CHOOSE_PASSWORD)
        if second_factor.shown(request):
            return None
        if not second_factor.has_one(user):
            return None if name in SETS_UP else _first(request, "mfa_activate_totp", _SET_UP)
        logout(request)
        return _sign_in(request)


def _entered(request: HttpRequest) -> bool:
    """Whether somebody is signed in here with two factors and has nothing left to set up."""
    return isinstance(request.user, User) and not request.user.must_change_password and second_factor.shown(request)


def for_programs(request: HttpRequest) -> bool:
    """Whether an answer should be problem details rather than a page."""
    return request.path_info.startswith(settings.API_PREFIX)


def _sign_in(request: HttpRequest) -> HttpResponse:
    request.user = AnonymousUser()
    if for_programs(request):
        return _unauthorized(NotSignedIn(_SIGN_IN))
    htmx = getattr(request, "htmx", None)
    back = htmx.current_url_abs_path if htmx else request.get_full_path() if request.method in ("GET", "HEAD") else None
    return _redirect(request, reverse(settings.LOGIN_URL) + (f"?{urlencode({'next': back})}" if back and back != "/" else ""))


def _first(request: HttpRequest, name: str, why: Text) -> HttpResponse:
    return problem(NotPermitted(why)) if for_programs(request) else _redirect(request, reverse(name))


def _redirect(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else HttpResponseRedirect(url)


def _unauthorized(error: NotSignedIn) -> HttpResponse:
    response = problem(error)
    response.headers["WWW-Authenticate"] = 'Bearer realm="Comity"'
    return response


_SIGN_IN = Text("Sign in with two factors, or send a token.", "2단계 인증으로 로그인하거나 토큰을 보내십시오.")
_WRONG_TOKEN = Text("The token is not valid: unknown, expired or withdrawn.", "유효하지 않은 토큰입니다. 등록되지 않았거나 만료 또는 폐기되었습니다.")
_OUT_OF_SCOPE = Text("The token's scopes do not reach this.", "토큰의 사용 범위를 벗어난 요청입니다.")
_CHOOSE_PASSWORD = Text("Choose a password of your own first.", "먼저 본인의 비밀번호를 정하십시오.")
_SET_UP = Text("Set up a second factor first.", "먼저 2단계 인증을 설정하십시오.")
