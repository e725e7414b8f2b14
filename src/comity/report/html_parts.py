"""Lines, tables and small histories as HTML, shared by the page that stands alone and by the desk's fragments.

Where a number leads is the caller's to say; the words, the order of the cells and what a screen reader is told are the same everywhere. Nothing here has
a style or a script of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from markupsafe import Markup, escape

from comity.report.document import Block, Cell, Figure, Headline, Line, Paragraph, Spark, Table
from comity.vocab.text import Lang, Text

SMALL_TABLE = 6  # rows of a table that nobody needs to save
SPARK_WIDTH, SPARK_HEIGHT = 96.0, 22.0
ACCENT = "var(--accent, #0b3d91)"
NOTHING = Markup("")
SHORT_WORDS, SHORT_DATE = 8, 14  # characters up to which words, and dates and numbers, stay in one line

Target = Callable[[tuple[str, ...]], str | None]


class Parts:
    """What one language's page is put together from; `target` gives the address of the records behind a number, or None."""

    def __init__(self, lang: Lang, target: Target) -> None:
        self.lang, self.target = lang, target

    def line(self, line: Line) -> Markup:
        """A sentence with its numbers linked."""
        return Markup("").join(self.cell(part) for part in line)

    def cell(self, cell: Cell | Spark) -> Markup:
        """A cell or a part of a sentence; a dash where the value is unknown."""
        if cell is None:
            return Markup("–")
        if isinstance(cell, Spark):
            return spark(cell, self.lang)
        if isinstance(cell, Text):
            return escape(cell.in_(self.lang))
        target = self.target(cell.records)
        words = escape(cell.text.in_(self.lang))
        return Markup('<a class="n" href="{}">{}</a>').format(target, words) if target else words

    def table(self, table: Table, *, titled: bool, before: Markup = NOTHING, after: Markup = NOTHING) -> Markup:
        """A table in a place of its own that scrolls, also by keyboard; `before` and `after` are what the page offers to do with it."""
        title = table.title.in_(self.lang)
        if not table.rows:
            return self._no_rows(table, title if titled else "")
        heads = Markup("").join(Markup('<th scope="col" class="{}">{}</th>').format(column.align, column.label.in_(self.lang)) for column in table.columns)
        rows = Markup("").join(self._row(table, row) for row in table.rows)
        caption = Markup("<caption>{}</caption>").format(title) if titled else NOTHING
        note = Markup('<p class="small">{}</p>').format(table.note.in_(self.lang)) if table.note else NOTHING
        body = Markup('<table id="{}">{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(table.id, caption, heads, rows)
        return Markup('<div class="scroll" role="group" tabindex="0" aria-label="{}">{}{}</div>{}{}').format(title, before, body, note, after)

    def _no_rows(self, table: Table, title: str) -> Markup:
        """What stands in the place of a table without rows."""
        told = (table.note or _NO_ROWS).in_(self.lang)
        return Markup('<p class="none" id="{}">{}{}</p>').format(table.id, Markup("<strong>{}</strong> ").format(title) if title else NOTHING, told)

    def _row(self, table: Table, row: tuple[Cell | Spark, ...]) -> Markup:
        cells = Markup("").join(
            Markup('<td class="{}{}">{}</td>').format(column.align, self._kind(cell), self.cell(cell))
            for column, cell in list(zip(table.columns, row, strict=True))[1:]
        )
        first = table.columns[0].align + self._kind(row[0])
        tag = Markup('<th scope="row" class="{}">{}</th>') if table.columns[0].align == "left" and row[0] is not None else Markup('<td class="{}">{}</td>')
        return Markup("<tr>{}{}</tr>").format(tag.format(first, self.cell(row[0])), cells)

    def _kind(self, cell: Cell | Spark) -> str:
        """Classes of a cell: unknown, or so short that it stays in one line."""
        if cell is None:
            return " unknown"
        words = "" if isinstance(cell, Spark) else (cell if isinstance(cell, Text) else cell.text).in_(self.lang)
        return " short" if 0 < len(words) <= (SHORT_DATE if words[-1:].isdigit() or words[:1].isdigit() else SHORT_WORDS) else ""


def spark(small: Spark, lang: Lang) -> Markup:
    """A small history as a drawing with its last value marked."""
    width, height, top = SPARK_WIDTH, SPARK_HEIGHT, max((*small.values, 1e-9))
    step = width / max(len(small.values) - 1, 1)
    points = " ".join(f"{at * step:.1f},{height - 2 - (height - 5) * value / top:.1f}" for at, value in enumerate(small.values))
    x, y = points.rsplit(" ", 1)[-1].split(",")
    return Markup(
        '<svg role="img" aria-label="{label}" width="{w:.0f}" height="{h:.0f}" viewBox="-2 0 {w:.0f} {h:.0f}"><title>{label}</title><polyline fill="none" stroke="{accent}" stroke-width="1.4" points="{points}"/>'
        '<circle cx="{x}" cy="{y}" r="2.2" fill="{accent}"/></svg>'
    ).format(label=small.label.in_(lang), w=width + 6, h=height, accent=ACCENT, points=points, x=x, y=y)


def grouped(blocks: tuple[Block, ...]) -> Iterator[dict[str, Any]]:
    """Blocks by the name of their kind, neighbouring headlines together."""
    together: list[Headline] = []
    for block in blocks:
        if isinstance(block, Headline):
            together.append(block)
            continue
        if together:
            yield {"headlines": together}
            together = []
        yield {{Paragraph: "paragraph", Table: "table", Figure: "figure"}[type(block)]: block}
    if together:
        yield {"headlines": together}


_NO_ROWS = Text("Nothing on the record.", "기록 없음.")
