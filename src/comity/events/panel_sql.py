"""A panel's definition as SQL for DuckDB: the sums of its cells, and what the store holds by period.

Over the events, or over their sums by month where these can answer. `panel_ibis` says the same for other engines; the tests hold all equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from comity.events.months import MILLION
from comity.events.panels import SUMS, PanelSpec
from comity.events.querying import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CELL_TYPES: dict[str, pl.DataType] = {
    "period": pl.Date(), "actor1": pl.String(), "actor2": pl.String(), "root": pl.String(), "quad": pl.Int8(), "role1": pl.String(), "role2": pl.String(),
    "place": pl.String(), "source": pl.String(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grain:
    """What one row of the relation is: where its day stands, how many events it is and its part of each sum, all in SQL."""

    day: str
    n: str
    sums: dict[str, str]


def grain(spec: PanelSpec, *, monthly: bool) -> Grain:
    """Rows that are events, or sums of a month."""
    if monthly:
        tone = "weighed" if spec.weigh_tone else "tone"
        return Grain("month", "n", {name: name.replace("tone", tone) if name.startswith("tone") else name for name in SUMS})
    weight = "CAST(mentions AS BIGINT)" if spec.weigh_tone else "1"
    known = "tone IS NOT NULL AND mentions IS NOT NULL" if spec.weigh_tone else "tone IS NOT NULL"
    sums = {
        "goldstein_sum": _millionths("goldstein"),
        "goldstein_known": "CASE WHEN goldstein IS NULL THEN 0 ELSE 1 END",
        "tone_sum": f"{_millionths('tone')} * {weight}",
        "tone_known": f"CASE WHEN {known} THEN {weight} ELSE 0 END",
        "mentions_sum": "CAST(mentions AS BIGINT)",
        "mentions_known": "CASE WHEN mentions IS NULL THEN 0 ELSE 1 END",
    }
    return Grain("day", "1", sums)


def cells_sql(spec: PanelSpec, source: str, *, monthly: bool = False) -> str:
    """The cells of the panel over the relation `source`: keys and source, `events`, sums in whole millionths."""
    row = grain(spec, monthly=monthly)
    keys = ", ".join(spec.cell_keys)
    wanted = spec.sums
    own = ", ".join([f"{row.n} AS n", *(f"{row.sums[name]} AS {name}" for name in wanted)])
    code = ", day, code" if spec.distinct else ""
    rows = f"SELECT {_oriented(spec, row)}, {own}{code} FROM {source} WHERE {_all([*_span(spec, row), *_scope(spec), *_actors(spec)])}"  # noqa: S608
    if spec.distinct:
        rows = f"SELECT {', '.join([keys, '1 AS n', *_of_a_day(wanted)])} FROM ({rows}) GROUP BY {keys}{code}"  # noqa: S608
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {told}" for name, told in [("n", "events"), *zip(wanted, wanted, strict=True)])
    return f"SELECT {keys}, {sums} FROM ({rows}) GROUP BY {keys}"  # noqa: S608


def totals_sql(spec: PanelSpec, source: str, *, monthly: bool = False) -> str:
    """By source and period: events stored, in the panel's scope, counted in it, and without a state on a side."""
    row, within = grain(spec, monthly=monthly), _all(_scope(spec))
    conditions = {
        "scope": within,
        "counted_rows": _all([within, *_actors(spec)]),
        "no_actor1": f"{within} AND actor1 IS NULL AND actor2 IS NOT NULL",
        "no_actor2": f"{within} AND actor1 IS NOT NULL AND actor2 IS NULL",
        "no_actor": f"{within} AND actor1 IS NULL AND actor2 IS NULL",
    }
    counts = ", ".join(f"CAST(coalesce(sum({row.n}) FILTER (WHERE {condition}), 0) AS BIGINT) AS {name}" for name, condition in conditions.items())
    stored = f"CAST(sum({row.n}) AS BIGINT) AS stored"
    return f"SELECT source, {_period(spec, row)} AS period, {stored}, {counts} FROM {source} WHERE {_all(_span(spec, row))} GROUP BY ALL"  # noqa: S608


def read_frame(cursor: DuckDBPyConnection) -> pl.DataFrame:
    """Cells or totals as a frame: keys as in CELL_TYPES, counts and sums as whole numbers."""
    held: dict[str, Any] = cursor.fetchnumpy()
    return pl.DataFrame([_series(name, values) for name, values in held.items()])


def _series(name: str, values: Any) -> pl.Series:
    dtype = CELL_TYPES.get(name, pl.Int64())
    if values.dtype == object:
        return pl.Series(name, values.tolist(), dtype=dtype)  # what is masked becomes None
    mask = getattr(values, "mask", None)
    series = pl.Series(name, values if mask is None else values.data)
    if mask is not None and mask.any():
        series = pl.select(pl.when(~pl.Series(mask)).then(series)).to_series()
    return series.cast(dtype).alias(name)


def _oriented(spec: PanelSpec, row: Grain) -> str:
    """The keys of one event, its sides in the order of the dyad."""
    sides = ["actor1", "actor2", *(["role1", "role2"] if "roles" in spec.split else [])]
    if not spec.directed:
        one, two = "coalesce(actor1, '~')", "coalesce(actor2, '~')"
        roles = f" OR ({one} = {two} AND coalesce(role1, '') > coalesce(role2, ''))" if "roles" in spec.split else ""
        other = {"actor1": "actor2", "actor2": "actor1", "role1": "role2", "role2": "role1"}
        sides = [f"CASE WHEN {one} > {two}{roles} THEN {other[side]} ELSE {side} END AS {side}" for side in sides]
    rest = [name for name in spec.cell_keys if name in ("root", "quad", "place", "source")]
    return ", ".join([f"{_period(spec, row)} AS period", *sides, *rest])


def _of_a_day(wanted: list[str]) -> list[str]:
    """Sums of all events of a day that count as one: its lowest Goldstein value, all its tones and mentions."""
    lowest = {"goldstein_sum": "min", "goldstein_known": "max"}
    return [f"{lowest.get(name, 'sum')}({name}) AS {name}" for name in wanted]


def _millionths(name: str) -> str:
    return f"CAST(floor(CAST({name} AS DOUBLE) * {MILLION} + 0.5) AS BIGINT)"


def _period(spec: PanelSpec, row: Grain) -> str:
    return row.day if spec.step == "day" or row.day == "month" else f"CAST(date_trunc({quoted(spec.step)}, {row.day}) AS DATE)"


def _span(spec: PanelSpec, row: Grain) -> list[str]:
    """Conditions on what a panel's totals hold too: days and sources."""
    days = [f"{row.day} {sign} DATE {quoted(day.isoformat())}" for sign, day in ((">=", spec.first_day), ("<=", spec.last_day)) if day]
    return [*days, *([_among("source", spec.sources)] if spec.sources else [])]


def _scope(spec: PanelSpec) -> list[str]:
    """Conditions on events other than their actors."""
    listed: list[tuple[str, tuple[str, ...] | tuple[int, ...]]] = [("place", spec.places), ("root", spec.roots), ("quad", spec.quads)]
    roles = [f"({_among('role1', spec.roles)} OR {_among('role2', spec.roles)})"] if spec.roles else []
    return [*(_among(name, values) for name, values in listed if values), *roles]


def _actors(spec: PanelSpec) -> list[str]:
    """Conditions on the two sides."""
    one, two = (_among(side, spec.actors) for side in ("actor1", "actor2"))
    named = [] if spec.unknown else ["actor1 IS NOT NULL", "actor2 IS NOT NULL"]
    if not spec.actors:
        return named
    if spec.match == "either":
        return [f"({one} OR {two})", *named]
    return [f"({one} OR actor1 IS NULL)", f"({two} OR actor2 IS NULL)", f"({one} OR {two})"] if spec.unknown else [one, two]


def _among(name: str, values: Iterable[str | int]) -> str:
    return f"{name} IN ({', '.join(quoted(value) if isinstance(value, str) else str(value) for value in values)})"


def _all(conditions: list[str]) -> str:
    return " AND ".join(conditions) or "true"
