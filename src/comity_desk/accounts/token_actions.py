"""Making and withdrawing tokens, by which programs come in a person's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from comity.vocab.text import Text
from comity_desk.accounts.actions import CONTROL, fault
from comity_desk.accounts.models import ApiToken
from comity_desk.accounts.roles import SCOPES, permissions_of, permissions_of_token
from comity_desk.accounts.tokens import digest, new_secret
from comity_desk.audit.actions import NOT_PERMITTED, Action
from comity_desk.audit.models import Event
from comity_desk.lib import clock
from comity_desk.lib.errors import NotPermitted, Refused

LONGEST = 365  # days
MOST = 20  # living tokens of a person


def scopes_for(roles: Sequence[str]) -> list[str]:
    """The scopes of which these roles could make any use."""
    return [scope for scope in SCOPES if permissions_of(roles) & permissions_of_token([scope])]


@dataclass(kw_only=True)
class MakeToken(Action[tuple[ApiToken, str]]):
    """Make a token for oneself; returns it with its words, which are shown once and kept nowhere."""

    permission: ClassVar[str] = "token.make"
    audit_event: ClassVar[str] = "token-made"

    name: str
    scopes: Sequence[str]
    days: int

    @property
    def target(self) -> str:
        """Whose token."""
        return str(self.actor.username)

    def check(self) -> None:
        """A name, scopes of which the person's roles can make use, a year at most."""
        faults = []
        if not self.name.strip() or CONTROL.search(self.name):
            faults.append(fault("name", _NO_NAME, _NAME_IT))
        if not self.scopes or not set(self.scopes) <= set(scopes_for(self.actor.roles)):
            faults.append(fault("scopes", _NO_SCOPE, _CHOOSE))
        if not 1 <= self.days <= LONGEST:
            faults.append(fault("days", _TOO_LONG, _SHORTER))
        if faults:
            raise Refused(_FAULTY, faults)
        if ApiToken.objects.filter(user=self.actor, revoked_at=None, expires_at__gt=clock.now()).count() >= MOST:
            raise Refused(_TOO_MANY)
        self.details = {"name": self.name, "scopes": [*self.scopes], "days": self.days}

    def perform(self, event: Event) -> tuple[ApiToken, str]:
        """Make it."""
        secret, now = new_secret(), clock.now()
        made = ApiToken.objects.create(
            user=self.actor,
            name=self.name.strip(),
            prefix=secret[:12],
            digest=digest(secret),
            scopes=[scope for scope in SCOPES if scope in self.scopes],
            created_at=now,
            expires_at=now + timedelta(days=self.days),
        )
        return made, secret


@dataclass(kw_only=True)
class RevokeToken(Action[None]):
    """Withdraw a token: one's own, or anybody's for who keeps accounts."""

    permission: ClassVar[str] = "token.make"
    audit_event: ClassVar[str] = "token-withdrawn"

    token: ApiToken

    @property
    def target(self) -> str:
        """Whose token."""
        return self.token.user.username

    def permit(self) -> None:
        """The owner, whatever the roles are now, or an administrator; never by a token."""
        owner = self.actor.is_active and self.actor.pk == self.token.user_id
        if self.actor.scopes is not None or not (owner or self.actor.permitted("account.manage")):
            raise NotPermitted(NOT_PERMITTED)

    def check(self) -> None:
        """It is not withdrawn yet."""
        if self.token.revoked_at is not None:
            raise Refused(_WITHDRAWN)
        self.details = {"name": self.token.name, "prefix": self.token.prefix}

    def perform(self, event: Event) -> None:
        """Withdraw it; it opens nothing from now on."""
        self.token.revoked_at = clock.now()
        self.token.save(update_fields=["revoked_at"])


_FAULTY = Text("The token cannot be made as it stands.", "토큰을 만들 수 없습니다.")
_NO_NAME = Text("The token needs a plain name.", "토큰에는 이름이 있어야 합니다.")
_NAME_IT = Text("Say which program will use it.", "어느 프로그램에서 쓸지 적으십시오.")
_NO_SCOPE = Text("The scopes are none, or beyond your roles.", "사용 범위가 없거나 부여된 역할을 넘습니다.")
_CHOOSE = Text("Choose from the list.", "목록에서 고르십시오.")
_TOO_LONG = Text("A token lives from one day to a year.", "토큰의 유효 기간은 1일에서 1년까지입니다.")
_SHORTER = Text("Give a number of days from 1 to 365.", "1에서 365 사이의 일수를 쓰십시오.")
_TOO_MANY = Text("You have twenty living tokens. Withdraw one first.", "사용 중인 토큰이 20개입니다. 먼저 하나를 폐기하십시오.")
_WITHDRAWN = Text("This token is withdrawn already.", "이미 폐기된 토큰입니다.")
