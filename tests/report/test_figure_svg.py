"""Figures inside pages: nothing that a strict policy refuses, every record linked, nothing cut off or too small, colours legible on both papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from comity.register.snapshot import Snapshot
from comity.report import drawing, figure_svg
from comity.report.brief import brief
from comity.report.charts import network
from comity.report.charts.common import WIDTH, field, framed, tips
from comity.report.document import Document, Figure
from comity.report.figure_clean import HOLDERS, PLAIN, SHAPES
from comity.report.figure_colours import MARKS, NIGHT, WHITE, contrast, is_tint, pair
from comity.report.figure_svg import figure_file, figure_png, figure_rows
from comity.report.palette import BLOC, CLASS, CONFLICT, MECHANISM
from comity.report.table_widths import text_width
from comity.vocab.text import LANGUAGES, Lang, same

AS_OF = date(2026, 11, 22)
WIDTHS = (320, 760)  # the widths of fragments
SVG = "{http://www.w3.org/2000/svg}"
OWN = {"id", "role", "aria-labelledby", "aria-describedby", "font-family", "href", "paint-order", "fill", "stroke", "stop-color", "clip-path"}
BUT_SCROLLED = "network-figure"  # its places do not get fewer
HALF_A_LETTER = 3.0


@pytest.fixture(scope="module")
def figures(kor: Snapshot) -> list[Figure]:
    return [block for block in brief(kor, as_of=AS_OF).blocks() if isinstance(block, Figure)]


@pytest.fixture(scope="module")
def drawings(figures: list[Figure]) -> dict[tuple[str, Lang, int], ElementTree.Element]:
    """Every figure of the brief in both languages and widths, read as XML."""
    made = {}
    for figure in figures:
        for lang in LANGUAGES:
            for width in WIDTHS:
                made[figure.id, lang, width] = read(figure_svg.figure_svg(figure, lang, width=width, href=lambda ref: f"/records/{ref}"))
    return made


def read(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  # our own


def tag(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(SVG)


def test_only_what_is_allowed_is_left(drawings: dict[tuple[str, Lang, int], ElementTree.Element]) -> None:
    for name, root in drawings.items():
        tags = {tag(element) for element in root.iter()}
        assert tags <= SHAPES | HOLDERS | {"a", "title", "desc"}, name
        attributes = {attribute for element in root.iter() for attribute in element.attrib}
        assert attributes <= PLAIN | OWN, name
        assert "style" not in attributes | tags
        for element in root.iter():
            for attribute, value in element.attrib.items():
                assert "//" not in value, (name, attribute, value)
                assert "url(" not in value or value.startswith(f"url(#{root[0].get('id', '')[:-2]}"), (name, value)


def test_every_record_of_a_mark_is_linked(figures: list[Figure], drawings: dict[tuple[str, Lang, int], ElementTree.Element], kor: Snapshot) -> None:
    linked = 0
    for figure in figures:
        for lang in LANGUAGES:
            known = {ref for ref in refs_in(figure.spec(lang)) if kor.has_record(ref)}
            for width in WIDTHS:
                links = list(drawings[figure.id, lang, width].iter(f"{SVG}a"))
                assert {link.get("href") for link in links} == {f"/records/{ref}" for ref in known}
                assert all(link.findtext(f"{SVG}title") for link in links), figure.id
            linked += len(known)
    assert linked > 2000


def refs_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("ref"), str):
            yield value["ref"]
        for inner in value.values():
            yield from refs_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from refs_in(inner)


def test_a_drawing_says_what_it_is(figures: list[Figure], drawings: dict[tuple[str, Lang, int], ElementTree.Element]) -> None:
    for figure in figures:
        for lang in LANGUAGES:
            for width in WIDTHS:
                root = drawings[figure.id, lang, width]
                by_id = {element.get("id"): element.text for element in root.iter() if element.get("id")}
                assert by_id[root.get("aria-labelledby")] == figure.title.in_(lang)
                assert re.search(r"\d", str(by_id[root.get("aria-describedby")]))
                has_links = root.find(f".//{SVG}a") is not None
                assert root.get("role") == ("graphics-document document" if has_links else "img")


def test_ids_are_the_figures_own(drawings: dict[tuple[str, Lang, int], ElementTree.Element]) -> None:
    ids = [element.get("id") for root in drawings.values() for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_nothing_is_cut_off_or_too_small(drawings: dict[tuple[str, Lang, int], ElementTree.Element]) -> None:
    """Letters at least 11 px, all inside the drawing, and the drawing no wider than its place."""
    for (figure, lang, width), root in drawings.items():
        wide, high = (float(root.get(side, "0")) for side in ("width", "height"))
        assert wide <= width or figure == BUT_SCROLLED, (figure, lang, width, wide)
        for element, left, right, y in placed_texts(root):
            assert float(element.get("font-size", "0")) >= 11, (figure, lang, width)
            words = "".join(element.itertext())
            assert left >= -HALF_A_LETTER, (figure, lang, width, words, left)
            assert right <= wide + HALF_A_LETTER, (figure, lang, width, words, right, wide)
            assert -1 <= y <= high + 1, (figure, lang, width, words)
            assert not words.endswith("…"), (figure, lang, width, words)


def placed_texts(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, float, float, float]]:
    """Each line of letters that stands level, with where it begins and ends."""

    def walk(element: ElementTree.Element, x: float, y: float) -> Iterator[tuple[ElementTree.Element, float, float, float]]:
        moves = element.get("transform", "")
        for dx, dy in re.findall(r"translate\((-?[\d.]+),(-?[\d.]+)\)", moves):
            x, y = x + float(dx), y + float(dy)
        if tag(element) == "text" and "rotate" not in moves and element.get("opacity") != "0":
            size = float(element.get("font-size", "12"))
            for line in [one for one in element if tag(one) == "tspan"] or [element]:
                width = text_width("".join(part for part in (line.text or "",)), size)
                start = {"end": x - width, "middle": x - width / 2}.get(element.get("text-anchor", "start"), x)
                yield element, start, start + width, y
        for child in element:
            yield from walk(child, x, y)

    yield from walk(root, 0.0, 0.0)


def test_a_reader_gets_only_the_addresses_that_the_page_gives(figures: list[Figure]) -> None:
    figure = next(figure for figure in figures if figure.id == "exercise-strip")
    one = next(refs_in(figure.spec("en")))
    svg = figure_svg.figure_svg(figure, "en", width=900, href=lambda ref: '/r?a=1&b="' if ref == one else None)
    root = read(svg)
    assert {link.get("href") for link in root.iter(f"{SVG}a")} == {'/r?a=1&b="', None}
    assert "#ref/" not in svg
    assert "href" not in figure_svg.figure_svg(figure, "en", width=900)


def made_figure(spec: dict[str, Any], *, table: Any = None) -> Figure:
    return Figure("made", same("Made"), lambda lang: spec, same("1"), same("Source"), table=table)


def bars(values: list[dict[str, Any]], **mark: Any) -> dict[str, Any]:
    encoding = {"x": field("n", "q", None), "y": field("name", "n", None), "tooltip": tips(("name", "Name"), ("n", "Number"), ("gone", "Gone"))}
    return framed({"mark": {"type": "bar", **mark}, "encoding": encoding}, values)


def test_hostile_words_stay_words() -> None:
    bad = '</title><script>alert(1)</script>" onload="x'
    figure = made_figure(bars([{"name": bad, "n": 1, "ref": 'a:b"><script>'}, {"name": "javascript:alert(1)", "n": 2, "ref": "javascript:alert(1)"}]))
    svg = figure_svg.figure_svg(figure, "en", width=500, href=lambda ref: "/r/" + ref)
    root = read(svg)
    assert not [element for element in root.iter() if tag(element) == "script" or "onload" in element.attrib]
    assert all(str(link.get("href")).startswith("/r/") for link in root.iter(f"{SVG}a"))
    assert any(title.text == f"Name: {bad}\nNumber: 1" for title in root.iter(f"{SVG}title"))


def test_an_address_of_the_charts_own_is_dropped() -> None:
    figure = made_figure(bars([{"name": "a", "n": 1}], href="https://example.org/", tooltip=None))
    assert "example.org" not in figure_svg.figure_svg(figure, "en", width=500, href=lambda ref: "/r/" + ref)


def test_a_missing_value_has_no_line_in_the_title() -> None:
    svg = figure_svg.figure_svg(made_figure(bars([{"name": "a", "n": 1, "gone": None}])), "en", width=500)
    assert [title.text for title in read(svg).iter(f"{SVG}title")] == ["Made", "Name: a\nNumber: 1"]


def test_a_chart_made_to_be_moved_stands_still() -> None:
    """Parameters, zoom and hover take their starting values; the picture is that of the same chart without them."""
    still = bars([{"name": "a", "n": 1}, {"name": "b", "n": 3}])
    moved = still | {"params": [{"name": "grid", "select": "interval", "bind": "scales"}, {"name": "least", "value": 0, "bind": {"input": "range"}}]}
    moved["transform"] = [{"filter": "datum.n >= least"}]
    moved["encoding"] = still["encoding"] | {"opacity": {"condition": {"param": "grid", "value": 1}, "value": 0.2}}
    shapes = [[element.get("d") for element in read(figure_svg.figure_svg(made_figure(spec), "en", width=500)).iter(f"{SVG}path")] for spec in (still, moved)]
    assert [path for path in shapes[0] if path] == [path for path in shapes[1] if path]


def test_data_colours_are_legible_on_both_papers() -> None:
    for colour in {*MECHANISM.values(), *CLASS.values(), *BLOC.values(), CONFLICT}:
        for opacity in (1.0, 0.75):
            found = pair(colour, opacity=opacity)
            assert found is not None
            assert contrast(found.light, WHITE) >= MARKS - 0.02
            assert contrast(found.night, NIGHT) >= MARKS - 0.02
        letters = pair(colour, letters=True)
        assert letters is not None
        assert min(contrast(letters.light, WHITE), contrast(letters.night, NIGHT)) >= 4.48


def test_a_scale_keeps_its_order_on_dark_paper() -> None:
    pale, strong = pair("rgb(207, 225, 242)"), pair("rgb(10, 74, 144)")
    assert pale is not None
    assert strong is not None
    assert contrast(pale.light, WHITE) < contrast(strong.light, WHITE)
    assert contrast(pale.night, NIGHT) < contrast(strong.night, NIGHT)


def test_a_tint_is_not_taken_for_the_full_colour() -> None:
    assert is_tint("#f2c46d")
    assert not is_tint(MECHANISM["exercises"])
    spec = bars([{"name": "a", "n": 1}], color="#f2c46d")
    path = next(one for one in read(figure_svg.figure_svg(made_figure(spec), "en", width=500)).iter(f"{SVG}path") if "f2c46d" in one.get("fill", ""))
    assert path.get("stroke") != path.get("fill")


def test_letters_and_lines_follow_the_page(page: Document) -> None:
    figure = next(block for block in page.blocks() if isinstance(block, Figure))
    svg = figure_svg.figure_svg(figure, "en", width=WIDTH)
    assert 'fill="var(--soft, #5a626b)"' in svg
    assert 'fill="var(--soft, #a9b2bc)"' in figure_svg.figure_svg(figure, "en", width=WIDTH, dark=True)
    assert "var(" not in figure_file(figure, "en", width=WIDTH)


def test_a_picture_to_take_away(page: Document) -> None:
    figure = next(block for block in page.blocks() if isinstance(block, Figure))
    png = figure_png(figure, "ko", width=480)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 960
    assert figure_png(figure, "en", width=480) != png


def test_the_numbers_behind_are_in_both_languages(page: Document) -> None:
    figure = next(block for block in page.blocks() if isinstance(block, Figure))
    assert figure_rows(figure) == [["Year", "연도", "Count", "건수", "records"], ["2001", "2001", 1, 1, "agreement:a0"]]
    rows = figure_rows(made_figure(bars([{"name": "a", "n": 1}, {"name": "b", "n": 2, "ref": "x:y"}])))
    assert rows == [["lang", "name", "n", "ref"], ["en", "a", 1, ""], ["en", "b", 2, "x:y"], ["ko", "a", 1, ""], ["ko", "b", 2, "x:y"]]


def test_threads_draw_what_one_draws() -> None:
    drawing.warm()
    made = [made_figure(bars([{"name": f"name {at}", "n": at}])) for at in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda figure: figure_svg._for_page(figure.spec("en"), 500, WORDS, "f", dark=False, linked=True), made))
    assert together == [figure_svg._for_page(figure.spec("en"), 500, WORDS, "f", dark=False, linked=True) for figure in made]


WORDS = figure_svg.figure_clean.Words("t", "d")


def test_the_same_figure_is_drawn_once(page: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = next(block for block in page.blocks() if isinstance(block, Figure))
    first = figure_svg.figure_svg(figure, "en", width=444, href=lambda ref: None)
    monkeypatch.setattr(drawing, "drawn", lambda spec: pytest.fail("drawn again"))
    assert figure_svg.figure_svg(figure, "en", width=444, href=lambda ref: None) == first
    with pytest.raises(pytest.fail.Exception):
        figure_svg.figure_svg(figure, "en", width=445, href=lambda ref: None)


def test_names_on_the_network_give_way_to_each_other() -> None:
    near = [
        {"name": name, "label": name, "score": score, "x": x, "y": 50.0}
        for name, score, x in (("Singapore", 20, 0.0), ("Thailand", 30, 9.0), ("Vietnam", 10, 18.0))
    ]
    sides = [node["side"] for node in network.with_sides(near)]
    assert sides == ["below", "above", "below"]
    alone = network.with_sides([node | {"x": 40.0 * at} for at, node in enumerate(near)])
    assert {node["side"] for node in alone} == {"above"}


def test_long_names_take_two_lines_on_a_telephone() -> None:
    long = "Combined Forces Command and its subordinate component commands"
    svg = figure_svg.figure_svg(made_figure(bars([{"name": long, "n": 1}])), "en", width=360)
    lines = [line.text for line in read(svg).iter(f"{SVG}tspan")]
    assert len(lines) > 1
    assert " ".join(map(str, lines)) == long
