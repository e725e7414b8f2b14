"""Where does regional stability stand today: threat level, rung of escalation, forecast, recent record, opinion and balance on one board.

Nothing new is estimated here. Each line restates one result with its interval, its records and the rule that made the words: the threat
level is today's 28-day forecast among the monthly forecasts of the track record; the rung is the gravest act of the adversaries in the last
days; the rest are the measures' own. Official alert levels are not on the board: the register has what they mean, not where they stand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from comity.measures.pressure_acts import adversaries_of
from comity.measures.result import Result, result
from comity.models.provocations.class_words import ANY, class_words
from comity.models.provocations.rolling import OURS
from comity.register.snapshot import Snapshot
from comity.vocab.date_columns import midpoint
from comity.vocab.dates import written
from comity.vocab.text import LANGUAGES, Text


@dataclass(frozen=True, slots=True)
class StabilitySettings:
    """Parameters of the board, with the reason for each."""

    horizon: int = 28
    """Of the forecast behind the threat level: the one with the most origins."""
    ladder_days: int = 90
    """How far back the gravest act counts: a quarter, as long as the longer forecast."""
    talk: tuple[str, ...] = ("THREATEN", "ACCUSE", "REJECT")
    """PLOVER roots that are words of conflict: the lowest rung."""


@dataclass(frozen=True)
class Parts:
    """The results that the board restates, made by whoever asks so that none is computed twice."""

    forecast: Callable[[], Result]
    record: Callable[[], Result]
    pressure: Callable[[], Result]
    balance: Callable[[], Result]
    opinion: Callable[[], Result]


RUNGS: tuple[tuple[str, Text], ...] = (
    ("quiet", Text("nothing on the record", "기록 없음")),
    ("words", Text("words of conflict", "적대적 언사")),
    ("grey_zone", Text("grey-zone acts", "회색지대 도발")),
    ("short_range", Text("shorter-range launches", "중·단거리 발사")),
    ("long_range", Text("long-range launches", "장거리 발사")),
    ("nuclear", Text("a nuclear test", "핵실험")),
    ("conventional_clash", Text("a clash without reported deaths", "사망자 보고 없는 충돌")),
    ("fatal_clash", Text("a clash with deaths", "사망자가 발생한 충돌")),
)
LEVELS: tuple[Text, ...] = (
    Text("lowest fifth", "하위 20%"), Text("second fifth", "하위 20~40%"), Text("middle fifth", "중위 20%"), Text("fourth fifth", "상위 20~40%"), Text("highest fifth", "상위 20%"),
)  # fmt: skip


def stability(snapshot: Snapshot, home: str | None = None, *, as_of: date, parts: Parts, settings: StabilitySettings | None = None) -> Result:
    """The board of `home` on `as_of`, one row a line.

    Rows: `line` (threat, ladder, forecast, record, opinion, balance), `what_en`/`what_ko` (what the line is of), `value`, `low`, `high`, `unit`,
    `finding_en`/`finding_ko`, `rule_en`/`rule_ko` (how the words were made), `known_to`, `records`. `value` is null with the reason as its finding where
    nothing can be said. Table `ladder`: every rung with the last act on it.
    """
    chosen, country = settings or StabilitySettings(), home or snapshot.home
    ladder = rungs(snapshot, country, as_of, chosen)
    rows = [_threat(parts, chosen), _rung(snapshot, ladder, as_of, chosen), *_forecast(parts), *_recent(parts), *_opinion(parts), *_balance(parts)]
    frame = pl.DataFrame([row for row in rows if row], schema=_SCHEMA, orient="row")
    return result("stability", snapshot, frame, as_of=as_of, home=country, settings=chosen, notes=(_NOT_OFFICIAL,), tables={"ladder": ladder})


def level_of(share: float) -> int:
    """Which fifth a share of lower forecasts falls into, 0 to 4.

    >>> [level_of(share) for share in (0.0, 0.5, 1.0)]
    [0, 2, 4]
    """
    return min(int(share * 5), 4)


def _threat(parts: Parts, settings: StabilitySettings) -> dict[str, Any]:
    rows = parts.forecast().rows
    now = rows.filter((pl.col("class") == ANY) & (pl.col("horizon_days") == settings.horizon))
    kept = parts.record().tables["forecasts"]
    ours = kept.filter((pl.col("model") == OURS) & (pl.col("class") == ANY) & (pl.col("horizon_days") == settings.horizon)).sort("origin")
    rule = _THREAT_RULE.format(days=settings.horizon, n=ours.height)
    if now.is_empty() or ours.is_empty():
        return _line("threat", _THREAT, None, None, None, _NO_FORECAST, rule)
    row, past = now.row(0, named=True), ours["probability"]
    told = {"unit": "share", "known_to": row["known_to"], "records": row["records"]}
    if row["unseen_days"] > settings.horizon:
        last = LEVELS[level_of(float((past < past[-1]).to_numpy().mean()))]
        finding = _UNSEEN.format(day=_day(row["known_to"]), n=row["unseen_days"], origin=_day(ours["origin"][-1]), level=last)
        return _line("threat", _THREAT, None, None, None, finding, rule, **told)
    share, low, high = (float((past < row[name]).to_numpy().mean()) for name in ("probability", "low", "high"))
    finding = _THREAT_FOUND.format(level=LEVELS[level_of(share)], share=f"{100 * share:.0f}", low=LEVELS[level_of(low)], high=LEVELS[level_of(high)])
    return _line("threat", _THREAT, share, low, high, finding, rule, **told)


def rungs(snapshot: Snapshot, home: str, as_of: date, settings: StabilitySettings) -> pl.DataFrame:
    """Each rung of escalation with the adversaries' last act on it: `rung`, `step`, `label_en`/`label_ko`, `last_day`, `reached` (within the days), `record`."""
    hostile = adversaries_of(snapshot, home)
    events = snapshot.counted("event").with_columns(day=midpoint("start")).filter(pl.col("day") <= as_of)
    theirs = events.filter(pl.col("source_actors").list.set_intersection(hostile).list.len() > 0)
    clash = pl.col("event_class") == "conventional_clash"
    deadly = clash & (pl.col("fatalities") > 0)
    of = {"words": pl.col("event_type").is_in(list(settings.talk)), "conventional_clash": clash & ~deadly.fill_null(False), "fatal_clash": deadly}
    rows: list[dict[str, Any]] = []
    for step, (name, label) in enumerate(RUNGS[1:], start=1):
        acts = theirs.filter(of.get(name, pl.col("event_class") == name)).sort("day", "id")
        last = acts.row(-1, named=True) if acts.height else None
        reached = last is not None and last["day"] > as_of - timedelta(days=settings.ladder_days)
        told = {"last_day": last["day"], "record": f"event:{last['id']}"} if last else {}
        rows.append({"rung": name, "step": step, "label_en": label.en, "label_ko": label.ko, "reached": reached} | told)
    return pl.DataFrame(rows, schema=_LADDER, orient="row")


def _rung(snapshot: Snapshot, ladder: pl.DataFrame, as_of: date, settings: StabilitySettings) -> dict[str, Any]:
    reached = ladder.filter("reached").sort("step")
    rule = _LADDER_RULE.format(days=settings.ladder_days, n=len(RUNGS) - 1)
    if reached.is_empty():
        last = ladder.drop_nulls("last_day").sort("last_day")
        words = _QUIET.format(day=_day(last["last_day"][-1])) if last.height else _NEVER
        return _line("ladder", _LADDER_WHAT, 0.0, None, None, words, rule, unit="rung", known_to=as_of, records=last["record"].to_list()[-1:])
    top = reached.row(-1, named=True)
    finding = _RUNG_FOUND.format(label=Text(top["label_en"], top["label_ko"]), day=_day(top["last_day"]))
    return _line("ladder", _LADDER_WHAT, float(top["step"]), None, None, finding, rule, unit="rung", known_to=as_of, records=reached["record"].to_list())


def _forecast(parts: Parts) -> list[dict[str, Any]]:
    rows = []
    for row in parts.forecast().rows.iter_rows(named=True):
        ratio = _AGAINST.format(
            p=f"{100 * row['probability']:.0f}", low=f"{100 * row['low']:.0f}", high=f"{100 * row['high']:.0f}", usual=f"{100 * row['usual']:.0f}"
        )
        if row["brier"] is not None:
            score = _SCORE.format(brier=f"{row['brier']:.3f}", usual=f"{row['brier_usual']:.3f}")
            ratio = Text(f"{ratio.en} {score.en}", f"{ratio.ko} {score.ko}")
        what = _FORECAST.format(label=class_words(row["class"]), days=row["horizon_days"])
        caution = Text(row["caution_en"], row["caution_ko"]) if row["caution_en"] else _FORECAST_RULE
        rows.append(
            _line("forecast", what, row["probability"], row["low"], row["high"], ratio, caution, unit="probability", known_to=row["known_to"], records=row["records"])
        )  # fmt: skip
    return rows


def _recent(parts: Parts) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    pressed = parts.pressure().rows
    for row in pressed.filter(pl.col("role") == "provocation").iter_rows(named=True) if pressed.height else ():
        label = class_words(row["what"])
        if row["ratio"] is None:
            finding = Text(row["reason_en"] or "–", row["reason_ko"] or "–")
        else:
            high = "∞" if row["ratio_high"] is None else f"{row['ratio_high']:.1f}"
            finding = _RATIO.format(n=row["recent"], before=f"{row['rate_before']:.1f}", ratio=f"{row['ratio']:.1f}", low=f"{row['ratio_low']:.1f}", high=high)
        bounds = (row["ratio"], row["ratio_low"], row["ratio_high"])
        rows.append(
            _line("record", _RECENT.format(label=label), *bounds, finding, _RECENT_RULE, unit="ratio", known_to=row["covered_to"], records=row["records"])
        )
    return rows


def _opinion(parts: Parts) -> list[dict[str, Any]]:
    rows = []
    for row in parts.opinion().rows.iter_rows(named=True):
        answer = Text(row["answer_en"], row["answer_ko"] or row["answer_en"])
        finding = _SUPPORT.format(answer=answer, value=f"{row['support']:.0f}", low=f"{row['low95']:.0f}", high=f"{row['high95']:.0f}", day=_day(row["day"]))
        caution = Text(row["caution_en"], row["caution_ko"]) if row["caution_en"] else _SUPPORT_RULE
        rows.append(
            _line("opinion", _topic(row["topic"]), row["support"], row["low95"], row["high95"], finding, caution, unit="per cent", known_to=row["day"], records=row["records"])
        )  # fmt: skip
    return rows or [_line("opinion", Text("Opinion", "여론"), None, None, None, _NO_OPINION, _SUPPORT_RULE)]


def _balance(parts: Parts) -> list[dict[str, Any]]:
    rows = parts.balance().rows
    if rows.is_empty():
        return []
    last = rows.filter(pl.col("day") == rows["day"].max())
    return [
        _line(
            "balance", Text(row["label_en"], row["label_ko"]), row["score"], row["low"], row["high"],
            _TIE.format(score=f"{row['score']:.0f}", low=f"{row['low']:.0f}", high=f"{row['high']:.0f}"), _TIE_RULE, unit="tie, 0-100", known_to=row["day"], records=row["records"],
        )
        for row in last.iter_rows(named=True)
    ]  # fmt: skip


def _topic(topic: str) -> Text:
    from comity.vocab.kinds import code_label

    return Text(code_label("poll_topic", topic, "en"), code_label("poll_topic", topic, "ko"))


def _day(day: date) -> Text:
    return Text(*(written(day.isoformat(), lang) for lang in LANGUAGES))


def _line(
    line: str, what: Text, value: float | None, low: float | None, high: float | None, finding: Text, rule: Text,
    *, unit: str | None = None, known_to: date | None = None, records: list[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    words = {"what_en": what.en, "what_ko": what.ko, "finding_en": finding.en, "finding_ko": finding.ko, "rule_en": rule.en, "rule_ko": rule.ko}
    return {"line": line, "value": value, "low": low, "high": high, "unit": unit, "known_to": known_to, "records": records or []} | words


_SCHEMA: dict[str, Any] = {
    "line": pl.String, "what_en": pl.String, "what_ko": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "unit": pl.String,
    "finding_en": pl.String, "finding_ko": pl.String, "rule_en": pl.String, "rule_ko": pl.String, "known_to": pl.Date, "records": pl.List(pl.String),
}  # fmt: skip
_LADDER: dict[str, Any] = {
    "rung": pl.String, "step": pl.Int64, "label_en": pl.String, "label_ko": pl.String, "last_day": pl.Date, "reached": pl.Boolean, "record": pl.String,
}  # fmt: skip
_THREAT = Text("Threat level", "위협 수준")
_THREAT_FOUND = Text(
    "In the {level}: the forecast is higher than {share} % of those of earlier months (from the {low} to the {high}).",
    "{level}: 과거 월별 예측의 {share}%보다 높다(구간: {low}~{high}).",
)
_THREAT_RULE = Text(
    "Today's probability of any provocation within {days} days among the {n} monthly forecasts of the track record.",
    "향후 {days}일 내 도발 확률을 성적표의 월별 예측 {n}건과 비교한 순위.",
)
_UNSEEN = Text(
    "Not told: the record of covered acts ends on {day}, {n} days ago, and a forecast across that gap is the model's own average. With a full record, on {origin}, it was in the {level}.",
    "판정하지 않음: 수록 행위의 기록이 {n}일 전인 {day}에 끝나 그 이후의 예측은 모형의 평균에 가깝다. 기록이 온전한 {origin} 예측은 {level}에 속했다.",
)
_NO_FORECAST = Text("No forecast: too few acts on the record.", "기록이 적어 예측하지 않음.")
_LADDER_WHAT = Text("Rung of escalation", "확전 단계")
_RUNG_FOUND = Text("The gravest act is {label}, on {day}.", "가장 심각한 행위는 {label}({day}).")
_QUIET = Text("Nothing on the record in these days; the last act was on {day}.", "이 기간의 기록이 없으며 마지막 행위는 {day}.")
_NEVER = Text("Nothing on the record.", "기록 없음.")
_LADDER_RULE = Text(
    "The gravest kind of act by an adversary in the last {days} days, of {n} rungs from words to a clash with deaths.",
    "최근 {days}일간 적대국이 한 가장 심각한 행위(언사에서 사망자 발생 충돌까지 {n}단계).",
)
_FORECAST = Text("{label} within {days} days", "{label}, {days}일 이내")
_AGAINST = Text("{p} % ({low}–{high}); in the long run {usual} %.", "{p}%({low}–{high}), 장기 평균 {usual}%.")
_SCORE = Text("Brier score so far {brier}, long-run rate {usual}.", "그간의 브라이어 점수 {brier}, 장기 평균 {usual}.")
_FORECAST_RULE = Text("Pool of self-exciting models on covered acts.", "수록 행위에 대한 자기촉발 모형 결합.")
_RECENT = Text("{label}, last year", "{label}, 최근 1년")
_RATIO = Text("{n} against {before} a year before: ×{ratio} ({low}–{high}).", "{n}건, 이전 연평균 {before}건: ×{ratio}({low}–{high}).")
_RECENT_RULE = Text("The last twelve months against the five years before, within cover.", "수록 범위 안에서 최근 1년과 직전 5년 비교.")
_SUPPORT = Text("“{answer}” {value} % ({low}–{high}) on {day}.", "‘{answer}’ {value}%({low}–{high}), {day}.")
_SUPPORT_RULE = Text("Polls of equal wording by two houses or more, pooled.", "두 기관 이상이 같은 문항을 물은 조사의 통합 추정.")
_NO_OPINION = Text("No question was asked in equal wording by two houses.", "두 기관 이상이 같은 문항을 물은 조사가 없다.")
_TIE = Text("Tie {score} of 100 ({low}–{high}).", "유대 100점 만점에 {score}({low}–{high}).")
_TIE_RULE = Text("Strongest ties with the members of the bloc.", "진영 구성국과의 유대 가운데 가장 강한 것들.")
_NOT_OFFICIAL = Text(
    "Official alert levels (such as DEFCON) are not public day by day and are not on the board.",
    "데프콘 등 공식 경보 단계는 일자별로 공개되지 않아 싣지 않는다.",
)
