"""Addresses of finding and reading records."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse

from comity.vocab.text import Text
from comity_desk.lib.pages import MenuEntry, in_menu
from comity_desk.records.reading import behind, lists, looking, record_page, saving, search_page, to_do

urlpatterns: list[URLPattern] = [
    path("records/", lists.overview, name="records_overview"),
    path("records/behind/", behind.behind, name="records_behind"),
    path("records/<slug:plural>/", lists.records, name="records"),
    path("records/<slug:plural>/<str:id>/", record_page.record, name="record"),
    path("search/", search_page.search_page, name="search"),
    path("to-do/", to_do.to_do, name="to_do"),
    path("to-do/export/", to_do.to_do_export, name="to_do_export"),
    path("as/", looking.looking, name="looking"),
    path("as/look/", looking.look, name="look"),
    path("as/leave/", looking.leave, name="look_leave"),
    path("lists/<slug:plural>/export/", saving.export, name="list_export"),
    path("lists/<slug:plural>/views/", saving.view_save, name="view_save"),
    path("lists/views/<slug:key>/drop/", saving.view_drop, name="view_drop"),
]

in_menu(MenuEntry("records", Text("Records", "기록"), lambda: reverse("records_overview"), "record.read", group="work", order=10))
in_menu(MenuEntry("to_do", Text("To do", "할 일"), lambda: reverse("to_do"), "record.read", group="work", order=30))
in_menu(MenuEntry("looking", Text("As another will read it", "다른 열람자 시점"), lambda: reverse("looking"), "record.propose", group="desk", order=70))
