"""Design (b): were the weeks around the start of an exercise unlike other weeks of the same season and year?

Acts in each week from eight before to eight after, over the acts that calendar alone leads one to expect, beside the same of placebo starts.
Weeks before the start are shown first: where they already differ, what follows the start is no effect of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from comity.models.designs.data import EXERCISES, TALKS, EffectData, Slice
from comity.models.designs.episodes import Episodes
from comity.models.designs.randomisation import excess, running, window_sums
from comity.models.designs.specifications import TOO_FEW, Row, chance, numbers, wider
from comity.models.provocations.act_series import Floats

WEEK = 7
SPANS = {"weeks_before": (-8, 0), "week_0": (0, 1), "weeks_0_3": (0, 4), "weeks_0_8": (0, 9)}


def week_rows(data: EffectData, asked: tuple[str, ...] = EXERCISES + TALKS) -> tuple[list[Row], list[Row]]:
    """Rows of joined weeks (before, first, 0-3, 0-8), and a row for each week: `week`, `ratio`, placebo `low`, `middle`, `high`, `p`, `acts`."""
    joined: list[Row] = []
    weeks: list[Row] = []
    for treatment in asked:
        for part in data.slices:
            if part.period != "all":
                continue
            found = data.treatments[treatment].within(*part.span)
            head = {"treatment": treatment, "classes": part.classes, "windows": len(found)}
            frame = head | {"design": "weeks", "period": "all", "first": data.day(part.span[0]), "last": data.day(part.span[1])}
            if len(found) < data.settings.least_windows:
                reason = TOO_FEW.format(windows=len(found), acts=int(part.acts.sum()))
                joined.append(frame | {"window": "weeks_0_3", "records": found.records, "reason_en": reason.en, "reason_ko": reason.ko})
                continue
            one, every = _answers(data, treatment, part, found)
            joined += [frame | {"calendar": data.settings.weeks_calendar} | row for row in one]
            weeks += [head | row for row in every]
    return joined, weeks


def _answers(data: EffectData, treatment: str, part: Slice, found: Episodes) -> tuple[list[Row], list[Row]]:
    settings = data.settings
    columns = np.column_stack([part.acts, data.expected(part, settings.weeks_calendar, treatment)])
    total = running(columns)
    every = []
    for week in range(-settings.weeks, settings.weeks + 1):
        first, days = found.start + WEEK * week, np.full_like(found.length, WEEK)
        acts, expected = window_sums(total, first, days).sum(axis=0)
        [(p, p_years)], placebo = chance(data, part, columns, first, days)
        low, middle, high = np.exp(np.quantile(placebo[:, 0], [0.025, 0.5, 0.975])).tolist()
        every.append({
            "week": week, "ratio": float(np.exp(excess(acts, expected))), "low": low, "middle": middle, "high": high, "p": p, "p_years": p_years,
            "acts": int(acts), "expected": float(expected), "records": data.acts_in(part, _marked(found, data.calendar.days, week, week + 1)),
        })  # fmt: skip
    return list(_joined(data, treatment, part, found, columns)), every


def _joined(data: EffectData, treatment: str, part: Slice, found: Episodes, columns: Floats) -> Iterator[Row]:
    """Joined weeks: the ratio by regression under the same calendar, p from placebo weeks."""
    for window, (begin, end) in SPANS.items():
        days = np.full_like(found.length, WEEK * (end - begin))
        marked = _marked(found, data.calendar.days, begin, end)
        fit = data.fit(part, marked[:, None], data.settings.weeks_calendar, data.nuisance(treatment))
        error = float(wider(fit)[0])
        p, p_years = chance(data, part, columns, found.start + WEEK * begin, days)[0][0]
        row: Row = {"window": window, "days": WEEK * (end - begin), "acts": int(fit.acts[0]), "p": p, "p_years": p_years}
        row["records"] = (found.records if begin == 0 else []) + data.acts_in(part, marked)
        yield row | numbers(fit, np.array([error]), 0, len(found))


def _marked(found: Episodes, days: int, begin: int, end: int) -> Floats:
    """1 on the days of the weeks `begin` to before `end` from each start."""
    marked = np.zeros(days)
    for start in found.start.tolist():
        marked[max(0, start + WEEK * begin) : max(0, start + WEEK * end)] = 1.0
    return marked
