"""May something be changed now, and who must read what comes of it? Not while a person looks at the desk as another will read it: whatever writes is refused, whichever page asks.

Named exceptions are those that change nothing of the record: looking as another, leaving, the language, signing out, saving what is seen.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve

from comity.vocab.errors import ComityError
from comity_desk.ledger.asking import note_change, refuse_while_looking
from comity_desk.lib.middleware import refusal_page

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
STILL_OPEN = frozenset({"look", "look_leave", "set_language", "account_logout", "list_export", "to_do_export", "account_reauthenticate", "mfa_reauthenticate"})


class Looking:
    """Refuses writing while looking, and notes in the session of whoever changed something that it was changed."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:  # noqa: D102 - see the class
        if request.method not in SAFE and _named(request) not in STILL_OPEN:
            try:
                refuse_while_looking(request)
            except ComityError as error:
                return refusal_page(request, error)
        answer = self.answer(request)
        if request.method not in SAFE and answer.status_code < 400 and request.user.is_authenticated and request.session.session_key:
            note_change(request)
        return answer


def _named(request: HttpRequest) -> str | None:
    try:
        return resolve(request.path_info).url_name
    except Resolver404:
        return None
