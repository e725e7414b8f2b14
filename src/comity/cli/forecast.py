"""`comity forecast`: the probability of provocations with its track record beside it, the track record whole, and how well the model fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli import tables as t
from comity.cli.ask import Ask, question
from comity.cli.words import both
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    from comity.measures.result import Result
    from comity.models.provocations.forecast_settings import ForecastSettings
    from comity.register.snapshot import Snapshot

TABLES = ("fan", "members", "forecasts", "reliability", "influence", "bootstrap")
Record = Annotated[
    bool,
    typer.Option(
        "--track-record", help=both("Scores of past forecasts instead: monthly origins since 2005.", "예측 대신 2005년 이후 매월 예측의 성적을 보입니다.")
    ),
]
Diagnosed = Annotated[
    bool, typer.Option("--diagnostics", help=both("How well the model fits instead: residuals.", "예측 대신 모형의 적합도(잔차)를 보입니다."))
]
Further = Annotated[
    str | None,
    typer.Option(
        "--table",
        metavar="NAME",
        help=both(
            "A further table: fan or members of the forecast, forecasts or reliability of the track record, influence or bootstrap of the diagnostics.",
            "세부 표: 예측의 fan·members, 성적의 forecasts·reliability, 적합도의 influence·bootstrap.",
        ),
    ),
]
Lag = Annotated[
    int | None,
    typer.Option(
        "--lag",
        metavar="DAYS",
        min=0,
        max=365,
        help=both("Days until an act is taken as published; default 3.", "행위가 발표되기까지 걸린다고 보는 날수. 기본값 3."),
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""

    @question(app, "forecast")
    def forecast(ask: Ask, track_record: Record = False, diagnostics: Diagnosed = False, table: Further = None, lag: Lag = None) -> None:
        """Probability of a provocation in the next 28 and 90 days, by class, with its track record.‖앞으로 28일·90일의 부류별 도발 확률과 예측 성적."""
        from dataclasses import replace

        from comity.models.provocations.forecast_settings import ForecastSettings

        chosen = ForecastSettings() if lag is None else replace(ForecastSettings(), lag_days=lag)
        if table is not None and table not in TABLES:
            raise typer.BadParameter(_TABLE.format(name=table, all=", ".join(TABLES)).in_(ask.lang))
        if diagnostics or table in ("influence", "bootstrap"):
            _told(ask, _diagnosed(ask, chosen), table, _RESIDUALS)
        elif track_record or table in ("forecasts", "reliability"):
            _told(ask, _record(ask, chosen), table, _SCORES)
        else:
            _told(ask, _forecast(ask, chosen), table, _FORECAST)


def _record(ask: Ask, settings: ForecastSettings) -> Result:
    from comity.report.context import kept_track_record

    return kept_track_record(ask.snapshot, ask.home, ask.as_of, settings)


def _forecast(ask: Ask, settings: ForecastSettings) -> Result:
    from comity.models.forecast import forecast

    return forecast(ask.snapshot, ask.home, as_of=ask.as_of, settings=settings, record=lambda: _record(ask, settings))


def _diagnosed(ask: Ask, settings: ForecastSettings) -> Result:
    from comity.models.diagnostics import diagnostics

    return diagnostics(ask.snapshot, ask.home, as_of=ask.as_of, settings=settings)


def _told(ask: Ask, found: Result, table: str | None, columns: list[t.Shown]) -> None:
    """Print the rows of a result, or one of its further tables with all its columns."""
    import dataclasses

    if table is None or table not in found.tables:
        ask.answer(found, columns)
        return
    rows = found.tables[table]
    shown = [t.numbers(name, name, name, 3) if dtype.is_float() else t.words(name, name, name) for name, dtype in rows.schema.items()]
    ask.answer(dataclasses.replace(found, rows=rows, tables={}), shown)


def _chance(field: str, en: str, ko: str) -> t.Shown:
    return t.Shown(field, Text(en, ko), lambda value, snapshot, lang: "–" if value is None else f"{100 * value:.0f} %", right=True)


def _class() -> t.Shown:
    def show(value: str, snapshot: Snapshot, lang: Lang) -> str:
        from comity.models.provocations.class_words import class_words

        return class_words(value).in_(lang)

    return t.Shown("class", Text("Class", "부류"), show)


_FORECAST = [
    _class(),
    t.numbers("horizon_days", "Days", "일수"),
    _chance("probability", "Probability", "확률"),
    _chance("low", "5 %", "5 %"),
    _chance("high", "95 %", "95 %"),
    _chance("usual", "Long run", "장기 평균"),
    t.numbers("expected", "Acts expected", "예상 건수", 1),
    t.days("known_to", "Known to", "기록 종료"),
    t.numbers("brier", "Brier", "브라이어", 3),
    t.numbers("brier_usual", "Long run's", "장기 평균의 점수", 3),
    t.told("caution", "Mind", "유의"),
]
_SCORES = [
    _class(),
    t.numbers("horizon_days", "Days", "일수"),
    t.told("model", "Model", "모형"),
    t.numbers("origins", "Origins", "예측 수"),
    t.numbers("base_rate", "Base rate", "발생 비율", 2),
    t.numbers("brier", "Brier", "브라이어", 3),
    t.numbers("brier_low", "low", "하한", 3),
    t.numbers("brier_high", "high", "상한", 3),
    t.numbers("log_score", "Log", "로그", 3),
    t.numbers("crps", "CRPS", "CRPS", 2),
    t.numbers("auc", "AUC", "AUC", 2),
    t.numbers("brier_difference", "To pool", "결합 대비", 3),
    t.numbers("brier_difference_low", "low", "하한", 3),
    t.numbers("brier_difference_high", "high", "상한", 3),
]
_RESIDUALS = [
    _class(),
    t.numbers("half_life", "Half-life, days", "반감기(일)"),
    t.numbers("harmonics", "Harmonics", "계절 항"),
    t.numbers("memory", "Memory, days", "기억(일)"),
    t.numbers("acts", "Acts", "행위"),
    t.numbers("expected", "Expected", "기대", 1),
    t.numbers("ks", "KS", "KS", 3),
    t.numbers("p", "p", "p", 3),
    t.numbers("dispersion", "Dispersion", "산포", 2),
    t.numbers("branching", "Branching", "분지율", 2),
]
_TABLE = Text("There is no table {name}; there are {all}.", "{name} 표는 없습니다. 있는 표: {all}.")
