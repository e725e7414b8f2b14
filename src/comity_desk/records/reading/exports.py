"""A list taken away: CSV and JSON lines with every field as the record spells it, a workbook with the columns that were shown.

Spreadsheet programs run a cell that begins with = + - @ as a formula. In CSV such a cell gets an apostrophe before it; the workbook's cells
are written as text, and JSON lines are left as they are.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import polars as pl

import comity
from comity.register.snapshot import Snapshot
from comity.register.titles import shown
from comity.vocab.kinds import Kind
from comity.vocab.text import Lang, Text
from comity_desk.audit.actions import Action
from comity_desk.audit.models import Event
from comity_desk.lib.errors import NOTHING_HERE, NotFound, TooLarge
from comity_desk.records.reading.asked import Asked
from comity_desk.records.reading.columns import DAY, TITLE, possible_columns, twin_of
from comity_desk.records.reading.finding import every_row
from comity_desk.records.reading.shelf import link_words

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WORKBOOK_ROWS = 5_000  # more takes seconds to write
RUNS_AS_FORMULA = r"^[\s\x00]*[=+\-@\t\r＝＋－＠]"
CELL_LENGTH, WIDEST = 32_000, 60


@dataclass(kw_only=True)
class ExportList(Action[bytes]):
    """Take away a list, as the person may see it; the trail notes what was asked, so that it can be told who took what."""

    permission: ClassVar[str] = "export.make"
    audit_event: ClassVar[str] = "list-exported"

    snapshot: Snapshot
    kind: Kind
    asked: Asked
    form: str
    lang: Lang
    today: date

    @property
    def target(self) -> str:
        """The kind."""
        return self.kind.name

    def check(self) -> None:
        """The form is known, and the workbook not larger than can be written at once."""
        if self.form not in MEDIA:
            raise NotFound(NOTHING_HERE)
        self.rows = every_row(self.snapshot, self.kind, self.asked, self.lang, self.today)
        if self.form == "xlsx" and self.rows.height > WORKBOOK_ROWS:
            raise TooLarge(_TOO_LARGE.format(n=WORKBOOK_ROWS))
        self.details = {"form": self.form, "query": self.asked.query(self.kind), "records": self.rows.height}

    def perform(self, event: Event) -> bytes:
        """Write it."""
        return exported(self.snapshot, self.kind, self.rows, self.asked, self.form, self.lang)


def exported(snapshot: Snapshot, kind: Kind, rows: pl.DataFrame, asked: Asked, form: str, lang: Lang) -> bytes:
    """The list in one of the forms."""
    if form == "xlsx":
        return _workbook(snapshot, kind, rows, asked, lang)
    table = rows.select("id").join(snapshot.table(kind.name), on="id", how="left", maintain_order="left")
    return as_csv(table, kind) if form == "csv" else as_json_lines(table, kind)


def as_csv(table: pl.DataFrame, kind: Kind) -> bytes:
    """Rows of text as CSV with a byte order mark, which spreadsheet programs need to read Korean; formulas made harmless."""
    numbers = [field.name for field in kind.of_type("integer", "number")]
    guarded = [_harmless(name) for name in table.columns if name not in numbers]
    return b"\xef\xbb\xbf" + table.with_columns(guarded).write_csv(line_terminator="\r\n").encode()


def _harmless(name: str) -> pl.Expr:
    return pl.when(pl.col(name).str.contains(RUNS_AS_FORMULA)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)


def harmless_words(words: str) -> str:
    """A cell of CSV that no spreadsheet program runs as a formula.

    >>> harmless_words("=1+1"), harmless_words("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{words}" if re.match(RUNS_AS_FORMULA, words) else words


def as_json_lines(table: pl.DataFrame, kind: Kind) -> bytes:
    """One record a line, with its kind; empty fields are left out."""
    return b"".join(_line(kind, row) for row in table.iter_rows(named=True))


def _line(kind: Kind, row: dict[str, Any]) -> bytes:
    told = {"kind": kind.name} | {name: value for name, value in row.items() if value is not None}
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _workbook(snapshot: Snapshot, kind: Kind, rows: pl.DataFrame, asked: Asked, lang: Lang) -> bytes:
    """A sheet of the columns shown, numbers as numbers, and one that says what it is."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = datetime(2026, 1, 1)  # fixed: the same list gives the same bytes
    book.set_properties({"title": kind.plural_label.in_(lang), "author": f"Comity {comity.__version__}", "comments": snapshot.hash, "created": made})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(kind.plural_label.in_(lang)[:31])
    names = ["id", TITLE, *(name for name in asked.columns if name not in (TITLE, "id"))]
    for column, name in enumerate(names):
        sheet.write_string(0, column, possible_columns(kind)[name].in_(lang), bold)
    for at, found in enumerate(rows.iter_rows(named=True), start=1):
        for column, value in enumerate(_values(snapshot, kind, names, found, lang)):
            if isinstance(value, str):
                sheet.write_string(at, column, value[:CELL_LENGTH], wrap)
            elif value is not None:
                sheet.write_number(at, column, value)
    for column, name in enumerate(names):
        sheet.set_column(column, column, WIDEST if name == TITLE else 24)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(rows.height, 1), len(names) - 1)
    _about(book.add_worksheet(_ABOUT.in_(lang)), snapshot, kind, asked, rows.height, lang)
    book.close()
    return out.getvalue()


def _about(sheet: Any, snapshot: Snapshot, kind: Kind, asked: Asked, count: int, lang: Lang) -> None:
    title = snapshot.settings.get("title", {})
    said = [
        (_REGISTER, title.get(lang, "") if isinstance(title, dict) else str(title)),
        (kind.plural_label, str(count)),
        (_SNAPSHOT, snapshot.hash),
        (_QUESTION, asked.query(kind)),
    ]
    for at, (label, value) in enumerate(said):
        sheet.write_string(at, 0, label.in_(lang))
        sheet.write_string(at, 1, value)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 70)


def _values(snapshot: Snapshot, kind: Kind, names: list[str], found: dict[str, Any], lang: Lang) -> Iterator[str | float | None]:
    text = snapshot.text_row(kind, found["id"])
    for name in names:
        if name == TITLE:
            yield found[f"_title_{lang}"]
        elif name == DAY:
            yield found["_date"]  # as partial as it is known, and in an order that sorts
        elif name == "id":
            yield found["id"]
        else:
            yield _value(snapshot, kind, name, text, found, lang)


def _value(snapshot: Snapshot, kind: Kind, name: str, text: dict[str, str | None], found: dict[str, Any], lang: Lang) -> str | float | None:
    field, twin = kind.field(name), twin_of(kind, name)
    value = (text[twin] if twin and lang == "ko" else None) or text[name]
    if field.type in ("integer", "number"):
        number: float | None = found[name]
        return number
    if not value:
        return None
    if field.type in ("date", "day"):
        return value
    return link_words(snapshot, field, value, lang) if field.type == "link" else shown(snapshot, field, value, lang)


_ABOUT, _REGISTER, _SNAPSHOT, _QUESTION = Text("About", "설명"), Text("Register", "등록부"), Text("Snapshot", "스냅숏"), Text("Question", "조건")
_TOO_LARGE = Text(
    "A workbook holds {n} records at most. Narrow the list, or take it as CSV.", "엑셀 파일은 {n}건까지 만들 수 있습니다. 목록을 좁히거나 CSV로 받으십시오."
)
