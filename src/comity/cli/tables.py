"""How an answer leaves the command line: a table for people, JSON with everything, CSV or Parquet with the rows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.register.titles import actor_name
from comity.vocab.dates import written
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    import polars as pl

    from comity.measures.result import Result
    from comity.register.snapshot import Snapshot

Show = Callable[[Any, "Snapshot", Lang], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of a printed table: which field, under which heading, shown how."""

    field: str
    heading: Text
    show: Show
    right: bool = False


def words(field: str, en: str, ko: str) -> Shown:
    """A column of plain words."""
    return Shown(field, Text(en, ko), lambda value, snapshot, lang: "" if value is None else str(value))


def numbers(field: str, en: str, ko: str, digits: int = 0) -> Shown:
    """A column of numbers; unknown ones are a dash."""
    return Shown(field, Text(en, ko), lambda value, snapshot, lang: "–" if value is None else f"{value:,.{digits}f}", right=True)


def actors(field: str, en: str, ko: str) -> Shown:
    """A column of one or several actors, by their short names."""

    def show(value: Any, snapshot: Snapshot, lang: Lang) -> str:
        codes = value if isinstance(value, list) else [value] if value else []
        return ", ".join(actor_name(snapshot, code, lang) for code in codes)

    return Shown(field, Text(en, ko), show)


def days(field: str, en: str, ko: str) -> Shown:
    """A column of dates."""
    return Shown(field, Text(en, ko), lambda value, snapshot, lang: written(str(value), lang) if value else "–")


def coded(field: str, list_name: str, en: str, ko: str) -> Shown:
    """A column of controlled values, by their labels."""
    from comity.vocab.kinds import code_label

    def show(value: Any, snapshot: Snapshot, lang: Lang) -> str:
        listed = value if isinstance(value, list) else [value] if value else []
        return ", ".join(code_label(list_name, one, lang) for one in listed)

    return Shown(field, Text(en, ko), show)


def titles(field: str, en: str, ko: str) -> Shown:
    """A column of records, by their titles."""

    def show(value: Any, snapshot: Snapshot, lang: Lang) -> str:
        return snapshot.record(value).title(lang) if value and snapshot.has_record(value) else value or ""

    return Shown(field, Text(en, ko), show)


def counted(field: str, en: str, ko: str) -> Shown:
    """How many records stand behind the row."""
    return Shown(field, Text(en, ko), lambda value, snapshot, lang: "–" if value is None else f"{len(value):,}", right=True)


def told(field: str, en: str, ko: str) -> Shown:
    """A column whose English and Korean words stand in two fields, `<field>_en` and `<field>_ko`."""
    return Shown(field, Text(en, ko), lambda value, snapshot, lang: "" if value is None else str(value))


def print_rows(rows: pl.DataFrame, columns: list[Shown], snapshot: Snapshot, lang: Lang, title: Text | None = None) -> None:
    """Print rows as a table fit for a terminal."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title.in_(lang) if title else None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column.heading.in_(lang), justify="right" if column.right else "left", overflow="fold")
    for row in rows.iter_rows(named=True):
        table.add_row(*(column.show(_value(row, column.field, lang), snapshot, lang) for column in columns))
    console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else 160)
    console.print(table)


def _value(row: dict[str, Any], field: str, lang: Lang) -> Any:
    return row[f"{field}_{lang}"] if f"{field}_{lang}" in row else row.get(field)


def print_json(answer: dict[str, Any]) -> None:
    """Print an answer as JSON, one object."""
    print(json.dumps(answer, ensure_ascii=False, indent=2, default=str))


def write_csv(rows: pl.DataFrame) -> None:
    """Write rows as CSV to the standard output; lists are joined by `;`, nested values are JSON."""
    import polars as pl

    def flat(name: str, dtype: pl.DataType) -> pl.Expr:
        if dtype == pl.List(pl.String):
            return pl.col(name).list.join(";")
        if dtype.is_nested():
            return pl.col(name).map_elements(lambda value: json.dumps(_plain(value), ensure_ascii=False, default=str), return_dtype=pl.String)
        return pl.col(name)

    sys.stdout.write(rows.select(flat(name, dtype) for name, dtype in rows.schema.items()).write_csv())


def write_parquet(rows: pl.DataFrame) -> None:
    """Write rows as Parquet to the standard output."""
    import io

    held = io.BytesIO()
    rows.write_parquet(held)
    sys.stdout.buffer.write(held.getvalue())


def _plain(value: Any) -> Any:
    return value.to_list() if hasattr(value, "to_list") else value


def notes_below(result: Result, lang: Lang) -> None:
    """Print the notes of a result under its table."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else 160)
    for note in result.notes:
        console.print(note.in_(lang), style="dim", highlight=False)


def with_ref(result: Result, kind: str) -> Result:
    """The result with a column `ref` (`kind:id`) for its rows, so that they can be shown by title."""
    import dataclasses

    import polars as pl

    return dataclasses.replace(result, rows=result.rows.with_columns(ref=pl.lit(f"{kind}:") + pl.col("id")))
