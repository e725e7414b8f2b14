"""Panels of the event store: events of dyads by day, week or month, by PLOVER root or quad class, with Goldstein scale, tone and mentions.

One definition, a `PanelSpec`, gives the same numbers on DuckDB, which is used every day, and on any other engine through ibis (`panel_ibis`):
sums are made in whole millionths, so that neither the order of rows nor the engine changes a digit. Events without a state on a side are
counted and reported. A panel counts reports as their publishers coded them; about a fifth of such codes are wrong in hand checks.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

import polars as pl

from comity.events.ledger import PartEntry
from comity.events.months import MILLION
from comity.events.store import Store
from comity.vocab.errors import WrongPanel
from comity.vocab.text import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

Step = Literal["day", "week", "month"]
By = Literal["root", "quad"]
Measure = Literal["goldstein", "tone", "mentions", "share"]
Split = Literal["roles", "place", "source"]
Match = Literal["both", "either"]
SUMS = ("goldstein_sum", "goldstein_known", "tone_sum", "tone_known", "mentions_sum", "mentions_known")
_COUNTED = ["stored", "scope", "counted_rows", "no_actor1", "no_actor2", "no_actor"]


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """What a panel holds: one row a period and dyad, further by `by` and `split`; every filter left empty lets all through."""

    actors: tuple[str, ...] = ()
    """States (ISO 3166-1 alpha-3)."""
    match: Match = "both"
    """Whether both sides must be among `actors` or one is enough."""
    directed: bool = True
    """Whether A towards B and B towards A are apart; undirected dyads stand in the order of the alphabet."""
    step: Step = "month"
    """Periods; weeks begin on Monday. A period is named by its first day."""
    by: By | None = None
    """A row for each PLOVER root or quad class."""
    measures: tuple[Measure, ...] = ("goldstein", "tone", "mentions", "share")
    """What is told beside the number of events."""
    weigh_tone: bool = False
    """Whether the mean tone weighs each event by its mentions."""
    split: tuple[Split, ...] = ()
    """A row for each pair of roles, place or source."""
    roles: tuple[str, ...] = ()
    """Events with one of these roles on one of the sides."""
    sources: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    quads: tuple[int, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    distinct: bool = False
    """One a day: of a source's events with the same day, actors and code (and what the panel is split by) one is counted."""
    unknown: bool = False
    """Whether events without a state on a side have rows of their own; else they are only reported."""

    def __post_init__(self) -> None:
        for name, allowed in (("match", Match), ("step", Step), ("by", By), ("measures", Measure), ("split", Split)):
            value = getattr(self, name)
            for word in value if isinstance(value, tuple) else (value,):
                if word is not None and word not in get_args(allowed):
                    raise WrongPanel(_NO_WORD.format(name=name, word=word, allowed=", ".join(get_args(allowed))))
        if wrong := [quad for quad in self.quads if quad not in (1, 2, 3, 4)]:
            raise WrongPanel(_NO_WORD.format(name="quads", word=wrong[0], allowed="1, 2, 3, 4"))
        if self.first_day and self.last_day and self.first_day > self.last_day:
            raise WrongPanel(_BACKWARDS.format(first=self.first_day, last=self.last_day))

    @property
    def monthly(self) -> bool:
        """Whether the sums by month can answer: whole months, and nothing about roles, places or single days."""
        whole = (self.first_day is None or self.first_day.day == 1) and (self.last_day is None or (self.last_day + timedelta(days=1)).day == 1)
        return self.step == "month" and whole and not (self.distinct or self.roles or self.places or {"roles", "place"} & set(self.split))

    @property
    def sums(self) -> list[str]:
        """The sums that the measures need."""
        return [name for name in SUMS if name.partition("_")[0] in self.measures]

    @property
    def cell_keys(self) -> list[str]:
        """Columns that name a cell of an engine: the source is always among them."""
        return self.keys if "source" in self.keys else [*self.keys, "source"]

    @property
    def keys(self) -> list[str]:
        """Columns that name a row."""
        split = {"roles": ["role1", "role2"], "place": ["place"], "source": ["source"]}
        return ["period", "actor1", "actor2", *([self.by] if self.by else []), *(column for one in self.split for column in split[one])]


@dataclass(frozen=True)
class Panel:
    """Rows of a panel, and `sides`: by source, what became of the events in its scope."""

    spec: PanelSpec
    rows: pl.DataFrame
    sides: pl.DataFrame
    store: str
    """Digest of the ledger of the store that it was made from."""

    @property
    def notes(self) -> tuple[Text, ...]:
        """What must be said beside the numbers."""
        told = {name: int(self.sides[name].sum()) for name in self.sides.columns if name != "source"}
        return (
            _SIDES.format(**told),
            *((_REPEATS.format(repeats=told["counted_rows"] - int(self.rows["events"].sum())),) if self.spec.distinct else ()),
            _CODES,
        )

    def answer(self, lang: Lang = "en") -> dict[str, Any]:
        """The panel as one JSON object."""
        head = {"panel": asdict(self.spec), "store": self.store, "notes": [note.in_(lang) for note in self.notes]}
        return head | {"rows": self.rows.to_dicts(), "sides": self.sides.to_dicts()}


def panel(store: Store, spec: PanelSpec) -> Panel:
    """The panel from the store, computed by DuckDB on the parts that can hold its days and sources.

    Columns of `rows`: the keys of the spec, `events`; `goldstein_mean`, `goldstein_sum`, `goldstein_known`; `tone_mean`, `tone_known` (events with a
    tone, or the mentions that weigh them); `mentions`; `total`, all events of the period in the store from the sources in question, and `share` =
    `events` / `total`. A value that no event states is null. A dyad and period without a row had no event in the store.
    """
    from comity.events.querying import reading

    return reading(store, lambda: _panel(store, spec, monthly=spec.monthly))


def _panel(store: Store, spec: PanelSpec, *, monthly: bool) -> Panel:
    from comity.events.panel_sql import cells_sql, read_frame, totals_sql
    from comity.events.querying import engine, relation

    source = relation(store, "months", store.ledger.parts_of("months")) if monthly else relation(store, "events", parts_for(store, spec))
    connection = engine()
    try:
        cells = read_frame(connection.execute(cells_sql(spec, source, monthly=monthly)))
        totals = read_frame(connection.execute(totals_sql(spec, source, monthly=monthly)))
    finally:
        connection.close()
    return finished(spec, cells, totals, store.ledger.digest)


def parts_for(store: Store, spec: PanelSpec) -> list[PartEntry]:
    """Parts of events that can hold those of the panel's days and sources."""
    return [part for part in store.ledger.parts_of("events") if _may_hold(part, spec)]


def _may_hold(part: PartEntry, spec: PanelSpec) -> bool:
    early = spec.last_day is not None and part.day_first is not None and part.day_first > spec.last_day
    late = spec.first_day is not None and part.day_last is not None and part.day_last < spec.first_day
    return not early and not late and (not spec.sources or part.source in spec.sources)


def finished(spec: PanelSpec, cells: pl.DataFrame, totals: pl.DataFrame, store: str = "") -> Panel:
    """The panel from an engine's sums: means, shares, order; the same for every engine."""
    if "source" not in spec.split:
        cells = cells.group_by(spec.keys).agg(pl.col("events", *spec.sums).sum())
    rows = cells
    if "goldstein" in spec.measures:
        stated = _stated("goldstein_sum", "goldstein_known") / MILLION
        rows = rows.with_columns(goldstein_sum=stated, goldstein_mean=stated / pl.col("goldstein_known"))
    if "tone" in spec.measures:
        rows = rows.with_columns(tone_mean=_stated("tone_sum", "tone_known") / MILLION / pl.col("tone_known"))
    if "mentions" in spec.measures:
        rows = rows.with_columns(mentions=_stated("mentions_sum", "mentions_known"))
    if "share" in spec.measures:
        rows = _with_shares(spec, rows, totals)
    columns = [*spec.keys, "events", *(column for measure in spec.measures for column in _COLUMNS[measure])]
    sides = totals.group_by("source").agg(pl.col(_COUNTED).sum()).sort("source")
    unknown = pl.lit(0) if spec.unknown else pl.col("no_actor1") + pl.col("no_actor2") + pl.col("no_actor")
    return Panel(spec, rows.select(columns).sort(spec.keys), sides.with_columns(others=pl.col("scope") - pl.col("counted_rows") - unknown), store)


def _with_shares(spec: PanelSpec, rows: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    on = ["period", "source"] if "source" in spec.split else ["period"]
    joined = rows.join(totals.group_by(on).agg(total=pl.col("stored").sum()), on=on, how="left", maintain_order="left")
    return joined.with_columns(share=pl.col("events") / pl.col("total"))


def _stated(total: str, known: str) -> pl.Expr:
    """A sum, null where nothing was stated."""
    return pl.when(pl.col(known) > 0).then(pl.col(total))


_COLUMNS: dict[str, Sequence[str]] = {
    "goldstein": ("goldstein_mean", "goldstein_sum", "goldstein_known"),
    "tone": ("tone_mean", "tone_known"),
    "mentions": ("mentions",),
    "share": ("total", "share"),
}
_NO_WORD = Text("{name}: {word} is none of {allowed}.", "{name}: {word}은(는) 쓸 수 없습니다. 가능한 값: {allowed}.")
_BACKWARDS = Text("The first day {first} comes after the last, {last}.", "첫날 {first}이(가) 마지막 날 {last}보다 늦습니다.")
_SIDES = Text(
    "Of {scope:,} events in question {counted_rows:,} are counted and {others:,} are of other states; no state is named on the acting side only of {no_actor1:,}, "
    "on the other side only of {no_actor2:,}, on neither of {no_actor:,}.",
    "대상 사건 {scope:,}건 가운데 {counted_rows:,}건을 집계하였고 {others:,}건은 다른 국가의 사건이다. 국가가 밝혀지지 않은 사건은 행위 측만 {no_actor1:,}건, "
    "상대 측만 {no_actor2:,}건, 양측 모두 {no_actor:,}건이다.",
)
_REPEATS = Text("{repeats:,} repetitions on the same day are not counted.", "같은 날의 반복 {repeats:,}건은 세지 않았다.")
_CODES = Text(
    "Reports as coded by their publishers: in a hand check of GDELT about a fifth of the codes were wrong.",
    "발행 기관이 부호화한 보도 기준이다. GDELT를 사람이 확인한 결과 부호의 약 5분의 1이 틀렸다.",
)
