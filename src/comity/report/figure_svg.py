"""A figure as SVG inside a page: laid out for the width, in the page's colours, its marks linked to their records, no script needed.

The drawing is kept under the digest of all that it depends on, without the addresses: those belong to the reader's page and are written in last, only
for records that the caller gives an address for. `figure_png` and `figure_file` are the same picture to take away; `figure_rows` is the table behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any

from comity.register.cache import cached
from comity.report import drawing, figure_clean, figure_colours, figure_layout, figure_links, figure_outlines
from comity.report.charts.world import borders
from comity.report.document import Cell, Figure, Num, Spark, Table, cell_text
from comity.report.static_charts import svg_size
from comity.vocab.text import LANGUAGES, Lang

ADDRESS = re.compile(rf' href="{figure_links.REF}([^"]*)"')
Known = Callable[[tuple[str, ...]], tuple[str, ...]]
PARTS = (figure_layout, figure_links, figure_clean, figure_colours, figure_outlines)


def figure_svg(figure: Figure, lang: Lang, *, width: int, href: Callable[[str], str | None] | None = None, dark: bool = False) -> str:
    """The figure as an `svg` element; `href` gives a record's address, or None for one that this reader's page does not link to."""
    return figure_svgs(figure, lang, widths=(width,), href=href, dark=dark)[0]


def figure_svgs(figure: Figure, lang: Lang, *, widths: Iterable[int], href: Callable[[str], str | None] | None = None, dark: bool = False) -> list[str]:
    """The figure as `svg` elements for several widths, its specification made once."""
    spec = figure.spec(lang)
    words, told, linked = figure_clean.Words(figure.title.in_(lang), figure.alt.in_(lang)), _told(spec), href is not None
    made = []
    for width in widths:
        name = drawing.digest(told, width, lang, words.title, words.description, dark, linked, _code())
        make = partial(_for_page, spec, width, words, f"f{name[:10]}", dark=dark, linked=linked)
        svg = cached(f"figure-{name}.page.svg", lambda make=make: make().encode()).decode()  # type: ignore[misc]
        made.append(ADDRESS.sub(lambda found: _address(href(found[1]) if href else None), svg))
    return made


def figure_file(figure: Figure, lang: Lang, *, width: int, dark: bool = False) -> str:
    """The figure as an SVG file in plain colours, for other programs."""
    spec = figure.spec(lang)
    name = drawing.digest(_told(spec), width, lang, dark, _code())
    return cached(f"figure-{name}.file.svg", lambda: figure_clean.plain(_drawn(spec, width), "f", dark=dark).encode()).decode()


def figure_png(figure: Figure, lang: Lang, *, width: int, scale: float = 2) -> bytes:
    """The figure as PNG, `scale` pixels for one of its own."""
    return drawing.rastered(figure_file(figure, lang, width=width), scale)


def _told(spec: Any) -> Any:
    """The specification as it is told apart from others: the borders, which are the same in every map and long, by their name."""
    if spec is borders():
        return f"borders {_borders_digest()}"
    if isinstance(spec, dict):
        return {name: value if name == "values" and isinstance(value, list) else _told(value) for name, value in spec.items()}
    return [_told(one) for one in spec] if isinstance(spec, list) else spec


@cache
def _borders_digest() -> str:
    return drawing.digest(borders())


def figure_rows(figure: Figure, known: Known = tuple) -> list[list[Any]]:
    """The numbers behind the figure as rows for CSV: those of the table under it, or the chart's own data where it has none.

    `known` gives, of some records, those that the reader's snapshot holds.
    """
    return table_rows(figure.table, known) if figure.table is not None else _data_rows(figure, known)


def table_rows(table: Table, known: Known = tuple) -> list[list[Any]]:
    """A table as rows for CSV: a column in each language for each of its own, and the records of each row."""
    heads = [column.label.in_(lang) for column in table.columns for lang in LANGUAGES]
    rows = [[word for cell in row for word in _cell(cell)] + [" ".join(known(_records(row)))] for row in table.rows]
    return [[*heads, "records"], *rows]


def _cell(cell: Cell | Spark) -> list[Any]:
    """A cell in both languages; a plain number once, as a number, in both."""
    if cell is None:
        return [""] * len(LANGUAGES)
    if isinstance(cell, Num) and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return [cell.value] * len(LANGUAGES)
    return [cell_text(cell, lang) for lang in LANGUAGES]


def _records(row: tuple[Cell | Spark, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ref for cell in row if isinstance(cell, Num) for ref in cell.records))


def _data_rows(figure: Figure, known: Known) -> list[list[Any]]:
    """The chart's first data in English, then in Korean, with the language in front."""
    found = {lang: _first_data(figure.spec(lang)) for lang in LANGUAGES}
    names = list(dict.fromkeys(name for rows in found.values() for row in rows for name in row))

    def cell(name: str, value: Any) -> Any:
        return "" if value is None or (name == "ref" and not known((value,))) else value

    return [["lang", *names], *([lang, *(cell(name, row.get(name)) for name in names)] for lang, rows in found.items() for row in rows)]


def _first_data(spec: dict[str, Any]) -> list[dict[str, Any]]:
    for unit in figure_layout.units(spec):
        values = unit.get("data", {}).get("values")
        if isinstance(values, list) and values:
            return values
    return []


def _for_page(spec: dict[str, Any], width: int, words: figure_clean.Words, prefix: str, *, dark: bool, linked: bool) -> str:
    return figure_clean.cleaned(_drawn(spec, width, linked=linked), words, prefix, dark=dark)


def _drawn(spec: dict[str, Any], width: int, *, linked: bool = False) -> str:
    laid = figure_layout.fitted(spec, width, lambda tried: svg_size(drawing.drawn(tried))[0])
    return drawing.drawn(figure_links.telling(laid, linked=linked))


def _address(address: str | None) -> str:
    return f' href="{escape(address)}"' if address else ""


@cache
def _code() -> str:
    """Digest of the code that lays out and cleans, so that no drawing of an older one is shown."""
    return drawing.digest(*(Path(str(part.__file__)).read_text(encoding="utf-8") for part in PARTS))
