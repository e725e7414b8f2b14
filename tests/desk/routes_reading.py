"""What is asked at the addresses of finding and reading records."""

from __future__ import annotations

from urllib.parse import quote

from routes import Asked, Case, Visible, get

from comity.vocab.kinds import kinds

HIDDEN_WORD = "zuruckhalt"  # begins every hidden word, and is not written so in any
HTMX = {"HX-Request": "true"}
DAYS = ("2026-01-09", "2026-02-28", "2026-11-24")
LISTS = ("exercises", "agreements", "events")


def lists(visible: Visible) -> list[Asked]:
    """Every kind's list; narrowed, ordered and paged; narrowed by what is hidden; as a fragment."""
    paths = [f"/records/{kind.plural}/" for kind in kinds().values()]
    for plural in LISTS:
        paths += [f"/records/{plural}/?{query}" for query in ("page=9999", "sort=title", "sort=confidence", "complete=no", "sourced=no")]
        paths += [f"/records/{plural}/?q={quote(words)}" for words in (HIDDEN_WORD, "연")]
        paths += [f"/records/{plural}/?{query}" for query in ("actor=USA&actor=JPN", "marking=kor-only&marking=nowhere", "year_from=2000")]
        paths += [f"/records/{plural}/?known_at={day}" for day in DAYS]
    paths += [
        f"/records/exercises/?{query}" for query in ("status=conducted", "series=nowhere", "columns=title,end,personnel", "sort=participants", "series=~")
    ]
    paths += [f"/records/{kinds()[kind].plural}/?q={quote(one)}" for kind, one in visible.hidden()]
    paths += [f"/records/events/?source={quote(one)}" for kind, one in visible.hidden() if kind == "source"]
    return [*(Asked("GET", path) for path in [*paths, "/records/nowhere/"]), Asked("GET", "/records/exercises/?q=drill", headers=HTMX)]


def pages(visible: Visible) -> list[Asked]:
    """The pages of visible records, now and as known before, and of hidden ones and none."""
    paths = [
        f"/records/{kinds()[kind].plural}/{quote(one, safe='')}/"
        for kind, one in [*visible.refs(2), *visible.hidden(), ("marking", "public"), ("actor", "USA")]
    ]
    return [
        Asked("GET", path) for path in [*paths, *(f"{path}?known_at={day}" for path in paths[:6] for day in DAYS[1:]), "/records/exercises/a/?known_at=never"]
    ]


def behind(visible: Visible) -> list[Asked]:
    """Records behind a number, hidden ones among them."""
    refs = [f"{kind}:{one}" for kind, one in [*visible.refs(1), *visible.hidden()]]
    return [Asked("GET", f"/records/behind/?{'&'.join(f'r={quote(ref)}' for ref in refs)}"), Asked("GET", "/records/behind/")]


def searches(visible: Visible) -> list[Asked]:
    """Words that many records hold, that hidden ones hold, and that none does."""
    words = [HIDDEN_WORD, HIDDEN_WORD[:4], "drill", "agreement", "KOR", "한국", "2025", "nowhere", "", "a b c", *(one for _, one in visible.hidden())]
    return [Asked("GET", f"/search/?q={quote(one)}{more}") for one in words for more in ("", "&kind=exercise")]


def taken_away(visible: Visible) -> list[Asked]:
    """Lists as files."""
    asked = [
        Asked("POST", f"/lists/{plural}/export/", {"form": form, "query": "sort=title"}) for plural in LISTS[:2] for form in ("csv", "jsonl", "xlsx", "exe")
    ]
    return [*asked, Asked("POST", "/lists/claims/export/", {"form": "csv"}), Asked("POST", "/lists/exercises/export/?known_at=2026-02-28", {"form": "csv"})]


def looks(visible: Visible) -> list[Asked]:
    """Looking as others, and what is seen then."""
    seen = ("/records/", "/records/exercises/", "/records/agreements/mutual-defence/", "/search/?q=drill", "/to-do/", "/as/")
    choices = ({"class": ""}, {"class": "USA/secret"}, {"class": "other", "nationality": "JPN", "clearance": "top_secret"}, {"class": "everything/"})
    return [Asked("POST", "/as/look/", choice, then=seen) for choice in choices]


def to_do(visible: Visible) -> list[Asked]:
    """What is to be done, whole and in parts."""
    queries = ("", "what=missing", "what=source", "what=translation", "what=plan", "what=finding", "kind=exercise", "directorate=~", "page=2", "what=nowhere")
    return [Asked("GET", f"/to-do/?{query}") for query in queries]


READING: dict[str, Case] = {
    "records/": get("/records/", "/records/?known_at=2026-02-28"),
    "records/behind/": behind,
    "records/<slug:plural>/": lists,
    "records/<slug:plural>/<str:id>/": pages,
    "search/": searches,
    "to-do/": to_do,
    "to-do/export/": lambda visible: [Asked("POST", "/to-do/export/", {"query": query}) for query in ("", "what=missing", "kind=event")],
    "as/": get("/as/"),
    "as/look/": looks,
    "as/leave/": lambda visible: [Asked("POST", "/as/leave/")],
    "lists/<slug:plural>/export/": taken_away,
    "lists/<slug:plural>/views/": lambda visible: [
        Asked("POST", "/lists/exercises/views/", {"name": "Mine", "query": "q=drill&actor=USA"}, then=("/records/", "/records/exercises/"))
    ],
    "lists/views/<slug:key>/drop/": lambda visible: [Asked("POST", "/lists/views/nowhere/drop/")],
}
