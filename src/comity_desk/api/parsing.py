"""How is a body read? As JSON in UTF-8 and nothing else: no other media type, no stray characters that no database holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from django.http import HttpRequest
from ninja.parser import Parser

from comity.vocab.text import Text
from comity_desk.api.errors import NotJson, NotRead


class StrictJson(Parser):
    """The framework's parser, held to the form that the API takes."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body, or a refusal."""
        if request.content_type != "application/json":
            raise NotJson(_NOT_JSON_TYPE)
        body = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
        for text in _texts(body):
            if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
                raise NotRead(_STRAY)
        return cast("dict[str, Any]", body)


def _no_constant(word: str) -> None:
    raise NotRead(_NO_NUMBER)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


_NOT_JSON_TYPE = Text("Send the body as application/json.", "본문을 application/json으로 보내십시오.")
_STRAY = Text("There are characters in the body that cannot be kept.", "저장할 수 없는 문자가 들어 있습니다.")
_NO_NUMBER = Text("NaN and Infinity are no JSON.", "NaN과 Infinity는 JSON이 아닙니다.")
