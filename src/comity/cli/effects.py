"""`comity effects`: every specification with its detectable effect, and the answer in words."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.cli import tables as t
from comity.cli.ask import Ask, Format, question
from comity.cli.words import both
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    from comity.measures.result import Result
    from comity.register.snapshot import Snapshot


class Of(StrEnum):
    """What the effects are of."""

    exercises = "exercises"
    talks = "talks"


class Part(StrEnum):
    """Tables beside the specifications."""

    curve = "curve"
    weeks = "weeks"
    left_out = "left_out"
    changed = "changed"
    conditional = "conditional"
    windows = "windows"
    third_parties = "third_parties"


OfOption = Annotated[Of | None, typer.Option("--of", help=both("Exercises or talks only.", "연습 또는 대화만."))]
PartOption = Annotated[
    Part | None,
    typer.Option(
        "--table", help=both("Another table: curve, weeks, left_out, changed, …", "다른 표: curve(전체 명세), weeks(주별), left_out(제외), changed(변경) 등.")
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""

    @question(app, "effects")
    def effects(ask: Ask, of: OfOption = None, table: PartOption = None) -> None:
        """Do exercises provoke or deter, do talks calm: every specification with the smallest effect it could find.‖연습은 도발을 부르는가 억제하는가, 대화는 상황을 안정시키는가: 모든 명세와 찾아낼 수 있는 최소 효과."""
        from comity.models.designs.words import answers
        from comity.models.effects import effects as model

        found = model(ask.snapshot, ask.home, as_of=ask.as_of)
        if found.rows.is_empty():
            ask.answer(found, [])
            return
        if of is not None:
            found = dataclasses.replace(_of(found, of), notes=answers(found.rows, of.value))
        if table is not None:
            found = dataclasses.replace(found, rows=found.tables[table.value], tables={})
            ask.answer(found, _columns(table))
        elif ask.format is Format.table:
            ask.answer(_short(found), _specification())
        else:
            ask.answer(found, [])


def _of(found: Result, of: Of) -> Result:
    """The part of every table that is of exercises or of talks."""
    import polars as pl

    from comity.models.designs.data import TALKS

    talks = pl.col("treatment").is_in(list(TALKS))
    kept = talks if of is Of.talks else ~talks
    tables = {name: frame.filter(kept) if "treatment" in frame.columns else frame for name, frame in found.tables.items()}
    tables["left_out"] = tables["left_out"].filter(pl.col("of") == of.value)
    return dataclasses.replace(found, rows=found.rows.filter(kept), tables=tables)


def _short(found: Result) -> Result:
    """For a terminal: all covered years, one length, the loosest and a fine calendar; a note says how many there are."""
    import polars as pl

    whole = (pl.col("period") == "all") & pl.col("classes").is_in(["any", "missiles_and_nuclear"])
    plain = (pl.col("design") != "rates") | (pl.col("days").fill_null(28) == 28) & pl.col("calendar").is_in(["none", "year_two_waves"])
    shown = found.rows.filter(whole & plain)
    note = _MORE.format(shown=shown.height, n=found.rows.height)
    return dataclasses.replace(found, rows=shown, notes=(*found.notes, note))


def _named(field: str, words: dict[str, Text], en: str, ko: str) -> t.Shown:
    """A column of names that have words in both languages."""

    def show(value: Any, snapshot: Snapshot, lang: Lang) -> str:
        return words[value].in_(lang) if value in words else str(value or "–")

    return t.Shown(field, Text(en, ko), show)


def _what() -> list[t.Shown]:
    from comity.models.designs.settings import SETS, TREATMENTS

    return [_named("treatment", TREATMENTS, "Of", "대상"), _named("classes", SETS, "Acts", "도발")]


def _ratio() -> list[t.Shown]:
    return [
        t.numbers("estimate", "Ratio", "비율", 2),
        t.numbers("low", "2.5 %", "2.5 %", 2),
        t.numbers("high", "97.5 %", "97.5 %", 2),
        t.numbers("mde", "Detectable", "탐지 가능", 2),
        t.numbers("p", "p", "p", 3),
    ]


def _specification() -> list[t.Shown]:
    from comity.models.designs.settings import CALENDARS, DESIGNS, WINDOWS

    head = [
        _named("design", DESIGNS, "Design", "설계"),
        *_what(),
        _named("window", WINDOWS, "When", "시기"),
        _named("calendar", CALENDARS, "Calendar", "달력 통제"),
    ]
    return [*head, *_ratio(), t.numbers("windows", "Windows", "기간 수"), t.numbers("acts", "Acts", "건수")]


def _columns(part: Part) -> list[t.Shown]:
    columns = {
        Part.curve: _curve,
        Part.weeks: _weeks,
        Part.left_out: _left_out,
        Part.changed: _changed,
        Part.conditional: _conditional,
        Part.windows: _windows,
        Part.third_parties: _third_parties,
    }
    return columns[part]()


def _curve() -> list[t.Shown]:
    from comity.models.designs.settings import CALENDARS, DESIGNS, PERIODS, WINDOWS

    head = [t.numbers("place", "Place", "순서"), _named("design", DESIGNS, "Design", "설계"), *_what(), _named("window", WINDOWS, "When", "시기")]
    head += [t.numbers("days", "Days", "일수"), _named("period", PERIODS, "Years", "기간"), _named("calendar", CALENDARS, "Calendar", "달력 통제")]
    return [*head, *_ratio()]


def _weeks() -> list[t.Shown]:
    columns = [*_what(), t.numbers("week", "Week", "주"), t.numbers("ratio", "Acts over expected", "기대 대비", 2)]
    columns += [t.numbers("low", "placebo 2.5 %", "위약 2.5 %", 2), t.numbers("high", "97.5 %", "97.5 %", 2)]
    return [*columns, t.numbers("p", "p", "p", 3), t.numbers("acts", "Acts", "건수")]


def _left_out() -> list[t.Shown]:
    from comity.models.designs.settings import KINDS

    return [_named("of", KINDS, "Of", "대상"), t.told("label", "What", "내용"), t.numbers("n", "Number", "건수")]


def _changed() -> list[t.Shown]:
    from comity.models.designs.settings import CHANGES, SEASONS

    columns = [t.words("year", "Year", "연도"), _named("season", SEASONS, "Season", "시기"), _named("change", CHANGES, "Change", "변경")]
    columns += [
        t.numbers("moved_days", "Moved by days", "이동 일수"),
        t.days("usual_first", "Usual from", "통상 시작"),
        t.days("usual_last", "to", "통상 종료"),
    ]
    columns += [t.numbers("acts_usual", "Acts", "도발"), t.days("actual_first", "Held from", "실제 시작"), t.days("actual_last", "to", "실제 종료")]
    return [*columns, t.numbers("acts_actual", "Acts", "도발")]


def _conditional() -> list[t.Shown]:
    from comity.models.designs.settings import WINDOWS

    columns = [*_what(), _named("state", WINDOWS, "State", "상태"), t.numbers("windows", "Windows", "기간 수")]
    columns += [t.numbers("events", "Events behind", "근거 사건"), t.numbers("without", "Windows without any", "사건 없는 기간")]
    return [*columns, *_ratio()]


def _windows() -> list[t.Shown]:
    from comity.models.designs.settings import TREATMENTS

    named = _named("treatment", TREATMENTS, "Of", "대상")
    return [named, t.days("first", "From", "시작"), t.days("last", "To", "종료"), t.counted("records", "Records", "기록")]


def _third_parties() -> list[t.Shown]:
    columns = [t.actors("third_party", "Third party", "제3국"), t.days("day", "Day", "날짜"), t.titles("move", "Own move", "자국의 조치")]
    columns += [t.numbers("width", "Days", "일수"), t.numbers("before", "Before", "이전", 1), t.numbers("after", "After", "이후", 1)]
    columns += [t.numbers("change", "Change", "변화", 1), t.numbers("low", "placebo low", "위약 하한", 1), t.numbers("high", "high", "상한", 1)]
    return [*columns, t.numbers("p", "p", "p", 3), t.told("reason", "Remark", "비고")]


_MORE = Text(
    "{shown} of {n} specifications are printed; --table curve prints every ratio, --format json or csv gives all.",
    "명세 {n}개 가운데 {shown}개만 표시했다. --table curve는 모든 비율을, --format json 또는 csv는 전체를 제공한다.",
)
