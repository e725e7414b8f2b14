"""The same panels on other engines: one ibis expression for DuckDB, Spark, ClickHouse, BigQuery and whatever else ibis speaks to.

For event tables that no longer fit one machine. The table has the columns of the store (STORED_EVENTS); Spark reads the store's own parts, other
engines a table into which they were loaded. ibis is in the extra `scale`; without it the store and its panels work all the same.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import polars as pl

from comity.events.months import MILLION
from comity.events.panel_sql import CELL_TYPES
from comity.events.panels import Panel, PanelSpec, finished, panel, parts_for
from comity.events.store import Store
from comity.vocab.errors import EngineMissing
from comity.vocab.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

TRUNCATED = {"day": "D", "week": "W", "month": "M"}
UNKNOWN_SIDE = "~"  # after every code in the order of bytes, so that in an undirected dyad the known side stands first


def panel_on(engine: str, spec: PanelSpec, store: Store | None = None) -> Panel:
    """The panel on an engine named by its address.

    `duckdb` is the store itself, `duckdb+ibis` the same through ibis; `spark://local[2]` or `spark://host:7077` reads the store's parts (the cluster
    must see their paths) or, with `?table=db.events`, a table; `clickhouse://user:password@host:8123/db?table=events`,
    `bigquery://project/dataset?table=events` and other addresses that `ibis.connect` knows read a table with the store's columns.
    Raises `EngineMissing` where the engine's library is not there or the address is not known.
    """
    if engine == "duckdb" and store is not None:
        return panel(store, spec)
    table = table_on(engine, store, spec)
    return finished(spec, _frame(cells(spec, table)), _frame(totals(spec, table)), store.ledger.digest if store else "")


def table_on(engine: str, store: Store | None, spec: PanelSpec) -> Any:
    """The table of events on an engine, as an ibis table."""
    ibis = _library("ibis", engine)
    place, _, query = engine.partition("?")
    options = dict(parse_qsl(query))
    name = options.pop("table", None)
    if engine == "duckdb+ibis" and store is not None:
        return ibis.duckdb.connect().read_parquet(_paths(store, spec), hive_partitioning=False)
    if place.startswith("spark://"):
        return _on_spark(ibis, place, name, store, spec)
    address = urlsplit(engine)
    if not address.scheme or not address.netloc:
        raise EngineMissing(_UNKNOWN.format(engine=engine))
    rest = "&".join(f"{key}={value}" for key, value in options.items())
    try:
        return ibis.connect(urlunsplit(address._replace(query=rest))).table(name or "events")
    except (ImportError, AttributeError, ValueError) as error:
        raise EngineMissing(_MISSING.format(engine=engine, words=str(error))) from error


def cells(spec: PanelSpec, table: Any) -> Any:
    """The cells of a panel as an ibis expression: keys and source, `events`, sums in whole millionths."""
    rows = _where(table, [*_span(spec, table), *_scope(spec, table), *_actors(spec, table)])
    keys, wanted = spec.cell_keys, spec.sums
    own = {name: value for name, value in _parts(spec, rows).items() if name in wanted}
    days = {"day": rows.day, "code": rows.code} if spec.distinct else {}
    rows = rows.select(**_oriented(spec, rows), **own, **days)
    if spec.distinct:
        rows = rows.group_by([*keys, "day", "code"]).aggregate(**{name: _of_a_day(name, rows) for name in wanted})
    return rows.group_by(keys).aggregate(events=rows.count(), **{name: rows[name].sum() for name in wanted})


def totals(spec: PanelSpec, table: Any) -> Any:
    """By source and period: events stored, in scope, counted, and without a state on a side; an ibis expression."""
    ibis = _library("ibis", "ibis")
    table = _where(table, _span(spec, table))
    within = _all(ibis, _scope(spec, table))
    no_one, no_two = table.actor1.isnull(), table.actor2.isnull()
    conditions = {
        "scope": within,
        "counted_rows": within & _all(ibis, _actors(spec, table)),
        "no_actor1": within & no_one & ~no_two,
        "no_actor2": within & ~no_one & no_two,
        "no_actor": within & no_one & no_two,
    }
    flags = {name: ibis.cases((condition.fill_null(False), 1), else_=0).cast("int64") for name, condition in conditions.items()}
    rows = table.select(source=table.source, period=_period(spec, table), **flags)
    return rows.group_by(["source", "period"]).aggregate(stored=rows.count(), **{name: rows[name].sum() for name in flags})


def _oriented(spec: PanelSpec, table: Any) -> dict[str, Any]:
    sides = ["actor1", "actor2", *(["role1", "role2"] if "roles" in spec.split else [])]
    chosen = {side: table[side] for side in sides}
    if not spec.directed:
        one, two = (table[side].fill_null(UNKNOWN_SIDE) for side in ("actor1", "actor2"))
        swap = one > two
        if "roles" in spec.split:
            swap = swap | ((one == two) & (table.role1.fill_null("") > table.role2.fill_null("")))
        other = {"actor1": "actor2", "actor2": "actor1", "role1": "role2", "role2": "role1"}
        chosen = {side: swap.ifelse(table[other[side]], table[side]) for side in sides}
    rest = {name: table[name] for name in spec.cell_keys if name in ("root", "quad", "place", "source")}
    return {"period": _period(spec, table), **chosen, **rest}


def _parts(spec: PanelSpec, table: Any) -> dict[str, Any]:
    mentions = table.mentions.cast("int64")
    known, tone = table.tone.notnull(), _millionths(table.tone)
    if spec.weigh_tone:
        known, tone = known & mentions.notnull(), tone * mentions
    weight = mentions if spec.weigh_tone else 1
    return {
        "goldstein_sum": _millionths(table.goldstein),
        "goldstein_known": table.goldstein.notnull().ifelse(1, 0).cast("int64"),
        "tone_sum": tone,
        "tone_known": known.ifelse(weight, 0).cast("int64"),
        "mentions_sum": mentions,
        "mentions_known": mentions.notnull().ifelse(1, 0).cast("int64"),
    }


def _of_a_day(name: str, rows: Any) -> Any:
    """As in `panel_sql`: the lowest Goldstein value of a day's repetitions, all their tones and mentions."""
    column = rows[name]
    return column.min() if name == "goldstein_sum" else column.max() if name == "goldstein_known" else column.sum()


def _millionths(column: Any) -> Any:
    return (column.cast("float64") * MILLION + 0.5).floor().cast("int64")


def _period(spec: PanelSpec, table: Any) -> Any:
    return table.day.truncate(TRUNCATED[spec.step])


def _span(spec: PanelSpec, table: Any) -> list[Any]:
    first = [table.day >= spec.first_day] if spec.first_day else []
    last = [table.day <= spec.last_day] if spec.last_day else []
    return [*first, *last, *([table.source.isin(spec.sources)] if spec.sources else [])]


def _scope(spec: PanelSpec, table: Any) -> list[Any]:
    listed: list[tuple[str, Iterable[Any]]] = [("place", spec.places), ("root", spec.roots), ("quad", spec.quads)]
    roles = [table.role1.isin(spec.roles).fill_null(False) | table.role2.isin(spec.roles).fill_null(False)] if spec.roles else []
    return [*(table[name].isin(list(values)) for name, values in listed if values), *roles]


def _actors(spec: PanelSpec, table: Any) -> list[Any]:
    one, two = (table[side].isin(spec.actors).fill_null(False) if spec.actors else None for side in ("actor1", "actor2"))
    named = [] if spec.unknown else [table.actor1.notnull(), table.actor2.notnull()]
    if one is None or two is None:
        return named
    if spec.match == "either":
        return [one | two, *named]
    return [one | table.actor1.isnull(), two | table.actor2.isnull(), one | two] if spec.unknown else [one, two]


def _where(table: Any, conditions: list[Any]) -> Any:
    return table.filter(conditions) if conditions else table


def _all(ibis: Any, conditions: list[Any]) -> Any:
    whole = ibis.literal(True)
    for condition in conditions:
        whole = whole & condition.fill_null(False)
    return whole


def _frame(expression: Any) -> pl.DataFrame:
    """The rows of an expression, computed on its engine, with the types that `finished` expects."""
    frame = pl.from_arrow(expression.to_pyarrow())
    assert isinstance(frame, pl.DataFrame)  # noqa: S101  # a table is one
    return frame.select(pl.col(name).cast(CELL_TYPES.get(name, pl.Int64())) for name in frame.columns)


def _on_spark(ibis: Any, engine: str, name: str | None, store: Store | None, spec: PanelSpec) -> Any:
    sql = _library("pyspark.sql", engine)
    local = engine.removeprefix("spark://").startswith("local")
    master = engine.removeprefix("spark://") if local else engine
    session = sql.SparkSession.builder.master(master).appName("comity").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    connection = ibis.pyspark.connect(session)
    if name is None and store is not None:
        session.read.parquet(*_paths(store, spec)).createOrReplaceTempView("comity_events")
        name = "comity_events"
    return connection.table(name or "events")


def _paths(store: Store, spec: PanelSpec) -> list[str]:
    parts = parts_for(store, spec) or store.ledger.parts_of("events")[:1]
    if not parts:
        raise EngineMissing(_EMPTY.format(path=store.path))
    return [str((store.path / part.path).resolve()) for part in parts]


def _library(name: str, engine: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise EngineMissing(_MISSING.format(engine=engine, words=str(error))) from error


_MISSING = Text(
    "The engine {engine} cannot be used here: {words}. Install comity[scale] and the engine's own library.",
    "{engine} 엔진을 쓸 수 없습니다: {words}. comity[scale]과 해당 엔진의 라이브러리를 설치하십시오.",
)
_UNKNOWN = Text(
    "{engine} is no engine. Known: duckdb, spark://…, clickhouse://…, bigquery://…, and other addresses that ibis connects to.",
    "{engine}은(는) 알 수 없는 엔진입니다. 쓸 수 있는 것: duckdb, spark://…, clickhouse://…, bigquery://…, 그 밖에 ibis가 연결하는 주소.",
)
_EMPTY = Text("The store {path} holds no events yet.", "저장소 {path}에 아직 사건이 없습니다.")
