"""Which measures and models are there, how is each called, and which columns does it give? Read from the functions and from one run of each measure.

Each measure is run once on the shipped register with few draws: the columns of an answer do not hang on their number. Models are not run: their
columns stand in what the function says of itself.
"""

from __future__ import annotations

import dataclasses
import inspect
import pkgutil
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import polars as pl

import comity
import comity.measures
import comity.models
from comity.cli.ask import last_day
from comity.cli.reference import commands
from comity.cli.replication import MEASURES
from comity.measures.result import Result
from comity.register.snapshot import Snapshot
from comity.vocab.text import Lang, Text
from pages.markdown import block, code, codes, page, section, table
from pages.settings import DOCS, Setting, settings_classes

COMMANDS = {"track_record": "forecast", "diagnostics": "forecast", "opinion": "opinion", "what_if": "what-if"}  # by models that another command prints
EXPLAINED_IN = {"track_record": "forecast", "diagnostics": "forecast"}
FEW = {"draws": 5, "resamples": 5, "placebos": 5}


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure or model: its function, the command that prints it and its settings."""

    name: str
    function: Any
    command: str
    settings: str | None
    layer: str = "measures"


@cache
def measures() -> list[Measure]:
    """Every measure: the modules that hold a function of their own name which gives a `Result`."""
    return [one for one in _functions(comity.measures) if one.name != "result"]


@cache
def models() -> list[Measure]:
    """Every model, by the same rule."""
    return _functions(comity.models)


def _functions(layer: ModuleType) -> list[Measure]:
    by_measure = {measure: command for command, measure in MEASURES.items()} | COMMANDS
    found = []
    for info in pkgutil.iter_modules(layer.__path__):
        module = import_module(f"{layer.__name__}.{info.name}")
        function = getattr(module, info.name, None)
        if inspect.isfunction(function) and function.__annotations__.get("return") == "Result":
            wanted = str(function.__annotations__.get("settings", "")).removesuffix(" | None")
            found.append(Measure(info.name, function, by_measure.get(info.name, info.name), wanted or None, layer.__name__.rpartition(".")[2]))
    return found


def measures_page(lang: Lang) -> str:
    """Every measure with its call, its settings, its columns and the page that explains it."""
    return page(_TITLE, lang, *(_measure(one, lang) for one in measures()), about=_ABOUT)


def models_page(lang: Lang) -> str:
    """Every model with its call, its settings and the page that explains it."""
    return page(_MODELS, lang, *(_measure(one, lang) for one in models()), about=_MODELS_ABOUT)


def settings_page(lang: Lang) -> str:
    """Every field of every settings dataclass."""
    parts = []
    for name, (module, fields) in settings_classes().items():
        head = _FROM.format(module=code(f"{module}.{name}")).in_(lang)
        rows = [[code(field.name), codes(field.type.split(" | ")), field.default, field.reason.in_(lang)] for field in fields]
        parts.append(section(f"`{name}`", head, table([_FIELD, _TYPE, _DEFAULT, _REASON], rows, lang)))
    return page(_SETTINGS, lang, *parts, about=_SETTINGS_ABOUT)


def settings_table(fields: tuple[Setting, ...], lang: Lang) -> str:
    """Fields with their defaults and reasons."""
    return table([_FIELD, _DEFAULT, _REASON], [[code(field.name), field.default, field.reason.in_(lang)] for field in fields], lang)


def signature(function: Any) -> str:
    """A call as it is written in code, one parameter a line where it is long."""
    told = inspect.signature(function)
    words = [unquoted(parameter) for parameter in told.parameters.values()]
    kinds = [parameter.kind for parameter in told.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        words.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    returned = "" if told.return_annotation is inspect.Signature.empty else f" -> {str(told.return_annotation).replace(chr(39), '')}"
    line = f"{function.__name__}({', '.join(words)}){returned}"
    return line if len(line) <= 100 else f"{function.__name__}(\n    " + ",\n    ".join(words) + f",\n){returned}"


def unquoted(parameter: inspect.Parameter) -> str:
    """A parameter as it stands in the source: annotations are kept as text, which would else stand in quotes."""
    return re.sub(r"^(\**\w+: )'([^']*)'", r"\1\2", str(parameter))


def told_of(command: str) -> Text:
    """What a command answers, in both languages."""
    return _helps()[command]


@cache
def _helps() -> dict[str, Text]:
    return {one.name: one.help for one in commands()}


def _measure(measure: Measure, lang: Lang) -> str:
    explained = f"explanation/{measure.layer}/{EXPLAINED_IN.get(measure.name, measure.name)}.md"
    links = [f"[{_COMMAND.in_(lang)} `comity {measure.command}`](commands.md#comity-{measure.command})"]
    if ((DOCS if lang == "en" else DOCS / "ko") / explained).is_file():
        links.insert(0, f"[{_EXPLAINED.in_(lang)}](../{explained})")
    parts = [
        told_of(measure.command).in_(lang),
        " · ".join(links),
        block(f"from comity.{measure.layer}.{measure.name} import {measure.name}\n\n{signature(measure.function)}"),
    ]
    parts.append(_doc(measure.function) if lang == "en" else _KOREAN_DOC)
    if measure.settings:
        parts.append(f"**[`{measure.settings}`](settings.md#{measure.settings.lower()})**")
        parts.append(settings_table(settings_classes()[measure.settings][1], lang))
    for name, schema in (columns()[measure.name] if measure.layer == "measures" else {}).items():
        parts.append(f"**{_ROWS.in_(lang) if name == 'rows' else _TABLE.format(name=code(name)).in_(lang)}**")
        parts.append(", ".join(f"{code(column)} {_type(dtype).in_(lang)}" for column, dtype in schema.items()))
    return section(f"`{measure.name}`", *parts)


def _doc(function: Any) -> str:
    return inspect.getdoc(function) or ""


@cache
def columns() -> dict[str, dict[str, dict[str, pl.DataType]]]:
    """Columns and types of the rows and tables of each measure's answer: measure → table → column → type."""
    snapshot = comity.load("kor").snapshot()
    found = {}
    for measure in measures():
        answer = _asked(measure, snapshot)
        every = {"rows": answer.rows, **answer.tables}
        found[measure.name] = {name: dict(frame.schema) for name, frame in every.items() if frame.width}
    return found


def _asked(measure: Measure, snapshot: Snapshot) -> Result:
    day, partner = last_day(snapshot), snapshot.settings["featured"][0]
    wanted = inspect.signature(measure.function).parameters
    given: dict[str, Any] = {"as_of": day, "partner": partner, "first": day - timedelta(days=365), "second": day}
    given = {name: value for name, value in given.items() if name in wanted and (name != "partner" or wanted[name].default is inspect.Parameter.empty)}
    if measure.settings:
        given["settings"] = _with_few_draws(getattr(import_module(settings_classes()[measure.settings][0]), measure.settings)())
    answer: Result = measure.function(snapshot, **given)
    return answer


def _with_few_draws(settings: Any) -> Any:
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if field.name in FEW:
            changed[field.name] = FEW[field.name]
        elif dataclasses.is_dataclass(value):
            changed[field.name] = _with_few_draws(value)
    return dataclasses.replace(settings, **changed)


def _type(dtype: pl.DataType) -> Text:
    if isinstance(dtype, pl.List):
        return Text("list", "목록")
    return _TYPES.get(type(dtype), Text("nested", "중첩"))


_TYPES = {
    pl.String: Text("text", "글"), pl.Float64: Text("number", "수"), pl.Int64: Text("whole number", "정수"), pl.Int32: Text("whole number", "정수"),
    pl.UInt32: Text("whole number", "정수"), pl.Int8: Text("whole number", "정수"), pl.Date: Text("day", "날짜"), pl.Boolean: Text("true or false", "참·거짓"),
    pl.Null: Text("empty", "빈 값"),
}  # fmt: skip
_TITLE = Text("Measures", "측정")
_ABOUT = Text(
    "Each measure is a function of a snapshot: the same snapshot, day and settings give the same answer. "
    "A row that carries a number also carries `records`, the `kind:id` of what is behind it. Missing is null, never 0.",
    "측정은 스냅숏의 함수이다. 스냅숏과 기준일과 설정이 같으면 답도 같다. 수치가 있는 행에는 근거 기록의 `종류:식별자`를 담은 `records`가 있다. 모르는 값은 0이 아니라 빈 값이다.",
)
_MODELS = Text("Models", "모형")
_MODELS_ABOUT = Text(
    "Fits, forecasts, effects and what-if: functions of a snapshot, a day, settings and a seed. What their columns are stands in what each says of itself.",
    "적합, 예측, 효과, 가정 분석: 스냅숏과 기준일, 설정, 난수 씨앗의 함수이다. 열의 뜻은 각 해설 문서에 있다.",
)
_KOREAN_DOC = "열의 뜻과 계산 방법은 해설 문서에 있다. 함수에 붙은 설명은 영문이다(`help(...)`)."
_SETTINGS = Text("Settings", "설정")
_SETTINGS_ABOUT = Text(
    "Every parameter of every measure, with its default and the reason for it. Settings are frozen dataclasses: `dataclasses.replace(TieSettings(), draws=100)`.",
    "모든 측정의 매개변수와 기본값, 그 이유. 설정은 고정 데이터클래스이다: `dataclasses.replace(TieSettings(), draws=100)`.",
)
_FROM = Text("In {module}.", "위치: {module}.")
_FIELD, _TYPE, _DEFAULT, _REASON = Text("Field", "항목"), Text("Type", "형식"), Text("Default", "기본값"), Text("Why", "이유")
_COMMAND, _EXPLAINED = Text("Command", "명령"), Text("Explanation", "해설")
_ROWS, _TABLE = Text("Columns of `rows`", "`rows`의 열"), Text("Table {name}", "표 {name}")
