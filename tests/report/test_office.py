"""Word and Excel: the same words and numbers as on the page, editable, typed, with the records beside them, the same bytes each time."""

from __future__ import annotations

import io
from datetime import datetime

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from comity.report.document import Document, Table, cell_text
from comity.report.docx import to_docx
from comity.report.xlsx import NAME_LENGTH, number_format, sheet_name, to_xlsx
from comity.vocab.text import LANGUAGES, Lang

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")  # openpyxl reads past the small lines
REFS = ("agreement:a0", "agreement:a1", "agreement:a2")


@pytest.fixture(scope="module")
def word(page: Document) -> dict[Lang, bytes]:
    """The hand-made page as Word files."""
    return {lang: to_docx(page, lang) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def book(page: Document) -> dict[Lang, bytes]:
    """The hand-made page as workbooks."""
    return {lang: to_xlsx(page, lang) for lang in LANGUAGES}


def opened(book: dict[Lang, bytes], lang: Lang) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(book[lang]))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_word_holds_headings_sentences_and_whole_tables(page: Document, word: dict[Lang, bytes], lang: Lang) -> None:
    file = docx.Document(io.BytesIO(word[lang]))
    headings = [(one.style.name, one.text) for one in file.paragraphs if one.style and one.style.name.startswith("Heading")]
    assert headings[:-1] == [(f"Heading {section.level - 1}", section.title.in_(lang)) for section in page.sections]
    text = "\n".join(one.text for one in file.paragraphs)
    assert ("Plain words hold 1,234 in the middle." if lang == "en" else "평범한 문장에 수 1,234이(가) 들어 있다.") in text
    tables = [block for section in page.sections for block in section.blocks if isinstance(block, Table)]
    assert len(file.tables) == len(tables)
    for made, table in zip(file.tables, tables, strict=True):
        cells = [[docx.text.paragraph.Paragraph(cell.p_lst[0], made).text for cell in row.tc_lst] for row in made._tbl.tr_lst]
        assert cells[0] == [column.label.in_(lang) for column in table.columns]
        assert cells[1:] == [[cell_text(cell, lang) for cell in row] for row in table.rows]
        assert made._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_word_is_a4_with_hangul_typeface_contents_and_a_running_head(page: Document, word: dict[Lang, bytes], lang: Lang) -> None:
    file = docx.Document(io.BytesIO(word[lang]))
    section = file.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert page.snapshot.hash[:12] in section.header.paragraphs[0].text
    for name in ("Normal", "Title", "Heading 1"):
        fonts = file.styles[name].element.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) == fonts.get(qn("w:ascii")) == "Malgun Gothic"
        assert fonts.get(qn("w:asciiTheme")) is None
    body = file.element.body
    assert any("TOC" in (one.text or "") for one in body.iter(qn("w:instrText")))
    targets = {one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))}
    marks = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    assert targets == marks
    assert len(marks) == len(page.sections) + 1
    kinds = [one.get(qn("w:fldCharType")) for one in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_word_shows_figures_with_their_alternative_text(word: dict[Lang, bytes]) -> None:
    file = docx.Document(io.BytesIO(word["ko"]))
    (picture,) = file.inline_shapes
    assert picture._inline.docPr.get("descr") == "1에서 10까지의 막대."
    assert 100 < picture.width.mm < 170.1
    assert file.core_properties.title == "문서와 그 부분"
    assert file.core_properties.created == datetime(2026, 11, 22).replace(tzinfo=file.core_properties.created.tzinfo)


def test_a_workbook_opens_with_the_document_and_links_to_every_sheet(page: Document, book: dict[Lang, bytes]) -> None:
    made = opened(book, "en")
    first = made.worksheets[0]
    cells = [cell.value for row in first.iter_rows() for cell in row if cell.value is not None]
    assert page.title.en in cells
    assert page.as_of.isoformat() in cells
    assert page.snapshot.hash in cells
    links = {cell.hyperlink.location.split("'")[1] for row in first.iter_rows() for cell in row if cell.hyperlink}
    assert links == set(made.sheetnames[1:])
    tables = [block for block in page.blocks() if isinstance(block, Table)]
    assert len(made.sheetnames) == 2 + len(tables)
    assert all(len(name) <= NAME_LENGTH for name in made.sheetnames)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_numbers_are_numbers_and_carry_their_records(book: dict[Lang, bytes], lang: Lang) -> None:
    made = opened(book, lang)
    sheet = made[next(name for name in made.sheetnames if name.startswith("01"))]
    rows = list(sheet.iter_rows())
    assert rows[0][1].value == ("Tie" if lang == "en" else "강도")
    first, second, third = rows[1:4]
    assert (first[1].value, first[1].number_format) == (1234.5, "#,##0.0")
    assert (first[4].value, first[4].number_format) == (3, "+#,##0;-#,##0;0")
    assert (second[5].value, second[5].number_format) == (45, '#,##0" %"')
    assert second[1].value is None
    assert first[2].value == "60–80"
    assert (third[5].value, third[5].comment.text) == (1989, "1989 (1987–1991)")
    assert third[0].value == "=SUM(A1)"
    assert third[0].data_type == "s"
    assert first[6].value == "; ".join(REFS)
    assert [cell.value for cell in first[7:11]] == [1, 4, 9, 16]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:G4"


def test_every_row_of_a_long_table_and_every_sentence_is_there(page: Document, book: dict[Lang, bytes]) -> None:
    made = opened(book, "ko")
    long = made[next(name for name in made.sheetnames if "예순" in name)]
    assert [row[1].value for row in long.iter_rows(min_row=2)] == list(range(1, 61))
    sentences = [row[1].value for row in made["문장"].iter_rows(min_row=2)]
    assert sentences[0] == "유대가 7점 높아졌다."
    assert len(sentences) == 4


@pytest.mark.parametrize(("make", "kept"), [(to_docx, "word"), (to_xlsx, "book")])
def test_the_same_document_gives_the_same_bytes(page: Document, make: object, kept: str, request: pytest.FixtureRequest) -> None:
    assert callable(make)
    assert make(page, "en") == request.getfixturevalue(kept)["en"]


def test_sheet_names_are_short_and_safe() -> None:
    name = sheet_name(7, "Suspended / void: [all] 'agreements' and more of them?")
    assert name == "07 Suspended   void   all   agr"
    assert not set("[]:*?/\\'") & set(name)
    assert number_format("1989 (1987–1991)", 1989) is None
    assert number_format("-2", -2) == "#,##0"
    assert number_format("▼ -2", -2.4) == '"▼ "+#,##0;"▼ "-#,##0;"▼ "0'
    assert number_format("12건", 12) == '#,##0"건"'
