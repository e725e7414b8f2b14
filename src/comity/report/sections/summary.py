"""One page of what matters: headlines made by rules from the numbers.

A headline names a change, its size, its interval and its records. It disappears when the change lies inside the interval. A tie that only
faded for want of new records makes no headline: silence of the record is no finding.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from comity.models.provocations.class_words import class_words
from comity.report.context import Context
from comity.report.document import Headline, Num, Paragraph, Part, Section
from comity.report.sections.exercises import taken_part
from comity.report.sections.pressures import korean_houses
from comity.report.sections.standing import ITEMS
from comity.report.words import actor, code, count, day, number, titled
from comity.vocab.text import Text, particle, same

MOST, TIES, DEADLINES = 12, 3, 3
SOON = 183


def summary(context: Context) -> Section:
    """The first page."""
    rules: tuple[Callable[[Context], list[Headline]], ...] = (_rising, _broken, _pressure, _forecast, _cuts, _era, _deadlines, _gained, _opinion, _gap)
    found = [headline for rule in rules for headline in rule(context)][:MOST]
    lead = Paragraph((_LEAD if found else _QUIET,))
    return Section("summary", Text("What matters", "핵심"), (lead, *found, _thin(context)))


def _rising(context: Context) -> list[Headline]:
    """Ties that rose in a year beyond their interval, by new records."""
    rows = context.changes.rows.filter(pl.col("differs") & (pl.col("difference") > 0) & ~pl.col("by_time_alone") & ~pl.col("apart"))
    made = []
    for row in rows.sort("difference", "partner", descending=[True, False]).head(TIES).iter_rows(named=True):
        name = actor(context.snapshot, row["partner"])
        line: tuple[Part, ...] = (
            Text(f"The tie with {name.en} rose by ", f"{particle(name.ko, '와')}의 유대가 1년 사이 "),
            Num(Text(f"{row['difference']:.0f} points", f"{row['difference']:.0f}점"), tuple(row["gained"]), row["difference"]),
            Text(f" in a year (5–95 %: {row['low']:.0f}–{row['high']:.0f}), on ", f" 높아졌다(5–95 %: {row['low']:.0f}–{row['high']:.0f}). 근거는 새 기록 "),
            count(row["gained"], "new record", "new records", "건"),
            Text(".", "이다."),
        )
        made.append(Headline("tie", line, row["difference"]))
    return made


def _broken(context: Context) -> list[Headline]:
    """Agreements that ceased to stand, or stand with less, since a year before."""
    frame = context.changes.tables["agreements"].filter(pl.col("change").is_in(["lapsed", "ended", "lost", "suspended"]))
    made = []
    for row in frame.sort("day", descending=True, nulls_last=True).head(TIES).iter_rows(named=True):
        shown = titled(context.snapshot, f"agreement:{row['id']}")
        state = CHANGES.get(row["change"], same(row["change"]))
        line: tuple[Part, ...] = (shown, Text(f" {state.en} in the last year.", f": 최근 1년 사이 {state.ko}."))
        made.append(Headline("agreements", line, 1.0))
    return made


def _pressure(context: Context) -> list[Headline]:
    """Classes of provocation whose rate moved beyond the interval of its ratio."""
    rows = context.pressure.rows
    if rows.is_empty():
        return []
    made = []
    for row in rows.filter((pl.col("role") == "provocation") & pl.col("ratio").is_not_null()).iter_rows(named=True):
        if row["ratio_low"] <= 1 <= (row["ratio_high"] or float("inf")):
            continue
        label = code("event_class", row["what"]) or same(row["what"])
        high = f"{row['ratio_high']:.1f}" if row["ratio_high"] is not None else "∞"
        line = (
            Text(f"{label.en}: ", f"{label.ko}: 최근 12개월 "),
            number(row["recent"], row["records"]) or same("0"),
            Text(
                f" in the last twelve months, ×{row['ratio']:.1f} the rate of the five years before (95 %: {row['ratio_low']:.1f}–{high}).",
                f"건으로 직전 5년 연평균의 {row['ratio']:.1f}배이다(95 %: {row['ratio_low']:.1f}–{high}).",
            ),
        )
        made.append(Headline("conflict", line, abs(row["ratio"] - 1)))
    return made


def _forecast(context: Context) -> list[Headline]:
    """A forecast whose interval leaves out the long run, where the record reaches the day and the model has been better than the long run."""
    rows = context.forecast.rows
    if rows.is_empty():
        return []
    apart = (pl.col("low") > pl.col("usual")) | (pl.col("high") < pl.col("usual"))
    made = []
    for row in rows.filter(apart & (pl.col("unseen_days") <= pl.col("horizon_days")) & (pl.col("verdict") == "better")).iter_rows(named=True):
        label = class_words(row["class"])
        line: tuple[Part, ...] = (
            Text(f"{label.en} within {row['horizon_days']} days: ", f"{label.ko}, {row['horizon_days']}일 이내: "),
            Num(same(f"{100 * row['probability']:.0f} %"), tuple(row["records"]), round(row["probability"], 4)),
            Text(
                f" (5–95 %: {100 * row['low']:.0f}–{100 * row['high']:.0f}), in the long run {100 * row['usual']:.0f} %.",
                f"(5–95 %: {100 * row['low']:.0f}–{100 * row['high']:.0f}), 장기 평균 {100 * row['usual']:.0f}%.",
            ),
        )
        made.append(Headline("forecast", line, abs(row["probability"] - row["usual"])))
    return made


def _cuts(context: Context) -> list[Headline]:
    """Exercises of the last year that were not held as planned."""
    since = context.as_of - timedelta(days=365)
    year = taken_part(context).filter(pl.col("start_earliest") > since)
    cut = year.filter(pl.col("status").is_in(["postponed", "suspended", "cancelled", "scaled_down"]))
    settled = year.filter(pl.col("status") != "planned")
    if cut.is_empty():
        return []
    line = (
        count([f"exercise:{one}" for one in cut["id"]]),
        Text(" of ", "건의 연습이 최근 1년 "),
        count([f"exercise:{one}" for one in settled["id"]]),
        Text(" exercises of the last year were scaled down, put off, suspended or cancelled.", "건 가운데 축소·연기·유예·취소되었다."),
    )
    return [Headline("exercises", line, cut.height)]


def _era(context: Context) -> list[Headline]:
    """A change of pace within covered series in the last ten years."""
    rows = context.eras.rows
    last = rows.tail(1)
    if rows.height < 2 or last["start"][0] < context.as_of.year - 10:
        return []
    row = last.row(0, named=True)
    line = (
        Text("The pace of covered activity changed in ", "수록 활동의 속도가 "),
        Num(same(str(row["start"])), tuple(row["records"]), row["start"]),
        Text(
            f" ({row['start_low']}–{row['start_high']}): ×{row['ratio']:.1f} ({row['ratio_low']:.1f}–{row['ratio_high']:.1f}).",
            f"년({row['start_low']}–{row['start_high']})에 {row['ratio']:.1f}배({row['ratio_low']:.1f}–{row['ratio_high']:.1f})로 달라졌다.",
        ),
    )
    return [Headline("era", line, abs(row["ratio"] - 1))]


def _deadlines(context: Context) -> list[Headline]:
    """Notice days, expiries and mandates in the next half year."""
    rows = context.watch.rows.filter(pl.col("item").is_in(["notice", "expiry", "mandate"]) & pl.col("days_left").is_between(0, SOON)).head(DEADLINES)
    made = []
    for row in rows.iter_rows(named=True):
        when, what = day(row["due"]) or same("–"), ITEMS.get(row["item"], same(row["item"]))
        line = (
            Text(f"{when.en} ({row['days_left']} days), {what.en}: ", f"{when.ko}({row['days_left']}일 남음), {what.ko}: "),
            titled(context.snapshot, row["ref"]),
            Text(f" – {row['what_en']}.", f" – {row['what_ko']}."),
        )
        made.append(Headline("due", line, 1 / (1 + row["days_left"])))
    return made


def _gained(context: Context) -> list[Headline]:
    """Agreements that came to stand in the last year."""
    frame = context.changes.tables["agreements"]
    new = frame.filter(pl.col("change") == "gained") if "gained" in set(frame["change"]) else frame.filter(pl.col("before").is_null())
    if new.is_empty():
        return []
    refs = [ref for refs in new["records"] for ref in refs]
    shown = titled(context.snapshot, refs[0])
    line = (
        count(refs, "agreement", "agreements", "건의 협정"),
        Text(" came to stand in a year: ", "이 1년 사이 새로 성립했다: "),
        shown,
        Text(".", "."),
    )
    return [Headline("agreements", line, new.height)]


def _opinion(context: Context) -> list[Headline]:
    """The last two answers of one house to one question, where their intervals do not touch."""
    rows = context.opinion.rows
    if rows.is_empty():
        return []
    made = []
    recent, houses = date(context.as_of.year - 3, 1, 1), korean_houses(context)
    for _, part in rows.filter(pl.col("low").is_not_null()).sort("day").group_by("question", "answer_en", "house", maintain_order=True):
        if part.height < 2:
            continue
        before, after = part.row(-2, named=True), part.row(-1, named=True)
        if after["day"] < recent or (after["low"] <= before["high"] and before["low"] <= after["high"]):
            continue
        topic = code("poll_topic", after["topic"]) or same(after["topic"])
        line = (
            Text(f"{topic.en}, “{after['answer_en']}”: ", f"{topic.ko}, ‘{after['answer_ko'] or after['answer_en']}’: "),
            Num(same(f"{before['share']:.0f} → {after['share']:.0f} %"), (*before["records"], *after["records"]), after["share"]),
            Text(
                f" ({after['house']}, {before['day'].year} to {after['day'].year}; intervals do not touch).",
                f"({houses.get(after['house'], after['house'])}, {before['day'].year}~{after['day'].year}년, 구간이 겹치지 않음).",
            ),
        )
        made.append(Headline("opinion", line, abs(after["share"] - before["share"])))
    made.sort(key=lambda headline: -headline.size)
    return made[:2]


def _gap(context: Context) -> list[Headline]:
    """The gap between the first two blocs, against ten years before."""
    between = context.balance.tables["balance"]
    if between.is_empty():
        return []
    now = between.tail(1).row(0, named=True)
    then = between.filter(pl.col("day") <= date(context.as_of.year - 10, 12, 31)).tail(1)
    if then.is_empty():
        return []
    old = then.row(0, named=True)
    if now["low"] <= old["high"] and old["low"] <= now["high"]:
        return []
    labels = dict(context.balance.rows.select("bloc", pl.struct("label_en", "label_ko")).iter_rows())
    one, other = labels[now["bloc"]], labels[now["against"]]
    line = (
        Text(
            f"The gap between {one['label_en']} and {other['label_en']} moved from {old['difference']:.0f} to ",
            f"{particle(one['label_ko'], '와')} {other['label_ko']}의 격차가 {old['difference']:.0f}점에서 ",
        ),
        number(now["difference"], now["records"]) or same("–"),
        Text(f" points in ten years (5–95 %: {now['low']:.0f}–{now['high']:.0f}).", f"점으로 10년 사이 달라졌다(5–95 %: {now['low']:.0f}–{now['high']:.0f})."),
    )
    return [Headline("balance", line, abs(now["difference"] - old["difference"]))]


def _thin(context: Context) -> Paragraph:
    """How thin the last year of the record is against the five before."""
    years = context.activity.tables["years"].filter(pl.col("all").is_not_null())
    last = years.filter(pl.col("year") == context.as_of.year)["all"].sum()
    before = years.filter(pl.col("year").is_between(context.as_of.year - 5, context.as_of.year - 1))["all"]
    usual = int(before.sum()) / max(before.len(), 1)
    return Paragraph(
        (
            Text(
                f"The record of {context.as_of.year} holds {last} acts, against {usual:.0f} a year in the five years before: ties that only faded for want of records make no headline.",
                f"{context.as_of.year}년 기록은 {last}건으로 직전 5년 연평균 {usual:.0f}건보다 적다. 새 기록이 없어 낮아진 유대는 핵심에 올리지 않는다.",
            ),
        ),
        small=True,
    )


CHANGES = {
    "lapsed": Text("lapsed with its term", "기간 만료로 종료"),
    "ended": Text("ended", "종료"),
    "lost": Text("ceased to stand", "효력 상실"),
    "suspended": Text("was suspended", "효력 정지"),
}
_LEAD = Text(
    "Every line is made by a rule and stands only while the change lies outside its interval. Each number rests on records with sources.",
    "각 문장은 규칙으로 만들며, 변화가 구간을 벗어날 때만 싣는다. 모든 수치에는 출처 있는 기록이 있다.",
)
_QUIET = Text("Nothing on the record moved beyond its interval.", "기록에서 구간을 벗어난 변화가 없다.")
