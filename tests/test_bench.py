"""The benchmarks compute what they say they time; speeds are not asserted here."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import polars as pl
import pytest
from bench.checking import by_pandas, by_script
from bench.clock import once, python
from bench.generator import SHARES, write_register
from bench.machine import machine
from bench.results import Measured, Section, under, write
from bench.scale import day
from bench.sensitivity import moves, ranking, table, variants
from bench.ties import plain_scores

from comity.measures.contributions import contributions
from comity.measures.tie_settings import TieSettings
from comity.measures.tie_strength import standing, tie_strength
from comity.register.checks import faults_of
from comity.register.package import read_package
from comity.register.snapshot import Snapshot


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_register(tmp_path_factory.mktemp("bench") / "made-up", 400)


def test_the_made_up_register_has_the_records_asked_for_and_no_fault(made_up: Path) -> None:
    package = read_package(made_up)
    assert [fault for fault in package.faults + faults_of(package) if fault.severity == "error"] == []
    assert sum(package.tables[name].height for name in SHARES) == pytest.approx(400, abs=5)
    assert package.tables["claim"].height == 52
    assert (made_up / "seal.csv").is_file()


def test_the_same_seed_makes_the_same_register(made_up: Path, tmp_path: Path) -> None:
    again = write_register(tmp_path / "again", 400)
    other = write_register(tmp_path / "other", 400, seed=1)
    assert (again / "events.csv").read_bytes() == (made_up / "events.csv").read_bytes() != (other / "events.csv").read_bytes()


def test_a_working_day_on_the_made_up_register_is_timed_step_by_step(made_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    answer = day(made_up)
    assert list(answer["wall"]) == ["check", "load", "snapshot", "ties", "edit"]
    assert all(seconds > 0 for seconds in answer["wall"].values())
    assert answer["rows"] > 400


def test_the_plain_version_of_tie_strength_agrees_within_its_chance(kor: Snapshot) -> None:
    settings, as_of = TieSettings(draws=60), kor.settings["until"]
    rows = tie_strength(kor, as_of=as_of, settings=settings).rows.filter(pl.col("rank") <= 10)
    plain = plain_scores(standing(contributions(kor, kor.home, settings), as_of).to_dicts(), settings)
    assert max(abs(score - plain[partner]) for partner, score in rows.select("partner", "score").iter_rows()) < 4.0


def test_the_script_over_the_rows_finds_the_shipped_register_sound() -> None:
    found = by_script()
    assert found["faults"] == 0
    assert found["rows"] <= by_pandas()["rows"]


def test_a_command_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="no such thing"):
        once(python("-c", "raise SystemExit('no such thing')"))
    run = once(python("-c", "print('{\"n\": 1}')"), answers=True)
    assert run.answer == {"n": 1}
    assert run.wall > 0
    assert run.peak_mb > 1


def test_results_keep_the_sections_that_did_not_run(tmp_path: Path) -> None:
    ran_on = {"day": "2026-11-22", "cores": 2, "processor": "P", "memory_gb": 24, "system": "S", "load": 0.0, "python": "3.11", "comity": "0", "packages": {}}
    write(ran_on, [Section("one", "One", [under("fast", 0.1, 1.0), under("slow", 2.0, 1.0)])], tmp_path)
    write(ran_on, [Section("two", "Two", [Measured("by hand", 3.0, peer=True)])], tmp_path)
    page = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "| fast | 0.100 |  |  | under 1 s | yes |" in page
    assert "| slow | 2.00 |  |  | under 1 s | **no** |" in page
    assert "| *by hand* | 3.00 |" in page
    assert list(json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["sections"]) == ["one", "two"]


def test_the_machine_is_told_without_names_of_hosts_and_folders() -> None:
    told = machine()
    assert set(told) == {"day", "processor", "cores", "memory_gb", "load", "system", "python", "comity", "packages"}
    assert platform.node() not in told.values()
    assert str(Path.home()) not in json.dumps(told)
    assert told["packages"]["polars"] == pl.__version__


def test_sensitivity_changes_one_judgement_at_a_time_and_keeps_the_sum_of_weights() -> None:
    base = TieSettings()
    for variant in variants():
        assert sum(variant.settings.mechanism_weights.values()) == pytest.approx(1.0)
        differing = [
            name
            for name in ("gamma", "mechanism_weights", "half_life_years", "saturation", "confidence")
            if getattr(variant.settings, name) != getattr(base, name)
        ]
        assert len(differing) == 1, variant.name.en


def test_sensitivity_of_the_shipped_register_says_who_moves(kor: Snapshot) -> None:
    base, frame = ranking(kor, kor.settings["until"]), moves(kor, kor.settings["until"], list(variants())[:6])
    assert next(iter(base)) == "USA"
    assert "PRK" not in base
    assert (frame["USA"] == 0).all()
    assert frame["largest"].max() > 0
    page = table(frame, "ko")
    assert page.count("\n") == frame.height + 1
    assert "협정 가중치 −50 %" in page
