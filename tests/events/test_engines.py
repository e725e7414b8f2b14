"""The same panels on Spark and ClickHouse, and as BigQuery's SQL. Engines that are not installed are named in the reason for skipping."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from datetime import date

import pytest
from clickhouse_in_process import served
from made_events import lines_source, write_lines

from comity.events.loading import load
from comity.events.panel_ibis import cells, panel_on, totals
from comity.events.panels import PanelSpec, panel
from comity.events.store import Store, open_store

SPECS = [
    PanelSpec(by="quad", actors=("KOR", "PRK", "USA")),
    PanelSpec(step="week", directed=False, unknown=True, split=("roles",), weigh_tone=True),
    PanelSpec(step="day", by="root", actors=("KOR",), match="either", distinct=True, first_day=date(2019, 12, 1), last_day=date(2020, 1, 10)),
    PanelSpec(split=("source", "place"), roles=("MIL",), quads=(1, 4), unknown=True, directed=False),
    PanelSpec(step="week", places=("KOR",), roots=("ASSAULT", "AID"), distinct=True, unknown=True, split=("source",)),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("engines")
    made = open_store(folder / "store", create=True)
    load(made, [write_lines(folder / "a-1.txt", list(range(600))), write_lines(folder / "b-1.txt", list(range(200)))], source_of=lines_source)
    return made


def same(store: Store, engine: str) -> None:
    for spec in SPECS:
        one, other = panel(store, spec), panel_on(engine, spec, store)
        assert one.rows.equals(other.rows), spec
        assert one.sides.equals(other.sides), spec
        assert one.rows.height > 10


@pytest.mark.long
def test_a_spark_cluster_gives_the_same_panels(store: Store) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed (requirements/long.txt)")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or later, and there is none")
    same(store, "spark://local[2]")


@pytest.fixture
def clickhouse(store: Store) -> Iterator[str]:
    session = pytest.importorskip("chdb.session", reason="chdb is not installed (requirements/long.txt)").Session()
    pytest.importorskip("clickhouse_connect", reason="clickhouse-connect is not installed (requirements/long.txt)")
    parts = f"{store.path.resolve()}/events/*/*/*.parquet"
    session.query(f"CREATE TABLE default.events ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file('{parts}', 'Parquet')")  # noqa: S608
    with served(session) as address:
        yield address
    session.close()


@pytest.mark.long
def test_clickhouse_gives_the_same_panels(store: Store, clickhouse: str) -> None:
    same(store, f"{clickhouse}?table=events")


def test_bigquery_gets_sql_with_the_same_meaning(store: Store) -> None:
    """Compiled only: there is no account to run it on."""
    ibis = pytest.importorskip("ibis", reason="ibis is not installed (the extra scale)")
    parts = [str(store.path / part.path) for part in store.ledger.parts_of("events")]
    table = ibis.table(ibis.duckdb.connect().read_parquet(parts, hive_partitioning=False).schema(), name="events", database="project.dataset")
    for spec, made in itertools.product(SPECS, (cells, totals)):
        sql = str(ibis.to_sql(made(spec, table), dialect="bigquery"))
        assert "GROUP BY" in sql
        assert "`project.dataset`" in sql.replace("`project`.`dataset`", "`project.dataset`") or "project.dataset" in sql
        if spec.step == "week":
            assert "WEEK(MONDAY)" in sql
