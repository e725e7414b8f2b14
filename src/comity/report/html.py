"""A document as one self-contained HTML file: fonts, charts, records and sources inside, nothing fetched from anywhere.

Every number with records is a link: to the list of its records, each with its fields, its competing claims and its sources.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from markupsafe import Markup

import comity
from comity.register.cache import cached
from comity.report.document import Document, Figure, Num, Table
from comity.report.fonts import font_css
from comity.report.html_parts import SMALL_TABLE, Parts, grouped
from comity.report.recordbook import RecordBook
from comity.vocab.text import Lang, Text

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
        "table": page.table_of,
        "groups": grouped,
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


class _Page(Parts):
    """Words, tables and figures of one page in one language; collects the records that its numbers name."""

    def __init__(self, document: Document, lang: Lang, book: RecordBook) -> None:
        super().__init__(lang, book.target)
        for figure in (block for block in document.blocks() if isinstance(block, Figure)):
            for ref in figure.records:
                book.add(ref)

    def table_of(self, table: Table, titled: bool) -> Markup:
        """A table with what the page's script does to it: a filter above, a button that saves it below."""
        find = Markup('<input class="filter" type="search" placeholder="{0}" aria-label="{0}">').format(WORDS["filter"].in_(self.lang))
        save = Markup('<div class="tools"><button data-csv="{}">{}</button></div>').format(table.id, WORDS["csv"].in_(self.lang))
        nothing = Markup("")
        return self.table(table, titled=titled, before=find if table.filterable else nothing, after=save if len(table.rows) > SMALL_TABLE else nothing)

    def spec(self, figure: Figure) -> Markup:
        """A figure's specification for the page's script."""
        return Markup(_json(figure.spec(self.lang)))


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
