"""What a person would use instead of the event store: a scan of the text by DuckDB, polars or pandas, and the same load written in DuckDB's SQL.

The scans filter the six states and add up; they check nothing, keep nothing and must be repeated for the next question. The load in SQL checks,
types, sets bad rows aside, keeps the first of equal ids and writes Parquet by month, as ours does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.clock import Stopwatch

COLUMNS = 61
USED = {
    "event_id": 0, "day": 1, "month": 2, "actor1_code": 5, "actor1": 7, "role1": 12, "actor2_code": 15, "actor2": 17, "role2": 22, "code": 26, "base": 27,
    "rootcode": 28, "quad": 29, "goldstein": 30, "mentions": 31, "outlets": 32, "articles": 33, "tone": 34, "place": 53, "lat": 56, "lon": 57, "added": 59,
}  # fmt: skip
NAMES = [next((name for name, at in USED.items() if at == number), f"c{number}") for number in range(COLUMNS)]
READ = "read_csv($path, delim = '\t', header = false, quote = '', escape = '', auto_detect = false, columns = $columns, nullstr = ''{more})"
TYPED = """
CREATE TABLE typed AS SELECT event_id, TRY_STRPTIME(t.day, '%Y%m%d')::DATE AS day, TRY_STRPTIME(added, '%Y%m%d%H%M%S') AS added_at, one.iso3 AS actor1,
  two.iso3 AS actor2, actor1_code, actor2_code, role1, role2, t.code, codes.root, codes.quad, TRY_CAST(goldstein AS FLOAT) AS goldstein,
  TRY_CAST(tone AS FLOAT) AS tone, TRY_CAST(mentions AS INT) AS mentions, TRY_CAST(outlets AS INT) AS outlets, TRY_CAST(articles AS INT) AS articles,
  fips.iso3 AS place, TRY_CAST(lat AS FLOAT) AS lat, TRY_CAST(lon AS FLOAT) AS lon,
  t.day AS day_text, month, base, rootcode, t.quad AS quad_text, goldstein AS goldstein_text, tone AS tone_text
FROM {read} t LEFT JOIN codes ON codes.code = t.code LEFT JOIN states one ON one.code = t.actor1 LEFT JOIN states two ON two.code = t.actor2
  LEFT JOIN fips ON fips.code = t.place"""
WRONG = """coalesce(TRY_CAST(event_id AS UBIGINT) IS NULL OR day IS NULL OR added_at IS NULL OR substr(day_text, 1, 6) IS DISTINCT FROM month OR quad IS NULL
  OR base IS DISTINCT FROM substr(code, 1, 3) OR rootcode IS DISTINCT FROM substr(code, 1, 2) OR TRY_CAST(quad_text AS TINYINT) IS DISTINCT FROM quad
  OR (goldstein_text IS NOT NULL AND goldstein IS NULL) OR goldstein NOT BETWEEN -10 AND 10 OR (tone_text IS NOT NULL AND tone IS NULL)
  OR tone NOT BETWEEN -100 AND 100 OR mentions < 0 OR lat NOT BETWEEN -90 AND 90 OR lon NOT BETWEEN -180 AND 180 OR day < DATE '1979-01-01'
  OR day > added_at::DATE + 1, false)"""
KEPT = "event_id, day, added_at, actor1, actor2, actor1_code, actor2_code, role1, role2, code, root, quad, goldstein, tone, mentions, outlets, articles, place, lat, lon"
COPIED = f"""COPY (SELECT {KEPT}, strftime(day, '%Y-%m') AS month FROM (SELECT *, row_number() OVER (PARTITION BY event_id) AS n FROM typed
  WHERE NOT {WRONG}) WHERE n = 1) TO '{{folder}}' (FORMAT parquet, PARTITION_BY (month), COMPRESSION zstd)"""  # noqa: S608
Groups = dict[str, Any]


def duckdb_scan(export: Path, six: tuple[str, ...]) -> Groups:
    """DuckDB over the text."""
    connection = _duckdb()
    states = ", ".join(f"'{state}'" for state in six)
    watch = Stopwatch()
    rows = connection.execute(
        f"SELECT actor1, actor2, substr(day, 1, 6) AS m, quad, count(*), sum(goldstein::DOUBLE), avg(tone::DOUBLE), sum(mentions::INT) FROM {READ.format(more='')} "  # noqa: S608
        f"WHERE actor1 IN ({states}) AND actor2 IN ({states}) GROUP BY ALL",
        _given(export),
    ).fetchall()
    watch.lap("all")
    return {"seconds": watch.wall["all"], "groups": len(rows), "events": sum(row[4] for row in rows)}


def duckdb_load(export: Path, six: tuple[str, ...]) -> Groups:
    """The same load as ours, in DuckDB's SQL."""
    import polars as pl

    from comity.sources.actor_codes import FIPS, cameo_states
    from comity.sources.cameo import codes, plover_root, quad_class

    connection = _duckdb()
    with tempfile.TemporaryDirectory(prefix="comity-bench-", dir=export.parent) as folder:
        tables = {
            "codes": pl.DataFrame({"code": list(codes()), "root": [plover_root(code) for code in codes()], "quad": [quad_class(code) for code in codes()]}),
            **{name: pl.DataFrame({"code": list(held), "iso3": list(held.values())}) for name, held in (("states", cameo_states()), ("fips", dict(FIPS)))},
        }
        for name, table in tables.items():
            table.write_parquet(f"{folder}/{name}.parquet")
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{folder}/{name}.parquet')")  # noqa: S608
        watch = Stopwatch()
        connection.execute(TYPED.format(read=READ.format(more=", store_rejects = true")), _given(export))
        connection.execute(f"CREATE TABLE quarantine AS SELECT * FROM typed WHERE {WRONG}")  # noqa: S608
        connection.execute(COPIED.format(folder=f"{folder}/parts"))
        watch.lap("all")
        rows = connection.execute(f"SELECT count(*) FROM read_parquet('{folder}/parts/*/*.parquet')").fetchone()  # noqa: S608
    return {"seconds": watch.wall["all"], "rows": rows[0] if rows else None}


def polars_scan(export: Path, six: tuple[str, ...]) -> Groups:
    """Polars over the text, streaming."""
    import polars as pl

    schema = {name: pl.Float64() if name in ("goldstein", "tone") else pl.Int32() if name == "mentions" else pl.String() for name in NAMES}
    watch = Stopwatch()
    scanned = pl.scan_csv(export, has_header=False, separator="\t", quote_char=None, schema=schema)
    chosen = scanned.filter(pl.col("actor1").is_in(list(six)) & pl.col("actor2").is_in(list(six)))
    keys = ["actor1", "actor2", pl.col("day").str.slice(0, 6), "quad"]
    sums = chosen.group_by(keys).agg(n=pl.len(), g=pl.col("goldstein").sum(), t=pl.col("tone").mean(), m=pl.col("mentions").sum()).collect(engine="streaming")
    watch.lap("all")
    return {"seconds": watch.wall["all"], "groups": sums.height, "events": int(sums["n"].sum())}


def pandas_scan(export: Path, six: tuple[str, ...]) -> Groups:
    """Pandas over the text, a piece at a time, with only the columns that are needed."""
    import pandas as pd  # type: ignore[import-untyped]  # its stubs are not worth a dependency

    wanted = ("day", "actor1", "actor2", "quad", "goldstein", "mentions", "tone")
    types = {USED[name]: "float64" if name in ("goldstein", "tone") else "int32" if name == "mentions" else "str" for name in wanted}
    names = {USED[name]: name for name in wanted}
    watch = Stopwatch()
    parts = []
    for piece in pd.read_csv(export, sep="\t", header=None, usecols=list(types), dtype=types, quoting=3, chunksize=500_000):
        frame = piece.rename(columns=names)
        parts.append(frame[frame["actor1"].isin(six) & frame["actor2"].isin(six)])
    frame = pd.concat(parts)
    grouped = frame.groupby(["actor1", "actor2", frame["day"].str[:6], "quad"])
    sums = grouped.agg(n=("tone", "size"), g=("goldstein", "sum"), t=("tone", "mean"), m=("mentions", "sum"))
    watch.lap("all")
    return {"seconds": watch.wall["all"], "groups": len(sums), "events": int(sums["n"].sum())}


def _duckdb() -> Any:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET preserve_insertion_order = false")
    return connection


def _given(export: Path) -> dict[str, Any]:
    return {"path": str(export), "columns": dict.fromkeys(NAMES, "VARCHAR")}


PEERS: dict[str, tuple[str, Callable[[Path, tuple[str, ...]], Groups]]] = {
    "duckdb": ("DuckDB: plain scan of the text, the panel only", duckdb_scan),
    "duckdb_load": ("DuckDB: the same load in SQL", duckdb_load),
    "polars": ("polars: plain scan of the text, streaming", polars_scan),
    "pandas": ("pandas: plain scan, needed columns only, by pieces", pandas_scan),
}
