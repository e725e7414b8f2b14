"""Design (c): do exercises answer differently when relations were good or bad four to eight weeks before?

The state of relations is the number of cooperative events between the adversary and the others less the conflictual ones, in the weeks 8 to 5
before the start, from the register's events by PLOVER root. Acts of the counted classes are part of the conflictual ones, as in the literature
(Beyond Parallel 2016). The register keeps statements selectively: the state is coarse, and the row says how few events it rests on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from comity.measures.balance_settings import BalanceSettings
from comity.measures.pressure_acts import adversaries_of
from comity.models.designs.data import EXERCISES, EffectData, Slice
from comity.models.designs.episodes import Episodes, open_days
from comity.models.designs.randomisation import excess, running, two_sided, window_sums
from comity.models.designs.specifications import NOT_APART, TOO_FEW, UNTOLD, Row, numbers, told, wider
from comity.models.provocations.act_series import Flags, Floats
from comity.register.snapshot import Snapshot

NAMES = ("during_better", "during_worse")


def relations(snapshot: Snapshot, home: str, data: EffectData) -> pl.DataFrame:
    """Events with the adversaries that are cooperative (+1) or conflictual (−1), known to the day: `row` of the grid, `sign`, `ref`."""
    hostile, roots = adversaries_of(snapshot, home), BalanceSettings()
    either = pl.concat_list("source_actors", "target_actors").list.set_intersection(hostile).list.len() > 0
    sign = pl.when(pl.col("event_type").is_in(roots.cooperative)).then(1).when(pl.col("event_type").is_in(roots.conflictual)).then(-1)
    launches = pl.col("event_class").is_in(list(data.settings.series.classes))  # a launch is coded as a mobilisation, a clash as an assault
    events = snapshot.counted("event").filter(either & (pl.col("start_earliest") == pl.col("start_latest")))
    dated = events.with_columns(sign=pl.when(launches).then(-1).otherwise(sign), row=(pl.col("start_earliest") - data.calendar.first).dt.total_days())
    return dated.select("row", "sign", ref="event:" + pl.col("id")).drop_nulls("sign").sort("row", "ref")


def conditional_rows(snapshot: Snapshot, home: str, data: EffectData) -> tuple[list[Row], list[Row]]:
    """Rows of the two states and of their ratio, and the table: `state`, `windows`, `events` of the state, `without` any, `acts`, …"""
    signs = relations(snapshot, home, data)
    rows: list[Row] = []
    table: list[Row] = []
    for treatment in EXERCISES:
        for part in data.slices:
            found = data.treatments[treatment].within(*part.span)
            if part.period != "all":
                continue
            score, events, refs = _states(signs, found, data.settings.state_days)
            frame: Row = {
                "design": "conditional", "treatment": treatment, "classes": part.classes, "period": "all", "first": data.day(part.span[0]),
                "last": data.day(part.span[1]),
            }  # fmt: skip
            better = score > np.median(score) if len(score) else np.zeros(0, dtype=bool)
            if min(better.sum(), (~better).sum()) < data.settings.least_windows:
                reason = TOO_FEW.format(windows=len(found), acts=int(part.acts.sum()))
                told_why = {"window": "worse_to_better", "windows": len(found), "reason_en": reason.en, "reason_ko": reason.ko}
                rows.append(frame | told_why | {"records": found.records})
                continue
            made = list(_split(data, treatment, part, found, better, refs))
            rows += [frame | row for row in made]
            for row, chosen in zip(made, (better, ~better), strict=False):
                thin = {"events": int(events[chosen].sum()), "without": int((events[chosen] == 0).sum()), "score": float(score[chosen].mean())}
                table.append({"treatment": treatment, "classes": part.classes, "state": row["window"]} | thin | row)
            table.append({"treatment": treatment, "classes": part.classes, "state": "worse_to_better"} | made[-1])
    return rows, table


def _states(signs: pl.DataFrame, found: Episodes, days: tuple[int, int]) -> tuple[Floats, Any, list[list[str]]]:
    """Balance, number and refs of the events in the weeks before each episode."""
    at, sign, ref = signs["row"].to_numpy(), signs["sign"].to_numpy(), signs["ref"].to_list()
    low, high = np.searchsorted(at, found.start - days[0], "left"), np.searchsorted(at, found.start - days[1], "right")
    score = np.array([float(sign[one:other].sum()) for one, other in zip(low, high, strict=True)])
    return score, high - low, [ref[one:other] for one, other in zip(low.tolist(), high.tolist(), strict=True)]


def _split(data: EffectData, treatment: str, part: Slice, found: Episodes, better: Flags, refs: list[list[str]]) -> list[Row]:
    """A row for each state by regression, and one for worse against better with p by dealing the states anew among the exercises."""
    groups = [_some(found, better), _some(found, ~better)]
    columns = np.column_stack([open_days(group, data.calendar.days) for group in groups])
    columns[:, 0] *= 1 - columns[:, 1]
    fit = data.fit(part, columns, data.settings.weeks_calendar, data.nuisance(treatment))
    errors = wider(fit)
    rows: list[Row] = []
    for at, (name, group, chosen) in enumerate(zip(NAMES, groups, (better, ~better), strict=True)):
        behind = [ref for listed, kept in zip(refs, chosen, strict=True) if kept for ref in listed]
        row: Row = {"window": name, "calendar": data.settings.weeks_calendar, "windows": len(group), "acts": int(fit.acts[at])}
        row["records"] = group.records + data.acts_in(part, columns[:, at]) + list(dict.fromkeys(behind))
        rows.append(row | numbers(fit, errors, at, len(group)))
    expected = data.expected(part, data.settings.weeks_calendar, treatment)
    sums = window_sums(running(np.column_stack([part.acts, expected])), found.start, found.length)
    here, dealt = dealt_anew(sums[:, 0], sums[:, 1], ~better, data.settings.draws, data.settings.seed)
    last: Row = {"window": "worse_to_better", "calendar": data.settings.weeks_calendar, "windows": len(found), "acts": int(sums[:, 0].sum())}
    last |= {"records": [*rows[0]["records"], *rows[1]["records"]], "p": two_sided(here, dealt)}
    return [*rows, last | spread(here, dealt)]


def dealt_anew(acts: Floats, expected: Floats, marked: Flags, draws: int, seed: int) -> tuple[float, Floats]:
    """Log ratio of acts over expected, marked windows against the others: as it is, and with the marks dealt anew among the windows (draws,)."""
    rng = np.random.default_rng(seed)
    deals = np.argsort(rng.random((draws, len(marked))), axis=1)
    shuffled = np.concatenate([marked[None, :], marked[deals]]).astype(np.float64)
    inside = excess(shuffled @ acts, shuffled @ expected)
    outside = excess((1 - shuffled) @ acts, (1 - shuffled) @ expected)
    logs = inside - outside
    return float(logs[0]), np.asarray(logs[1:], dtype=np.float64)


def spread(here: float, dealt: Floats) -> Row:
    """`estimate`, `low`, `high`, `mde` from the spread of the ratio when marks are dealt anew."""
    error = float(dealt.std())
    return told(here, error) if 0 < error < UNTOLD else {"reason_en": NOT_APART.en, "reason_ko": NOT_APART.ko}


def _some(found: Episodes, chosen: Flags) -> Episodes:
    kept = np.flatnonzero(chosen)
    return Episodes(found.start[kept], found.length[kept], tuple(found.refs[at] for at in kept))
