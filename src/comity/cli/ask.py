"""What every question to the register has in common: which package, which day, whose country, which reader, in which language and form.

`question(app, "ties")` adds these options to a command, so that each command's own function names only what is special to it. The register
is read when the command asks for its snapshot, not before.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.cli.words import both
from comity.vocab.dates import PartialDate
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    from comity.cli.tables import Shown
    from comity.measures.result import Result
    from comity.register.register import Register
    from comity.register.snapshot import Snapshot


class Format(StrEnum):
    """Forms in which an answer leaves."""

    table = "table"
    json = "json"
    csv = "csv"
    parquet = "parquet"


class Language(StrEnum):
    """Languages of answers."""

    en = "en"
    ko = "ko"


AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help=both("The day in question; default: the package's last day.", "기준일. 기본값은 패키지의 마지막 날.")),
]
Home = Annotated[
    str | None,
    typer.Option("--home", metavar="ACTOR", help=both("The country whose diplomacy it is; default from the package.", "주체 국가. 기본값은 패키지 설정.")),
]
Package = Annotated[str, typer.Option("--package", metavar="NAME", help=both("A shipped package or the folder of one.", "내장 패키지 이름 또는 폴더."))]
ReaderName = Annotated[
    str,
    typer.Option(
        "--reader", metavar="WHO", help=both("Class of readers: public, everything or an actor's code.", "열람자: public, everything 또는 행위자 부호.")
    ),
]
KnownAt = Annotated[str | None, typer.Option("--known-at", metavar="DATE", help=both("What was known by that day only.", "그날까지 알려진 내용만."))]
Unsourced = Annotated[bool, typer.Option("--include-unsourced", help=both("Count records without a source too.", "출처 없는 기록도 집계."))]
LangOption = Annotated[Language | None, typer.Option("--lang", help=both("Language of the answer.", "답의 언어."))]
FormatOption = Annotated[Format, typer.Option("--format", help=both("Form of the answer.", "답의 형식."))]


@dataclass(frozen=True)
class Ask:
    """The common part of a question."""

    package: str
    home_code: str | None
    as_of_text: str | None
    reader: str
    known_at: str | None
    include_unsourced: bool
    lang: Lang
    format: Format
    lang_given: bool = False

    @functools.cached_property
    def register(self) -> Register:
        """The checked register."""
        from comity.register.register import load

        return load(self.package)

    @functools.cached_property
    def snapshot(self) -> Snapshot:
        """The register for this reader and moment of knowledge."""
        known = PartialDate.parse(self.known_at).latest if self.known_at else None
        return self.register.snapshot(self.reader, known, include_unsourced=self.include_unsourced)

    @property
    def home(self) -> str:
        """The home country."""
        return self.home_code or self.snapshot.home

    @property
    def as_of(self) -> date:
        """The day in question: the last day of the date given, else the package's `until`."""
        return day_of(self.as_of_text) if self.as_of_text else last_day(self.snapshot)

    def answer(self, result: Result, columns: list[Shown], title: Text | None = None) -> None:
        """Print a result in the form asked for."""
        from comity.cli import tables

        if self.format is Format.json:
            tables.print_json(result.answer(self.lang))
        elif self.format is Format.csv:
            tables.write_csv(result.rows)
        elif self.format is Format.parquet:
            tables.write_parquet(result.rows)
        else:
            tables.print_rows(result.rows, columns, self.snapshot, self.lang, title)
            tables.notes_below(result, self.lang)


def day_of(text: str) -> date:
    """A day given as a partial date: its last day."""
    return PartialDate.parse(text).latest


def last_day(snapshot: Snapshot) -> date:
    """The last day on which the package was looked after."""
    until = snapshot.settings.get("until")
    return until if isinstance(until, date) else day_of(str(until))


def question(app: typer.Typer, name: str, *, panel: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command whose first parameter is the `Ask`; the common options follow its own."""

    def register(command: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
        common = [parameter for parameter in inspect.signature(_common, eval_str=True).parameters.values() if parameter.name not in {one.name for one in own}]

        @functools.wraps(command)
        def run(**given: Any) -> None:
            values = {parameter.name: given.pop(parameter.name) for parameter in common}
            command(_ask(values), **given)

        parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in [*own, *common]]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        app.command(name, help=inspect.getdoc(command), rich_help_panel=panel)(run)
        return command

    return register


def _common(
    as_of: AsOf = None,
    home: Home = None,
    package: Package = "kor",
    reader: ReaderName = "public",
    known_at: KnownAt = None,
    include_unsourced: Unsourced = False,
    lang: LangOption = None,
    format: FormatOption = Format.table,
) -> None:
    """The options that every question has."""


def _ask(values: dict[str, Any]) -> Ask:
    from comity.cli.main import LANG

    lang: Lang = values["lang"].value if values["lang"] else LANG
    return Ask(
        values["package"],
        values["home"],
        values["as_of"],
        values["reader"],
        values["known_at"],
        values["include_unsourced"],
        lang,
        values.get("format", Format.table),
        lang_given=values["lang"] is not None,
    )
