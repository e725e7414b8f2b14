"""The language that a person reads, kept with the account and carried in a cookie."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from comity_desk.accounts.models import User
from comity_desk.accounts.second_factor import shown

CODES = ("en", "ko")


def keep(response: HttpResponse, code: str) -> None:
    """Put the choice into the cookie that every later page is read by."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 60 * 60,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
    )


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language, here and with the account, and go back."""
    from comity_desk.accounts.actions import ChooseLanguage

    code, back = request.POST.get("language", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    if code in CODES:
        keep(response, code)
        if isinstance(request.user, User) and shown(request) and request.user.language != code:
            ChooseLanguage(actor=request.user, language=code).run()
    return response
