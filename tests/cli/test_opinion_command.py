"""`comity opinion`: pooled shares by default, the polls themselves with `--raw`, in both languages and every form."""

from __future__ import annotations

import io
import json

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from comity.cli import opinion


def run(*words: str) -> str:
    app = typer.Typer()
    app.callback()(lambda: None)
    opinion.add_to(app)
    given = CliRunner().invoke(app, ["opinion", *words])
    assert given.exit_code == 0, given.output
    return given.stdout


def test_pooled_shares_by_default() -> None:
    told = json.loads(run("--format", "json"))
    assert told["measure"] == "opinion_pool"
    assert {row["topic"] for row in told["rows"]} == {"gsomia_keep", "thaad_support"}
    assert all(row["low95"] < row["support"] < row["high95"] and row["records"] for row in told["rows"])
    assert {"path", "houses", "polls", "raw", "sensitivity", "elsewhere"} <= set(told)


def test_the_polls_themselves() -> None:
    told = json.loads(run("--raw", "--format", "json"))
    assert told["measure"] == "opinion"
    assert len(told["rows"]) > 200


@pytest.mark.parametrize(("lang", "word"), [("en", "THAAD deployment"), ("ko", "사드 배치")])
def test_both_languages(lang: str, word: str) -> None:
    assert word in run("--lang", lang)


def test_rows_as_csv() -> None:
    assert pl.read_csv(io.StringIO(run("--format", "csv")))["polls"].to_list() == [2, 5, 5]
