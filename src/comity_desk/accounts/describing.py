"""An account in words: what pages say of a person."""

from __future__ import annotations

from dataclasses import dataclass

from comity.vocab.text import Text, same
from comity_desk.accounts.models import User
from comity_desk.accounts.policies import clearances, nationalities
from comity_desk.accounts.roles import ROLES


@dataclass(frozen=True, slots=True)
class Described:
    """A person's account in both languages."""

    user: User
    nationality: Text
    clearance: Text
    roles: tuple[Text, ...]
    directorate: Text


def described(user: User) -> Described:
    """That person's account in words."""
    directorate = user.directorate
    return Described(
        user,
        nationalities().get(user.nationality, same(user.nationality)) if user.nationality else NONE,
        clearances().get(user.clearance, same(user.clearance)),
        tuple(ROLES[name].label for name in ROLES if name in user.roles),
        Text(directorate.name_en, directorate.name_ko) if directorate else NONE,
    )


NONE = Text("none", "없음")
