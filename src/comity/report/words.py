"""How values read on a page: numbers, intervals, dates, actors and records as `Num` and `Text` in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from comity.register.snapshot import Snapshot
from comity.register.titles import actor_name
from comity.report.document import Num
from comity.vocab.dates import written
from comity.vocab.kinds import code_label
from comity.vocab.text import Text, same

HASH_SHOWN = 12


def number(value: float | None, records: Iterable[str] = (), *, digits: int = 0, unit: Text | None = None, sign: bool = False) -> Num | None:
    """A number with its records; None stays unknown and is never written as 0."""
    if value is None:
        return None
    words = f"{value:{'+' if sign else ''},.{digits}f}"
    text = Text(f"{words}{unit.en}", f"{words}{unit.ko}") if unit else same(words)
    return Num(text, tuple(records), round(float(value), 6) if digits else round(value))


def count(records: Iterable[str], one: str = "", many: str = "", ko: str = "") -> Num:
    """How many records there are, linked to them; with the noun that fits the number when nouns are given.

    >>> count(["event:a"], "record", "records", "건").text.en
    '1 record'
    """
    refs = tuple(records)
    n = len(refs)
    noun = (one if n == 1 else many) and f" {one if n == 1 else many}"
    return Num(Text(f"{n:,}{noun}", f"{n:,}{ko}"), refs, n)


def interval(low: float | None, high: float | None, *, digits: int = 0, records: Iterable[str] = ()) -> Num | None:
    """An interval, low to high."""
    if low is None or high is None:
        return None
    return Num(same(f"{low:,.{digits}f}–{high:,.{digits}f}"), tuple(records), [round(float(low), 6), round(float(high), 6)])


def day(value: date | str | None) -> Text | None:
    """A date as people write it; None stays unknown."""
    if value is None:
        return None
    text = value.isoformat() if isinstance(value, date) else value
    return Text(written(text, "en"), written(text, "ko"))


def actor(snapshot: Snapshot, code: str) -> Text:
    """Short name of an actor."""
    return Text(actor_name(snapshot, code, "en"), actor_name(snapshot, code, "ko"))


def actors(snapshot: Snapshot, codes: Iterable[str], *, most: int = 6) -> Text:
    """Short names of several actors, cut short with their number when they are many."""
    listed = list(codes)
    shown = [actor(snapshot, code) for code in listed[:most]]
    rest = len(listed) - len(shown)
    en, ko = ", ".join(name.en for name in shown), ", ".join(name.ko for name in shown)
    return Text(f"{en} and {rest} more" if rest else en, f"{ko} 외 {rest}" if rest else ko)


def code(list_name: str, value: str | None) -> Text | None:
    """Label of a controlled value."""
    return Text(code_label(list_name, value, "en"), code_label(list_name, value, "ko")) if value else None


def titled(snapshot: Snapshot, ref: str) -> Num:
    """A record by its title, linked to itself."""
    record = snapshot.record(ref)
    return Num(Text(record.title("en"), record.title("ko")), (record.ref,), record.ref)


def plain(value: Any) -> Text:
    """Any value as the same words in both languages."""
    return same("" if value is None else str(value))


def source_line(snapshot: Snapshot, basis: Text) -> Text:
    """The line under a figure: what it rests on, from when it is covered, and the snapshot's short hash."""
    digest = snapshot.hash[:HASH_SHOWN]
    return Text(f"Source: register of {snapshot.home}, snapshot {digest}. {basis.en}", f"출처: {snapshot.home} 등록부, 스냅숏 {digest}. {basis.ko}")
