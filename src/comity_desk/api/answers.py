"""How does an address of the API answer? As JSON with an ETag made of the reader's snapshot and the request, and nothing else.

A view asks `seen_by(request)` for the snapshot and, once it knows that there is an answer, `held_already` whether the caller holds it, which
ends the request with 304. The wrapper `answering` does what holds for every address: limits, HEAD, OPTIONS, methods that are not there.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

import comity
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text
from comity_desk.accounts.models import User
from comity_desk.api.entering import person
from comity_desk.api.errors import HasChanged, NoSuchMethod, NotRead, TooOften, Unchanged
from comity_desk.api.problems import problem, rendered
from comity_desk.api.rates import TOO_OFTEN, take
from comity_desk.ledger.asking import snapshot_of
from comity_desk.lib.language import lang
from comity_desk.records.attachments.limit import limited

View = Callable[..., HttpResponseBase]
HEAVY = frozenset({"snapshot_package", "snapshot_parquet", "measure"})  # addresses that cost more than a page


def seen_by(request: HttpRequest, permission: str = "record.read") -> Snapshot:
    """The snapshot that this request reads, if its caller may."""
    person(request, permission)
    seen = snapshot_of(request)
    request.comity_snapshot = seen.hash  # type: ignore[attr-defined]
    return seen


def tag_of(request: HttpRequest, snapshot: Snapshot, *parts: object) -> str:
    """An ETag of the snapshot, its reader, the address with its parameters, the language and the program's version."""
    asked = (request.path, sorted(request.GET.lists()), lang(), snapshot.reader.name, snapshot.reader.clearance, comity.__version__)
    return digest(snapshot.hash, asked, parts)


def digest(*parts: object) -> str:
    """An ETag of anything."""
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]


def held_already(request: HttpRequest, tag: str) -> None:
    """Give this answer an ETag, and end the request where the caller holds the answer already. Ask it once it is sure that there is an answer."""
    etag = f'"{tag}"'
    request.comity_etag = etag  # type: ignore[attr-defined]
    if request.method != "GET":
        return
    wanted, unwanted = (parse_etags(request.headers.get(name, "")) for name in ("If-Match", "If-None-Match"))
    if wanted and wanted != ["*"] and etag not in wanted:
        raise HasChanged(_ANOTHER)
    if unwanted and (unwanted == ["*"] or etag in [one.removeprefix("W/") for one in unwanted]):
        raise Unchanged(HttpResponse(status=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"}))


def told(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """A JSON answer."""
    return HttpResponse(as_json(body), status=status, content_type="application/json", headers=headers)


def as_json(body: Any) -> str:
    """JSON as the API writes it: not escaped, without spaces, numbers that are none as null."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)
    except ValueError:
        return json.dumps(finite(body), ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)


def finite(value: Any) -> Any:
    """The same with null for every number that is none or infinite."""
    if isinstance(value, dict):
        return {name: finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def both(text: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"en": text.en, "ko": text.ko}


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Text):
        return both(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def answering(view: View) -> View:
    """A view of the framework with what holds for every address of the API."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **places: Any) -> HttpResponseBase:
        if any("\0" in part for part in (request.path_info, *places.values(), *(one for _, many in request.GET.lists() for one in many))):
            return problem(NotRead(_STRANGE))
        asked = request.method
        standing = take(f"user:{request.user.pk}", "heavy" if _name(request) in HEAVY else "user") if isinstance(request.user, User) else None
        if standing is not None and not standing.allowed:
            response: HttpResponseBase = problem(TooOften(TOO_OFTEN))
        else:
            response = _answer(view, request, args, places)
        for name, value in (standing.headers if standing else {}).items():
            response.headers[name] = value
        return _without_body(response) if asked == "HEAD" else response

    return answer


def _name(request: HttpRequest) -> str:
    return str(request.resolver_match.url_name) if request.resolver_match else ""


def _answer(view: View, request: HttpRequest, args: tuple[Any, ...], places: dict[str, Any]) -> HttpResponseBase:
    """The view's answer, with the methods that every address has and the headers that tell what it was made of."""
    asked = request.method
    if asked == "HEAD":
        request.method = "GET"
    try:
        if _name(request) == "attachment_add" and asked == "POST":  # reading stops at the limit, before anything looks at the form
            request.comity_limit = limited(request, settings.UPLOAD_LIMIT)  # type: ignore[attr-defined]
        response = view(request, *args, **places)
    except Exception as error:
        response = rendered(request, error)
    request.method = asked
    if response.status_code == 405:
        response = _methods(response, options=asked == "OPTIONS")
    if response.status_code in (200, 202):
        if tag := getattr(request, "comity_etag", None):
            response.headers["ETag"] = tag
            response.headers["Cache-Control"] = "private, no-cache"
        if snapshot := getattr(request, "comity_snapshot", None):
            response.headers["Comity-Snapshot"] = snapshot
    patch_vary_headers(response, ("Authorization", "Cookie", "Accept-Language"))
    return response


def _methods(refused: HttpResponseBase, *, options: bool) -> HttpResponse:
    allowed = {one.strip() for one in refused.headers.get("Allow", "").split(",") if one.strip()} | {"OPTIONS"}
    allowed |= {"HEAD"} if "GET" in allowed else set()
    response = HttpResponse(status=204) if options else problem(NoSuchMethod(_NO_METHOD))
    response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _without_body(response: HttpResponseBase) -> HttpResponse:
    """What HEAD is answered with: the headers of GET alone."""
    length = response.headers.get("Content-Length") or (str(len(response.content)) if isinstance(response, HttpResponse) else None)
    bare = HttpResponse(status=response.status_code, headers=dict(response.headers))
    if length is not None:
        bare.headers["Content-Length"] = length
    bare.cookies = response.cookies
    if (file := getattr(response, "file_to_stream", None)) is not None:
        file.close()  # not the response: closing that ends the request, and its database connection with it
    return bare


_ANOTHER = Text("This is another state than the one that you name (If-Match).", "지정한 상태(If-Match)와 다릅니다.")
_STRANGE = Text("The request cannot be read.", "요청을 읽을 수 없습니다.")
_NO_METHOD = Text("This address does not take that method.", "이 주소에서 쓸 수 없는 메서드입니다.")
