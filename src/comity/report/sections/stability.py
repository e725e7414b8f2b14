"""Regional stability: the board, the forecast with its track record beside it, whether exercises and talks changed behaviour, and what a changed calendar would do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from comity.models.provocations.class_words import ANY, class_words
from comity.models.provocations.rolling import OURS
from comity.models.provocations.windows import Windows, exercise_windows, talk_days
from comity.report.charts.forecast import forecast_dots, forecast_fan, reliability_points, score_dots, threat_axis
from comity.report.context import Context
from comity.report.document import Block, Column, Figure, Num, Paragraph, Section, Table
from comity.report.palette import CLASS
from comity.report.sections.effects import effects_blocks
from comity.report.sections.pressures import act_ticks, provoking_acts
from comity.report.sections.what_if import what_if_blocks
from comity.report.words import day, number, source_line
from comity.vocab.dates import written
from comity.vocab.kinds import code_label
from comity.vocab.text import Lang, Text, same

FROM = date(1990, 1, 1)
HORIZON = 28
LINES = ("threat", "ladder", "record", "opinion", "balance")


def stability(context: Context) -> list[Section]:
    """The sections on regional stability; one sentence where there are too few acts to say anything."""
    title = Text("Regional stability", "지역 안정성")
    if context.forecast.rows.is_empty():
        return [Section("stability", title, (Paragraph((context.forecast.notes[0],)),), new_page=True)]
    first = Section("stability", title, (_board(context), _axis(context), *_forecast(context)), new_page=True)
    record = Section("track-record", Text("How good such forecasts were", "예측의 성적"), tuple(_record(context)), level=3)
    worked = Section("effects", Text("Did exercises or talks change behaviour?", "연습과 대화가 행동을 바꾸었는가"), tuple(effects_blocks(context)), level=3)
    asked = Section(
        "what-if", Text("What would a changed calendar go together with?", "일정이 바뀌면 무엇이 달라지는가"), tuple(what_if_blocks(context)), level=3
    )
    return [first, record, worked, asked]


def _board(context: Context) -> Table:
    rows = []
    for row in context.stability.rows.filter(pl.col("line").is_in(LINES)).iter_rows(named=True):
        what, finding = Text(row["what_en"], row["what_ko"]), Text(row["finding_en"], row["finding_ko"])
        value = None if row["value"] is None else round(row["value"], 4)
        rows.append((what, Num(finding, tuple(row["records"]), value), day(row["known_to"]), Text(row["rule_en"], row["rule_ko"])))
    columns = (
        Column(Text("What", "항목"), width=2),
        Column(Text("Finding", "현황"), width=4),
        Column(Text("Known to", "기록 기준"), "right", width=1.4),
        Column(Text("How it is made", "산출 방식"), width=3),
    )
    return Table("stability-board", Text("The board", "현황판"), columns, tuple(rows), note=context.stability.notes[0])


def _axis(context: Context) -> Figure:
    until = context.as_of
    exercises, talks = exercise_windows(context.snapshot, context.home, until=until), talk_days(context.snapshot, context.home, until=until)
    main = exercises.rows.filter("main" if exercises.rows["main"].any() else pl.lit(True)).filter(pl.col("start") >= FROM)
    held = talks.rows.filter(pl.col("start") >= FROM)
    acts = provoking_acts(context).filter(pl.col("start_earliest") >= FROM)

    def spec(lang: Lang) -> dict[str, Any]:
        lanes = ("대규모 연습", "회담") if lang == "ko" else ("Great exercises", "Talks")
        labels = {name: code_label("event_class", name, lang) for name in CLASS}
        ticks = act_ticks(acts, labels, "lane", lang)
        bands = [_band(context, row, lanes[at], lang) for at, rows in enumerate((main, held)) for row in rows.iter_rows(named=True)]
        return threat_axis(ticks, bands, labels, lanes, lang)

    title = Text(
        f"{acts.height} provocations since 1990, beside {main.height} great exercises and {held.height} days of talks",
        f"1990년 이후 도발 {acts.height}건, 대규모 연습 {main.height}회, 회담 {held.height}일",
    )
    alt = Text(
        f"Ticks of {acts.height} provocations in {len(CLASS)} classes under bands of {main.height} exercises and {held.height} talks.",
        f"부류 {len(CLASS)}개 도발 {acts.height}건의 눈금과 연습 {main.height}회, 회담 {held.height}건의 띠.",
    )
    listed = tuple(f"event:{one}" for one in acts["id"])
    return Figure(
        "threat-axis", title, spec, alt, source_line(context.snapshot, _left_out(exercises)), height=230, records=(*listed, *main["ref"], *held["ref"])
    )


def _band(context: Context, row: dict[str, Any], lane: str, lang: Lang) -> dict[str, Any]:
    last = row["end"] + timedelta(days=1)
    when = (
        written(row["start"].isoformat(), lang)
        if row["end"] == row["start"]
        else f"{written(row['start'].isoformat(), lang)} – {written(row['end'].isoformat(), lang)}"
    )
    title = context.snapshot.record(row["ref"]).title(lang) if context.snapshot.has_record(row["ref"]) else row["ref"]
    return {"start": row["start"].isoformat(), "end": last.isoformat(), "lane": lane, "title": title, "when": when, "ref": row["ref"]}


def _left_out(exercises: Windows) -> Text:
    n = exercises.left_out.get("no_day", 0)
    return Text(
        f"Exercises known to the day only ({n} others are not); provocations where covered (see the annex).",
        f"일자가 확인된 연습만 표시({n}건 제외). 도발은 수록 범위 안에서 표시(부록 참조).",
    )


def _forecast(context: Context) -> list[Block]:
    rows = context.forecast.rows
    any_soon = rows.row(by_predicate=(pl.col("class") == ANY) & (pl.col("horizon_days") == HORIZON), named=True)
    worst = max(rows["unseen_days"])
    spread = [f"{100 * any_soon[name]:.0f}" for name in ("probability", "low", "high", "usual")]
    title = (_STALE if worst > HORIZON else _SOON).format(
        days=HORIZON, p=spread[0], low=spread[1], high=spread[2], usual=spread[3], day=day(any_soon["known_to"])
    )

    def dots(lang: Lang) -> dict[str, Any]:
        return forecast_dots([_dot(row, lang) for row in rows.sort("horizon_days", maintain_order=True).iter_rows(named=True)], lang)

    def fan(lang: Lang) -> dict[str, Any]:
        return forecast_fan([_fan_row(row, lang) for row in context.forecast.tables["fan"].iter_rows(named=True)], lang)

    alt = Text(
        f"Dots with intervals for {rows['class'].n_unique()} classes and two horizons; the table gives the numbers.",
        f"부류 {rows['class'].n_unique()}개, 기간 2개의 확률과 구간. 수치는 표 참조.",
    )
    last = context.forecast.tables["fan"].row(-1, named=True)
    fan_title = Text(
        f"Over {context.forecast.tables['fan'].height} days {last['q5']:.0f} to {last['q95']:.0f} acts are expected, {last['q50']:.0f} in the middle future",
        f"{context.forecast.tables['fan'].height}일간 {last['q5']:.0f}~{last['q95']:.0f}건, 중앙값 {last['q50']:.0f}건이 예상된다",
    )
    refs = tuple(any_soon["records"])
    gap = Text(
        f"The record of some classes ends {worst} days before the day of this page; the days since are simulated.",
        f"일부 부류의 기록은 기준일 {worst}일 전에 끝나며 그 이후는 모의한 값이다.",
    )
    blocks: list[Block] = [
        Figure("forecast", title, dots, alt, source_line(context.snapshot, context.forecast.notes[0]), table=_table(context), height=330, records=refs)
    ]
    if worst > HORIZON:
        blocks.append(Paragraph((gap,), small=True))
    fan_alt = Text(
        f"A fan of cumulative acts: after {context.forecast.tables['fan'].height} days nine tenths of the simulated futures hold {last['q5']:.0f} to {last['q95']:.0f}, half hold {last['q25']:.0f} to {last['q75']:.0f}.",
        f"누적 도발 건수의 부채꼴. {context.forecast.tables['fan'].height}일 뒤 모의한 미래의 90%는 {last['q5']:.0f}~{last['q95']:.0f}건, 50%는 {last['q25']:.0f}~{last['q75']:.0f}건.",
    )
    return [*blocks, Figure("forecast-fan", fan_title, fan, fan_alt, source_line(context.snapshot, _FAN), height=220, records=refs)]


def _dot(row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    per_cent = {name: f"{100 * row[name]:.0f} %" for name in ("probability", "usual")}
    return {
        "class": class_words(row["class"]).in_(lang), "panel": _days(row["horizon_days"]).in_(lang), "probability": row["probability"], "low": row["low"], "high": row["high"],
        "usual": row["usual"], "shown": per_cent["probability"], "long": per_cent["usual"], "span": f"{100 * row['low']:.0f}–{100 * row['high']:.0f} %",
    }  # fmt: skip


def _days(n: int) -> Text:
    return Text(f"Next {n} days", f"향후 {n}일")


def _fan_row(row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    words = {
        "when": written(row["day"].isoformat(), lang),
        "half": f"{row['q25']:.0f}–{row['q75']:.0f}",
        "most": f"{row['q5']:.0f}–{row['q95']:.0f}",
        "mean": f"{row['expected']:.1f}",
    }
    return {name: row[name] for name in ("q5", "q25", "q50", "q75", "q95", "expected")} | words | {"day": row["day"].isoformat()}


def _table(context: Context) -> Table:
    rows = []
    for row in context.forecast.rows.iter_rows(named=True):
        refs = tuple(row["records"])
        span = Num(same(f"{100 * row['probability']:.0f} ({100 * row['low']:.0f}–{100 * row['high']:.0f})"), refs, round(row["probability"], 4))
        score = None if row["brier"] is None else same(f"{row['brier']:.3f} / {row['brier_usual']:.3f}")
        caution = Text(row["caution_en"], row["caution_ko"]) if row["caution_en"] else None
        rows.append(
            (
                class_words(row["class"]),
                number(row["horizon_days"]),
                span,
                number(100 * row["usual"], refs),
                number(row["expected"], refs, digits=1),
                day(row["known_to"]),
                score,
                caution,
            )
        )
    columns = (
        Column(Text("Class", "부류"), width=2), Column(Text("Days", "일수"), "right", width=0.7), Column(Text("Probability, % (5–95)", "확률 %(5–95)"), "right", width=1.6),
        Column(Text("Long run, %", "장기 평균 %"), "right"), Column(Text("Acts", "건수"), "right", width=0.7), Column(Text("Known to", "기록 종료"), "right", width=1.4),
        Column(Text("Brier: pool / long run", "브라이어: 결합/장기"), "right", width=1.5), Column(Text("Mind", "유의"), width=2.6),
    )  # fmt: skip
    return Table("forecast-table", Text("Forecast by class, with its track record", "부류별 예측과 성적"), columns, tuple(rows))


def _record(context: Context) -> list[Block]:
    rows = context.track_record.rows.filter(pl.col("class") == ANY)
    if rows.is_empty():
        return [Paragraph((_NO_RECORD,))]
    soon = rows.filter(pl.col("horizon_days") == HORIZON)
    ours = soon.row(by_predicate=pl.col("model") == OURS, named=True)
    beaten = soon.filter(pl.col("verdict") == "better").height
    title = Text(
        f"Over {ours['origins']} months the pool is better than {beaten} of {soon.height - 1} rivals; of the others it is not told apart",
        f"{ours['origins']}개월 동안 결합 모형은 비교 모형 {soon.height - 1}개 중 {beaten}개보다 낫고 나머지와는 우열을 가릴 수 없다",
    )
    if soon.filter(pl.col("verdict") == "worse").height:
        title = Text(f"Over {ours['origins']} months some rivals are better than the pool", f"{ours['origins']}개월 동안 결합 모형보다 나은 비교 모형이 있다")

    def scores(lang: Lang) -> dict[str, Any]:
        return score_dots([_score(row, lang) for row in rows.sort("horizon_days", "brier").iter_rows(named=True)], lang)

    calibration = context.track_record.tables["reliability"].filter((pl.col("class") == ANY) & (pl.col("horizon_days") == HORIZON))
    lean = ours["mean_probability"] - ours["base_rate"]
    low = Text(
        f"Forecasts averaged {100 * ours['mean_probability']:.0f} %, and in {100 * ours['base_rate']:.0f} % of the months an act came",
        f"예측 평균은 {100 * ours['mean_probability']:.0f}%, 실제 발생은 {100 * ours['base_rate']:.0f}%였다",
    )
    leaning = Text("too low" if lean < 0 else "too high", "낮은" if lean < 0 else "높은")

    def points(lang: Lang) -> dict[str, Any]:
        return reliability_points([_bin(row) for row in calibration.iter_rows(named=True)], lang)

    refs = tuple(ours["records"])
    record_alt = Text(
        f"Brier scores of {soon.height} models with 95 % intervals at two horizons.", f"모형 {soon.height}개의 브라이어 점수와 95 % 구간(기간 2개)."
    )
    line = source_line(context.snapshot, _BLOCKS)
    calibrated = Text(
        f"{calibration.height} steps of forecast probability against the share that came; on average {leaning.en}.",
        f"예측 확률 {calibration.height}구간과 실제 발생 비율. 평균적으로 {leaning.ko} 예측.",
    )
    return [
        Figure("track-record-scores", title, scores, record_alt, line, table=_scores(context), height=360, records=refs),
        Figure("reliability", low, points, calibrated, line, height=280, records=refs),
        Paragraph((context.track_record.notes[0],), small=True),
    ]


def _score(row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    model = row[f"model_{lang}"]
    gap = "–" if row["brier_difference"] is None else f"{row['brier_difference']:+.3f} ({row['brier_difference_low']:+.3f}–{row['brier_difference_high']:+.3f})"
    shown = f"{row['brier']:.3f} ({row['brier_low']:.3f}–{row['brier_high']:.3f})"
    return {
        "model": model,
        "panel": _days(row["horizon_days"]).in_(lang),
        "score": row["brier"],
        "low": row["brier_low"],
        "high": row["brier_high"],
        "ours": row["model"] == OURS,
        "shown": shown,
        "difference": gap,
    }


def _bin(row: dict[str, Any]) -> dict[str, Any]:
    words = {
        "shown": f"{100 * row['forecast']:.0f} %",
        "came": f"{100 * row['observed']:.0f} % ({100 * row['observed_low']:.0f}–{100 * row['observed_high']:.0f})",
    }
    return {"forecast": row["forecast"], "observed": row["observed"], "low": row["observed_low"], "high": row["observed_high"], "n": int(row["n"])} | words


def _scores(context: Context) -> Table:
    rows = []
    for row in context.track_record.rows.filter(pl.col("horizon_days") == HORIZON).sort("class", "brier").iter_rows(named=True):
        refs = tuple(row["records"])
        gap = (
            None
            if row["brier_difference"] is None
            else same(f"{row['brier_difference']:+.3f} ({row['brier_difference_low']:+.3f}–{row['brier_difference_high']:+.3f})")
        )
        score = Num(same(f"{row['brier']:.3f} ({row['brier_low']:.3f}–{row['brier_high']:.3f})"), refs, round(row["brier"], 4))
        model = Text(row["model_en"], row["model_ko"])
        rows.append(
            (
                class_words(row["class"]),
                model,
                number(row["base_rate"], digits=2),
                score,
                number(row["log_score"], digits=3),
                number(row["crps"], digits=2),
                number(row["auc"], digits=2),
                gap,
            )
        )
    columns = (
        Column(Text("Class", "부류"), width=1.8), Column(Text("Model", "모형"), width=2.4), Column(Text("Base rate", "발생 비율"), "right", width=0.8),
        Column(Text("Brier (95 %)", "브라이어(95 %)"), "right", width=1.8), Column(Text("Log", "로그"), "right", width=0.8), Column(same("CRPS"), "right", width=0.8),
        Column(same("AUC"), "right", width=0.7), Column(Text("Less the pool (95 %)", "결합 대비(95 %)"), "right", width=2),
    )  # fmt: skip
    return Table("track-record-table", Text(f"Scores of forecasts over {HORIZON} days", f"{HORIZON}일 예측의 점수"), columns, tuple(rows), note=_LESS)


_SOON = Text(
    "A provocation within {days} days: {p} % ({low}–{high}); in the long run {usual} %", "{days}일 내 도발 확률 {p}%({low}–{high}), 장기 평균 {usual}%"
)
_STALE = Text(
    "With the record of some classes ending on {day}, the model's average for {days} days is {p} % ({low}–{high})",
    "일부 부류의 기록이 {day}에 끝나 {days}일 도발 확률은 모형 평균인 {p}%({low}–{high})이다",
)
_FAN = Text("Bands: half and nine tenths of the simulated futures; dashed: their mean.", "띠: 모의한 미래의 50 %와 90 %. 파선: 평균.")
_BLOCKS = Text("Monthly origins since 2005, intervals by bootstrap over blocks of twelve origins.", "2005년 이후 매월 예측, 12개월 단위 블록 부트스트랩 구간.")
_LESS = Text(
    "Above zero the pool is better; where the interval holds zero, the data do not say.", "0보다 크면 결합 모형이 낫다. 구간에 0이 들면 자료로는 가릴 수 없다."
)
_NO_RECORD = Text("Too few covered months to score forecasts.", "예측을 평가할 만큼 수록 기간이 길지 않다.")
