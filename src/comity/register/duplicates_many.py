"""Which of many new rows may repeat a record, or a row before it? The same answers as `likely_duplicates`, for thousands of rows at once.

Rows are laid into the months in which they happened, so that each is compared only with what lies within its window, with what has no date or a
long one, and with what has the same address. A row without a date is compared as a single one is. The comparison itself is that of
`duplicates`; nothing here decides what is alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

import polars as pl

from comity.register.duplicates import UNCOMPARED, Duplicate, DuplicateSettings, _compared, _Profile, _profiles, _window, likely_duplicates
from comity.vocab.kinds import Kind

LONG = 24  # months; what lasts longer is compared with everything
Progress = Callable[[int, int], None]


def many_duplicates(
    new: pl.DataFrame, existing: pl.DataFrame, kind: Kind, settings: DuplicateSettings | None = None, progress: Progress | None = None
) -> Iterator[Duplicate]:
    """What each new row may repeat, row by row, the likeliest first, at most three a row."""
    how = settings or DuplicateSettings()
    if kind.name in UNCOMPARED or new.is_empty():
        return
    rows = {row["id"]: row for table in (existing, new) for row in table.select(kind.columns).iter_rows(named=True)}
    laid = _Laid(kind, how)
    for profile in _profiles(existing, kind):
        laid.lay(profile)
    profiles = {profile.id: profile for profile in _profiles(new, kind)}
    for at, one in enumerate(new["id"], 1):
        profile = profiles[one]
        if not rows[one].get("counted_with"):
            yield from _found(profile, laid, rows) if profile.first is not None else _singly(new, at - 1, existing, kind, how)
        laid.lay(profile)
        if progress is not None and (at % 100 == 0 or at == new.height):
            progress(at, new.height)


class _Laid:
    """Rows by the months in which they happened."""

    def __init__(self, kind: Kind, how: DuplicateSettings) -> None:
        self.kind, self.how = kind, how
        self.months: defaultdict[int, list[_Profile]] = defaultdict(list)
        self.always: list[_Profile] = []
        self.addresses: defaultdict[str, list[_Profile]] = defaultdict(list)

    def lay(self, profile: _Profile) -> None:
        """Lay a row down."""
        first, last = (_month(profile.first), _month(profile.last)) if profile.first and profile.last else (0, LONG)
        if last - first >= LONG:
            self.always.append(profile)
        else:
            for month in range(first, last + 1):
                self.months[month].append(profile)
        if profile.address:
            self.addresses[profile.address].append(profile)

    def near(self, profile: _Profile) -> Iterator[_Profile]:
        """The rows that may be alike, each once; of a row that has a date."""
        listed = [*self.always, *self.addresses.get(profile.address or "", [])]
        reach = 2 + (2 * _window(self.kind, self.how)) // 28  # months; the gap is that of the middles
        first, last = _month(profile.first) - reach, _month(profile.last) + reach
        wanted = range(first, last + 1) if last - first < len(self.months) else [month for month in self.months if first <= month <= last]
        for month in wanted:
            listed += self.months.get(month, [])
        yield from {other.id: other for other in listed}.values()


def _found(profile: _Profile, laid: _Laid, rows: dict[str, dict[str, str | None]]) -> Iterator[Duplicate]:
    kind = laid.kind
    near = [one for other in laid.near(profile) if other.id != profile.id and (one := _compared(profile, other, kind, laid.how)) is not None]
    for other, score, words, days in sorted(near, key=lambda one: (-one[1], one[0]))[:3]:
        shown = {name: value for name, value in rows[other].items() if value is not None}
        yield Duplicate(f"{kind.name}:{profile.id}", f"{kind.name}:{other}", round(score, 1), round(words, 1), days, shown)


def _singly(new: pl.DataFrame, at: int, existing: pl.DataFrame, kind: Kind, how: DuplicateSettings) -> list[Duplicate]:
    """A row without a date: compared with everything before it, by its words."""
    before = pl.concat([existing.select(kind.columns), new.head(at).select(kind.columns)])
    return likely_duplicates(new.slice(at, 1), before, kind, how)


def _month(day: date | None) -> int:
    return day.year * 12 + day.month if day else 0
