"""What is asked at the addresses of the API."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from routes import Asked, Case, Visible, get

from comity.register.snapshot import Record
from comity.vocab.kinds import kinds
from comity_desk.api import filters, paging
from comity_desk.api.measures import COSTLY, QUICK
from comity_desk.api.records import record_tag

BASE = "/api/v1"
HIDDEN_WORD = "zuruckhalt"  # begins every hidden word
DAYS = ("2026-01-09", "2026-02-28", "2026-11-24")
LISTS = ("exercises", "agreements", "events", "dialogues", "sources", "claims", "markings")
KOREAN = {"Accept-Language": "ko"}
STRANGE = ({"If-None-Match": "*"}, {"If-Match": '"nothing"'}, {"If-None-Match": '"nothing"'})


def asked(*paths: str, **headers: str) -> list[Asked]:
    """Readings of these addresses."""
    return [Asked("GET", BASE + path, headers=headers) for path in paths]


def plain(*paths: str) -> Case:
    """The same addresses for every reader, now, as known before, in Korean, and under conditions."""
    listed = [f"{path}?known_at={day}" for path in paths for day in DAYS]
    return lambda visible: [*asked(*paths, *listed), *(Asked("GET", BASE + path, headers=one) for path in paths for one in (KOREAN, *STRANGE))]


def following(visible: Visible, plural: str, sort: str) -> str:
    """The address of the second page of a list."""
    kind = next(kind for kind in kinds().values() if kind.plural == plural)
    given = {"sort": [sort], "limit": ["1"]}
    order = paging.Order.of(kind, sort)
    cursor = paging.page_of(filters.wanted(visible.shown, kind, given), order, paging.question(kind.name, given=given), None, 1).cursor
    return f"/records/{plural}?{urlencode({'sort': sort, 'limit': 1, 'cursor': cursor or 'none'})}"


def lists(visible: Visible) -> list[Asked]:
    """Every kind's list; narrowed, ordered and paged; narrowed by what is hidden."""
    paths = [f"/records/{kind.plural}" for kind in kinds().values()]
    for plural in LISTS[:3]:
        paths += [
            f"/records/{plural}?{query}" for query in ("limit=1", "limit=0", "sort=-id", "sort=nothing", "cursor=nothing", "colour=red", "marking=kor-only")
        ]
        paths += [f"/records/{plural}?q={quote(words)}" for words in (HIDDEN_WORD, "a", "연", "2025")]
        paths += [f"/records/{plural}?known_at={day}" for day in DAYS]
    paths += ["/records/exercises?actor=USA", "/records/exercises?year_from=2025&counted=true", "/records/exercises?sort=-start", "/records/exercises?series="]
    paths += [following(visible, plural, sort) for plural in ("exercises", "agreements") for sort in ("id", "-id", "title_en", "-title_ko", "source")]
    paths += [f"/records/{kinds()[kind].plural}?q={quote(one)}" for kind, one in visible.hidden()]
    paths += [f"/records/{kinds()[kind].plural}?id={quote(one)}" for kind, one in visible.hidden()]
    conditions = [Asked("GET", f"{BASE}/records/exercises", headers=one) for one in (KOREAN, *STRANGE)]
    return [*asked(*paths, "/records/nowhere"), *conditions]


def singly(suffix: str = "") -> Case:
    """Visible records, hidden ones and none, now, as known before, and under conditions."""

    def case(visible: Visible) -> list[Asked]:
        refs = [*visible.refs(4), *visible.hidden(), ("marking", "public"), ("actor", "USA"), ("marking", "kor-only")]
        paths = [f"/records/{kinds()[kind].plural}/{quote(one, safe='')}{suffix}" for kind, one in refs]
        conditions = [
            Asked("GET", BASE + path, headers=one) for path in (paths[0], paths[-3], "/records/exercises/nowhere" + suffix) for one in (KOREAN, *STRANGE)
        ]
        return [*asked(*paths, *(f"{path}?known_at={day}" for path in paths[:10] for day in DAYS), f"/records/nowhere/a{suffix}"), *conditions]

    return case


def searches(visible: Visible) -> list[Asked]:
    """Words that many records hold, that hidden ones hold, and that none does."""
    words = [HIDDEN_WORD, HIDDEN_WORD[:4], "drill", "agreement", "KOR", "한국", "2025", "nowhere", "", *(one for _, one in visible.hidden())]
    return asked(*(f"/search?q={quote(one)}{more}" for one in words for more in ("", "&kinds=exercise", "&limit=2")), "/search", "/search?q=a&kinds=nowhere")


def measures(visible: Visible) -> list[Asked]:
    """Every measure, quick and costly, and none."""
    paths = [f"/measures/{name}?as_of=2025-06-01" for name in sorted(QUICK | COSTLY)]
    return asked(
        *paths,
        "/measures/agreements",
        "/measures/agreements?home=PRK",
        "/measures/agreements?home=NOWHERE",
        "/measures/network?known_at=2026-02-28",
        "/measures/nothing",
    )


def jobs(visible: Visible) -> list[Asked]:
    """Own jobs, and asking for some."""
    bodies = [
        {"kind": "export", "parameters": {"form": "package"}},
        {"kind": "export", "parameters": {"form": "nothing"}},
        {"kind": "dossier", "parameters": {"partner": "USA", "as_of": "2025-06-01"}},
        {"kind": "dossier", "parameters": {"partner": "NOWHERE"}},
        {"kind": "nothing"},
        {"kind": 3, "colour": "red"},
    ]
    posts = [Asked("POST", f"{BASE}/jobs", json.dumps(body), content_type="application/json", then=(f"{BASE}/jobs",)) for body in bodies]
    return [*asked("/jobs"), *posts, Asked("POST", f"{BASE}/jobs", "colour=red", content_type="text/plain")]


def state(visible: Visible, kind: str, record: str) -> dict[str, str]:
    """The state of a record as the reader sees it; of a hidden one, any."""
    there = visible.shown.has_record(f"{kind}:{record}")
    return {"If-Match": f'"{record_tag(Record(visible.shown, kinds()[kind], record))}"' if there else '"nothing"'}


def proposals(visible: Visible) -> list[Asked]:
    """Changes proposed of visible records, hidden ones and none, with cells that name hidden ones, from states that stand and that do not."""
    add = {
        "change": "add",
        "kind": "exercise",
        "marking": "public",
        "cells": {"title_en": "New days", "series": "freedom-shield", "start": "2026-05-01", "participants": ["KOR", "USA"]},
    }
    on = {"basis": {"source": "newspaper", "confidence": "high"}, "reason": "Seen."}
    bodies: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({**add, **on}, {"Idempotency-Key": "one"}),
        ({**add, **on, "marking": "kor-only"}, {}),
        ({"change": "add"}, {}),
    ]
    for kind, record in [*visible.refs(1)[:2], *visible.hidden()[:3], ("exercise", "nowhere")]:
        own = state(visible, kind, record)
        change = {"change": "change", "record": f"{kind}:{record}", "cells": {"note_en": "A note."}, **on}
        bodies += [(change, own), (change, {"If-Match": '"nothing"'}), (change | {"before": {"note_en": None}}, {}), (change, {})]
        bodies += [({"change": "withdraw", "record": f"{kind}:{record}", "reason": "Never held."}, own)]
        bodies += [({"change": "claim", "record": f"{kind}:{record}", "cells": {"note_en": "Another."}, **on}, own)]
        bodies += [
            ({**add, **on, "cells": add["cells"] | {"counted_with": f"{kind}:{record}"}}, {}),
            ({**add, "basis": {"source": record, "confidence": "low"}}, {}),
        ]
        bodies += [
            ({**add, **on, "cells": {"title_en": record, "title_ko": record, "series": "freedom-shield", "start": "2025-03-03", "participants": ["KOR"]}}, {})
        ]
    read = (f"{BASE}/proposals?show=mine", f"{BASE}/proposals?show=waiting")
    posts = [Asked("POST", f"{BASE}/proposals", json.dumps(body), headers=headers, content_type="application/json", then=read) for body, headers in bodies]
    return [
        *asked("/proposals", "/proposals?show=mine", "/proposals?show=decided&kind=exercise", "/proposals?show=nothing", "/proposals?cursor=nothing"),
        *posts,
    ]


def deciding(act: str) -> Case:
    """A decision on a proposal that is not there."""
    return lambda visible: [Asked("POST", f"{BASE}/proposals/nothing/{act}", json.dumps({"reason": "x"}), content_type="application/json")]


def attaching(visible: Visible) -> list[Asked]:
    """The files beside visible records, hidden ones and none, and a form without a file."""
    refs = [*visible.refs(1), *visible.hidden()[:6]]
    paths = [f"/records/{kinds()[kind].plural}/{quote(one, safe='')}/attachments" for kind, one in refs]
    return [*asked(*paths, *(f"{path}?known_at={DAYS[1]}" for path in paths[:3])), *(Asked("POST", BASE + path, {"marking": "public"}) for path in paths)]


API: dict[str, Case] = {
    "api/v1/": plain("/"),
    "api/v1/docs": get(f"{BASE}/docs"),
    "api/v1/openapi.json": plain("/openapi.json"),
    "api/v1/kinds": plain("/kinds"),
    "api/v1/kinds/<kind>": plain("/kinds/agreement", "/kinds/exercises", "/kinds/nothing"),
    "api/v1/records/<plural>": lists,
    "api/v1/records/<plural>/<id>": singly(),
    "api/v1/records/<plural>/<id>/claims": singly("/claims"),
    "api/v1/search": searches,
    "api/v1/snapshot": plain("/snapshot"),
    "api/v1/snapshot/package": plain("/snapshot/package"),
    "api/v1/snapshot/parquet": plain("/snapshot/parquet"),
    "api/v1/records/<plural>/<id>/attachments": attaching,
    "api/v1/attachments/<key>": get(f"{BASE}/attachments/nothing"),
    "api/v1/attachments/<key>/remove": lambda visible: [Asked("POST", f"{BASE}/attachments/nothing/remove", '{"reason":"x"}', content_type="application/json")],
    "api/v1/proposals": proposals,
    "api/v1/proposals/<key>": get(f"{BASE}/proposals/nothing"),
    **{f"api/v1/proposals/<key>/{act}": deciding(act) for act in ("accept", "decline", "withdraw")},
    "api/v1/measures": plain("/measures"),
    "api/v1/measures/<name>": measures,
    "api/v1/jobs": jobs,
    "api/v1/jobs/<id>": get(f"{BASE}/jobs/nothing"),
    "api/v1/jobs/<id>/cancel": lambda visible: [Asked("POST", f"{BASE}/jobs/nothing/cancel")],
    "api/v1/jobs/<id>/file": get(f"{BASE}/jobs/nothing/file"),
    "api/^(?P<rest>.*)$": get("/api/", "/api/v1/nothing", "/api/v2/", "/api/v1/records/"),
}
