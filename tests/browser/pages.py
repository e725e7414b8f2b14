"""Every address of the desk, and what opens there: pages, by who opens them and with which values; everything else with the reason why it is no page.

A new address is in neither until somebody writes it here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from comity.vocab.kinds import kinds

At = dict[str, str]
Paths = Callable[[At], list[str]]


def at(*paths: str) -> Paths:
    """These paths, as they are."""
    return lambda _: list(paths)


def of(name: str, *more: str) -> Paths:
    """The thing of that name, and what lies beneath it."""
    return lambda there: [there[name] + one for one in more or ("",)]


def boards() -> list[str]:
    """The addresses of the boards that have no address of their own; those that need choices with them."""
    from comity_desk.boards.catalogue import boards as every

    chosen = {"partner": "USA", "against": "JPN"}
    found = [one for one in every().values() if one.in_menu and not one.address]
    return [f"/boards/{one.name}/" + ("?" + "&".join(f"{name}={chosen[name]}" for name in one.requires) if one.requires else "") for one in found]


DRILL = "/records/exercises/freedom-edge-2024-06/"
RECORDS = (
    *("agreements/kor-usa-mutual-defense-treaty-1953", "exercise_series/freedom-edge", "exercises/freedom-edge-2024-06"),
    *("sources/rok-2000-defense-white-paper-text-copy", "actors/USA", "markings/public"),
)
OFTEN = ("agreements", "exercises", "dialogues", "events", "commitments", "claims")  # kinds that are looked at most
KINDS = [f"/records/{kind.plural}/" for kind in kinds().values()]
NEW = [f"{one}new/" for one in KINDS if "/claims/" not in one]

PAGES: dict[str, Paths] = {
    "": at("/"),
    "boards/": at("/boards/"),
    "boards/<slug:name>/": lambda _: [*boards(), "/boards/versus/"],
    "boards/<slug:name>/behind/<int:n>/": at(),  # reached from a board, below
    "boards/timeline/": at("/boards/timeline/", "/boards/timeline/?partner=JPN&kind=exercise&from=2015"),
    "boards/calendar/": at("/boards/calendar/"),
    "boards/commitments/": at("/boards/commitments/"),
    "boards/map/": at("/boards/map/"),
    "boards/weights/": at("/boards/weights/"),
    "partners/": at("/partners/"),
    "partners/<str:code>/": at("/partners/USA/", "/partners/ASEAN/"),
    "papers/": at("/papers/", "/papers/?state=all"),
    "papers/new/": at("/papers/new/"),
    "papers/<slug:key>/": of("paper"),
    "papers/<slug:key>/versions/<int:number>/": of("paper", "versions/1/"),
    "papers/<slug:key>/versions/<int:number>/behind/<int:n>/": at(),  # of a paper made from a board; drawn by the template of what is behind a board
    "records/": at("/records/", "/records/?known_at=2026-02-28"),
    "records/behind/": at("/records/behind/?r=exercise:freedom-edge-2024-06&r=agreement:kor-usa-mutual-defense-treaty-1953"),
    "records/<slug:plural>/": lambda _: [*KINDS, "/records/exercises/?q=freedom&actor=JPN&sort=title"],
    "records/<slug:plural>/<str:id>/": lambda _: [f"/records/{one}/" for one in RECORDS],
    "records/<slug:plural>/new/": lambda _: NEW,
    "records/<slug:plural>/<str:id>/edit/": at(f"{DRILL}edit/", "/records/agreements/kor-usa-mutual-defense-treaty-1953/edit/"),
    "records/<slug:plural>/<str:id>/marking/": at(f"{DRILL}marking/"),
    "records/<slug:plural>/<str:id>/claim/": at(f"{DRILL}claim/?field=status"),
    "records/<slug:plural>/<str:id>/claim/<slug:field>/": at(f"{DRILL}claim/personnel/"),
    "records/<slug:plural>/<str:id>/judge/<slug:field>/": at(f"{DRILL}judge/start/"),
    "records/<slug:plural>/<str:id>/withdraw/": at(f"{DRILL}withdraw/"),
    "records/<slug:plural>/<str:id>/beside/": at(f"{DRILL}beside/"),
    "search/": at("/search/?q=freedom", "/search/?q=연합", "/search/?q=zuruckhalt", "/search/"),
    "to-do/": at("/to-do/", "/to-do/?what=source"),
    "as/": at("/as/"),
    "import/": at("/import/"),
    "import/<slug:key>/": of("import"),
    "batches/<slug:key>/": of("batch"),
    "proposals/": at("/proposals/", "/proposals/?show=mine", "/proposals/?show=done"),
    "proposals/<slug:key>/": of("proposal"),
    "jobs/": at("/jobs/"),
    "account/": at("/account/"),
    "account/confirm/": at("/account/confirm/"),
    "account/confirm/code/": at("/account/confirm/code/"),
    "account/password/": at("/account/password/"),
    "account/second-factor/": at("/account/second-factor/"),
    "account/second-factor/application/replace/": at("/account/second-factor/application/replace/"),
    "account/second-factor/codes/make/": at("/account/second-factor/codes/make/"),
    "account/second-factor/codes/": at("/account/second-factor/codes/"),
    "account/second-factor/keys/": at("/account/second-factor/keys/"),
    "account/second-factor/keys/add/": at("/account/second-factor/keys/add/"),
    "account/tokens/new/": at("/account/tokens/new/"),
    "people/": at("/people/"),
    "people/new/": at("/people/new/"),
    "people/<int:user_id>/": of("person"),
    "directorates/": at("/directorates/"),
    "directorates/new/": at("/directorates/new/"),
    "directorates/<int:directorate_id>/": of("directorate"),
    "audit/": at("/audit/"),
    "audit/<int:number>/": of("event"),
    "audit/chain/": at("/audit/chain/"),
    "spills/": at("/spills/"),
    "spills/<str:key>/": of("spill"),
    "api/v1/docs": at("/api/v1/docs"),
    "sign-in/": at(),  # of nobody yet, below
    "sign-out/": at("/sign-out/"),
}
_ACT = "an act: a form is sent there, and another page follows"
_FILE = "a file or a feed, for programs"
_PART = "a part of a page, which its page fetches"
_PROVIDER = "where the desk and an identity provider meet, which this desk has none of"
_AMIDST = "amidst signing in, or of a security key: the way there is in the tutorial"
_NOT_HERE = "names that a library asks for; the desk refuses them"
NO_PAGES: dict[str, str] = {
    **dict.fromkeys(("boards/<slug:name>/status/", "pick/<slug:target>/", "read/<slug:plural>/<slug:field>/", "drafts/<slug:key>/"), _PART),
    **dict.fromkeys(("sign-in/with/<str:provider_id>/", "sign-in/with/<str:provider_id>/back/", "sign-in/failed/", "sign-in/cancelled/"), _PROVIDER),
    **dict.fromkeys(("sign-in/code/", "account/second-factor/application/", "account/second-factor/application/remove/", "account/confirm/key/"), _AMIDST),
    **dict.fromkeys(("account/second-factor/keys/<int:pk>/name/", "account/second-factor/keys/<int:pk>/remove/"), _AMIDST),
    **dict.fromkeys(("sign-in/inactive/", "sign-in/register/", "account/identity-providers/", "account/password/set/"), _NOT_HERE),
    **dict.fromkeys(("health/", "ready/", "metrics/", "feeds/calendar.ics", "feeds/changes.atom", "audit/export/", "boards/figures.css"), _FILE),
    **dict.fromkeys(("import/template/<slug:plural>/", "import/<slug:key>/faults.csv", "attachments/<slug:key>/", "jobs/<slug:id>/file/"), _FILE),
    "account/second-factor/codes/download/": _FILE,
}
FILES = r"\.(?P<form>svg|png|csv)$"  # what addresses of figures and tables end with
ACTS = {
    *(
        "language/",
        "audit/chain/verify/",
        "spills/order/",
        "spills/<str:key>/settle/",
        "account/sessions/end-others/",
        "account/tokens/<int:token_id>/withdraw/",
    ),
    *("people/<int:user_id>/reset/<slug:what>/", "people/<int:user_id>/tokens/<int:token_id>/withdraw/", "drafts/<slug:key>/discard/"),
    *(
        "records/<slug:plural>/<str:id>/beside/add/",
        "attachments/<slug:key>/remove/",
        "import/bring/",
        "import/<slug:key>/submit/",
        "import/<slug:key>/discard/",
    ),
    *(f"batches/<slug:key>/{one}/" for one in ("accept", "decline", "withdraw")),
    *(f"proposals/<slug:key>/{one}/" for one in ("accept", "decline", "withdraw")),
    *("to-do/export/", "as/look/", "as/leave/", "lists/<slug:plural>/export/", "lists/<slug:plural>/views/", "lists/views/<slug:key>/drop/"),
    *("papers/questions/<slug:key>/<slug:act>/", "papers/<slug:key>/<slug:act>/", "jobs/start/<slug:kind>/", "jobs/<slug:id>/cancel/"),
}


def addresses(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address that the desk answers, as its patterns are written; those of programs apart from their one page."""
    from django.urls import URLPattern, get_resolver

    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if not isinstance(entry, URLPattern):
            yield from addresses(entry, path)
        elif not path.startswith(("static/", "api/")) or path == "api/v1/docs":
            yield path


def every_path(there: At, kinds_of: Collection[str] = ()) -> list[str]:
    """The paths of all pages, with lists and forms of all kinds or of these; what the background makes stands last."""
    found = dict.fromkeys(path for paths in PAGES.values() for path in paths(there))
    left = {path for path in (*KINDS, *NEW) if kinds_of and path.split("/")[2] not in kinds_of}
    return sorted((path for path in found if path not in left), key=is_made)


def is_made(path: str) -> bool:
    """Whether the page shows what the background makes, which takes its time."""
    return path == "/" or path.startswith(("/boards/", "/partners/"))
