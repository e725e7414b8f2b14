"""Changes of accounts: each permitted, reasoned, logged. Roles, nationality and clearance are policy inputs and change here alone.

Nobody changes their own, and an active administrator always remains. Whatever changes what a person may do or see ends the person's sessions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from allauth.mfa.models import Authenticator

from comity.vocab.errors import Fault
from comity.vocab.text import Text
from comity_desk.accounts.models import Directorate, User, signing_in_as
from comity_desk.accounts.policies import administrators, clearances, nationalities
from comity_desk.accounts.roles import ROLES
from comity_desk.audit.actions import NOT_PERMITTED, Action
from comity_desk.audit.models import Event
from comity_desk.lib.errors import Conflict, NotPermitted, Refused
from comity_desk.lib.tokens import password as one_time_password

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")  # line ends and marks that turn the direction of writing
POLICY = ("roles", "nationality", "clearance", "is_active")  # whoever's change ends sessions
KEPT = ("name", "email", "language", "nationality", "clearance", "directorate_id", "roles", "is_active")


def fault(where: str, what: Text, mend: Text) -> Fault:
    """One thing wrong in a form."""
    return Fault("account", None, where, where, what, mend)


def account_faults(values: dict[str, Any]) -> list[Fault]:
    """What is wrong with an account's values, place by place."""
    wrong = [
        ("name", bool(CONTROL.search(values.get("name") or "")), _NO_CONTROL, _PLAIN),
        ("roles", not set(values.get("roles", ())) <= set(ROLES), _UNKNOWN, _FROM_LIST),
        ("clearance", values.get("clearance", "unclassified") not in clearances(), _UNKNOWN, _FROM_LIST),
        ("nationality", bool(values.get("nationality")) and values["nationality"] not in nationalities(), _UNKNOWN, _FROM_LIST),
        ("clearance", not values.get("nationality") and values.get("clearance", "unclassified") != "unclassified", _CLEARED_NOBODY, _NAME_STATE),
        ("language", values.get("language", "en") not in ("en", "ko"), _UNKNOWN, _FROM_LIST),
    ]
    return [fault(where, what, mend) for where, is_wrong, what, mend in wrong if is_wrong]


def told(user: User) -> dict[str, Any]:
    """An account as the audit trail tells it."""
    return {name: getattr(user, name) for name in KEPT}


@dataclass(kw_only=True)
class CreateAccount(Action[tuple[User, str]]):
    """Make an account; returns it with a one-time password, which is shown once and kept nowhere."""

    permission: ClassVar[str] = "account.manage"
    audit_event: ClassVar[str] = "account-created"
    reason_needed: ClassVar[bool] = True

    username: str
    values: dict[str, Any] = field(default_factory=dict)
    by_provider: bool = False  # signs in through the identity provider alone: gets no password

    @property
    def target(self) -> str:
        """The user name."""
        return signing_in_as(self.username)

    def check(self) -> None:
        """The name is well formed and nobody's, and the values are known ones."""
        faults = account_faults(self.values)
        if not NAME.fullmatch(self.target):
            faults.append(fault("username", _BAD_NAME, _GOOD_NAME))
        elif User.objects.filter(username=self.target).exists():
            faults.append(fault("username", _TAKEN, _ANOTHER))
        if faults:
            raise Refused(_FAULTY, faults)
        self.details = {"to": {name: value for name, value in self.values.items() if name in KEPT}, "by_provider": self.by_provider}

    def perform(self, event: Event) -> tuple[User, str]:
        """Make it."""
        user, password = User(username=self.target, **self.values), one_time_password()
        if self.by_provider:
            user.set_unusable_password()
        else:
            user.set_one_time_password(password)
        user.save()
        return user, "" if self.by_provider else password


@dataclass(kw_only=True)
class _OfAnother(Action[Any]):
    """An administrator's act upon somebody else's account."""

    permission: ClassVar[str] = "account.manage"
    reason_needed: ClassVar[bool] = True

    user: User

    @property
    def target(self) -> str:
        """The user name."""
        return self.user.username

    def check(self) -> None:
        """Not upon oneself."""
        if self.actor is not None and self.actor.pk == self.user.pk:
            raise NotPermitted(_NOT_ONESELF)
        self.user = User.objects.select_for_update().get(pk=self.user.pk)


@dataclass(kw_only=True)
class ChangeAccount(_OfAnother):
    """Change what an account says: name, language, directorate, roles, nationality, clearance, whether it is active."""

    audit_event: ClassVar[str] = "account-changed"

    values: dict[str, Any]
    seen: dict[str, Any] | None = None  # what the account said when the form was made

    def check(self) -> None:
        """The values are known ones, nobody changed the account meanwhile, and an administrator remains."""
        super().check()
        if self.seen is not None and self.seen != told(self.user):
            raise Conflict(MEANWHILE)
        faults = account_faults(told(self.user) | self.values)
        if faults:
            raise Refused(_FAULTY, faults)
        before = told(self.user)
        changed = {name: value for name, value in self.values.items() if name in KEPT and before[name] != value}
        if not changed:
            raise Refused(_SAME)
        self._keep_an_administrator(changed)
        self.details = {"from": {name: before[name] for name in changed}, "to": changed}

    def _keep_an_administrator(self, changed: dict[str, Any]) -> None:
        stays = changed.get("is_active", self.user.is_active) and "administrator" in changed.get("roles", self.user.roles)
        if not stays and [user.pk for user in administrators()] == [self.user.pk]:
            raise Refused(_LAST)

    def perform(self, event: Event) -> User:
        """Change it; sessions end when what the person may do or see changes."""
        changed = self.details["to"]
        for name, value in changed.items():
            setattr(self.user, name, value)
        if set(changed) & set(POLICY):
            self.user.session_round += 1
        self.user.save()
        return self.user


@dataclass(kw_only=True)
class ResetPassword(_OfAnother):
    """Give somebody a new one-time password; returns it, to be shown once. Ends the person's sessions."""

    audit_event: ClassVar[str] = "password-reset"

    def perform(self, event: Event) -> str:
        """Reset it."""
        password = one_time_password()
        self.user.set_one_time_password(password)
        self.user.save()
        return password


@dataclass(kw_only=True)
class ResetSecondFactor(_OfAnother):
    """Remove somebody's second factors, so that new ones are set up at the next sign-in. Gives a one-time password too and returns it.

    Without a new password, whoever knows the old one could set up a second factor in the person's place.
    """

    audit_event: ClassVar[str] = "second-factor-reset"

    def perform(self, event: Event) -> str:
        """Reset them."""
        Authenticator.objects.filter(user_id=self.user.pk).delete()
        password = one_time_password()
        self.user.set_one_time_password(password)
        self.user.save()
        return password


@dataclass(kw_only=True)
class OfOneself(Action[None]):
    """What everybody may do to their own account, whatever the roles."""

    permission: ClassVar[str] = ""

    @property
    def target(self) -> str:
        """The user name."""
        return str(self.actor.username)

    def permit(self) -> None:
        """Active people, signed in; no token reaches accounts."""
        if not self.actor.is_active or self.actor.scopes is not None:
            raise NotPermitted(NOT_PERMITTED)


@dataclass(kw_only=True)
class ChangeOwnPassword(OfOneself):
    """Keep a password that the person chose."""

    audit_event: ClassVar[str] = "password-changed"

    password: str = field(repr=False)

    def perform(self, event: Event) -> None:
        """Keep its hash; every session but the one that goes on under a new key ends with it."""
        self.actor.set_password(self.password)
        self.actor.must_change_password, self.actor.one_time_until = False, None
        self.actor.save(update_fields=["password", "must_change_password", "one_time_until"])


@dataclass(kw_only=True)
class EndOtherSessions(OfOneself):
    """End every session of the person; whoever calls it lets the present one go on under the new number."""

    audit_event: ClassVar[str] = "sessions-ended"

    def perform(self, event: Event) -> None:
        """End them."""
        self.actor.session_round += 1
        self.actor.save(update_fields=["session_round"])


@dataclass(kw_only=True)
class ChooseLanguage(OfOneself):
    """Keep the language that the person reads."""

    audit_event: ClassVar[str] = "language-chosen"

    language: str

    def check(self) -> None:
        """One of the desk's languages."""
        if self.language not in ("en", "ko"):
            raise Refused(_UNKNOWN)
        self.details = {"to": self.language}

    def perform(self, event: Event) -> None:
        """Keep it."""
        self.actor.language = self.language
        self.actor.save(update_fields=["language"])


@dataclass(kw_only=True)
class _OfDirectorate(Action[Directorate]):
    """What is common to making and changing a directorate."""

    permission: ClassVar[str] = "directorate.manage"

    name_en: str
    name_ko: str
    kinds: Sequence[str] = ()
    partners: Sequence[str] = ()

    @property
    def target(self) -> str:
        """The directorate's name."""
        return self.name_en

    def check(self) -> None:
        """Both names are given and plain."""
        given = (("name_en", self.name_en), ("name_ko", self.name_ko))
        faults = [fault(where, _NO_NAME, _BOTH_NAMES) for where, name in given if not name.strip()]
        faults += [fault(where, _NO_CONTROL, _PLAIN) for where, name in given if CONTROL.search(name)]
        if faults:
            raise Refused(_FAULTY, faults)
        self.details = {"name_en": self.name_en, "name_ko": self.name_ko, "kinds": [*self.kinds], "partners": [*self.partners]}


@dataclass(kw_only=True)
class CreateDirectorate(_OfDirectorate):
    """Set up a directorate."""

    audit_event: ClassVar[str] = "directorate-created"

    def perform(self, event: Event) -> Directorate:
        """Set it up."""
        return Directorate.objects.create(name_en=self.name_en.strip(), name_ko=self.name_ko.strip(), kinds=[*self.kinds], partners=[*self.partners])


@dataclass(kw_only=True)
class ChangeDirectorate(_OfDirectorate):
    """Change a directorate's names, or what it keeps."""

    audit_event: ClassVar[str] = "directorate-changed"
    reason_needed: ClassVar[bool] = True

    directorate: Directorate

    def perform(self, event: Event) -> Directorate:
        """Change it."""
        kept = self.directorate
        kept.name_en, kept.name_ko, kept.kinds, kept.partners = self.name_en.strip(), self.name_ko.strip(), [*self.kinds], [*self.partners]
        kept.save()
        return kept


_UNKNOWN = Text("This value is not in the list.", "목록에 없는 값입니다.")
_FROM_LIST = Text("Choose from the list.", "목록에서 고르십시오.")
_NO_CONTROL = Text("There are line ends or hidden marks in it.", "줄바꿈이나 보이지 않는 문자가 들어 있습니다.")
_PLAIN = Text("Write it in one line of plain letters.", "한 줄의 일반 문자로 쓰십시오.")
_CLEARED_NOBODY = Text("A clearance without a nationality opens nothing.", "국적 없이 비밀취급 등급만으로는 열람할 수 없습니다.")
_NAME_STATE = Text("Name the nationality, or leave the clearance at unclassified.", "국적을 지정하거나 등급을 평문으로 두십시오.")
_BAD_NAME = Text("This is no user name.", "사용자 이름으로 쓸 수 없습니다.")
_GOOD_NAME = Text("Use 2 to 60 small Latin letters, digits, dots, dashes or underscores.", "영문 소문자, 숫자, 점, 붙임표, 밑줄로 2~60자를 쓰십시오.")
_TAKEN = Text("Somebody has this user name.", "이미 쓰이고 있는 사용자 이름입니다.")
_ANOTHER = Text("Choose another one.", "다른 이름을 고르십시오.")
_FAULTY = Text("Some of it cannot be kept as it stands.", "입력한 내용 중 저장할 수 없는 것이 있습니다.")
_NO_NAME = Text("A name is missing.", "이름이 없습니다.")
_BOTH_NAMES = Text("Give it in English and in Korean.", "영문과 국문 이름을 모두 적으십시오.")
_NOT_ONESELF = Text("Nobody changes their own account here; another administrator does.", "본인 계정은 여기서 바꿀 수 없습니다. 다른 관리자에게 요청하십시오.")
MEANWHILE = Text("Somebody changed this account meanwhile. Look at it again.", "그사이 다른 사람이 이 계정을 바꾸었습니다. 다시 확인하십시오.")
_SAME = Text("Nothing was changed.", "바뀐 내용이 없습니다.")
_LAST = Text("The last active administrator stays. Name another one first.", "마지막 관리자는 해제할 수 없습니다. 먼저 다른 관리자를 지정하십시오.")
