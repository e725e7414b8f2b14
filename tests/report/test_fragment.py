"""Fragments for the desk: every number at the page's addresses, figures without style or script, tables that a keyboard reaches."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from comity.register.snapshot import Snapshot
from comity.report.brief import brief
from comity.report.document import Column, Document, Figure, Num, Paragraph, Section, Table
from comity.report.fragment import behind, block_html, block_rows, section_html
from comity.vocab.text import LANGUAGES, Lang, Text, same

AS_OF = date(2026, 11, 22)
VOID = {"br", "img", "input", "link", "meta", "hr"}


def html(document: Document, section: str, lang: Lang = "en", **more: object) -> str:
    return section_html(
        document,
        section,
        lang,
        record_href=lambda ref: f"/records/{ref}",
        behind_href=lambda n: f"/behind/{n}",
        figure_href=lambda block, form: f"/figures/{block}.{form}",
        **more,  # type: ignore[arg-type]
    )


class Page(HTMLParser):
    """Elements with their attributes, and whether tags are balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_strict_policy_refuses_nothing(page: Document, lang: Lang) -> None:
    for section in page.sections:
        told = Page(html(page, section.id, lang))
        assert not told.open
        for tag, attributes in told.elements:
            assert tag not in ("script", "style", "foreignobject", "iframe", "image", "use")
            assert not [name for name in attributes if name == "style" or name.startswith("on")]
            assert all(value.startswith(("/", "#")) for name, value in attributes.items() if name in ("href", "src"))


def test_numbers_lead_to_their_record_or_to_the_list_of_them(page: Document) -> None:
    told = html(page, "words")
    links = re.findall(r'<a class="n" href="([^"]+)">([^<]+)</a>', told)
    assert ("/records/agreement:a0", "+3") in links
    several = {words: href for href, words in links if href.startswith("/behind/")}
    assert behind(page, int(several["1,234.5"].rpartition("/")[2])) == ["agreement:a0", "agreement:a1", "agreement:a2"]
    assert behind(page, int(several["1,234"].rpartition("/")[2])) == ["agreement:a0", "agreement:a1"]


def test_sets_have_the_same_numbers_in_every_language_and_section(page: Document) -> None:
    found = {lang: [re.findall(r'href="(/behind/\d+)"', html(page, section.id, lang)) for section in page.sections] for lang in LANGUAGES}
    assert found["en"] == found["ko"]
    assert behind(page, len(page.sets)) == []
    assert behind(page, -1) == []


def test_records_that_the_snapshot_lacks_are_never_named(page: Document) -> None:
    hidden = Section("hidden", same("Hidden"), (Paragraph((Num(same("7"), ("agreement:gone",)), Num(same("8"), ("agreement:gone", "agreement:a0")))),))
    table = Table("t", same("T"), (Column(same("A")),), ((Num(same("8"), ("agreement:gone", "agreement:a0")),),))
    assert block_rows(replace(page, sections=(Section("s", same("S"), (table,)),)), "t")[1] == ["8", "8", "agreement:a0"]
    told = html(replace(page, sections=(hidden,)), "hidden")
    assert "gone" not in told
    assert told.count("<a ") == 1
    assert 'href="/records/agreement:a0">8<' in told


def test_a_figure_carries_its_words_its_numbers_and_its_files(page: Document) -> None:
    told = html(page, "drawn")
    for words in ("Counts rose every year", "Bars from 1 to 10.", "Source: by hand.", "The numbers behind it"):
        assert words in told
    for form in ("png", "svg", "csv"):
        assert f'href="/figures/bars.{form}"' in told
    assert told.count("<svg ") == 2
    ids = [attributes["id"] for _, attributes in Page(told).elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert html(page, "drawn", widths={"narrow": 320}).count("<svg ") == 1


def test_every_table_scrolls_by_keyboard_and_names_its_rows(page: Document) -> None:
    for section in page.sections:
        text = html(page, section.id)
        told = Page(text)
        assert len(told.of("table")) == len([one for one in told.of("div") if one.get("class") == "scroll" and one["tabindex"] == "0" and one["aria-label"]])
        assert all(one["scope"] in ("col", "row") for one in told.of("th"))
    assert '<th scope="row" class="left">United States</th>' in html(page, "words")
    assert 'href="/figures/long-table.csv"' in html(page, "long")


def test_a_block_alone_and_its_rows(page: Document) -> None:
    alone = block_html(page, "numbers", "ko", record_href=str, behind_href=str, figure_href=lambda block, form: f"{block}.{form}")
    assert "미국" in alone
    rows = block_rows(page, "numbers")
    assert rows[0][:4] == ["Partner", "상대국", "Tie", "강도"]
    assert rows[1][2:4] == [1234.5, 1234.5]
    assert rows[2][2:4] == ["", ""]
    assert rows[1][-1] == "agreement:a0 agreement:a1 agreement:a2"
    with pytest.raises(KeyError):
        block_rows(page, "no-such-block")


def test_hostile_words_are_only_words(page: Document) -> None:
    bad = Text('<img src=x onerror="alert(1)">', "<script>alert(1)</script>")
    told = html(replace(page, sections=(Section("bad", bad, (Paragraph((bad, Num(bad, ("agreement:a0",)))),)),)), "bad", "en")
    assert "<img" not in told
    assert "&lt;img" in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_briefs_sections_are_whole(kor: Snapshot, lang: Lang) -> None:
    document = brief(kor, as_of=AS_OF)
    numbers = 0
    for section in document.sections:
        told = Page(html(document, section.id, lang, widths={"wide": 900}))
        assert not told.open
        links = [one["href"] for one in told.of("a") if one.get("class") == "n"]
        numbers += len(links)
        for href in links:
            if href.startswith("/behind/"):
                assert len(behind(document, int(href.rpartition("/")[2]))) > 1
            else:
                assert kor.has_record(href.removeprefix("/records/"))
        figures = [block for block in section.blocks if isinstance(block, Figure)]
        assert len([one for one in told.of("a") if re.fullmatch(r"/figures/.+\.png", one["href"])]) == len(figures)
    assert numbers > 500
