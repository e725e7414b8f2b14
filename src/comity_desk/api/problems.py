"""How is every refusal of the API told? As problem details (RFC 9457) in the reader's language, in one shape, whoever refused.

The web framework's own refusals (forms of parameters, methods, sizes) come out in the same shape as the desk's. What went wrong inside is
told to the log alone.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as WrongForm

from comity.vocab.errors import ComityError, Fault
from comity.vocab.text import Text, same
from comity_desk.accounts.middleware import NotSignedIn
from comity_desk.api.errors import Broken, HasChanged, Malformed, NotRead, Unchanged, fault
from comity_desk.lib import middleware
from comity_desk.lib.errors import NOTHING_HERE, Busy, NotFound, TooLarge
from comity_desk.records.proposals.refusals import ChangedMeanwhile, DoesNotFit

logger = logging.getLogger("comity_desk.api")
MEDIA_TYPE = "application/problem+json"
ASK_AGAIN = 5  # seconds


def problem(error: ComityError) -> HttpResponse:
    """The refusal as an answer; what differs stands beside it."""
    response: HttpResponse = middleware.problem(error)
    if more := _more(error):
        body = json.loads(response.content) | more
        response = HttpResponse(json.dumps(body, ensure_ascii=False), status=response.status_code, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "private, no-store"
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(ASK_AGAIN)
    return response


def _more(error: ComityError) -> dict[str, Any]:
    """What stands beside the words: cells that differ, records that it may repeat."""
    if isinstance(error, HasChanged) and error.differs:
        return {"differs": error.differs}
    if isinstance(error, ChangedMeanwhile):
        return {"differs": {one.field: {"before": one.base, "now": one.theirs, "proposed": one.mine} for one in error.merged.clashes}}
    if isinstance(error, DoesNotFit) and (error.duplicates or error.elsewhere):
        return {"duplicates": [{"record": one.existing, "score": one.score} for one in [*error.duplicates, *error.elsewhere]]}
    return {}


def broken(request: HttpRequest, error: BaseException) -> HttpResponse:
    """A fault inside: told to the log and to whoever listens for it, and to the reader only that there was one."""
    got_request_exception.send(sender=None, request=request)
    logger.error("the API failed", exc_info=error)
    return problem(Broken(_BROKEN))


def rendered(request: HttpRequest, error: Any) -> Any:
    """Whatever was raised, as an answer."""
    if isinstance(error, Unchanged):
        return error.response
    if isinstance(error, ComityError):
        return problem(error)
    for raised, make in REFUSALS:
        if isinstance(error, raised):
            return problem(make(error))
    return broken(request, error)


def installed(api: NinjaAPI) -> None:
    """Let every exception of the API be rendered here."""
    for raised in (Exception, Http404, HttpError, WrongForm):
        api.add_exception_handler(raised, rendered)


def _http(error: Any) -> ComityError:
    """The framework's own refusals; a body that our parser refused has said why itself."""
    return error.__cause__ if isinstance(error.__cause__, ComityError) else NotRead(_NOT_JSON)


def _malformed(error: Any) -> ComityError:
    return Malformed([_fault(one) for one in error.errors])


def _fault(told: dict[str, Any]) -> Fault:
    where = ".".join(str(part) for part in told.get("loc", ()) if part not in ("body", "payload"))
    kind = str(told.get("type", ""))
    what = next((words for begin, words in WORDS.items() if kind.startswith(begin)), _WRONG)
    given = {name: same(str(value)) for name, value in told.get("ctx", {}).items()}
    return fault(where, kind.replace("_", "-"), _filled(what, given), _MEND)


def _filled(words: Text, given: dict[str, Text]) -> Text:
    try:
        return words.format(**given)
    except (KeyError, IndexError):
        return _WRONG


_WRONG = Text("It is not of the right form.", "형식이 맞지 않습니다.")
_MEND = Text("See the description of the API.", "API 설명을 보십시오.")
_NOT_JSON = Text("The body is no JSON.", "본문이 JSON이 아닙니다.")
_STRANGE = Text("The request cannot be read.", "요청을 읽을 수 없습니다.")
_CUT_OFF = Text("The body broke off.", "본문이 중간에 끊겼습니다.")
_TOO_LARGE = Text("The body is larger than the desk takes at once.", "본문이 한 번에 받을 수 있는 크기를 넘습니다.")
_BUSY = Text("The desk cannot reach its database just now; try again in a moment.", "지금은 데이터베이스에 연결할 수 없습니다. 잠시 후 다시 시도하십시오.")
_SIGN_IN = Text("Sign in with two factors, or send a token.", "2단계 인증으로 로그인하거나 토큰을 보내십시오.")
_BROKEN = Text(
    "Something went wrong inside. The desk's administrator finds it in the log under the request's id (X-Request-ID).",
    "내부 오류가 발생했습니다. 관리자가 요청 번호(X-Request-ID)로 로그에서 확인할 수 있습니다.",
)

REFUSALS: tuple[tuple[type[Exception], Callable[[Any], ComityError]], ...] = (
    (AuthenticationError, lambda error: NotSignedIn(_SIGN_IN)),
    (HttpError, _http),
    (WrongForm, _malformed),
    (Http404, lambda error: NotFound(NOTHING_HERE)),
    (RequestDataTooBig, lambda error: TooLarge(_TOO_LARGE)),
    (SuspiciousOperation, lambda error: NotRead(_STRANGE)),
    (MultiPartParserError, lambda error: NotRead(_STRANGE)),
    (UnreadablePostError, lambda error: NotRead(_CUT_OFF)),
    (OperationalError, lambda error: Busy(_BUSY)),
)
WORDS = {
    "missing": Text("It is missing.", "값이 없습니다."),
    "extra_forbidden": Text("There is no such entry.", "없는 항목입니다."),
    "int": Text("It is no whole number.", "정수가 아닙니다."),
    "float": Text("It is no number.", "숫자가 아닙니다."),
    "bool": Text("It is neither true nor false.", "참·거짓 값이 아닙니다."),
    "value_error": Text("It is no day; write it as 2026-03-01.", "날짜가 아닙니다. 2026-03-01처럼 적으십시오."),
    "date": Text("It is no day; write it as 2026-03-01.", "날짜가 아닙니다. 2026-03-01처럼 적으십시오."),
    "string_too_long": Text("It has more than {max_length} characters.", "{max_length}자를 넘습니다."),
    "string_too_short": Text("It has fewer than {min_length} characters.", "{min_length}자보다 짧습니다."),
    "string": Text("It is no text of the right form.", "형식에 맞는 글이 아닙니다."),
    "greater_than_equal": Text("It is less than {ge}.", "{ge}보다 작습니다."),
    "less_than_equal": Text("It is more than {le}.", "{le}보다 큽니다."),
    "literal_error": Text("It is none of {expected}.", "{expected} 가운데 하나가 아닙니다."),
    "too_long": Text("It has more than {max_length} entries.", "{max_length}개를 넘습니다."),
    "list": Text("It is no list.", "목록이 아닙니다."),
    "dict": Text("It is no object.", "객체가 아닙니다."),
    "model": Text("It is no object.", "객체가 아닙니다."),
}
