"""Which snapshot is it that this caller reads, and how is it taken away whole?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Router

import comity
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import VOCABULARY_VERSION, kinds
from comity.vocab.text import Text
from comity_desk.api.answers import held_already, seen_by, tag_of, told
from comity_desk.api.days import Day
from comity_desk.api.describing import also, describe
from comity_desk.api.packing import packed, packed_tag

router = Router(tags=["snapshot"])
KnownAt = Day | None
BASE = f"{settings.API_PREFIX}v1"
LINKS = ("kinds", "search", "snapshot", "measures", "jobs", "proposals", "openapi.json", "docs")


@router.get("/", **also(describe(Text("Where everything is", "전체 주소"), gives="Index", refuses=(412,)), 304))
def index(request: HttpRequest, known_at: KnownAt = None) -> HttpResponse:
    """Links, and what the caller reads."""
    seen = seen_by(request)
    held_already(request, tag_of(request, seen))
    links = {name.partition(".")[0]: f"{BASE}/{name}" for name in LINKS}
    records = {"records": f"{BASE}/records/{{plural}}"}
    return told(
        {"name": "Comity", "version": comity.__version__, "snapshot": seen.hash, "reader": _reader(seen), "known_at": seen.known_at, "links": records | links}
    )


@router.get(
    "/snapshot",
    **also(describe(
        Text("The snapshot that you read", "열람 중인 스냅숏"),
        Text("Its hash, for which readers it is, and how many records of each kind it holds.", "해시, 열람자 범위, 종류별 기록 수."),
        gives="Snapshot", refuses=(412,),
    ), 304),
)  # fmt: skip
def snapshot(request: HttpRequest, known_at: KnownAt = None) -> HttpResponse:
    """Hash and counts."""
    seen = seen_by(request)
    held_already(request, tag_of(request, seen))
    counted = [{"kind": kind.name, "plural": kind.plural, "records": seen.table(kind.name).height} for kind in kinds().values()]
    links = {form: f"{BASE}/snapshot/{form}" for form in ("package", "parquet")}
    head = {"hash": seen.hash, "known_at": seen.known_at, "reader": _reader(seen), "package": _package(seen), "vocabulary": VOCABULARY_VERSION}
    return told(head | {"kinds": counted, "links": links})


@router.get(
    "/snapshot/package",
    **also(describe(
        Text("The snapshot as a data package", "데이터 패키지로 받는 스냅숏"),
        Text("A zip of CSV files that reads back into a snapshot of the same hash (header Comity-Snapshot).", "CSV를 묶은 zip. 다시 읽으면 같은 해시(Comity-Snapshot 헤더)의 스냅숏이 된다."),
        media="application/zip", refuses=(412,),
    ), 304),
)  # fmt: skip
def snapshot_package(request: HttpRequest, known_at: KnownAt = None) -> FileResponse:
    """The data package."""
    return _archive(request, "package")


@router.get(
    "/snapshot/parquet",
    **also(describe(Text("The snapshot as typed Parquet frames", "Parquet 표로 받는 스냅숏"), media="application/zip", refuses=(412,)), 304),
)
def snapshot_parquet(request: HttpRequest, known_at: KnownAt = None) -> FileResponse:
    """The typed frames."""
    return _archive(request, "parquet")


def _archive(request: HttpRequest, form: str) -> FileResponse:
    seen = seen_by(request, "export.make")
    held_already(request, packed_tag(seen, form))
    name = f"comity-{seen.settings.get('name') or 'record'}-{form}.zip"
    response = FileResponse(packed(seen, form), as_attachment=True, filename=name, content_type="application/zip")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Comity-Reader"] = f"{seen.reader.name};{seen.reader.clearance or ''}"
    return response


def _reader(seen: Snapshot) -> dict[str, Any]:
    return {"name": seen.reader.name, "clearance": seen.reader.clearance}


def _package(seen: Snapshot) -> dict[str, Any]:
    title = seen.settings.get("title")
    both = title if isinstance(title, dict) else {"en": str(title or ""), "ko": str(title or "")}
    return {"name": str(seen.settings.get("name", "")), "version": str(seen.settings.get("version", "")), "title": both, "home": seen.home}
