"""The command `effects` in both languages and every form."""

from __future__ import annotations

import json
from datetime import date

import pytest
import typer
from typer.testing import CliRunner

from comity.cli import effects
from comity.measures.result import Result
from comity.register.snapshot import Snapshot

RUNNER = CliRunner()
MADE: dict[tuple[str, str, date], Result] = {}


@pytest.fixture(scope="module")
def command() -> typer.Typer:
    app = typer.Typer()
    effects.add_to(app)
    app.command("other")(lambda: None)  # a lone command would lose its name
    return app


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smaller model: the command's own work is what is tested."""
    from comity.models import effects as module
    from comity.models.designs.settings import EffectSettings

    whole = module.effects
    settings = EffectSettings(draws=60, lengths=(28,), calendars=("none", "year_two_waves"))

    def made(snapshot: Snapshot, home: str, *, as_of: date) -> Result:
        key = (snapshot.hash, home, as_of)
        if key not in MADE:
            MADE[key] = whole(snapshot, home, as_of=as_of, settings=settings)
        return MADE[key]

    monkeypatch.setattr(module, "effects", made)


def told(command: typer.Typer, *words: str) -> str:
    answer = RUNNER.invoke(command, ["effects", *words])
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_a_table_in_both_languages(command: typer.Typer) -> None:
    assert "Detectable" in told(command, "--lang", "en")
    korean = told(command, "--lang", "ko")
    assert "탐지 가능" in korean
    assert "대규모 정례 연습" in korean.replace("\n", " ")


def test_json_gives_every_specification_and_every_table(command: typer.Typer) -> None:
    answer = json.loads(told(command, "--format", "json"))
    assert {"rows", "curve", "weeks", "left_out", "changed", "conditional", "windows", "third_parties", "notes", "settings"} <= set(answer)
    assert {row["design"] for row in answer["rows"]} == {"rates", "weeks", "conditional", "changed"}
    assert all({"estimate", "low", "high", "p", "mde", "records"} <= set(row) for row in answer["rows"])


def test_one_question_alone(command: typer.Typer) -> None:
    talks = json.loads(told(command, "--of", "talks", "--format", "json", "--lang", "ko"))
    assert {row["treatment"] for row in talks["rows"]} == {"talks", "summits"}
    assert {row["of"] for row in talks["left_out"]} == {"talks"}
    assert not any("연습 기간" in note for note in talks["notes"])


@pytest.mark.parametrize("table", [part.value for part in effects.Part])
def test_every_table_prints(command: typer.Typer, table: str) -> None:
    for lang in ("en", "ko"):
        assert len(told(command, "--table", table, "--lang", lang).splitlines()) > 5
    assert told(command, "--table", table, "--format", "csv").count("\n") > 3


def test_a_package_without_acts_says_so(command: typer.Typer) -> None:
    for of in ((), ("--of", "talks"), ("--table", "weeks")):
        assert "자료 부족" in told(command, "--package", "world", "--home", "KOR", "--as-of", "2020", "--lang", "ko", *of)
