"""The watch list: each kind of item on a hand-made register, and what the shipped one has coming."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from comity.measures.watch import WatchSettings, watch
from comity.register.register import Register
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
TODAY = date(2026, 11, 22)


def agreement(**cells: str) -> dict[str, Any]:
    return {"id": "a", "title_en": "a", "agreement_type": "other", "parties": "KOR;JPN", "signed": "2016-11-23"} | cells


def series(**cells: str) -> dict[str, Any]:
    return {"id": "s", "title_en": "s", "title_ko": "s", "participants": "KOR;USA", "frequency": "annual", "status": "active", "collection": "false"} | cells


def edition(start: str, **cells: str) -> dict[str, Any]:
    base = {"id": f"e{start}", "series": "s", "title_en": "e", "participants": "KOR;USA", "exercise_types": "FTX", "status": "conducted"}
    return base | {"start": start} | cells


def items(snapshot: Snapshot, day: date = TODAY, **asked: Any) -> list[tuple[str, date, str]]:
    return watch(snapshot, as_of=day, **asked).rows.select("item", "due", "ref").rows()


def test_notice_and_renewal_of_an_agreement_that_renews_itself(tiny: Tiny) -> None:
    snapshot = tiny({"agreement": [agreement(term="P1Y", renewal="automatic", notice="P90D")]})
    expected = [
        ("notice", date(2026, 8, 24), "agreement:a"),
        ("renewal", date(2026, 11, 23), "agreement:a"),
        ("anniversary", date(2026, 11, 23), "agreement:a"),
    ]
    assert items(snapshot, date(2026, 8, 1)) == sorted(expected, key=lambda item: (item[1], item[0]))
    assert items(snapshot, date(2026, 8, 1), days=22) == []
    assert items(snapshot, date(2026, 8, 24), days=0) == expected[:1]
    assert items(snapshot, date(2026, 8, 25), days=89) == []


def test_an_expiry_on_a_day_or_within_a_year(tiny: Tiny) -> None:
    exact = watch(tiny({"agreement": [agreement(expires="2026-12-31")]}), as_of=date(2026, 12, 1), days=60).rows
    assert exact.select("item", "due", "days_left", "what_ko").rows() == [("expiry", date(2026, 12, 31), 30, "유효 기간 만료")]
    vague = watch(tiny({"agreement": [agreement(expires="2026")]}), as_of=date(2026, 12, 1), days=60).rows
    assert vague["what_en"].to_list() == ["its term ends by this day; it may end from 1 Jan 2026 on"]


def test_the_last_mandate_of_a_deployment(tiny: Tiny) -> None:
    deployment = {"id": "d", "mission_en": "m", "unit_en": "u", "framework": "UN", "deployment_type": "pko", "countries": "LBN", "start": "2020-01-01"}
    mandates = [
        {"id": f"m{year}", "deployment": "d", "act": "extension", "date": f"{year}-12-01", "until": f"{year + 1}-12-31", "document_en": f"Extension {year}"}
        for year in (2024, 2025)
    ]
    snapshot = tiny({"deployment": [deployment], "mandate": mandates})
    rows = watch(snapshot, as_of=TODAY).rows
    assert rows.select("item", "due", "ref", "records").rows() == [("mandate", date(2026, 12, 31), "deployment:d", ["deployment:d", "mandate:m2025"])]
    assert [item for item, *_ in items(snapshot, date(2025, 11, 1))] == ["mandate"]


def test_a_resolution_stands_beside_the_consent_and_what_is_over_is_work(tiny: Tiny) -> None:
    deployment = {"id": "d", "mission_en": "m", "unit_en": "u", "framework": "UN", "deployment_type": "pko", "countries": "LBN", "start": "2020-01-01"}
    consent = {"id": "c", "deployment": "d", "act": "consent", "date": "2024-12-01", "until": "2025-12-31", "document_en": "Consent"}
    resolution = {"id": "r", "deployment": "d", "act": "resolution", "date": "2025-08-28", "until": "2026-12-31", "document_en": "Resolution"}
    answer = watch(tiny({"deployment": [deployment], "mandate": [consent, resolution]}, featured=["UN"]), as_of=TODAY)
    assert answer.rows.select("item", "what_en").rows() == [("mandate", "the United Nations' mandate ends: Resolution")]
    work = answer.tables["work"].select("item", "featured", "last_evidence", "records").rows()
    assert work == [("mandate_over", True, date(2025, 12, 31), ["deployment:d", "mandate:c"])]


def test_anniversaries_are_round_and_known_to_the_day(tiny: Tiny) -> None:
    rows = [agreement(id="ten", signed="2017-01-01"), agreement(id="eleven", signed="2016-01-01"), agreement(id="vague", signed="2017")]
    assert items(tiny({"agreement": rows})) == [("anniversary", date(2027, 1, 1), "agreement:ten")]
    held = {"exercise_series": [series(first_held="2007-03-01", last_held="..")]}
    assert items(tiny(held)) == [("anniversary", date(2027, 3, 1), "exercise_series:s")]


def test_an_edition_is_overdue_after_one_and_a_half_cycles(tiny: Tiny) -> None:
    held = [edition("2024-03-01"), edition("2025-03-01")]
    snapshot = tiny({"exercise_series": [series()], "exercise": held})
    assert items(snapshot, date(2026, 8, 30)) == []  # 547 days
    assert items(snapshot, date(2026, 9, 1)) == [("overdue", date(2026, 3, 1), "exercise_series:s")]
    assert items(snapshot, date(2024, 9, 1)) == []
    cancelled = tiny({"exercise_series": [series()], "exercise": [*held, edition("2026-03-01", status="cancelled")]})
    assert [item for item, *_ in items(cancelled, date(2026, 9, 1))] == ["overdue"]


@pytest.mark.parametrize("cells", [{"status": "ended", "last_held": "2025-03-01"}, {"frequency": "irregular"}, {"collection": "true"}, {"participants": "USA"}])
def test_what_has_no_rhythm_is_never_overdue(tiny: Tiny, cells: dict[str, str]) -> None:
    assert items(tiny({"exercise_series": [series(**cells)], "exercise": [edition("2025-03-01")]}), date(2028, 1, 1)) == []


def test_meetings_are_watched_too_and_a_dead_series_becomes_work(tiny: Tiny) -> None:
    meeting = {"id": "d", "series": "s", "level": "minister", "parties": "KOR;USA", "start": "2010-05-01", "status": "held"}
    forum = series(level="minister", multilateral="false")
    snapshot = tiny({"dialogue_series": [forum], "dialogue": [meeting]})
    assert [item for item, *_ in items(snapshot, date(2012, 5, 1))] == ["overdue"]
    assert items(snapshot) == []
    assert watch(snapshot, as_of=TODAY).tables["work"]["item"].to_list() == ["forgotten_series"]


def test_unknown_terms_terms_that_are_over_and_stale_facts_are_work(tiny: Tiny) -> None:
    rows = [agreement(id="over", term="P2Y"), agreement(id="unknown", parties="KOR;USA"), agreement(id="known", renewal="indefinite", attested="2025")]
    source = {"id": "s", "title": "s", "source_type": "other", "marking": "public", "published": "2017"}
    answer = watch(tiny({"agreement": rows, "source": [source]}, featured=["USA"]), as_of=TODAY)
    work = answer.tables["work"].select("item", "ref", "featured", "last_evidence").rows()
    assert work == [
        ("stale", "agreement:unknown", True, date(2017, 12, 31)),
        ("unknown_term", "agreement:unknown", True, None),
        ("term_over", "agreement:over", False, None),
    ]
    assert answer.settings["term_known_share"] == pytest.approx(2 / 3, abs=1e-4)


def test_a_fact_without_any_dated_source_is_called_undated(tiny: Tiny) -> None:
    work = watch(tiny({"agreement": [agreement(renewal="indefinite")]}, featured=["JPN"]), as_of=TODAY).tables["work"]
    assert work["item"].to_list() == ["undated"]
    young = watch(tiny({"agreement": [agreement(renewal="indefinite", signed="2024-01-01")]}, featured=["JPN"]), as_of=TODAY).tables["work"]
    assert young.height == 0


def test_the_notice_day_of_august_2026(kor: Snapshot) -> None:
    rows = watch(kor, as_of=date(2026, 8, 1), days=60).rows.filter(pl.col("item") == "notice")
    assert rows.select("due", "days_left", "ref", "what_en").rows() == [
        (date(2026, 8, 24), 23, "agreement:kor-jpn-gsomia-2016", "last day for notice (90 days) to end it on 22 Nov 2026")
    ]


def test_the_shipped_register_says_how_little_it_knows_of_terms(kor: Snapshot) -> None:
    answer = watch(kor, as_of=TODAY)
    assert 0 < answer.settings["term_known_share"] < 0.3
    assert f"{answer.settings['term_known_share']:.0%}" in answer.notes[0].en
    assert answer.rows["due"].is_sorted()
    dated = answer.rows.filter(pl.col("item") != "overdue")
    assert dated["days_left"].is_between(0, 365).all()
    assert {"unknown_term", "term_over", "stale", "undated"} <= set(answer.tables["work"]["item"])
    assert all(kor.has_record(ref) for refs in answer.rows["records"] for ref in refs)


def test_other_round_years_can_be_asked(tiny: Tiny) -> None:
    snapshot = tiny({"agreement": [agreement(signed="2015-12-01")]})
    answer = watch(snapshot, as_of=TODAY, settings=WatchSettings(round_years=(11,)))
    assert answer.rows["what_ko"].to_list() == ["서명 11주년"]


def test_a_register_cut_at_a_day_gives_the_same_as_that_day(kor_register: Register, kor: Snapshot) -> None:
    tables, at = dict(kor_register.tables), "2022-12-31"
    for kind in ("exercise", "dialogue", "agreement_period", "deployment"):
        tables[kind] = tables[kind].filter(pl.col("start") <= at)
    for kind, field in (("agreement_period", "end"), ("deployment", "end"), ("exercise_series", "last_held"), ("dialogue_series", "last_held")):
        tables[kind] = tables[kind].with_columns(pl.when(pl.col(field) > at).then(pl.lit("..")).otherwise(field).alias(field))
    signed = pl.coalesce("signed", "in_force", "attested") <= at
    ended = pl.when((pl.col("ended") > at) | (pl.col("attested") > at)).then(pl.lit("..")).otherwise("ended")
    tables["agreement"] = tables["agreement"].filter(signed).with_columns(ended=ended, attested=pl.when(pl.col("attested") <= at).then("attested"))
    part = watch(Register(kor_register.path, kor_register.settings, tables).snapshot(), as_of=date(2022, 12, 31))
    whole = watch(kor, as_of=date(2022, 12, 31))
    assert whole.rows.height > 10
    assert whole.rows.equals(part.rows)
    assert whole.settings == part.settings
