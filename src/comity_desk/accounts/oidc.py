"""Signing in through the ministry's identity provider: it vouches for who somebody is, and an administrator says who has an account.

The first time, a person is linked by a claim that names the account (`preferred_username` unless set otherwise), afterwards by the provider's own
lasting name for the person, so that a name given to somebody else later opens nothing. Nothing is made automatically. The provider's second factor
counts when it says that it asked for one (`amr`, RFC 8176); else the desk asks for its own. Claims are read from the signed token alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from comity_desk.accounts import second_factor
from comity_desk.accounts.actions import OfOneself
from comity_desk.accounts.models import User, signing_in_as
from comity_desk.accounts.trail import note
from comity_desk.audit.models import Event
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.pages import page

CLAIM = "preferred_username"
SECOND = frozenset({"mfa", "otp", "hwk", "swk", "sc", "fido"})  # ways of authentication that are, or come beside, a second factor; no text messages


class SignedClaims(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The provider's answers, whose signature is checked always: a proxy between desk and provider is not trusted."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """Who the provider says it is."""
        signed = kwargs["response"].get("id_token")
        if not signed:
            raise OAuth2Error("no id_token")
        try:
            claims = jwtkit.verify_and_decode(
                credential=signed,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except KeyError as error:
            raise OAuth2Error("incomplete answer") from error
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider."""
    return _through(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(SignedClaims(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise NotFound(NOTHING_HERE) from error
    except (RequestException, OAuth2Error):  # the provider cannot be reached, or answers with nothing of use
        return not_vouched(request)
    return answer


def not_vouched(request: HttpRequest) -> HttpResponse:
    """The page that says that signing in did not work, and nothing about why."""
    return page(request, "socialaccount/authentication_error.html", status=403)


class IdentityProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Links people to the accounts that an administrator made."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """No: an administrator makes accounts."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account and link it, or refuse."""
        claims = sociallogin.account.extra_data.get("id_token") or {}
        name = signing_in_as(str(claims.get(_claim(sociallogin)) or ""))
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            _refuse(request, name)
        user = sociallogin.user if sociallogin.is_existing else _unlinked(name, sociallogin)
        if user is None or not user.may_sign_in():
            _refuse(request, name)
        if not sociallogin.is_existing:
            LinkProvider(actor=user, request=request, login=sociallogin).run()
        if SECOND & set(_ways(claims)):
            second_factor.mark(request, user, second_factor.PROVIDER)


@dataclass(kw_only=True)
class LinkProvider(OfOneself):
    """Link a person at the identity provider to the account of that name, at the first sign-in."""

    audit_event: ClassVar[str] = "provider-linked"

    request: HttpRequest
    login: SocialLogin

    def check(self) -> None:
        """Say which provider, and its name for the person."""
        self.details = {"provider": self.login.account.provider, "subject": self.login.account.uid}

    def perform(self, event: Event) -> None:
        """Link them."""
        self.login.connect(self.request, self.actor)


def _claim(login: SocialLogin) -> str:
    return str(login.provider.app.settings.get("claim") or CLAIM)


def _ways(claims: dict[str, Any]) -> list[str]:
    told = claims.get("amr")
    return [str(one) for one in told] if isinstance(told, list) else []


def _unlinked(name: str, login: SocialLogin) -> User | None:
    """The account of that name, unless somebody at this provider is linked to it already."""
    user = User.objects.filter(username=name).first() if name else None
    taken = user is not None and SocialAccount.objects.filter(user=user, provider=login.account.provider).exists()
    return None if taken else user


def _refuse(request: HttpRequest, name: str) -> NoReturn:
    note(None, "sign-in-failed", request, target=name if User.objects.filter(username=name).exists() else "", by="provider")
    raise ImmediateHttpResponse(not_vouched(request))
