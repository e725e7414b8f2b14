"""Does the desk live, is it ready, how is it doing? For supervisors, proxies and Prometheus; outside they learn nothing more than that.

`/health/` answers while the process runs and touches no database. `/ready/` answers 200 when the database can be reached, its tables are up to
date and a record is loaded, else 503. `/metrics/` needs an API token of the scope `metrics`, or, where COMITY_DESK_METRICS is `loopback`, a
request that comes from this machine and through no proxy.
"""

from __future__ import annotations

import ipaddress
import logging
import os

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from comity.vocab.text import Text
from comity_desk.conf import metrics
from comity_desk.conf.prepare import pending_migrations
from comity_desk.lib.errors import NotPermitted

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
logger = logging.getLogger("comity_desk.readiness")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The process runs."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readiness(request: HttpRequest) -> HttpResponse:
    """The desk can answer; why not is told to the log alone."""
    lacking = what_is_lacking()
    if lacking:
        logger.error("not ready", extra={"lacking": lacking})
    return HttpResponse("not ready\n" if lacking else "ready\n", content_type="text/plain", status=503 if lacking else 200)


def what_is_lacking() -> str | None:
    """What keeps the desk from answering; None when nothing does."""
    from django.db import Error, connection

    from comity_desk.audit.models import Head

    try:
        connection.ensure_connection()
        if not Head.objects.filter(name="ledger", number__gt=0).exists():
            return "tables" if _tables_behind() else "record"
        return "tables" if _tables_behind() else None
    except Error as error:
        return f"database: {type(error).__name__}"


def _tables_behind() -> bool:
    """Whether a step of the tables has not been taken; once they are up to date this process need not look again."""
    if not Known.up_to_date:
        Known.up_to_date = not pending_migrations()
    return not Known.up_to_date


class Known:
    """What this process has found out: its code does not change while it runs, and tables are not taken back under it."""

    up_to_date = False


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Numbers about the service."""
    if not (_by_token(request) or from_this_machine(request)):
        raise NotPermitted(_NO_METRICS)
    return HttpResponse(metrics.told(), content_type=CONTENT_TYPE_LATEST)


def _by_token(request: HttpRequest) -> bool:
    from comity_desk.accounts.tokens import user_of

    found = user_of(request)
    return found is not None and found[0].permitted("metrics.read")


def from_this_machine(request: HttpRequest) -> bool:
    """Whether loopback is enough and the request comes from there itself, not through a proxy that runs there."""
    if os.environ.get("COMITY_DESK_METRICS") != "loopback" or any(request.META.get(name) for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


_NO_METRICS = Text("A token of the scope `metrics` is needed.", "사용 범위가 `metrics`인 토큰이 필요합니다.")

urlpatterns = [
    path("health/", health, name="health"),
    path("ready/", readiness, name="readiness"),
    path("metrics/", numbers, name="metrics"),
]
