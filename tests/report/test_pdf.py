"""PDF: words and numbers arrive in both languages, in one typeface, on A4, the same bytes each time."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from comity.report import pdf as pages
from comity.report.document import Column, Document, Figure, Section, Table
from comity.report.pdf import spark_points, to_pdf
from comity.report.static_charts import figure_svg, still, svg_size
from comity.report.table_widths import MAY_BREAK, WIDEST_PIECE, breakable, column_widths, longest_piece, text_width
from comity.vocab.errors import LayoutWarned
from comity.vocab.text import LANGUAGES, Lang, Text, same

LONG_LATIN = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrente"
LONG_HANGUL = "한미상호방위조약체결기념특별연합합동군사훈련평가위원회(MCM)"


@pytest.fixture(scope="module")
def made(page: Document) -> dict[Lang, bytes]:
    """The hand-made page in both languages."""
    return {lang: to_pdf(page, lang) for lang in LANGUAGES}


def words(data: bytes) -> str:
    """All words of a PDF, with white space taken out, so that line ends do not matter."""
    return squeezed("".join(one.extract_text() for one in PdfReader(io.BytesIO(data)).pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_and_number_arrives(page: Document, made: dict[Lang, bytes], lang: Lang) -> None:
    text = words(made[lang])
    assert squeezed(page.title.in_(lang)) in text
    for section in page.sections:
        assert squeezed(section.title.in_(lang)) in text
    expected = {
        "en": [
            "The tie rose by 7 points.",
            "Plain words hold 1,234 in the middle.",
            "#hashes, *stars* and $sums$",
            "1,234.5",
            "60–80",
            "Türkiye and Åland",
            "=SUM(A1)",
        ],
        "ko": [
            "유대가 7점 높아졌다.",
            "평범한 문장에 수 1,234이(가) 들어 있다.",
            "#표, *별*, $기호$가",
            "1,234.5",
            "빈칸은 미상이다.",
            "해마다 늘었다",
            "출처: 수기.",
        ],
    }
    assert not re.search("[\u200b\u2060\ufeff\ufffd]", text), "marks that nobody sees would be copied with the words"
    for one in (*expected[lang], LONG_LATIN, LONG_HANGUL):
        assert squeezed(one) in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_are_a4_tagged_and_named(page: Document, made: dict[Lang, bytes], lang: Lang) -> None:
    reader = PdfReader(io.BytesIO(made[lang]))
    assert {(round(float(one.mediabox.width)), round(float(one.mediabox.height))) for one in reader.pages} == {(595, 842)}
    assert reader.metadata is not None
    assert reader.metadata.title == page.title.in_(lang)
    assert reader.trailer["/Root"]["/Lang"] == lang
    assert page.snapshot.hash[:12] in reader.pages[1].extract_text()
    assert page.snapshot.hash in words(made[lang])
    assert f"2/{len(reader.pages)}" in squeezed(reader.pages[1].extract_text())


def test_one_typeface_and_none_of_the_machines(made: dict[Lang, bytes]) -> None:
    for data in made.values():
        fonts = {str(font.get_object()["/BaseFont"]) for one in PdfReader(io.BytesIO(data)).pages for font in one["/Resources"].get("/Font", {}).values()}
        families = {re.sub(r"^/[A-Z]{6}\+|-.*$|Bold.*$|Regular.*$", "", name) for name in fonts}
        assert families <= {"NanumGothic", "LibertinusSerif"}
        assert "NanumGothic" in families


def test_a_letter_that_no_family_has_is_marked_not_dropped(made: dict[Lang, bytes]) -> None:
    assert squeezed("튀르키예 〓") in words(made["ko"])
    assert "内" not in words(made["ko"])


def test_long_tables_are_cut_and_say_so(made: dict[Lang, bytes]) -> None:
    text = words(made["en"])
    assert "Rownumber40" in text
    assert "Rownumber41" not in text
    assert squeezed("20 of 60 rows are not printed") in text
    assert squeezed("전체 60행 가운데 20행은") in words(made["ko"])


def test_the_header_of_a_long_table_stands_on_every_page(page: Document) -> None:
    columns = (Column(Text("Heading of rows", "행 제목"), width=4),)
    rows = tuple((same(f"row {at} " + "long words again " * 30),) for at in range(18))
    only = replace(page, sections=(Section("s", Text("S", "에스"), (Table("t", Text("T", "표"), columns, rows),)),))
    reader = PdfReader(io.BytesIO(to_pdf(only, "en")))
    with_rows = [one.extract_text() for one in reader.pages if "long words again" in one.extract_text()]
    assert len(with_rows) > 1
    assert all("Heading of rows" in text for text in with_rows)


def test_headlines_stand_on_the_first_page_before_the_contents(made: dict[Lang, bytes]) -> None:
    first = PdfReader(io.BytesIO(made["en"])).pages[0].extract_text()
    assert first.index("Launches resumed") < first.index("Contents")


def test_the_same_document_gives_the_same_bytes(page: Document, made: dict[Lang, bytes]) -> None:
    assert to_pdf(page, "ko") == made["ko"]


def test_a_warning_of_the_typesetter_is_an_error(page: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "WEIGHTS", {})  # no typeface: the typesetter warns of an unknown family
    with pytest.raises(LayoutWarned) as caught:
        to_pdf(page, "en")
    assert "font" in caught.value.in_("en")
    assert "조판" in caught.value.in_("ko")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_columns_fill_the_room_and_hold_their_longest_words(page: Document, lang: Lang) -> None:
    for block in page.blocks():
        if isinstance(block, Table):
            widths = column_widths(block, lang, room=480.0, size=8.0, inset=3.0)
            assert sum(widths) == pytest.approx(480.0, abs=0.1)
            assert min(widths) > 0
            for at, width in enumerate(widths if len(widths) < 8 else []):
                longest = max((longest_piece(row[at].in_(lang), 8.0) for row in block.rows if isinstance(row[at], Text)), default=0.0)
                assert width >= min(longest, WIDEST_PIECE)


def test_words_break_only_where_no_column_can_hold_them() -> None:
    assert breakable("Mutual Logistics Support Agreement", 8.5) == "Mutual Logistics Support Agreement"
    cut = breakable(LONG_HANGUL, 8.5)
    assert cut.replace(MAY_BREAK, "") == LONG_HANGUL
    assert f"{MAY_BREAK}(MCM)" in cut
    assert all(text_width(piece, 8.5) <= WIDEST_PIECE for piece in breakable(LONG_LATIN, 8.5).split(MAY_BREAK))


def test_small_histories_stay_in_their_box(page: Document) -> None:
    (table,) = (block for block in page.blocks() if isinstance(block, Table) and block.id == "numbers")
    for row in table.rows:
        points = spark_points(row[3])  # type: ignore[arg-type]
        assert all(0 <= x <= 72 and 0 <= y <= 11 for x, y in points)
    rising = spark_points(table.rows[0][3])  # type: ignore[arg-type]
    assert [y for _, y in rising] == sorted((y for _, y in rising), reverse=True)


def test_figures_are_drawn_at_a_fixed_width_with_letters(page: Document) -> None:
    (figure,) = (block for block in page.blocks() if isinstance(block, Figure))
    svg = figure_svg(figure, "ko")
    width, height = svg_size(svg)
    assert width == pytest.approx(760, abs=1)
    assert 160 <= height <= 320
    assert "미국" in svg
    assert "NanumGothic" in svg
    assert still({"width": "container", "height": None}) == {"width": 760, "background": "white"}
