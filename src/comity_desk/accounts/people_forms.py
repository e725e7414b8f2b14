"""The forms by which administrators keep accounts and directorates, and people their tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings

from comity.vocab.kinds import code_label, kinds
from comity.vocab.text import Text
from comity_desk.accounts.models import Directorate, User
from comity_desk.accounts.policies import clearances, nationalities_by_type, partners
from comity_desk.accounts.roles import ROLES, SCOPES
from comity_desk.accounts.token_actions import LONGEST, scopes_for
from comity_desk.accounts.wording import said
from comity_desk.lib.errors import Refused
from comity_desk.lib.language import lang, words

REASON_HELP = said("Kept in the audit trail.", "감사 기록에 남습니다.")


class Reasoned(forms.Form):
    """A form whose effect needs a reason."""

    reason = forms.CharField(label=said("Reason", "사유"), help_text=REASON_HELP, max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def tell(form: forms.Form, refused: Refused) -> None:
    """Put what an action refused beside the fields that it is about."""
    for fault in refused.faults:
        form.add_error(fault.field if fault.field in form.fields else None, f"{words(fault.what)} {words(fault.mend)}")
    if not refused.faults:
        form.add_error(None, words(refused.text))


def _in_order(named: Mapping[str, Text]) -> list[tuple[str, str]]:
    """Choices in the order of the reader's language."""
    return sorted(((code, f"{words(text)} ({code})") for code, text in named.items()), key=lambda choice: choice[1])


def _grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    """Nationalities by what they are of: states first."""
    return [(code_label("actor_type", kind, lang()), _in_order(named)) for kind, named in nationalities_by_type().items()]


class AccountForm(forms.Form):
    """What an account says."""

    name = forms.CharField(label=said("Name", "이름"), max_length=120, help_text=said("As others see it.", "다른 사용자에게 보이는 이름입니다."))
    language = forms.ChoiceField(label=said("Language", "언어"), choices=[("ko", "한국어"), ("en", "English")])
    nationality = forms.ChoiceField(label=said("Nationality", "국적"), required=False)
    clearance = forms.ChoiceField(label=said("Clearance", "비밀취급 등급"))
    directorate = forms.ModelChoiceField(
        label=said("Directorate", "부서"), queryset=Directorate.objects.none(), required=False, empty_label=said("None", "없음")
    )
    roles = forms.MultipleChoiceField(label=said("Roles", "역할"), required=False, widget=forms.CheckboxSelectMultiple)

    field_order: Any = ("username", "name", "language", "nationality", "clearance", "directorate", "roles", "is_active", "by_provider", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = said("None: sees what is public", "없음(공개 기록만 열람)")
        self._choices("nationality", [("", none), *_grouped()])
        self._choices("clearance", [(level, words(text)) for level, text in clearances().items()])
        self._choices("roles", [(role.name, f"{words(role.label)}: {words(role.help)}") for role in ROLES.values()])
        self.fields["directorate"].queryset = Directorate.objects.all()  # type: ignore[attr-defined]
        self.fields["directorate"].label_from_instance = lambda one: one.name(lang())  # type: ignore[attr-defined]

    def _choices(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        told = {name: self.cleaned_data[name] for name in ("name", "language", "nationality", "clearance", "roles")}
        chosen = self.cleaned_data["directorate"]
        return told | {"directorate_id": chosen.pk if chosen else None}


class NewAccount(AccountForm, Reasoned):
    """An account that is not there yet."""

    username = forms.CharField(
        label=said("User name", "사용자 이름"),
        max_length=60,
        help_text=said("Small Latin letters, digits, dots, dashes, underscores.", "영문 소문자, 숫자, 점, 붙임표, 밑줄."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    by_provider = forms.BooleanField(
        label=said("Signs in through the identity provider alone, without a password", "비밀번호 없이 인증 서버로만 로그인"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.SOCIALACCOUNT_PROVIDERS:
            del self.fields["by_provider"]


class ChangedAccount(AccountForm, Reasoned):
    """An account that is there."""

    is_active = forms.BooleanField(label=said("Active", "사용 중"), required=False)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return super().values() | {"is_active": self.cleaned_data["is_active"]}


def initial_of(user: User) -> dict[str, Any]:
    """What the form shows of an account."""
    names = ("name", "language", "nationality", "clearance", "roles", "is_active")
    return {name: getattr(user, name) for name in names} | {"directorate": user.directorate_id}


class DirectorateForm(forms.Form):
    """What a directorate keeps."""

    name_en = forms.CharField(label=said("Name in English", "영문 이름"), max_length=120)
    name_ko = forms.CharField(label=said("Name in Korean", "국문 이름"), max_length=120)
    kinds = forms.MultipleChoiceField(
        label=said("Kinds of records that it keeps", "담당 기록 종류"),
        help_text=said("None chosen: all.", "고르지 않으면 전부입니다."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    partners = forms.MultipleChoiceField(
        label=said("Partners that it keeps", "담당 상대국·기구"),
        help_text=said("None chosen: all. Hold Ctrl to choose several.", "고르지 않으면 전부입니다. Ctrl 키를 누르고 여럿을 고를 수 있습니다."),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(name, words(kind.label)) for name, kind in kinds().items()]  # type: ignore[attr-defined]
        self.fields["partners"].choices = _in_order(partners())  # type: ignore[attr-defined]


class ChangedDirectorate(DirectorateForm, Reasoned):
    """A directorate that is there."""

    field_order = ("name_en", "name_ko", "kinds", "partners", "reason")


class TokenForm(forms.Form):
    """A token to be made."""

    name = forms.CharField(label=said("Name", "이름"), max_length=80, help_text=said("Which program will use it.", "어느 프로그램에서 쓸지 적으십시오."))
    scopes = forms.MultipleChoiceField(label=said("Scopes", "사용 범위"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=said("Days until it expires", "유효 기간(일)"), min_value=1, max_value=LONGEST, initial=90)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope, words(SCOPES[scope][0])) for scope in scopes_for(user.roles)]  # type: ignore[attr-defined]
