"""What changed between two days: in the ties, in the agreements, in exercises, in forces abroad and in what partners are called?

Ties are compared in common draws of weights, constants and records, so that the difference has an interval of its own, narrower than
those of the two days would suggest. The rest lists what began, ended or changed. Both days are seen with today's knowledge of the record:
to compare what was known then, take two snapshots with `known_at`. It says what changed, not why.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.measures.compare_records import agreement_changes, deployment_changes, series_changes, status_changes
from comity.measures.contributions import contributions
from comity.measures.result import Result, result
from comity.measures.tie_settings import TieSettings
from comity.measures.tie_strength import standing, tie_draws
from comity.register.snapshot import Snapshot
from comity.vocab.errors import ComityError, UnknownActor
from comity.vocab.text import Text

Floats = npt.NDArray[np.float64]
SCHEMA: dict[str, Any] = {
    "partner": pl.String, "first": pl.Float64, "second": pl.Float64, "difference": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "differs": pl.Boolean, "by_time_alone": pl.Boolean, "apart": pl.Boolean, "gained": pl.List(pl.String), "lost": pl.List(pl.String), "records": pl.List(pl.String),
}  # fmt: skip


def compare(
    snapshot: Snapshot, home: str | None = None, *, first: date, second: date, partner: str | None = None, settings: TieSettings | None = None
) -> Result:
    """What changed for `home` from `first` to `second`, with every partner or with one.

    Rows, the largest change first: `partner`; `first`, `second` (tie scores, medians; null where no record stood); `difference` with `low`, `high`
    (median and 5-95 % of the paired differences, points; a tie without any record counts as 0 in them); `differs` (the interval
    leaves out 0); `by_time_alone` (no record came or went: the tie only faded); `apart` (adversaries); `gained`, `lost` (records that stand on one of the days only). Tables `agreements`, `series`, `deployments`,
    `statuses`: `change`, `id`, `date` (as known), `day` (its midpoint), `before`, `after`, `partners`, `records`.
    """
    chosen, country = settings or TieSettings(), home or snapshot.home
    for code in (country, partner):
        if code is not None and code not in snapshot.actor_names:
            raise UnknownActor(_NO_ACTOR.format(actor=repr(code)))
    if first >= second:
        raise ComityError(_ORDER.format(first=first.isoformat(), second=second.isoformat()))
    rows, tables = _ties(snapshot, country, first, second, chosen), _tables(snapshot, country, first, second)
    if partner is not None:
        rows = rows.filter(pl.col("partner") == partner)
        tables = {name: table.filter(pl.col("partners").list.contains(partner)) for name, table in tables.items()}
    asked = {"first": first.isoformat(), "second": second.isoformat(), "partner": partner, "draws": chosen.draws, "seed": chosen.seed}
    return result("compare", snapshot, rows, as_of=second, home=country, settings=asked, notes=_notes(rows, tables, first, second), tables=tables)


def _tables(snapshot: Snapshot, home: str, first: date, second: date) -> dict[str, pl.DataFrame]:
    return {
        "agreements": agreement_changes(snapshot, home, first, second),
        "series": series_changes(snapshot, home, first, second),
        "deployments": deployment_changes(snapshot, home, first, second),
        "statuses": status_changes(snapshot, home, first, second),
    }


def _ties(snapshot: Snapshot, home: str, first: date, second: date, settings: TieSettings) -> pl.DataFrame:
    before = _by_partner(*tie_draws(snapshot, home, as_of=first, settings=settings))
    after = _by_partner(*tie_draws(snapshot, home, as_of=second, settings=settings))
    every = contributions(snapshot, home, settings)
    stood, stands = _refs(standing(every, first)), _refs(standing(every, second))
    rows = []
    for partner in sorted(before.keys() | after.keys()):
        refs_before, refs_after = stood.get(partner, set()), stands.get(partner, set())
        row = {"partner": partner, "apart": partner in snapshot.settings.get("adversaries", [])}
        row |= _difference(before.get(partner), after.get(partner), settings)
        row |= {"by_time_alone": refs_before == refs_after}
        row |= {"gained": sorted(refs_after - refs_before), "lost": sorted(refs_before - refs_after), "records": sorted(refs_before | refs_after)}
        rows.append(row)
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return frame.sort(pl.col("difference").abs(), "partner", descending=[True, False])


def _by_partner(partners: list[str], drawn: Floats) -> dict[str, Floats]:
    return dict(zip(partners, drawn, strict=True))


def _refs(parts: pl.DataFrame) -> dict[str, set[str]]:
    return {partner: set(refs) for partner, refs in parts.group_by("partner").agg(pl.col("ref").unique()).iter_rows()}


def _difference(before: Floats | None, after: Floats | None, settings: TieSettings) -> dict[str, float | bool | None]:
    """The paired difference of two rows of draws, in points."""
    none = np.zeros(settings.draws)
    change = (none if after is None else after) - (none if before is None else before)
    low, high = (float(bound) for bound in np.quantile(change, settings.interval))
    return {
        "first": None if before is None else float(np.median(before)),
        "second": None if after is None else float(np.median(after)),
        "difference": float(np.median(change)),
        "low": low,
        "high": high,
        "differs": low > 0 or high < 0,
    }


def _notes(rows: pl.DataFrame, tables: dict[str, pl.DataFrame], first: date, second: date) -> tuple[Text, ...]:
    moved = rows.filter(pl.col("differs") & ~pl.col("by_time_alone"))
    numbers: dict[str, Any] = {name: table.height for name, table in tables.items()}
    numbers |= {"up": moved.filter(pl.col("difference") > 0).height, "down": moved.filter(pl.col("difference") < 0).height}
    numbers |= {"faded": rows.filter("by_time_alone").height, "n": rows.height}
    return (_SUMMARY.format(first=first.isoformat(), second=second.isoformat(), **numbers), _FADING)


_NO_ACTOR = Text("No actor carries the code {actor}.", "{actor} 부호를 가진 행위자가 없습니다.")
_ORDER = Text("The first day, {first}, must lie before the second, {second}.", "비교 시작일({first})은 종료일({second})보다 앞서야 합니다.")
_SUMMARY = Text(
    "From {first} to {second}: of {n} ties {up} rose and {down} fell by more than the draws leave in doubt; in {faded} no record came or went. "
    "{agreements} agreements, {series} exercise series, {deployments} deployments and {statuses} standings began, ended or changed.",
    "{first}부터 {second}까지: 유대 {n}건 중 {up}건은 뚜렷이 강해지고 {down}건은 뚜렷이 약해졌으며, {faded}건은 새 기록이나 종료된 기록이 없다. "
    "시작·종료·변경된 것은 협정 {agreements}건, 연습 계열 {series}건, 해외 파병 {deployments}건, 상대국 지위 {statuses}건이다.",
)
_FADING = Text(
    "Ties fade by time alone where nothing new is recorded; such a fall may be a gap in the record.",
    "새 기록이 없으면 시간이 지나는 것만으로 유대 강도가 낮아지므로, 그러한 하락은 기록의 공백일 수 있다.",
)
