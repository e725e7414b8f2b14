"""What is changed in the calendar of exercises and talks: the typed form of a scenario, and how its file is found and read.

A scenario is a YAML file: a title in both languages, a horizon in days, and a list of changes. Reading never stops at the first fault: all are
collected with their line, and raised together with those that show only against the register's calendar. Nothing here says what a change does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from comity.vocab.errors import Fault, NoScenario
from comity.vocab.text import Text

HORIZON = 365
SIZE_LIMIT = 1_000_000
FOLDER = "scenarios"
Removed = Literal["exercises", "main_exercises", "other_drills", "talks"]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a scenario: a date, or a day of the year (`03-10`) that stands for the next one."""

    month: int
    day: int
    year: int | None = None

    def after(self, known: date) -> date:
        """The date meant: itself, or the first such day after `known`.

        >>> Day(3, 10).after(date(2026, 11, 22))
        datetime.date(2027, 3, 10)
        """
        if self.year is not None:
            return date(self.year, self.month, self.day)
        year = known.year
        while not _is_date(year, self.month, self.day) or date(year, self.month, self.day) <= known:
            year += 1
        return date(year, self.month, self.day)

    @staticmethod
    def on(day: date) -> Day:
        """A day given as a date."""
        return Day(day.month, day.day, day.year)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Which:
    """The exercises meant: one by its reference, or those of a series, between two days where these are given."""

    exercise: str | None = None
    series: str | None = None
    first: Day | None = None
    last: Day | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change, with the place that wrote it: `line` of the file and `field` (`changes[2].move`)."""

    line: int | None = field(default=None, kw_only=True)
    field: str = field(default="changes", kw_only=True)


@dataclass(frozen=True, slots=True)
class Cancel(Change):
    """Exercises that are not held."""

    which: Which


@dataclass(frozen=True, slots=True)
class Move(Change):
    """Exercises held at another time, as long as before: `by_days` later (earlier where negative), or beginning on `to`."""

    which: Which
    by_days: int | None = None
    to: Day | None = None


@dataclass(frozen=True, slots=True)
class Scale(Change):
    """Exercises that become, or cease to be, main ones."""

    which: Which
    main: bool


@dataclass(frozen=True, slots=True)
class AddExercise(Change):
    """One exercise more."""

    start: Day
    end: Day
    main: bool = True


@dataclass(frozen=True, slots=True)
class AddTalks(Change):
    """Days of talks, or of summits."""

    days: tuple[Day, ...]
    summit: bool = False


@dataclass(frozen=True, slots=True)
class Remove(Change):
    """Everything of a kind between two days taken out."""

    what: Removed
    first: Day
    last: Day


@dataclass(frozen=True)
class Scenario:
    """A changed calendar: what it is called, how far ahead it looks, what it changes; and the faults found in its file."""

    title: Text
    changes: tuple[Change, ...] = ()
    horizon_days: int = HORIZON
    file: str = "scenario"
    faults: tuple[Fault, ...] = ()

    @property
    def digest(self) -> str:
        """Hash of all that it says; lines and file do not matter."""
        bare = [repr(one).replace(f"line={one.line}", "").replace(repr(one.field), "") for one in self.changes]
        return hashlib.sha256(repr((self.title, bare, self.horizon_days)).encode()).hexdigest()[:16]


def read_scenario(where: str | Path, package: Path | None = None) -> Scenario:
    """The scenario of a YAML file, or a shipped one of `package` by its name; its faults are in it and are raised by `what_if`.

    Where there is neither, `NoScenario` names those of the package.
    """
    from comity.models.scenarios.reading import parsed

    path = Path(where)
    if not path.is_file() and package is not None and path.name == str(where):
        path = package / FOLDER / f"{where}.yaml"
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise NoScenario(_TOO_LARGE.format(where=where))
        return parsed(path.read_bytes(), path.name)
    except OSError as error:
        shipped = ", ".join(scenarios_of(package)) if package else ""
        raise NoScenario(_NO_SCENARIO.format(where=where, shipped=shipped or "–")) from error


def scenarios_of(package: Path) -> list[str]:
    """Names of the scenarios that a package carries."""
    return sorted(path.stem for path in (package / FOLDER).glob("*.yaml"))


def shipped_scenarios(name: str) -> dict[str, Scenario]:
    """The scenarios of a shipped package by their names; none where no package of that name is shipped."""
    from importlib.resources import files

    package = Path(str(files("comity.data"))) / name
    return {one: read_scenario(one, package) for one in scenarios_of(package)} if name.isidentifier() else {}


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)


_NO_SCENARIO = Text(
    "There is no scenario at {where}. Scenarios of the package: {shipped}. 'comity what-if --example' prints a file to start from.",
    "{where}에 시나리오가 없습니다. 패키지의 시나리오: {shipped}. 'comity what-if --example'로 예시 파일을 볼 수 있습니다.",
)
_TOO_LARGE = Text("The file {where} is too large for a scenario.", "{where}은(는) 시나리오 파일로는 너무 큽니다.")
