"""What the sign-in libraries ask of the desk: nobody registers, the last second factor stays, secrets lie encrypted, words are in both languages."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from comity_desk.accounts import second_factor
from comity_desk.accounts.models import User, signing_in_as
from comity_desk.accounts.wording import said
from comity_desk.lib import clock

WRONG = said("The user name or the password is not right.", "사용자 이름 또는 비밀번호가 맞지 않습니다.")
WRONG_PASSWORD = said("The password is not right.", "비밀번호가 맞지 않습니다.")
WRONG_CODE = said("The code is not right, or was used already.", "인증 코드가 맞지 않거나 이미 사용되었습니다.")
TOO_MANY = said("Too many wrong tries. Try again in fifteen minutes.", "잘못된 시도가 너무 많습니다. 15분 후에 다시 시도하십시오.")
LAST_FACTOR = said("Your only second factor cannot be removed; replace it instead.", "하나뿐인 2단계 인증 수단은 삭제할 수 없습니다. 다른 것으로 교체하십시오.")


class DeskAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in by password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "account_inactive": WRONG,
        "incorrect_password": WRONG_PASSWORD,
        "enter_current_password": WRONG_PASSWORD,
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an administrator makes accounts."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The person of a name and password; the name is read as it is kept."""
        if "username" in credentials:
            credentials["username"] = signing_in_as(credentials["username"])
        return super().authenticate(request, **credentials)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: wrong passwords are counted, and names locked, in one place alone (django-axes)."""

    def set_password(self, user: User, password: str) -> None:
        """Keep the password that a person chose."""
        from comity_desk.accounts.actions import ChangeOwnPassword

        ChangeOwnPassword(actor=user, password=password).run()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account page."""
        return reverse("account")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask again who it is: signing in itself counts for fifteen minutes, as being asked again does."""
        request = context.request
        records = get_authentication_records(request, request.user)
        since = clock.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > since for record in records)

    def get_login_stages(self) -> list[str]:
        """The second factor, and nothing else."""
        return ["comity_desk.accounts.second_factor_stage.SecondFactorStage"]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How to ask again; who has neither a password nor a second factor here signs out and in again."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return methods or [{"id": "again", "description": "", "url": reverse("account_logout")}]

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """As if the password were wrong."""
        return HttpResponseRedirect(reverse("account_login"))

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """The desk sends no mail."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE, "cannot_delete_authenticator": LAST_FACTOR}

    def _keys(self) -> MultiFernet:
        secrets = [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
        return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"comity_desk.second_factor:{secret}".encode()).digest())) for secret in secrets])

    def encrypt(self, text: str) -> str:
        """Secrets of second factors do not lie readable in the database or its backups."""
        return self._keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` hid."""
        return self._keys().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether another second factor remains without this one."""
        return bool(Authenticator.objects.filter(user_id=authenticator.user_id, type__in=second_factor.MEANS).exclude(pk=authenticator.pk).exists())

    def get_totp_label(self, user: User) -> str:
        """The name under which an application lists the desk."""
        return user.username

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom a security key answers to: the host, called Comity."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Comity"}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """A name to start from."""
        return f"{said('Security key', '보안 키')} {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"
