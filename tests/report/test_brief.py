"""The brief: every number leads to records and sources, headlines disappear inside their interval, Korean pages are Korean."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from comity.measures.result import Result
from comity.register.snapshot import Snapshot
from comity.report.brief import brief
from comity.report.document import Document, Figure, Headline, Table, rendered
from comity.report.html import to_html
from comity.report.json import content
from comity.report.sections import summary
from comity.vocab.text import LANGUAGES, Lang

AS_OF = date(2026, 11, 22)
TRACED = 40


@pytest.fixture(scope="module")
def document(kor: Snapshot) -> Document:
    return brief(kor, as_of=AS_OF)


@pytest.fixture(scope="module")
def pages(document: Document) -> dict[Lang, str]:
    return {lang: to_html(document, lang) for lang in LANGUAGES}


class Links(HTMLParser):
    """Number links of a page, and the words outside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.words: list[str] = []
        self.outside: list[str] = []
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._skip += tag in ("script", "style")
        if tag == "a" and given.get("class") == "n":
            self.hrefs.append(str(given["href"]))
        self.outside += [str(given[name]) for name in ("src", "srcset", "data") if given.get(name)] + ([str(given["href"])] if tag == "link" else [])

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.words.append(data)


def parsed(page: str) -> Links:
    links = Links()
    links.feed(page)
    return links


def script(page: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found.group(1))


def test_forty_numbers_trace_to_record_and_source(pages: dict[Lang, str], kor: Snapshot) -> None:
    page = pages["en"]
    hrefs, book = parsed(page).hrefs, script(page, "records")
    assert len(hrefs) > 500
    for href in random.Random(20261122).sample(hrefs, TRACED):
        at = [book["index"][href[3:]]] if href.startswith("#r:") else book["sets"][int(href[3:])]
        assert at, href
        for place in at:
            entry = book["records"][place]
            record = kor.record(entry["r"])
            assert entry["t"] == record.title("en")
            source = book["sources"][entry["s"]]
            assert source["t"]
            assert record.why(record.kind.title[0])[0].source is not None


def test_every_record_behind_a_counted_tie_has_a_real_source(document: Document, kor: Snapshot) -> None:
    table = next(block for block in document.blocks() if isinstance(block, Table) and block.id == "partners-table")
    refs = {ref for row in table.rows for cell in row if hasattr(cell, "records") for ref in cell.records}
    assert len(refs) > 1000
    assert not [ref for ref in refs if kor.record(ref)["source"] == "unsourced" and not ref.startswith("partner:")]


def test_the_page_fetches_nothing(pages: dict[Lang, str]) -> None:
    for page in pages.values():
        assert parsed(page).outside == []
        style = page[page.index("<style>") : page.index("</style>")]
        assert "@import" not in style
        assert not re.search(r"url\((?!data:)", style)


def test_a_page_is_written_the_same_twice(document: Document, pages: dict[Lang, str]) -> None:
    assert to_html(document, "en") == pages["en"]


def test_the_korean_page_is_korean(pages: dict[Lang, str], kor: Snapshot) -> None:
    """No run of four or more English words but the names of publishers and polling houses, which stay as they call themselves."""
    text = " ".join(" ".join(parsed(pages["ko"]).words).split())
    names = " | ".join([*kor.sources["publisher"].drop_nulls().unique(), *kor.poll_answers["pollster"].unique()])
    runs = re.findall(r"(?:\b[A-Za-z][a-z]+\b[ ,]+){3,}\b[A-Za-z][a-z]+\b", text)
    assert [run for run in runs if run not in names] == []


def test_every_figure_says_what_it_shows(document: Document) -> None:
    for figure in (block for block in document.blocks() if isinstance(block, Figure)):
        for lang in LANGUAGES:
            assert figure.title.in_(lang)
            assert re.search(r"\d", figure.alt.in_(lang))  # it holds the numbers
            assert document.snapshot.hash[:12] in figure.source.in_(lang)
            assert figure.spec(lang)["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


def test_json_holds_every_number_with_its_records(document: Document) -> None:
    told = content(document)
    assert told["snapshot"] == document.snapshot.hash
    numbers = json.dumps(told["sections"])
    assert numbers.count('"records"') > 500
    assert set(told["results"]) >= {"tie_strength", "eras", "agreements", "pressure"}


@dataclass
class Stub:
    """A context whose changes are given."""

    snapshot: Snapshot
    changes: Result
    as_of: date = AS_OF


def changed(kor: Snapshot, low: float, high: float, *, faded: bool = False) -> Stub:
    middle = (low + high) / 2
    row = {
        "partner": "JPN",
        "difference": middle,
        "low": low,
        "high": high,
        "differs": not low <= 0 <= high,
        "by_time_alone": faded,
        "apart": False,
        "gained": ["dialogue:scm-57"],
        "lost": [],
    }
    return Stub(kor, Result("compare", AS_OF, "KOR", "", {}, pl.DataFrame([row])))


def test_a_headline_names_the_change_and_disappears_inside_the_interval(kor: Snapshot) -> None:
    told = summary._rising(changed(kor, 2.0, 6.0))  # type: ignore[arg-type]
    assert [rendered(headline.line, "en") for headline in told] == ["The tie with Japan rose by 4 points in a year (5–95 %: 2–6), on 1 new record."]
    assert summary._rising(changed(kor, -1.0, 6.0)) == []  # type: ignore[arg-type]
    assert summary._rising(changed(kor, 2.0, 6.0, faded=True)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "told"),
    [({}, 1), ({"low": 0.2}, 0), ({"unseen_days": 29}, 0), ({"verdict": "undecided"}, 0)],
    ids=["apart from the long run", "interval holds the long run", "record too old", "no better than the long run"],
)
def test_a_forecast_is_a_headline_only_where_it_says_something(kor: Snapshot, cells: dict[str, Any], told: int) -> None:
    row = {
        "class": "any",
        "horizon_days": 28,
        "probability": 0.6,
        "low": 0.4,
        "high": 0.8,
        "usual": 0.3,
        "unseen_days": 3,
        "verdict": "better",
        "records": ["event:a"],
    }
    forecast = Result("forecast", AS_OF, "KOR", "", {}, pl.DataFrame([row | cells]))
    found = summary._forecast(SimpleNamespace(snapshot=kor, forecast=forecast))  # type: ignore[arg-type]
    assert [rendered(headline.line, "en") for headline in found] == ["Any provocation within 28 days: 60 % (5–95 %: 40–80), in the long run 30 %."] * told


def test_headlines_link_to_records(document: Document) -> None:
    headlines = [block for block in document.blocks() if isinstance(block, Headline)]
    assert headlines
    for headline in headlines:
        assert any(getattr(part, "records", ()) for part in headline.line)
