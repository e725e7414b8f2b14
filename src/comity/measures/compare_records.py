"""Which agreements, exercise series, deployments and standings began, ended or changed between two days?

Read from the state of each agreement on both days and from the first and last days of series, deployments and partner statuses. A change
enters by the midpoint of its date (`day`), shown as precisely as it is known (`date`); what was only first attested between the days is said to be that and no gain.
Unknown ends are no ends: a deployment that came home unrecorded is not listed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from comity.measures.agreements import STANDING, agreements
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import FAR, midpoint

Row = dict[str, Any]
SUSPENDED = ("suspended", "suspended_in_part")
CHANGE: dict[str, Any] = {
    "change": pl.String, "id": pl.String, "date": pl.String, "day": pl.Date, "before": pl.String, "after": pl.String, "partners": pl.List(pl.String), "records": pl.List(pl.String),
}  # fmt: skip


def agreement_changes(snapshot: Snapshot, home: str, first: date, second: date) -> pl.DataFrame:
    """Agreements of `home` whose state differs between the days: gained, attested, lost, suspended, resumed, changed, passed or signed.

    `passed`: gained and lost again between them. `before` and `after` are the states on the two days, null before it was known of.
    """
    rows = agreements(snapshot, home, as_of=second, in_force=False).rows
    earlier = agreements(snapshot, home, as_of=first, in_force=False).rows.select("id", before="state")
    both = rows.join(earlier, on="id", how="left").with_columns(after="state", day=pl.coalesce("ended_on", "state_since"))
    listed = []
    for row in both.filter(pl.col("before").ne_missing(pl.col("after"))).iter_rows(named=True):
        change = _agreement_change(row["before"], row["after"])
        if change == "gained" and row["begun_by"] == "attested":
            change = "attested"
        day = row["day"] if row["day"] is not None and first < row["day"] <= second else None
        told = (row["in_force"] or row["signed"]) if change == "gained" else day.isoformat() if day else None
        listed.append({name: row[name] for name in ("id", "before", "after", "partners", "records")} | {"change": change, "day": day, "date": told})
    return _framed(listed)


def series_changes(snapshot: Snapshot, home: str, first: date, second: date) -> pl.DataFrame:
    """Exercise series with `home` that began (first edition) or ended (last edition of a series that goes on no more) between the days."""
    editions = snapshot.counted("exercise").filter(pl.col("participants").list.contains(home))
    partners = editions.explode("participants").group_by("series").agg(pl.col("participants").unique().sort())
    series = snapshot.counted("exercise_series").filter(~pl.col("collection").fill_null(False)).join(partners, left_on="id", right_on="series", suffix="_met")
    with_day = series.with_columns(began=midpoint("first_held"), ended=midpoint("last_held"))
    over = pl.col("status").is_in(["ended", "merged", "renamed", "suspended"])
    told = [("begun", with_day.with_columns(day="began", date="first_held")), ("ended", with_day.filter(over).with_columns(day="ended", date="last_held"))]
    listed = [
        {"change": change, "id": row["id"], "day": row["day"], "date": row["date"], "after": row["status"] if change == "ended" else None}
        | {"partners": _without(row["participants_met"], home), "records": [f"exercise_series:{row['id']}"]}
        for change, frame in told
        for row in _between(frame, first, second).iter_rows(named=True)
    ]
    return _framed(listed)


def deployment_changes(snapshot: Snapshot, home: str, first: date, second: date) -> pl.DataFrame:
    """Deployments that began or ended between the days; the register's own country only, for it holds no forces of others."""
    if home != snapshot.home:
        return _framed([])
    frame = snapshot.counted("deployment").with_columns(began=midpoint("start"), ended=midpoint("end"))
    listed = [
        {"change": change, "id": row["id"], "day": row["day"], "date": row["date"], "partners": _without([*row["countries"], row["command"]], home)}
        | {"records": [f"deployment:{row['id']}"]}
        for change, name, date_name in (("begun", "began", "start"), ("ended", "ended", "end"))
        for row in _between(frame.with_columns(day=name, date=date_name), first, second).iter_rows(named=True)
    ]
    return _framed(listed)


def status_changes(snapshot: Snapshot, home: str, first: date, second: date) -> pl.DataFrame:
    """Standings that the register's own country gave or ended between the days; `before` is what the partner was called on the first."""
    if home != snapshot.home:
        return _framed([])
    frame = snapshot.counted("partner").with_columns(began=midpoint("since"), ended=midpoint("until"))
    called: dict[str, str] = dict(
        frame.filter((pl.col("began") <= first).fill_null(True) & (pl.col("ended") > first).fill_null(True))
        .sort("began", "id")
        .select("actor", "status")
        .iter_rows()
    )
    given = _between(frame.with_columns(day="began", date="since"), first, second)
    gone = _between(frame.filter(~pl.col("actor").is_in(given["actor"].implode())).with_columns(day="ended", date="until"), first, second)
    listed = [
        {"change": change, "id": row["id"], "day": row["day"], "date": row["date"], "partners": [row["actor"]], "records": [f"partner:{row['id']}"]}
        | {"before": called.get(row["actor"]), "after": row["status"] if change == "given" else None}
        for change, rows in (("given", given), ("ended", gone))
        for row in rows.iter_rows(named=True)
    ]
    return _framed(listed)


def _agreement_change(before: str | None, after: str) -> str:
    """What to call the step from one state to another."""
    stood, stands = before in STANDING, after in STANDING
    if not stood:
        gone = after in ("lapsed", "ended")
        return "gained" if stands else "passed" if gone and before is None else "lost" if gone else "signed"
    if not stands:
        return "lost"
    if before in SUSPENDED and after not in SUSPENDED:
        return "resumed"
    return "suspended" if after in SUSPENDED else "changed"


def _between(frame: pl.DataFrame, first: date, second: date) -> pl.DataFrame:
    return frame.filter((pl.col("day") > first) & (pl.col("day") <= second) & (pl.col("day") < FAR)).sort("day", "id")


def _without(actors: list[str | None], home: str) -> list[str]:
    return sorted({actor for actor in actors if actor is not None and actor != home})


def _framed(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CHANGE, orient="row").sort("change", "day", "id", nulls_last=True)
