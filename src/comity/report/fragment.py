"""Sections of a document as pieces of HTML for a page that is somebody else's: the desk's boards.

Every number leads to its record, or to the list of the records behind it, at addresses that the page gives. Figures are drawings in the page, one for each
of several widths, of which the page's style shows the one that fits (`static/fragment.css`). No style, script or address of its own is inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from comity.report.document import Block, Document, Figure, Paragraph, Section, Table
from comity.report.figure_svg import figure_rows, figure_svgs, table_rows
from comity.report.html_parts import NOTHING, SMALL_TABLE, Parts, grouped
from comity.report.static_charts import svg_size
from comity.vocab.text import Lang, Text

WIDTHS = {"wide": 760, "narrow": 320}  # pixels; the narrow one is what a telephone of 360 px has inside its margins
MANY_LINKS = 12  # in a figure, after which the keyboard is offered a way past it
FORMS = ("png", "svg", "csv")

RecordHref = Callable[[str], str]
BehindHref = Callable[[int], str]
FigureHref = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a record, the n-th set of records of the document, and a figure's or table's file are to be found."""

    record: RecordHref
    behind: BehindHref
    figure: FigureHref


def section_html(
    document: Document,
    section_id: str,
    lang: Lang,
    *,
    record_href: RecordHref,
    behind_href: BehindHref,
    figure_href: FigureHref,
    widths: dict[str, int] = WIDTHS,
) -> Markup:
    """One section: its heading and its blocks; `widths` are the figures' by the class that the style shows them under."""
    section = next(one for one in document.sections if one.id == section_id)
    return _Fragment(document, lang, Addresses(record_href, behind_href, figure_href), widths).section(section)


def block_html(
    document: Document, block_id: str, lang: Lang, *, record_href: RecordHref, behind_href: BehindHref, figure_href: FigureHref, widths: dict[str, int] = WIDTHS
) -> Markup:
    """One figure or table by its id, for a page that shows only that."""
    return _Fragment(document, lang, Addresses(record_href, behind_href, figure_href), widths).block(named_block(document, block_id))


def behind(document: Document, n: int) -> list[str]:
    """Refs of the n-th set of records of the document, empty when it has none of that number; the same for the same document, in every language."""
    sets = list(document.sets)
    return list(sets[n]) if 0 <= n < len(sets) else []


def named_block(document: Document, block_id: str) -> Figure | Table:
    """The figure or table of that id; `KeyError` when the document has none."""
    for block in document.blocks():
        if isinstance(block, Figure | Table) and block.id == block_id:
            return block
    raise KeyError(block_id)


def block_rows(document: Document, block_id: str) -> list[list[Any]]:
    """The rows of a figure or table for CSV, in both languages, with the records that this snapshot holds."""
    block = named_block(document, block_id)
    return figure_rows(block, document.visible) if isinstance(block, Figure) else table_rows(block, document.visible)


class _Fragment:
    """Blocks of one document in one language at one page's addresses."""

    def __init__(self, document: Document, lang: Lang, addresses: Addresses, widths: dict[str, int]) -> None:
        self.document, self.lang, self.addresses, self.widths = document, lang, addresses, widths
        self.parts = Parts(lang, self.target)

    def target(self, refs: tuple[str, ...]) -> str | None:
        """Where a number leads: to its one record, or to the list of them."""
        seen = self.document.visible(refs)
        if not seen:
            return None
        return self.addresses.record(seen[0]) if len(seen) == 1 else self.addresses.behind(self.document.sets[seen])

    def section(self, section: Section) -> Markup:
        heading = Markup('<h{0} id="{1}-heading">{2}</h{0}>').format(section.level, section.id, section.title.in_(self.lang))
        blocks = Markup("\n").join(self._group(group) for group in grouped(section.blocks))
        return Markup('<section id="{0}" aria-labelledby="{0}-heading">\n{1}\n{2}\n</section>').format(section.id, heading, blocks)

    def _group(self, group: dict[str, Any]) -> Markup:
        if "headlines" not in group:
            return self.block(next(iter(group.values())))
        items = Markup("").join(Markup('<li class="{}">{}</li>').format(one.rule, self.parts.line(one.line)) for one in group["headlines"])
        return Markup('<ul class="headlines">{}</ul>').format(items)

    def block(self, block: Block) -> Markup:
        """A paragraph, table, figure or lone headline."""
        if isinstance(block, Figure):
            return self._figure(block)
        if isinstance(block, Table):
            return self._table(block)
        small = Markup(' class="small"') if isinstance(block, Paragraph) and block.small else NOTHING
        return Markup("<p{}>{}</p>").format(small, self.parts.line(block.line))

    def _table(self, table: Table) -> Markup:
        save = Markup('<p class="tools"><a href="{}" download>{}</a></p>').format(self.addresses.figure(table.id, "csv"), _CSV.in_(self.lang))
        return self.parts.table(table, titled=True, after=save if len(table.rows) > SMALL_TABLE else NOTHING)

    def _figure(self, figure: Figure) -> Markup:
        svgs = figure_svgs(figure, self.lang, widths=self.widths.values(), href=self._record)
        drawings = Markup("\n").join(self._drawing(figure, name, svg) for name, svg in zip(self.widths, svgs, strict=True))
        caption = Markup('<figcaption id="{}-caption">{}</figcaption>').format(figure.id, figure.title.in_(self.lang))
        past, end = self._way_past(figure, drawings)
        under = Markup('<p class="source">{}</p>{}{}').format(figure.source.in_(self.lang), self._tools(figure), self._numbers(figure))
        return Markup('<figure class="figure" id="{}">{}{}\n{}\n{}{}</figure>').format(figure.id, caption, past, drawings, end, under)

    def _drawing(self, figure: Figure, name: str, svg: str) -> Markup:
        size = " own-size" if svg_size(svg)[0] > self.widths[name] else ""  # a drawing that cannot get narrower is scrolled
        return Markup('<div class="drawing {}" role="group" tabindex="0" aria-labelledby="{}-caption">{}</div>').format(name + size, figure.id, _safe(svg))

    def _record(self, ref: str) -> str | None:
        return self.addresses.record(ref) if self.document.snapshot.has_record(ref) else None

    def _way_past(self, figure: Figure, drawings: Markup) -> tuple[Markup, Markup]:
        """A link past the figure's many links, seen when the keyboard reaches it, and where it leads."""
        if drawings.count("<a ") <= MANY_LINKS * len(self.widths):
            return NOTHING, NOTHING
        past = Markup('<a class="past" href="#{}-end">{}</a>').format(figure.id, _PAST.in_(self.lang))
        return past, Markup('<span id="{}-end" tabindex="-1"></span>').format(figure.id)

    def _tools(self, figure: Figure) -> Markup:
        """The records behind the figure, and its files."""
        refs = self.document.visible(figure.records)
        target = self.target(figure.records)
        shown = _RECORDS.format(n=f"{len(refs):,}").in_(self.lang)
        records = Markup('<a href="{}">{}</a> ').format(target, shown) if target else NOTHING
        named = {form: Text(f"{figure.title.en} ({form.upper()})", f"{figure.title.ko} ({form.upper()})").in_(self.lang) for form in FORMS}
        files = Markup(" ").join(
            Markup('<a href="{}" download aria-label="{}">{}</a>').format(self.addresses.figure(figure.id, form), named[form], form.upper()) for form in FORMS
        )
        return Markup('<p class="tools">{}<span>{}</span> {}</p>').format(records, _SAVE.in_(self.lang), files)

    def _numbers(self, figure: Figure) -> Markup:
        if figure.table is None:
            return NOTHING
        return Markup("<details><summary>{}</summary>{}</details>").format(_NUMBERS.in_(self.lang), self.parts.table(figure.table, titled=False))


def _safe(svg: str) -> Markup:
    """A drawing that went through the list of what is allowed (`figure_clean`)."""
    return Markup(svg)  # noqa: S704


_NUMBERS = Text("The numbers behind it", "그림의 수치")
_RECORDS = Text("Records behind it: {n}", "근거 기록 {n}건")
_SAVE = Text("Save:", "저장:")
_CSV = Text("Save the table (CSV)", "표 저장(CSV)")
_PAST = Text("Skip past the figure", "그림 건너뛰기")
