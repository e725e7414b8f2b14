"""What a page says before anybody lays it out: sections of paragraphs, numbers, tables and figures, in both languages.

Brief and dossier are built once as a `Document` and rendered to HTML, PDF, DOCX, XLSX and JSON. A number is a `Num`: its words and the
records behind it, so that every renderer can link it. Nothing here knows a file format, and nothing here computes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from comity.register.snapshot import Snapshot
from comity.vocab.text import Lang, Text

Spec = Callable[[Lang], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Num:
    """A number (or a name) as a page shows it, with the `kind:id` of every record behind it and, for JSON, its plain value."""

    text: Text
    records: tuple[str, ...] = ()
    value: Any = None


Part = Text | Num
Line = tuple[Part, ...]
Cell = Text | Num | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or more; `small` for notes under figures and tables."""

    line: Line
    small: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """A finding made by a rule from numbers: what changed, by how much, how sure, on which records."""

    rule: str
    line: Line
    size: float


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand right, words left. `spark` columns hold small histories, drawn by the renderers that can."""

    label: Text
    align: Literal["left", "right", "spark"] = "left"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Spark:
    """A small history to be drawn in a table cell: values over equal steps, with the records behind the last."""

    values: tuple[float, ...]
    label: Text


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a finding or topic as its title."""

    id: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | Spark, ...], ...]
    note: Text | None = None
    filterable: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: its finding as title, a Vega-Lite specification per language, an alternative text with the numbers, its source line, its table."""

    id: str
    title: Text
    spec: Spec
    alt: Text
    source: Text
    table: Table | None = None
    height: int = 300
    interactive: bool = True
    records: tuple[str, ...] = ()


Block = Paragraph | Headline | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under one heading; `part_of` the id of the larger section."""

    id: str
    title: Text
    blocks: tuple[Block, ...]
    level: int = 2
    new_page: bool = False


@dataclass(frozen=True)
class Document:
    """A whole page: what it is of, as of which day, from which snapshot, and its sections."""

    id: str
    title: Text
    subtitle: Text
    as_of: date
    home: str
    snapshot: Snapshot
    sections: tuple[Section, ...]
    answers: dict[str, Any] = field(default_factory=dict)

    def blocks(self) -> Iterator[Block]:
        """Every block of every section, in order; the tables behind figures included."""
        for section in self.sections:
            for block in section.blocks:
                yield block
                if isinstance(block, Figure) and block.table is not None:
                    yield block.table

    def numbers(self) -> Iterator[Num]:
        """Every number on the page, in order."""
        for block in self.blocks():
            if isinstance(block, Paragraph | Headline):
                yield from (part for part in block.line if isinstance(part, Num))
            elif isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row if isinstance(cell, Num))

    @cached_property
    def sets(self) -> dict[tuple[str, ...], int]:
        """Every set of two or more visible records behind a number or a figure, with its number, in order of appearance."""
        found: dict[tuple[str, ...], int] = {}
        numbers, figures = [one.records for one in self.numbers()], [block.records for block in self.blocks() if isinstance(block, Figure)]
        for refs in map(self.visible, numbers + figures):
            if len(refs) > 1:
                found.setdefault(refs, len(found))
        return found

    def visible(self, refs: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the records that the snapshot holds, each once."""
        return tuple(ref for ref in dict.fromkeys(refs) if self.snapshot.has_record(ref))

    def records(self) -> list[str]:
        """Refs of every record behind any number or figure, each once, in order of appearance."""
        seen: dict[str, None] = {}
        for number in self.numbers():
            seen.update(dict.fromkeys(number.records))
        for block in self.blocks():
            if isinstance(block, Figure):
                seen.update(dict.fromkeys(block.records))
        return [ref for ref in seen if self.snapshot.has_record(ref)]


def rendered(line: Line, lang: Lang) -> str:
    """A line as plain words."""
    return "".join((part.text if isinstance(part, Num) else part).in_(lang) for part in line)


def cell_text(cell: Cell | Spark, lang: Lang) -> str:
    """A cell as plain words; a dash where the value is unknown."""
    if cell is None:
        return "–"
    if isinstance(cell, Spark):
        return cell.label.in_(lang)
    return (cell.text if isinstance(cell, Num) else cell).in_(lang)
