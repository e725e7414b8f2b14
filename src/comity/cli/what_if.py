"""`comity what-if`: a changed calendar of exercises and talks run forward, and how it differs from the calendar as it is to be expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli import tables as t
from comity.cli.ask import Ask, question
from comity.cli.words import both
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    from comity.measures.result import Result
    from comity.register.snapshot import Snapshot

TABLES = ("months", "calendar", "range", "members", "coefficients")
File = Annotated[
    str | None,
    typer.Argument(
        metavar="[FILE]",
        help=both(
            "A scenario's YAML file, or the name of one that the package carries; without it, those are listed.",
            "시나리오 YAML 파일 또는 패키지에 든 시나리오 이름. 없으면 목록을 보입니다.",
        ),
    ),
]
Example = Annotated[bool, typer.Option("--example", help=both("Print a commented scenario to start from.", "설명이 달린 예시 시나리오를 출력합니다."))]
Runs = Annotated[
    int | None,
    typer.Option("--runs", metavar="N", min=64, max=1_000_000, help=both("Futures on either side; default 9,600.", "양쪽 각각의 모의 횟수. 기본값 9,600.")),
]
Further = Annotated[
    str | None,
    typer.Option(
        "--table",
        metavar="NAME",
        help=both("A further table: months, calendar, range, members, coefficients.", "세부 표: months·calendar·range·members·coefficients."),
    ),
]
Processes = Annotated[
    int,
    typer.Option(
        "--processes", metavar="N", min=1, max=256, help=both("Processes to run in; the answer is the same.", "나누어 돌릴 프로세스 수. 답은 같습니다.")
    ),
]
Ray = Annotated[
    str | None,
    typer.Option("--ray", metavar="ADDRESS", help=both("Run on the Ray cluster at this address.", "이 주소의 Ray 클러스터에서 돌립니다.")),
]


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""

    @question(app, "what-if")
    def what_if(
        ask: Ask, file: File = None, example: Example = False, runs: Runs = None, table: Further = None, processes: Processes = 1, ray: Ray = None
    ) -> None:
        """A changed calendar of exercises and talks, run forward: what differs, and how sure it is.‖연습·대화 일정을 바꾸어 돌려 본 결과: 무엇이 얼마나 달라지고 얼마나 확실한가."""
        if table is not None and table not in TABLES:
            raise typer.BadParameter(_TABLE.format(name=table, all=", ".join(TABLES)).in_(ask.lang))
        if example:
            print(_example(), end="")
        elif file is None:
            _listed(ask)
        else:
            _answered(ask, file, runs, table, processes, ray)


def _answered(ask: Ask, file: str, runs: int | None, table: str | None, processes: int, ray: str | None) -> None:
    import dataclasses

    from comity.models.scenarios.scenario import read_scenario
    from comity.models.scenarios.settings import WhatIfSettings
    from comity.models.what_if import what_if
    from comity.report.kept import kept

    scenario = read_scenario(file, ask.register.path)
    settings = WhatIfSettings() if runs is None else dataclasses.replace(WhatIfSettings(), runs=runs)

    def answer(snapshot: Snapshot) -> Result:
        return what_if(snapshot, scenario, ask.home, as_of=ask.as_of, settings=settings, processes=processes, ray_address=ray)

    found = kept(ask.snapshot, "what_if", ask.home, ask.as_of, (settings, scenario.digest), answer)
    if table is not None and table in found.tables:
        found = dataclasses.replace(found, rows=found.tables[table], tables={})
    ask.answer(found, _columns(found, table), scenario.title)


def _listed(ask: Ask) -> None:
    """The scenarios that the package carries."""
    from comity.models.scenarios.scenario import read_scenario, scenarios_of

    for name in scenarios_of(ask.register.path):
        print(f"{name:<28} {read_scenario(name, ask.register.path).title.in_(ask.lang)}")


def _example() -> str:
    """The commented example that is shipped with the library."""
    from importlib.resources import files

    return (files("comity.data") / "example-scenario.yaml").read_text(encoding="utf-8")


def _columns(found: Result, table: str | None) -> list[t.Shown]:
    """Columns of the answer or of one of its tables."""
    if table is None:
        return _DIFFERENCES
    if table in _TABLES:
        return _TABLES[table]
    return [t.numbers(name, name, name, 2) if dtype.is_float() else t.words(name, name, name) for name, dtype in found.rows.schema.items()]


def _class() -> t.Shown:
    def show(value: str | None, snapshot: Snapshot, lang: Lang) -> str:
        from comity.models.provocations.class_words import class_words

        return class_words(value).in_(lang) if value else ""

    return t.Shown("class", Text("Class", "부류"), show)


def _named(field: str, en: str, ko: str) -> t.Shown:
    """A column of codes of a what-if, in words."""

    def show(value: str | None, snapshot: Snapshot, lang: Lang) -> str:
        from comity.models.scenarios.verdict_words import named

        return named(value).in_(lang) if value else ""

    return t.Shown(field, Text(en, ko), show)


def _covariate() -> t.Shown:
    def show(value: str, snapshot: Snapshot, lang: Lang) -> str:
        from comity.models.scenarios.verdict_words import COVARIATES

        return COVARIATES[value].in_(lang)

    return t.Shown("covariate", Text("On days of", "해당 일"), show)


def _signed(field: str, en: str, ko: str, digits: int = 3) -> t.Shown:
    return t.Shown(field, Text(en, ko), lambda value, snapshot, lang: "–" if value is None else f"{value:+.{digits}f}", right=True)


def _share(field: str, en: str, ko: str) -> t.Shown:
    return t.Shown(field, Text(en, ko), lambda value, snapshot, lang: "–" if value is None else f"{100 * value:.0f} %", right=True)


_GAP = [
    t.numbers("without", "Without", "변경 없음", 3),
    t.numbers("with", "With", "변경 시", 3),
    _signed("difference", "Difference", "차이"),
    t.numbers("mc_error", "± simulation", "모의 오차", 3),
    _signed("median", "Middle", "중앙값"),
    _signed("low", "5 %", "5 %"),
    _signed("high", "95 %", "95 %"),
]
_DIFFERENCES = [
    _class(),
    _named("measure", "Measure", "지표"),
    *_GAP,
    _share("share_lower", "Draws lower", "감소 비율"),
    _named("verdict", "Direction", "방향"),
    t.counted("records", "Records", "기록"),
]
_TABLES = {
    "months": [t.days("month", "Month", "월"), t.numbers("days", "Days", "일수"), _class(), *_GAP],
    "calendar": [
        t.titles("ref", "Exercise or talks", "연습·대화"),
        _named("what", "Kind", "구분"),
        _named("basis", "Rests on", "근거"),
        t.titles("expected_from", "As last held", "직전 회차"),
        t.days("start_without", "Without: from", "변경 전 시작"),
        t.days("end_without", "to", "종료"),
        t.days("start_with", "With: from", "변경 후 시작"),
        t.days("end_with", "to", "종료"),
        _named("state", "Change", "변경"),
    ],
    "range": [t.words("rule", "Rule", "규칙"), t.numbers("value", "Value", "값"), t.numbers("bound", "Bound", "한계"), t.told("text", "Warning", "주의")],
    "coefficients": [
        _covariate(),
        _class(),
        t.numbers("half_life", "Half-life", "반감기"),
        t.numbers("harmonics", "Waves", "조화항"),
        t.numbers("memory", "Memory", "기억"),
        t.numbers("ratio", "Ratio", "비율", 2),
        t.numbers("low", "5 %", "5 %", 2),
        t.numbers("high", "95 %", "95 %", 2),
        t.numbers("acts", "Acts", "행위"),
        t.numbers("days", "Days", "일수"),
    ],
}
_TABLE = Text("There is no table {name}; there are {all}.", "{name} 표는 없습니다. 쓸 수 있는 표: {all}.")
