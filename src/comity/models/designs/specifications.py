"""Design (a): rate ratios in windows, every specification: treatment, class, window, length, period and calendar crossed.

Each row is one specification; none is singled out. The interval is the wider of two: robust to bursts, and plain with the dispersion found. p
comes from placebo windows (see `randomisation`), not from the interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from comity.models.designs.data import EXERCISES, TALKS, EffectData, Slice
from comity.models.designs.episodes import Episodes, window_days
from comity.models.designs.randomisation import across_years, excess, running, two_sided, uniforms, window_sums, within_season
from comity.models.designs.rates import RateFit, Whole
from comity.models.designs.settings import POWER
from comity.models.provocations.act_series import Floats
from comity.vocab.text import Text

SIDES = ("eve", "during", "aftermath")
WIDE = 1.959963984540054
UNTOLD = 1.65  # a log ratio so unsure that not even a hundredfold rate would be found
Row = dict[str, Any]
Ps = dict[tuple[str, str, int], tuple[float, float]]


def rate_rows(data: EffectData, asked: tuple[str, ...] = EXERCISES + TALKS) -> Iterator[Row]:
    """Rows of the rate ratios of some treatments; where a specification has no number, `reason_en` and `reason_ko` say why."""
    for treatment in asked:
        for part in data.slices:
            period = data.treatments[treatment].within(*part.span)
            if treatment in TALKS and part.period != "all":
                continue  # talks are covered in one span only
            if treatment in TALKS and len(period):
                part = _spoken_part(data, part, period)
            yield from _slice_rows(data, treatment, part, period)


def wider(fit: RateFit) -> Floats:
    """Standard errors of the log ratios that hold on bursts and on overdispersed counts: the larger of the robust and the scaled plain one."""
    scaled = fit.plain * np.sqrt(max(1.0, fit.dispersion)) if np.isfinite(fit.dispersion) else fit.plain
    return np.asarray(np.fmax(fit.robust, scaled), dtype=np.float64)


def told(log_ratio: float, error: float, windows: int | None = None) -> Row:
    """`estimate`, `low`, `high` and `mde` of a log ratio and its standard error, from so many windows (None: enough for the normal law)."""
    spread = (WIDE if windows is None else quantile(windows)) * error
    return {
        "estimate": float(np.exp(log_ratio)),
        "low": float(np.exp(log_ratio - spread)),
        "high": float(np.exp(log_ratio + spread)),
        "mde": float(np.exp(POWER * error)),
    }


@cache
def quantile(windows: int) -> float:
    """97.5 % point of Student's law with a degree of freedom less than windows: a robust error from few windows is itself unsure.

    >>> round(quantile(26), 2), round(quantile(10_000), 2)
    (2.06, 1.96)
    """
    from scipy.special import stdtrit

    return float(stdtrit(max(1, windows - 1), 0.975))


def _spoken_part(data: EffectData, part: Slice, found: Episodes) -> Slice:
    """Acts only of the years in which talks are covered: beyond, a day without a talk is not known to be one."""
    first, last = int(found.start[0]), int(found.start[-1] + found.length[-1] - 1)
    years = data.calendar.years
    held = part.covered & (years >= years[first]) & (years <= years[last])
    return Slice(part.classes, f"{part.period}", part.acts * held, held)


def _slice_rows(data: EffectData, treatment: str, part: Slice, found: Episodes) -> Iterator[Row]:
    first, last = part.span
    frame: Row = {
        "design": "rates", "treatment": treatment, "classes": part.classes, "period": part.period, "first": data.day(first), "last": data.day(last),
        "windows": len(found),
    }  # fmt: skip
    acts = int(part.acts.sum())
    if len(found) < data.settings.least_windows or acts < data.settings.least_acts:
        reason = TOO_FEW.format(windows=len(found), acts=acts)
        yield frame | {"window": "during", "records": found.records, "reason_en": reason.en, "reason_ko": reason.ko}
        return
    chances = _chances(data, treatment, part, found)
    more = data.nuisance(treatment)
    middle = data.settings.lengths[len(data.settings.lengths) // 2]
    for length in data.settings.lengths if part.period == "all" else (middle,):
        windows = window_days(found, data.calendar.days, length)
        refs = {side: (found.records if side == "during" else []) + data.acts_in(part, windows[:, at]) for at, side in enumerate(SIDES)}
        for calendar in data.settings.calendars:
            fit = data.fit(part, windows, calendar, more)
            errors = wider(fit)
            for at, side in enumerate(SIDES):
                if side == "during" and length != middle:
                    continue  # only the eve's and the aftermath's length vary; one row for the exercise itself
                p, p_years = chances[calendar, side, 0 if side == "during" else length]
                row = frame | {"window": side, "days": None if side == "during" else length, "calendar": calendar}
                row |= {"acts": int(fit.acts[at]), "p": p, "p_years": p_years, "records": refs[side]}
                yield row | numbers(fit, errors, at, len(found))


def numbers(fit: RateFit, errors: Floats, at: int, windows: int) -> Row:
    """Ratio, intervals and detectable ratio of one window of a fit; where there are none, the reason."""
    if not np.isfinite(errors[at]) or errors[at] > UNTOLD:
        reason = NO_ACT if fit.acts[at] == 0 else NOT_APART
        return {"reason_en": reason.en, "reason_ko": reason.ko}
    plain = told(float(fit.log_ratio[at]), float(fit.plain[at]))
    return told(float(fit.log_ratio[at]), float(errors[at]), windows) | {"plain_low": plain["low"], "plain_high": plain["high"]}


def _chances(data: EffectData, treatment: str, part: Slice, found: Episodes) -> Ps:
    """Randomisation p of each calendar, side and length, within season and year and across years."""
    names = data.settings.calendars
    columns = np.column_stack([part.acts, *(data.expected(part, name, treatment) for name in names)])
    chances: Ps = {}
    for (side, length), (first, days) in _sides(found, data.settings.lengths).items():
        for at, pair in enumerate(chance(data, part, columns, first, days)[0]):
            chances[names[at], side, length] = pair
    return chances


def chance(data: EffectData, part: Slice, columns: Floats, first: Whole, length: Whole) -> tuple[list[tuple[float, float]], Floats]:
    """p within season and p across years of acts over expected acts in windows; `columns` (days, 1 + k) are the acts and k expectations of them.

    And the log of acts over expected acts in the windows turned within their seasons, (draws, k).
    """
    settings, total = data.settings, running(columns)
    dealt = uniforms(settings.seed, settings.draws, max(len(first), len(np.unique(data.calendar.years))))
    here = window_sums(total, first, length).sum(axis=0)
    turned = within_season(dealt[:, : len(first)], first, length, data.calendar, part.covered, settings.reach).sums(total)
    swapped = across_years(dealt, first, length, data.calendar, part.covered).sums(total)
    seen = excess(here[:1], here[1:])
    logs = [excess(sums[:, :1], sums[:, 1:]) for sums in (turned, swapped)]
    pairs = [(two_sided(one, logs[0][:, at]), two_sided(one, logs[1][:, at])) for at, one in enumerate(seen.tolist())]
    return pairs, logs[0]


def _sides(found: Episodes, lengths: tuple[int, ...]) -> dict[tuple[str, int], tuple[Whole, Whole]]:
    sides = {("during", 0): (found.start, found.length)}
    for length in lengths:
        days = np.full_like(found.length, length)
        sides["eve", length] = (found.start - length, days)
        sides["aftermath", length] = (found.start + found.length, days)
    return sides


TOO_FEW = Text(
    "Too few to compare: {windows} dated windows and {acts} days with an act in the covered span.",
    "비교하기에 부족함: 수록 기간 안의 일자 확인 {windows}건, 도발이 있던 날 {acts}일.",
)
NO_ACT = Text(
    "No act in these windows: the ratio has no interval; p tells how rare that is.",
    "해당 기간에 도발이 없어 비율 구간을 낼 수 없음. p 값이 드문 정도를 나타냄.",
)
NOT_APART = Text("Windows and calendar cannot be told apart here.", "해당 기간과 달력 효과를 구분할 수 없음.")
