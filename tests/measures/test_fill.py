"""Fill: the share is that of a hand count, and thin inputs are named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.measures.fill import ENOUGH, fill, filled, not_enough
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds
from comity.vocab.text import Text


@settings(deadline=None, max_examples=50)
@given(numbers=st.lists(st.one_of(st.none(), st.integers(-5, 5)), min_size=1), data=st.data())
def test_the_share_is_that_of_a_count_by_hand(numbers: list[int | None], data: st.DataObject) -> None:
    listed = data.draw(st.lists(st.one_of(st.none(), st.lists(st.text(max_size=2), max_size=2)), min_size=len(numbers), max_size=len(numbers)))
    frame = pl.DataFrame({"n": numbers, "list": listed}, schema={"n": pl.Int64, "list": pl.List(pl.String)})
    by_hand = sum(value is not None for value in numbers) + sum(bool(value) for value in listed)
    assert abs(filled(frame, ["n", "list"]) - by_hand / (2 * len(numbers))) < 1e-12


def test_zero_and_false_are_values() -> None:
    assert filled(pl.DataFrame({"n": [0, None], "flag": [False, True]}), ["n", "flag"]) == 0.75


def test_no_cells_are_no_filling() -> None:
    assert filled(pl.DataFrame({"n": []}), ["n"]) == 0.0
    assert filled(pl.DataFrame({"n": [1]}), []) == 0.0


def test_every_field_of_every_kind_with_records_has_its_row(tiny: Callable[..., Snapshot]) -> None:
    snapshot = tiny({"exercise": [{"id": "a", "title_en": "A", "personnel": "100"}, {"id": "b", "title_en": "B", "count_as": "total"}]}, until=date(2020, 5, 1))
    answer = fill(snapshot)
    rows = {(kind, field): (share, records, required) for kind, field, share, records, required in answer.rows.iter_rows()}
    assert answer.as_of == date(2020, 5, 1)
    assert rows["exercise", "personnel"] == (0.5, 2, False)
    assert rows["exercise", "title_en"] == (1.0, 2, True)
    assert [field for kind, field in rows if kind == "exercise"] == [field.name for field in kinds()["exercise"].fields]
    assert "agreement" not in {kind for kind, _ in rows}
    assert kinds()["agreement"].plural_label.ko in answer.notes[0].ko


def test_without_a_last_day_the_latest_entry_stands(tiny: Callable[..., Snapshot]) -> None:
    rows = [{"id": "a", "title_en": "A", "entered_at": "2031-02-03"}, {"id": "b", "title_en": "B", "entered_at": "2030-01-01"}]
    assert fill(tiny({"exercise": rows})).as_of == date(2031, 2, 3)


def test_the_sentence_names_share_and_bar() -> None:
    text = not_enough(Text("people", "인적 교류"), 0.12)
    assert "12 %" in text.en
    assert f"{100 * ENOUGH:.0f}%" in text.ko


def test_what_the_shipped_register_fills(kor: Snapshot) -> None:
    rows = {(kind, field): share for kind, field, share in fill(kor).rows.select("kind", "field", "filled").iter_rows()}
    assert rows["event", "event_class"] == 1.0
    assert 0.6 < rows["poll_answer", "n"] < 0.9
    assert rows["poll_answer", "margin"] < ENOUGH
    table = kor.table("event")
    assert abs(rows["event", "number"] - table["number"].is_not_null().sum() / table.height) < 1e-12
