"""A document as one self-contained HTML file: fonts, charts, records and sources inside, nothing fetched from anywhere.

Every number with records is a link: to the list of its records, each with its fields, its competing claims and its sources.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import comity
from comity.register.cache import cached
from comity.report.document import Cell, Document, Figure, Headline, Line, Num, Paragraph, Spark, Table
from comity.report.fonts import font_css
from comity.report.recordbook import RecordBook
from comity.vocab.text import Lang, Text

SMALL_TABLE = 6  # rows of a table that nobody needs to save
WORDS = {
    "skip": Text("Skip to the content", "본문으로 건너뛰기"),
    "contents": Text("Contents", "차례"),
    "behind_figure": Text("The numbers behind it", "그림의 수치"),
    "made": Text("Made with", "작성:"),
    "records": Text("Records behind a number", "수치의 근거 기록"),
    "back": Text("Back", "뒤로"),
    "close": Text("Close", "닫기"),
    "behind": Text("{n} records behind this number", "이 수치의 근거 기록 {n}건"),
    "missing": Text("This record is not part of the page", "이 페이지에 없는 기록입니다"),
    "source": Text("Source", "출처"),
    "confidence": Text("Confidence", "신뢰도"),
    "svg": Text("Save as SVG", "SVG로 저장"),
    "png": Text("Save as PNG", "PNG로 저장"),
    "actions": Text("Save the figure", "그림 저장"),
    "csv": Text("Save the table as CSV", "표를 CSV로 저장"),
    "filter": Text("Filter the rows", "행 걸러 보기"),
    "unknown": Text("unknown", "미상"),
}


def to_html(document: Document, lang: Lang) -> str:
    """The whole page in one language."""
    from jinja2 import Environment, select_autoescape
    from markupsafe import Markup

    book = RecordBook(document.snapshot, lang)
    page = _Page(document, lang, book)
    environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_file("templates/page.html"))
    words = {name: text.in_(lang) for name, text in WORDS.items()}
    body = {
        "document": document,
        "lang": lang,
        "version": comity.__version__,
        "words": words,
        "say": lambda text: text.in_(lang),
        "line": page.line,
        "table": page.table,
        "groups": page.groups,
        "spec": page.spec,
        "css": Markup(_file("static/page.css")),
        "js": Markup(_file("static/page.js")),
        "vega": Markup(vega_script()),
        "words_json": Markup(_json(words)),
        "records_json": Markup("__RECORDS__"),
        "fonts": Markup("__FONTS__"),
    }
    text = template.render(body)
    records = _json(book.content())
    return text.replace("__RECORDS__", records, 1).replace("__FONTS__", font_css(text + records), 1)


def vega_script() -> str:
    """The chart library as one script, written once into the cache."""
    import vl_convert

    name = f"vega-{vl_convert.get_vega_version()}-{vl_convert.get_vegalite_versions()[-1]}-{vl_convert.get_vega_embed_version()}.js"
    script = cached(name, lambda: vl_convert.javascript_bundle(None).encode())  # type: ignore[arg-type]  # None bundles everything; its stub says str
    return script.decode().replace("</script", "<\\/script")


class _Page:
    """Words, tables and figures of one page in one language; collects the records that its numbers name."""

    def __init__(self, document: Document, lang: Lang, book: RecordBook) -> None:
        self.document, self.lang, self.book = document, lang, book
        for figure in (block for block in document.blocks() if isinstance(block, Figure)):
            for ref in figure.records:
                book.add(ref)

    def line(self, line: Line) -> Any:
        from markupsafe import Markup

        return Markup("").join(self._cell(part) for part in line)

    def _cell(self, cell: Cell | Spark) -> Any:
        from markupsafe import Markup, escape

        if cell is None:
            return Markup("–")
        if isinstance(cell, Spark):
            return Markup(_spark(cell, self.lang))
        if isinstance(cell, Text):
            return escape(cell.in_(self.lang))
        target = self.book.target(cell.records)
        words = escape(cell.text.in_(self.lang))
        return Markup('<a class="n" href="{}">{}</a>').format(target, words) if target else words

    def groups(self, blocks: tuple[Any, ...]) -> list[dict[str, Any]]:
        """Blocks for the template, neighbouring headlines together."""
        made: list[dict[str, Any]] = []
        for block in blocks:
            if isinstance(block, Headline):
                if not made or "headlines" not in made[-1]:
                    made.append({"headlines": []})
                made[-1]["headlines"].append(block)
            else:
                name = {Paragraph: "paragraph", Table: "table", Figure: "figure"}[type(block)]
                made.append({name: block})
        return made

    def table(self, table: Table, titled: bool) -> Any:
        from markupsafe import Markup, escape

        heads = Markup("").join(Markup('<th scope="col" class="{}">{}</th>').format(column.align, column.label.in_(self.lang)) for column in table.columns)
        rows = Markup("").join(self._row(table, row) for row in table.rows)
        caption = Markup("<caption>{}</caption>").format(table.title.in_(self.lang)) if titled else Markup("")
        note = Markup('<p class="small">{}</p>').format(table.note.in_(self.lang)) if table.note else Markup("")
        find = (
            Markup('<input class="filter" type="search" placeholder="{0}" aria-label="{0}">').format(WORDS["filter"].in_(self.lang))
            if table.filterable
            else Markup("")
        )
        save = (
            Markup("")
            if len(table.rows) <= SMALL_TABLE
            else Markup('<div class="tools"><button data-csv="{}">{}</button></div>').format(table.id, WORDS["csv"].in_(self.lang))
        )
        return Markup('<div class="scroll">{}<table id="{}">{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>{}{}').format(
            find, escape(table.id), caption, heads, rows, note, save
        )

    def _row(self, table: Table, row: tuple[Cell | Spark, ...]) -> Any:
        from markupsafe import Markup

        cells = (
            Markup('<td class="{}{}">{}</td>').format(column.align, " unknown" if cell is None else "", self._cell(cell))
            for column, cell in zip(table.columns, row, strict=True)
        )
        return Markup("<tr>{}</tr>").format(Markup("").join(cells))

    def spec(self, figure: Figure) -> Any:
        from markupsafe import Markup

        return Markup(_json(figure.spec(self.lang)))


def _spark(spark: Spark, lang: Lang) -> str:
    from markupsafe import escape

    width, height, top = 96.0, 22.0, max((*spark.values, 1e-9))
    step = width / max(len(spark.values) - 1, 1)
    points = " ".join(f"{at * step:.1f},{height - 2 - (height - 5) * value / top:.1f}" for at, value in enumerate(spark.values))
    last = points.rsplit(" ", 1)[-1].split(",")
    label = escape(spark.label.in_(lang))
    return (
        f'<svg role="img" aria-label="{label}" width="{width + 6:.0f}" height="{height:.0f}" viewBox="-2 0 {width + 6:.0f} {height:.0f}"><title>{label}</title>'
        f'<polyline fill="none" stroke="#0b3d91" stroke-width="1.4" points="{points}"/><circle cx="{last[0]}" cy="{last[1]}" r="2.2" fill="#0b3d91"/></svg>'
    )


def _json(value: Any) -> str:
    """JSON that may stand inside a script element."""
    return (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _file(name: str) -> str:
    return (files("comity.report") / name).read_text(encoding="utf-8")


__all__ = ["Num", "to_html", "vega_script"]
