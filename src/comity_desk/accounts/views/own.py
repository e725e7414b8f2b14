"""One's own account: who one is here, the language, the second factor, the sessions, the tokens."""

from __future__ import annotations

from typing import cast

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from comity_desk.accounts.actions import EndOtherSessions
from comity_desk.accounts.asked_again import asked_again
from comity_desk.accounts.describing import described
from comity_desk.accounts.models import ApiToken, User
from comity_desk.accounts.people_forms import TokenForm, tell
from comity_desk.accounts.token_actions import MakeToken, RevokeToken
from comity_desk.accounts.wording import said
from comity_desk.audit.allowed import allowed
from comity_desk.lib.errors import NOTHING_HERE, NotFound, Refused
from comity_desk.lib.pages import page


def account(request: HttpRequest) -> HttpResponse:
    """The account page."""
    user = cast("User", request.user)
    sessions = sorted(UserSession.objects.purge_and_list(user), key=lambda one: one.created_at, reverse=True)
    context = {
        "described": described(user),
        "means": Authenticator.objects.filter(user_id=user.pk).order_by("type", "created_at"),
        "sessions": sessions,
        "tokens": user.tokens.all(),
        "makes_tokens": user.permitted("token.make"),
    }
    return page(request, "accounts/account.html", context)


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    user = cast("User", request.user)
    EndOtherSessions(actor=user).run()
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)
    messages.success(request, said("Your other sessions have ended.", "다른 기기에서 모두 로그아웃했습니다."))
    return HttpResponseRedirect(reverse("account"))


@allowed("token.make")
@asked_again
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show its words, once: they are on this answer alone."""
    user = cast("User", request.user)
    form = TokenForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = MakeToken(actor=user, **form.cleaned_data).run()
            return page(request, "accounts/token_made.html", {"token": token, "secret": secret})
        except Refused as refused:
            tell(form, refused)
    return page(request, "accounts/token_new.html", {"form": form})


@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Withdraw one of one's own tokens."""
    user = cast("User", request.user)
    token = ApiToken.objects.select_related("user").filter(pk=token_id, user=user).first()
    if token is None:
        raise NotFound(NOTHING_HERE)
    RevokeToken(actor=user, token=token).run()
    messages.success(request, said("The token is withdrawn.", "토큰을 폐기했습니다."))
    return HttpResponseRedirect(reverse("account"))
