"""Third parties after own moves: counts by hand, too few events told as such, a planted reaction found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from comity.models.designs.settings import EffectSettings
from comity.models.designs.third_parties import third_parties
from comity.register.snapshot import Snapshot

Tiny = Callable[..., Snapshot]
DAY = date(2024, 12, 31)
BLOCS = {"west": {"label": {"en": "West", "ko": "서방"}, "members": ["USA"]}, "china": {"label": {"en": "China", "ko": "중국"}, "members": ["CHN"]}}
SETTINGS = EffectSettings()


def event(name: str, day: date, by: str, towards: str, root: str, **cells: Any) -> dict[str, Any]:
    return {"id": name, "start": day.isoformat(), "source_actors": by, "target_actors": towards, "event_type": root, "summary_en": "x", **cells}


MOVE = event("move", date(2016, 7, 8), "KOR;USA", "PRK", "AGREE", subtype="force_posture", event_class="other")


def of_china(rows: pl.DataFrame, width: int) -> dict[str, Any]:
    return rows.filter((pl.col("scope") == "one_move") & (pl.col("third_party") == "CHN") & (pl.col("width") == width)).row(0, named=True)


def test_too_few_events_are_counted_and_not_tested(tiny: Tiny) -> None:
    answers = [
        event("a", date(2016, 6, 1), "CHN", "KOR", "COOPERATE"), event("b", date(2016, 8, 1), "CHN", "KOR", "PROTEST"),
        event("c", date(2017, 3, 2), "CHN", "KOR", "SANCTION"), event("d", date(2017, 3, 3), "CHN", "KOR", "REQUEST"), event("e", date(2016, 7, 9), "CHN", "JPN", "PROTEST"),
    ]  # fmt: skip
    rows = third_parties(tiny({"event": [MOVE, *answers]}, blocs=BLOCS), "KOR", DAY, SETTINGS)
    quarter, year = of_china(rows, 90), of_china(rows, 365)
    assert (quarter["before"], quarter["after"], year["before"], year["after"]) == (1.0, -1.0, 1.0, -2.0)
    assert (quarter["events"], quarter["change"], quarter["p"]) == (3, None, None)
    assert quarter["reason_en"].startswith("Not enough data")
    assert quarter["reason_ko"]
    assert quarter["records"] == ["event:move", "event:a", "event:b"]


def test_a_planted_reaction_leaves_the_placebo_band(tiny: Tiny) -> None:
    quiet = [event(f"q{year}-{month}", date(year, month, 11), "CHN", "KOR", "COOPERATE") for year in range(2000, 2024) for month in (2, 6, 10)]
    burst = [event(f"b{at}", date(2016, 7, 10) + timedelta(days=5 * at), "CHN", "KOR", "PROTEST") for at in range(9)]
    row = of_china(third_parties(tiny({"event": [MOVE, *quiet, *burst]}, blocs=BLOCS), "KOR", DAY, SETTINGS), 90)
    assert row["change"] < row["low"]
    assert row["p"] < 0.05
    assert row["mde"] > 0
    calm = of_china(third_parties(tiny({"event": [MOVE, *quiet]}, blocs=BLOCS), "KOR", DAY, SETTINGS), 90)
    assert calm["low"] <= calm["change"] <= calm["high"]


def test_windows_that_are_not_whole_give_no_answer(tiny: Tiny) -> None:
    answers = [event("a", date(2016, 6, 1), "CHN", "KOR", "COOPERATE")]
    row = of_china(third_parties(tiny({"event": [MOVE, *answers]}, blocs=BLOCS), "KOR", date(2016, 8, 1), SETTINGS), 90)
    assert (row["before"], row["after"], row["change"]) == (None, None, None)
    assert row["reason_en"]


def test_the_shipped_register_tells_what_followed_thaad(kor: Snapshot) -> None:
    rows = third_parties(kor, "KOR", date(2026, 11, 22), SETTINGS)
    thaad = rows.filter((pl.col("move") == "event:thaad-decision-2016") & (pl.col("third_party") == "CHN"))
    assert dict(thaad.select("width", "after").iter_rows()) == {90: pytest.approx(0.0, abs=1.0), 365: -5.0}
    assert thaad["change"].null_count() == 2  # seventeen events of China on the record: counted, not tested
    assert set(rows["scope"]) == {"all_moves", "one_move"}
    assert rows.filter(pl.col("change").is_null() & pl.col("reason_en").is_null()).is_empty()
