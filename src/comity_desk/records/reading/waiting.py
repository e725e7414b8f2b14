"""What is there to be done about the record, since when, and whose is it? One frame of items for a snapshot and a day.

Items are what the library finds missing or waiting, and agreements whose day for notice nears. An item is a directorate's when the directorate
keeps its kind and one of the actors that the record names. All of it is of the reader's snapshot; directorates are nobody's secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

import polars as pl

from comity.measures.agreements import STANDING, standing
from comity.register.completeness import gaps
from comity.register.snapshot import Snapshot
from comity.register.waiting import findings_open, plans_unresolved, promises_overdue, unlooked_at
from comity.vocab.kinds import kinds
from comity.vocab.text import Text
from comity_desk.accounts.models import Directorate
from comity_desk.records.reading.kept import kept
from comity_desk.records.reading.shelf import shelf

NOTICE_DAYS = 180
SCHEMA = {"kind": pl.String, "id": pl.String, "since": pl.Date, "what": pl.String, "gaps": pl.List(pl.String)}
NOBODY = "~"
URGENCY = ("promise", "plan", "notice", "finding", "source", "missing", "unlooked", "translation")


@dataclass(frozen=True, slots=True)
class What:
    """One sort of thing to be done."""

    name: str
    label: Text
    help: Text


WHATS = {
    what.name: what
    for what in (
        What("notice", Text("Notice or term nears", "통보·만료 임박"), Text("Agreements whose day for notice, or whose end, comes within {n} days.", "통보 기한이나 만료일이 {n}일 안에 오는 협정.").format(n=NOTICE_DAYS)),
        What("promise", Text("Promises overdue", "기한 지난 약속"), Text("Commitments not told to be kept by their day.", "기한이 지났으나 이행이 확인되지 않은 약속.")),
        What("plan", Text("Plans to settle", "확인할 계획"), Text("Exercises and meetings still planned although their day has passed.", "날짜가 지났으나 아직 계획으로 남은 연습과 회담.")),
        What("finding", Text("Findings open", "미결 감사 지적"), Text("Audit findings marked as doubtful and not settled.", "표시만 하고 해결하지 않은 감사 지적.")),
        What("source", Text("No source", "출처 없음"), Text("Records that rest on no real source; measures leave them out.", "출처가 확인되지 않아 측정에서 빠지는 기록.")),
        What("missing", Text("Fields missing", "빠진 항목"), Text("Fields that the kind requires or that the state calls for.", "필수이거나 현재 상태에서 필요한 항목.")),
        What("translation", Text("Not in Korean", "국문 없음"), Text("Texts that stand in English alone.", "영문만 있는 내용.")),
        What("unlooked", Text("Not looked at for a year", "1년 넘게 미확인"), Text("States that go on, of which nothing was entered for a year.", "계속 중이나 1년 넘게 입력이 없는 기록.")),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keeper:
    """A directorate, and what of the list is its own."""

    key: str
    name: Text
    kinds: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()

    def own(self) -> pl.Expr:
        """Whether an item is this directorate's."""
        parts = [pl.col("kind").is_in(self.kinds)] if self.kinds else []
        parts += [reduce(or_, [pl.col("actors").list.contains(code) for code in self.partners])] if self.partners else []
        return pl.all_horizontal(parts) if parts else pl.lit(True)


@dataclass(frozen=True, slots=True)
class Load:
    """How much of each sort a directorate has to do, and since how many days the oldest of its overdue waits."""

    keeper: Keeper
    counts: tuple[int, ...]
    total: int
    oldest: int | None


def keepers() -> tuple[Keeper, ...]:
    """The directorates."""
    return tuple(Keeper(one.name_en, Text(one.name_en, one.name_ko), tuple(one.kinds), tuple(one.partners)) for one in Directorate.objects.all())


def items_of(snapshot: Snapshot, today: date) -> pl.DataFrame:
    """Everything to be done: `what`, `kind`, `id`, `since`, the `gaps` as `need:field`, and the `actors` named; the most urgent sort first, then the longest waiting."""
    return kept(snapshot, "to do", ("items", today), lambda: _items(snapshot, today))


def loads(snapshot: Snapshot, today: date, every: Sequence[Keeper]) -> list[Load]:
    """Who is late: each directorate's items by sort, and at last those that are nobody's."""
    return kept(snapshot, "to do", ("loads", today, tuple(every)), lambda: _loads(items_of(snapshot, today), today, every))


def of_nobody(every: Sequence[Keeper]) -> pl.Expr:
    """Whether an item is no directorate's."""
    return ~pl.any_horizontal([keeper.own().fill_null(False) for keeper in every]) if every else pl.lit(True)


def _loads(items: pl.DataFrame, today: date, every: Sequence[Keeper]) -> list[Load]:
    nobody = Keeper(NOBODY, Text("no directorate", "담당 없음"))
    parts = [(keeper, items.filter(keeper.own())) for keeper in every] + [(nobody, items.filter(of_nobody(every)))]
    return [_load(keeper, own, today) for keeper, own in parts if own.height or keeper is not nobody]


def _load(keeper: Keeper, own: pl.DataFrame, today: date) -> Load:
    counts: dict[str, int] = dict(own.group_by("what").len().iter_rows())
    late = own.filter(pl.col("what").is_in(["promise", "plan"]) & (pl.col("since") < today))["since"].min()
    return Load(keeper, tuple(counts.get(name, 0) for name in WHATS), own.height, (today - late).days if isinstance(late, date) else None)


def _items(snapshot: Snapshot, today: date) -> pl.DataFrame:
    listed = {
        "notice": _notices(snapshot, today),
        "promise": promises_overdue(snapshot, today),
        "plan": plans_unresolved(snapshot, today),
        "finding": findings_open(snapshot, today),
        "unlooked": unlooked_at(snapshot, today),
    }
    waiting = [frame.with_columns(what=pl.lit(name), gaps=pl.lit(None, dtype=pl.List(pl.String))).select(list(SCHEMA)) for name, frame in listed.items()]
    items = pl.concat([*waiting, _gaps(snapshot, today)])
    named = [shelf(snapshot, kinds()[name]).select(pl.lit(name).alias("kind"), "id", actors="_actors") for name in items["kind"].unique().sort()]
    nothing = pl.DataFrame(schema={"kind": pl.String, "id": pl.String, "actors": pl.List(pl.String)})
    urgency = pl.col("what").replace_strict({name: at for at, name in enumerate(URGENCY)}, return_dtype=pl.Int64)
    return items.join(pl.concat([nothing, *named]), on=["kind", "id"], how="left").sort(urgency, "since", "kind", "id", nulls_last=True)


def _gaps(snapshot: Snapshot, today: date) -> pl.DataFrame:
    """What records miss, one item a record and sort; it waits since the record was entered."""
    found = gaps(snapshot, as_of=today).with_columns(what=pl.col("need").replace({"required": "missing", "expected": "missing"}))
    each = found.group_by("kind", "id", "what", maintain_order=True).agg(gaps=pl.col("need") + ":" + pl.col("field"))
    days = [
        snapshot.frame(name).select(pl.lit(name).alias("kind"), "id", since="entered_at")
        for name in each["kind"].unique().sort()
        if kinds()[name].has("entered_at")
    ]
    nothing = pl.DataFrame(schema={"kind": pl.String, "id": pl.String, "since": pl.Date})
    return each.join(pl.concat([nothing, *days]), on=["kind", "id"], how="left").select(list(SCHEMA))


def _notices(snapshot: Snapshot, today: date) -> pl.DataFrame:
    """Agreements of the home country whose day for notice or whose end comes soon; only those whose terms are known are looked at."""
    table = snapshot.table("agreement")
    told = pl.any_horizontal(pl.col(name).is_not_null() for name in ("term", "expires", "notice", "replaces", "extends"))
    tables = {name: snapshot.table(name) for name in kinds()} | {"agreement": table.filter(told)}
    narrow = Snapshot(tables, snapshot.settings, snapshot.reader, snapshot.known_at)
    rows = standing(narrow, snapshot.home, as_of=today).filter(pl.col("state").is_in(STANDING))
    own = snapshot.frame("agreement").filter(pl.col("parties").list.contains(snapshot.home))["id"]
    until = today + timedelta(days=NOTICE_DAYS)
    near = [pl.when(pl.col(name).is_between(today, until)).then(pl.col(name)) for name in ("notice_day", "term_end")]
    soon = rows.filter(pl.col("id").is_in(own.implode())).select("id", since=pl.min_horizontal(near), kind=pl.lit("agreement"))
    return soon.filter(pl.col("since").is_not_null()).select("kind", "id", "since")
