"""Addresses of the API. Whatever is not among them is answered as problem details too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path, reverse

from comity.vocab.text import Text
from comity_desk.api import pages
from comity_desk.api.answers import answering
from comity_desk.api.root import api
from comity_desk.lib.errors import NOTHING_HERE, NotFound
from comity_desk.lib.pages import MenuEntry, in_menu


def not_here(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """No such address."""
    raise NotFound(NOTHING_HERE)


def _answering(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The framework's addresses, each with what holds for all of them; its own root, which says nothing, is left out."""
    kept: list[URLPattern | URLResolver] = []
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = answering(pattern.callback)
            kept.append(pattern)
    return kept


patterns, _, namespace = api.urls
urlpatterns = [
    path("v1/docs", pages.reference, name="api_docs"),
    path("v1/", include((_answering(patterns), namespace), namespace=namespace)),
    re_path(r"^(?P<rest>.*)$", answering(not_here), name="api_nothing"),
]

in_menu(MenuEntry("api", Text("For programs (API)", "프로그램 연계(API)"), lambda: reverse("api_docs"), "record.read", group="desk", order=90))
