"""A document as JSON: every number on the page with its value and the ids behind it, and every result that the page was made from."""

from __future__ import annotations

import json
from typing import Any

import comity
from comity.report.document import Block, Document, Figure, Headline, Num, Paragraph, Spark, Table, cell_text, rendered
from comity.vocab.text import Text


def to_json(document: Document) -> str:
    """The document and the results behind it as one JSON object."""
    return json.dumps(content(document), ensure_ascii=False, default=str)


def content(document: Document) -> dict[str, Any]:
    """The document as plain values."""
    return {
        "document": document.id,
        "title": _both(document.title),
        "as_of": document.as_of.isoformat(),
        "home": document.home,
        "snapshot": document.snapshot.hash,
        "settings": {
            "package": document.snapshot.settings.get("name"),
            "version": document.snapshot.settings.get("version"),
            "reader": document.snapshot.reader.name,
            "comity": comity.__version__,
        },
        "sections": [{"id": section.id, "title": _both(section.title), "blocks": [_block(block) for block in section.blocks]} for section in document.sections],
        "results": document.answers,
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph | Headline):
        kind = "headline" if isinstance(block, Headline) else "paragraph"
        numbers = [_number(part) for part in block.line if isinstance(part, Num)]
        return {"type": kind, "text": {"en": rendered(block.line, "en"), "ko": rendered(block.line, "ko")}, "numbers": numbers} | (
            {"rule": block.rule} if isinstance(block, Headline) else {}
        )
    if isinstance(block, Table):
        return _table(block)
    return _figure(block)


def _table(table: Table) -> dict[str, Any]:
    columns = [_both(column.label) for column in table.columns]
    rows = [
        [_number(cell) if isinstance(cell, Num) else list(cell.values) if isinstance(cell, Spark) else None if cell is None else _both(cell) for cell in row]
        for row in table.rows
    ]
    return {"type": "table", "id": table.id, "title": _both(table.title), "columns": columns, "rows": rows}


def _figure(figure: Figure) -> dict[str, Any]:
    values = figure.spec("en").get("data", {}).get("values")
    head = {"type": "figure", "id": figure.id, "title": _both(figure.title), "alt": _both(figure.alt), "values": values if isinstance(values, list) else None}
    return head | {"records": list(figure.records)} | ({"table": _table(figure.table)} if figure.table else {})


def _number(number: Num) -> dict[str, Any]:
    return {"value": number.value, "shown": cell_text(number, "en"), "records": list(number.records)}


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "ko": text.ko}
