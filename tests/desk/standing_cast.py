"""The standing cast of the desk's tests: who the people are, and how one of them signs in. Fixtures that make them stand in conftest.py.

A module of its own, since every folder of tests has a `conftest` and only one of them bears the name at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from django.test import Client

PASSWORD = "correct horse battery staple"  # noqa: S105 - of people who exist in tests alone
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105
INSTANT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """The people of the tests. Those named by a role alone are of the home country and cleared to secret."""

    reader: Any
    editor: Any
    reviewer: Any
    release_officer: Any
    administrator: Any
    auditor: Any
    low: Any  # of the home country, cleared for nothing
    top: Any  # of the home country, cleared to the top; editor and reviewer at once
    american: Any  # a foreign editor cleared to secret
    japanese: Any  # a foreign reader cleared to restricted
    stateless: Any  # a reader of no country: sees what is public
    other_administrator: Any
    idle: Any  # a reader whose account is not active

    def everybody(self) -> list[Any]:
        """All of them, the idle one too."""
        return [getattr(self, one.name) for one in fields(self)]


PEOPLE: dict[str, dict[str, Any]] = {
    "reader": {"roles": ["reader"], "nationality": "KOR", "clearance": "secret"},
    "editor": {"roles": ["editor"], "nationality": "KOR", "clearance": "secret"},
    "reviewer": {"roles": ["reviewer"], "nationality": "KOR", "clearance": "secret"},
    "release_officer": {"roles": ["release_officer"], "nationality": "KOR", "clearance": "secret"},
    "administrator": {"roles": ["administrator"], "nationality": "KOR", "clearance": "secret"},
    "auditor": {"roles": ["auditor"], "nationality": "KOR", "clearance": "secret"},
    "low": {"roles": ["reader"], "nationality": "KOR", "clearance": "unclassified"},
    "top": {"roles": ["editor", "reviewer"], "nationality": "KOR", "clearance": "top_secret"},
    "american": {"roles": ["editor"], "nationality": "USA", "clearance": "secret"},
    "japanese": {"roles": ["reader"], "nationality": "JPN", "clearance": "restricted"},
    "stateless": {"roles": ["reader"]},
    "other_administrator": {"roles": ["administrator"], "nationality": "KOR", "clearance": "unclassified"},
    "idle": {"roles": ["reader"], "nationality": "KOR", "clearance": "secret", "is_active": False},
}


def sign_in(client: Client, user: Any, *, recently: bool = True) -> Client:
    """Sign a person in, past the second factor; `recently` counts as asked again just now."""
    from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY, AUTHENTICATION_METHODS_SESSION_KEY
    from allauth.account.internal.userkit import user_id_to_str

    from comity_desk.accounts.second_factor import MARK
    from comity_desk.lib import clock

    client.force_login(user, backend="comity_desk.accounts.backends.DeskBackend")
    session = client.session
    session[MARK] = {"user": user.pk, "means": "totp"}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": clock.now().timestamp() - (0 if recently else 3600), "reauthenticated": True}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
    return client
