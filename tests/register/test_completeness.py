"""What a record should say in its state, and what waits for somebody: rules on hand-made records, and the same after edits as made anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from comity.register.completeness import NEEDS, expectations, field_label, gaps
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.register.waiting import findings_open, plans_unresolved, promises_overdue, unlooked_at
from comity.vocab.kinds import kinds

Tiny = Callable[..., Snapshot]
DAY = date(2026, 11, 28)
FULL = {
    "title_ko": "훈련",
    "series": "s",
    "participants": "KOR;USA",
    "exercise_types": "FTX",
    "end": "2020",
    "personnel": "5",
    "lead": "KOR",
    "place_en": "Sea",
    "place_ko": "바다",
}


def exercise(name: str, **cells: Any) -> dict[str, Any]:
    return {"id": name, "title_en": name, "start": "2020-01-01", "status": "conducted"} | FULL | cells


def missing(snapshot: Snapshot, kind: str, record: str) -> set[tuple[str, str]]:
    return set(gaps(snapshot, kind, as_of=DAY).filter(pl.col("id") == record).select("need", "field").iter_rows())


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({}, set()),
        ({"end": None}, {("expected", "end")}),
        ({"personnel": None}, {("expected", "personnel|personnel_by_actor")}),
        ({"personnel": None, "personnel_by_actor": "KOR:5"}, set()),
        ({"end": None, "status": "cancelled", "summary_en": "Rain.", "summary_ko": "비"}, set()),
        ({"participants": None}, {("required", "participants")}),
        ({"place_ko": None}, {("translation", "place_ko")}),
        ({"source": "unsourced"}, {("source", "source")}),
        ({"end": None, "count_as": "double"}, set()),
        ({"source": "unsourced", "count_as": "double"}, {("source", "source")}),
    ],
)
def test_an_exercise_should_say_what_its_state_calls_for(tiny: Tiny, cells: dict[str, Any], wanted: set[tuple[str, str]]) -> None:
    assert missing(tiny({"exercise": [exercise("a", **cells)]}), "exercise", "a") == wanted


def test_an_agreement_is_asked_for_its_terms_while_it_stands_and_for_its_end_afterwards(tiny: Tiny) -> None:
    said = {"title_en": "A", "title_ko": "가", "agreement_type": "logistics", "parties": "KOR;USA", "in_force": "2000"}
    rows = [
        said | {"id": "stands"},
        said | {"id": "over", "ended": "2010"},
        said | {"id": "later", "in_force": "2027"},
        said | {"id": "ends", "ended": "2026-11-28"},
    ]
    snapshot = tiny({"agreement": rows})
    terms = {("expected", name) for name in ("text_public|secret_text|text_url", "term|expires|renewal|term_text_en", "notice|notice_text_en")}
    assert missing(snapshot, "agreement", "stands") == terms
    assert missing(snapshot, "agreement", "over") == {("expected", "end_reason_en")}
    assert missing(snapshot, "agreement", "later") == set()
    assert missing(snapshot, "agreement", "ends") == terms  # its last day is today


def test_a_meeting_without_a_state_was_held(tiny: Tiny) -> None:
    said = {"series": "s", "level": "minister", "parties": "KOR;USA"}
    rows = [
        said | {"id": "held", "start": "2026-11-27"},
        said | {"id": "today", "start": "2026-11-28"},
        said | {"id": "off", "start": "2020", "status": "cancelled"},
    ]
    snapshot = tiny({"dialogue": rows})
    assert {field for _, field in missing(snapshot, "dialogue", "held")} == {"outcome_en|communique", "place_en"}
    assert missing(snapshot, "dialogue", "today") == missing(snapshot, "dialogue", "off") == set()


def test_every_rule_names_fields_of_its_kind_and_has_labels() -> None:
    assert set(expectations()) <= set(kinds())
    for name, rules in expectations().items():
        for rule in rules:
            for fields in rule.fields:
                assert field_label(kinds()[name], "|".join(fields)).ko
    assert all(text.en and text.ko for text in NEEDS.values())


def test_gaps_after_edits_are_those_that_would_be_found_anew(tiny_register: Callable[..., Register]) -> None:
    register = tiny_register({"exercise": [exercise("a"), exercise("b", end=None)]})
    snapshot = register.snapshot()
    gaps(snapshot, as_of=DAY)
    for name, cells in (("b", {"end": "2020-02"}), ("a", {"lead": None}), ("c", {"personnel": None}), ("a", {"count_as": "double"})):
        row = exercise(name, source="s", confidence="high", entered_at="2026-01-01", marking="public", **cells)
        register = register.with_rows({"exercise": pl.DataFrame([row], schema_overrides=dict.fromkeys(row, pl.String))})
        snapshot = snapshot.after(register, {"exercise": [name]})
        assert gaps(snapshot, as_of=DAY).equals(gaps(register.snapshot(), as_of=DAY))


# --- what waits ----------------------------------------------------------------------------------------------------------------------


def test_promises_plans_and_findings_wait_from_their_last_possible_day(tiny: Tiny) -> None:
    promise = {"by": "KOR", "to": "USA", "what_en": "Report", "promised": "2025", "status": "open"}
    rows = {
        "commitment": [
            promise | {"id": "past", "due": "2026-10"},
            promise | {"id": "month", "due": "2026-11"},
            promise | {"id": "kept", "due": "2026", "done": "2026-01", "status": "done"},
        ],
        "exercise": [exercise("gone", status="planned", start="2026-11-01", end="2026-11-20"), exercise("year", status="planned", start="2026", end=None)],
        "dialogue": [{"id": "talk", "series": "s", "start": "2026-09", "status": "planned", "parties": "KOR;USA"}],
        "finding": [{"id": "doubt", "what_en": "?", "settlement": "marked"}, {"id": "settled", "what_en": "?", "settlement": "kept"}],
    }
    snapshot = tiny(rows)
    assert promises_overdue(snapshot, DAY).rows() == [("commitment", "past", date(2026, 10, 31))]
    assert plans_unresolved(snapshot, DAY).rows() == [("dialogue", "talk", date(2026, 9, 30)), ("exercise", "gone", date(2026, 11, 20))]
    assert findings_open(snapshot, DAY).rows() == [("finding", "doubt", date(2026, 1, 1))]


def test_states_that_go_on_are_to_be_looked_at_again(tiny: Tiny) -> None:
    stands = {"title_en": "A", "agreement_type": "logistics", "parties": "KOR;USA", "in_force": "2000", "entered_at": "2024-01-01"}
    rows = {
        "agreement": [
            stands | {"id": "old"},
            stands | {"id": "told"},
            stands | {"id": "over", "ended": "2010"},
            stands | {"id": "fresh", "entered_at": "2026-01-01"},
        ],
        "claim": [
            {"id": "c", "record_kind": "agreement", "record": "told", "field": "term", "value": "P1Y", "status": "competing", "entered_at": "2026-02-01"}
        ],
    }
    assert unlooked_at(tiny(rows), DAY).rows() == [("agreement", "old", date(2024, 1, 1))]
