"""The balance between blocs: closed forms, marked moves, reactions to planted moves, and the shipped register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.measures.balance import balance
from comity.measures.balance_settings import BalanceSettings
from comity.measures.reactions import _spaced, _windows
from comity.measures.tie_settings import TieSettings
from comity.measures.tie_strength import tie_strength
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownActor

Tiny = Callable[..., Snapshot]
DAY = date(2020, 6, 30)
QUICK = BalanceSettings(tie=TieSettings(draws=40), years=3, placebos=200)
BLOCS = {"west": {"label": {"en": "West", "ko": "서방"}, "members": ["USA", "JPN"]}, "east": {"members": ["CHN"]}}
ONE_EACH = {"west": {"members": ["USA"]}, "east": {"members": ["CHN"]}}


def exercise(name: str, start: str, participants: str, **more: str) -> dict[str, Any]:
    plain = {"series": "s", "title_en": name, "status": "conducted", "exercise_types": "FTX", "domains": "land", "personnel": "1000"}
    return {"id": name, "start": start, "participants": participants, **plain, **more}


def event(name: str, start: str, by: str, towards: str, kind: str = "PROTEST", subtype: str = "statement") -> dict[str, Any]:
    plain = {"event_class": "statements", "summary_en": name}
    return {"id": name, "start": start, "source_actors": by, "target_actors": towards, "event_type": kind, "subtype": subtype, **plain}


def test_one_bloc_alone_has_all_and_no_entropy(tiny: Tiny) -> None:
    answer = balance(tiny({"exercise": [exercise("e", "2020-01-01", "KOR;USA")]}, blocs=ONE_EACH), as_of=DAY, days=[DAY], settings=QUICK)
    last = answer.tables["balance"].row(0, named=True)
    west = answer.rows.filter(pl.col("bloc") == "west").row(0, named=True)
    assert last["difference"] == pytest.approx(west["score"])
    assert last["entropy"] == 0.0
    assert answer.rows.filter(pl.col("bloc") == "east")["score"].to_list() == [0.0]


def test_a_shared_exercise_leaves_an_even_balance(tiny: Tiny) -> None:
    answer = balance(tiny({"exercise": [exercise("e", "2020-01-01", "CHN;KOR;USA", confidence="high")]}, blocs=ONE_EACH), as_of=DAY, days=[DAY], settings=QUICK)
    last = answer.tables["balance"].row(0, named=True)
    assert last["difference"] == 0.0
    assert last["entropy"] == pytest.approx(1.0)


def test_a_bloc_is_the_mean_of_its_strongest_ties(tiny: Tiny) -> None:
    rows = [exercise("a", "2020-01-01", "KOR;USA"), exercise("b", "2020-02-01", "KOR;USA"), exercise("c", "2020-02-01", "JPN;KOR")]
    snapshot = tiny({"exercise": rows}, blocs=BLOCS)
    ties = {row["partner"]: row["score"] for row in tie_strength(snapshot, as_of=DAY, settings=QUICK.tie).rows.iter_rows(named=True)}
    west = {
        strongest: balance(snapshot, as_of=DAY, days=[DAY], settings=BalanceSettings(tie=QUICK.tie, strongest=strongest)).rows.row(0, named=True)
        for strongest in (1, 3)
    }
    assert west[1]["score"] == pytest.approx(ties["USA"])
    assert west[3]["score"] == pytest.approx((ties["USA"] + ties["JPN"]) / 2, rel=0.05)  # medians of sums and sums of medians differ a little
    assert west[3]["strongest"] == ["USA", "JPN"]
    assert (west[3]["label_en"], west[3]["label_ko"]) == ("West", "서방")


def test_without_ties_there_is_no_entropy_and_without_blocs_no_balance(tiny: Tiny) -> None:
    nothing = balance(tiny({}, blocs=BLOCS), as_of=DAY, days=[DAY], settings=QUICK)
    assert nothing.tables["balance"]["entropy"].to_list() == [None]
    bare = balance(tiny({}), as_of=DAY, days=[DAY], settings=QUICK)
    assert bare.rows.is_empty()
    assert bare.tables["balance"].is_empty()
    assert bare.tables["moves"].is_empty()
    assert "fewer than two blocs" in bare.notes[0].en
    with pytest.raises(UnknownActor):
        balance(tiny({}), "ZZZ", as_of=DAY)


starts = st.lists(st.tuples(st.dates(date(2016, 1, 1), DAY).map(str), st.sampled_from(["KOR;USA", "CHN;KOR", "JPN;KOR;USA"])), min_size=1, max_size=6)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=starts, data=st.data(), day=st.dates(date(2016, 6, 1), DAY))
def test_more_never_lowers_order_is_irrelevant_and_later_days_are_unseen(tiny: Tiny, held: list[tuple[str, str]], data: st.DataObject, day: date) -> None:
    rows = [exercise(f"e{at}", start, who) for at, (start, who) in enumerate(held)] + [exercise("first", "2015-01-01", "KOR;USA")]
    whole = balance(tiny({"exercise": data.draw(st.permutations(rows))}, blocs=BLOCS), as_of=day, settings=QUICK)
    cut = balance(tiny({"exercise": [row for row in rows if row["start"] <= str(day)]}, blocs=BLOCS), as_of=day, settings=QUICK)
    less = balance(tiny({"exercise": rows[1:]}, blocs=BLOCS), as_of=day, settings=QUICK)
    assert whole.rows.equals(cut.rows)
    assert all(whole.tables[name].equals(cut.tables[name]) for name in ("balance", "moves", "reactions"))
    assert (whole.rows["score"] >= less.rows["score"] - 1e-9).all()


def test_moves_are_acts_between_home_and_a_bloc(tiny: Tiny) -> None:
    rows = [
        event("ban", "2019-03-02", "CHN", "KOR", "SANCTION", "tourism_restriction"),
        event("battery", "2019-07-08", "KOR;USA", "PRK", "AGREE", "force_posture"),
        event("words", "2019-08-01", "CHN", "KOR", "ACCUSE", "force_posture"),
        event("others", "2019-08-01", "CHN", "USA", "SANCTION", "sanctions"),
        event("against-both", "2019-08-02", "PRK", "KOR;USA", "MOBILIZE", "force_posture"),
        event("some-year", "2019", "CHN", "KOR", "SANCTION", "sanctions"),
        event("later", "2020-07-01", "CHN", "KOR", "SANCTION", "sanctions"),
    ]
    moves = balance(tiny({"event": rows}, blocs=BLOCS), as_of=DAY, settings=QUICK).tables["moves"]
    assert moves.select("record", "bloc").rows() == [("event:ban", "east"), ("event:battery", "west")]


def planted(lag: int) -> dict[str, list[dict[str, Any]]]:
    """Twenty exercises with a western partner, each followed by a Chinese protest after `lag` days, and as many protests on other days."""
    rng = np.random.default_rng(7)
    days = [date(1990, 1, 1) + timedelta(days=int(550 * at + rng.integers(0, 200))) for at in range(20)]
    answers = [event(f"answer{at}", str(day + timedelta(days=lag)), "CHN", "KOR") for at, day in enumerate(days)]
    noise = [event(f"noise{at}", str(date(1989, 1, 1) + timedelta(days=int(day))), "CHN", "KOR") for at, day in enumerate(sorted(rng.integers(0, 11000, 20)))]
    return {"exercise": [exercise(f"e{at}", str(day), "KOR;USA") for at, day in enumerate(days)], "event": answers + noise}


def reaction(snapshot: Snapshot, third: str, bloc: str) -> dict[str, Any]:
    rows = balance(snapshot, as_of=DAY, days=[DAY], settings=QUICK).tables["reactions"]
    return rows.filter((pl.col("third_party") == third) & (pl.col("bloc") == bloc)).row(0, named=True)


def test_a_planted_reaction_stands_out_of_the_placebo_band(tiny: Tiny) -> None:
    found = reaction(tiny(planted(10), blocs=BLOCS), "CHN", "west")
    assert found["moves"] >= 18  # the first and last may have no whole window
    assert found["events"] == 40
    assert found["change"] < found["low"]
    assert found["change"] == pytest.approx(-1.0, abs=0.4)
    assert found["p"] < 0.02
    assert found["reason_en"] is None


def test_protests_long_after_the_moves_are_no_reaction(tiny: Tiny) -> None:
    found = reaction(tiny(planted(300), blocs=BLOCS), "CHN", "west")
    assert found["low"] <= found["change"] <= found["high"]
    assert found["p"] > 0.05


def test_too_few_events_give_a_reason_and_no_number(tiny: Tiny) -> None:
    rows = planted(10)
    found = reaction(tiny({"exercise": rows["exercise"], "event": rows["event"][:29]}, blocs=BLOCS), "CHN", "west")
    assert found["change"] is None
    assert found["events"] == 29
    assert "29 dated events" in found["reason_en"]
    assert "29건" in found["reason_ko"]


def test_a_forum_of_all_sides_is_a_move_towards_none(tiny: Tiny) -> None:
    rows = planted(10)
    forum = [row | {"participants": "CHN;KOR;USA"} for row in rows["exercise"]]
    assert reaction(tiny({"exercise": forum, "event": rows["event"]}, blocs=BLOCS), "CHN", "west")["moves"] == 0


def test_windows_sum_the_days_that_they_say() -> None:
    days = [date(2000, 1, 1) + timedelta(days=at) for at in (0, 10, 11, 15, 400)]
    answers = pl.DataFrame({"day": days, "sign": [-1, -1, 1, -1, -1]})
    windows = _windows(answers, date(2001, 12, 31), BalanceSettings(window_days=5))
    at = np.array([days[1].toordinal(), days[3].toordinal() + 1])
    assert windows.before(at).tolist() == [0.0, 0.0]  # days 5-9; days 11-15: +1 − 1
    assert windows.after(at).tolist() == [0.0, 0.0]  # days 10-14: −1 + 1; days 16-20
    assert windows.after(at - 5).tolist() == windows.before(at).tolist()
    assert windows.inside(np.array([days[0].toordinal(), days[0].toordinal() + 5, date(2001, 12, 31).toordinal()])).tolist() == [False, True, False]
    assert _spaced(np.array([1, 20, 31, 45, 90]), 30).tolist() == [1, 31, 90]


def test_the_shipped_register_reads_sensibly(kor: Snapshot) -> None:
    answer = balance(kor, as_of=date(2026, 11, 22), settings=BalanceSettings(tie=TieSettings(draws=60), years=12, placebos=200))
    rows = answer.rows.pivot(on="bloc", index="day", values="score")
    assert rows.height == 13
    assert (rows["united_states"] > rows["china"]).all()
    china = dict(answer.rows.filter(pl.col("bloc") == "china").select("day", "score").iter_rows())
    assert china[date(2017, 12, 31)] < china[date(2015, 12, 31)]  # the year of THAAD: the dialogues of 2015 have no successor
    moves = set(answer.tables["moves"]["record"])
    assert {"event:thaad-decision-2016", "event:chn-tour-ban-2017", "event:lotte-store-closures-2017"} <= moves
    reactions = answer.tables["reactions"]
    beijing = reactions.filter((pl.col("third_party") == "CHN") & (pl.col("bloc") == "united_states")).row(0, named=True)
    assert beijing["change"] is None
    assert beijing["reason_ko"] is not None
    pyongyang = reactions.filter((pl.col("third_party") == "PRK") & (pl.col("bloc") == "united_states")).row(0, named=True)
    assert pyongyang["events"] > 300
    assert pyongyang["low"] <= pyongyang["high"]
    assert all(kor.has_record(ref) for refs in answer.rows["records"] for ref in refs)
