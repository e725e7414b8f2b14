"""How does a caller go through a long list? By cursors that name the last record given, so that edits in between skip and repeat nothing.

A cursor holds the sort key and the id of that record and what was asked for, as text that callers need not read; whoever writes one by hand
gets what comes after it among what they may see, and no more.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from comity.vocab.kinds import Kind
from comity.vocab.text import Text
from comity_desk.api.errors import Malformed, fault

FAR = 2**63  # beyond what a column of numbers holds
UNSORTED = ("codes", "actors", "links", "actor_counts")


@dataclass(frozen=True, slots=True)
class Order:
    """A field by which a list is sorted, then by id."""

    field: str
    descending: bool
    column: str

    @classmethod
    def of(cls, kind: Kind, text: str) -> Order:
        """The order that `text` names (`signed`, `-signed`)."""
        name = text.removeprefix("-")
        if name not in sorts_of(kind):
            raise Malformed([fault("sort", "wrong-value", _NO_ORDER.format(kind=kind.label), _SEE_KIND.format(kind=kind.name))])
        dated = name != "id" and kind.field(name).type == "date"
        return cls(name, text.startswith("-"), f"{name}_earliest" if dated else name)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the cursor of what comes after them."""

    rows: pl.DataFrame
    total: int
    cursor: str | None


def sorts_of(kind: Kind) -> list[str]:
    """Fields by which records of a kind can be sorted."""
    return ["id", *(field.name for field in kind.fields if field.type not in UNSORTED)]


def page_of(frame: pl.DataFrame, order: Order, asked: str, cursor: str | None, limit: int) -> Page:
    """The rows after the cursor; `asked` binds cursors to what was asked for."""
    left = frame.filter(_after(order, frame.schema[order.column], _read(cursor, asked))) if cursor else frame
    best = _sorted(left, order).head(limit)
    if left.height <= limit:
        return Page(best, frame.height, None)
    last = best.row(-1, named=True)
    return Page(best, frame.height, _written(last[order.column], last["id"], asked))


def _sorted(frame: pl.DataFrame, order: Order) -> pl.DataFrame:
    """Rows in order; frames come by id."""
    if order.column == "id":
        return frame.reverse() if order.descending else frame
    return frame.sort(order.column, "id", descending=[order.descending, False], nulls_last=True)


def question(*parts: Any, given: Mapping[str, list[str]]) -> str:
    """What was asked for, without where to go on and how much at once: a short name of it."""
    kept = sorted((name, values) for name, values in given.items() if name not in ("cursor", "limit"))
    return hashlib.sha256(repr((parts, kept)).encode("utf-8", "replace")).hexdigest()[:12]


def _after(order: Order, kind: Any, last: tuple[Any, str]) -> pl.Expr:
    """Rows that come after the last one given."""
    value, record = last
    key, later = pl.col(order.column), pl.col("id") > record
    if order.column == "id":
        return pl.col("id") < record if order.descending else later
    if value is None:
        return key.is_null() & later
    mark = pl.lit(_typed(value, kind), dtype=kind)
    beyond = key < mark if order.descending else key > mark
    return (beyond | ((key == mark) & later) | key.is_null()).fill_null(True)


def _typed(value: Any, kind: Any) -> Any:
    """The key in the column's type."""
    fits = {pl.String: str, pl.Date: str, pl.Boolean: bool, pl.Int64: int, pl.Float64: int | float}
    if not isinstance(value, fits.get(kind, str)) or (isinstance(value, int | float) and abs(value) >= FAR):
        raise _bad_cursor()
    try:
        return date.fromisoformat(str(value)) if kind == pl.Date else value
    except ValueError:
        raise _bad_cursor() from None


def _written(value: Any, record: str, asked: str) -> str:
    plain = value.isoformat() if isinstance(value, date) else value
    text = json.dumps([asked, plain, record], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, asked: str) -> tuple[Any, str]:
    try:
        found = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        mine, value, record = found
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise _bad_cursor() from None
    if mine != asked or not isinstance(record, str) or not isinstance(value, str | int | float | None):
        raise _bad_cursor()
    return value, record


def _bad_cursor() -> Malformed:
    return Malformed([fault("cursor", "wrong-value", _BAD_CURSOR, _FROM_THE_START)])


_NO_ORDER = Text("Records of the kind {kind} cannot be sorted by this.", "{kind}은(는) 이 항목으로 정렬할 수 없습니다.")
_SEE_KIND = Text("See /kinds/{kind} for what they can be sorted by.", "/kinds/{kind}에서 정렬 항목을 확인하십시오.")
_BAD_CURSOR = Text("It is no cursor of this list.", "이 목록의 커서가 아닙니다.")
_FROM_THE_START = Text(
    "Begin without a cursor, and change nothing else between pages.", "커서 없이 처음부터 시작하고, 넘기는 동안 다른 조건을 바꾸지 마십시오."
)
