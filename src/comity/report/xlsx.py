"""A document as a workbook: a sheet for each table, numbers as numbers, and beside every row the ids of the records behind it.

The first sheet names the document, its day and the snapshot's hash, and links to every other; the second holds the sentences. Nothing is
computed by formulas, so that what stands here is what the measures gave. Where the page says
more than a number, a comment has its words. The same document gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import comity
from comity.report.document import Cell, Document, Figure, Headline, Num, Paragraph, Section, Spark, Table, cell_text, rendered
from comity.report.fonts import FAMILY
from comity.report.provenance import stamp
from comity.vocab.text import Lang, Text

NAME_LENGTH, CELL_LENGTH = 31, 32_000
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
SHOWN = re.compile(r"(?P<before>[^\d+-]*)(?P<sign>[+-]?)(?P<whole>[\d,]+)(?:\.(?P<digits>\d+))?(?P<unit>[^\d]*)")
NARROW, WIDE, RECORDS_WIDTH = 8, 60, 40


@dataclass(frozen=True)
class _Sheet:
    name: str
    section: Section
    table: Table


def to_xlsx(document: Document, lang: Lang) -> bytes:
    """The whole document in one language, as the bytes of a workbook."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _Book(book, document, lang).write()
    book.close()
    return out.getvalue()


class _Book:
    """One workbook while it is written."""

    def __init__(self, book: Any, document: Document, lang: Lang) -> None:
        self.book, self.document, self.lang = book, document, lang
        self.formats: dict[str, Any] = {}
        self.head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom", "font_name": FAMILY})
        self.title = book.add_format({"bold": True, "font_size": 16, "font_name": FAMILY})
        self.bold = book.add_format({"bold": True, "font_name": FAMILY})
        self.words = book.add_format({"text_wrap": True, "valign": "top", "font_name": FAMILY})
        self.link = book.add_format({"font_color": "#0b3d91", "underline": 1, "valign": "top", "font_name": FAMILY})

    def write(self) -> None:
        day = self.document.as_of
        self.book.set_properties(
            {
                "title": self._say(self.document.title),
                "subject": self._say(self.document.subtitle),
                "author": f"Comity {comity.__version__}",
                "comments": f"snapshot {self.document.snapshot.hash}",
                "created": datetime(day.year, day.month, day.day),
            }
        )
        sheets = self._sheets()
        first = self.book.add_worksheet(self._say(_CONTENTS))
        self._sentences(self.book.add_worksheet(self._say(_SENTENCES)))
        for sheet in sheets:
            self._table(self.book.add_worksheet(sheet.name), sheet.table)
        self._contents(first, sheets)

    def _sheets(self) -> list[_Sheet]:
        """Every table with its section, under a name that is safe and stands once."""
        found = []
        for section in self.document.sections:
            for block in section.blocks:
                table = block.table if isinstance(block, Figure) else block if isinstance(block, Table) else None
                if table is not None:
                    found.append((section, table))
        return [_Sheet(sheet_name(at, table.title.in_(self.lang)), section, table) for at, (section, table) in enumerate(found, start=1)]

    def _contents(self, sheet: Any, sheets: list[_Sheet]) -> None:
        sheet.write_string(0, 0, self._say(self.document.title), self.title)
        sheet.write_string(1, 0, self._say(self.document.subtitle), self.words)
        about = ((_DAY, self.document.as_of.isoformat()), (_HASH, self.document.snapshot.hash), (_MADE, f"Comity {comity.__version__}"))
        for at, (label, value) in enumerate(about, start=3):
            sheet.write_string(at, 0, self._say(label), self.bold)
            sheet.write_string(at, 1, value)
        top = 4 + len(about)
        for column, label in enumerate((_SHEET, _SECTION, _TABLE, _ROWS, _NOTE)):
            sheet.write_string(top, column, self._say(label), self.head)
        own = self._say(_SENTENCES)
        sheet.write_url(top + 1, 0, f"internal:'{own}'!A1", self.link, own)
        for at, one in enumerate(sheets, start=top + 2):
            sheet.write_url(at, 0, f"internal:'{one.name}'!A1", self.link, one.name)
            sheet.write_string(at, 1, self._say(one.section.title), self.words)
            sheet.write_string(at, 2, self._say(one.table.title), self.words)
            sheet.write_number(at, 3, len(one.table.rows))
            sheet.write_string(at, 4, self._say(one.table.note) if one.table.note else "", self.words)
        for column, width in enumerate((34, 34, 40, 8, 80)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(top + 1, 1)

    def _sentences(self, sheet: Any) -> None:
        for column, label in enumerate((_SECTION, _SENTENCE, _RECORDS)):
            sheet.write_string(0, column, self._say(label), self.head)
        at = 0
        for section in self.document.sections:
            for block in section.blocks:
                if isinstance(block, Paragraph | Headline):
                    at += 1
                    sheet.write_string(at, 0, self._say(section.title), self.words)
                    sheet.write_string(at, 1, rendered(block.line, self.lang), self.words)
                    sheet.write_string(at, 2, self._refs(part for part in block.line if isinstance(part, Num)))
        for column, width in enumerate((30, 100, RECORDS_WIDTH)):
            sheet.set_column(column, column, width)
        self._framed(sheet, at, 3)

    def _table(self, sheet: Any, table: Table) -> None:
        labels = [self._say(column.label) for column in table.columns] + [self._say(_RECORDS)]
        records, history = len(table.columns), len(table.columns) + 1
        for column, label in enumerate(labels):
            sheet.write_string(0, column, label, self.head)
        for at, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, Spark):
                    self._history(sheet, at, column, history, cell)
                else:
                    self._cell(sheet, at, column, cell)
            sheet.write_string(at, records, self._refs(cell for cell in row if isinstance(cell, Num)))
        for column in range(len(table.columns)):
            longest = max([len(labels[column]), *(_shown_length(row[column], self.lang) for row in table.rows)])
            sheet.set_column(column, column, min(max(longest * (1.7 if self.lang == "ko" else 1.05) + 2, NARROW), WIDE))
        sheet.set_column(records, records, RECORDS_WIDTH)
        self._framed(sheet, len(table.rows), len(labels))

    def _framed(self, sheet: Any, rows: int, columns: int) -> None:
        """What every sheet of rows has: a frozen header, filters, and a page set-up for paper."""
        sheet.freeze_panes(1, 1)
        if rows:
            sheet.autofilter(0, 0, rows, columns - 1)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        escaped = f"{self._say(self.document.title)} · {self._say(stamp(self.document))}".replace("&", "&&")
        sheet.set_header(f"&L{escaped}")
        sheet.set_footer("&L&A&R&P / &N")

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if cell is None:
            return
        value = cell.value if isinstance(cell, Num) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            shown = cell_text(cell, self.lang)
            pattern = number_format(shown, value)
            sheet.write_number(row, column, value, self._number_format(pattern or ("0" if isinstance(value, int) else "0.00")))
            if pattern is None:
                sheet.write_comment(row, column, shown, {"author": "Comity", "font_name": FAMILY})
        else:
            sheet.write_string(row, column, cell_text(cell, self.lang), self.words)

    def _history(self, sheet: Any, row: int, column: int, first: int, spark: Spark) -> None:
        """A small line in its cell, drawn from its values, which stand in the columns after the records."""
        from xlsxwriter.utility import xl_range_abs

        for step, value in enumerate(spark.values):
            sheet.write_number(row, first + step, value)
        sheet.write_string(row, column, "")
        place = f"'{sheet.get_name()}'!{xl_range_abs(row, first, row, first + len(spark.values) - 1)}"
        sheet.add_sparkline(row, column, {"range": place, "series_color": "#0b3d91", "last_point": True})

    def _number_format(self, pattern: str) -> Any:
        if pattern not in self.formats:
            self.formats[pattern] = self.book.add_format({"num_format": pattern, "valign": "top", "font_name": FAMILY})
        return self.formats[pattern]

    def _refs(self, numbers: Iterable[Num]) -> str:
        """Ids of the records, each once; a list too long for a cell says how many are left."""
        refs = list(dict.fromkeys(ref for number in numbers for ref in number.records))
        kept, length = 0, 0
        while kept < len(refs) and length + len(refs[kept]) + 2 <= CELL_LENGTH:
            length += len(refs[kept]) + 2
            kept += 1
        rest = self._say(_MORE.format(n=len(refs) - kept))
        return "; ".join([*refs[:kept], rest] if kept < len(refs) else refs)

    def _say(self, text: Text) -> str:
        return text.in_(self.lang)


def sheet_name(number: int, title: str) -> str:
    """A name for the sheet of a table: its number and as much of its title as a workbook allows.

    >>> sheet_name(3, "Suspended, conditional, void or ended: all [2026]")
    '03 Suspended, conditional, void'
    """
    return f"{number:02d} {FORBIDDEN.sub(' ', title)}"[:NAME_LENGTH].strip()


def number_format(shown: str, value: float) -> str | None:
    """The workbook's format for a number, so that it reads as it does on the page; None where the page says more than a format can.

    >>> number_format("1,234.5 %", 1234.5), number_format("+3", 3), number_format("1968", 1968)
    ('#,##0.0" %"', '+#,##0;-#,##0;0', '0')
    >>> number_format("▲ +3", 3.2)
    '"▲ "+#,##0;"▲ "-#,##0;"▲ "0'
    >>> number_format("×3.37 (2.43–4.67)", 3.3697) is None
    True
    """
    match = SHOWN.fullmatch(shown)
    if match is None or '"' in shown:
        return None
    unit, before = (f'"{words}"' if words else "" for words in (match["unit"], match["before"]))
    decimals = "." + "0" * len(match["digits"]) if match["digits"] else ""
    body = ("0" if abs(value) >= 1000 and "," not in match["whole"] else "#,##0") + decimals + unit
    if match["sign"] == "+" or (before and match["sign"]):
        plus = "+" if match["sign"] == "+" or before else ""
        return f"{before}{plus}{body};{before}-{body};{before}0{decimals}{unit}"
    return before + body


def _shown_length(cell: Cell | Spark, lang: Lang) -> int:
    return 16 if isinstance(cell, Spark) else len(cell_text(cell, lang))


_CONTENTS = Text("Contents", "차례")
_SENTENCES = Text("Sentences", "문장")
_DAY, _HASH, _MADE = Text("As of", "기준일"), Text("Snapshot", "스냅숏"), Text("Made with", "작성")
_SHEET, _SECTION, _TABLE = Text("Sheet", "시트"), Text("Section", "절"), Text("Table", "표")
_ROWS, _NOTE, _SENTENCE = Text("Rows", "행"), Text("Note", "주"), Text("Sentence", "문장")
_RECORDS = Text("Records", "근거 기록")
_MORE = Text("… {n} more in the JSON", "… 나머지 {n}건은 JSON 참조")
