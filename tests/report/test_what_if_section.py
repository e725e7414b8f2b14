"""What-if in the brief: verdicts, forest, months, calendars and warnings, in both languages, each with its records."""

from __future__ import annotations

import json
from datetime import date

import pytest

from comity.register.snapshot import Snapshot
from comity.report.context import Context
from comity.report.document import Block, Figure, Num, Paragraph, Table
from comity.report.sections.what_if import what_if_blocks
from comity.report.static_charts import figure_svg
from comity.vocab.text import LANGUAGES


@pytest.fixture(scope="module")
def blocks(kor: Snapshot) -> list[Block]:
    return what_if_blocks(Context(kor, "KOR", date(2026, 11, 22)))


def test_every_scenario_has_its_verdict_and_its_months(blocks: list[Block]) -> None:
    verdicts = [block.line[0] for block in blocks if isinstance(block, Paragraph) and not block.small]
    assert len(verdicts) == 3
    assert all("direction" in str(part) for part in verdicts)
    figures = {block.id: block for block in blocks if isinstance(block, Figure)}
    assert set(figures) == {"what-if-forest", "what-if-no-late-summer-exercise", "what-if-spring-exercise-in-april", "what-if-talks-in-march"}
    assert figures["what-if-forest"].title.en.endswith("of 15 comparisons")
    assert "후반기" in figures["what-if-no-late-summer-exercise"].title.ko
    assert all(figure.records for figure in figures.values())


def test_figures_draw_in_both_languages(blocks: list[Block]) -> None:
    for figure in (block for block in blocks if isinstance(block, Figure)):
        for lang in LANGUAGES:
            spec = json.dumps(figure.spec(lang), ensure_ascii=False)
            assert ("변경 전" in spec) == (lang == "ko" and figure.id != "what-if-forest")
            assert "NaN" not in spec
        assert "<svg" in figure_svg(figure, "ko")


def test_tables_link_to_records_and_show_both_calendars(blocks: list[Block], kor: Snapshot) -> None:
    tables = {block.id: block for block in blocks if isinstance(block, Table)}
    forest = next(block for block in blocks if isinstance(block, Figure) and block.id == "what-if-forest")
    assert forest.table is not None
    assert all(any(isinstance(cell, Num) and cell.records for cell in row) for row in forest.table.rows)
    calendars = tables["what-if-calendars"]
    states = [str(row[4]) for row in calendars.rows]
    assert {"kept", "not held", "moved", "added"} == set(states)
    assert any(row[3] is None for row in calendars.rows)
    warned = [row[1] for row in tables["what-if-range"].rows]
    assert len(warned) == len({str(getattr(cell, "text", cell)) for cell in warned})
    assert all(kor.has_record(ref) for row in calendars.rows for cell in row if isinstance(cell, Num) for ref in cell.records)


def test_a_day_whose_calendar_lacks_the_exercises_leaves_those_scenarios_out(kor: Snapshot) -> None:
    """In 2017 neither of the present exercises was held under its name: only the talks fit."""
    context = Context(kor, "KOR", date(2017, 12, 31))
    assert list(context.what_if) == ["talks-in-march"]
