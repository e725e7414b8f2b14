"""Whatever is sent to the API, it answers as its description says, and never with a fault of its own.

Cases are made from the OpenAPI document: some that fit it and some that do not. `make check-long` makes many more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from comity.register.register import Register
from comity_desk.accounts.models import ApiToken
from comity_desk.accounts.tokens import digest, new_secret
from comity_desk.api import openapi, rates
from comity_desk.ledger.loading import LoadPackage
from comity_desk.lib import clock

schema = schemathesis.openapi.from_dict(openapi.document("en"))
schema.app = get_wsgi_application()
HOW: dict[str, Any] = {"deadline": timedelta(seconds=30), "database": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """The end of a request does not end the test's transaction, as with the framework's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(
    db: None, _one_connection: None, marked_register: Register, cast: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> dict[str, str]:
    """The token of somebody who may do most, at a desk with a record."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "attachments"
    rates.forget()
    LoadPackage(actor=None, register=marked_register).run()
    secret, now = new_secret(), clock.now()
    ApiToken.objects.create(
        user=cast.top, name="x", prefix="x", digest=digest(secret), scopes=["read", "write"], created_at=now, expires_at=now + timedelta(days=1)
    )
    return {"Authorization": f"Bearer {secret}"}


@schema.parametrize()
@settings(max_examples=4, derandomize=True, **HOW)
def test_every_answer_is_as_described(case: Any, headers: dict[str, str]) -> None:
    case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])


@pytest.mark.long
@schema.parametrize()
@settings(max_examples=40, **HOW)
def test_every_answer_is_as_described_however_often_it_is_asked(case: Any, headers: dict[str, str]) -> None:
    case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
