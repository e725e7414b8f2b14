"""Design (a): rate ratios in windows, every specification: treatment, class, window, length, period and calendar crossed.

Each row is one specification; none is singled out. The interval is the wider of two: robust to bursts, and plain with the dispersion found. p
comes from placebo windows (see `randomisation`), not from the interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from comity.models.act_series import Floats
from comity.models.effect_data import EXERCISES, TALKS, EffectData, Slice
from comity.models.effect_rates import RateFit
from comity.models.effect_settings import POWER
from comity.models.episodes import Episodes, window_days
from comity.models.randomisation import Placebos, across_years, excess, running, two_sided, window_sums, within_season
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


def told(log_ratio: float, error: float) -> Row:
    """`estimate`, `low`, `high` and `mde` of a log ratio and its standard error."""
    spread = WIDE * error
    return {
        "estimate": float(np.exp(log_ratio)),
        "low": float(np.exp(log_ratio - spread)),
        "high": float(np.exp(log_ratio + spread)),
        "mde": float(np.exp(POWER * error)),
    }


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
                yield row | _numbers(fit, errors, at)


def _numbers(fit: RateFit, errors: Floats, at: int) -> Row:
    if not np.isfinite(errors[at]) or errors[at] > UNTOLD:
        reason = NO_ACT if fit.acts[at] == 0 else NOT_APART
        return {"reason_en": reason.en, "reason_ko": reason.ko}
    plain = told(float(fit.log_ratio[at]), float(fit.plain[at]))
    return told(float(fit.log_ratio[at]), float(errors[at])) | {"plain_low": plain["low"], "plain_high": plain["high"]}


def _chances(data: EffectData, treatment: str, part: Slice, found: Episodes) -> Ps:
    """Randomisation p of each calendar, side and length, within season and year and across years."""
    settings = data.settings
    rng = np.random.default_rng(settings.seed)
    names = settings.calendars
    columns = np.column_stack([part.acts, *(data.expected(part, name, treatment) for name in names)])
    total = running(columns)
    sides = _sides(found, settings.lengths)
    drawn = (
        within_season(rng, found, data.calendar, part.covered, settings.reach, settings.draws),
        across_years(rng, found, data.calendar, part.covered, settings.draws),
    )
    here = {key: window_sums(total, found.start[:, None], *ends)[:, 0].sum(axis=0) for key, ends in sides.items()}
    chances: dict[tuple[str, str, int], list[float]] = {}
    for placebos in drawn:
        for key, sums in placebo_sums(placebos, total, sides).items():
            for at, name in enumerate(names, start=1):
                seen = float(excess(here[key][0], here[key][at]))
                chances.setdefault((name, *key), []).append(two_sided(seen, excess(sums[:, 0], sums[:, at])))
    return {key: (pair[0], pair[1]) for key, pair in chances.items()}


def placebo_sums(placebos: Placebos, total: Floats, sides: dict[Any, tuple[Any, Any]]) -> dict[Any, Floats]:
    """Sums of the columns of `total` over each side's windows, for each draw; shapes (draws, columns)."""
    tables = [window_sums(total, placebos.options, *ends) for ends in sides.values()]
    sums = placebos.sums(np.concatenate(tables, axis=2))
    return dict(zip(sides, np.split(sums, len(sides), axis=1), strict=True))


def _sides(found: Episodes, lengths: tuple[int, ...]) -> dict[Any, tuple[Any, Any]]:
    nothing = np.zeros_like(found.length)
    sides: dict[Any, tuple[Any, Any]] = {("during", 0): (nothing, found.length)}
    for length in lengths:
        sides["eve", length] = (nothing - length, nothing)
        sides["aftermath", length] = (found.length, found.length + length)
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
