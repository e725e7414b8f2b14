"""Every command answers, in every form and both languages, and tells its errors in one line."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from comity.cli import main
from comity.cli.words import BETWEEN, language
from comity.vocab.errors import ComityError

QUESTIONS: dict[str, list[str]] = {
    "ties": [], "network": [], "balance": [], "interoperability": ["USA"], "compare": ["2012-12-31", "2024-12-31"], "activity": [], "eras": [], "exercises": [],
    "deployments": [], "technology": [], "agreements": ["--lapsing", "365d"], "watch": [], "pressure": [], "opinion": [], "fill": [], "search": ["한미"], "actors": ["독일"],
    "kinds": [], "record": ["kor-jpn-gsomia-2016"], "forecast": ["--as-of", "2024-12-31", "--diagnostics"], "what-if": ["talks-in-march", "--runs", "64"],
}  # fmt: skip
OTHERS = {
    "brief",
    "partner",
    "check",
    "add",
    "import",
    "export",
    "edition",
    "replicate",
    "effects",
    "stability",
    "events",
}  # the last three have tests of their own


def run(*words: str) -> Any:
    return CliRunner().invoke(main.make_app(), list(words))


def commands() -> dict[str, Any]:
    return dict(typer.main.get_command(main.make_app()).commands)  # type: ignore[attr-defined]


def test_no_command_is_forgotten_here() -> None:
    assert set(commands()) == set(QUESTIONS) | OTHERS


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_answers_in_json(name: str) -> None:
    ran = run(name, *QUESTIONS[name], "--format", "json")
    assert ran.exit_code == 0, ran.output
    answer = json.loads(ran.output)
    assert {"as_of", "home", "snapshot", "settings", "rows"} <= set(answer)
    assert answer["rows"], name
    assert answer["home"] == "KOR"
    assert re.fullmatch(r"[0-9a-f]{64}", answer["snapshot"])


def test_a_tie_row_has_what_it_promises() -> None:
    row = json.loads(run("ties", "--format", "json").output)["rows"][0]
    assert set(row) >= {"partner", "score", "low", "high", "rank", "rank_low", "rank_high", "mechanisms", "records"}


@pytest.mark.parametrize("name", ["ties", "watch", "agreements"])
def test_tables_in_korean_have_korean_headings(name: str) -> None:
    ran = run(name, *QUESTIONS[name], "--lang", "ko")
    assert ran.exit_code == 0, ran.output
    assert re.search(r"[가-힣]", ran.output.splitlines()[0])


def test_csv_and_parquet_hold_the_rows() -> None:
    told = json.loads(run("ties", "--format", "json").output)["rows"]
    table = pl.read_csv(io.StringIO(run("ties", "--format", "csv").output))
    assert table.height == len(told)
    frame = pl.read_parquet(io.BytesIO(run("ties", "--format", "parquet").stdout_bytes))
    assert frame["partner"].to_list() == [row["partner"] for row in told]


def test_as_of_and_home_are_obeyed() -> None:
    answer = json.loads(run("ties", "--as-of", "1999", "--format", "json").output)
    assert answer["as_of"] == "1999-12-31"
    other = json.loads(run("ties", "--home", "USA", "--format", "json").output)
    assert other["home"] == "USA"
    assert "USA" not in {row["partner"] for row in other["rows"]}


def test_errors_are_told_and_not_traced() -> None:
    ran = run("record", "no-such-record")
    assert isinstance(ran.exception, ComityError)
    told = subprocess.run([sys.executable, "-m", "comity.cli", "record", "no-such-record", "--lang", "ko"], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr.strip() == "이 스냅숏에 'no-such-record' 기록이 없습니다."
    shaped = subprocess.run([sys.executable, "-m", "comity.cli", "record", "no-such-record", "--format", "json"], capture_output=True, text=True, check=False)
    assert json.loads(shaped.stdout)["error"]["type"] == "UnknownRecord"


def test_every_help_text_is_in_both_languages() -> None:
    for name, command in commands().items():
        assert BETWEEN in command.help, name
        for parameter in command.params:
            if parameter.name not in ("help",):
                assert BETWEEN in (parameter.help or ""), (name, parameter.name)


def test_the_language_is_read_before_anything_else() -> None:
    assert language(["ties", "--lang", "ko"], {}) == "ko"
    assert language(["--lang=en"], {"LANG": "ko_KR.UTF-8"}) == "en"
    assert language([], {"LANG": "ko_KR.UTF-8"}) == "ko"
    assert language([], {}) == "en"


def test_check_counts_faults_and_sets_the_exit_code(tmp_path: Path) -> None:
    assert run("check", "kor").exit_code == 0
    (tmp_path / "package.yaml").write_text("name: x\nversion: '1'\ntitle: {en: x, ko: x}\nextends: [world]\nhome: KOR\n")
    (tmp_path / "agreements.csv").write_text(
        "id,title_en,agreement_type,parties,signed,ended,source,confidence,entered_at,marking\na,A,other,KOR;QQQ,2020-13,,unsourced,high,2026-01-01,public\n"
    )
    ran = run("check", str(tmp_path), "--format", "json")
    assert ran.exit_code == 1
    faults = json.loads(ran.output)["faults"]
    assert {(fault["file"], fault["row"], fault["field"], fault["code"]) for fault in faults} >= {
        ("agreements.csv", 2, "signed", "not-a-date"), ("agreements.csv", 2, "parties", "unknown-actor"), ("agreements.csv", 2, "confidence", "confident-without-source"),
    }  # fmt: skip


def test_a_partner_dossier_opens_with_what_is_needed_first(tmp_path: Path) -> None:
    ran = run("partner", "JPN", "--out", str(tmp_path), "--form", "html,json", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    told = json.loads((tmp_path / "kor-jpn-dossier.json").read_text())
    opening = told["sections"][0]
    assert [block.get("id") for block in opening["blocks"] if block["type"] == "table"] == [
        "meetings",
        "commitments-kor",
        "commitments-jpn",
        "asked",
        "changed",
    ]
    assert opening["blocks"][1]["rows"]


def test_export_can_be_read_back(tmp_path: Path) -> None:
    import comity

    assert run("export", str(tmp_path / "out")).exit_code == 0
    assert comity.load(tmp_path / "out").snapshot().hash == comity.load("kor").snapshot().hash
