"""A document as plain words for a terminal: titles, sentences and tables, without figures."""

from __future__ import annotations

from comity.report.document import Document, Figure, Headline, Paragraph, Table, cell_text, rendered
from comity.vocab.text import Lang


def to_plain(document: Document, lang: Lang) -> str:
    """The document's words in one language."""
    lines = [document.title.in_(lang), document.subtitle.in_(lang), ""]
    for section in document.sections:
        lines += [("#" * (section.level - 1)) + " " + section.title.in_(lang), ""]
        for block in section.blocks:
            if isinstance(block, Headline):
                lines.append("- " + rendered(block.line, lang))
            elif isinstance(block, Paragraph):
                lines += [rendered(block.line, lang), ""]
            elif isinstance(block, Figure):
                lines += [f"[{block.title.in_(lang)}]", ""]
            elif isinstance(block, Table):
                lines += [*_table(block, lang), ""]
    return "\n".join(lines)


def _table(table: Table, lang: Lang) -> list[str]:
    head = " | ".join(column.label.in_(lang) for column in table.columns)
    return [table.title.in_(lang), head, *(" | ".join(cell_text(cell, lang) for cell in row) for row in table.rows)]
