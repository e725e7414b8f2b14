"""Does the desk tell machines how it is doing, and nobody what it holds?"""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from comity.register.register import Register
from comity_desk.conf import metrics, operations
from comity_desk.conf.logging import REQUEST_ID, Discreet, Json, Requests, dictionary, request_id, route_of, user_of
from comity_desk.conf.prepare import pending_migrations
from comity_desk.ledger.loading import LoadPackage


@pytest.fixture(autouse=True)
def _unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with a process that knows nothing yet."""
    monkeypatch.setattr(operations.Known, "up_to_date", False)


def line_of(record: logging.LogRecord) -> dict[str, Any]:
    """A line of the log, as the desk writes it."""
    form = dictionary_json()
    Discreet().filter(record)
    told: dict[str, Any] = json.loads(form.format(record))
    return told


def dictionary_json() -> Json:
    return Json("%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s", rename_fields={"asctime": "time", "levelname": "level", "name": "logger"})


# health and readiness


def test_health_asks_no_database() -> None:
    answer = Client().get("/health/")  # a query would fail here: the test has no mark for one
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_once_a_record_is_loaded(db: None, small_register: Register) -> None:
    empty = Client().get("/ready/")
    assert (empty.status_code, empty.content) == (503, b"not ready\n")
    LoadPackage(actor=None, register=small_register).run()
    ready = Client().get("/ready/")
    assert (ready.status_code, ready.content) == (200, b"ready\n")


def test_not_ready_without_the_database_or_with_old_tables(db: None, small_register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    LoadPackage(actor=None, register=small_register).run()
    assert pending_migrations() == []
    monkeypatch.setattr(operations, "pending_migrations", lambda: ["ledger.0009_later"])
    assert operations.what_is_lacking() == "tables"
    assert Client().get("/ready/").status_code == 503

    def away() -> None:
        raise DatabaseError("could not connect to server at 10.0.0.7")

    with monkeypatch.context() as broken:
        broken.setattr("django.db.connection.ensure_connection", away)
        answer = Client().get("/ready/")
    assert (answer.status_code, answer.content) == (503, b"not ready\n"), "why is told to the log alone"


@pytest.mark.parametrize("where", ["/health/", "/ready/", "/metrics/"])
def test_machines_only_read(db: None, where: str) -> None:
    assert Client().post(where).status_code == 405


@override_settings(SECURE_SSL_REDIRECT=True)
def test_machines_on_this_machine_need_no_tls() -> None:
    assert Client().get("/health/").status_code == 200
    assert Client().get("/jobs/").status_code == 301


# numbers


def test_numbers_need_a_token_or_loopback(db: None, cast: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMITY_DESK_METRICS", raising=False)
    for client in (Client(), signed_in(cast.reader), signed_in(cast.administrator)):
        assert client.get("/metrics/").status_code == 403
    monkeypatch.setenv("COMITY_DESK_METRICS", "loopback")
    assert Client(REMOTE_ADDR="127.0.0.1").get("/metrics/").status_code == 200
    assert Client(REMOTE_ADDR="::1").get("/metrics/").status_code == 200
    assert Client(REMOTE_ADDR="10.1.2.3").get("/metrics/").status_code == 403
    assert Client(REMOTE_ADDR="unix:").get("/metrics/").status_code == 403
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        through_a_proxy = Client(REMOTE_ADDR="127.0.0.1").get("/metrics/", headers={header: "203.0.113.9"})
        assert through_a_proxy.status_code == 403, header


@pytest.mark.parametrize(("scopes", "status"), [(["metrics"], 200), (["read"], 403), (["write"], 403), (["read", "metrics"], 200)])
def test_numbers_by_token(db: None, cast: Any, scopes: list[str], status: int) -> None:
    secret = token_of(cast.administrator, scopes)
    assert Client().get("/metrics/", headers={"Authorization": f"Bearer {secret}"}).status_code == status


def token_of(user: Any, scopes: list[str]) -> str:
    """A token of a person."""
    from datetime import timedelta

    from comity_desk.accounts.models import ApiToken
    from comity_desk.accounts.tokens import digest, new_secret
    from comity_desk.lib import clock

    secret = new_secret()
    ApiToken.objects.create(user=user, name="t", digest=digest(secret), scopes=scopes, created_at=clock.now(), expires_at=clock.now() + timedelta(days=1))
    return secret


def test_a_metrics_token_reaches_nothing_else(db: None, cast: Any) -> None:
    secret = token_of(cast.administrator, ["metrics"])
    assert Client().get("/jobs/", headers={"Authorization": f"Bearer {secret}"}).status_code == 302


def test_numbers_name_routes_and_states_and_none_of_the_records(db: None, cast: Any, signed_in: Any, small_register: Register) -> None:
    LoadPackage(actor=None, register=small_register).run()
    signed_in(cast.reader).get("/jobs/zzzzzzzzzzzz/file/")
    told = metrics.told().decode()
    assert 'comity_desk_requests_total{method="GET",route="job_file",status="404"}' in told
    assert 'comity_desk_request_seconds_bucket{le="0.3",route="job_file"}' in told
    assert 'comity_desk_jobs{state="queued"} 0.0' in told
    assert "comity_desk_database_up 1.0" in told
    assert "comity_desk_catch_up_seconds" in told
    assert "zzzzzzzzzzzz" not in told
    numbers = re.sub(r'route="[^"]*"', "", told)  # names of routes are the desk's own words; other tests of this process asked there
    assert not any(word in numbers for word in ("ledger", "entries", "records", "users"))


def test_numbers_are_told_while_the_database_is_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr(metrics, "_catching_up", away)
    told = metrics.told().decode()
    assert "comity_desk_database_up 0.0" in told
    assert "comity_desk_jobs{" not in told


# the log


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a1b2c3d4e5f6", True),
        ("0123-abc_DEF.9", True),
        ("short", False),
        ("x" * 65, False),
        ("evil\nline", False),
        ('{"a":1}', False),
        ("한글한글한글한글", False),
    ],
)
def test_ids_of_requests_are_taken_when_they_are_ordinary(given: str, kept: bool) -> None:
    assert (request_id(given) == given) is kept
    assert len(request_id("")) == 16


def test_an_answer_carries_the_id_of_its_request() -> None:
    assert Client().get("/health/", headers={"X-Request-ID": "from-the-proxy-1"}).headers["X-Request-ID"] == "from-the-proxy-1"
    first, second = (Client().get("/health/").headers["X-Request-ID"] for _ in range(2))
    assert first != second
    assert REQUEST_ID.get() == ""


def test_a_request_is_logged_by_its_route_and_never_by_its_address(db: None, cast: Any, signed_in: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "comity_desk.requests"):
        signed_in(cast.reader).get("/jobs/zzzzzzzzzzzz/file/?q=quiet+drill")
        Client().get("/no/such/quiet-drill/")
    known, unknown = [line_of(record) for record in caplog.records if record.name == "comity_desk.requests"]
    assert (known["method"], known["route"], known["status"], known["user"]) == ("GET", "job_file", 404, cast.reader.pk)
    assert known["ms"] > 0
    assert unknown["route"] == "unrouted"
    assert "user" not in unknown
    assert "quiet" not in json.dumps([known, unknown])
    assert "zzzz" not in json.dumps([known, unknown])


def fails(request: Any, ref: str) -> HttpResponse:
    """A view with a fault whose message quotes a record."""
    raise LookupError(f"no title for {ref}: Quiet drill")


urlpatterns = [path("records/<slug:ref>/", fails, name="record")]


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=["comity_desk.conf.logging.Requests"])
def test_a_fault_is_logged_by_kind_and_place(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.INFO):
        answer = client.get("/records/exercise-quiet-drill/", headers={"X-Request-ID": "request-17"})
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] == "request-17"
    lines = [line_of(record) for record in caplog.records]
    fault = next(line for line in lines if line["logger"] == "django.request")
    assert fault["message"] == "django.request 500 record"
    assert fault["exc_info"].startswith("builtins.LookupError at ")
    assert "test_operations.py" in fault["exc_info"]
    assert "uiet" not in json.dumps(lines)


def test_a_line_is_one_line_of_json_with_its_request() -> None:
    held = REQUEST_ID.set("request-18")
    try:
        record = logging.makeLogRecord({"name": "comity_desk.x", "levelname": "INFO", "msg": "two\nlines 두 줄", "user": None})
        told = dictionary_json()
        Discreet().filter(record)
        written = told.format(record)
    finally:
        REQUEST_ID.reset(held)
    assert "\n" not in written
    read = json.loads(written)
    assert read["request_id"] == "request-18"
    assert read["message"] == "two\nlines 두 줄"
    assert "user" not in read
    assert read["time"].endswith("+00:00")


def test_the_log_looks_nobody_up() -> None:
    from django.utils.functional import SimpleLazyObject

    def look_up() -> Any:
        raise AssertionError("the log asked who it is")

    request = RequestFactory().get("/jobs/")
    request.user = SimpleLazyObject(look_up)
    assert user_of(request) is None


def test_a_method_of_somebodys_own_is_counted_as_other(db: None) -> None:
    request = RequestFactory().generic("QUIETDRILL", "/health/")
    Requests(lambda _: HttpResponse())(request)
    assert "QUIETDRILL" not in metrics.told().decode()
    assert route_of(request) == "health"


def test_logging_is_configured_alike_in_every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    for form in ("plain", "json"):
        monkeypatch.setenv("COMITY_DESK_LOG", form)
        logging.config.dictConfig(dictionary() | {"root": {}, "loggers": {}})
