"""What tests of the desk share: a standing cast of people, clients that are signed in with two factors, a clock and a chance that stand still."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from made_registers import *  # noqa: F403 - fixtures
from standing_cast import INSTANT, PASSWORD, PEOPLE, TOTP_SECRET, Cast, sign_in


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What has a desk of its own chooses its database itself."""
    for item in items:
        if {"command", "prepared"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.one_database)


@pytest.fixture
def cast(db: None) -> Cast:
    """The standing cast, each with a password and an application for codes."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator

    from comity_desk.accounts.models import User

    people, hidden = {}, get_adapter().encrypt(TOTP_SECRET)
    for name, values in PEOPLE.items():
        user = User(username=name.replace("_", "-"), name=name.replace("_", " ").title(), **values)
        user.set_password(PASSWORD)
        user.save()
        people[name] = user
    Authenticator.objects.bulk_create(Authenticator(user=user, type="totp", data={"secret": hidden}) for user in people.values())  # no events of it
    return Cast(**people)


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """A client of somebody who is signed in with two factors: `signed_in(cast.editor, lang="ko")`."""

    def make(user: Any, *, lang: str = "en", recently: bool = True, **settings_of_client: Any) -> Client:
        client = sign_in(Client(**settings_of_client), user, recently=recently)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
        return client

    return make


@pytest.fixture
def still_clock() -> Iterator[time_machine.Traveller]:
    """The clock stands at noon in Seoul on 25 November 2026; `still_clock.shift(60)` moves it on."""
    with time_machine.travel(INSTANT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def still_chance(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Random names, keys, salts and form tokens are drawn in the same order in every test; calling the fixture begins the order again."""
    import django.utils.crypto

    from comity_desk.lib import tokens

    order = random.Random(20261125)
    begun = order.getstate()
    drawn = SimpleNamespace(choice=order.choice, token_bytes=order.randbytes, compare_digest=django.utils.crypto.secrets.compare_digest)
    monkeypatch.setattr(tokens, "secrets", drawn)
    monkeypatch.setattr(django.utils.crypto, "secrets", drawn)
    return lambda: order.setstate(begun)


@pytest.fixture
def still(still_clock: time_machine.Traveller, still_chance: Callable[[], None]) -> time_machine.Traveller:
    """Clock and chance both stand still."""
    return still_clock


@pytest.fixture(autouse=True)
def _nobody_counted() -> None:
    """What a process holds of callers' counts does not reach from one test into the next."""
    rates = sys.modules.get("comity_desk.api.rates")
    if rates is not None:
        rates.forget()


def _emptied(case: TransactionTestCase) -> None:
    """Empty the tables after a test that commits: chains refuse that, so their triggers are lifted for it and the chains begin anew."""
    from comity_desk.audit.models import Head
    from comity_desk.audit.triggers import guards, set_up_all

    for guard in guards(connection):
        guard.take_down(connection)
    _empty(case)
    cache.clear()
    for name in ("audit", "ledger"):
        Head.objects.get_or_create(name=name)
    set_up_all(connection)


_empty = TransactionTestCase._fixture_teardown
TransactionTestCase._fixture_teardown = _emptied  # type: ignore[method-assign]
