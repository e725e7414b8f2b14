"""The forms of signing in and of one's own security, with their labels in both languages."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms

from comity_desk.accounts.wording import said

NAME = said("User name", "사용자 이름")
PASSWORD = said("Password", "비밀번호")
CODE = said("Code", "인증 코드")
CODE_HELP = said("Six digits from your application, or a recovery code.", "인증 앱의 6자리 숫자 또는 복구 코드를 입력하십시오.")


def _say(form: forms.BaseForm, **labels: Any) -> None:
    """Give fields our labels, without placeholders: a placeholder is gone as soon as one types."""
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
            form.fields[name].widget.attrs.pop("placeholder", None)
            if not name.startswith("password1"):
                form.fields[name].help_text = ""


class SignIn(LoginForm):  # type: ignore[misc]
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, login=NAME, password=PASSWORD)
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}


class ChoosePassword(ChangePasswordForm):  # type: ignore[misc]
    """The present password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self,
            oldpassword=said("Present password", "현재 비밀번호"),
            password1=said("New password", "새 비밀번호"),
            password2=said("New password, once more", "새 비밀번호 확인"),
        )
        self.fields["password1"].help_text = said(
            "At least twelve characters, not a common word and not only digits. A sentence is easy to keep in mind.",
            "12자 이상이어야 하며 흔한 단어나 숫자만으로는 만들 수 없습니다. 문장을 쓰면 기억하기 쉽습니다.",
        )

    def clean(self) -> Any:
        """The new password is another one."""
        cleaned = super().clean()
        if cleaned.get("password1") and cleaned.get("password1") == cleaned.get("oldpassword"):
            self.add_error("password1", said("Choose another password than the present one.", "현재 비밀번호와 다른 비밀번호를 정하십시오."))
        return cleaned


class ConfirmPassword(ReauthenticateForm):  # type: ignore[misc]
    """The password, asked again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password=PASSWORD)


def _code(form: forms.BaseForm, help_text: Any) -> None:
    _say(form, code=CODE)
    form.fields["code"].help_text = help_text
    form.fields["code"].widget.attrs |= {"autofocus": True, "autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class SecondFactor(AuthenticateForm):  # type: ignore[misc]
    """A code at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, CODE_HELP)
        self.has_keys = Authenticator.objects.filter(user_id=self.user.pk, type=Authenticator.Type.WEBAUTHN).exists()


class ConfirmSecondFactor(ReauthenticateByCodeForm):  # type: ignore[misc]
    """A code, asked again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, CODE_HELP)


class ActivateTOTP(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, said("The six digits that the application shows now.", "인증 앱에 지금 표시되는 6자리 숫자입니다."))


class AddKey(AddWebAuthnForm):  # type: ignore[misc]
    """A new security key and its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, name=said("Name of the key", "보안 키 이름"))


class NameKey(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, name=said("Name of the key", "보안 키 이름"))
