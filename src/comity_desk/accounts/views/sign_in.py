"""Signing in, and what stands in for pages of the sign-in library that the desk does not have."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic.base import View

from comity_desk.accounts.adapter import LAST_FACTOR
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.pages import page


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """The answer after too many wrong tries; the same whether or not anybody has the name."""
    return page(request, "account/locked_out.html", status=429)


def not_here(request: HttpRequest, **_: Any) -> NoReturn:
    """A page that the sign-in library knows and the desk does not have."""
    raise NotFound(NOTHING_HERE)


def form_not_ours(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of the desk, or from one that is too old."""
    return page(request, "accounts/form_not_ours.html", status=403)


class RemoveKey(RemoveWebAuthnView):  # type: ignore[misc]
    """Remove a security key, unless it is the only second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why not."""
        if not get_mfa_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, LAST_FACTOR)
            return HttpResponseRedirect(reverse("mfa_list_webauthn"))
        answer: HttpResponse = super().form_valid(form)
        return answer


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
