"""A scenario's changes carried out on a calendar, one after the other; what does not fit the calendar is a fault with its line.

Later changes see what earlier ones made. A change that cannot be carried out is left out and told; the others still are, so that all faults show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from comity.models.scenarios import words as say
from comity.models.scenarios.calendar import EXERCISE, TALKS, Calendar, Entry, ordered
from comity.models.scenarios.scenario import AddExercise, AddTalks, Cancel, Change, Day, Move, Remove, Scale, Scenario, Which, day_before
from comity.vocab.errors import Fault
from comity.vocab.text import Text, same

SHOWN = 12


class Changing:
    """A calendar being changed, the days in question, and the faults found."""

    def __init__(self, entries: Calendar, scenario: Scenario, as_of: date) -> None:
        self.entries = list(entries)
        self.scenario = scenario
        self.as_of = as_of
        self.until = as_of + timedelta(days=scenario.horizon_days)
        self.faults: list[Fault] = []
        self.added = 0

    def carry_out(self, change: Change) -> None:
        """Make one change."""
        if isinstance(change, Cancel):
            gone = self._meant(change, change.which)
            self.entries = [entry for entry in self.entries if entry not in gone]
        elif isinstance(change, Scale):
            self._swap(change, change.which, lambda entry: replace(entry, main=change.main))
        elif isinstance(change, Move):
            self._move(change)
        elif isinstance(change, AddExercise):
            self._add_exercise(change)
        elif isinstance(change, AddTalks):
            for day in change.days:
                self._add(change, TALKS, day, day, change.summit)
        elif isinstance(change, Remove):
            self._remove(change)

    def _swap(self, change: Change, which: Which, made: Callable[[Entry], Entry]) -> None:
        meant = self._meant(change, which)
        self.entries = [made(entry) if entry in meant else entry for entry in self.entries]

    def _move(self, change: Move) -> None:
        meant = self._meant(change, change.which)
        if change.to and len(meant) > 1:
            self._fault(change, "several", say.SEVERAL.format(which=_told(change.which), n=len(meant)), say.SAY_WHICH.format(all=_listed(meant)))
            return
        for entry in meant:
            moved = entry.shifted((change.to.after(self.as_of) - entry.start).days if change.to else change.by_days or 0)
            if self._inside(change, moved.start):
                self.entries[self.entries.index(entry)] = moved

    def _add_exercise(self, change: AddExercise) -> None:
        self._add(change, EXERCISE, change.start, change.end, change.main)

    def _add(self, change: Change, what: str, first: Day, last: Day, main: bool) -> None:
        start, end = self._span(first, last)
        if self._ordered(change, start, end) and self._inside(change, start):
            self.added += 1
            self.entries.append(Entry(what, f"added:{self.added}", start, end, main, "added"))

    def _remove(self, change: Remove) -> None:
        start, end = self._span(change.first, change.last)
        if not self._ordered(change, start, end):
            return

        def gone(entry: Entry) -> bool:
            of_kind = entry.what == TALKS if change.what == "talks" else entry.what == EXERCISE
            sized = change.what in ("talks", "exercises") or entry.main == (change.what == "main_exercises")
            return of_kind and sized and start <= entry.start <= end

        self.entries = [entry for entry in self.entries if not gone(entry)]

    def _meant(self, change: Change, which: Which) -> list[Entry]:
        """The exercises that a change means; none is a fault."""
        drills = [entry for entry in self.entries if entry.what == EXERCISE]
        if which.exercise:
            found = [entry for entry in drills if which.exercise in (entry.ref, entry.ref.removeprefix("exercise:"))]
        else:
            found = [entry for entry in drills if entry.series == which.series]
        first = which.first.after(self.as_of) if which.first else date.min
        last = which.last.after(day_before(first) if which.first else self.as_of) if which.last else date.max
        found = [entry for entry in found if first <= entry.start <= last]
        if not found:
            self._fault(change, "not-in-calendar", say.NOT_IN_CALENDAR.format(which=_told(which)), say.IN_CALENDAR.format(all=_listed(drills)))
        return found

    def _span(self, first: Day, last: Day) -> tuple[date, date]:
        start = first.after(self.as_of)
        return start, last.after(day_before(start))

    def _ordered(self, change: Change, start: date, end: date) -> bool:
        if start <= end:
            return True
        self._fault(change, "ends-first", say.ENDS_FIRST.format(start=start, end=end), say.MEND_END)
        return False

    def _inside(self, change: Change, day: date) -> bool:
        if self.as_of < day <= self.until:
            return True
        first = self.as_of + timedelta(days=1)
        self._fault(change, "outside-horizon", say.OUTSIDE.format(day=day, first=first, last=self.until), say.WITHIN)
        return False

    def _fault(self, change: Change, code: str, what: Text, mend: Text) -> None:
        self.faults.append(Fault(self.scenario.file, change.line, change.field, code, what, mend))


def changed(entries: Calendar, scenario: Scenario, as_of: date) -> tuple[Calendar, list[Fault]]:
    """The calendar after all changes of a scenario that can be made, and the faults of those that cannot."""
    changing = Changing(entries, scenario, as_of)
    for change in scenario.changes:
        changing.carry_out(change)
    return ordered(changing.entries), changing.faults


def _told(which: Which) -> Text:
    return same(which.exercise) if which.exercise else Text(f"series {which.series}", f"계열 {which.series}")


def _listed(entries: list[Entry]) -> str:
    shown = [f"{entry.ref.removeprefix('exercise:')} ({entry.start}, series {entry.series})" for entry in entries[:SHOWN]]
    return "; ".join(shown) or "–"
