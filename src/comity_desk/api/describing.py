"""What does each address say of itself? Its words in both languages, the shape of its answer and the refusals that it may give.

The OpenAPI document, the page for people and the reference in the documentation are all made from this.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from comity.vocab.text import Text
from comity_desk.api.shapes import ref

ALWAYS = (400, 401, 403, 422, 429, 500, 503)
JSON = "application/json"
SUMMARY, ABOUT = "x-summary-ko", "x-description-ko"


def describe(
    summary: Text, about: Text | None = None, *, gives: str | None = None, media: str = JSON, status: int = 200, refuses: tuple[int, ...] = (), **more: Any
) -> dict[str, Any]:
    """What the router is told of an address: `gives` names the shape of the answer, `refuses` the refusals beside those of every address."""
    responses: dict[int, Any] = {status: _answer(gives, media)}
    for one in sorted({*ALWAYS, *refuses}):
        responses[one] = {"description": HTTPStatus(one).phrase, "content": {"application/problem+json": {"schema": ref("Problem")}}}
    if status != 200:
        more.setdefault("response", {status: None})
    korean = {SUMMARY: summary.ko} | ({ABOUT: about.ko} if about else {})
    extra = {"responses": responses, **korean, **more.pop("extra", {})}
    return {"summary": summary.en, "description": about.en if about else "", "openapi_extra": extra, **more}


def also(told: dict[str, Any], status: int, gives: str | None = None) -> dict[str, Any]:
    """The same address with one more answer."""
    told["openapi_extra"]["responses"][status] = _answer(gives, JSON) if gives else {"description": HTTPStatus(status).phrase}
    return told


def _answer(gives: str | None, media: str) -> dict[str, Any]:
    if media != JSON:
        return {"description": "OK", "content": {media: {"schema": {"type": "string", "format": "binary"}}}}
    return {"description": "OK", "content": {JSON: {"schema": ref(gives)}}} if gives else {"description": "OK"}


PARAMETERS = {
    "plural": Text("A kind of records, in the plural: `agreements`.", "기록 종류의 복수형 이름: `agreements`."),
    "kind": Text("A kind of records: `agreement`.", "기록 종류: `agreement`."),
    "id": Text("The id.", "식별자."),
    "key": Text("The key.", "키."),
    "file": Text("The file.", "파일."),
    "marking": Text("Who may see it; when missing, whoever may see the record.", "공개 등급. 없으면 기록의 등급."),
    "name": Text("The measure.", "측정."),
    "known_at": Text("Read the record as it was known at the end of this day.", "이날까지 알려진 기록을 읽는다."),
    "limit": Text("How many at most.", "최대 개수."),
    "cursor": Text("Where to go on: from `next` of the answer before.", "이어서 읽을 위치. 앞 응답의 `next`에 들어 있다."),
    "sort": Text(
        "Field to sort by, with `-` before it from the last to the first; unknown values come last.", "정렬 항목. 앞에 `-`를 붙이면 역순. 모르는 값은 맨 뒤."
    ),
    "q": Text("Words that all must occur, English or Korean.", "모두 들어 있어야 하는 말. 영문·국문."),
    "actor": Text("Code of an actor that any field names.", "어느 항목에든 나오는 행위자의 부호."),
    "counted": Text("`true`: only what measures count, one thing each and sourced.", "`true`이면 측정이 세는 것만."),
    "year_from": Text("Not before this year, by the record's first date.", "이 해부터(기록의 첫 날짜 기준)."),
    "year_to": Text("Not after this year, by the record's first date.", "이 해까지(기록의 첫 날짜 기준)."),
    "field": Text("Only claims on this field.", "이 항목에 관한 주장만."),
    "kinds": Text("Only these kinds, separated by commas.", "이 종류만. 쉼표로 구분."),
    "as_of": Text("The day in question; today when missing.", "기준일. 없으면 오늘."),
    "home": Text("Whose relations; the package's own country when missing.", "관계의 주체. 없으면 패키지의 자국."),
    "show": Text("Which proposals: what waits for you, your own, what was decided.", "검토 대기, 내 제안, 처리된 제안 가운데 하나."),
    "If-Match": Text("ETag of the record from which the change was made.", "변경의 근거가 된 기록의 ETag."),
    "Idempotency-Key": Text(
        "A name of this request: asked again under it, nothing is done twice.", "요청의 이름. 같은 이름으로 다시 보내도 두 번 처리하지 않는다."
    ),
    "filters": Text(
        "Any field of the kind: its value (`agreement_type=cost_sharing`; empty for unknown; several times for any of them, in lists for all of them), a date with the precision given (`signed=1953`), "
        "`<date>_from` and `<date>_to`, `<number>_min` and `<number>_max`. `/kinds/{kind}` lists them.",
        "종류의 모든 항목: 값(`agreement_type=cost_sharing`, 비우면 모르는 것, 여러 번 쓰면 그 가운데 하나, 목록이면 모두), 적은 만큼의 날짜(`signed=1953`), "
        "`<날짜>_from`·`<날짜>_to`, `<수>_min`·`<수>_max`. `/kinds/{kind}`에 목록이 있다.",
    ),
}
BODIES: dict[str, dict[str, Text]] = {  # the bodies that addresses take, field by field; "" tells of the whole
    "Change": {
        "": Text("One change of one record.", "기록 하나에 대한 변경."),
        "change": Text("What is to be done.", "변경의 종류."),
        "kind": Text("Kind of a new record.", "새 기록의 종류."),
        "record": Text("`kind:id` of a record that is there.", "기존 기록의 `종류:식별자`."),
        "cells": Text("New values by field; of a claim, the one field with the value claimed.", "항목별 새 값. 주장이면 항목 하나와 주장하는 값."),
        "basis": Text(
            "On what they rest: `source`, `locator`, `confidence`, or a new source by `source_title`, `source_url`, `source_publisher`, `source_published`, `source_type`.",
            "값의 근거: `source`, `locator`, `confidence`. 새 출처는 `source_title`, `source_url`, `source_publisher`, `source_published`, `source_type`으로 적는다.",
        ),
        "field": Text("The field of a judgement.", "판단하는 항목."),
        "claim": Text("The claim that is to stand.", "채택할 주장."),
        "marking": Text(
            "Under which it is proposed; when missing, that of the record, or the usual one.", "제안의 공개 등급. 없으면 기록의 등급 또는 기본 등급."
        ),
        "reason": Text("Why: a sentence, or one in each language.", "이유. 한 문장 또는 언어별 문장."),
        "another_thing": Text("Why it is not what it resembles.", "비슷한 기록과 다른 사안인 이유."),
        "beneath": Text("The value beneath one under a narrower marking is meant.", "더 좁은 등급의 값 아래에 있는 값을 고친다는 뜻."),
        "looked_at": Text("Likely duplicates were looked at.", "중복 가능성을 확인했음."),
        "before": Text("The cells as they were read.", "읽었을 때의 값."),
        "former": Text("Key of the proposal that this one corrects.", "이 제안이 바로잡는 이전 제안의 키."),
    },
    "Reason": {"": Text("Why, in one language or both.", "이유(한 언어 또는 두 언어)."), "en": Text("In English.", "영문."), "ko": Text("In Korean.", "국문.")},
    "ActorCount": {
        "": Text("An actor and a number.", "행위자와 수."),
        "actor": Text("The actor's code.", "행위자 부호."),
        "number": Text("The number.", "수."),
    },
    "Why": {"": Text("Why it was decided so.", "그렇게 처리한 이유."), "reason": Text("A sentence.", "한 문장.")},
    "Wanted": {
        "": Text("What is to be made.", "만들 것."),
        "kind": Text("Kind of work: `brief`, `dossier` or `export`.", "작업 종류: `brief`, `dossier`, `export`."),
        "parameters": Text("What is asked for, as on the page of jobs.", "작업 화면과 같은 매개변수."),
    },
}
