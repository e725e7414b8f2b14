"""Forces abroad on a day and their strength over time, mission by mission.

Read from deployments, their strengths and their mandates; deployments belong to the country whose register it is. Nothing is
interpolated: a strength is the last count until the next, with its age in days, and unknown before the first. Counts of several missions
together are a series of their own and enter no sum. A deployment whose end nobody states is presumed to go on only while something
recent speaks for it. It does not say what a force did or whether it served its purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from comity.measures.result import Result, result
from comity.measures.terms import Duration, shift
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text

Row = dict[str, Any]
Told = dict[str, list[Row]]
CONSENT = ("consent", "extension")
SCHEMA: dict[str, Any] = {
    "id": pl.String, "framework": pl.String, "command": pl.String, "deployment_type": pl.String, "countries": pl.List(pl.String),
    "start": pl.String, "state": pl.String, "certainty": pl.String, "last_evidence": pl.Date, "personnel": pl.Int64, "counted_on": pl.Date,
    "age_days": pl.Int64, "peak": pl.Int64, "peak_on": pl.Date, "peak_stated": pl.Int64, "ceiling": pl.Int64, "mandate_until": pl.Date, "un_until": pl.Date,
    "records": pl.List(pl.String),
}  # fmt: skip
STRENGTH_SCHEMA: dict[str, Any] = {
    "deployment": pl.String, "since": pl.Date, "until": pl.Date, "days": pl.Int64, "personnel": pl.Int64, "troops": pl.Int64, "police": pl.Int64,
    "experts": pl.Int64, "counted_by": pl.String, "records": pl.List(pl.String),
}  # fmt: skip
YEAR_SCHEMA: dict[str, Any] = {
    "day": pl.Date, "deployments": pl.Int64, "counted": pl.Int64, "personnel": pl.Int64, "un_personnel": pl.Int64, "oldest_days": pl.Int64,
    "by_deployment": pl.List(pl.Struct({"deployment": pl.String, "personnel": pl.Int64, "age_days": pl.Int64})), "records": pl.List(pl.String),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeploymentSettings:
    """Parameters of deployments, with the reason for each."""

    presumed_years: int = 5
    """Without an end, a deployment is presumed to go on this long after its last dated evidence: white papers, which list every
    mission, come every two years, so that five years miss at least two of them. After that it only possibly goes on."""
    least_filled: float = 0.3
    """Strengths are summed when counted for this share of the deployments; under it the sum is mostly gaps."""


def deployments(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: DeploymentSettings | None = None) -> Result:
    """The forces of `home` abroad on `as_of`, one row a deployment, with the last count, its age, the peak and the ceiling.

    `mandate_until` is the last day that parliament's latest recorded act allows, `un_until` that of the latest resolution; `certainty` is
    certainly, presumed or possibly (method 1). Tables: `ended`, the deployments that were over by then; `standby`,
    forces held ready at home; `strengths`, each
    count with the days for which it stands (`until` is null for the last one of a deployment that goes on); `by_year`, the sum of the last
    counts on each 31 December and on `as_of`, with how many deployments it leaves out (possible ones are in neither); `totals`, counts of
    several missions together; `mandates`. Another country than the register's has no rows: the record holds no forces of others.
    """
    home = home or snapshot.home
    settings = settings or DeploymentSettings()
    forces = _forces(snapshot, home, as_of)
    counts, acts = _counts(snapshot, as_of), _acts(snapshot, as_of)
    every = [_row(row, home, counts.get(row["id"], []), acts.get(row["id"], []), as_of, settings) for row in forces.iter_rows(named=True)]
    rows = pl.DataFrame(every, schema=SCHEMA, orient="row")
    here = rows.filter(pl.col("state") == "abroad")
    tables = {
        "ended": rows.filter(pl.col("state") == "ended"),
        "standby": rows.filter(pl.col("state") == "standby"),
        "strengths": _strengths(forces, counts, as_of),
        "by_year": _by_year(home, forces, counts, acts, as_of, settings),
        "totals": _totals(snapshot, home, as_of),
        "mandates": _mandates(snapshot, home, as_of),
    }
    return result("deployments", snapshot, here, as_of=as_of, home=home, settings=settings, notes=_notes(here, settings), tables=tables)


def _forces(snapshot: Snapshot, home: str, day: date) -> pl.DataFrame:
    """Deployments begun by `day`, with the days on which their sources appeared or, for undated ones, were read."""
    mine = pl.lit(home == snapshot.home)
    frame = snapshot.counted("deployment").filter(mine & (pl.col("start_earliest") <= day))
    sources = snapshot.frame("source")
    for name in ("source", "second_source"):
        frame = frame.join(sources.select(pl.col("id").alias(name), pl.col("published_latest").alias(f"_{name}")), on=name, how="left")
    read = sources.select(pl.col("id").alias("source"), pl.coalesce("published_latest", "retrieved").alias("_appeared"))
    return frame.join(read, on="source", how="left").sort("start_earliest", "id")


def _counts(snapshot: Snapshot, day: date) -> Told:
    """Counts on or before `day`, by deployment, oldest first; of an imprecise date the last day, so that no count is older than it says."""
    frame = snapshot.counted("strength").filter(pl.col("date_earliest") <= day)
    frame = frame.with_columns(at=pl.min_horizontal("date_latest", pl.lit(day))).sort("at", "id")
    by: Told = {}
    for row in frame.iter_rows(named=True):
        by.setdefault(row["deployment"], []).append(row)
    return by


def _acts(snapshot: Snapshot, day: date) -> Told:
    """Consents, extensions and resolutions on or before `day`, by deployment, oldest first."""
    frame = snapshot.counted("mandate").filter((pl.col("date_earliest") <= day) & (pl.col("act") != "withdrawal"))
    frame = frame.with_columns(at=pl.min_horizontal("date_latest", pl.lit(day))).sort("at", "id")
    by: Told = {}
    for row in frame.iter_rows(named=True):
        by.setdefault(row["deployment"], []).append(row)
    return by


def _row(row: Row, home: str, counts: list[Row], acts: list[Row], day: date, settings: DeploymentSettings) -> Row:
    """One deployment as it stood on `day`."""
    evidence = _evidence(row, [*counts, *acts], day)
    state, certainty = _state(row, home, evidence, day, settings)
    last = _at(counts, day) if state == "abroad" else None
    peak = max(counts, key=lambda one: (one["personnel"], -one["at"].toordinal()), default=None)
    cells: Row = {name: row[name] for name in ("id", "framework", "command", "deployment_type", "countries", "start")}
    cells |= {"state": state, "certainty": certainty, "last_evidence": evidence, "ceiling": _ceiling(row, acts, day)}
    cells |= {"personnel": last["personnel"] if last else None, "counted_on": last["at"] if last else None}
    cells |= {"age_days": (day - last["at"]).days if last else None, "peak": peak["personnel"] if peak else None, "peak_on": peak["at"] if peak else None}
    cells |= {"peak_stated": row["personnel_peak"] if _told(row, day) else None}
    cells |= {"mandate_until": _until([one for one in acts if one["act"] in CONSENT]), "un_until": _until([one for one in acts if one["act"] == "resolution"])}
    used = [f"strength:{one['id']}" for one in counts] + [f"mandate:{one['id']}" for one in acts]
    return cells | {"records": [f"deployment:{row['id']}", *used]}


def _ceiling(row: Row, acts: list[Row], day: date) -> int | None:
    """The last ceiling that parliament's acts state, else the one that the deployment's own record does."""
    stated: list[int] = [one["ceiling"] for one in acts if one["act"] in CONSENT and one["ceiling"] is not None]
    own: int | None = row["personnel_ceiling"] if _told(row, day) else None
    return stated[-1] if stated else own


def _until(acts: list[Row]) -> date | None:
    """The last day that the latest of these acts allows; of an imprecise one the earliest."""
    days: list[date] = [one["until_earliest"] for one in acts if one["until_earliest"] is not None]
    return days[-1] if days else None


def _state(row: Row, home: str, evidence: date, day: date, settings: DeploymentSettings) -> tuple[str, str]:
    """Whether the force was abroad on `day` (or a standing force at home), and how sure that is."""
    if row["end"] is not None and row["end_latest"] < day:
        return "ended", "certainly"
    if set(row["countries"]) <= {home}:
        return "standby", "presumed" if row["end"] is None else "certainly"
    if row["start_latest"] > day or (row["end"] is not None and row["end_earliest"] < day):
        return "abroad", "possibly"
    if row["end"] is not None:
        return "abroad", "certainly"
    return "abroad", "presumed" if shift(evidence, Duration(months=12 * settings.presumed_years)) >= day else "possibly"


def _evidence(row: Row, told: list[Row], day: date) -> date:
    """The latest day, not after `day`, of which a count, an act of parliament, a dated source or the start itself tells."""
    days: list[date | None] = [row["_source"], row["_second_source"], *(one["at"] for one in told)]
    start: date = row["start_earliest"]
    return max((one for one in days if one is not None and one <= day), default=start)


def _told(row: Row, day: date) -> bool:
    """Whether an undated figure of the record (peak, ceiling) was known by `day`: it is over, or its source had appeared or been read by then."""
    over = row["end"] is not None and row["end_latest"] <= day
    return bool(over or (row["_appeared"] is not None and row["_appeared"] <= day))


def _at(counts: list[Row], day: date) -> Row | None:
    """The last count on or before `day`."""
    before = [one for one in counts if one["at"] <= day]
    return before[-1] if before else None


def _strengths(forces: pl.DataFrame, counts: Told, as_of: date) -> pl.DataFrame:
    """Each count with the days for which it stands: until the day before the next, or until the force came home."""
    rows = []
    for deployment, end in forces.select("id", "end_latest").sort("id").iter_rows():
        listed = counts.get(deployment, [])
        for one, later in pairwise([*listed, None]):
            if one is None:
                continue
            until = later["at"] - timedelta(days=1) if later else end if end and end <= as_of else None
            cells = {name: one[name] for name in ("deployment", "personnel", "troops", "police", "experts", "counted_by")}
            cells |= {"since": one["at"], "until": until, "days": (until - one["at"]).days + 1 if until else None, "records": [f"strength:{one['id']}"]}
            rows.append(cells)
    return pl.DataFrame(rows, schema=STRENGTH_SCHEMA, orient="row")


def _by_year(home: str, forces: pl.DataFrame, counts: Told, acts: Told, as_of: date, settings: DeploymentSettings) -> pl.DataFrame:
    """The sum of the last counts at each year's end and on `as_of`."""
    rows = [_on(home, forces, counts, acts, day, settings) for day in _year_ends(forces, as_of)]
    return pl.DataFrame(rows, schema=YEAR_SCHEMA, orient="row")


def _year_ends(forces: pl.DataFrame, as_of: date) -> Iterator[date]:
    if forces.height:
        for year in range(forces["start_earliest"].to_list()[0].year, as_of.year):
            yield date(year, 12, 31)
        yield as_of


def _on(home: str, forces: pl.DataFrame, counts: Told, acts: Told, day: date, settings: DeploymentSettings) -> Row:
    here = []
    for row in forces.filter(pl.col("start_earliest") <= day).iter_rows(named=True):
        listed = [one for one in counts.get(row["id"], []) if one["at"] <= day]
        state, certainty = _state(row, home, _evidence(row, [*listed, *acts.get(row["id"], [])], day), day, settings)
        if state == "abroad" and certainty != "possibly":
            here.append((row, _at(listed, day)))
    counted = [(row, last) for row, last in here if last is not None]
    enough = bool(counted) and len(counted) >= settings.least_filled * len(here)
    un = [last["personnel"] for row, last in counted if row["framework"] == "UN"]
    return {
        "day": day,
        "deployments": len(here),
        "counted": len(counted),
        "personnel": sum(last["personnel"] for _, last in counted) if enough else None,
        "un_personnel": sum(un) if enough and un else None,
        "oldest_days": max(((day - last["at"]).days for _, last in counted), default=None),
        "by_deployment": [{"deployment": row["id"], "personnel": last["personnel"], "age_days": (day - last["at"]).days} for row, last in counted],
        "records": [f"deployment:{row['id']}" for row, _ in here] + [f"strength:{last['id']}" for _, last in counted],
    }


def _totals(snapshot: Snapshot, home: str, day: date) -> pl.DataFrame:
    """Counts of several missions together, as their source gives them."""
    frame = snapshot.frame("strength").filter(pl.lit(home == snapshot.home) & (pl.col("count_as") == "total") & (pl.col("date_earliest") <= day))
    if not snapshot.include_unsourced:
        frame = frame.filter("sourced")
    columns = ["deployment", "date", "personnel", "troops", "police", "experts", "counted_by"]
    return frame.sort("deployment", "date_latest", "id").select(*columns, records=pl.concat_list("strength:" + pl.col("id")))


def _mandates(snapshot: Snapshot, home: str, day: date) -> pl.DataFrame:
    frame = snapshot.counted("mandate").filter(pl.lit(home == snapshot.home) & (pl.col("date_earliest") <= day)).sort("deployment", "date_earliest", "id")
    left = (pl.col("until_latest") - pl.lit(day)).dt.total_days()
    return frame.select("deployment", "act", "date", "until", "ceiling", days_left=left, records=pl.concat_list("mandate:" + pl.col("id")))


def _notes(here: pl.DataFrame, settings: DeploymentSettings) -> tuple[Text, ...]:
    stand = here.filter(pl.col("certainty") != "possibly")
    possible = here.height - stand.height
    counted = stand.filter(pl.col("personnel").is_not_null())
    if not stand.height:
        return (_NONE.format(possible=possible),)
    if counted.height < settings.least_filled * stand.height:
        return (_THIN.format(counted=counted.height, n=stand.height),)
    total, oldest = int(counted["personnel"].sum()), counted["age_days"].max()
    return (_SUM.format(total=f"{total:,}", counted=counted.height, n=stand.height, oldest=oldest, possible=possible),)


_NONE = Text("No deployment is known to go on; {possible} possibly do.", "계속 중인 것으로 확인되는 파병이 없다(불확실 {possible}건).")
_THIN = Text("Not enough data: a strength is counted for {counted} of {n} deployments.", "자료 부족: 파병 {n}건 중 {counted}건만 인원 자료가 있다.")
_SUM = Text(
    "{total} persons by the last counts of {counted} of the {n} deployments that go on; the oldest of these counts is {oldest} days old. {possible} more only possibly go on.",
    "계속 중인 파병 {n}건 중 {counted}건의 최근 집계 합계는 {total}명이며, 가장 오래된 집계는 {oldest}일 전 자료이다. 이 밖에 {possible}건은 계속 여부가 불확실하다.",
)
