"""Settings of the effect designs, with the reason for each, and the names that their rows carry.

Nothing here is tuned to an answer: classes, periods, windows and calendars are those that the literature uses, crossed with one another, so
that a reader sees what each choice does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from comity.models.provocations.act_series import SeriesSettings
from comity.vocab.text import Text

FINE = ("year_months", "year_two_waves", "year_two_waves_past")  # calendars that a season can hardly slip through
COARSE = ("none", "year", "year_one_wave")


@dataclass(frozen=True)
class EffectSettings:
    """Parameters of the effects of exercises and talks (methods 8 and 11)."""

    series: SeriesSettings = field(default_factory=SeriesSettings)
    class_sets: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "any": ("nuclear", "long_range", "short_range", "conventional_clash"),
            "missiles_and_nuclear": ("nuclear", "long_range", "short_range"),
            "short_range": ("short_range",),
            "strategic": ("nuclear", "long_range"),
            "clashes": ("conventional_clash",),
        }
    )
    """A set is counted on days on which all its classes are covered. Answers differ by class, and so do the studies."""
    periods: dict[str, tuple[date, date]] = field(
        default_factory=lambda: {
            "all": (date(1950, 1, 1), date(9999, 12, 31)),
            "to_2004": (date(1950, 1, 1), date(2004, 12, 31)),
            "2005_2017": (date(2005, 1, 1), date(2017, 12, 31)),
            "from_2018": (date(2018, 1, 1), date(9999, 12, 31)),
        }
    )
    """2005-2017 is the span of most published work; 2018 began with the Olympic delay."""
    calendars: tuple[str, ...] = ("none", "year", "year_one_wave", "year_months", "year_two_waves", "year_two_waves_past")
    """From no control of the calendar to one that nearly spans the exercises."""
    lengths: tuple[int, ...] = (14, 28, 56)
    """Days of eve and aftermath."""
    lag: int = 28
    """Residuals of a month may go together: bursts last some weeks."""
    draws: int = 2000
    """Of each randomisation: p is known to about 0.005 at 0.05."""
    reach: int = 45
    """Days by which a placebo exercise may move either way: a quarter of a year around the true one, so that the season stays."""
    weeks: int = 8
    """Before and after, in the event study."""
    weeks_calendar: str = "year_two_waves"
    """Calendar under which weeks are expected to have acts: the one that leaves the season least room."""
    state_days: tuple[int, int] = (56, 29)
    """State of relations: 4-8 weeks before, as Beyond Parallel (2016) has it; not nearer, for the eve may answer the exercise itself."""
    least_windows: int = 5
    """Fewer windows tell nothing of a kind of exercise."""
    least_acts: int = 10
    """Fewer days with acts in a period: no rate to compare."""
    neighbours: int = 4
    """Held editions from which the usual days of a season's exercise are read."""
    near_years: int = 4
    """As far as such an edition may lie; the calendar of exercises changed every few years."""
    moved_days: int = 14
    """An exercise that began so far from its usual days moved."""
    reaction_days: tuple[int, ...] = (90, 365)
    """A quarter, and a year: retaliation may take its time."""
    seed: int = 20261122
    level: float = 0.95
    """Of the intervals."""


POWER = 2.8  # 1.96 + 0.84: a ratio whose logarithm is so many standard errors is found four times in five

DESIGNS = {
    "rates": Text("rate ratio", "발생률 비"),
    "weeks": Text("event study", "사건 연구"),
    "conditional": Text("by relations before", "직전 관계별"),
    "changed": Text("changed exercises", "변경된 연습"),
}
TREATMENTS = {
    "main": Text("main exercises", "대규모 정례 연습"),
    "other": Text("other drills", "그 밖의 훈련"),
    "every": Text("all exercises", "모든 연습"),
    "talks": Text("talks", "대화"),
    "summits": Text("summits", "정상회담"),
    "held": Text("days of exercises, usual days held fixed", "연습 기간(통상 시기 통제)"),
    "not_held": Text("held against not held", "실시 대 미실시"),
    "shrunk": Text("in full against shrunk", "정상 대 축소"),
    "less": Text("in full against shrunk or not held", "정상 대 축소·미실시"),
}
SETS = {
    "any": Text("any act", "모든 도발"),
    "missiles_and_nuclear": Text("missiles and nuclear tests", "미사일·핵실험"),
    "short_range": Text("shorter-range launches", "중·단거리 발사"),
    "strategic": Text("long-range launches and nuclear tests", "장거리 발사·핵실험"),
    "clashes": Text("conventional clashes", "재래식 충돌"),
}
WINDOWS = {
    "during": Text("during", "기간 중"),
    "eve": Text("eve", "직전"),
    "aftermath": Text("aftermath", "직후"),
    "weeks_before": Text("8 weeks before", "시작 전 8주"),
    "week_0": Text("first week", "첫 주"),
    "weeks_0_3": Text("first 4 weeks", "첫 4주"),
    "weeks_0_8": Text("first 9 weeks", "첫 9주"),
    "during_better": Text("relations better", "직전 관계 양호"),
    "during_worse": Text("relations worse", "직전 관계 악화"),
    "worse_to_better": Text("worse against better", "악화 대 양호"),
    "usual_days": Text("the usual days", "통상 시기"),
}
PERIODS = {
    "all": Text("all covered years", "수록 전 기간"),
    "to_2004": Text("to 2004", "2004년까지"),
    "2005_2017": Text("2005–2017", "2005–2017년"),
    "from_2018": Text("from 2018", "2018년부터"),
}
CALENDARS = {
    "none": Text("no calendar", "통제 없음"),
    "year": Text("year", "연도"),
    "year_one_wave": Text("year, one wave", "연도+조화항 1"),
    "year_months": Text("year, months", "연도+월"),
    "year_two_waves": Text("year, two waves", "연도+조화항 2"),
    "year_two_waves_past": Text("year, two waves, past acts", "연도+조화항 2+최근 도발"),
    "usual_near": Text("year, usual days of near years", "연도+통상 시기(인접 연도)"),
    "usual_near_waves": Text("year, usual days of near years, two waves", "연도+통상 시기(인접 연도)+조화항 2"),
    "usual_all": Text("year, usual days of all years", "연도+통상 시기(전체 연도)"),
    "usual_all_waves": Text("year, usual days of all years, two waves", "연도+통상 시기(전체 연도)+조화항 2"),
}
SEASONS = {"spring": Text("spring", "전반기(봄)"), "late_summer": Text("late summer", "후반기(늦여름)"), "autumn": Text("autumn", "가을")}
CHANGES = {"moved": Text("moved", "이동"), "shrunk": Text("shrunk", "축소"), "not_held": Text("not held", "미실시")}
KINDS = {"exercises": Text("exercises", "연습"), "talks": Text("talks", "대화")}
