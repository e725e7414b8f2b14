"""Signing in, and what stands in for pages of the sign-in library that the desk does not have."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.generic.base import View

from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.pages import page


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """The answer after too many wrong tries; the same whether or not anybody has the name."""
    return page(request, "account/locked_out.html", status=429)


def not_here(request: HttpRequest, **_: Any) -> NoReturn:
    """A page that the sign-in library knows and the desk does not have."""
    raise NotFound(NOTHING_HERE)


@method_decorator(login_required, name="dispatch")
@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class ReplaceTOTP(ActivateTOTPView):  # type: ignore[misc]
    """Put a new application in the place of the old one, in one step: at no moment is there no second factor."""

    template_name = "mfa/totp/activate_form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Without the library's refusal to go on when there is an application already."""
        return View.dispatch(self, request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Remove the old one and keep the new one."""
        Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.TOTP).delete()
        answer: HttpResponse = super().form_valid(form)
        return answer
