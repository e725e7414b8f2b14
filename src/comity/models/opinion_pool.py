"""What do the polls of several houses say together: support for an answer day by day, how sure, and how far does each house lean?

Read from poll answers to one question (one wording, as the register tells questions apart) that two houses or more asked in one country. Support
is a level that drifts at random, seen by houses that each lean by an amount of their own; house effects sum to zero, each house with equal
weight. The bands hold sampling, drift, house effects and not knowing how large these are. They do not hold what all houses have in common:
a wording that leads, a population that none of them reaches. All other questions stay raw points, with the reason.
Jackman (2005, Australian Journal of Political Science 40); Durbin & Koopman (2012); Gelman (2006, Bayesian Analysis 1).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from comity.measures.opinion import OpinionSettings, opinion
from comity.measures.result import Result, result
from comity.models.one_thread import on_one_thread
from comity.models.polling import words
from comity.models.polling.fit import Pooled, pooled
from comity.models.polling.house_effects import DRIFT_BOUNDS
from comity.models.polling.local_level import Array
from comity.models.polling.polls import KEY, REASONS, as_numbers, house_names, pollable
from comity.models.polling.sensitivity import sensitivity
from comity.models.polling.settings import OpinionPoolSettings
from comity.models.polling.words import POLLS, RAW, ROWS, TABLES
from comity.register.snapshot import Snapshot
from comity.vocab.text import Text

BANDS = ("low95", "low80", "support", "high80", "high95")  # in the order of the fit's quantiles
NOW = ("now_low95", "now_low80", "now", "now_high80", "now_high95")


@on_one_thread
def opinion_pool(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: OpinionPoolSettings | None = None) -> Result:
    """Pooled support for every answer in `home` that two houses or more asked about in the same words by `as_of`, latest poll first.

    Rows: `support` with `low80`, `high80`, `low95`, `high95` (per cent of all asked) on `day`, that of the last poll whose month is known; the same as `now`, `now_low95` … on
    `as_of`, null with `now_reason_en`/`_ko` once the last poll is older than `carry_days`; `polls`, `houses`, `first_day`; `drift` with `drift_low`,
    `drift_high` (standard deviation of a year's change, logit scale, 95 %) and `drift_ml` (maximum likelihood, often 0 with few polls; null with all polls on one day); `spread`,
    `spread_low`, `spread_high` of house effects; `assumed` and `year_only`, the polls without a stated sample and those dated by the year alone;
    `caution_en`/`_ko`. Tables: `path` (each day from the first poll on), `houses` (effect on the logit scale and in points at the pooled support, with
    95 % interval), `polls` (what was pooled, with the weight of each), `sensitivity` (the support again under other assumptions), `raw` (points that
    are not pooled, with the reason), `elsewhere` (rows for polls in other countries).
    """
    chosen, country = settings or OpinionPoolSettings(), home or snapshot.home
    measured = opinion(snapshot, country, as_of=as_of, settings=OpinionSettings(design_effect=chosen.design_effect, houses=chosen.houses))
    if not measured.tables:  # too little is filled for any number
        return result("opinion_pool", snapshot, pl.DataFrame(), as_of=as_of, home=country, settings=chosen, notes=measured.notes)
    points = pl.concat([measured.rows, measured.tables["elsewhere"]])
    known = pollable(points, chosen)
    used = known.filter(pl.col("why").is_null())
    answers = [_answer(part, as_of, chosen) for _, part in used.group_by(KEY, maintain_order=True)]
    rows = pl.DataFrame([one["row"] for one in answers], schema=ROWS, orient="row").sort("day", "question", "answer_en", descending=[True, False, False])
    tables = {name: pl.DataFrame([row for one in answers for row in one[name]], schema=schema, orient="row") for name, schema in TABLES.items()}
    tables |= {"polls": used.select(POLLS), "raw": _raw(known, country), "elsewhere": rows.filter(pl.col("country") != country)}
    own = rows.filter(pl.col("country") == country)
    return result("opinion_pool", snapshot, own, as_of=as_of, home=country, settings=chosen, notes=_notes(own, tables["raw"], chosen), tables=tables)


def pool(polls: pl.DataFrame, days: list[date], settings: OpinionPoolSettings, *, maximise: bool = True) -> Pooled:
    """Fit the polls of one answer (as `pollable` gives them) and know its level on `days`, none before the first poll."""
    first = min(polls["day"])
    wanted = np.array([float((day - first).days) for day in days])
    return pooled(as_numbers(polls), wanted, drift_scale=settings.drift_scale, house_scale=settings.house_scale, maximise=maximise)


def per_cent(logits: Array) -> Array:
    """Shares in per cent of logits."""
    return np.asarray(100 / (1 + np.exp(-logits)))


def _answer(polls: pl.DataFrame, as_of: date, settings: OpinionPoolSettings) -> dict[str, Any]:
    """Row and tables of one answer."""
    dated = polls.filter(~pl.col("year_only"))
    first, last = polls["day"][0], (dated if dated.height else polls)["day"][-1]
    until = min(as_of, last + timedelta(days=settings.carry_days))
    days = [first + timedelta(days=at) for at in range((until - first).days + 1)]
    fit = pool(polls, days, settings)
    shares = per_cent(fit.path)
    head = {name: polls[name][-1] for name in (*KEY, "topic", "answer_ko")}
    records = sorted({ref for refs in polls["records"] for ref in refs})
    last_at = (last - first).days
    row = head | dict(zip(BANDS, shares[:, last_at], strict=True)) | _now(shares, until, last, as_of, settings)
    row |= {"day": last, "first_day": first, "polls": polls.height, "houses": polls["house"].n_unique(), "records": records}
    row |= _scales(fit) | {"assumed": int(polls["assumed"].sum()), "year_only": int(polls["year_only"].sum())} | _caution(polls)
    path = [head | {"day": day} | dict(zip(BANDS, values, strict=True)) for day, values in zip(days, shares.T, strict=True)]
    tests = sensitivity(polls, row["support"], settings, _support_on(last)) if settings.sensitivity else []
    return {"row": row, "path": path, "houses": _houses(polls, fit, head, last_at), "sensitivity": [head | test for test in tests]}


def _support_on(day: date) -> Any:
    """A function that pools other polls and gives the support on `day`, or on their own last day if that is earlier, with its 95 % band."""

    def again(polls: pl.DataFrame, settings: OpinionPoolSettings) -> tuple[float, float, float]:
        fit = pool(polls, [max(day, min(polls["day"]))], settings, maximise=False)
        low, _, middle, _, high = per_cent(fit.path)[:, 0]
        return float(middle), float(low), float(high)

    return again


def _now(shares: Array, until: date, last: date, as_of: date, settings: OpinionPoolSettings) -> dict[str, Any]:
    if until == as_of:
        return dict(zip(NOW, shares[:, -1], strict=True)) | {"days_since": (as_of - last).days, "now_reason_en": None, "now_reason_ko": None}
    reason = words.OLD.format(days=f"{(as_of - last).days:,}", most=settings.carry_days)
    return dict.fromkeys(NOW) | {"days_since": (as_of - last).days, "now_reason_en": reason.en, "now_reason_ko": reason.ko}


def _scales(fit: Pooled) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, values in (("drift", fit.drift), ("spread", fit.spread)):
        found |= {name: values[2], f"{name}_low": values[0], f"{name}_high": values[4]}
    likeliest = None if fit.best is None else 0.0 if fit.best[0] < 1.001 * DRIFT_BOUNDS[0] else fit.best[0]  # at the foot of the bounds: none at all
    return found | {"drift_ml": likeliest}


def _houses(polls: pl.DataFrame, fit: Pooled, head: dict[str, Any], at: int) -> list[dict[str, Any]]:
    """Effects of the houses, on the logit scale and in points of support on the day of the last poll."""
    level = fit.path[2, at]
    made = []
    for house, effects in zip(house_names(polls), fit.effects.T, strict=True):
        own = polls.filter(pl.col("house") == house)
        points = per_cent(level + effects) - per_cent(level)
        values = {"effect": effects[2], "low": effects[0], "high": effects[4], "points": points[2], "points_low": points[0], "points_high": points[4]}
        made.append(head | {"house": house, "polls": own.height, **values, "records": sorted({ref for refs in own["records"] for ref in refs})})
    return made


def _caution(polls: pl.DataFrame) -> dict[str, str | None]:
    """What a reader must know of the polls behind a row, in words; null where there is nothing."""
    told = []
    if assumed := polls.filter(pl.col("assumed")).height:
        sizes = sorted({f"{size:,.0f}" for size in polls.filter(pl.col("assumed"))["sample"]})
        told.append(words.ASSUMED.format(k=assumed, n=polls.height, sizes=", ".join(sizes)))
    if vague := polls.filter(pl.col("year_only")).height:
        told.append(words.YEAR_ONLY.format(k=vague, n=polls.height))
    if (overlap := polls.filter(pl.col("new_days") < 1).height) > 0:
        told.append(words.OVERLAP.format(k=overlap, n=polls.height))
    if polls.filter((pl.col("share") <= 0) | (pl.col("share") >= 100)).height:
        told.append(words.EDGE)
    if polls["day"].n_unique() == 1:
        told.append(words.ONE_DAY)
    return {f"caution_{lang}": " ".join(text.in_(lang) for text in told) or None for lang in ("en", "ko")}


def _raw(known: pl.DataFrame, country: str) -> pl.DataFrame:
    """Points of the country that are not pooled, with the reason in words."""
    left = known.filter(pl.col("why").is_not_null() & (pl.col("country") == country))
    reasons = [pl.col("why").replace_strict({name: text.in_(lang) for name, text in REASONS.items()}).alias(f"reason_{lang}") for lang in ("en", "ko")]
    return left.with_columns(reasons).select(RAW)


def _notes(rows: pl.DataFrame, raw: pl.DataFrame, settings: OpinionPoolSettings) -> tuple[Text, ...]:
    counted = {"answers": rows.height, "questions": rows["question"].n_unique(), "polls": int(rows["polls"].sum())}
    left = {"points": raw.height, "raw": raw["question"].n_unique()}
    return (words.COUNTS.format(**counted, **left), words.WORDING, words.SEPARATE, words.HOLDS.format(deff=settings.design_effect))
