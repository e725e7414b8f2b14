"""What holds for every answer: a strict content security policy, no storing by others, refusals in the reader's language.

Answers are made for one reader, so that no proxy may keep them. The policy allows scripts, styles, pictures and requests of the desk alone,
and none inline.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from comity.vocab.errors import ComityError
from comity_desk.lib.errors import DeskError, Refused
from comity_desk.lib.language import lang

Answer = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Headers:
    """Puts the headers of every answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 - see the class
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Refusals:
    """Renders what the desk refuses, as a page or as problem details."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 - see the class
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """The refusal as an answer; anything else is left to Django."""
        if not isinstance(error, ComityError):
            return None
        return problem(error) if request.path.startswith(settings.API_PREFIX) else refusal_page(request, error)


def refusal_page(request: HttpRequest, error: ComityError) -> HttpResponse:
    """A page that says what was refused and why."""
    status = error.status if isinstance(error, DeskError) else 422
    title = error.title if isinstance(error, DeskError) else Refused.title
    context = {"title": title, "text": error.text, "faults": getattr(error, "faults", [])}
    return render(request, "lib/refusal.html", context, status=status)


def problem(error: ComityError) -> JsonResponse:
    """Problem details (RFC 9457) in the reader's language, with the faults as `errors`."""
    status = error.status if isinstance(error, DeskError) else 422
    title = error.title if isinstance(error, DeskError) else Refused.title
    body: dict[str, object] = {"type": f"urn:comity:problem:{type(error).__name__}", "title": title.in_(lang()), "status": status, "detail": error.in_(lang())}
    faults = cast("list[object]", getattr(error, "faults", []))
    if faults:
        body["errors"] = [fault_as_json(fault) for fault in faults]
    return JsonResponse(body, status=status, content_type="application/problem+json")


def fault_as_json(fault: object) -> dict[str, object]:
    """One fault: where it is, what is wrong, how to mend it."""
    from comity.vocab.errors import Fault

    told = cast("Fault", fault)
    return {
        "row": told.row,
        "field": told.field,
        "code": told.code,
        "severity": told.severity,
        "record": told.record,
        "what": told.what.in_(lang()),
        "mend": told.mend.in_(lang()),
    }
