"""`comity forecast` and `comity stability` as people give them, in both languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from comity.cli import main


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A cache of this module's own: quick results must not be kept for others."""
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, cache: str) -> None:
    """Two years of origins and few futures: the command, not the numbers, is looked at."""
    from datetime import date

    monkeypatch.setenv("XDG_CACHE_HOME", cache)

    from comity.models.provocations import forecast_settings

    usual = forecast_settings.ForecastSettings

    def few(**given: Any) -> Any:
        return usual(**({"runs": 4, "bootstrap": 50, "first_origin": date(2022, 1, 1)} | given))

    monkeypatch.setattr(forecast_settings, "ForecastSettings", few)


def run(*words: str) -> Any:
    return CliRunner().invoke(main.make_app(), list(words))


def test_a_forecast_has_its_track_record_beside_it() -> None:
    ran = run("forecast", "--as-of", "2024-12-31", "--format", "json")
    assert ran.exit_code == 0, ran.output
    rows = json.loads(ran.stdout)["rows"]
    assert rows[0]["class"] == "any"
    assert all({"probability", "low", "high", "usual", "brier", "brier_usual", "known_to", "records"} <= row.keys() for row in rows)
    assert any(row["brier"] is not None for row in rows)


def test_the_record_has_the_columns_that_others_compare() -> None:
    ran = run("forecast", "--track-record", "--as-of", "2024-12-31", "--format", "json")
    rows = json.loads(ran.stdout)["rows"]
    wanted = {"model", "horizon_days", "class", "origins", "base_rate"} | {
        f"{name}{end}" for name in ("brier", "log_score", "auc") for end in ("", "_low", "_high")
    }
    assert all(wanted <= row.keys() for row in rows)


@pytest.mark.parametrize(("lang", "word"), [("en", "Any provocation"), ("ko", "모든 도발")])
def test_tables_speak_the_readers_language(lang: str, word: str) -> None:
    for words in (["forecast"], ["forecast", "--track-record"], ["forecast", "--table", "fan"], ["forecast", "--table", "reliability"]):
        ran = run(*words, "--as-of", "2024-12-31", "--lang", lang)
        assert ran.exit_code == 0, ran.output
        assert word in ran.stdout or "--table" in words


def test_a_table_that_is_not_there_is_refused() -> None:
    assert run("forecast", "--table", "nothing").exit_code == 2


@pytest.mark.parametrize(("lang", "word"), [("en", "Rung of escalation"), ("ko", "확전 단계")])
def test_the_board_is_told_line_by_line(lang: str, word: str) -> None:
    ran = run("stability", "--as-of", "2024-12-31", "--lang", lang)
    assert ran.exit_code == 0, ran.output
    assert word in ran.stdout


def test_the_board_as_json_carries_evidence_and_the_ladder() -> None:
    answer = json.loads(run("stability", "--as-of", "2024-12-31", "--format", "json").stdout)
    assert {row["line"] for row in answer["rows"]} == {"threat", "ladder", "forecast", "record", "opinion", "balance"}
    assert len(answer["ladder"]) == 7
    assert all(row["records"] for row in answer["rows"] if row["value"] is not None)
