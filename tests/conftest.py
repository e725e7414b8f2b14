"""Fixtures that every test shares: the shipped register, and tiny registers made by hand."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do: our matrices are small, and threads of the linear algebra only wait for each other

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import comity
from comity.register.package import empty_table
from comity.register.register import Register
from comity.register.snapshot import Snapshot
from comity.vocab.kinds import kinds

SHARED = Path(os.environ.get("COMITY_SHARED", Path(__file__).resolve().parents[2] / "shared"))
Rows = dict[str, list[dict[str, Any]]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that read the research data beside the checkout are skipped where it is not there."""
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason="the research data sets do not lie beside this checkout")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the research data sets; only for tests marked `shared`."""
    return SHARED


@pytest.fixture(scope="session")
def kor_register() -> Register:
    """The shipped register of the Republic of Korea."""
    return comity.load("kor")


@pytest.fixture(scope="session")
def kor(kor_register: Register) -> Snapshot:
    """The public snapshot of the shipped register."""
    return kor_register.snapshot()


@pytest.fixture(scope="session")
def tiny_register() -> Callable[[Rows], Register]:
    """Make a register from rows by kind; cells that every record needs are filled, actors and the public marking are there."""
    base = comity.load("world")

    def make(rows: Rows, **settings: Any) -> Register:
        common = {"source": "s", "confidence": "high", "entered_at": "2026-01-01", "marking": "public"}
        tables = {name: base.tables[name] if name in ("actor", "actor_code", "membership", "marking") else empty_table(kind) for name, kind in kinds().items()}
        made = Register(Path("tiny"), {"name": "tiny", "home": "KOR", "adversaries": ["PRK"], **settings}, tables)
        source = {"id": "s", "title": "A source", "source_type": "other", "marking": "public"}
        frames = {"source": pl.DataFrame([source])}
        for name, listed in rows.items():
            cells = [{key: value for key, value in (common | row).items() if key in kinds()[name].columns} for row in listed]
            frames[name] = pl.DataFrame(cells, infer_schema_length=None).cast(pl.String)
        return made.with_rows(frames)

    return make


@pytest.fixture(scope="session")
def tiny(tiny_register: Callable[..., Register]) -> Callable[..., Snapshot]:
    """Make a snapshot from rows by kind: `tiny({"agreement": [{"id": "a", "parties": "KOR;USA", …}]})`."""

    def make(rows: Rows, **settings: Any) -> Snapshot:
        return tiny_register(rows, **settings).snapshot()

    return make


@pytest.fixture
def in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A test that writes files works in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
