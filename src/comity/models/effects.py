"""Do exercises provoke, deter, or neither; do talks calm; and what did third parties do after own moves?

Read from dated exercises and talks, from the adversary's covered acts and from events between states. Three designs over the same data, every
specification with the smallest effect that it could have found; no number is singled out, and the words are made by rule from all of them.
Nothing here proves a cause. D'Orazio 2012 (J. East Asian Studies 12); Beyond Parallel 2016; Bernhardt & Sukin 2021 (JCR 65); Kuo & Blankenship
2022 (JCR 66); Simonsohn, Simmons & Nelson 2020 (Nature Human Behaviour 4) for the specification curve.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from comity.measures.pressure_acts import spans_of
from comity.measures.result import Result, result
from comity.models.designs.changed import changed_rows, changed_table, seasons_of
from comity.models.designs.conditional import conditional_rows
from comity.models.designs.data import EffectData, effect_data
from comity.models.designs.settings import EffectSettings
from comity.models.designs.specifications import rate_rows
from comity.models.designs.third_parties import third_parties
from comity.models.designs.weeks import week_rows
from comity.models.designs.words import answers
from comity.models.one_thread import on_one_thread
from comity.models.provocations.windows import REASONS
from comity.register.snapshot import Snapshot
from comity.vocab.errors import UnknownActor
from comity.vocab.text import Text

REFS = pl.List(pl.String())
ROW: dict[str, pl.DataType] = {
    "design": pl.String(), "treatment": pl.String(), "classes": pl.String(), "window": pl.String(), "days": pl.Int64(), "period": pl.String(),
    "first": pl.Date(), "last": pl.Date(), "calendar": pl.String(), "estimate": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(), "p": pl.Float64(),
    "p_years": pl.Float64(), "mde": pl.Float64(), "windows": pl.Int64(), "acts": pl.Int64(), "plain_low": pl.Float64(), "plain_high": pl.Float64(),
    "reason_en": pl.String(), "reason_ko": pl.String(), "records": REFS,
}  # fmt: skip
WEEK: dict[str, pl.DataType] = {
    "treatment": pl.String(), "classes": pl.String(), "week": pl.Int64(), "ratio": pl.Float64(), "low": pl.Float64(), "middle": pl.Float64(),
    "high": pl.Float64(), "p": pl.Float64(), "p_years": pl.Float64(), "acts": pl.Int64(), "expected": pl.Float64(), "windows": pl.Int64(), "records": REFS,
}  # fmt: skip
CHANGED: dict[str, pl.DataType] = {
    "year": pl.Int64(), "season": pl.String(), "change": pl.String(), "moved_days": pl.Int64(), "usual_first": pl.Date(), "usual_last": pl.Date(),
    "acts_usual": pl.Int64(), "actual_first": pl.Date(), "actual_last": pl.Date(), "acts_actual": pl.Int64(), "records": REFS,
}  # fmt: skip
STATE: dict[str, pl.DataType] = {
    "treatment": pl.String(), "classes": pl.String(), "state": pl.String(), "windows": pl.Int64(), "events": pl.Int64(), "without": pl.Int64(),
    "score": pl.Float64(), "acts": pl.Int64(), "estimate": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(), "p": pl.Float64(), "mde": pl.Float64(),
    "records": REFS,
}  # fmt: skip
CURVE = ["place", "design", "treatment", "classes", "window", "days", "period", "calendar", "estimate", "low", "high", "p", "mde"]


@on_one_thread
def effects(snapshot: Snapshot, home: str | None = None, *, as_of: date, settings: EffectSettings | None = None) -> Result:
    """Every specification of every design, one row each: `estimate` (ratio of rates), `low`, `high` (95 %), `p`, `p_years`, `mde`, `windows`, `acts`.

    `p` from placebo windows within season and year, `p_years` across years; `mde`: ratio found four times in five. `plain_low`, `plain_high`: the interval
    of independent acts, which is too narrow. Where there is no number, `reason_en` and `reason_ko`. `records`: the acts inside the windows
    and, on rows of the exercise itself, its windows. Tables: `curve` (all ratios, sorted), `weeks`
    (event study with placebo band), `left_out` (windows by reason), `changed` (seasons in which the main exercise moved, shrank or was not held), `conditional`
    (by the state of relations before), `windows` (every episode of every treatment), `third_parties`. `notes` is the answer in words.
    """
    chosen, country = settings or EffectSettings(), home or snapshot.home
    if country not in snapshot.actor_names:
        raise UnknownActor(_NO_ACTOR.format(actor=repr(country)))
    if not set(chosen.series.classes) & set(spans_of(snapshot, as_of, chosen.series.covered)):
        return result("effects", snapshot, pl.DataFrame(), as_of=as_of, home=country, settings=chosen, notes=answers(pl.DataFrame()), tables=_no_tables())
    data = effect_data(snapshot, country, as_of, chosen)
    weeks, by_week = week_rows(data)
    states, conditional = conditional_rows(snapshot, country, data)
    habits = {usual: seasons_of(snapshot, country, data, as_of, usual=usual) for usual in ("near", "all")}
    rows = _frame([*rate_rows(data), *weeks, *states, *changed_rows(habits, data)], ROW)
    tables = {
        "curve": curve(rows),
        "weeks": _frame(by_week, WEEK),
        "left_out": left_out(data),
        "changed": _frame(changed_table(habits["near"], data), CHANGED),
        "conditional": _frame(conditional, STATE),
        "windows": _windows(data),
        "third_parties": third_parties(snapshot, country, as_of, chosen),
    }
    return result("effects", snapshot, rows, as_of=as_of, home=country, settings=chosen, notes=answers(rows), tables=tables)


def curve(rows: pl.DataFrame) -> pl.DataFrame:
    """Every ratio from the smallest to the largest, with its place from 1 on; ties by what was compared."""
    told = rows.filter(pl.col("estimate").is_not_null()).sort("estimate", "design", "treatment", "classes", "window", "period", "calendar", "days")
    return told.with_row_index("place", offset=1).with_columns(pl.col("place").cast(pl.Int64)).select(CURVE)


def left_out(data: EffectData) -> pl.DataFrame:
    """How many exercises and talks entered as dated windows, in how many episodes, and why the others did not: `of`, `what`, `label_en`, `label_ko`, `n`."""
    rows: list[dict[str, Any]] = []
    for of, found in data.windows.items():
        names = ("main", "other") if of == "exercises" else ("talks",)
        rows.append({"of": of, "what": "on_record", "text": _ON_RECORD, "n": found.total})
        rows += [{"of": of, "what": reason, "text": REASONS.get(reason, Text(reason, reason)), "n": n} for reason, n in found.left_out.items()]
        rows.append({"of": of, "what": "dated", "text": _DATED, "n": found.rows.height})
        for name in names:
            inside = [part for part in data.slices if part.classes == "any" and part.period == "all"]
            n = max((len(data.treatments[name].within(*part.span)) for part in inside), default=0)
            rows.append({"of": of, "what": f"episodes_{name}", "text": _EPISODES[name], "n": n})
    made = [{"of": row["of"], "what": row["what"], "label_en": row["text"].en, "label_ko": row["text"].ko, "n": row["n"]} for row in rows]
    return pl.DataFrame(made, schema={"of": pl.String, "what": pl.String, "label_en": pl.String, "label_ko": pl.String, "n": pl.Int64})


def _windows(data: EffectData) -> pl.DataFrame:
    """Every episode of every treatment, with its first and last day; `records` the exercises or talks in it."""
    rows = [
        {"treatment": name, "first": data.day(start), "last": data.day(start + length - 1), "records": list(refs)}
        for name, found in data.treatments.items()
        for start, length, refs in zip(found.start.tolist(), found.length.tolist(), found.refs, strict=True)
    ]
    return pl.DataFrame(rows, schema={"treatment": pl.String(), "first": pl.Date(), "last": pl.Date(), "records": REFS})


def _no_tables() -> dict[str, pl.DataFrame]:
    return {name: pl.DataFrame() for name in ("curve", "weeks", "left_out", "changed", "conditional", "windows", "third_parties")}


def _frame(rows: list[dict[str, Any]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


_NO_ACTOR = Text("No actor carries the code {actor}.", "{actor} 부호를 가진 행위자가 없습니다.")
_ON_RECORD = Text("on the record", "등록된 기록")
_DATED = Text("with days for start and end", "시작일과 종료일이 확인됨")
_EPISODES = {
    "main": Text("episodes of main exercises in the covered span", "수록 기간 안의 대규모 정례 연습 시기"),
    "other": Text("episodes of other drills in the covered span", "수록 기간 안의 그 밖의 훈련 시기"),
    "talks": Text("days of talks in the covered span", "수록 기간 안의 대화 시기"),
}
