"""Did it work: the answer in words, every specification as a forest and a curve, the weeks around the start, the seasons that changed, third parties."""

from __future__ import annotations

from typing import Any

import polars as pl

from comity.models.designs.settings import CALENDARS, CHANGES, FINE, PERIODS, SEASONS, SETS, TREATMENTS, WINDOWS
from comity.report.charts.effects import effect_choices, effect_curve, effect_forest, effect_weeks
from comity.report.context import Context
from comity.report.document import Block, Column, Figure, Num, Paragraph, Table
from comity.report.palette import MECHANISM
from comity.report.words import actor, day, number, source_line, titled
from comity.vocab.text import Lang, Text, same

Rows = list[dict[str, Any]]
EXERCISES = ("main", "other", "every")
MOVES = 12


def effects_blocks(context: Context) -> list[Block]:
    """Blocks on the effects of exercises and talks and on third parties' reactions; one paragraph where there are too few data."""
    rows = context.effects.rows
    told = rows.filter(pl.col("estimate").is_not_null()) if rows.height else rows
    blocks: list[Block] = [Paragraph((note,)) for note in context.effects.notes]
    if told.is_empty():
        return blocks
    return [
        *blocks,
        _curve(context, told),
        _forest(context, told),
        _choices(context, told),
        *_weeks(context),
        _changed(context),
        _left_out(context),
        _moves(context),
    ]


def _forest(context: Context, told: pl.DataFrame) -> Figure:
    groups = _groups(told)
    shown = [row for _, rows in groups for row in rows]
    unseen = sum(1 for row in shown if row["mde"] is None or row["mde"] > max(row["estimate"], 1 / row["estimate"]))

    def spec(lang: Lang) -> dict[str, Any]:
        made: Rows = []
        for head, rows in groups:
            made.append({"key": f"{len(made):03d}|", "head": head.in_(lang)})
            made += [_bar(row, len(made) + at, head, lang) for at, row in enumerate(rows)]
        return effect_forest(made, lang)

    title = Text(
        f"In {unseen} of {len(shown)} comparisons the smallest detectable ratio is larger than the one found",
        f"비교 {len(shown)}개 가운데 {unseen}개는 찾아낼 수 있는 최소 비율이 추정값보다 크다",
    )
    low, high = (f"{end(row['estimate'] for row in shown):.2f}" for end in (min, max))
    alt = Text(
        f"Forest plot of {len(shown)} ratios with 95 % intervals, from {low} to {high}; grey bars show what each could not have found.",
        f"95 % 구간이 있는 비율 {len(shown)}개의 숲그림. {low}에서 {high}까지이며 회색 막대는 찾아낼 수 없는 범위.",
    )
    refs = tuple(dict.fromkeys(ref for row in shown for ref in row["records"]))
    return Figure(
        "effects-forest", title, spec, alt, source_line(context.snapshot, _FOREST), table=_specifications(groups), height=17 * (len(shown) + len(groups)) + 40, records=refs
    )  # fmt: skip


def _groups(told: pl.DataFrame) -> list[tuple[Text, Rows]]:
    """Which rows stand in the forest: any act, by design; within each all calendars or readings, none chosen for its answer."""
    any_act = told.filter(pl.col("classes") == "any")
    rates = any_act.filter(pl.col("design") == "rates")
    asked = [
        ("main", "during", "all", None),
        ("main", "during", "2005_2017", None),
        ("other", "during", "all", None),
        ("talks", "aftermath", "all", 28),
        ("summits", "aftermath", "all", 28),
    ]
    groups = []
    for treatment, window, period, days in asked:
        part = rates.filter((pl.col("treatment") == treatment) & (pl.col("window") == window) & (pl.col("period") == period))
        part = part if days is None else part.filter(pl.col("days") == days)
        groups.append((_HEAD.format(window=WINDOWS[window], of=TREATMENTS[treatment], period=PERIODS[period]), part.to_dicts()))
    groups.append((_HEAD_WEEKS, any_act.filter((pl.col("design") == "weeks") & (pl.col("treatment") == "main")).to_dicts()))
    groups.append((_HEAD_STATES, any_act.filter((pl.col("design") == "conditional") & (pl.col("treatment") == "main")).to_dicts()))
    groups.append((_HEAD_CHANGED, any_act.filter(pl.col("design") == "changed").to_dicts()))
    return [(head, rows) for head, rows in groups if rows]


def _bar(row: dict[str, Any], at: int, group: Text, lang: Lang) -> dict[str, Any]:
    words = _label(row).in_(lang)
    mde = row["mde"]
    return {
        "key": f"{at:03d}|{words}", "label": words, "group": group.in_(lang), "estimate": row["estimate"], "low": row["low"], "high": row["high"],
        "unseen_low": 1 / min(mde or 10.0, 10.0), "unseen_high": min(mde or 10.0, 10.0), "shown": _interval(row), "mde": f"×{mde:.1f}" if mde else "–",
        "p": "–" if row["p"] is None else f"{row['p']:.3f}", "n": f"{row['windows']}, {row['acts']}",
    }  # fmt: skip


def _label(row: dict[str, Any]) -> Text:
    """What tells a row from the others of its group."""
    if row["design"] == "rates":
        return CALENDARS[row["calendar"]]
    if row["design"] in ("weeks", "conditional"):
        return WINDOWS[row["window"]]
    habit = _HABITS["near" if "near" in row["calendar"] else "all"]
    if row["treatment"] == "held":
        return _HELD["waves" if row["calendar"].endswith("waves") else "plain"].format(habit=habit)
    return Text(f"{_SHORT[row['treatment']].en}, {habit.en}", f"{_SHORT[row['treatment']].ko}, {habit.ko}")


def _interval(row: dict[str, Any]) -> str:
    if row["low"] is None or row["high"] is None:
        return f"{row['estimate']:.2f}"
    return f"{row['estimate']:.2f} ({row['low']:.2f}–{row['high']:.2f})"


def _specifications(groups: list[tuple[Text, Rows]]) -> Table:
    made = []
    for head, rows in groups:
        for row in rows:
            refs = tuple(row["records"])
            ratio = Num(same(_interval(row)), refs, round(row["estimate"], 4))
            made.append((head, _label(row), ratio, number(row["mde"], digits=1), number(row["p"], digits=3), number(row["windows"]), number(row["acts"], refs)))
    columns = (
        Column(Text("Comparison", "비교"), width=3),
        Column(Text("Specification", "명세"), width=2),
        Column(Text("Ratio (95 %)", "비율(95 %)"), "right", 1.6),
        Column(Text("Smallest detectable", "탐지 가능한 최소 비율"), "right"),
        Column(Text("p, placebo", "p(위약)"), "right"),
        Column(Text("Windows", "기간 수"), "right"),
        Column(Text("Acts", "도발"), "right"),
    )
    return Table("effects-table", Text("The ratios of the figure", "그림의 비율"), columns, tuple(made), note=_ALL)


def _during(told: pl.DataFrame) -> pl.DataFrame:
    rates = told.filter((pl.col("design") == "rates") & (pl.col("window") == "during") & pl.col("treatment").is_in(list(EXERCISES)))
    return rates.sort("estimate", "treatment", "classes", "period", "calendar").with_row_index("place", offset=1)


def _curve(context: Context, told: pl.DataFrame) -> Figure:
    during = _during(told)
    above, below = during.filter(pl.col("low") > 1), during.filter(pl.col("high") < 1)
    fine = during.filter(pl.col("calendar").is_in(list(FINE)))

    def spec(lang: Lang) -> dict[str, Any]:
        made = [
            {
                "place": row["place"], "estimate": round(row["estimate"], 4), "low": round(row["low"], 4), "high": round(row["high"], 4), "fine": row["calendar"] in FINE,
                "label": _named(row, lang), "shown": _interval(row), "mde": f"×{row['mde']:.1f}", "p": f"{row['p']:.3f}",
            }
            for row in during.iter_rows(named=True)
        ]  # fmt: skip
        return effect_curve(made, lang)

    title = Text(
        f"Of {during.height} intervals {above.height} lie above 1 and {below.height} below; with a fine calendar {fine.filter(pl.col('low') > 1).height} of {fine.height}",
        f"구간 {during.height}개 가운데 {above.height}개는 1보다 위, {below.height}개는 아래이며, 달력을 촘촘하게 통제하면 {fine.height}개 중 {fine.filter(pl.col('low') > 1).height}개만 위에 있다",
    )
    low, high = (f"{during['estimate'][at]:.2f}" for at in (0, -1))
    alt = Text(
        f"Curve of {during.height} ratios during exercises, sorted, from {low} to {high}, with intervals.",
        f"연습 기간 비율 {during.height}개를 크기순으로 늘어놓은 곡선. {low}에서 {high}까지.",
    )
    return Figure("effects-curve", title, spec, alt, source_line(context.snapshot, _CURVE), height=300)


def _choices(context: Context, told: pl.DataFrame) -> Figure:
    during = _during(told)
    parts = [("calendar", CALENDARS), ("treatment", TREATMENTS), ("classes", SETS), ("period", PERIODS)]
    middles = {column: _middles(during, column, list(labels)) for column, labels in parts}
    widest = max(middles, key=lambda column: max(middles[column].values()) / min(middles[column].values()))
    low, high = (end(middles[widest].values()) for end in (min, max))

    def spec(lang: Lang) -> dict[str, Any]:
        made: Rows = []
        strips = 0
        for column, labels in parts:
            made.append({"key": f"{strips:03d}|", "head": _BY[column].in_(lang)})
            strips += 1
            for name, middle in middles[column].items():
                values = during.filter(pl.col(column) == name)["estimate"].to_list()
                key, words = f"{strips:03d}|{labels[name].in_(lang)}", labels[name].in_(lang)
                strips += 1
                made += [{"key": key, "estimate": round(value, 4), "middle": False} for value in values]
                made.append({"key": key, "estimate": middle, "middle": True, "label": words, "shown": f"{middle:.2f}, {len(values)}"})
        return effect_choices(made, lang)

    title = Text(
        f"The middle ratio moves most {_BY[widest].en}: from {low:.2f} to {high:.2f}",
        f"비율의 중앙값은 {_BY[widest].ko} 차이가 가장 크다: {low:.2f}~{high:.2f}",
    )
    alt = Text(
        f"Strips of {during.height} ticks, one strip for each choice of calendar, kind of exercise, class of act and span of years.",
        f"달력, 연습 종류, 도발 부류, 기간의 선택별 비율 {during.height}개를 눈금으로 나타낸 띠.",
    )
    return Figure("effects-choices", title, spec, alt, source_line(context.snapshot, _CHOICES), height=440)


def _middles(during: pl.DataFrame, column: str, names: list[str]) -> dict[str, float]:
    """The middle ratio of the specifications with each choice, in the order of `names`."""
    found = dict(during.group_by(column).agg(pl.col("estimate").median()).iter_rows())
    return {name: float(found[name]) for name in names if name in found}


def _named(row: dict[str, Any], lang: Lang) -> str:
    return ", ".join(words[row[name]].in_(lang) for name, words in (("treatment", TREATMENTS), ("classes", SETS), ("period", PERIODS), ("calendar", CALENDARS)))


def _weeks(context: Context) -> list[Block]:
    figures: list[Block] = []
    for treatment, colour in (("main", MECHANISM["exercises"]), ("talks", MECHANISM["dialogues"])):
        part = context.effects.tables["weeks"].filter((pl.col("treatment") == treatment) & (pl.col("classes") == "any")).sort("week")
        if part.height:
            figures.append(_week_figure(context, part, treatment, colour))
    return figures


def _week_figure(context: Context, part: pl.DataFrame, treatment: str, colour: str) -> Figure:
    outside = part.filter((pl.col("ratio") < pl.col("low")) | (pl.col("ratio") > pl.col("high")))
    before = outside.filter(pl.col("week") < 0)

    def spec(lang: Lang) -> dict[str, Any]:
        made = [
            {
                "week": row["week"], "ratio": row["ratio"], "low": row["low"], "middle": row["middle"], "high": row["high"],
                "outside": not row["low"] <= row["ratio"] <= row["high"], "shown": f"{row['ratio']:.2f} ({row['acts']} / {row['expected']:.1f})",
                "band": f"{row['low']:.2f}–{row['high']:.2f}", "p": f"{row['p']:.3f}",
            }
            for row in part.iter_rows(named=True)
        ]  # fmt: skip
        return effect_weeks(made, lang, colour)

    of = TREATMENTS[treatment]
    title = Text(
        f"Around {of.en} {outside.height} of {part.height} weeks leave the placebo band, {before.height} of them before the start",
        f"{of.ko} 전후 {part.height}주 가운데 위약 범위를 벗어난 주는 {outside.height}주이며 그중 시작 전은 {before.height}주다",
    )
    alt = Text(
        f"Acts over expected acts in the weeks −8 to 8 around {part['windows'][0]} starts, with the band of placebo weeks.",
        f"시작 {part['windows'][0]}회 전후 −8~8주의 기대 대비 도발과 위약 범위.",
    )
    refs = tuple(dict.fromkeys(ref for refs in part["records"] for ref in refs))
    return Figure(
        f"effects-weeks-{treatment}", title, spec, alt, source_line(context.snapshot, _WEEKS), table=_week_table(part, treatment), height=280, records=refs
    )


def _week_table(part: pl.DataFrame, treatment: str) -> Table:
    made = tuple(
        (number(row["week"], sign=True), number(row["acts"], row["records"]), number(row["expected"], digits=1), number(row["ratio"], row["records"], digits=2),
         Num(same(f"{row['low']:.2f}–{row['high']:.2f}")), number(row["p"], digits=3))
        for row in part.iter_rows(named=True)
    )  # fmt: skip
    names = (Text("Week", "주"), Text("Acts", "도발"), Text("Expected", "기대"), Text("Ratio", "비율"), Text("Placebo 95 %", "위약 95 %"), Text("p", "p"))
    return Table(f"effects-weeks-{treatment}-table", Text("Week by week", "주별"), tuple(Column(name, "right") for name in names), made)


def _changed(context: Context) -> Table:
    frame = context.effects.tables["changed"].sort("year", descending=True)
    made = []
    for row in frame.iter_rows(named=True):
        refs = tuple(row["records"])
        words = CHANGES[row["change"]]
        moved = Text("", "") if row["moved_days"] is None or abs(row["moved_days"]) < 7 else _MOVED.format(days=f"{row['moved_days']:+d}")
        made.append((
            Num(Text(f"{row['year']}, {SEASONS[row['season']].en}", f"{row['year']}년 {SEASONS[row['season']].ko}"), refs), Text(words.en + moved.en, words.ko + moved.ko),
            _span(row["usual_first"], row["usual_last"]), number(row["acts_usual"]), _span(row["actual_first"], row["actual_last"]), number(row["acts_actual"]),
        ))  # fmt: skip
    columns = (
        Column(Text("Season", "시기"), width=1.4),
        Column(Text("Change", "변경"), width=1.4),
        Column(Text("Usual days", "통상 시기"), width=2),
        Column(Text("Acts then", "도발"), "right"),
        Column(Text("Days held", "실시일"), width=2),
        Column(Text("Acts then", "도발"), "right"),
    )
    title = Text(
        f"{frame.height} seasons in which the main exercise moved, shrank or was not held",
        f"대규모 정례 연습이 옮겨지거나 축소되거나 열리지 않은 시기 {frame.height}건",
    )
    return Table("effects-changed", title, columns, tuple(made), note=_CHANGED)


def _span(first: Any, last: Any) -> Text | None:
    one, other = day(first), day(last)
    return None if one is None or other is None else Text(f"{one.en} – {other.en}", f"{one.ko} – {other.ko}")


def _left_out(context: Context) -> Table:
    frame = context.effects.tables["left_out"]
    kinds = {"exercises": Text("Exercises", "연습"), "talks": Text("Talks", "대화")}
    made = tuple((kinds[row["of"]], Text(row["label_en"], row["label_ko"]), number(row["n"])) for row in frame.iter_rows(named=True))
    columns = (Column(Text("Of", "대상")), Column(Text("What", "내용"), width=4), Column(Text("Number", "건수"), "right"))
    return Table("effects-left-out", Text("How many exercises and talks entered, and why others did not", "분석에 든 연습과 대화, 제외 이유"), columns, made)


def _moves(context: Context) -> Table:
    frame = context.effects.tables["third_parties"].filter((pl.col("scope") == "one_move") & ((pl.col("before") != 0) | (pl.col("after") != 0)))
    hostile = context.snapshot.settings.get("adversaries", [])
    frame = frame.filter(~pl.col("third_party").is_in(list(hostile)) & (pl.col("width") == frame["width"].max()))
    frame = frame.sort((pl.col("after") - pl.col("before")).abs(), "day", "third_party", descending=[True, False, False]).head(MOVES).sort("day", "third_party")
    made = []
    for row in frame.iter_rows(named=True):
        answer: Text | Num = (
            Num(same(f"{row['change']:+.0f} ({row['low']:+.0f}–{row['high']:+.0f})"), tuple(row["records"]), row["change"])
            if row["change"] is not None
            else _UNTESTED.format(n=row["events"])
        )
        told = Num(same(f"{row['before']:+.0f} → {row['after']:+.0f}"), tuple(row["records"]))
        made.append((day(row["day"]), titled(context.snapshot, row["move"]), actor(context.snapshot, row["third_party"]), told, answer))
    columns = (
        Column(Text("Day", "날짜")),
        Column(Text("Own move", "자국의 조치"), width=3),
        Column(Text("Third party", "제3국")),
        Column(Text("Balance, year before → after", "협력 균형(1년 전→후)"), "right", 1.4),
        Column(Text("Change (placebo band)", "변화(위약 범위)"), width=2),
    )
    return Table(
        "effects-third-parties",
        Text("What third parties did in the year after own moves", "자국의 조치 이후 1년간 제3국의 행동"),
        columns,
        tuple(made),
        note=_THIRD,
    )


_HEAD = Text("{of}, {window}: {period}", "{of} {window}: {period}")
_HEAD_WEEKS = Text("main exercises, by weeks", "대규모 정례 연습: 주별")
_HEAD_STATES = Text("main exercises, by relations before", "대규모 정례 연습: 직전 관계별")
_HEAD_CHANGED = Text("exercises moved, shrunk or not held", "이동·축소·미실시 연습")
_HABITS = {"near": Text("near years", "인접 연도"), "all": Text("all years", "전체 연도")}
_HELD = {
    "plain": Text("held, {habit}", "실시일, {habit}"),
    "waves": Text("held, {habit}, waves", "실시일, {habit}, 조화항"),
}
_SHORT = {"not_held": Text("held / not", "실시/미실시"), "shrunk": Text("full / shrunk", "정상/축소"), "less": Text("full / less", "정상/변경")}
_BY = {
    "calendar": Text("by calendar", "달력 통제별"),
    "treatment": Text("by kind of exercise", "연습 종류별"),
    "classes": Text("by class of act", "도발 부류별"),
    "period": Text("by years", "기간별"),
}
_MOVED = Text(", {days} days", ", {days}일")
_UNTESTED = Text("not tested: {n} events in all", "검정 안 함: 사건 총 {n}건")
_FOREST = Text(
    "Any act. Dot and line: ratio of daily rates with 95 % interval, robust to bursts. Grey: ratios too near 1 to be found four times in five.",
    "모든 도발 대상. 점과 선: 일별 발생률의 비와 몰림에 강건한 95 % 구간. 회색: 다섯 번 중 네 번 찾아내기에는 1에 너무 가까운 비율.",
)
_CURVE = Text(
    "During exercises: kind of exercise, class of act, years and calendar crossed; intervals beyond the axis are cut.",
    "연습 기간: 연습 종류, 도발 부류, 기간, 달력 통제를 교차한 모든 명세. 축을 벗어난 구간은 잘랐다.",
)
_CHOICES = Text("A tick for each specification during exercises; thick: the middle one.", "연습 기간의 명세마다 눈금 하나. 굵은 눈금은 중앙값.")
_WEEKS = Text(
    "Expected from year and two yearly waves. Band: 95 % of weeks turned within the season. Filled dots leave the band.",
    "기대 건수는 연도와 연주기 조화항 두 개로 계산. 범위: 같은 계절 안에서 옮긴 주의 95 %. 채운 점은 범위를 벗어난 주.",
)
_ALL = Text(
    "These are the comparisons of any act; `comity effects --format csv` gives every specification.",
    "모든 도발을 대상으로 한 비교다. 전체 명세는 `comity effects --format csv`로 볼 수 있다.",
)
_CHANGED = Text(
    "Usual days: middle of the nearest four years in which the season's exercise was held in full. Acts: days with an act; a dash where they are not covered or no days are known.",
    "통상 시기: 정상 실시된 가까운 네 해의 중앙값. 도발: 도발이 있던 날의 수. 수록 범위 밖이거나 날짜를 모르면 비워 둔다.",
)
_THIRD = Text(
    "Cooperative less conflictual events towards the home country; those with the largest difference. Under 30 events of a state nothing is tested. Windows of neighbouring moves overlap, and other causes are not held fixed.",
    "자국에 대한 협력 사건에서 갈등 사건을 뺀 값이며 차이가 큰 순으로 골랐다. 한 나라의 사건이 30건 미만이면 검정하지 않는다. 이웃한 조치의 기간은 겹치며 다른 원인은 통제하지 않았다.",
)
