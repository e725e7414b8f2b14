"""Kept results: used again only while every table that they were made from is as it was, and never confused with another question's."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from comity.measures.result import Result, result
from comity.register.register import Register
from comity.register.snapshot import Record, Snapshot
from comity.report import kept as module
from comity.report.context import Context
from comity.report.kept import NotYetKept, kept
from comity.report.reads import NO_HASH, WatchedSnapshot, only_values
from comity.vocab.errors import UnknownRecord

AS_OF = date(2026, 11, 22)
KINDS = ("agreement", "exercise", "dialogue", "transfer", "event")
HIDDEN = "undeclared"  # a marking that nobody may see
SAFE = {"settings", "reader", "known_at", "include_unsourced", "home"}  # they are part of every question
CHEAP = ("ties", "eras", "activity", "agreements", "every_agreement", "watch", "tempo", "technology", "deployments", "pressure", "opinion", "changes")


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with nothing kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(module, "_AT_HAND", module._AtHand())


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """As another process would find the folder."""
    monkeypatch.setattr(module, "_AT_HAND", module._AtHand())


@pytest.fixture(scope="module")
def register(tiny_register: Callable[..., Register]) -> Register:
    return tiny_register(
        {
            "agreement": [
                {"id": f"a{n}", "title_en": f"A {n}", "agreement_type": "defence_cooperation", "parties": "KOR;USA", "signed": f"200{n}"} for n in range(4)
            ],
            "exercise": [{"id": f"e{n}", "title_en": f"E {n}", "participants": "KOR;JPN", "start": f"201{n}-03", "status": "conducted"} for n in range(4)],
            "dialogue": [{"id": f"d{n}", "title_en": f"D {n}", "parties": "KOR;USA", "start": f"201{n}-05", "level": "minister"} for n in range(4)],
            "transfer": [
                {"id": f"t{n}", "item_en": f"T {n}", "supplier": "KOR", "recipient": "POL", "signed": f"202{n}", "transfer_type": "sale"} for n in range(4)
            ],
            "event": [{"id": f"v{n}", "summary_en": f"V {n}", "event_type": "ASSAULT", "source_actors": "PRK", "start": f"201{n}-01-02"} for n in range(4)],
        }
    )


def edited(register: Register, kind: str, at: int, field: str, value: str | None) -> Register:
    """The register with one cell of one record changed."""
    table = register.tables[kind]
    row = table.row(at % table.height, named=True)
    return register.with_rows({kind: pl.DataFrame([{name: cell for name, cell in row.items() if not name.startswith("_")} | {field: value}]).cast(pl.String)})


def programme(steps: list[tuple[str, int]]) -> Callable[[Snapshot], Result]:
    """A computation that reads tables in an order that depends on what it has read, in every way that a snapshot offers."""

    def make(snapshot: Snapshot) -> Result:
        seen: list[str] = []
        for kind, way in steps:
            weight = sum(map(ord, "".join(seen))) if seen else way
            name = KINDS[(KINDS.index(kind) + weight) % len(KINDS)]
            match way % 7:
                case 0:
                    seen.append(str(snapshot.frame(name).select("id", "marking", "locator").rows()))
                case 1:
                    seen.append(str(snapshot.counted(name).height))
                case 2:
                    seen.append(str(snapshot.table(name)["locator"].to_list()))
                case 3:
                    seen.append(str(snapshot.has_record(f"{name}:{name[0]}1")))
                case 4:
                    seen.append(looked_up(snapshot, f"{name[0]}2"))
                case 5:
                    seen.append(
                        str(snapshot.remembered(("kinds", name), lambda name=name: getattr(snapshot, f"{name}s").select("locator").to_series().to_list()))
                    )
                case _:
                    seen.append(str(snapshot.including_unsourced().counted(name)["locator"].to_list()))
        return result("programme", snapshot, pl.DataFrame({"seen": ["|".join(seen)]}), as_of=AS_OF)

    return make


def looked_up(snapshot: Snapshot, record_id: str) -> str:
    try:
        record = snapshot.record(record_id)
    except UnknownRecord:
        return "none"
    return f"{record.title()} {record.cells.get('locator')} {len(record.why('locator'))}"


steps = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 20)), min_size=1, max_size=6)
edits = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 3), st.sampled_from(["p. 1", "p. 2", None, HIDDEN])), min_size=1, max_size=3)


@example(steps=[("agreement", 3)], edits=[("transfer", 1, HIDDEN)])
@example(steps=[("agreement", 4)], edits=[("exercise", 2, HIDDEN)])
@given(steps=steps, edits=edits)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_is_what_would_be_computed(register: Register, steps: list[tuple[str, int]], edits: list[tuple[str, int, str | None]]) -> None:
    """After any row of edits, and back again, the kept answer is that of a fresh computation."""
    make, registers = programme(steps), [register]
    for kind, at, value in edits:
        registers.append(edited(registers[-1], kind, at, "marking" if value == HIDDEN else "locator", value))
    snapshots = [one.snapshot() for one in registers]
    for snapshot in [*snapshots, *reversed(snapshots)]:
        kept(snapshot, "first step", "KOR", AS_OF, repr(steps[:1]), programme(steps[:1]))  # what it remembers, the next computation shares
        found = kept(snapshot, "programme", "KOR", AS_OF, repr(steps), make)
        unshared = Snapshot(snapshot._tables, snapshot.settings, snapshot.reader, snapshot.known_at)
        assert found.rows["seen"].to_list() == make(WatchedSnapshot(unshared)).rows["seen"].to_list()


def test_an_edit_elsewhere_computes_nothing_again(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def make(snapshot: Snapshot) -> Result:
        made.append("again")
        return result("agreed", snapshot, snapshot.frame("agreement").select("id"), as_of=AS_OF)

    first = register.snapshot()
    after = edited(register, "event", 1, "locator", "p. 9").snapshot()
    changed = edited(register, "agreement", 1, "locator", "p. 9").snapshot()
    assert first.hash != after.hash
    origin = kept(first, "agreed", "KOR", AS_OF, None, make)
    forget(monkeypatch)
    again = kept(after, "agreed", "KOR", AS_OF, None, make)
    assert (made, again.snapshot) == (["again"], first.hash)
    assert again.rows.equals(origin.rows)
    assert kept(changed, "agreed", "KOR", AS_OF, None, make).snapshot == changed.hash
    assert len(made) == 2
    assert kept(first, "agreed", "KOR", AS_OF, None, make).snapshot == first.hash
    assert len(made) == 2


@pytest.mark.parametrize(
    "other",
    [
        lambda s: {"snapshot": s.including_unsourced()},
        lambda s: {"snapshot": Snapshot(s._tables, s.settings | {"adversaries": []}, s.reader, s.known_at)},
        lambda s: {"snapshot": Snapshot(s._tables, s.settings, replace(s.reader, name="JPN"), s.known_at)},
        lambda s: {"snapshot": Snapshot(s._tables, s.settings, replace(s.reader, clearance="secret"), s.known_at)},
        lambda s: {"snapshot": Snapshot(s._tables, s.settings, s.reader, date(2020, 1, 1))},
        lambda _: {"name": "other"},
        lambda _: {"home": "JPN"},
        lambda _: {"as_of": date(2026, 11, 23)},
        lambda _: {"settings": 2},
    ],
    ids=["unsourced", "package settings", "reader", "clearance", "known_at", "name", "home", "as_of", "settings"],
)
def test_another_question_has_another_answer(register: Register, other: Callable[[Snapshot], dict[str, Any]]) -> None:
    made: list[int] = []

    def make(snapshot: Snapshot) -> Result:
        made.append(1)
        return result("m", snapshot, pl.DataFrame({"a": [1]}), as_of=AS_OF)

    asked: dict[str, Any] = {"snapshot": register.snapshot(), "name": "m", "home": "KOR", "as_of": AS_OF, "settings": 1, "make": make}
    kept(**asked)
    kept(**asked)
    assert len(made) == 1
    kept(**asked | other(asked["snapshot"]))
    assert len(made) == 2


def test_a_result_inside_a_result_is_read_too(register: Register) -> None:
    def inner(snapshot: Snapshot) -> Result:
        return result("inner", snapshot, snapshot.frame("event").select("locator"), as_of=AS_OF)

    def outer(snapshot: Snapshot) -> Result:
        return result("outer", snapshot, kept(snapshot, "inner", "KOR", AS_OF, None, inner).rows, as_of=AS_OF)

    before = kept(register.snapshot(), "outer", "KOR", AS_OF, None, outer).rows
    after = kept(edited(register, "event", 1, "locator", "p. 9").snapshot(), "outer", "KOR", AS_OF, None, outer).rows
    assert "p. 9" in after["locator"].to_list()
    assert "p. 9" not in before["locator"].to_list()


def test_only_what_is_kept(register: Register) -> None:
    snapshot = register.snapshot()
    with pytest.raises(NotYetKept):
        Context(snapshot, "KOR", AS_OF, only_kept=True).agreements  # noqa: B018
    there = Context(snapshot, "KOR", AS_OF).agreements
    assert Context(snapshot, "KOR", AS_OF, only_kept=True).agreements.rows.equals(there.rows)


def test_a_folder_that_cannot_be_written_costs_time_only(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    snapshot = register.snapshot()
    first = Context(snapshot, "KOR", AS_OF).ties
    assert Context(snapshot, "KOR", AS_OF, only_kept=True).ties.rows.equals(first.rows)  # held in memory


@pytest.mark.parametrize("name", CHEAP)
def test_a_watched_measure_answers_as_it_would_alone(kor: Snapshot, name: str) -> None:
    """What is handed out watched is what the snapshot hands out."""
    plain = getattr(measures(kor), name)
    watched = getattr(Context(kor, "KOR", AS_OF), name)
    assert watched.snapshot == kor.hash
    alike(watched, plain)


def alike(found: Result, fresh: Result) -> None:
    """Equal rows and tables, up to the last digit of sums that are added in any order."""
    assert list(found.tables) == list(fresh.tables)
    for one, other in [(found.rows, fresh.rows), *((found.tables[name], fresh.tables[name]) for name in fresh.tables)]:
        assert_frame_equal(one, other, check_exact=False, rel_tol=1e-9)


class Unkept(Context):
    """A context that computes everything from the plain snapshot."""

    def _kept(self, name: str, make: Callable[[Context], Result], settings: Any = None) -> Result:
        return make(self)


def measures(snapshot: Snapshot) -> Context:
    return Unkept(snapshot, "KOR", AS_OF)


@given(edits=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 3), st.sampled_from(["low", "high"])), min_size=1, max_size=3))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_measures_kept_through_edits_are_those_of_the_edited_register(register: Register, edits: list[tuple[str, int, str]]) -> None:
    changing, names = register, ("ties", "activity", "agreements", "watch", "technology", "deployments")
    for edit in [None, *edits]:
        if edit is not None:
            kind, at, confidence = edit
            changing = edited(edited(changing, kind, at, "confidence", confidence), kind, at, "title_ko" if kind != "event" else "summary_ko", confidence)
        snapshot = changing.snapshot()
        for name in names:
            found, fresh = getattr(Context(snapshot, "KOR", AS_OF), name), getattr(measures(changing.snapshot()), name)
            alike(found, fresh)


def test_an_edit_to_an_agreement_leaves_the_pressure_as_it_is(kor_register: Register) -> None:
    before = kor_register.snapshot()
    after = edited(kor_register, "agreement", 5, "locator", "p. 77").snapshot()
    for name in ("pressure", "technology", "tempo", "opinion", "agreements"):
        getattr(Context(before, "KOR", AS_OF), name)
    there = Context(after, "KOR", AS_OF, only_kept=True)
    for name in ("pressure", "technology", "tempo", "opinion"):
        assert getattr(there, name).snapshot == before.hash
    with pytest.raises(NotYetKept):
        there.agreements  # noqa: B018


def test_every_way_into_a_snapshot_is_watched() -> None:
    """A way added to snapshots is unwatched until it is written here, and then this fails."""
    ways = {name for name in vars(Snapshot) if not name.startswith("_")}
    own = {name for name in vars(WatchedSnapshot) if not name.startswith("_")}
    through_these = {"counted", "renew"}  # the one takes its rows from `frame`, the other gives nothing
    assert ways - own - SAFE - through_these == set()


def test_what_is_taken_around_the_ways_is_seen_too(register: Register) -> None:
    everything = set(register.tables)
    for take in (
        lambda s: list(s._tables),
        lambda s: s._tables.items(),
        lambda s: s._where,
        lambda s: s.record("a1"),
        lambda s: s.derived(("k",), lambda seen: {}, lambda seen, a, _: a),
    ):
        watched = WatchedSnapshot(register.snapshot())
        taken = take(watched)
        assert taken is None or list(taken) if not isinstance(taken, Record | dict) else True
        assert watched.reads == everything
    watched = WatchedSnapshot(register.snapshot())
    assert watched._tables["event"].height == 4
    assert watched.reads == {"event"}


def test_a_watched_snapshot_keeps_to_itself(register: Register) -> None:
    watched = WatchedSnapshot(register.snapshot())
    assert watched.hash == NO_HASH
    with pytest.raises(TypeError):
        pickle.dumps(watched)
    with pytest.raises(TypeError):
        watched.after(register, {})
    record = watched.record("agreement:a1")
    assert record.snapshot is watched
    assert watched.reads == {"agreement"}
    assert record.why("locator")
    assert watched.reads == {"agreement", "claim"}


def test_what_could_read_later_is_not_shared(register: Register) -> None:
    base = register.snapshot()
    one, other = WatchedSnapshot(base), WatchedSnapshot(base)
    for watched in (one, other):
        watched.remembered(("late",), lambda watched=watched: watched.record("agreement:a1"))  # type: ignore[misc]
        watched.remembered(("rows",), lambda watched=watched: watched.frame("event"))  # type: ignore[misc]
        assert watched.reads == {"agreement", "event"}
    assert ("watched", "late") not in base._memory
    assert ("watched", "rows") in base._memory
    assert not only_values(base)
    assert not only_values([lambda: base])


def test_a_failed_computation_forgets_no_reading(register: Register) -> None:
    watched = WatchedSnapshot(register.snapshot())
    watched.frame("event")

    def fails() -> int:
        watched.frame("agreement")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        watched.remembered(("fails",), fails)
    assert watched.reads == {"event", "agreement"}
