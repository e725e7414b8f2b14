"""A document as A4 pages: a PDF whose words, tables and drawings are those of the HTML, in one typeface, with a running head that names the snapshot.

Paper has no links to records: the last page says where they are. Long tables are cut and say so. Any warning of the typesetter is an error, so
that no page goes out with a missing typeface or a broken layout. The same document gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import comity
from comity.report.document import Block, Cell, Document, Figure, Headline, Paragraph, Section, Spark, Table, cell_text, rendered
from comity.report.fonts import WEIGHTS, font_file
from comity.report.provenance import stamp, where_records_are
from comity.report.static_charts import figure_svg, svg_size
from comity.report.table_widths import breakable, column_widths, has_letter
from comity.vocab.errors import LayoutWarned
from comity.vocab.text import Lang, Text

A4_WIDTH, MARGIN = 595.28, 54.0
ROOM = A4_WIDTH - 2 * MARGIN
TALLEST_FIGURE = 600.0
POINTS_A_PIXEL = 0.75
ROWS_SHOWN, ROWS_TOGETHER = 40, 8
CONTENTS_LINES, SHORT_CONTENTS = 44, 12
BODY, TABLE, WIDE_TABLE, INSET = 10.0, 8.5, 7.8, 3.5
WIDE = 8
SPARK_WIDTH, SPARK_HEIGHT = 68.0, 9.0
NO_LETTER = "〓"


def to_pdf(document: Document, lang: Lang) -> bytes:
    """The whole document in one language, as the bytes of a PDF."""
    with TemporaryDirectory(prefix="comity-") as name:
        folder = Path(name)
        (folder / "page.typ").write_text((files("comity.report") / "templates/page.typ").read_text(encoding="utf-8"), encoding="utf-8")
        data = _Pages(document, lang, folder).data()
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return _typeset(folder, document)


def _typeset(folder: Path, document: Document) -> bytes:
    import typst

    made = datetime(document.as_of.year, document.as_of.month, document.as_of.day, tzinfo=UTC)
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(folder / "page.typ"), root=str(folder), font_paths=_fonts(folder / "fonts"), format="pdf", timestamp=made
        )
    except typst.TypstError as error:
        raise LayoutWarned(_FAILED.format(document=document.id, words=str(error))) from error
    if warnings:
        raise LayoutWarned(_WARNED.format(document=document.id, words="; ".join(warning.message for warning in warnings)))
    return bytes(pdf)


def _fonts(folder: Path) -> Any:
    """The page's two weights and the typesetter's own families; never the machine's, so that every machine makes the same page."""
    import typst

    folder.mkdir()
    for weight in WEIGHTS:
        copyfile(font_file(weight), folder / font_file(weight).name)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


class _Pages:
    """What the template reads, of one document in one language; drawings are written beside it."""

    def __init__(self, document: Document, lang: Lang, folder: Path) -> None:
        self.document, self.lang, self.folder = document, lang, folder

    def data(self) -> dict[str, Any]:
        document, day = self.document, self.document.as_of
        return {
            "lang": self.lang,
            "title": self._say(document.title),
            "subtitle": self._say(document.subtitle),
            "author": "Comity",
            "day": [day.year, day.month, day.day],
            "stamp": self._say(stamp(document)),
            "made": self._say(_MADE.format(version=comity.__version__)),
            "margin": MARGIN,
            "blocks": self._ordered(),
        }

    def _ordered(self) -> list[dict[str, Any]]:
        """Every block; the contents come first, or after a first section of headlines, which then stands on the first page."""
        sections = self.document.sections
        parts = [self._section(section) for section in sections]
        lines = 1 + len(sections)
        contents = {"kind": "contents", "title": self._say(_CONTENTS), "depth": 2 if lines <= CONTENTS_LINES else 1, "own_page": lines > SHORT_CONTENTS}
        at = 1 if sections and any(isinstance(block, Headline) for block in sections[0].blocks) else 0
        contents["before"] = bool(at) and contents["own_page"]
        return [*(one for part in parts[:at] for one in part), contents, *(one for part in parts[at:] for one in part), *self._where_records_are()]

    def _section(self, section: Section) -> list[dict[str, Any]]:
        head = {"kind": "heading", "level": section.level - 1, "text": self._say(section.title), "new_page": section.new_page}
        blocks = [head, *self._blocks(section.blocks)]
        for one, after in pairwise(blocks):
            one["with_next"] = one["kind"] == "paragraph" and after["kind"] in ("table", "figure", "headlines")
        return blocks

    def _blocks(self, blocks: Iterable[Block]) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for block in blocks:
            if isinstance(block, Headline):
                if not made or made[-1]["kind"] != "headlines":
                    made.append({"kind": "headlines", "items": []})
                made[-1]["items"].append({"rule": block.rule, "text": self._clean(rendered(block.line, self.lang))})
            elif isinstance(block, Paragraph):
                made.append({"kind": "paragraph", "text": self._clean(rendered(block.line, self.lang)), "small": block.small, "whole": False})
            elif isinstance(block, Table):
                made.append(self._table(block))
            else:
                made.append(self._figure(block))
        return made

    def _table(self, table: Table) -> dict[str, Any]:
        size = WIDE_TABLE if len(table.columns) >= WIDE else TABLE
        shown, rest = table.rows[:ROWS_SHOWN], len(table.rows) - ROWS_SHOWN
        notes = [self._say(_CUT.format(n=rest, all=len(table.rows)))] if rest > 0 else []
        notes += [self._say(table.note)] if table.note else []
        if not table.rows and not table.note:
            notes.append(self._say(_EMPTY))
        return {
            "kind": "table",
            "title": self._say(table.title),
            "heads": [self._clean(column.label.in_(self.lang), size) for column in table.columns],
            "aligns": [column.align for column in table.columns],
            "widths": column_widths(replace(table, rows=shown), self.lang, room=ROOM, size=size, inset=INSET),
            "rows": [[self._cell(cell, size) for cell in row] for row in shown],
            "notes": notes,
            "size": size,
            "inset": INSET,
            "whole": len(table.rows) <= ROWS_TOGETHER,
        }

    def _cell(self, cell: Cell | Spark, size: float) -> Any:
        if cell is None:
            return None
        return spark_points(cell) if isinstance(cell, Spark) and len(cell.values) > 1 else self._clean(cell_text(cell, self.lang), size)

    def _figure(self, figure: Figure) -> dict[str, Any]:
        svg = figure_svg(figure, self.lang)
        name = f"{len(list(self.folder.iterdir()))}.svg"
        (self.folder / name).write_text(svg, encoding="utf-8")
        width, height = svg_size(svg)
        scale = min(POINTS_A_PIXEL, ROOM / width, TALLEST_FIGURE / height)
        return {
            "kind": "figure",
            "title": self._say(figure.title),
            "file": name,
            "width": width * scale,
            "height": height * scale,
            "alt": self._say(figure.alt),
            "source": self._say(figure.source),
        }

    def _where_records_are(self) -> list[dict[str, Any]]:
        title, words = where_records_are(self.document)
        head = {"kind": "heading", "level": 1, "text": self._say(title), "new_page": False}
        return [head, {"kind": "paragraph", "text": self._say(words), "small": False, "whole": True}]

    def _say(self, text: Text) -> str:
        return self._clean(text.in_(self.lang))

    def _clean(self, words: str, size: float | None = None) -> str:
        """Words that the typeface can draw and the line can hold; `size` is a table's."""
        known = "".join(letter if has_letter(letter) else NO_LETTER for letter in words)
        return breakable(known, size) if size else breakable(known, BODY, ROOM)


def spark_points(spark: Spark) -> list[list[float]]:
    """Points of a small history inside its box, in points from its upper left corner."""
    top, step = max(*spark.values, 1e-9), SPARK_WIDTH / (len(spark.values) - 1)
    return [[round(2 + at * step, 2), round(1 + SPARK_HEIGHT * (1 - value / top), 2)] for at, value in enumerate(spark.values)]


_MADE = Text("Made with Comity {version}", "작성: Comity {version}")
_CONTENTS = Text("Contents", "차례")
_CUT = Text("{n} of {all} rows are not printed; the HTML has them all.", "전체 {all}행 가운데 {n}행은 인쇄하지 않았다. HTML에 모두 있다.")
_EMPTY = Text("Nothing on the record.", "기록 없음.")
_FAILED = Text("The pages of {document} cannot be set: {words}", "{document} 문서를 조판할 수 없습니다: {words}")
_WARNED = Text("The pages of {document} are not set cleanly: {words}", "{document} 문서의 조판에 경고가 있습니다: {words}")
