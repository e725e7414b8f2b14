"""The reference page of the desk's API, made from the OpenAPI document that the desk itself writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from typing import Any

from comity.vocab.text import Lang, Text
from pages.markdown import code, codes, page, section, table

PARTS = {
    "snapshot": Text("The record as you read it", "열람 중인 기록"),
    "kinds": Text("Kinds", "종류"),
    "records": Text("Records", "기록"),
    "attachments": Text("Attachments", "첨부 파일"),
    "measures": Text("Measures", "측정"),
    "proposals": Text("Proposals", "제안"),
    "jobs": Text("Jobs", "작업"),
}


def api_page(lang: Lang) -> str:
    """Every address with its parameters, body and answers."""
    told = document(lang)
    listed = [(path, method, one) for path, methods in told["paths"].items() for method, one in methods.items()]
    parts = []
    for name, label in PARTS.items():
        own = [_operation(path, method, one, told, lang) for path, method, one in listed if one["tags"] == [name]]
        parts.append(section(label.in_(lang), *own))
    return page(_TITLE, lang, told["info"]["description"], *parts, about=_ABOUT)


@cache
def document(lang: Lang) -> dict[str, Any]:
    """The OpenAPI document, written by the desk in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        told = os.environ | {"COMITY_DESK_HOME": folder, "DJANGO_SETTINGS_MODULE": "comity_desk.conf.settings", "PYTHONUTF8": "1"}
        told = {name: value for name, value in told.items() if name not in ("DATABASE_URL", "COMITY_DESK_OIDC")}
        command = [sys.executable, "-m", "comity_desk.conf.command", "openapi", "--lang", lang]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=told, timeout=120)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _operation(path: str, method: str, one: dict[str, Any], told: dict[str, Any], lang: Lang) -> str:
    parameters = [[code(each["name"]), each["in"], _type(each["schema"]), each["description"]] for each in one.get("parameters", [])]
    listed = table([_PARAMETER, _IN, _TYPE, _MEANING], parameters, lang) if parameters else ""
    answers = [f"{code(status)} {_answer(each)}".strip() for status, each in one["responses"].items() if int(status) < 400]
    refusals = [status for status in one["responses"] if int(status) >= 400]
    said = _ANSWERS.format(answers=", ".join(answers), refusals=codes(refusals)).in_(lang)
    return section(one["summary"], code(f"{method.upper()} {path}"), one.get("description", ""), listed, _body(one, told, lang), said, level=3)


def _body(one: dict[str, Any], told: dict[str, Any], lang: Lang) -> str:
    content = one.get("requestBody", {}).get("content", {})
    if not content:
        return ""
    media, shape = next(iter(content.items()))
    schema = shape["schema"]
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    fields = (told["components"]["schemas"][name] if name else schema).get("properties", {})
    needed = (told["components"]["schemas"][name] if name else schema).get("required", [])
    rows = [[code(field), _REQUIRED.in_(lang) if field in needed else "", _type(each), each.get("description", "")] for field, each in fields.items()]
    return _BODY.format(media=code(media)).in_(lang) + "\n\n" + table([_FIELD, _NEED, _TYPE, _MEANING], rows, lang)


def _type(schema: dict[str, Any]) -> str:
    kinds = [_type(each) for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if kinds:
        return ", ".join(dict.fromkeys(kinds))
    if "enum" in schema and len(schema["enum"]) < 10:
        return codes(schema["enum"])
    name = str(schema.get("$ref", "")).rpartition("/")[2] or str(schema.get("format") or schema.get("type", ""))
    bounds = [f"{sign} {schema[bound]}" for bound, sign in (("minimum", "≥"), ("maximum", "≤")) if bound in schema]
    return " ".join([name, *bounds, *([f"= {schema['default']}"] if schema.get("default") not in (None, "") else [])])


def _answer(answer: dict[str, Any]) -> str:
    media, shape = next(iter(answer.get("content", {}).items()), ("", {}))
    return str(shape.get("schema", {}).get("$ref", "")).rpartition("/")[2] or code(media)


_TITLE = Text("The desk's API", "데스크 API")
_ABOUT = Text(
    "How to use it: [Use the desk from programs](../how-to/use-the-api.md). The desk shows the same page at `/api/v1/docs`, the OpenAPI document at `/api/v1/openapi.json`; `comity-desk openapi` writes it.",
    "사용법: [프로그램에서 데스크 쓰기](../how-to/use-the-api.md). 데스크의 `/api/v1/docs`에 같은 내용이 있고, OpenAPI 문서는 `/api/v1/openapi.json`에 있다. `comity-desk openapi`로도 출력한다.",
)
_PARAMETER, _IN, _TYPE, _MEANING = Text("Parameter", "매개변수"), Text("In", "위치"), Text("Type", "형식"), Text("Meaning", "뜻")
_FIELD, _NEED, _REQUIRED = Text("Field", "항목"), Text("Needed", "필수 여부"), Text("required", "필수")
_BODY = Text("Body ({media}):", "본문({media}):")
_ANSWERS = Text("Answers: {answers}. Refusals: {refusals}.", "응답: {answers}. 거부: {refusals}.")
