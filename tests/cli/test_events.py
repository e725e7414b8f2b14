"""The commands of the event store on a small generated file, in both languages."""

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
from bench.gdelt_made import write_export
from typer.testing import CliRunner

from comity.cli import events
from comity.cli.words import BETWEEN, translate
from comity.events import loading
from comity.events.store import open_store
from comity.vocab.errors import NoStore, QueryRefused, StoreLocked, WrongPanel

ROWS = 3000


def app() -> typer.Typer:
    made = typer.Typer()
    made.callback()(lambda: None)
    events.add_to(made)
    return made


def run(*words: str) -> Any:
    return CliRunner().invoke(app(), ["events", *words])


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some rows as published, with three damaged lines and one that comes twice."""
    path = write_export(tmp_path_factory.mktemp("made") / "20200101000000.export.CSV", ROWS, seed=3)
    lines = path.read_text().splitlines(keepends=True)
    lines[10] = lines[10].replace("\t2015", "\t20x5", 1)
    lines[20] = "cut off\n"
    lines[30] = "\n"
    path.write_text("".join([*lines, lines[5]]))
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, export: Path) -> str:
    folder = str(tmp_path_factory.mktemp("cli") / "store")
    ran = run("load", str(export), "--store", folder, "--lang", "en")
    assert ran.exit_code == 0, ran.output
    assert f"1 files, {ROWS + 1:,} lines: {ROWS - 3:,} loaded, 1 duplicates, 3 in quarantine" in ran.output
    assert "1 × column-count" in ran.output
    return folder


def told(*words: str) -> Any:
    ran = run(*words, "--format", "json")
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout)


def test_a_second_load_of_the_same_file_does_nothing(store: str, export: Path) -> None:
    ran = run("load", str(export), "--store", store, "--lang", "ko")
    assert ran.exit_code == 0
    assert "이미 저장소에 있습니다" in ran.output
    assert told("load", str(export), "--store", store)["known"][0]["as"] == export.name


def test_status_accounts_for_every_line(store: str) -> None:
    answer = told("status", "--store", store)
    (file,) = answer["files"]
    assert (file["lines"], file["rows"], file["quarantined"], file["duplicates"]) == (ROWS + 1, ROWS - 3, 3, 1)
    assert answer["totals"]["lines"] == sum(answer["totals"][name] for name in ("rows", "quarantined", "duplicates"))
    page = run("status", "--store", store, "--lang", "ko").output
    assert re.search(r"번호\s+파일\s+출처", page)
    assert f"적재 {ROWS - 3:,}" in page


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_panel_is_printed_with_what_must_be_said(store: str, lang: str) -> None:
    ran = run("panel", "--actors", "KOR,PRK,USA", "--by", "quad", "--store", store, "--lang", lang)
    assert ran.exit_code == 0, ran.output
    assert {"en": "Goldstein", "ko": "골드스타인"}[lang] in ran.output.splitlines()[0]
    assert {"en": "no state is named", "ko": "국가가 밝혀지지 않은"}[lang] in " ".join(ran.output.split())


def test_all_forms_of_a_panel_hold_the_same_rows(store: str) -> None:
    words = [
        "panel",
        "--step",
        "week",
        "--undirected",
        "--split",
        "place,source",
        "--role",
        "MIL",
        "--quad",
        "1,4",
        "--first",
        "2015-06",
        "--last",
        "2016",
        "--store",
        store,
    ]
    rows = told(*words)["rows"]
    assert rows
    assert pl.read_csv(io.StringIO(run(*words, "--format", "csv").stdout)).height == len(rows)
    frame = pl.read_parquet(io.BytesIO(run(*words, "--format", "parquet").stdout_bytes))
    assert frame["events"].to_list() == [row["events"] for row in rows]
    assert frame["period"].min() >= pl.Series(["2015-06-01"]).str.to_date()[0]  # type: ignore[operator]


def test_a_panel_through_ibis_is_the_same(store: str) -> None:
    words = ["panel", "--actors", "KOR", "--match", "either", "--distinct", "--unknown", "--store", store]
    assert told(*words, "--on", "duckdb+ibis")["rows"] == told(*words)["rows"]


def test_a_question_in_sql(store: str) -> None:
    assert told("query", "SELECT count(*) AS n FROM events", "--store", store)["rows"] == [{"n": ROWS - 3}]
    assert run("query", "SELECT reason, line FROM quarantine ORDER BY line", "--store", store, "--format", "csv").stdout.splitlines()[0] == "reason,line"
    assert isinstance(run("query", "DROP VIEW events", "--store", store).exception, QueryRefused)


def test_small_parts_are_merged(store: str, export: Path, tmp_path: Path) -> None:
    folder = str(tmp_path / "store")
    lines = export.read_text().splitlines(keepends=True)
    for at in range(3):
        (tmp_path / f"{at}.export.CSV").write_text("".join(lines[at * 900 : at * 900 + 1000]))
        run("load", str(tmp_path / f"{at}.export.CSV"), "--store", folder)
    before = told("status", "--store", folder)
    ran = run("compact", "--store", folder, "--lang", "ko")
    assert ran.exit_code == 0, ran.output
    assert "합쳤습니다" in ran.output
    after = told("status", "--store", folder)
    assert after["parts"] < before["parts"]
    assert after["files"] == before["files"]
    assert after["totals"]["duplicates"] == 200


def test_files_that_hold_no_events_are_named_and_the_others_loaded(tmp_path: Path, export: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader\n")
    ran = run("load", str(tmp_path / "letter.txt"), str(export), "--store", str(tmp_path / "store"), "--lang", "en")
    assert ran.exit_code == 1
    assert "letter.txt was not loaded" in ran.output
    assert len(open_store(tmp_path / "store").ledger.files) == 1


@pytest.mark.parametrize(("lang", "words"), [("en", "there is no file"), ("ko", "폴더가 없습니다")])
def test_a_path_where_there_is_nothing_is_a_wrong_use(tmp_path: Path, lang: str, words: str) -> None:
    ran = run("load", str(tmp_path / "nothing"), "--store", str(tmp_path / "store"), "--lang", lang)
    assert ran.exit_code == 2
    assert words in ran.output
    assert not (tmp_path / "store").exists()


def test_a_folder_can_be_followed_until_nothing_is_left(tmp_path: Path, export: Path) -> None:
    folder = tmp_path / "published"
    folder.mkdir()
    for at, hour in enumerate(("00", "01")):
        lines = export.read_text().splitlines(keepends=True)[at * 1000 : at * 1000 + 1000]
        (folder / f"20200101{hour}0000.export.CSV.zip").write_text("".join(lines))
    store = str(tmp_path / "store")
    answer = told("follow", "--once", "--since", "2020-01-01", "--from", str(folder), "--store", store)
    assert (answer["files"], answer["gaps"]) == (2, [])
    ran = run("follow", "--once", "--from", str(folder), "--store", store, "--lang", "ko")
    assert "파일 0개" in ran.output
    assert "누락 0개" in ran.output


def test_an_interrupt_is_told_and_the_exit_code_says_so(tmp_path: Path, export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "load", stop)
    ran = run("load", str(export), "--store", str(tmp_path / "store"), "--lang", "ko")
    assert ran.exit_code == 130
    assert "다시 실행" in ran.output


def test_errors_carry_both_languages(tmp_path: Path, export: Path, store: str) -> None:
    missing = run("status", "--store", str(tmp_path / "nowhere"))
    assert isinstance(missing.exception, NoStore)
    assert "nowhere" in missing.exception.in_("ko")
    assert isinstance(run("panel", "--step", "year", "--store", store).exception, WrongPanel)
    assert isinstance(run("panel", "--quad", "x", "--store", store).exception, WrongPanel)
    opened = open_store(tmp_path / "locked", create=True)
    with opened.writing():
        assert isinstance(run("load", str(export), "--store", str(tmp_path / "locked")).exception, StoreLocked)


def test_the_store_can_be_named_by_the_environment(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMITY_EVENTS", store)
    assert told("status")["totals"]["rows"] == ROWS - 3


def test_every_help_text_is_in_both_languages() -> None:
    group: Any = typer.main.get_command(app())
    assert BETWEEN in group.commands["events"].help
    for name, command in group.commands["events"].commands.items():
        assert BETWEEN in command.help, name
        assert all(BETWEEN in (parameter.help or "") for parameter in command.params if parameter.name != "help"), name
    translate(group, "ko")
    assert CliRunner().invoke(app(), ["events", "--help"]).exit_code == 0


def test_the_commands_load_nothing_heavy_before_they_are_asked() -> None:
    code = "import comity.cli.events, sys; print({'polars', 'duckdb', 'numpy', 'ibis'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "set()"
