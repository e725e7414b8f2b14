"""Opinion in the brief: pooled questions as figures, everything else as raw points, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from comity.register.snapshot import Snapshot
from comity.report.context import Context
from comity.report.document import Block, Figure, Num, Paragraph, Table
from comity.report.sections.opinion import pooled
from comity.report.static_charts import figure_svg
from comity.vocab.text import LANGUAGES, Lang

Tiny = Callable[..., Snapshot]
QUESTION = {"id": "q", "topic": "thaad_support", "wording_en": "For or against?", "wording_ko": "찬성인가?"}


def answer(name: str, house: str, day: str, share: str, n: str | None = "1000") -> dict[str, Any]:
    cells = {
        "id": name,
        "question": "q",
        "fielded_start": day,
        "pollster": house,
        "pollster_ko": f"기관 {house}",
        "country": "KOR",
        "answer_en": "for",
        "answer_ko": "찬성",
    }
    return cells | {"share_pct": share} | ({"n": n} if n else {})


@pytest.fixture(scope="module")
def blocks(kor: Snapshot) -> list[Block]:
    return pooled(Context(kor, "KOR", date(2026, 11, 22)))


def test_the_title_of_a_pooled_figure_is_its_finding(blocks: list[Block]) -> None:
    figure = next(block for block in blocks if isinstance(block, Figure) and block.id.startswith("opinion-"))
    assert figure.title.en.startswith("THAAD deployment in Korea, Jun 2017: support 52 % (95 %: ")
    assert "지지 52 % (95 %: " in figure.title.ko
    assert "Sample not stated" in figure.source.en
    assert "poll_answer:kbs-and-yonhap-thaad-support-kor-2017-support" in figure.records
    assert any(ref.startswith("event:") for ref in figure.records)


def test_pooled_answers_stand_in_a_table_with_their_records(blocks: list[Block]) -> None:
    table = next(block for block in blocks if isinstance(block, Table) and block.id == "pooled-table")
    assert len(table.rows) == 3
    assert all(any(isinstance(cell, Num) and cell.records for cell in row) for row in table.rows)
    assert table.note is not None
    assert "기관" in table.note.ko


def test_what_is_pooled_is_not_drawn_again_as_raw(blocks: list[Block]) -> None:
    raw = next(block for block in blocks if isinstance(block, Figure) and block.id == "polls")
    assert "thaad-deployment-in-korea" not in " ".join(raw.records)
    assert raw.title.en.startswith("246 further answers")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_are_drawn(blocks: list[Block], lang: Lang) -> None:
    for figure in (block for block in blocks if isinstance(block, Figure)):
        spec = figure.spec(lang)
        assert "NaN" not in json.dumps(spec)
        assert figure_svg(figure, lang).startswith("<svg")


def test_lines_meet_and_polls_without_a_sample_are_open(tiny: Tiny) -> None:
    polls = [answer("a", "A", "2020-01-10", "50"), answer("b", "B", "2020-02-10", "54", None), answer("c", "B", "2020-03-10", "0")]
    made = pooled(Context(tiny({"poll_question": [QUESTION], "poll_answer": polls}), "KOR", date(2020, 6, 30)))
    figure = next(block for block in made if isinstance(block, Figure))
    spec = figure.spec("ko")
    path = spec["data"]["values"]
    day = "2020-03-10"
    assert [row["carried"] for row in path if row["day"] == day] == [False, True]
    assert max(row["day"] for row in path) == "2020-06-30"
    assert [row["last"] for row in path][-1] is True
    points = next(layer["data"]["values"] for layer in spec["layer"] if layer.get("data", {}).get("values") and "share" in layer["data"]["values"][0])
    assert [(row["house"], row["assumed"], row["sample"]) for row in points] == [
        ("기관 A", False, "1,000"),
        ("기관 B", True, "미상"),
        ("기관 B", False, "1,000"),
    ]
    assert [block for block in made if isinstance(block, Figure) and block.id == "polls"] == []


def test_a_country_without_polls_gets_a_sentence(tiny: Tiny) -> None:
    made = pooled(Context(tiny({}), "KOR", date(2020, 6, 30)))
    assert [type(block) for block in made] == [Paragraph]


def test_one_house_alone_gives_points_only(tiny: Tiny) -> None:
    polls = [answer("a", "A", "2020-01-10", "50"), answer("b", "A", "2020-02-10", "54")]
    made = pooled(Context(tiny({"poll_question": [QUESTION], "poll_answer": polls}), "KOR", date(2020, 6, 30)))
    assert [block.id for block in made if isinstance(block, Figure)] == ["polls"]
