"""Panels count what they say, in every engine alike."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_events import event, lines_source, write_lines

from comity.events import panels
from comity.events.loading import load
from comity.events.panels import PanelSpec, panel
from comity.events.querying import query
from comity.events.store import Store, open_store
from comity.vocab.errors import EngineMissing, QueryFailed, QueryRefused, WrongPanel

NUMBERS = range(400)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("panels")
    made = open_store(folder / "store", create=True)
    files = [write_lines(folder / "a-1.txt", list(NUMBERS)), write_lines(folder / "b-1.txt", list(range(100)))]
    load(made, files, source_of=lines_source)
    return made


def plainly(spec: PanelSpec, events: list[dict[str, Any]]) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """The events of each cell of a panel over one source, found by looking at them one by one."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for one in events:
        a, b, role1, role2, day = one["actor1"], one["actor2"], one["role1"], one["role2"], date.fromisoformat(one["day"])
        among = [side in spec.actors if spec.actors else True for side in (a, b)]
        if not spec.unknown and None in (a, b):
            continue
        if spec.actors and spec.match == "either" and not any(side in spec.actors for side in (a, b)):
            continue
        if (
            spec.actors
            and spec.match == "both"
            and not (any(side in spec.actors for side in (a, b)) and all(ok or side is None for ok, side in zip(among, (a, b), strict=True)))
        ):
            continue
        if (
            (spec.places and one["place"] not in spec.places)
            or (spec.roots and one["root"] not in spec.roots)
            or (spec.quads and one["quad"] not in spec.quads)
        ):
            continue
        if spec.roles and role1 not in spec.roles and role2 not in spec.roles:
            continue
        if (spec.first_day and day < spec.first_day) or (spec.last_day and day > spec.last_day):
            continue
        if not spec.directed and ((a or "~") > (b or "~") or (a == b and "roles" in spec.split and (role1 or "") > (role2 or ""))):
            a, b, role1, role2 = b, a, role2, role1
        period = {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[spec.step]
        split = {"roles": [role1, role2], "place": [one["place"]], "source": ["a"]}
        key = (period, a, b, *([one[spec.by]] if spec.by else []), *itertools.chain(*(split[name] for name in spec.split)))
        found.setdefault(key, []).append(one)
    return found


some = st.lists(st.sampled_from(["KOR", "PRK", "USA", "CHN"]), max_size=3, unique=True).map(tuple)
specs = st.builds(
    PanelSpec, actors=some, match=st.sampled_from(["both", "either"]), directed=st.booleans(), step=st.sampled_from(["day", "week", "month"]),
    by=st.sampled_from([None, "root", "quad"]), split=st.lists(st.sampled_from(["roles", "place", "source"]), max_size=2, unique=True).map(tuple),
    roles=st.sampled_from([(), (), ("MIL",)]), places=st.sampled_from([(), (), ("KOR",)]), roots=st.sampled_from([(), (), ("ASSAULT", "AID")]),
    quads=st.sampled_from([(), (), (1, 4)]), first_day=st.sampled_from([None, None, date(2019, 12, 1), date(2019, 12, 9)]),
    last_day=st.sampled_from([None, None, date(2019, 12, 31), date(2020, 1, 14)]), distinct=st.booleans(), unknown=st.booleans(), weigh_tone=st.booleans(),
    sources=st.just(("a",)),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(spec=specs)
def test_a_panel_is_what_one_finds_by_looking_at_each_event(store: Store, spec: PanelSpec) -> None:
    cells = plainly(spec, [event(number) for number in NUMBERS])
    told = panel(store, spec)
    assert told.rows.select(spec.keys).rows() == sorted(cells, key=lambda key: [(value is not None, value) for value in key])
    for row in told.rows.iter_rows(named=True):
        own = cells[tuple(row[name] for name in spec.keys)]
        once = list({(one["day"], one["code"]): one for one in own}.values()) if spec.distinct and spec.directed else own
        if not spec.distinct or spec.directed:
            assert row["events"] == len(once)
            assert row["goldstein_sum"] == pytest.approx(sum(one["goldstein"] for one in once), abs=1e-5)
        assert row["mentions"] == (sum(one["mentions"] or 0 for one in own) if any(one["mentions"] for one in own) else None)
        toned = [(one["tone"], (one["mentions"] or 0) if spec.weigh_tone else 1) for one in own if one["tone"] is not None]
        weight = sum(w for _, w in toned)
        assert row["tone_mean"] == (pytest.approx(sum(tone * w for tone, w in toned) / weight, abs=1e-5) if weight else None)
        assert row["share"] == pytest.approx(row["events"] / row["total"])
    sides = told.sides.row(0, named=True) if told.sides.height else dict.fromkeys(told.sides.columns, 0)
    assert sides["counted_rows"] == sum(map(len, cells.values()))
    if not spec.unknown:
        assert sides["scope"] == sides["counted_rows"] + sides["others"] + sides["no_actor1"] + sides["no_actor2"] + sides["no_actor"]


def monthly(spec: PanelSpec) -> PanelSpec:
    """The nearest definition that the sums by month can answer."""
    split, whole = tuple(one for one in spec.split if one == "source"), {"first_day": date(2019, 12, 1), "last_day": date(2019, 12, 31)}
    days = {name: value for name, value in whole.items() if getattr(spec, name)}
    return dataclasses.replace(spec, step="month", distinct=False, roles=(), places=(), split=split, **days)


@settings(max_examples=25, deadline=None)
@given(spec=specs.map(monthly))
def test_the_sums_by_month_say_what_the_events_say(store: Store, spec: PanelSpec) -> None:
    assert spec.monthly
    short, long = panels._panel(store, spec, monthly=True), panels._panel(store, spec, monthly=False)
    assert short.rows.equals(long.rows)
    assert short.sides.equals(long.sides)


@settings(max_examples=15, deadline=None)
@given(spec=specs)
def test_the_same_definition_gives_the_same_through_ibis(store: Store, spec: PanelSpec) -> None:
    from comity.events.panel_ibis import panel_on

    one, other = panel(store, spec), panel_on("duckdb+ibis", spec, store)
    assert one.rows.equals(other.rows)
    assert one.sides.equals(other.sides)


def test_all_rows_are_in_a_panel_that_leaves_nothing_out(store: Store) -> None:
    whole = panel(store, PanelSpec(unknown=True, split=("source",), measures=()))
    assert whole.rows.columns == ["period", "actor1", "actor2", "source", "events"]
    assert whole.rows.group_by("source").agg(pl.col("events").sum()).sort("source").rows() == [("a", 400), ("b", 100)]


def test_shares_are_of_the_sources_in_question(store: Store) -> None:
    every, one = panel(store, PanelSpec()), panel(store, PanelSpec(sources=("b",)))
    split = panel(store, PanelSpec(split=("source",)))
    assert every.rows.unique("period")["total"].sum() == 500
    assert one.rows.unique("period")["total"].sum() == 100
    assert split.rows.unique(["period", "source"])["total"].sum() == 500


def test_sides_without_a_state_are_told_in_both_languages(store: Store) -> None:
    told = panel(store, PanelSpec(actors=("KOR", "PRK")))
    missing = int(told.sides["no_actor1"].sum())
    assert missing > 0
    assert f"{missing:,}" in told.notes[0].en
    assert f"{missing:,}건" in told.notes[0].ko
    assert told.answer("ko")["notes"][0] == told.notes[0].ko
    repeated = panel(store, PanelSpec(distinct=True, step="month", unknown=True))
    assert "not counted" in repeated.notes[1].en


def test_a_contradictory_definition_is_refused() -> None:
    for wrong in ({"step": "year"}, {"by": "type"}, {"split": ("actor",)}, {"quads": (5,)}, {"first_day": date(2020, 2, 1), "last_day": date(2020, 1, 1)}):
        with pytest.raises(WrongPanel):
            PanelSpec(**wrong)  # type: ignore[arg-type]


def test_a_panel_of_an_empty_store_is_empty(tmp_path: Path) -> None:
    empty = open_store(tmp_path / "store", create=True)
    for spec in (PanelSpec(by="quad"), PanelSpec(step="day", split=("roles",), distinct=True)):
        assert panel(empty, spec).rows.height == 0
    assert query(empty, "SELECT count(*) FROM events").item() == 0


def test_engines_that_are_not_there_are_named(store: Store) -> None:
    from comity.events.panel_ibis import panel_on

    with pytest.raises(EngineMissing, match="abacus"):
        panel_on("abacus", PanelSpec(), store)
    with pytest.raises(EngineMissing):
        panel_on("nosuch://host/db", PanelSpec(), store)


REFUSED = [
    "COPY events TO '/tmp/x.csv'",
    "SELECT 1; SELECT 2",
    "CREATE TABLE t AS SELECT 1",
    "SET threads = 1",
    "ATTACH '/tmp/x.db'",
    "INSTALL httpfs",
    "DROP VIEW events",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_questions_that_do_more_than_read_are_refused(store: Store, sql: str) -> None:
    with pytest.raises(QueryRefused):
        query(store, sql)


@pytest.mark.parametrize("source", ["read_csv('/etc/passwd')", "read_text('/etc/hostname')", "glob('/*')", "'/etc/passwd'", "nothing"])
def test_a_question_reads_nothing_but_the_store(store: Store, source: str) -> None:
    with pytest.raises(QueryFailed):
        query(store, f"SELECT * FROM {source}")  # noqa: S608


def test_answers_keep_their_types(store: Store) -> None:
    told = query(
        store,
        "SELECT day, added_at, quad, goldstein, sum(mentions) AS m, 1.5::DECIMAL(3, 1) AS d, [1, 2] AS l, NULL AS n, day FROM events GROUP BY ALL LIMIT 3",
    )
    assert told.columns == ["day", "added_at", "quad", "goldstein", "m", "d", "l", "n", "day_9"]
    assert told.dtypes[:6] == [pl.Date, pl.Datetime("us"), pl.Int8, pl.Float32, pl.Int64, pl.Float64]
