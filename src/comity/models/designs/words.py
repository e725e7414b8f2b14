"""What the whole curve says, in words made by rule: what is robust, what is not, and what the record could not have shown.

No specification is singled out. A share of specifications, the range of their ratios and the smallest ratio that each could have found decide
the words; "no effect" is never among them, for a record that cannot see a doubling cannot show that there was none.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.models.designs.settings import COARSE, FINE
from comity.vocab.text import Text

ALPHA = 0.05
ROBUST = 0.8


def answers(rows: pl.DataFrame, of: str | None = None) -> tuple[Text, ...]:
    """Sentences from the rows of `effects`: on exercises (calendar, weeks before, changed seasons, relations before) and on talks, or `of` one of them."""
    if rows.is_empty():
        return (NOTHING,)
    told = rows.filter(pl.col("estimate").is_not_null())
    said: list[Text] = []
    if of in (None, "exercises"):
        during = told.filter((pl.col("design") == "rates") & (pl.col("window") == "during") & pl.col("treatment").is_in(["main", "other", "every"]))
        more = [*_by_calendar(during), *_weeks(told), *_changed(told), *_conditional(told)] if during.height else []
        said += [verdict(during, EXERCISES), counted(during, DURING), *more] if during.height else [NO_EXERCISES]
    if of in (None, "talks"):
        after = told.filter((pl.col("design") == "rates") & (pl.col("window") == "aftermath") & pl.col("treatment").is_in(["talks", "summits"]))
        said += [verdict(after, TALKS), counted(after, AFTER_TALKS)] if after.height else [NO_TALKS]
    return (*said, NOT_CAUSES)


def tally(rows: pl.DataFrame) -> dict[str, Any]:
    """Of some specifications: `n`; how many intervals lie `above` and `below` 1; how many have p < 0.05 (`stood`); the `low`est and `high`est ratio.

    And `unseen`, those whose smallest detectable ratio is larger than the one found, and the median `mde`.
    """
    size = pl.max_horizontal("estimate", 1 / pl.col("estimate"))
    return {
        "n": rows.height,
        "above": rows.filter(pl.col("low") > 1).height,
        "below": rows.filter(pl.col("high") < 1).height,
        "stood": rows.filter(pl.col("p") < ALPHA).height,
        "low": rows["estimate"].min(),
        "high": rows["estimate"].max(),
        "unseen": rows.filter(pl.col("mde").is_null() | (pl.col("mde") > size)).height,
        "mde": rows["mde"].median(),
    }


def verdict(rows: pl.DataFrame, words: dict[str, Text]) -> Text:
    """One of five answers: robustly more, robustly fewer, not to be told from the season, hanging on the specification, or not detectable.

    Robust is what four of five intervals and four of five placebo tests say. Where more intervals leave 1 out than twice what chance gives, it hangs on
    the specification; unless it is the loose calendars alone that find it, and neither the fine ones nor the placebo windows of the same season do.
    """
    fine = tally(rows.filter(pl.col("calendar").is_in(list(FINE))))
    loose = tally(rows.filter(~pl.col("calendar").is_in(list(FINE))))
    counts = tally(rows)
    told = counts | {"mde": f"{counts['mde']:.1f}", "out": counts["above"] + counts["below"]}
    for name, part in (("fine", fine), ("loose", loose)):
        told |= {name: part["n"], f"{name}_above": part["above"], f"{name}_below": part["below"]}
    for name in ("above", "below"):
        if min(counts[name], counts["stood"]) >= ROBUST * counts["n"]:
            return words[name]
    if told["out"] <= 2 * ALPHA * counts["n"]:
        return words["unseen"].format(**told)
    season = fine["above"] + fine["below"] <= 2 * ALPHA * fine["n"] and counts["stood"] <= 2 * ALPHA * counts["n"]
    return words["season" if season else "hangs"].format(**told)


def counted(rows: pl.DataFrame, words: Text) -> Text:
    """The counts behind a verdict."""
    counts = tally(rows)
    return words.format(**counts | {name: f"{counts[name]:.2f}" for name in ("low", "high")} | {"mde": f"{counts['mde']:.1f}"})


def _by_calendar(rows: pl.DataFrame) -> list[Text]:
    parts = [rows.filter(pl.col("calendar").is_in(list(names)) & (pl.col("treatment") == "main")) for names in (COARSE, FINE)]
    if not all(part.height for part in parts):
        return []
    (coarse, coarse_mde), (fine, fine_mde) = (part.select(pl.col("estimate", "mde").median()).row(0) for part in parts)
    return [CALENDAR.format(coarse=f"{coarse:.2f}", fine=f"{fine:.2f}", coarse_mde=f"{coarse_mde:.1f}", fine_mde=f"{fine_mde:.1f}")]


def _weeks(rows: pl.DataFrame) -> list[Text]:
    weeks = rows.filter((pl.col("design") == "weeks") & (pl.col("window") == "weeks_before") & pl.col("treatment").is_in(["main", "other", "every"]))
    if weeks.is_empty():
        return []
    counts = tally(weeks)
    return [PRE_TREND.format(n=counts["n"], sure=counts["stood"])]


def _changed(rows: pl.DataFrame) -> list[Text]:
    against = rows.filter(pl.col("treatment") == "less")
    if against.is_empty():
        return []
    counts = tally(against)
    ends = {name: f"{counts[name]:.2f}" for name in ("low", "high")}
    return [CHANGED.format(seasons=against["windows"].max(), n=counts["n"], stood=counts["stood"], mde=f"{counts['mde']:.1f}", **ends)]


def _conditional(rows: pl.DataFrame) -> list[Text]:
    states = rows.filter((pl.col("window") == "worse_to_better") & pl.col("p").is_not_null())
    if states.is_empty():
        return []
    counts = tally(states)
    return [STATES.format(n=counts["n"], sure=counts["stood"], mde=f"{counts['mde']:.1f}")]


EXERCISES = {
    "season": Text(
        "Whether exercises provoke or deter cannot be told from the season on this record: with a loose calendar {loose_above} of {loose} intervals lie above 1 and {loose_below} below, with a fine one "
        "{fine_above} and {fine_below} of {fine}; against placebo windows of the same season {stood} of {n} stand out. Half of the specifications could not have found less than a ratio of ×{mde}.",
        "연습이 도발을 부르는지 억제하는지는 이 기록으로 계절과 구분할 수 없다. 달력을 느슨하게 통제하면 구간 {loose}개 가운데 {loose_above}개가 1보다 위, {loose_below}개가 아래에 있고, 촘촘하게 통제하면 "
        "{fine}개 가운데 각각 {fine_above}개와 {fine_below}개다. 같은 계절의 위약 기간과 비교해 두드러진 것은 {n}개 가운데 {stood}개다. 명세의 절반은 {mde}배보다 작은 차이를 찾아낼 수 없었다.",
    ),
    "above": Text(
        "Exercises go with more provocations in four of five specifications or more; this is robust on this record.",
        "명세의 80% 이상에서 연습 기간에 도발이 더 많았다. 이 기록에서는 견고한 결과다.",
    ),
    "below": Text(
        "Exercises go with fewer provocations in four of five specifications or more; this is robust on this record.",
        "명세의 80% 이상에서 연습 기간에 도발이 더 적었다. 이 기록에서는 견고한 결과다.",
    ),
    "hangs": Text(
        "Whether exercises provoke or deter hangs on the specification: of {n} intervals {above} lie above 1 and {below} below; with a fine calendar {fine_above} and {fine_below} of {fine}. "
        "Against placebo windows of the same season {stood} of {n} stand out.",
        "연습이 도발을 부르는지 억제하는지는 명세에 달려 있다. 구간 {n}개 가운데 {above}개는 1보다 위, {below}개는 아래에 있다. 달력을 촘촘하게 통제한 {fine}개에서는 각각 {fine_above}개와 "
        "{fine_below}개다. 같은 계절의 위약 기간과 비교해 두드러진 것은 {n}개 가운데 {stood}개다.",
    ),
    "unseen": Text(
        "Neither provocation nor deterrence can be told on this record: {out} of {n} intervals leave 1 out, within twice what chance gives, and half of the specifications could not have found less "
        "than a ratio of ×{mde}.",
        "이 기록으로는 연습이 도발을 부른다고도 억제한다고도 말할 수 없다. 구간 {n}개 가운데 1을 벗어난 것은 {out}개로 우연히 나올 수의 두 배 이내이며, 명세의 절반은 {mde}배보다 작은 차이를 찾아낼 수 없었다.",
    ),
}
TALKS = {
    "season": Text(
        "Whether talks calm cannot be told from the season on this record: with a loose calendar {loose_below} of {loose} intervals lie below 1 and {loose_above} above, with a fine one {fine_below} and "
        "{fine_above} of {fine}; against placebo days of the same season {stood} of {n} stand out. Half of the specifications could not have found less than a ratio of ×{mde} (or 1/{mde}).",
        "대화가 상황을 안정시키는지는 이 기록으로 계절과 구분할 수 없다. 달력을 느슨하게 통제하면 구간 {loose}개 가운데 {loose_below}개가 1보다 아래, {loose_above}개가 위에 있고, 촘촘하게 통제하면 "
        "{fine}개 가운데 각각 {fine_below}개와 {fine_above}개다. 같은 계절의 위약일과 비교해 두드러진 것은 {n}개 가운데 {stood}개다. 명세의 절반은 {mde}배(또는 {mde}분의 1)보다 작은 차이를 찾아낼 수 없었다.",
    ),
    "above": Text(
        "After talks there are more provocations in four of five specifications or more.",
        "명세의 80% 이상에서 대화 뒤에 도발이 더 많았다.",
    ),
    "below": Text(
        "After talks there are fewer provocations in four of five specifications or more; who talks may be calm already.",
        "명세의 80% 이상에서 대화 뒤에 도발이 더 적었다. 다만 이미 안정된 때에 대화가 열렸을 수 있다.",
    ),
    "hangs": Text(
        "Whether talks calm hangs on the specification: of {n} intervals {below} lie below 1 and {above} above; with a fine calendar {fine_below} and {fine_above} of {fine}. "
        "Against placebo days of the same season {stood} of {n} stand out.",
        "대화가 상황을 안정시키는지는 명세에 달려 있다. 구간 {n}개 가운데 {below}개는 1보다 아래, {above}개는 위에 있다. 달력을 촘촘하게 통제한 {fine}개에서는 각각 {fine_below}개와 "
        "{fine_above}개다. 같은 계절의 위약일과 비교해 두드러진 것은 {n}개 가운데 {stood}개다.",
    ),
    "unseen": Text(
        "It cannot be told whether talks calm: {out} of {n} intervals leave 1 out, within twice what chance gives, and half of the specifications could not have found less than a ratio of ×{mde} (or 1/{mde}).",
        "대화가 상황을 안정시키는지 이 기록으로는 말할 수 없다. 구간 {n}개 가운데 1을 벗어난 것은 {out}개로 우연히 나올 수의 두 배 이내이며, 명세의 절반은 {mde}배(또는 {mde}분의 1)보다 작은 차이를 찾아낼 수 없었다.",
    ),
}
DURING = Text(
    "During exercises the ratios run from {low} to {high} over {n} specifications; in {unseen} of them the smallest detectable ratio is larger than the one found (median ×{mde}).",
    "연습 기간의 비율은 명세 {n}개에서 {low}~{high}에 걸친다. 그 가운데 {unseen}개는 찾아낼 수 있는 최소 비율이 추정값보다 크다(중앙값 {mde}배).",
)
AFTER_TALKS = Text(
    "After talks the ratios run from {low} to {high} over {n} specifications; in {unseen} of them the smallest detectable ratio is larger than the one found (median ×{mde}).",
    "대화 뒤의 비율은 명세 {n}개에서 {low}~{high}에 걸친다. 그 가운데 {unseen}개는 찾아낼 수 있는 최소 비율이 추정값보다 크다(중앙값 {mde}배).",
)
CALENDAR = Text(
    "For the main exercises the middle ratio is {coarse} where the calendar is held loosely and {fine} where it is held finely; the smallest detectable ratio grows from ×{coarse_mde} to ×{fine_mde}.",
    "대규모 정례 연습의 비율 중앙값은 달력을 느슨하게 통제하면 {coarse}, 촘촘하게 통제하면 {fine}이다. 찾아낼 수 있는 최소 비율은 {coarse_mde}배에서 {fine_mde}배로 커진다.",
)
PRE_TREND = Text(
    "The eight weeks before the start are unlike placebo weeks in {sure} of {n} comparisons.",
    "시작 전 8주가 위약 기간과 다른 경우는 비교 {n}개 가운데 {sure}개다.",
)
CHANGED = Text(
    "Only {seasons} seasons at most in which the exercise shrank or was not held can tell it from the calendar: ratios {low} to {high} over {n} specifications, {stood} with p < 0.05, "
    "half of them blind under ×{mde}.",
    "연습을 달력과 가를 수 있는 것은 축소되거나 열리지 않은 시기 최대 {seasons}개뿐이다. 명세 {n}개의 비율은 {low}~{high}이고 p < 0.05인 것은 {stood}개이며, 절반은 {mde}배 미만을 찾아낼 수 없다.",
)
STATES = Text(
    "The state of relations before makes a difference in {sure} of {n} comparisons; half of them could not have found less than ×{mde}.",
    "직전 관계 상태에 따른 차이는 비교 {n}개 가운데 {sure}개에서 나타났다. 절반은 {mde}배보다 작은 차이를 찾아낼 수 없었다.",
)
NO_EXERCISES = Text("Not enough dated exercises and acts to compare.", "비교할 만큼 일자가 확인된 연습과 도발이 없다.")
NO_TALKS = Text("Not enough dated talks and acts to compare.", "비교할 만큼 일자가 확인된 대화와 도발이 없다.")
NOTHING = Text("Not enough data: no covered acts.", "자료 부족: 수록 범위 안의 도발이 없다.")
NOT_CAUSES = Text(
    "Ratios are of rates and no proof of cause: exercises are timed by people who watch the same events.",
    "비율은 발생률의 비교일 뿐 원인의 증명이 아니다. 연습 시기를 정하는 사람들도 같은 사건을 지켜본다.",
)
