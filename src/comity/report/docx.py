"""A document as a Word file that people can edit: headings, sentences, real tables with repeating header rows, figures as pictures.

The words and numbers are those of the HTML; the running head names the day and the snapshot, so that an edited copy can be traced to what it
was made from. Numbers are plain text here: nothing in the file changes when the register does. The same document gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import comity
from comity.report.document import Document, Figure, Headline, Paragraph, Section, Table, cell_text, rendered
from comity.report.palette import ACCENT, INK, SOFT
from comity.report.provenance import stamp, where_records_are
from comity.report.static_charts import figure_png, figure_svg, svg_size
from comity.report.table_widths import column_widths
from comity.vocab.text import Lang, Text

A4_WIDTH, A4_HEIGHT, MARGIN = 595.3, 841.9, 56.7
ROOM = A4_WIDTH - 2 * MARGIN
TALLEST_FIGURE, POINTS_A_PIXEL = 600.0, 0.75
BODY, TABLE, INSET = 10.5, 8.5, 5.4
TYPEFACE = "Malgun Gothic"  # on every machine with Word in Korean; the pages' own typeface is not
LOCALE = {"en": "en-GB", "ko": "ko-KR"}
ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def to_docx(document: Document, lang: Lang) -> bytes:
    """The whole document in one language, as the bytes of a Word file."""
    out = io.BytesIO()
    _Word(document, lang).made().save(out)
    return _same_bytes(out.getvalue())


class _Word:
    """One Word file while it is written."""

    def __init__(self, document: Document, lang: Lang) -> None:
        import docx

        self.document, self.lang, self.file = document, lang, docx.Document()
        self.headings: list[tuple[int, str, str]] = []

    def made(self) -> Any:
        from comity.report.docx_parts import contents, running_head, styled

        styled(self.file, typeface=TYPEFACE, locale=LOCALE[self.lang], body=BODY, colours=(INK, SOFT, ACCENT))
        self._page()
        self.file.add_paragraph(self._say(self.document.title), style="Title")
        self.file.add_paragraph(self._say(self.document.subtitle), style="Subtitle")
        head = self.file.add_paragraph(self._say(_CONTENTS), style="Contents")
        for section in self.document.sections:
            self._section(section)
        title, words = where_records_are(self.document)
        self._heading(title, 1)
        self.file.add_paragraph(self._say(words))
        contents(self.file, head, self.headings)
        running_head(self.file, f"{self._say(self.document.title)}\t{self._say(stamp(self.document))}", ROOM)
        self._properties()
        return self.file

    def _page(self) -> None:
        from docx.shared import Pt

        page = self.file.sections[0]
        page.page_width, page.page_height = Pt(A4_WIDTH), Pt(A4_HEIGHT)
        page.left_margin = page.right_margin = Pt(MARGIN)
        page.top_margin = page.bottom_margin = Pt(MARGIN + 8)

    def _section(self, section: Section) -> None:
        heading = self._heading(section.title, section.level - 1)
        heading.paragraph_format.page_break_before = section.new_page
        for block in section.blocks:
            if isinstance(block, Headline):
                self.file.add_paragraph(rendered(block.line, self.lang), style="List Bullet")
            elif isinstance(block, Paragraph):
                self.file.add_paragraph(rendered(block.line, self.lang), style="Note" if block.small else "Normal")
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._figure(block)

    def _heading(self, title: Text, level: int) -> Any:
        from comity.report.docx_parts import bookmarked

        words, mark = self._say(title), f"_Toc{len(self.headings) + 1:08d}"
        paragraph = self.file.add_heading(words, level)
        bookmarked(paragraph, mark, len(self.headings) + 1)
        self.headings.append((level, words, mark))
        return paragraph

    def _table(self, table: Table) -> None:
        from comity.report.docx_parts import filled

        self.file.add_paragraph(self._say(table.title), style="Table title")
        rows = [[column.label.in_(self.lang) for column in table.columns], *([cell_text(cell, self.lang) for cell in row] for row in table.rows)]
        widths = column_widths(table, self.lang, room=ROOM, size=TABLE, inset=INSET)
        made = self.file.add_table(rows=len(rows), cols=len(table.columns), style="Rules")
        filled(made, rows, widths, [column.align == "right" for column in table.columns])
        note = self._say(table.note) if table.note else self._say(_EMPTY) if not table.rows else ""
        self.file.add_paragraph(note, style="Note")

    def _figure(self, figure: Figure) -> None:
        from docx.shared import Pt

        width, height = svg_size(figure_svg(figure, self.lang))
        scale = min(POINTS_A_PIXEL, ROOM / width, TALLEST_FIGURE / height)
        self.file.add_paragraph(self._say(figure.title), style="Table title")
        picture = self.file.add_picture(io.BytesIO(figure_png(figure, self.lang)), width=Pt(width * scale), height=Pt(height * scale))
        picture._inline.docPr.set("descr", self._say(figure.alt))
        self.file.paragraphs[-1].paragraph_format.keep_with_next = True
        self.file.add_paragraph(self._say(figure.source), style="Note")

    def _properties(self) -> None:
        day = datetime(self.document.as_of.year, self.document.as_of.month, self.document.as_of.day)
        core = self.file.core_properties
        core.title, core.subject, core.author = self._say(self.document.title), self._say(self.document.subtitle), f"Comity {comity.__version__}"
        core.last_modified_by, core.revision, core.language = core.author, 1, LOCALE[self.lang]
        core.created = core.modified = day
        core.comments, core.keywords = f"snapshot {self.document.snapshot.hash}", self.document.id

    def _say(self, text: Text) -> str:
        return text.in_(self.lang)


def _same_bytes(data: bytes) -> bytes:
    """The file packed again with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()


_CONTENTS = Text("Contents", "차례")
_EMPTY = Text("Nothing on the record.", "기록 없음.")
