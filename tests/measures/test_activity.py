"""Activity: what counts, what is covered, and that unknown is never zero."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.measures.activity import MECHANISM_LABELS, activity
from comity.measures.result import Result
from comity.measures.tie_settings import MECHANISMS
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
NOW = date(2012, 7, 1)
COVERAGE = [{"id": "c", "scope": "series:s", "start": "2005", "end": "2008", "completeness": "complete", "basis_en": "b"}]


def exercise(name: str, start: str, **more: str) -> dict[str, Any]:
    return {"id": name, "title_en": name, "series": "s", "start": start, "participants": "KOR;USA", "exercise_types": "FTX", "status": "conducted"} | more


def counts(found: Result, mechanism: str = "exercises") -> dict[int, tuple[int | None, int | None]]:
    rows = found.rows.filter(pl.col("mechanism") == mechanism)
    return {year: (every, covered) for year, every, covered in rows.select("year", "all", "covered").iter_rows()}


def test_unknown_years_are_null_and_covered_years_without_acts_are_zero(tiny: Tiny) -> None:
    told = tiny({"coverage": COVERAGE, "exercise": [exercise("a", "2003"), exercise("b", "2005-03"), exercise("c", "2007"), exercise("d", "2010")]})
    found = counts(activity(told, as_of=NOW))
    assert [found[year] for year in (2003, 2004, 2005, 2006, 2009, 2010)] == [(1, None), (None, None), (1, 1), (0, 0), (None, None), (1, None)]
    assert set(found) == set(range(2003, 2013))


def test_what_was_not_held_or_signed_is_no_act(tiny: Tiny) -> None:
    exercises = [exercise("cut", "2006", status="scaled_down"), exercise("off", "2006", status="cancelled"), exercise("other", "2006", participants="USA;JPN")]
    deal = {"supplier": "USA", "recipient": "KOR", "item_en": "x", "transfer_type": "import", "signed": "2006", "status": "signed"}
    transfers = [deal | {"id": "frame"}, deal | {"id": "part", "contract_of": "frame"}, deal | {"id": "approved", "status": "approved"}]
    talk = {"series": "t", "parties": "KOR;JPN", "level": "minister", "start": "2006"}
    dialogues = [talk | {"id": "met"}, talk | {"id": "put-off", "status": "postponed"}, talk | {"id": "came", "format": "visit"}]
    paper = {"title_en": "p", "parties": "KOR;USA", "signed": "2006"}
    papers = [paper | {"id": "secret", "agreement_type": "information_security"}, paper | {"id": "memo", "agreement_type": "other"}]
    told = tiny({"exercise": exercises, "transfer": transfers, "dialogue": dialogues, "agreement": papers})
    rows = activity(told, as_of=NOW).rows.filter(pl.col("year") == 2006)
    assert dict(rows.select("mechanism", "records").iter_rows()) == {
        "agreements": ["agreement:memo"],
        "exercises": ["exercise:cut"],
        "dialogues": ["dialogue:met"],
        "deployments": [],
        "technology": ["transfer:part"],
        "information": ["agreement:secret"],
        "visits": ["dialogue:came"],
    }


def test_an_act_counts_once_a_year_and_once_for_each_partner(tiny: Tiny) -> None:
    found = activity(tiny({"coverage": COVERAGE, "exercise": [exercise("a", "2006", participants="KOR;USA;JPN")]}), as_of=NOW)
    partners = found.tables["partners"].filter(pl.col("year") == 2006)
    assert partners.select("partner", "all", "covered").rows() == [("JPN", 1, 1), ("USA", 1, 1)]
    assert found.tables["years"].filter(pl.col("year") == 2006).select("all", "covered").row(0) == (1, 1)


def test_deployments_tie_to_framework_and_area_and_only_to_home(tiny: Tiny) -> None:
    sent = {"id": "d", "mission_en": "m", "unit_en": "u", "framework": "UN", "deployment_type": "pko", "countries": "LBN", "start": "2007-07-01"}
    told = tiny({"deployment": [sent]})
    partners = activity(told, as_of=NOW).tables["partners"].filter(pl.col("all") > 0)
    assert partners["partner"].to_list() == ["LBN", "UN"]
    assert activity(told, "USA", as_of=NOW).tables["partners"].is_empty()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.dates(date(2003, 1, 1), date(2011, 12, 31)), min_size=1, max_size=8), cut=st.dates(date(2004, 1, 1), date(2011, 12, 31)), data=st.data()
)
def test_a_register_cut_at_a_day_gives_the_same_as_that_day(tiny: Tiny, days: list[date], cut: date, data: st.DataObject) -> None:
    rows = [exercise(f"e{at}", str(day)) for at, day in enumerate(days)]
    whole = activity(tiny({"coverage": COVERAGE, "exercise": data.draw(st.permutations(rows))}), as_of=cut)
    early = [row for row in rows if row["start"] <= str(cut)]
    short = [COVERAGE[0] | {"end": min(COVERAGE[0]["end"], str(cut.year))}] if cut.year >= 2005 else []
    again = activity(tiny({kind: told for kind, told in (("coverage", short), ("exercise", early)) if told}), as_of=cut)
    assert whole.rows.equals(again.rows)
    assert whole.tables["partners"].equals(again.tables["partners"])


def test_every_count_has_its_records(kor: Snapshot) -> None:
    found = activity(kor, as_of=date(2026, 11, 22))
    for frame in (found.rows, found.tables["years"], found.tables["partners"]):
        assert frame.filter(pl.col("all").is_not_null() & (pl.col("all") != pl.col("records").list.len())).is_empty()
        assert frame.filter(pl.col("covered").is_not_null() & (pl.col("covered") != pl.col("covered_records").list.len())).is_empty()
        assert frame.filter(pl.col("covered") > pl.col("all")).is_empty()
    assert all(kor.has_record(ref) for ref in found.tables["years"]["records"].explode().drop_nulls())


def test_the_shipped_register(kor: Snapshot) -> None:
    found = activity(kor, as_of=date(2026, 11, 22))
    rows = found.rows
    assert rows.filter(pl.col("mechanism").is_in(["agreements", "technology", "deployments"]))["covered"].is_null().all()
    consultative = rows.filter((pl.col("mechanism") == "dialogues") & (pl.col("year") == 1971))
    assert consultative["covered_records"].to_list() == [["dialogue:scm-4"]]
    assert rows.filter(pl.col("year") == 2026)["elapsed"].to_list() == [326 / 365] * len(MECHANISMS)
    assert len(found.notes) == 2


def test_an_empty_register_says_so(tiny: Tiny) -> None:
    found = activity(tiny({}), as_of=NOW)
    assert found.rows["all"].is_null().all()
    assert found.notes[0].en.startswith("No dated act")


def test_every_mechanism_has_words() -> None:
    assert tuple(MECHANISM_LABELS) == MECHANISMS
