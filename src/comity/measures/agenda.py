"""What stands in the calendar between two days: exercises, meetings, visits, notice days, ends of mandates and terms, promises due?

Read from records that carry a date, or a rule from which one follows. A date known to the month or year is a span of all the
days that it may mean, and says so. What is planned is tentative, what was put off or given up is cancelled, everything else is as recorded. `expected` adds
what the rhythm of a series alone lets expect.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from comity.measures.tempo import CYCLE_DAYS, editions_until, is_active
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.text import Text

ITEMS = {
    "exercise": Text("Exercise", "연습"),
    "dialogue": Text("Meeting", "회담"),
    "visit": Text("Visit", "방문"),
    "notice": Text("Last day for notice", "통보 기한"),
    "renewal": Text("Renewal", "연장"),
    "expiry": Text("Expiry", "만료"),
    "mandate": Text("Mandate ends", "파병 기한"),
    "commitment": Text("Promise due", "약속 기한"),
}
CANCELLED = ("postponed", "suspended", "cancelled")
SCHEMA: dict[str, Any] = {
    "item": pl.String, "ref": pl.String, "first": pl.Date, "last": pl.Date, "exact": pl.Boolean, "state": pl.String, "status": pl.String,
    "series": pl.String, "actors": pl.List(pl.String), "place_en": pl.String, "place_ko": pl.String, "what_en": pl.String, "what_ko": pl.String, "marking": pl.String,
}  # fmt: skip
Window = tuple[date, date]
NO_TEXT = pl.lit(None, dtype=pl.String)


def agenda(snapshot: Snapshot, *, first: date, last: date) -> pl.DataFrame:
    """Exercises, meetings, visits, ends of mandates and promises due from `first` to `last`, in order.

    `first`, `last`: all days that it takes or may take; `exact`: whether both ends are known to the day; `state`: confirmed, tentative or
    cancelled; `series`: the ref of what it is an edition of. Notice days come from `watch`, since they follow from rules: see `deadlines`.
    """
    window = (first, last)
    parts = [_exercises(snapshot, window), _meetings(snapshot, window), _visits(snapshot, window), _mandates(snapshot), _commitments(snapshot)]
    rows = pl.concat([part.select(pl.col(name).cast(of) for name, of in SCHEMA.items()) for part in parts])
    inside = (pl.col("first") <= last) & (pl.col("last") >= first)
    return rows.filter(inside).sort("first", "last", "item", "ref")


def deadlines(snapshot: Snapshot, watched: pl.DataFrame) -> pl.DataFrame:
    """Notice days, renewals and expiries of a `watch` result in the form of the agenda; mandates stand there already."""
    rows = watched.filter(pl.col("item").is_in(["notice", "renewal", "expiry"]))
    ids = pl.col("ref").str.strip_prefix("agreement:")
    marked = snapshot.frame("agreement").select(ref=pl.lit("agreement:") + pl.col("id"), marking="marking")
    made = rows.join(marked, on="ref", how="inner").with_columns(
        first="due",
        last="due",
        exact=True,
        state=pl.lit("confirmed"),
        status=NO_TEXT,
        series=NO_TEXT,
        actors="partners",
        place_en=NO_TEXT,
        place_ko=NO_TEXT,
        _id=ids,
    )
    return made.select(pl.col(name).cast(of) for name, of in SCHEMA.items()).sort("first", "item", "ref")


EXPECTED: dict[str, Any] = {
    "item": pl.String,
    "series": pl.String,
    "first": pl.Date,
    "last": pl.Date,
    "cycle_days": pl.Int64,
    "held": pl.Date,
    "edition": pl.String,
}


def expected(snapshot: Snapshot, home: str, *, as_of: date, days: int = 365) -> pl.DataFrame:
    """Editions that the rhythm of an active series lets expect in the days ahead, by series: the month in which the cycle is full.

    `held` is the day of the last edition, `edition` its ref. A rhythm is no announcement: nothing here says that the edition is planned.
    """
    until, rows = as_of + timedelta(days=days), []
    for item, kind, among in (
        ("exercise", "exercise_series", _held_exercises(snapshot, home, as_of)),
        ("dialogue", "dialogue_series", _held_meetings(snapshot, home, as_of)),
    ):
        for series in snapshot.counted(kind).filter(pl.col("participants").list.contains(home)).sort("id").iter_rows(named=True):
            if series["collection"] or series["frequency"] not in CYCLE_DAYS or series["id"] not in among or not is_active(series, as_of):
                continue
            (held, edition), cycle = among[series["id"]], CYCLE_DAYS[series["frequency"]]
            due = held + timedelta(days=cycle)
            if as_of <= due <= until:
                month = due.replace(day=1)
                end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
                rows.append(
                    {"item": item, "series": f"{kind}:{series['id']}", "first": month, "last": end, "cycle_days": cycle, "held": held, "edition": edition}
                )
    return pl.DataFrame(rows, schema=EXPECTED, orient="row").sort("first", "series")


def _held_exercises(snapshot: Snapshot, home: str, as_of: date) -> dict[str, tuple[date, str]]:
    rows = editions_until(snapshot, home, as_of).filter("held").sort("day", "id")
    return {series: (day, f"exercise:{one}") for series, day, one in rows.select("series", "day", "id").iter_rows()}


def _held_meetings(snapshot: Snapshot, home: str, as_of: date) -> dict[str, tuple[date, str]]:
    frame = snapshot.counted("dialogue").with_columns(day=midpoint("start"))
    rows = frame.filter(pl.col("parties").list.contains(home) & (pl.col("day") <= as_of) & (pl.col("status").fill_null("held") == "held")).sort("day", "id")
    return {series: (day, f"dialogue:{one}") for series, day, one in rows.select("series", "day", "id").iter_rows()}


def _days(begin: str, end: str | None) -> dict[str, pl.Expr]:
    """All days that a span of two dates may take, and whether it is known to the day."""
    until = pl.col(f"{begin}_latest") if end is None else pl.coalesce(pl.when(pl.col(end) != "..").then(f"{end}_latest"), f"{begin}_latest")
    exact = pl.col(f"{begin}_earliest") == pl.col(f"{begin}_latest")
    if end is not None:
        exact &= pl.col(end).is_null() | (pl.col(f"{end}_earliest") == pl.col(f"{end}_latest"))
    return {"first": pl.col(f"{begin}_earliest"), "last": until, "exact": exact}


def _exercises(snapshot: Snapshot, window: Window) -> pl.DataFrame:
    state = (
        pl.when(pl.col("status").is_in(CANCELLED))
        .then(pl.lit("cancelled"))
        .when(pl.col("status") == "planned")
        .then(pl.lit("tentative"))
        .otherwise(pl.lit("confirmed"))
    )
    told: dict[str, Any] = {"what_en": "summary_en", "what_ko": "summary_ko", "actors": "participants", "series": pl.lit("exercise_series:") + pl.col("series")}
    return _within(_rows(snapshot, "exercise", "exercise"), window).with_columns(**_days("start", "end"), state=state, **told)


def _meetings(snapshot: Snapshot, window: Window) -> pl.DataFrame:
    status = pl.col("status").fill_null("held")
    state = pl.when(status.is_in(CANCELLED)).then(pl.lit("cancelled")).when(status == "planned").then(pl.lit("tentative")).otherwise(pl.lit("confirmed"))
    told: dict[str, Any] = {
        "what_en": "outcome_en",
        "what_ko": "outcome_ko",
        "actors": "parties",
        "series": pl.lit("dialogue_series:") + pl.col("series"),
        "status": status,
    }
    return _within(_rows(snapshot, "dialogue", "dialogue"), window).with_columns(**_days("start", "end"), state=state, **told)


def _visits(snapshot: Snapshot, window: Window) -> pl.DataFrame:
    none = dict.fromkeys(("place_en", "place_ko", "series", "status"), NO_TEXT)
    return _within(_rows(snapshot, "visit", "visit"), window).with_columns(
        **_days("start", "end"), state=pl.lit("confirmed"), actors=pl.concat_list("visitor", "host"), **none
    )


def _mandates(snapshot: Snapshot) -> pl.DataFrame:
    """The last day that each act allows; a consent that another has followed is not said to end."""
    acts = _rows(snapshot, "mandate", "mandate").filter((pl.col("act") != "withdrawal") & pl.col("until").is_not_null() & (pl.col("until") != ".."))
    latest = acts.sort("date_latest", "id").group_by("deployment", pl.col("act") == "resolution", maintain_order=True).last()
    where = snapshot.frame("deployment").select(pl.col("id").alias("deployment"), actors=pl.concat_list("countries", "command").list.drop_nulls())
    none = dict.fromkeys(("place_en", "place_ko", "status"), NO_TEXT)
    told: dict[str, Any] = {"what_en": "document_en", "what_ko": "document_ko", "series": pl.lit("deployment:") + pl.col("deployment")}
    return (
        latest.drop("act", strict=False)
        .join(where, on="deployment", how="left")
        .with_columns(**_days("until", None), state=pl.lit("confirmed"), **told, **none)
    )


def _commitments(snapshot: Snapshot) -> pl.DataFrame:
    """Promises with a due date: tentative until they are kept, cancelled when dropped."""
    rows = _rows(snapshot, "commitment", "commitment").filter(pl.col("due").is_not_null() & (pl.col("due") != ".."))
    state = pl.when(pl.col("status") == "dropped").then(pl.lit("cancelled")).otherwise(pl.lit("confirmed"))
    none = dict.fromkeys(("place_en", "place_ko", "series"), NO_TEXT)
    return rows.with_columns(**_days("due", None), state=state, actors=pl.col("by").list.set_union("to").list.sort(), **none)


def _within(rows: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Rows that may lie in the window, before anything is made of them."""
    ends = pl.coalesce(pl.when(pl.col("end") != "..").then("end_latest"), "start_latest")
    return rows.filter((pl.col("start_earliest") <= window[1]) & (ends >= window[0]))


def _rows(snapshot: Snapshot, kind: str, item: str) -> pl.DataFrame:
    return snapshot.counted(kind).with_columns(item=pl.lit(item), ref=pl.lit(f"{kind}:") + pl.col("id"))
