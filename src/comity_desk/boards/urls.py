"""Addresses of this part of the desk."""

from __future__ import annotations

from django.urls import path, re_path, reverse

from comity.vocab.text import Text
from comity_desk.boards.catalogue import boards
from comity_desk.boards.views import board, calendar, commitments, feeds, home, maps, papers, partners, timeline, weights
from comity_desk.lib.pages import MenuEntry, in_menu

urlpatterns = [
    path("", home.home, name="home"),
    path("partners/", partners.partners, name="partners"),
    path("partners/<str:code>/", partners.partner, name="partner"),
    path("boards/", board.board_list, name="boards"),
    path("boards/figures.css", board.board_style, name="board_style"),
    path("boards/timeline/", timeline.timeline_page, name="timeline"),
    re_path(r"^boards/timeline/strip\.(?P<form>svg|png|csv)$", timeline.timeline_file, name="timeline_file"),
    path("boards/calendar/", calendar.calendar, name="calendar"),
    path("boards/commitments/", commitments.commitments, name="commitments"),
    path("boards/map/", maps.map_page, name="map"),
    re_path(r"^boards/map/years\.(?P<form>svg|png|csv)$", maps.map_file, name="map_file"),
    path("boards/weights/", weights.weights, name="weights"),
    path("boards/<slug:name>/", board.board, name="board"),
    path("boards/<slug:name>/status/", board.board_status, name="board_status"),
    path("boards/<slug:name>/behind/<int:n>/", board.board_behind, name="board_behind"),
    re_path(r"^boards/(?P<name>[a-z-]+)/(?P<block>[A-Za-z0-9_-]+)\.(?P<form>svg|png|csv)$", board.board_file, name="board_file"),
    path("papers/", papers.papers, name="papers"),
    path("papers/new/", papers.paper_new, name="paper_new"),
    path("papers/questions/<slug:key>/<slug:act>/", papers.consultation_act, name="consultation_act"),
    path("papers/<slug:key>/", papers.paper, name="paper"),
    path("papers/<slug:key>/versions/<int:number>/", papers.version, name="paper_version"),
    path("papers/<slug:key>/versions/<int:number>/behind/<int:n>/", papers.version_behind, name="paper_behind"),
    re_path(r"^papers/(?P<key>[a-z0-9]+)/versions/(?P<number>\d+)/(?P<block>[A-Za-z0-9_-]+)\.(?P<form>svg|png|csv)$", papers.version_file, name="paper_file"),
    path("papers/<slug:key>/<slug:act>/", papers.paper_act, name="paper_act"),
    path("feeds/calendar.ics", feeds.calendar, name="feed_calendar"),
    path("feeds/changes.atom", feeds.changes_atom, name="feed_changes"),
]

in_menu(MenuEntry("home", Text("Now", "현황"), lambda: reverse("home"), "board.read", order=10))
in_menu(MenuEntry("partners", Text("Partners", "상대국"), lambda: reverse("partners"), "board.read", order=20))
in_menu(MenuEntry("timeline", Text("Timeline", "연표"), lambda: reverse("timeline"), "board.read", order=30))
in_menu(MenuEntry("calendar", Text("Calendar", "일정"), lambda: reverse("calendar"), "board.read", order=40))
in_menu(MenuEntry("commitments", Text("Promises", "약속"), lambda: reverse("commitments"), "board.read", order=50))
in_menu(MenuEntry("map", Text("Map", "지도"), lambda: reverse("map"), "board.read", order=25))
for _at, _name in enumerate(("agreements", "exercises")):
    in_menu(MenuEntry(_name, boards()[_name].title, lambda name=_name: reverse("board", args=[name]), "board.read", order=60 + _at))  # type: ignore[misc]
in_menu(MenuEntry("papers", Text("Clearance", "부처 협의"), lambda: reverse("papers"), "board.read", group="work", order=50))
in_menu(MenuEntry("boards", Text("All boards", "현황판 전체"), lambda: reverse("boards"), "board.read", order=900))
