"""Design (b): were the weeks around the start of an exercise unlike other weeks of the same season and year?

Acts in each week from eight before to eight after, over the acts that calendar alone leads one to expect, beside the same of placebo starts.
Weeks before the start are shown first: where they already differ, what follows the start is no effect of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from comity.models.act_series import Floats
from comity.models.effect_data import EXERCISES, TALKS, EffectData, Slice
from comity.models.effect_designs import TOO_FEW, Row
from comity.models.effect_settings import POWER
from comity.models.episodes import Episodes
from comity.models.randomisation import Placebos, across_years, excess, running, two_sided, window_sums, within_season
from comity.vocab.text import Text

WEEK = 7


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
    rng = np.random.default_rng(settings.seed)
    numbers = np.arange(-settings.weeks, settings.weeks + 1)
    total = running(np.column_stack([part.acts, data.expected(part, settings.weeks_calendar, treatment)]))
    drawn = (
        within_season(rng, found, data.calendar, part.covered, settings.reach, settings.draws),
        across_years(rng, found, data.calendar, part.covered, settings.draws),
    )
    seen = _by_week(total, found.start[:, None], numbers).sum(axis=(0, 1)).reshape(-1, 2)
    placebo = [each.sums(_by_week(total, each.options, numbers)).reshape(settings.draws, -1, 2) for each in drawn]
    refs = [data.acts_in(part, _marked(found, data.calendar.days, week)) for week in numbers.tolist()]
    every = []
    for at, week in enumerate(numbers.tolist()):
        logs = [excess(sums[:, at, 0], sums[:, at, 1]) for sums in placebo]
        here = float(excess(seen[at, 0], seen[at, 1]))
        low, middle, high = np.exp(np.quantile(logs[0], [0.025, 0.5, 0.975])).tolist()
        every.append({
            "week": week, "ratio": float(np.exp(here)), "low": low, "middle": middle, "high": high, "p": two_sided(here, logs[0]),
            "p_years": two_sided(here, logs[1]), "acts": int(seen[at, 0]), "expected": float(seen[at, 1]), "records": refs[at],
        })  # fmt: skip
    return list(_joined(data, seen, placebo, refs, found, drawn[0])), every


def _joined(data: EffectData, seen: Floats, placebo: list[Floats], refs: list[list[str]], found: Episodes, drawn: Placebos) -> Iterator[Row]:
    weeks = data.settings.weeks
    spans = {"weeks_before": (0, weeks), "week_0": (weeks, weeks + 1), "weeks_0_3": (weeks, weeks + 4), "weeks_0_8": (weeks, 2 * weeks + 1)}
    for window, (begin, end) in spans.items():
        here = float(excess(*seen[begin:end].sum(axis=0)))
        logs = [excess(*np.moveaxis(sums[:, begin:end].sum(axis=1), 1, 0)) for sums in placebo]
        shared = _shared(found, drawn, data.calendar.days, WEEK * (begin - weeks), WEEK * (end - weeks))
        row: dict[str, Any] = inverted(here, logs[0], shared) | {"p": two_sided(here, logs[0]), "p_years": two_sided(here, logs[1])}
        acts = list(dict.fromkeys(ref for each in refs[begin:end] for ref in each))
        yield row | {"window": window, "days": WEEK * (end - begin), "acts": int(seen[begin:end, 0].sum()), "records": (found.records if begin else []) + acts}


def inverted(here: float, placebo: Floats, shared: float = 0.0) -> Row:
    """`estimate`, `low`, `high`, `mde` of a log ratio from the placebo law of the same statistic: the ratios that would not have stood out.

    `shared` is the part of the placebo windows' days that lie in the true ones: with a true ratio θ they hold 1 + shared · (θ - 1) times their acts,
    so that the ratio r of true to placebo windows means θ = r (1 - shared) / (1 - shared · r). From r = 1 / shared on no θ is large enough: null.
    """
    low, middle, high = np.quantile(placebo, [0.025, 0.5, 0.975])
    logs = {"estimate": here - middle, "low": here - high, "high": here - low, "mde": POWER * placebo.std()}
    row: Row = {name: undiluted(float(np.exp(value)), shared) for name, value in logs.items()}
    return row if row["estimate"] is not None else row | {"reason_en": OVERLAP.en, "reason_ko": OVERLAP.ko}


def undiluted(ratio: float, shared: float) -> float | None:
    """The true ratio behind a ratio of true to placebo windows that share days; None where none is large enough.

    >>> undiluted(1.5, 0.0), round(undiluted(1.5, 0.5), 2), undiluted(2.0, 0.5)
    (1.5, 3.0, None)
    """
    return ratio * (1 - shared) / (1 - shared * ratio) if shared * ratio < 1 else None


def _shared(found: Episodes, drawn: Placebos, days: int, begin: int, end: int) -> float:
    """Part of the placebo windows' days, `begin` to before `end` from each start, that lie in a true window."""
    true = np.zeros(days)
    for start in found.start.tolist():
        true[max(0, start + begin) : max(0, start + end)] = 1.0
    m = len(found)
    table = window_sums(running(true[:, None]), drawn.options, np.full(m, begin), np.full(m, end))
    return float(drawn.sums(table).mean() / (m * (end - begin)))


def _by_week(total: Floats, options: Any, numbers: Any) -> Floats:
    """Sums of acts and of expected acts in each week from each option; shape (episodes, options, 2 · weeks)."""
    m = len(options)
    tables = [window_sums(total, options, np.full(m, WEEK * week), np.full(m, WEEK * (week + 1))) for week in numbers.tolist()]
    return np.concatenate(tables, axis=2)


def _marked(found: Episodes, days: int, week: int) -> Floats:
    marked = np.zeros(days)
    for start in (found.start + WEEK * week).tolist():
        marked[max(0, start) : max(0, start + WEEK)] = 1.0
    return marked


OVERLAP = Text("Placebo windows overlap the true ones too much to tell them apart.", "위약 기간이 실제 기간과 너무 겹쳐 구분할 수 없음.")
