"""Which record may already tell what a new row tells?

A new row is compared with the records of its kind, and with the rows before it, by the words of its title (mean of the token set and the
token sort ratio), by the parties that they share and by how near their dates lie. The score (0-100) orders candidates for a person to look
at; it claims no identity. Exact repetitions are faults and found by `checks`, not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from comity.register.checks_logic import NOT_PARTIES
from comity.register.frames import typed
from comity.vocab.date_columns import FAR, with_bounds
from comity.vocab.dates import OPEN
from comity.vocab.kinds import Kind

FEW = 500  # so many rows are compared one by one
LETTER = r"[^\W_]"
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
    rows = list(_profiles(new, kind))
    cells = {row["id"]: row for row in new.iter_rows(named=True)}
    found: list[Duplicate] = []
    for at, row in enumerate(rows):
        if cells[row.id].get("counted_with"):
            continue
        known = _candidates(row, existing, kind, how)
        near = [one for other in [*_profiles(known, kind), *rows[:at]] if other.id != row.id and (one := _compared(row, other, kind, how)) is not None]
        for other_id, score, words, days in sorted(near, key=lambda one: (-one[1], one[0]))[:3]:
            told = known.row(by_predicate=pl.col("id") == other_id, named=True) if other_id in known["id"] else cells[other_id]
            shown = {name: value for name, value in told.items() if name in kind.columns and value is not None}
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


def _candidates(row: _Profile, existing: pl.DataFrame, kind: Kind, how: DuplicateSettings) -> pl.DataFrame:
    """The rows of a table of text that may be found to be like this one: all that are, and few that are not, without reading each."""
    if existing.is_empty():
        return existing
    same = pl.lit(False)
    if row.address and kind.has("url"):
        same = pl.col("url").str.to_lowercase().str.contains(row.address.lower(), literal=True).fill_null(False)
    near = [_may_share_a_party(row, kind), _may_lie_near(row, kind, how), *_lies_within(row, kind)]
    left = existing.filter(same | pl.all_horizontal(near))
    if left.height >= FEW and row.first and row.last:
        left = left.filter(same | pl.col("id").is_in(_near_in_time(row.first, row.last, left, kind, how).implode()))
    return left if left.height < FEW else left.filter(same | _may_sound_alike(row, left, kind, how))


def _may_share_a_party(row: _Profile, kind: Kind) -> pl.Expr:
    names = party_fields(kind)
    if not row.parties or not names:
        return pl.lit(True)
    one_of = "(^|;)(" + "|".join(re.escape(code) for code in sorted(row.parties)) + ")(;|$)"
    shares = [pl.col(name).str.contains(one_of).fill_null(False) for name in names]
    return pl.any_horizontal(*shares) | pl.all_horizontal(pl.col(name).is_null() for name in names)


def _may_lie_near(row: _Profile, kind: Kind, how: DuplicateSettings) -> pl.Expr:
    """By years alone: within the window there lie at most the years before and after."""
    days = day_fields(kind)
    if row.first is None or row.last is None or not days:
        return pl.lit(True)
    margin = 1 + _window(kind, how) // 365
    years = [pl.col(name).str.slice(0, 4).cast(pl.Int32, strict=False) for name in days]
    near = [year.is_between(row.first.year - margin, row.last.year + margin).fill_null(False) for year in years]
    open_or_unknown = pl.any_horizontal(pl.col(name) == OPEN for name in days) | pl.all_horizontal(year.is_null() for year in years)
    return pl.any_horizontal(*near) | open_or_unknown.fill_null(False)


def _near_in_time(start: date, end: date, table: pl.DataFrame, kind: Kind, how: DuplicateSettings) -> pl.Series:
    """Ids of the rows whose dates lie within the window, or are unknown: as `_gap`, on columns."""
    frame = _dated(with_bounds(table.select("id", *day_fields(kind)), day_fields(kind)), kind)
    first, last = pl.col("_first"), pl.col("_last")
    apart = ((first - start).dt.total_days() + (last - end).dt.total_days()).abs() // 2
    return frame.filter(first.is_null() | last.is_null() | ((first <= end) & (last >= start)) | (apart <= _window(kind, how)))["id"]


def _lies_within(row: _Profile, kind: Kind) -> list[pl.Expr]:
    return [pl.col(inside[0]).eq_missing(pl.lit(row.within, dtype=pl.String))] if (inside := _inside_fields(kind)) else []


def _may_sound_alike(row: _Profile, table: pl.DataFrame, kind: Kind, how: DuplicateSettings) -> pl.Expr:
    """Whether a title is so like that the other parts could make up the rest."""
    others = how.days_weight * bool(row.first) + how.parties_weight * bool(row.parties)
    made_up = (how.threshold * (others + how.words_weight) - 100 * others) / how.words_weight  # with all other parts alike
    least = min(how.words_alone, made_up) if others else how.words_alone
    texts = {name: told for name, told in zip(kind.title, row.title, strict=True) if told and (name == "id" or kind.field(name).type == "text")}
    if not texts or least <= 50:
        return pl.lit(True)
    alike = [pl.lit(_sounding_alike(told, table[name], least)) for name, told in texts.items()]
    return pl.any_horizontal(alike) | pl.all_horizontal(pl.col(name).is_null() for name in texts)  # other parts of the title may be all there is


def _sounding_alike(told: str, titles: pl.Series, least: float) -> pl.Series:
    """Which titles reach the mean of the two ratios; those are not compared whose number of letters rules it out."""
    from rapidfuzz import fuzz, process, utils

    cutoff = 2 * least - 100  # of two ratios with that mean neither is lower
    count, share = len(re.findall(LETTER, told)), cutoff / (200 - cutoff)
    fits = titles.str.count_matches(r"[\p{L}\p{N}]").is_between(int(count * share * 0.9), int(count / share * 1.1) + 1)
    at = fits.fill_null(False).arg_true()
    totals = np.zeros(at.len(), dtype=np.float32)
    for ratio in (fuzz.token_sort_ratio, fuzz.token_set_ratio):
        if at.len():
            scores = process.cdist([told], titles.gather(at).to_list(), scorer=ratio, processor=utils.default_process, score_cutoff=cutoff - 0.1)[0]
            at, totals = at.filter(pl.Series(scores > 0)), (totals + scores)[scores > 0]
    return pl.Series(range(titles.len())).is_in(at.filter(pl.Series(totals >= 2 * least - 0.1, dtype=pl.Boolean)).implode())


def _window(kind: Kind, how: DuplicateSettings) -> int:
    return how.event_days if kind.name == "event" else how.days


def _inside_fields(kind: Kind) -> list[str]:
    return [field.name for field in kind.of_type("link") if field.required and field.target in ("agreement", "deployment", "poll_question")]


def _dated(frame: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Rows with `_first` and `_last`, the days between which they happened; unknown where that is open. The frame has the bounds of its dates."""
    days = day_fields(kind)
    nothing = pl.lit(None, dtype=pl.Date)
    first = pl.coalesce([pl.col(f"{name}_earliest") for name in days]) if days else nothing
    last = pl.coalesce([pl.col(f"{name}_latest") for name in days]) if days else nothing
    closed = first != FAR
    return frame.with_columns(pl.when(closed).then(first).alias("_first"), pl.when(closed).then(last).alias("_last"))


def _profiles(table: pl.DataFrame, kind: Kind) -> Iterator[_Profile]:
    if table.is_empty():
        return
    inside, naming = _inside_fields(kind), party_fields(kind)
    for row in _dated(typed(table.select(kind.columns), kind), kind).iter_rows(named=True):
        told = tuple(_plain(row[name]) for name in kind.title)
        parties = frozenset(code for name in naming for code in _listed(row[name]))
        within = row[inside[0]] if inside else None
        yield _Profile(row["id"], told, parties, within, row["_first"], row["_last"], address(row["url"]) if kind.has("url") else None)


def _compared(row: _Profile, other: _Profile, kind: Kind, how: DuplicateSettings) -> tuple[str, float, float, int | None] | None:
    """Id, score, words and gap where the two are likely the same."""
    if row.address and row.address == other.address:
        return other.id, 100.0, 100.0, None
    if row.within != other.within:
        return None
    parts: list[tuple[float, float]] = []
    gap = _gap(row, other)
    if gap is not None:
        window = _window(kind, how)
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
