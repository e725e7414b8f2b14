"""Sections that boards add to the brief: calendars, promises, offices, the notice clock, other weights. Numbers lead to records; words are in both languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import comity
from comity.measures.tie_settings import MECHANISMS
from comity.report.context import Context
from comity.report.document import Document, Section, Table, cell_text
from comity.report.sections.calendar import coming, life_cycle, meetings, span_words
from comity.report.sections.commitments import commitments
from comity.report.sections.notice_clock import notice_clock, urgency
from comity.report.sections.offices import offices
from comity.report.sections.weighing import shares, weighing
from comity.vocab.text import same
from small_package import SmallPackage

DAY = date(2026, 11, 25)


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    package = SmallPackage(tmp_path / "small")
    package.edit("commitment", "late-one", what_en="Late one", what_ko="늦은 것", due="2026-10-31", done="", status="open")
    snapshot = comity.load(package.write()).snapshot("public")
    return Context(snapshot, "KOR", DAY)


def table(section: Section, name: str) -> Table:
    return next(block for block in section.blocks if isinstance(block, Table) and block.id == name)


def test_every_section_speaks_both_languages_and_names_visible_records(context: Context) -> None:
    sections = [coming(context), life_cycle(context), meetings(context), commitments(context), notice_clock(context), *offices(context), *weighing(context, {})]
    document = Document("x", same("x"), same(""), DAY, "KOR", context.snapshot, tuple(sections))
    for number in document.numbers():
        assert number.text.en
        assert number.text.ko
        assert all(context.snapshot.has_record(ref) for ref in number.records)
    for block in document.blocks():
        if isinstance(block, Table):
            assert all(len(row) == len(block.columns) for row in block.rows), block.id
    assert len({block.id for block in document.blocks() if isinstance(block, Table)}) == sum(isinstance(block, Table) for block in document.blocks())


def test_days_are_written_as_precisely_as_they_are_known() -> None:
    assert span_words(date(2027, 3, 1), date(2027, 3, 31), exact=False).en == "Mar 2027"
    assert span_words(date(2027, 1, 1), date(2027, 12, 31), exact=False).ko == "2027년"
    assert span_words(date(2027, 3, 1), date(2027, 3, 4), exact=True).en == "1 Mar 2027 – 4 Mar 2027"
    assert span_words(date(2027, 3, 1), date(2027, 3, 1), exact=True).ko == "2027년 3월 1일"
    assert span_words(date(2027, 3, 1), date(2027, 5, 31), exact=False).en == "Mar 2027 – May 2027"


def test_the_most_pressing_promise_stands_first(context: Context) -> None:
    rows = table(commitments(context), "commitments-open").rows
    assert cell_text(rows[0][0], "en") == "Overdue"
    assert "Late one" in [cell_text(row[3], "en") for row in rows]
    assert table(commitments(context, "JPN"), "commitments-open").rows == ()


@pytest.mark.parametrize(("days", "name"), [(-1, "past"), (0, "now"), (30, "now"), (31, "soon"), (90, "soon"), (365, "year"), (366, "later")])
def test_urgency_has_a_word_for_every_number_of_days(days: int, name: str) -> None:
    assert urgency(days)[0] == name


def test_weights_are_shares_of_the_seven_mechanisms() -> None:
    told = shares({"exercises": 0, "agreements": 100})
    assert set(told) == set(MECHANISMS)
    assert abs(sum(told.values()) - 1) < 1e-9
    assert told["exercises"] == 0
    assert shares({}) == pytest.approx(shares({"visits": 6}))


def test_a_mechanism_without_weight_moves_whoever_rests_on_it(context: Context) -> None:
    """Under agreements alone a partner with a treaty stands before one with none."""
    alone = dict.fromkeys(MECHANISMS, 0.0) | {"agreements": 100.0}
    rows = table(weighing(context, alone)[0], "ranks").rows
    assert cell_text(rows[0][2], "en") == "United States"
    nothing = table(weighing(context, {})[0], "ranks").rows
    assert all(cell_text(row[1], "en") == "=" for row in nothing if row[1] is not None)  # the shipped weights move nobody
