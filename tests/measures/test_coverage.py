"""Coverage: what is believed complete when, and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from comity.measures.coverage import REASONS, covered, covered_spans, covered_years
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]


def statement(scope: str, start: str | None, end: str | None, completeness: str, **more: str) -> dict[str, Any]:
    name = f"{scope}-{start}-{completeness}".replace(":", "-").replace("_", "-").lower()
    return {"id": name, "scope": scope, "start": start, "end": end, "completeness": completeness, "basis_en": "b"} | more


def meeting(name: str, start: str, series: str = "s") -> dict[str, Any]:
    return {"id": name, "series": series, "parties": "KOR;USA", "start": start, "level": "minister"}


def years(snapshot: Snapshot, scope: str, until: date = date(2030, 1, 1)) -> list[int]:
    return covered_years(covered_spans(snapshot), until).filter(pl.col("scope") == scope)["year"].to_list()


def test_years_are_those_that_a_trusted_statement_touches(tiny: Tiny) -> None:
    told = tiny({"coverage": [statement("series:s", "2001-11", "2003-02-01", "nearly_complete"), statement("series:t", "2001", "2009", "partial")]})
    assert years(told, "series:s") == [2001, 2002, 2003]
    assert years(told, "series:s", date(2002, 6, 1)) == [2001, 2002]
    assert years(told, "series:t") == []


def test_the_worse_statement_and_named_gaps_take_years_away(tiny: Tiny) -> None:
    rows = [statement("series:s", "2001", "2010", "complete", gaps="2005; 2007-2008, edition 4, 12"), statement("series:s", "2001", "2002-03", "none")]
    assert years(tiny({"coverage": rows}), "series:s") == [2003, 2004, 2006, 2009, 2010]


def test_an_unstated_bound_opens_a_distrusted_span_and_empties_a_trusted_one(tiny: Tiny) -> None:
    rows = [statement("series:s", "2001", None, "complete"), statement("series:t", "2001", "2005", "complete"), statement("series:t", "2004", None, "none")]
    assert years(tiny({"coverage": rows}), "series:s") == []
    assert years(tiny({"coverage": rows}), "series:t") == [2001, 2002, 2003]


def test_records_are_kept_on_covered_days_and_the_rest_is_counted_by_reason(tiny: Tiny) -> None:
    rows = [statement("series:s", "2001-05-01", "2005", "complete"), statement("series:t", "2001", "2005", "selective")]
    meetings = [meeting("in", "2002"), meeting("before", "2001-02"), meeting("thin", "2002", "t"), meeting("bare", "2002", "u"), meeting("late", "2006")]
    told = tiny({"coverage": rows, "dialogue": meetings})
    split = covered(told, told.counted("dialogue"), "dialogue")
    assert split.kept["id"].to_list() == ["in"]
    assert split.kept.columns == told.counted("dialogue").columns
    assert {reason: records for reason, _, records in split.left_out.iter_rows()} == {
        "outside": ["dialogue:before", "dialogue:late"],
        "thin": ["dialogue:thin"],
        "unstated": ["dialogue:bare"],
    }
    assert covered(told, told.counted("dialogue"), "dialogue", as_of=date(2005, 1, 1)).left_out["count"].sum() == 3


def test_the_narrowest_scope_decides(tiny: Tiny) -> None:
    rows = [statement("kind:dialogue", "2000", "2010", "complete"), statement("series:t", "2000", "2010", "selective")]
    told = tiny({"coverage": rows, "dialogue": [meeting("wide", "2002", "u"), meeting("narrow", "2002", "t")]})
    assert covered(told, told.counted("dialogue"), "dialogue").kept["id"].to_list() == ["wide"]
    widened = tiny({"coverage": [*rows, statement("mechanism:dialogues", "2000", "2010", "none")], "dialogue": [meeting("wide", "2002", "u")]})
    assert covered(widened, widened.counted("dialogue"), "dialogue", mechanism="dialogues").kept.is_empty()


def test_undated_instruments_are_left_out_as_undated(tiny: Tiny) -> None:
    rows = [{"id": "a", "title_en": "A", "agreement_type": "other", "parties": "KOR;USA", "attested": "2010"}]
    told = tiny({"coverage": [statement("kind:agreement", "2000", "2010", "complete")], "agreement": rows})
    assert covered(told, told.counted("agreement"), "agreement").left_out["reason"].to_list() == ["undated"]


def test_every_reason_has_words() -> None:
    assert set(REASONS) == {"undated", "unstated", "thin", "outside"}


def test_a_covered_record_always_lies_in_a_covered_year(kor: Snapshot) -> None:
    kept = covered(kor, kor.counted("exercise"), "exercise").kept
    open_years = set(covered_years(covered_spans(kor), date(2026, 11, 22)).iter_rows())
    assert all((f"series:{series}", start.year) in open_years for series, start in kept.select("series", "start_earliest").iter_rows())


def test_the_shipped_register(kor: Snapshot) -> None:
    kept = covered(kor, kor.counted("dialogue"), "dialogue").kept
    assert "scm" in kept["series"]
    assert "mcm" not in kept["series"]  # half of its meetings are missing
    events = covered(kor, kor.counted("event").filter(pl.col("event_class") == "nuclear"), "event")
    assert events.kept.height == 6
    assert 1990 not in years(kor, "series:foal-eagle")  # a gap that the statement names
    assert min(years(kor, "series:dtt")) == 2013  # the first four rounds are missing
