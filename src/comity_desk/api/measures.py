"""What do the measures say? Computed from the reader's snapshot: quick ones at once, costly ones by a worker, to be asked for again.

A costly measure is answered with 202 until it is there. What is computed is kept for the class of readers and the tables that it reads, so
that readers who see the same share it and nobody reads what is computed from more than they may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from comity.measures.result import Result
from comity.register.snapshot import Snapshot
from comity.report.context import Context
from comity.report.kept import NotYetKept
from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.api.answers import held_already, seen_by, tag_of, told
from comity_desk.api.days import Day
from comity_desk.api.describing import also, describe
from comity_desk.api.errors import Malformed, fault
from comity_desk.jobs.measures import WORDS, wanted
from comity_desk.jobs.models import FAILED, Job
from comity_desk.lib import clock
from comity_desk.lib.errors import NOTHING_HERE, Busy, NotFound, Refused
from comity_desk.lib.language import lang

router = Router(tags=["measures"])
QUICK = frozenset(
    {"activity", "agreements", "every_agreement", "watch", "tempo", "technology", "deployments", "pressure", "opinion", "ties", "changes", "eras"}
)
COSTLY = frozenset({"balance", "network", "opinion_pool", "forecast", "effects", "stability", "without_source"})
FEW = 20_000  # records up to which the quick ones take less than a second
ASK_AGAIN = 3  # seconds


@router.get("/measures", **also(describe(Text("Measures and models", "측정과 모형"), gives="Measures", refuses=(412,)), 304))
def measure_list(request: HttpRequest) -> HttpResponse:
    """What can be asked for."""
    seen = seen_by(request, "board.read")
    held_already(request, tag_of(request, seen))
    return told(
        {"measures": [{"name": name, "label": WORDS[name], "costly": not _quick(name, seen), "link": _link(name, {})} for name in sorted(QUICK | COSTLY)]}
    )


@router.get(
    "/measures/{name}",
    **also(also(describe(
        Text("One measure on a day", "특정일 기준의 측정"),
        Text(
            "Quick ones come at once. A costly one that is not computed yet is begun and answered with 202; ask again after Retry-After seconds.",
            "간단한 측정은 바로 나온다. 아직 계산하지 않은 오래 걸리는 측정은 계산을 시작하고 202로 답한다. Retry-After 초 뒤에 다시 요청한다.",
        ),
        gives="Measure", refuses=(404, 412),
    ), 304), 202, "Waiting"),
)  # fmt: skip
def measure(
    request: HttpRequest, name: str, as_of: Day | None = None, home: Annotated[str | None, Query(max_length=24)] = None, known_at: Day | None = None
) -> HttpResponse:
    """One measure."""
    if name not in QUICK | COSTLY:
        raise NotFound(NOTHING_HERE)
    seen, day = seen_by(request, "board.read"), as_of or clock.today()
    whose = _home(seen, home)
    try:
        found: Result = getattr(Context(seen, whose, day, only_kept=not _quick(name, seen)), name)
    except NotYetKept:
        return _waiting(name, seen, whose, day, {"as_of": as_of, "home": home})
    held_already(request, tag_of(request, seen, day))
    return told(found.answer(lang()) | {"snapshot": seen.hash})


def _quick(name: str, seen: Snapshot) -> bool:
    return name in QUICK and sum(seen.table(kind).height for kind in kinds() if kind != "actor") <= FEW


def _home(seen: Snapshot, home: str | None) -> str:
    whose = home or seen.home
    if whose not in seen.actor_names:
        raise Malformed([fault("home", "wrong-value", _NO_ACTOR, _CODE)])
    return whose


def _waiting(name: str, seen: Snapshot, home: str, day: date, given: Mapping[str, Any]) -> HttpResponse:
    """How far the work is that makes it."""
    if seen.known_at is not None:
        raise Refused(_ONLY_NOW)
    job = wanted(seen, [name], home=home, as_of=day)
    if job.state == FAILED:
        raise Busy(job.error)
    return told(_progress(name, job) | {"link": _link(name, given)}, status=202, headers={"Retry-After": str(ASK_AGAIN), "Cache-Control": "private, no-store"})


def _progress(name: str, job: Job) -> dict[str, Any]:
    return {"measure": name, "state": job.state, "done": job.done, "total": job.total, "words": job.words if job.words_en else None, "error": None}


def _link(name: str, given: Mapping[str, Any]) -> str:
    from urllib.parse import urlencode

    query = urlencode({key: str(value) for key, value in given.items() if value})
    return f"{settings.API_PREFIX}v1/measures/{name}" + (f"?{query}" if query else "")


_NO_ACTOR = Text("There is no such actor.", "그런 행위자가 없습니다.")
_CODE = Text("Give a code of /records/actors.", "/records/actors의 부호를 쓰십시오.")
_ONLY_NOW = Text(
    "Costly measures are computed for the record as it is known now. Download the snapshot and compute it there.",
    "오래 걸리는 측정은 현재 알려진 기록으로만 계산합니다. 과거 시점은 스냅숏을 받아 직접 계산하십시오.",
)
