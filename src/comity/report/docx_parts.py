"""The parts of a Word file that python-docx has no words for: styles in two scripts, a contents field, header rows, rules, page numbers."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

CONTENTS_FIELD = r'TOC \o "1-2" \h \z \u'
RULES = (
    "<w:tblPr {ns}><w:tblBorders>"
    '<w:top w:val="single" w:sz="8" w:color="1A1D21"/><w:bottom w:val="single" w:sz="4" w:color="D7DBE0"/><w:insideH w:val="single" w:sz="4" w:color="D7DBE0"/>'
    "</w:tblBorders></w:tblPr>"
)


def styled(file: Any, *, typeface: str, locale: str, body: float, colours: tuple[str, str, str]) -> None:
    """Set the styles of a new file: one typeface for Latin and Hangul, the language, sizes and colours (ink, soft, accent)."""
    ink, soft, accent = (RGBColor.from_string(colour.lstrip("#")) for colour in colours)
    styles = file.styles
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "List Bullet"):
        _faced(styles[name], typeface, locale)
    normal = styles["Normal"]
    normal.font.size, normal.font.color.rgb = Pt(body), ink
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.3
    for name, size, colour, before, after in (
        ("Title", 22, ink, 0, 4),
        ("Subtitle", 10, soft, 0, 14),
        ("Heading 1", 15, accent, 20, 6),
        ("Heading 2", 12, ink, 14, 4),
    ):
        _sized(styles[name], size, colour, before, after)
    for name, points, colour, before, after, bold in (
        ("Note", 8.5, soft, 2, 8, False),
        ("Table title", 10, ink, 10, 3, True),
        ("Contents", 12, ink, 8, 4, True),
        ("TOC 1", 10, ink, 3, 0, False),
        ("TOC 2", 9, soft, 0, 0, False),
        ("Cell", 8.5, ink, 1, 1, False),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.bold = normal, bold
        _sized(style, points, colour, before, after)
    styles["Table title"].paragraph_format.keep_with_next = True
    styles["Cell"].paragraph_format.line_spacing = 1.1
    styles["TOC 2"].paragraph_format.left_indent = Pt(14)
    rules = styles.add_style("Rules", WD_STYLE_TYPE.TABLE)
    rules.element.append(parse_xml(RULES.format(ns=nsdecls("w"))))


def _faced(style: Any, typeface: str, locale: str) -> None:
    run = style.element.get_or_add_rPr()
    fonts = run.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        run.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]  # a theme's typeface would win over ours
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), typeface)
    for old in run.findall(qn("w:lang")):
        run.remove(old)
    run.append(_element("w:lang", val=locale, eastAsia="ko-KR"))


def _sized(style: Any, size: float, colour: RGBColor, before: float, after: float) -> None:
    style.font.size, style.font.color.rgb, style.font.italic = Pt(size), colour, False
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _element(tag: str, /, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def bookmarked(paragraph: Paragraph, name: str, number: int) -> None:
    """Mark a paragraph as a place that the contents point to."""
    start, end = _element("w:bookmarkStart", id=str(number), name=name), _element("w:bookmarkEnd", id=str(number))
    first = paragraph.runs[0]._r if paragraph.runs else None
    if first is None:
        paragraph._p.append(start)
    else:
        first.addprevious(start)
    paragraph._p.append(end)


def contents(file: Any, head: Paragraph, headings: list[tuple[int, str, str]]) -> None:
    """A contents field after `head`, filled with the headings as links; Word adds the page numbers when it updates the field."""
    place = head
    for at, (level, words, mark) in enumerate(headings):
        after = _element("w:p")
        place._p.addnext(after)
        place = Paragraph(after, head._parent)
        place.style = file.styles[f"TOC {min(level, 2)}"]
        if at == 0:
            for part in (_field("begin"), _instruction(CONTENTS_FIELD), _field("separate")):
                after.append(part)
        link = _element("w:hyperlink", anchor=mark, history="1")
        after.append(link)
        run, text = _element("w:r"), _element("w:t")
        text.text = words
        run.append(text)
        link.append(run)
    if headings:
        place._p.append(_field("end"))


def _field(kind: str) -> Any:
    run = _element("w:r")
    run.append(_element("w:fldChar", fldCharType=kind))
    return run


def _instruction(code: str) -> Any:
    run, text = _element("w:r"), _element("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    run.append(text)
    return run


def running_head(file: Any, words: str, room: float) -> None:
    """A head with a left and a right part, divided by a tab, and page numbers at the foot."""
    page = file.sections[0]
    head, foot = page.header.paragraphs[0], page.footer.paragraphs[0]
    head.style = foot.style = file.styles["Note"]
    head.paragraph_format.tab_stops.add_tab_stop(Pt(room), WD_TAB_ALIGNMENT.RIGHT)
    head.add_run(words)
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for code in ("PAGE", "NUMPAGES"):
        for part in (_field("begin"), _instruction(code), _field("separate")):
            foot._p.append(part)
        foot.add_run("1")
        foot._p.append(_field("end"))
        if code == "PAGE":
            foot.add_run(" / ")


def filled(table: Any, rows: list[list[str]], widths: list[float], right: list[bool]) -> None:
    """Write words into a table made empty: a bold header row that repeats on every page, rows that stay whole, fixed widths."""
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Pt(width)
    style = table.part.document.styles["Cell"].style_id
    for at, (row, words) in enumerate(zip(table._tbl.tr_lst, rows, strict=True)):
        properties = row.get_or_add_trPr()
        properties.append(_element("w:cantSplit"))
        if at == 0:
            properties.append(_element("w:tblHeader"))
        for cell, word, width, to_right in zip(row.tc_lst, words, widths, right, strict=True):
            cell.width = Pt(width)
            paragraph = Paragraph(cell.p_lst[0], table)
            paragraph._p.style = style  # by id: the style's name would be looked up again for every cell
            paragraph.add_run(word).bold = True if at == 0 else None
            if to_right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
