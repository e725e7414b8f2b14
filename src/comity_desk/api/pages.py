"""The API told: the OpenAPI document for programs, and a page for people made from it, without scripts of anybody else."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import Router

import comity
from comity.vocab.text import Text
from comity_desk.api.answers import digest, held_already, told
from comity_desk.api.describing import also, describe
from comity_desk.api.openapi import INTRODUCTION, document, operations
from comity_desk.lib.language import lang
from comity_desk.lib.pages import page

router = Router(tags=["snapshot"])
PARTS = {
    "snapshot": Text("The record as you read it", "열람 중인 기록"),
    "kinds": Text("Kinds", "종류"),
    "records": Text("Records", "기록"),
    "attachments": Text("Attachments", "첨부 파일"),
    "measures": Text("Measures", "측정"),
    "proposals": Text("Proposals", "제안"),
    "jobs": Text("Jobs", "작업"),
}


@router.get("/openapi.json", **also(describe(Text("This description (OpenAPI 3.1)", "이 설명(OpenAPI 3.1)"), refuses=(412,)), 304))
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, in the language of the request."""
    held_already(request, digest("openapi", lang(), comity.__version__))
    return told(document(lang()))


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every address with its parameters and answers, for people."""
    listed = [_told(*one) for one in operations(lang())]
    parts = [{"name": name, "label": label, "operations": [one for one in listed if one["part"] == name]} for name, label in PARTS.items()]
    shapes = [{"name": name, "text": json.dumps(shape, ensure_ascii=False, indent=1)} for name, shape in document(lang())["components"]["schemas"].items()]
    context = {"parts": parts, "shapes": shapes, "introduction": _words(INTRODUCTION.in_(lang()))}
    return page(request, "api/reference.html", context, etag=digest("docs", comity.__version__, request.user.pk))


def _told(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    return {
        "part": operation["tags"][0],
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "about": _words(operation.get("description", "")),
        "parameters": [_parameter(one) for one in operation.get("parameters", [])],
        "body": [{"media": media, "shape": _shape(content["schema"])} for media, content in body.items()],
        "answers": [{"status": status, **_answer(answer)} for status, answer in operation["responses"].items() if int(status) < 400],
        "refusals": [status for status in operation["responses"] if int(status) >= 400],
    }


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    schema = told["schema"]
    kinds = [one.get("format") or one.get("type") for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    bounds = [f"{word} {schema[name]}" for name, word in (("minimum", "≥"), ("maximum", "≤"), ("default", "=")) if schema.get(name) is not None]
    return {
        "name": told["name"],
        "in": told["in"],
        "required": told["required"],
        "type": " ".join([str(kinds[0] if kinds else ""), *bounds]),
        "about": _words(told["description"]),
    }


def _words(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, and which of them are code."""
    return [(piece, at % 2 == 1) for at, piece in enumerate(text.split("`")) if piece]


def _answer(answer: dict[str, Any]) -> dict[str, Any]:
    content = answer.get("content", {})
    media = next(iter(content), "")
    return {"media": media, "shape": _shape(content[media]["schema"]) if media else ""}


def _shape(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
