"""Who asks, and may they? A token in the header, or a signed-in session with a token against forgery for whatever changes something.

The gate of the desk has looked before; this looks again, so that no address of the API is open should the gate ever not stand before it.
"""

from __future__ import annotations

from django.http import HttpRequest
from ninja.utils import check_csrf

from comity.vocab.text import Text
from comity_desk.accounts import tokens
from comity_desk.accounts.models import User
from comity_desk.lib.errors import NotPermitted

SAFE = ("GET", "HEAD", "OPTIONS")


class Token:
    """A program with a token of a scope that reaches this."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}  # noqa: RUF012 - read by the schema

    def __call__(self, request: HttpRequest) -> User | None:
        """The person for whom the token stands."""
        found = tokens.user_of(request)
        if found is None:
            return None
        user, scopes = found
        if ("read" if request.method in SAFE else "write") not in scopes:
            raise NotPermitted(_OUT_OF_SCOPE)
        return user


class Session:
    """A person in a browser."""

    openapi_security_schema = {"type": "apiKey", "in": "cookie", "name": "sessionid"}  # noqa: RUF012 - read by the schema

    def __call__(self, request: HttpRequest) -> User | None:
        """The person of the session; a change must come from a page of the desk's own."""
        if tokens.secret_in(request) is not None or not isinstance(request.user, User):
            return None
        if request.method not in SAFE and check_csrf(request) is not None:
            raise NotPermitted(_FORGED)
        return request.user


def person(request: HttpRequest, permission: str) -> User:
    """Who asks, if their roles (and their token) allow this."""
    user = request.user
    if not isinstance(user, User) or not user.permitted(permission):
        raise NotPermitted(_NOT_PERMITTED)
    return user


_OUT_OF_SCOPE = Text("The token's scopes do not reach this.", "토큰의 사용 범위를 벗어난 요청입니다.")
_FORGED = Text(
    "The request does not come from a page of the desk (X-CSRFToken is missing or wrong).", "데스크 화면에서 보낸 요청이 아닙니다(X-CSRFToken 확인 필요)."
)
_NOT_PERMITTED = Text("Your roles do not allow this.", "부여된 역할로는 할 수 없는 작업입니다.")
