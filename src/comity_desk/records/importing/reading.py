"""Which rows does a file hold? A CSV file or the first sheet of a workbook, as text, with the number that each row has in the file.

Days come in ISO form, whole numbers without a point, true and false as such; everything else stays as it was written. Formulas are not
computed: what the program that saved the workbook computed is read. A workbook that claims to reach far beyond its rows is not opened.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from comity.vocab.errors import Fault
from comity.vocab.text import Text
from comity_desk.lib.errors import Refused
from comity_desk.records.attachments.content import decoded, kind_of_file
from comity_desk.records.proposals.cells import plain

ROWS, COLUMNS, CELL = 10_000, 200, 10_000
REACH = re.compile(rb'\br="([A-Z]{1,3})?([0-9]{1,7})"')
PART = 1_000_000
SHEET = 120_000_000  # of one sheet, unpacked


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of text, each row with its number in the file."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(name: str, content: bytes) -> Table:
    """Read a file; `Refused` where it is no table, or a larger one than is taken at once."""
    kind = kind_of_file(name, content)
    if kind.name not in ("csv", "xlsx"):
        raise _refused("no-table", _NO_TABLE, _BRING_TABLE)
    lines = list(_of_csv(decoded(content) or "") if kind.name == "csv" else _of_workbook(content))
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if not filled:
        raise _refused("empty", _EMPTY, _BRING_TABLE)
    header, rows = filled[0][1], filled[1:]
    if len(rows) > ROWS:
        raise _refused("too-many-rows", _TOO_MANY.format(n=len(rows)), _PARTS.format(n=f"{ROWS:,}"))
    width = max(len(header), *(len(cells) for _, cells in rows)) if rows else len(header)
    if width > COLUMNS:
        raise _refused("too-many-columns", _TOO_WIDE.format(n=width), _FEWER.format(n=COLUMNS))
    return Table([*header, *[""] * (width - len(header))], [(number, [*cells, *[""] * (width - len(cells))]) for number, cells in rows])


def _of_csv(text: str) -> Iterable[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield reader.line_num, [_text(cell) for cell in cells[: COLUMNS + 1]]
            if reader.line_num > 20 * ROWS:
                raise _refused("too-many-rows", _TOO_MANY.format(n=reader.line_num), _PARTS.format(n=f"{ROWS:,}"))
    except csv.Error as error:
        raise _refused("no-table", _NO_TABLE, _BRING_TABLE) from error


def _of_workbook(content: bytes) -> Iterable[tuple[int, list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    if not _within_reach(content):
        raise _refused("too-many-rows", _REACHES, _PARTS.format(n=f"{ROWS:,}"))
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            rows: Sequence[Sequence[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise _refused("no-table", _NO_TABLE, _BRING_TABLE) from error
    for number, cells in enumerate(rows, 1):
        yield number, _trimmed([_text(cell) for cell in cells])


def _within_reach(content: bytes) -> bool:
    """Whether every sheet stays within the rows and columns that are taken; a reader makes room for all up to the last one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [part for part in archive.infolist() if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")]
        return all(part.file_size <= SHEET and _sheet_within(archive, part) for part in sheets)


def _sheet_within(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    kept = b""
    with archive.open(part) as stream:
        while chunk := stream.read(PART):
            for letters, number in REACH.findall(kept + chunk):
                if int(number) > ROWS + 100 or _column(letters) > COLUMNS:
                    return False
            kept = chunk[-32:]
    return True


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return plain(str(cell))[:CELL]


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _refused(code: str, what: Text, mend: Text) -> Refused:
    return Refused(_NOT_READ, [Fault("import", None, "file", code, what, mend)])


_NOT_READ = Text("The file was not read.", "파일을 읽지 않았습니다.")
_NO_TABLE = Text("The file is no table that can be read.", "읽을 수 있는 표가 아닙니다.")
_BRING_TABLE = Text(
    "Bring a CSV file, or an XLSX workbook whose first sheet has a header and rows.", "머리글과 행이 있는 CSV 파일이나 XLSX 첫 시트를 올리십시오."
)
_EMPTY = Text("The table is empty.", "빈 표입니다.")
_TOO_MANY = Text("The table has {n} rows.", "표가 {n}행입니다.")
_REACHES = Text("The workbook reaches beyond the rows and columns that are taken.", "받을 수 있는 행과 열의 범위를 벗어난 통합 문서입니다.")
_PARTS = Text("Bring at most {n} at once.", "한 번에 {n}행까지 올리십시오.")
_TOO_WIDE = Text("The table has {n} columns.", "표의 열이 {n}개입니다.")
_FEWER = Text("Bring at most {n} columns.", "열은 {n}개까지 가능합니다.")
