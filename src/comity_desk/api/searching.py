"""Which records hold these words? The library's search on the reader's snapshot."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from comity.register.search import search as found_in
from comity.vocab.kinds import kinds as all_kinds
from comity.vocab.text import Text
from comity_desk.api.answers import held_already, seen_by, tag_of, told
from comity_desk.api.days import Day
from comity_desk.api.describing import also, describe
from comity_desk.api.errors import Malformed, fault
from comity_desk.api.records import record_link
from comity_desk.lib.language import lang

router = Router(tags=["records"])


@router.get(
    "/search",
    **also(describe(
        Text("Search the record", "기록 검색"),
        Text("All words must occur; the best come first. Titles are in the language of the answer.", "모든 말이 들어 있는 기록을 관련도 순으로 보여 준다. 제목은 응답 언어로 나온다."),
        gives="Found", refuses=(412,),
    ), 304),
)  # fmt: skip
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    kinds: Annotated[str | None, Query(max_length=600)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    known_at: Day | None = None,
) -> HttpResponse:
    """Records in which all the words occur."""
    seen = seen_by(request)
    within = _kinds(kinds)
    held_already(request, tag_of(request, seen))
    rows = found_in(seen, q, lang=lang(), kinds=within, limit=limit).to_dicts()
    records = [{"record": f"{row['kind']}:{row['id']}", **row, "link": record_link(all_kinds()[row["kind"]], row["id"])} for row in rows]
    return told({"words": q, "records": records})


def _kinds(text: str | None) -> list[str] | None:
    if not text:
        return None
    names = {word: kind.name for kind in all_kinds().values() for word in (kind.name, kind.plural)}
    wanted = text.split(",")
    if not set(wanted) <= set(names):
        raise Malformed([fault("kinds", "wrong-value", _NO_KIND, _SEE_KINDS)])
    return [names[word] for word in wanted]


_NO_KIND = Text("One of them is no kind of records.", "기록 종류가 아닌 것이 있습니다.")
_SEE_KINDS = Text("See /kinds.", "/kinds를 보십시오.")
