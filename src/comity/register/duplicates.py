"""Which record may already tell what a new row tells?

A new row is compared with the records of its kind, and with the rows before it, by the words of its title (mean of the token set and the
token sort ratio), by the parties that they share and by how near their dates lie. The score (0-100) orders candidates for a person to look
at; it claims no identity. Exact repetitions are faults and found by `checks`, not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from comity.register.checks_logic import NOT_PARTIES
from comity.register.frames import typed
from comity.vocab.date_columns import FAR
from comity.vocab.kinds import Kind

UNCOMPARED = frozenset({"claim", "finding", "marking", "poll_answer", "strength"})  # neighbours in a series look alike; exact repetitions are faults


@dataclass(frozen=True, slots=True)
class DuplicateSettings:
    """When two rows are shown as likely the same."""

    days: int = 31  # sources differ about a day, rarely by more than the month; yearly editions lie further apart
    words_weight: float = 0.60  # names carry most: two armed forces meet often, but seldom twice under one name
    parties_weight: float = 0.25
    days_weight: float = 0.15
    event_days: int = 3  # rounds of talks and launches of one kind follow within the week
    threshold: float = 85.0  # set on the shipped register: see docs/how-to/add-records.md
    words_alone: float = 95.0  # where neither parties nor dates can be compared


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A new row and a record that may tell the same; `score` and `words` are 0-100, `days` is the gap between the dates."""

    new: str
    existing: str
    score: float
    words: float
    days: int | None
    cells: dict[str, str]  # the filled cells of the existing record


@dataclass(frozen=True, slots=True)
class _Profile:
    """What is compared of one row."""

    id: str
    title: tuple[str | None, ...]
    parties: frozenset[str]
    within: str | None
    first: date | None
    last: date | None
    address: str | None


def likely_duplicates(new: pl.DataFrame, existing: pl.DataFrame, kind: Kind, settings: DuplicateSettings | None = None) -> list[Duplicate]:
    """Records (and earlier new rows) that a new row may repeat, the likeliest first, at most three a row.

    `new` and `existing` are tables of text of one kind; a row that says itself that another record tells the same is not compared.
    """
    how = settings or DuplicateSettings()
    if kind.name in UNCOMPARED or new.is_empty():
        return []
    known, rows = list(_profiles(existing, kind)), list(_profiles(new, kind))
    cells = {row["id"]: row for row in [*existing.iter_rows(named=True), *new.iter_rows(named=True)]}
    found: list[Duplicate] = []
    for at, row in enumerate(rows):
        if cells[row.id].get("counted_with"):
            continue
        near = [one for other in [*known, *rows[:at]] if other.id != row.id and (one := _compared(row, other, kind, how)) is not None]
        for other_id, score, words, days in sorted(near, key=lambda one: (-one[1], one[0]))[:3]:
            shown = {name: value for name, value in cells[other_id].items() if name in kind.columns and value is not None}
            found.append(Duplicate(f"{kind.name}:{row.id}", f"{kind.name}:{other_id}", round(score, 1), round(words, 1), days, shown))
    return found


def day_fields(kind: Kind) -> list[str]:
    """The date fields that say when a record of the kind happened, the telling one first."""
    dates = [field.name for field in kind.of_type("date")]
    wanted = [kind.act, dates[0] if dates else None, kind.span[0] if kind.span else None]
    return list(dict.fromkeys(name for name in wanted if name))


def party_fields(kind: Kind) -> list[str]:
    """The fields that name who is in it."""
    named = [field for field in kind.of_type("actor", "actors") if field.name not in NOT_PARTIES]
    return [field.name for field in named if field.required] or [field.name for field in named]


def address(url: str | None) -> str | None:
    """A web address without what does not tell pages apart: scheme, www, a final slash, capitals of the host.

    >>> address("https://www.MND.go.kr/a/") == address("http://mnd.go.kr/a")
    True
    """
    if not url:
        return None
    host, slash, path = url.split("://", 1)[-1].partition("/")
    return (host.lower().removeprefix("www.") + slash + path).rstrip("/")


def _profiles(table: pl.DataFrame, kind: Kind) -> Iterator[_Profile]:
    days = day_fields(kind)
    inside = [field.name for field in kind.of_type("link") if field.required and field.target in ("agreement", "deployment", "poll_question")]
    frame = typed(table.select(kind.columns), kind)
    nothing = pl.lit(None, dtype=pl.Date)
    first = pl.coalesce([pl.col(f"{name}_earliest") for name in days]) if days else nothing
    last = pl.coalesce([pl.col(f"{name}_latest") for name in days]) if days else nothing
    for row in frame.with_columns(first.alias("_first"), last.alias("_last")).iter_rows(named=True):
        told = tuple(_plain(row[name]) for name in kind.title)
        parties = frozenset(code for name in party_fields(kind) for code in _listed(row[name]))
        opened = row["_first"] is None or row["_first"] == FAR
        yield _Profile(
            row["id"],
            told,
            parties,
            row[inside[0]] if inside else None,
            None if opened else row["_first"],
            None if opened else row["_last"],
            address(row["url"]) if kind.has("url") else None,
        )


def _compared(row: _Profile, other: _Profile, kind: Kind, how: DuplicateSettings) -> tuple[str, float, float, int | None] | None:
    """Id, score, words and gap where the two are likely the same."""
    if row.address and row.address == other.address:
        return other.id, 100.0, 100.0, None
    if row.within != other.within:
        return None
    parts: list[tuple[float, float]] = []
    gap = _gap(row, other)
    if gap is not None:
        window = how.event_days if kind.name == "event" else how.days
        if gap > window:
            return None
        parts.append((how.days_weight, 1 - gap / (window + 1)))
    if row.parties and other.parties:
        shared = len(row.parties & other.parties) / min(len(row.parties), len(other.parties))
        if shared <= 0.5:
            return None
        parts.append((how.parties_weight, shared))
    words = _words(row.title, other.title, kind)
    needed = how.threshold if parts else how.words_alone
    parts.append((how.words_weight, words / 100))
    score = 100 * sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)
    return (other.id, score, words, gap) if score >= needed else None


def _gap(row: _Profile, other: _Profile) -> int | None:
    """Days between the middles of the two dates, 0 where they may be the same; unknown where either is."""
    if row.first is None or row.last is None or other.first is None or other.last is None:
        return None
    if row.first <= other.last and other.first <= row.last:
        return 0
    return abs((row.first - other.first).days + (row.last - other.last).days) // 2


def _words(mine: tuple[str | None, ...], theirs: tuple[str | None, ...], kind: Kind) -> float:
    """Likeness of titles, 0-100: of the two languages the better, of two different title fields the worse; links must be equal."""
    likeness = [
        _ratio(one, two) if kind.title == ("id", "id") or kind.field(name).type == "text" else 100.0 * (one == two)
        for name, one, two in zip(kind.title, mine, theirs, strict=True)
        if one and two
    ]
    if not likeness:
        return 0.0
    translated = kind.title[0].endswith("_en") and kind.title[1] == kind.title[0].removesuffix("_en") + "_ko"
    return max(likeness) if translated else min(likeness)


@cache
def _ratio_functions() -> tuple[Any, Any, Any]:
    from rapidfuzz import fuzz, utils

    return fuzz.token_set_ratio, fuzz.token_sort_ratio, utils.default_process


def _ratio(one: str, two: str) -> float:
    """Mean of the token set and the token sort ratio: words that only one has count half. Different numbers are different editions."""
    by_set, by_sort, plain = _ratio_functions()
    mine, theirs = plain(one), plain(two)
    numbers, others = ({word for word in text.split() if word.isdigit()} for text in (mine, theirs))
    if numbers and others and not numbers & others:
        return 0.0
    return float(by_set(mine, theirs) + by_sort(mine, theirs)) / 2


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _plain(value: Any) -> str | None:
    return ";".join(value) if isinstance(value, list) else None if value is None else str(value)
