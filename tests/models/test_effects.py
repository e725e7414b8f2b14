"""Effects on tiny registers by hand and on the shipped one: what enters, what is said, what is never said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from comity.measures.result import Result
from comity.models.designs.changed import changed_table, seasons_of
from comity.models.designs.conditional import dealt_anew
from comity.models.designs.data import effect_data
from comity.models.designs.settings import CALENDARS, DESIGNS, PERIODS, SETS, TREATMENTS, WINDOWS, EffectSettings
from comity.models.designs.words import EXERCISES, answers, tally, verdict
from comity.models.effects import effects
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownActor

Tiny = Callable[..., Snapshot]
DAY = date(2026, 11, 22)
QUICK = EffectSettings(draws=200)


@pytest.fixture(scope="module")
def shipped(kor: Snapshot) -> Result:
    return effects(kor, as_of=DAY, settings=QUICK)


def exercise(name: str, start: str, end: str, **cells: Any) -> dict[str, Any]:
    told = {"series": "drill", "title_en": name, "exercise_types": "FTX", "participants": "KOR;USA", "purpose": "deterrence", "status": "conducted"}
    return told | {"id": name, "start": start, "end": end} | cells


def launch(name: str, start: str, **cells: Any) -> dict[str, Any]:
    acts = {"source_actors": "PRK", "target_actors": "KOR", "event_type": "MOBILIZE", "subtype": "srbm_test", "event_class": "short_range", "summary_en": "x"}
    return acts | {"id": name, "start": start} | cells


def cover(name: str) -> dict[str, str]:
    return {"id": f"c-{name}", "scope": f"event_class:{name}", "start": "1990", "end": "2026", "completeness": "complete", "basis_en": "b"}


SERIES = [{"id": name, "title_en": name, "participants": "KOR;USA"} for name in ("drill", "great")]


def register(tiny: Tiny, provoked: bool) -> Snapshot:
    """Ten years with a March exercise of moving days; launches on its first days (`provoked`) or evenly through the year."""
    drills, acts = [], []
    for year in range(2005, 2015):
        first = date(year, 3, 1) + timedelta(days=(year * 7) % 23)
        drills.append(exercise(f"x{year}", first.isoformat(), (first + timedelta(days=9)).isoformat(), series="great"))
        days = [first, first + timedelta(days=3), first + timedelta(days=6)] if provoked else []
        days += [date(year, 1, 1) + timedelta(days=(29 * at + 11 * year) % 365) for at in range(12)]
        acts += [launch(f"e{year}-{at}", day.isoformat()) for at, day in enumerate(dict.fromkeys(days))]
    rows = {"exercise_series": SERIES, "exercise": drills, "event": acts, "coverage": [cover("short_range")]}
    return tiny(rows, main_exercises=["great"])


def one(result: Result, **asked: Any) -> dict[str, Any]:
    rows = result.rows.filter(pl.all_horizontal(pl.col(name) == value for name, value in asked.items()))
    return rows.row(0, named=True)


SHORT = {"classes": "short_range", "period": "all", "design": "rates", "treatment": "main", "window": "during"}


def test_a_strong_effect_is_found_and_said(tiny: Tiny) -> None:
    found = effects(register(tiny, provoked=True), as_of=date(2015, 12, 31), settings=QUICK)
    row = one(found, **SHORT, calendar="year_two_waves")
    assert row["low"] > 2
    assert row["p"] < 0.02
    assert row["mde"] < row["estimate"]
    assert {"exercise:x2005", "event:e2005-0"} <= set(row["records"])
    weeks = found.tables["weeks"].filter((pl.col("treatment") == "main") & (pl.col("week") == 0)).row(0, named=True)
    assert weeks["ratio"] > weeks["high"]
    assert found.notes[0] == EXERCISES["above"]


def test_without_one_nothing_is_claimed(tiny: Tiny) -> None:
    found = effects(register(tiny, provoked=False), as_of=date(2015, 12, 31), settings=QUICK)
    row = one(found, **SHORT, calendar="year_two_waves")
    assert row["low"] < 1 < row["high"]
    said = " ".join(note.en + note.ko for note in found.notes)
    assert "could not have found less" in said
    assert "no effect" not in said.lower()


def test_the_ratio_without_a_calendar_is_counted_by_hand(tiny: Tiny) -> None:
    found = effects(register(tiny, provoked=True), as_of=date(2015, 12, 31), settings=EffectSettings(draws=200, lengths=(28,)))
    row = one(found, **SHORT, calendar="none")
    data = effect_data(register(tiny, provoked=True), "KOR", date(2015, 12, 31), QUICK)
    part = data.slice_of("short_range")
    assert part is not None
    from comity.models.designs.episodes import window_days

    windows = window_days(data.treatments["main"], data.calendar.days, 28)
    other = (windows.sum(axis=1) == 0) & part.covered
    assert row["acts"] == int(part.acts[windows[:, 1] > 0].sum())
    assert row["estimate"] == pytest.approx(part.acts[windows[:, 1] > 0].mean() / part.acts[other].mean())


def test_undated_and_unsourced_exercises_enter_no_window_and_are_counted(tiny: Tiny) -> None:
    rows = [
        exercise("a", "2010-03-01", "2010-03-05"),
        exercise("b", "2011-03", "2011-03"),
        exercise("c", "2012-03-01", "2012-03-05", source="unsourced"),
        exercise("d", "2013-03-01", "2013-03-05", status="cancelled"),
    ]
    source = [{"id": "unsourced", "title": "None", "source_type": "other"}]
    acts = [launch(f"e{at}", (date(2008, 1, 3) + timedelta(days=41 * at)).isoformat()) for at in range(60)]
    snapshot = tiny({"exercise_series": SERIES, "exercise": rows, "event": acts, "coverage": [cover("short_range")], "source": source})
    found = effects(snapshot, as_of=DAY, settings=QUICK)
    counts = dict(found.tables["left_out"].filter(pl.col("of") == "exercises").select("what", "n").iter_rows())
    assert (counts["on_record"], counts["no_day"], counts["unsourced"], counts["not_held"], counts["dated"]) == (4, 1, 1, 1, 1)
    assert found.tables["windows"].filter(pl.col("treatment") == "every")["records"].to_list() == [["exercise:a"]]
    row = one(found, **SHORT | {"treatment": "every"})
    assert row["estimate"] is None
    assert row["reason_en"].startswith("Too few")
    assert row["reason_ko"]


def test_a_register_without_acts_says_so(tiny: Tiny) -> None:
    found = effects(tiny({}), as_of=DAY, settings=QUICK)
    assert found.rows.is_empty()
    assert "Not enough data" in found.notes[0].en


def test_an_unknown_country_is_an_error(tiny: Tiny) -> None:
    with pytest.raises(UnknownActor):
        effects(tiny({}), "XXX", as_of=DAY)


def test_every_name_has_words_in_both_languages(shipped: Result) -> None:
    named = {"design": DESIGNS, "treatment": TREATMENTS, "classes": SETS, "window": WINDOWS, "period": PERIODS, "calendar": CALENDARS}
    for column, words in named.items():
        assert set(shipped.rows[column].drop_nulls()) <= set(words), column
    assert all(text.en and text.ko for words in named.values() for text in words.values())


def test_every_ratio_has_its_detectable_ratio_and_its_records(shipped: Result) -> None:
    told = shipped.rows.filter(pl.col("estimate").is_not_null())
    assert told["mde"].null_count() == 0
    assert told.filter(pl.col("mde") <= 1).is_empty()
    assert told.filter((pl.col("acts") > 0) & (pl.col("records").list.len() == 0)).is_empty()
    silent = shipped.rows.filter(pl.col("estimate").is_null())
    assert silent.height
    assert silent.select(pl.col("reason_en", "reason_ko").null_count()).row(0) == (0, 0)
    assert told.filter((pl.col("low") > pl.col("estimate")) | (pl.col("high") < pl.col("estimate"))).is_empty()


def test_all_designs_and_calendars_stand_side_by_side(shipped: Result) -> None:
    assert set(shipped.rows["design"]) == set(DESIGNS)
    during = shipped.rows.filter((pl.col("design") == "rates") & (pl.col("window") == "during") & (pl.col("classes") == "any") & (pl.col("period") == "all"))
    assert set(during.filter(pl.col("treatment") == "main")["calendar"]) == set(EffectSettings().calendars)
    curve = shipped.tables["curve"]
    assert curve.height == shipped.rows["estimate"].drop_nulls().len()
    assert curve["estimate"].is_sorted()
    assert shipped.tables["weeks"].filter((pl.col("treatment") == "main") & (pl.col("classes") == "any"))["week"].to_list() == list(range(-8, 9))


def test_the_seasons_that_changed_are_the_known_ones(shipped: Result) -> None:
    changed = {(row["year"], row["season"]): row["change"] for row in shipped.tables["changed"].iter_rows(named=True)}
    assert changed[1992, "spring"] == "not_held"
    assert changed[1994, "spring"] == changed[1995, "spring"] == changed[1996, "spring"] == "shrunk"  # Team Spirit cancelled, a smaller exercise held
    assert changed[2018, "spring"] == "shrunk"
    assert changed[2018, "late_summer"] == "not_held"
    assert changed[2020, "spring"] == "not_held"
    assert changed[2021, "spring"] == changed[2021, "late_summer"] == "shrunk"
    olympic = shipped.tables["changed"].filter((pl.col("year") == 2018) & (pl.col("season") == "spring")).row(0, named=True)
    assert (olympic["moved_days"], olympic["actual_first"]) == (31, date(2018, 4, 1))


def test_what_lies_after_the_day_is_not_seen(kor: Snapshot) -> None:
    early = effects(kor, as_of=date(2012, 6, 30), settings=EffectSettings(draws=50, class_sets={"any": EffectSettings().class_sets["any"]}))
    assert early.rows["last"].max() <= date(2012, 6, 30)
    assert early.tables["changed"]["year"].max() <= 2012
    assert early.tables["windows"]["last"].max() <= date(2012, 6, 30)
    assert early.tables["third_parties"]["day"].drop_nulls().max() <= date(2012, 6, 30)


def test_the_same_seed_gives_the_same_answer(kor: Snapshot) -> None:
    quick = EffectSettings(draws=60, lengths=(28,), calendars=("none", "year"), class_sets={"any": EffectSettings().class_sets["any"]})
    first, second = (effects(kor, as_of=DAY, settings=quick) for _ in range(2))
    assert first.rows.equals(second.rows)
    assert all(first.tables[name].equals(second.tables[name]) for name in first.tables)


def test_usual_days_are_the_middle_of_near_years(tiny: Tiny) -> None:
    held = [
        exercise(f"x{year}", f"{year}-03-{10 + year % 3:02d}", f"{year}-03-{20 + year % 3:02d}", series="great") for year in range(2005, 2012) if year != 2008
    ]
    gone = [exercise("x2008", "2008-03", "2008-03", series="great", status="suspended"), exercise("x2012", "2012-04-20", "2012-04-25", series="great")]
    acts = [launch(f"e{at}", (date(2004, 1, 3) + timedelta(days=41 * at)).isoformat()) for at in range(80)]
    rows = {"exercise_series": SERIES, "exercise": held + gone, "event": acts, "coverage": [cover("short_range")]}
    snapshot = tiny(rows, main_exercises=["great"])
    data = effect_data(snapshot, "KOR", date(2012, 12, 31), QUICK)
    seasons = {season.year: season for season in seasons_of(snapshot, "KOR", data, date(2012, 12, 31))}
    assert (seasons[2008].status, seasons[2008].actual) == ("not_held", None)
    assert seasons[2008].usual is not None
    assert abs((seasons[2008].usual[0] - date(2008, 3, 11)).days) <= 1
    assert seasons[2012].moved is not None
    assert seasons[2012].moved > 30
    table = {row["year"]: row["change"] for row in changed_table(list(seasons.values()), data)}
    assert table == {2008: "not_held", 2012: "moved"}


def test_marks_dealt_anew_find_what_the_marks_tell_apart() -> None:
    acts = np.array([4.0, 5, 3, 6, 4, 0, 0, 1, 0, 0])
    here, dealt = dealt_anew(acts, np.full(10, 2.0), np.arange(10) < 5, 3000, 1)
    assert here == pytest.approx(np.log(22.5 / 10.5) - np.log(1.5 / 10.5))
    assert (dealt >= here).mean() < 0.02
    assert abs(dealt.mean()) < 0.2


LOOSE, TIGHT = "none", "year_months"
CURVES = {
    "above": ([1.2] * 10, [3.0] * 10, [0.01] * 10, [LOOSE, TIGHT] * 5),
    "below": ([0.2] * 10, [0.8] * 10, [0.01] * 10, [LOOSE, TIGHT] * 5),
    "unseen": ([0.5] * 10, [3.0] * 10, [0.3] * 10, [LOOSE, TIGHT] * 5),
    "hangs": ([1.2] * 4 + [0.5] * 6, [3.0] * 10, [0.3] * 10, [LOOSE, TIGHT] * 5),
    "season": ([1.2, 0.5] * 5, [3.0] * 10, [0.3] * 10, [LOOSE, TIGHT] * 5),
}


@pytest.mark.parametrize("key", CURVES)
def test_words_follow_the_whole_curve(key: str) -> None:
    low, high, p, calendar = CURVES[key]
    estimate = [(one * other) ** 0.5 for one, other in zip(low, high, strict=True)]
    rows = pl.DataFrame({"low": low, "high": high, "p": p, "estimate": estimate, "mde": [2.5] * 10, "calendar": calendar})
    opening = EXERCISES[key].en.split("{")[0]
    assert verdict(rows, EXERCISES).en.startswith(opening)
    assert sum(text.en.startswith(opening) for text in EXERCISES.values()) == 1
    counts = tally(rows)
    assert (counts["n"], counts["above"], counts["below"]) == (10, sum(one > 1 for one in low), sum(one < 1 for one in high))


def test_no_sentence_ever_says_no_effect(shipped: Result) -> None:
    for of in (None, "exercises", "talks"):
        for note in answers(shipped.rows, of):
            assert "no effect" not in note.en.lower()
            assert "효과가 없" not in note.ko
    assert len(answers(shipped.rows, "talks")) < len(answers(shipped.rows))
