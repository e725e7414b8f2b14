"""A day among a request's parameters: written as 2026-03-01 and in no other way."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_out(value: Any) -> Any:
    if isinstance(value, str) and FORM.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("no day")


Day = Annotated[date, BeforeValidator(_written_out)]
