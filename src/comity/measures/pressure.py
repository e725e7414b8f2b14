"""How hard do others press on the country: provocations by class, coercion by third states, and, beside them, talks and summits?

Read from events (and from the meetings and agreements that lead where an event tells the same), per year and month, with the last twelve
months set against the five years before them. Counts are given only for what the register says that it covers; outside, the column `known`
tells how many records there are, which is at least so many acts and no rate. Totals and retold acts are left out. It counts acts, not their
gravity, and it says nothing of causes. Rate ratio of two Poisson counts: Przyborowski & Wilenski (1940, Biometrika); Clopper & Pearson (1934).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from comity.measures.fill import ENOUGH, filled, not_enough
from comity.measures.pressure_acts import NEEDED, TALKS, acts_of, adversaries_of, spans_of
from comity.measures.result import Result, result
from comity.measures.terms import Duration, shift
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownActor
from comity.vocab.text import Text

SERIES = ["role", "actor", "what"]
YEAR_DAYS = 365.25
Window = tuple[date, date]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class PressureSettings:
    """Parameters of pressure, with the reason for each."""

    classes: tuple[str, ...] = ("nuclear", "long_range", "short_range", "conventional_clash", "grey_zone")
    """Classes that are provocations: acts, not words; threats and statements are too selectively recorded to count."""
    coercion: tuple[str, ...] = ("SANCTION", "COERCE")
    """PLOVER roots that are coercion when another state than an adversary turns them on the country."""
    covered: tuple[str, ...] = ("complete", "nearly_complete")
    """Completeness at which a class is counted: in a partial record a rise may be better recording."""
    recent_months: int = 12
    """A year, so that the seasons of exercises and harvests are in both windows alike."""
    baseline_years: int = 5
    """Long enough for rare classes, short enough for one leadership and one arsenal."""
    least_years: float = 0.25
    """Under a quarter of a year covered, the last months tell nothing of a yearly rate."""
    level: float = 0.95
    """Of the interval of the rate ratio."""


def pressure(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: PressureSettings | None = None) -> Result:
    """Provocations, coercion, talks and summits up to `as_of`, one row a series of acts (`role`, `actor`, `what`).

    `role`: provocation (an adversary's, `what` its class), coercion (another state's towards `home`), talks (with an adversary; `what`
    talks, or summits among them, and the same of others, in which `home` took no part). `recent`, `baseline`: acts in the last year and in the five years before, within what is covered for
    `recent_years` and `baseline_years`; `rate`, `rate_before` a year; `ratio` with `ratio_low`, `ratio_high` (95 %), else `reason_en`/`reason_ko`
    say why there is none. `last_day`, `days_since`: of the last act known. `covered_from`, `covered_to`. Tables `years` and `months`: `count`
    (null outside cover), `covered` (share of the period), `known`; `salvos`: days of several acts or items of a provocation.
    """
    chosen, country = settings or PressureSettings(), home or snapshot.home
    if country not in snapshot.actor_names:
        raise UnknownActor(_NO_ACTOR.format(actor=repr(country)))
    share = filled(snapshot.counted("event"), NEEDED)
    if share < ENOUGH:
        return result("pressure", snapshot, pl.DataFrame(), as_of=as_of, home=country, settings=chosen, notes=(not_enough(_PRESSURE, share),))
    acts = acts_of(snapshot, country, as_of, chosen.classes, chosen.coercion)
    spans = spans_of(snapshot, as_of, chosen.covered)
    series = [(key, part, spans.get(key[2], [])) for key, part in _series(acts, snapshot, country, chosen)]
    rows = pl.DataFrame([_row(key, part, cover, as_of, chosen) for key, part, cover in series], schema=_ROW_SCHEMA, orient="row")
    tables = {"years": _periods(series, as_of, "1y"), "months": _periods(series, as_of, "1mo"), "salvos": _salvos(acts)}
    return result("pressure", snapshot, rows, as_of=as_of, home=country, settings=chosen, notes=_NOTES, tables=tables)


def rate_ratio(recent: int, recent_years: float, before: int, before_years: float, level: float = 0.95) -> tuple[float | None, float, float | None]:
    """Ratio of two Poisson rates with its exact conditional interval; None where it is infinite or undefined.

    Given the sum, the recent count is binomial with p = r·t / (r·t + T), so that the Clopper-Pearson bounds of p give those of r.

    >>> [round(value, 2) for value in rate_ratio(10, 1.0, 10, 5.0)]
    [5.0, 1.87, 13.39]
    """
    from scipy.special import betaincinv

    tail, scale = (1 - level) / 2, before_years / recent_years
    low = float(betaincinv(recent, before + 1, tail)) if recent else 0.0
    high = float(betaincinv(recent + 1, before, 1 - tail)) if before else 1.0
    ratio = recent / before * scale if before else None
    return ratio, low / (1 - low) * scale, high / (1 - high) * scale if before else None


def _series(acts: pl.DataFrame, snapshot: Snapshot, home: str, settings: PressureSettings) -> list[tuple[Key, pl.DataFrame]]:
    """Every series with its acts: each class of each adversary and the talks with it, even where there are none, and each coercing state."""
    keys: list[Key] = []
    for actor in adversaries_of(snapshot, home):
        keys += [("provocation", actor, name) for name in settings.classes]
        keys += [("talks", actor, name) for name in TALKS]
    others = acts.filter(pl.col("role") == "coercion")["actor"].unique().sort()
    keys += [("coercion", actor, "coercion") for actor in others]
    return [(key, acts.filter((pl.col("role") == key[0]) & (pl.col("actor") == key[1]) & (pl.col("what") == key[2]))) for key in keys]


def _row(key: Key, part: pl.DataFrame, spans: list[Window], as_of: date, settings: PressureSettings) -> dict[str, object]:
    start = shift(as_of, Duration(months=settings.recent_months), back=True)
    before = shift(start, Duration(months=12 * settings.baseline_years), back=True)
    recent, recent_years = _within(part, spans, start, as_of)
    base, base_years = _within(part, spans, before, start)
    last = part.row(-1, named=True) if part.height else None
    row: dict[str, object] = dict(zip(SERIES, key, strict=True)) | {"known": part.height, "records": part["ref"].to_list()}
    row |= {"covered_from": spans[0][0] if spans else None, "covered_to": spans[-1][1] if spans else None}
    row |= {"last_day": last["day"], "days_since": (as_of - last["day"]).days, "last_record": last["ref"]} if last else {}
    enough, before_enough = recent_years >= settings.least_years, base_years >= settings.baseline_years / 2
    row |= {"recent": recent if enough else None, "recent_years": recent_years, "baseline": base if before_enough else None, "baseline_years": base_years}
    reason = _why_not(spans, recent_years, base_years, recent + base, settings)
    if reason is not None:
        return row | {"reason_en": reason.en, "reason_ko": reason.ko}
    ratio, low, high = rate_ratio(recent, recent_years, base, base_years, settings.level)
    row |= {"rate": recent / recent_years, "rate_before": base / base_years, "ratio": ratio, "ratio_low": low, "ratio_high": high}
    return row if ratio is not None else row | {"reason_en": _NONE_BEFORE.en, "reason_ko": _NONE_BEFORE.ko}


def _why_not(spans: list[Window], recent_years: float, base_years: float, acts: int, settings: PressureSettings) -> Text | None:
    if not spans:
        return _NOT_COVERED
    if recent_years < settings.least_years:
        return _ENDED.format(day=spans[-1][1].isoformat())
    if base_years < settings.baseline_years / 2:
        return _SHORT.format(day=spans[0][0].isoformat())
    return None if acts else _NONE


def _within(acts: pl.DataFrame, spans: list[Window], after: date, until: date) -> tuple[int, float]:
    """Acts and covered years in the days after `after` and until `until`."""
    windows = _cut(spans, after + timedelta(days=1), until)
    days = sum((last - first).days + 1 for first, last in windows)
    return sum(acts.filter(pl.col("day").is_between(first, last)).height for first, last in windows), days / YEAR_DAYS


def _cut(spans: list[Window], first: date, last: date) -> list[Window]:
    return [(max(first, start), min(last, end)) for start, end in spans if start <= last and end >= first]


def _periods(series: list[tuple[Key, pl.DataFrame, list[Window]]], as_of: date, every: str) -> pl.DataFrame:
    """Acts of each series by year or month, from the first known act or covered day on. Acts known only to the year enter no month."""
    rows: list[dict[str, object]] = []
    for key, part, spans in series:
        acts = part.filter(pl.col("monthly")) if every == "1mo" else part
        begun = [*acts["day"].head(1), *(start for start, _ in spans[:1])]
        if not begun:
            continue
        first = min(begun).replace(day=1)
        days = pl.date_range(first.replace(month=1) if every == "1y" else first, as_of, every, eager=True)
        by = {day[0]: group for day, group in acts.group_by(pl.col("day").dt.truncate(every), maintain_order=True)}
        rows += [_period(key, day, by.get(day), spans, every) for day in days]
    return pl.DataFrame(rows, schema=_PERIOD_SCHEMA, orient="row")


def _period(key: Key, day: date, part: pl.DataFrame | None, spans: list[Window], every: str) -> dict[str, object]:
    last = shift(day, Duration(months=12 if every == "1y" else 1)) - timedelta(days=1)
    windows = _cut(spans, day, last)
    covered = sum((end - start).days + 1 for start, end in windows)
    inside = 0 if part is None else sum(start <= one <= end for one in part["day"].to_list() for start, end in windows)
    return dict(zip(SERIES, key, strict=True)) | {
        "start": day,
        "year": day.year,
        "count": inside if covered else None,
        "covered": covered / ((last - day).days + 1),
        "known": 0 if part is None else part.height,
        "records": [] if part is None else part["ref"].to_list(),
    }


def _salvos(acts: pl.DataFrame) -> pl.DataFrame:
    """Days on which one actor did several acts of a class, or one of several items; `number` where all acts of the day state it."""
    exact = acts.filter((pl.col("role") == "provocation") & pl.col("exact"))
    stated = pl.when(pl.col("number").is_not_null().all()).then(pl.col("number").sum()).alias("number")
    days = exact.group_by("actor", "what", "day").agg(pl.len().cast(pl.Int64).alias("events"), stated, records=pl.col("ref").sort())
    return days.filter((pl.col("events") > 1) | (pl.col("number") > 1)).sort("day", "what", "actor")


_ROW_SCHEMA: dict[str, Any] = {
    "role": pl.String, "actor": pl.String, "what": pl.String, "known": pl.Int64, "recent": pl.Int64, "recent_years": pl.Float64, "baseline": pl.Int64,
    "baseline_years": pl.Float64, "rate": pl.Float64, "rate_before": pl.Float64, "ratio": pl.Float64, "ratio_low": pl.Float64, "ratio_high": pl.Float64,
    "last_day": pl.Date, "days_since": pl.Int64, "last_record": pl.String, "covered_from": pl.Date, "covered_to": pl.Date, "reason_en": pl.String,
    "reason_ko": pl.String, "records": pl.List(pl.String),
}  # fmt: skip
_PERIOD_SCHEMA: dict[str, Any] = {
    "role": pl.String, "actor": pl.String, "what": pl.String, "start": pl.Date, "year": pl.Int64, "count": pl.Int64, "covered": pl.Float64,
    "known": pl.Int64, "records": pl.List(pl.String),
}  # fmt: skip

_NO_ACTOR = Text("No actor carries the code {actor}.", "{actor} 부호를 가진 행위자가 없습니다.")
_PRESSURE = Text("pressure", "위협 압력")
_NOT_COVERED = Text("The register does not claim to hold all such acts: no rate.", "해당 유형은 전수 수록 대상이 아니므로 빈도를 계산하지 않음.")
_ENDED = Text("Covered only until {day}: no rate for the last months.", "수록 범위가 {day}까지이므로 최근 빈도를 계산하지 않음.")
_SHORT = Text("Covered only from {day}: too short for a comparison.", "수록 범위가 {day}부터이므로 비교하기에 기간이 짧음.")
_NONE = Text("No such act in the last year nor in the years before it: no ratio.", "최근 1년과 비교 기간에 해당 행위가 없어 비율을 계산하지 않음.")
_NONE_BEFORE = Text("None in the years before: the ratio has a lower bound only.", "비교 기간에 해당 행위가 없어 비율의 하한만 제시함.")
_NOTES = (
    Text(
        "Days since the last act are counted from the last act known; where cover ended earlier, there may be later ones.",
        "경과일은 알려진 마지막 행위를 기준으로 하며, 수록 범위 이후의 행위는 반영되지 않았을 수 있다.",
    ),
    Text(
        "The interval of the ratio takes acts as independent; they come in bursts, so it is rather too narrow.",
        "비율의 구간은 행위가 서로 독립이라고 가정한다. 도발은 몰려서 일어나므로 실제 불확실성은 더 크다.",
    ),
)
