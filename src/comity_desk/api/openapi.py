"""What is there to ask for? The OpenAPI document (3.1), made from the addresses themselves and the vocabulary, in the reader's language."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from comity.vocab.kinds import kinds
from comity.vocab.text import Lang, Text
from comity_desk.api.describing import ABOUT, BODIES, PARAMETERS, SUMMARY
from comity_desk.api.shapes import components

METHODS = ("get", "post", "put", "patch", "delete")


@cache
def document(lang: Lang) -> dict[str, Any]:
    """The whole document in one language."""
    from comity_desk.api.root import api

    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    made["info"]["description"] = INTRODUCTION.in_(lang)
    made["components"]["schemas"] = components(lang) | {name: _body(name, shape, lang) for name, shape in made["components"]["schemas"].items()}
    for path in made["paths"].values():
        for method in METHODS:
            if method in path:
                _in_language(path[method], lang)
    return made


def operations(lang: Lang) -> list[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each operation, in order."""
    paths = copy.deepcopy(document(lang))["paths"]
    return [(path, method, told[method]) for path, told in paths.items() for method in METHODS if method in told]


def _in_language(operation: dict[str, Any], lang: Lang) -> None:
    """Words of an operation and its parameters in one language; the plural of a kind is one of those that there are."""
    korean = {"summary": operation.pop(SUMMARY, ""), "description": operation.pop(ABOUT, "")}
    if lang == "ko":
        operation |= korean
    if not korean["description"]:
        operation.pop("description", None)  # the framework puts what the code says of itself
    for parameter in operation.get("parameters", []):
        parameter["description"] = PARAMETERS[parameter["name"]].in_(lang)
        if parameter["name"] == "plural":
            parameter["schema"] = {"type": "string", "enum": [kind.plural for kind in kinds().values()]}
    form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
    for name, part in form["schema"]["properties"].items() if form else ():
        part["description"] = PARAMETERS[name].in_(lang)


def _body(name: str, shape: dict[str, Any], lang: Lang) -> dict[str, Any]:
    """The shape of a body with its words in one language."""
    told = BODIES[name]
    fields = {field: {**part, "description": told[field].in_(lang)} for field, part in shape["properties"].items()}
    return {**shape, "description": told[""].in_(lang), "properties": fields}


INTRODUCTION = Text(
    "Everything is as its reader may see it: lists, counts, searches and files come from the reader's own snapshot, whose hash stands in the header Comity-Snapshot. "
    "Refusals are problem details (RFC 9457) in the language of Accept-Language. An ETag comes with every answer; ask again with If-None-Match. "
    "Sign in with a token (`Authorization: Bearer …`), or in a browser with the session and X-CSRFToken for changes.",
    "모든 응답은 열람자가 볼 수 있는 범위에서 나온다. 목록, 건수, 검색, 파일은 열람자의 스냅숏에서 만들며, 그 해시는 Comity-Snapshot 헤더에 있다. "
    "거부 사유는 Accept-Language 언어의 문제 상세(RFC 9457)로 답한다. 모든 응답에 ETag가 있으므로 If-None-Match로 다시 물을 수 있다. "
    "토큰(`Authorization: Bearer …`)으로 인증하거나, 브라우저에서는 세션과 X-CSRFToken을 쓴다.",
)
