"""`comity what-if` in both languages: the answer, its tables, the example, the list, and faults."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comity.cli.what_if import add_to


@pytest.fixture(scope="module")
def runner() -> tuple[CliRunner, object]:
    """An app with this command and another, so that its name is asked for."""
    import typer

    app = typer.Typer()
    add_to(app)
    app.command("other")(lambda: None)
    return CliRunner(), app


def asked(runner: tuple[CliRunner, object], *arguments: str) -> str:
    found = runner[0].invoke(runner[1], ["what-if", *arguments])  # type: ignore[arg-type]
    assert found.exit_code == 0, found.output
    return found.output


def test_the_example_is_a_scenario_that_runs(runner: tuple[CliRunner, object], tmp_path: Path) -> None:
    text = asked(runner, "--example")
    assert "changes:" in text
    assert "시나리오" in text
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    answer = json.loads(asked(runner, str(path), "--runs", "64", "--format", "json"))
    assert answer["measure"] == "what_if"
    assert {"without", "with", "difference", "mc_error", "low", "high", "share_lower", "records"} <= set(answer["rows"][0])
    assert set(answer) >= {"months", "calendar", "range", "members", "coefficients"}
    english = asked(runner, str(path), "--runs", "64", "--table", "range", "--lang", "en")
    assert "talks_since" in english
    assert "known from 1998-2020 only" in " ".join(english.split())


def test_scenarios_of_the_package_are_listed_and_run_by_name(runner: tuple[CliRunner, object]) -> None:
    assert "no-late-summer-exercise" in asked(runner, "--lang", "en")
    assert "후반기" in asked(runner, "--lang", "ko")
    answer = asked(runner, "no-late-summer-exercise", "--runs", "64", "--lang", "ko")
    assert "모든 도발" in answer
    assert "방향" in answer
    calendar = asked(runner, "no-late-summer-exercise", "--runs", "64", "--lang", "ko", "--table", "calendar")
    assert "취소" in calendar
    assert "2027년 3월 9일" in calendar


def test_a_wrong_table_is_refused_with_the_list(runner: tuple[CliRunner, object]) -> None:
    found = runner[0].invoke(runner[1], ["what-if", "talks-in-march", "--table", "all", "--lang", "en"])  # type: ignore[arg-type]
    assert found.exit_code == 2
    assert "coefficients" in found.output
