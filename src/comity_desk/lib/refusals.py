"""The pages for what Django itself refuses: an address that is none, a request that cannot be read, a failure of ours.

The page for an address that is none is the page for a record that the reader may not see, byte for byte.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from comity.vocab.text import Text
from comity_desk.lib.errors import NOTHING_HERE, DeskError, NotFound, NotPermitted
from comity_desk.lib.middleware import problem, refusal_page


class BadRequest(DeskError):
    """A request that cannot be read."""

    status = 400
    title = Text("The request cannot be read", "요청을 읽을 수 없습니다")


class Failed(DeskError):
    """A fault of the desk's own."""

    status = 500
    title = Text("Something failed at the desk", "처리 중 오류가 났습니다")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """400."""
    return _answer(request, BadRequest(_UNREADABLE))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """403."""
    return _answer(request, NotPermitted(_FORBIDDEN))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404."""
    return _answer(request, NotFound(NOTHING_HERE))


def failed(request: HttpRequest) -> HttpResponse:
    """500: words alone, since what failed may be what makes pages."""
    if request.path.startswith(settings.API_PREFIX):
        return problem(Failed(_FAILED))
    return HttpResponse(f"<!doctype html><title>Comity</title><p>{_FAILED.en}</p><p lang=ko>{_FAILED.ko}</p>", status=500)


def _answer(request: HttpRequest, error: DeskError) -> HttpResponseBase:
    return problem(error) if request.path.startswith(settings.API_PREFIX) else refusal_page(request, error)


_UNREADABLE = Text("The request cannot be read.", "요청을 읽을 수 없습니다.")
_FORBIDDEN = Text("This is not open to you.", "접근할 수 없습니다.")
_FAILED = Text("Something failed at the desk. It was noted; nothing was saved.", "처리 중 오류가 났습니다. 오류는 기록되었고 저장된 것은 없습니다.")
