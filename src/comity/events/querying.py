"""Questions to the store in SQL: the views `events`, `months`, `quarantine`, `duplicates` and `files`, and nothing else of the machine.

One reading statement is run by DuckDB on the parts that the ledger names. The engine may read those folders only, may load nothing, and its
settings are locked, so that a question from elsewhere can read no other file and change nothing.
"""

from __future__ import annotations

import datetime
import decimal
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from comity.events.ledger import FileEntry, PartEntry, PartKind
from comity.events.months import STORED_MONTHS
from comity.events.parts import STORED_DUPLICATES, STORED_EVENTS, STORED_QUARANTINE
from comity.events.store import FOLDERS, Store
from comity.vocab.errors import QueryFailed, QueryRefused
from comity.vocab.text import Text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Answer = TypeVar("Answer")
MEMORY = "256MB"  # of the engine; larger work goes to its temporary folder
SCHEMAS: dict[PartKind, dict[str, pl.DataType]] = {
    "events": STORED_EVENTS,
    "quarantine": STORED_QUARANTINE,
    "duplicates": STORED_DUPLICATES,
    "months": STORED_MONTHS,
}
SQL_TYPES = {pl.String: "VARCHAR", pl.Date: "DATE", pl.Datetime: "TIMESTAMP", pl.Int8: "TINYINT", pl.Int32: "INTEGER", pl.Int64: "BIGINT", pl.Float32: "FLOAT"}
FILES_SCHEMA: dict[str, pl.DataType] = {
    "no": pl.Int32(), "name": pl.String(), "source": pl.String(), "lines": pl.Int64(), "rows": pl.Int64(), "quarantined": pl.Int64(), "duplicates": pl.Int64(),
    "day_first": pl.Date(), "day_last": pl.Date(), "added_first": pl.Datetime("us"), "added_last": pl.Datetime("us"), "loaded_at": pl.Datetime("us"),
    "size": pl.Int64(), "sha256": pl.String(),
}  # fmt: skip


def query(store: Store, sql: str, *, memory: str = MEMORY) -> pl.DataFrame:
    """Rows of one SELECT over the views `events`, `months`, `quarantine`, `duplicates`, `files`.

    Raises `QueryRefused` for anything but one reading statement and `QueryFailed` with the engine's words where it cannot be answered.
    """
    _only_select(sql)
    return reading(store, lambda: _rows(store, sql, memory))


def reading(store: Store, ask: Callable[[], Answer]) -> Answer:
    """The answer of an engine, asked a second time where the parts were compacted away under it; its failures as `QueryFailed`."""
    import duckdb

    try:
        return ask()
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and store.reload():
            return ask()
        raise QueryFailed(_FAILED.format(words=str(error).strip())) from error


def _rows(store: Store, sql: str, memory: str) -> pl.DataFrame:
    with tempfile.TemporaryDirectory(prefix="comity-query-") as scratch:
        connection = connect(store, Path(scratch), memory=memory)
        try:
            return fetched(connection.execute(sql))
        finally:
            connection.close()


def connect(store: Store, scratch: Path, *, memory: str = MEMORY) -> DuckDBPyConnection:
    """An engine with the store's views, locked: it reads the store's folders and `scratch` only."""
    connection = engine(memory)
    for kind in SCHEMAS:
        connection.execute(f"CREATE VIEW {kind} AS SELECT * FROM {relation(store, kind, store.ledger.parts_of(kind))}")  # noqa: S608  # our own names, quoted
    held = scratch / "files.parquet"
    files_frame(store.ledger.files).write_parquet(held)
    connection.execute(f"CREATE TABLE files AS SELECT * FROM read_parquet({quoted(str(held))})")  # noqa: S608  # the same
    held.unlink()
    folders = ", ".join(quoted(str((store.path / folder).resolve())) for folder in FOLDERS)
    connection.execute(f"SET temp_directory = {quoted(str(scratch))}")
    connection.execute(f"SET allowed_directories = [{folders}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def engine(memory: str = MEMORY) -> DuckDBPyConnection:
    """A DuckDB of its own in memory, bounded and without extensions from elsewhere."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": os.cpu_count() or 1,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    return duckdb.connect(config=settings)


def relation(store: Store, kind: PartKind, parts: Sequence[PartEntry]) -> str:
    """Parts as a relation in SQL; an empty one where there are none."""
    if not parts:
        columns = ", ".join(f"CAST(NULL AS {SQL_TYPES[type(dtype)]}) AS {name}" for name, dtype in SCHEMAS[kind].items())
        return f"(SELECT {columns} WHERE false)"
    listed = ", ".join(quoted(str((store.path / part.path).resolve())) for part in parts)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def files_frame(files: Sequence[FileEntry]) -> pl.DataFrame:
    """The loaded files, one row each."""
    rows = [{name: getattr(entry, name) for name in FILES_SCHEMA} for entry in files]
    naive = [row | {"loaded_at": row["loaded_at"].replace(tzinfo=None)} for row in rows]
    return pl.DataFrame(naive, schema=FILES_SCHEMA, orient="row")


def fetched(cursor: DuckDBPyConnection) -> pl.DataFrame:
    """The rows of a result, without asking for another library in between."""
    columns = [(str(name), str(kind)) for name, kind, *_ in cursor.description or ()]
    names = _distinct([name for name, _ in columns])
    rows = cursor.fetchall()
    schema = {name: _dtype(kind) for name, (_, kind) in zip(names, columns, strict=True)}
    frame = pl.DataFrame([[_plain(value) for value in row] for row in rows], schema=schema, orient="row", infer_schema_length=None)
    return frame.with_columns(pl.col(name).cast(pl.Int64) for name, dtype in frame.schema.items() if dtype == pl.Int128 and _fits(frame[name]))


def _fits(sums: pl.Series) -> bool:
    """Whether wide sums are numbers of the usual width, as all but the engine's own limits are."""
    edges: list[Any] = [sums.min(), sums.max()]
    return all(value is None or abs(value) < 2**63 for value in edges)


def _distinct(names: list[str]) -> list[str]:
    """Names with a number added where one comes again."""
    return [name if name not in names[:at] else f"{name}_{at + 1}" for at, name in enumerate(names)]


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float | str | list | datetime.date | datetime.time | datetime.timedelta | None):
        return value
    return float(value) if isinstance(value, decimal.Decimal) else str(value)


_TYPES: dict[str, Any] = {
    "VARCHAR": pl.String, "DATE": pl.Date, "TIMESTAMP": pl.Datetime("us"), "TINYINT": pl.Int8, "SMALLINT": pl.Int16, "INTEGER": pl.Int32, "BIGINT": pl.Int64,
    "UTINYINT": pl.UInt8, "USMALLINT": pl.UInt16, "UINTEGER": pl.UInt32, "UBIGINT": pl.UInt64, "HUGEINT": pl.Int128, "FLOAT": pl.Float32, "DOUBLE": pl.Float64,
    "BOOLEAN": pl.Boolean,
}  # fmt: skip


def _dtype(kind: str) -> Any:
    return pl.Float64 if kind.startswith("DECIMAL") else _TYPES.get(kind)


def _only_select(sql: str) -> None:
    import duckdb

    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryFailed(_FAILED.format(words=str(error).strip())) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise QueryRefused(_REFUSED)


_FAILED = Text("The question could not be answered: {words}", "질의에 답할 수 없습니다: {words}")
_REFUSED = Text(
    "One SELECT over the views events, months, quarantine, duplicates and files can be asked, and nothing else.",
    "events, months, quarantine, duplicates, files 뷰에 대한 SELECT 한 문장만 실행할 수 있습니다.",
)
