"""What the desk writes to its log: one line of JSON for each event, with the request that it belongs to, and never what a record says.

A request is logged by the name of its route, as paths hold ids of records and queries hold what was sought. Of a fault the log tells its kind
and where in the code it arose, not its message, which may quote a value. Every answer carries the id of its request (`X-Request-ID`), taken
from the request where it brings one of an ordinary form.
"""

from __future__ import annotations

import logging
import os
import re
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pythonjsonlogger.json import JsonFormatter

from comity_desk.conf import metrics
from comity_desk.lib.tokens import token_bytes

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
ORDINARY = re.compile(r"[A-Za-z0-9._-]{8,64}")
UNROUTED = "unrouted"
logger = logging.getLogger("comity_desk.requests")


class Requests:
    """The outermost middleware: names the request, times it, logs it and counts it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with the id of its request."""
        held = REQUEST_ID.set(request_id(request.headers.get("X-Request-ID", "")))
        began = time.perf_counter()
        try:
            response = self.answer(request)
            response.headers["X-Request-ID"] = REQUEST_ID.get()
            self._tell(request, response, time.perf_counter() - began)
            return response
        finally:
            REQUEST_ID.reset(held)

    def _tell(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route, status = route_of(request), response.status_code
        metrics.request_answered(method_of(request), route, status, seconds)
        level = logging.ERROR if status >= 500 else logging.DEBUG if route in QUIET else logging.INFO
        told = {"method": method_of(request), "route": route, "status": status, "ms": round(1000 * seconds, 1), "user": user_of(request)}
        logger.log(level, "request", extra=told)


QUIET = frozenset({"health", "readiness", "metrics", "static"})  # asked every few seconds by machines


def request_id(given: str) -> str:
    """The id that a request brings, if it is of an ordinary form, else a new one."""
    return given if ORDINARY.fullmatch(given) else token_bytes(8).hex()


def route_of(request: HttpRequest) -> str:
    """The name of the route that answered, which holds nothing of the address."""
    from django.urls import Resolver404, resolve

    if request.path_info.startswith("/static/"):
        return "static"
    try:
        match = request.resolver_match or resolve(request.path_info)  # what was refused before it was routed is named too
    except Resolver404:
        return UNROUTED
    return match.view_name or "unnamed"


def method_of(request: HttpRequest) -> str:
    """The method, where it is one of those in use."""
    return request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "OTHER"


def user_of(request: HttpRequest) -> int | None:
    """The number of the person's account, if who it is was asked already: the log itself asks nothing."""
    user = getattr(request, "_cached_user", None) or request.__dict__.get("user")
    found = getattr(user, "_wrapped", user)  # a user who was never looked up stays so
    key = getattr(found, "pk", None) if type(found) is not object else None
    return key if isinstance(key, int) else None


class Discreet(logging.Filter):
    """Names the request on every line, and puts a route's name where Django would write an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes."""
        record.request_id = REQUEST_ID.get() or None
        request = getattr(record, "request", None)
        if request is not None:
            if record.name.startswith("django."):
                record.msg, record.args = f"{record.name} %s %s", (getattr(record, "status_code", ""), route_of(request))
            delattr(record, "request")
        return True


def kind_and_place(fault: Any) -> str:
    """A fault as its kind and the lines of code that it passed; its message may quote a record, so it is left out."""
    told = []
    seen: set[int] = set()
    one = fault[1]
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        places = [f"{entry.filename.rpartition('site-packages/')[2]}:{entry.lineno} {entry.name}" for entry in traceback.extract_tb(one.__traceback__)]
        told.append(f"{type(one).__module__}.{type(one).__qualname__} at " + " > ".join(places))
        one = one.__cause__ or one.__context__
    return " | ".join(told)


class Json(JsonFormatter):
    """A line of JSON."""

    def formatException(self, ei: Any) -> str:
        """Kind and place alone."""
        return kind_and_place(ei)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """The instant in UTC, to the millisecond."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Leave out what is not known."""
        super().add_fields(log_data, record, message_dict)
        for name in [name for name, value in log_data.items() if value is None]:
            del log_data[name]


class Plain(logging.Formatter):
    """A line for a person at a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s %(message)s%(told)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, with what a request's line tells."""
        names = ("method", "route", "status", "ms", "user", "job", "kind", "attempt", "lacking")
        record.told = "".join(f" {name}={record.__dict__[name]}" for name in names if record.__dict__.get(name) is not None)
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        """Kind and place alone."""
        return kind_and_place(ei)


def dictionary() -> dict[str, Any]:
    """The configuration of logging for every process of the desk."""
    form = os.environ.get("COMITY_DESK_LOG", "json")
    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    json = {"()": Json, "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s", "rename_fields": names, "json_ensure_ascii": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": Discreet}},
        "formatters": {"form": {"()": Plain} if form == "plain" else json},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "form", "filters": ["discreet"]}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},
            "axes": {"level": "WARNING"},
            "fontTools": {"level": "ERROR"},
            "django_tasks": {"level": "WARNING"},
            "django_tasks_db": {"level": "WARNING"},
        },
    }
