"""What every page carries: the language, the menu, the reader, the day; and how a view answers with one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

import comity
from comity.vocab.text import Text
from comity_desk.lib import clock
from comity_desk.lib.language import lang


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the menu: shown to those who hold the permission, or one of several."""

    name: str
    label: Text
    url: Callable[[], str]
    permission: str | tuple[str, ...]
    group: str = "boards"
    order: int = 100

    def shown_to(self, user: Any) -> bool:
        """Whether that person finds it in the menu."""
        wanted = (self.permission,) if isinstance(self.permission, str) else self.permission
        return any(user.permitted(one) for one in wanted)


MENU: list[MenuEntry] = []


def in_menu(entry: MenuEntry) -> None:
    """Add an entry to the menu; called by an app's `urls` module when it is loaded."""
    if all(one.name != entry.name for one in MENU):
        MENU.append(entry)
        MENU.sort(key=lambda one: (one.group, one.order, one.name))


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What templates may count on; a context processor."""
    user = getattr(request, "user", None)
    entered = bool(getattr(request, "entered", False))  # past the gate; before it nobody is offered a way anywhere
    shown = [entry for entry in MENU if entered and entry.shown_to(user)]
    groups = [{"name": name, "entries": [entry for entry in shown if entry.group == name]} for name in ("boards", "work", "desk")]
    reads = entered and user is not None and user.permitted("record.read")
    languages = {"lang": lang(), "other_lang": "ko" if lang() == "en" else "en"}
    return {**languages, "menu": groups, "entered": entered, "reads": reads, "version": comity.__version__, "today": clock.today()}


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200, etag: str | None = None) -> HttpResponse:
    """A page, or only its `#main` part for a request by htmx that asks for a fragment; with an ETag where one is given.

    The ETag must be made of the reader's snapshot and the request's parameters, and of nothing that the reader may not see. The session is in
    it too: a page names its reader and carries the session's token, so that another session's copy must not be taken for it.
    """
    if etag is not None:
        whole = f'"{hashlib.sha256(repr((etag, lang(), request.get_full_path(), *_whose(request))).encode()).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match") == whole and not getattr(request, "htmx", False):
            return HttpResponse(status=304, headers={"ETag": whole})
    response = render(request, template, context or {}, status=status)
    if etag is not None:
        response.headers["ETag"] = whole
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _whose(request: HttpRequest) -> tuple[object, ...]:
    """What a page shows of the request besides its address: the session, the theme, the messages that wait."""
    session = getattr(request, "session", None)
    return (session.session_key if session else None, request.COOKIES.get("theme"), clock.today(), bool(getattr(request, "_messages", ())))
