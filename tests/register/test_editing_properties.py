"""Edits at random: quick checks find what the checks of a whole package find, and what an editor may not see changes nothing that they get."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from comity.register.adding import preview_add
from comity.register.changing import preview_change
from comity.register.checks import faults_of
from comity.register.editing import Basis, Edit, add_claim, add_record, change_record, judge, withdraw
from comity.register.package import FILE, LINE, Package
from comity.register.readers import Reader
from comity.register.register import Register, load
from comity.vocab.errors import Fault
from comity.vocab.kinds import Field, codes, kinds
from comity.vocab.text import Text

TODAY = date(2026, 12, 1)
SEEDS = 60
WHY = Text("A newer list.", "새 목록에 따름.")
Rows = dict[str, list[dict[str, Any]]]


def tokens() -> Callable[[], str]:
    counted = itertools.count(1)
    return lambda: f"t{next(counted):04}"


# ---- as the checks of the whole package

WORDS = ["Team Spirit 84", "First cost agreement, with a comma", "Something else", " blank before", "x"]
VALUES: dict[str, list[str]] = {
    "text": WORDS,
    "date": ["1953-10-01", "1984-02", "1991", "2016-11-23", "2023-03-13", "2030-01-01", "..", "yesterday", "1900"],
    "day": ["2026-01-10", "2026-13-01"],
    "integer": ["0", "1", "48", "360", "999999", "many", "-5"],
    "number": ["0", "2.5", "x"],
    "flag": ["true", "false", "yes"],
    "url": ["https://example.org/treaties", "example.org"],
    "duration": ["P1Y", "P90D", "a year"],
    "actor": ["KOR", "USA", "SUN", "UN", "ATLANTIS"],
    "actors": ["KOR;USA", "KOR", "KOR;SUN", "PRK", "KOR;ATLANTIS", "KOR;KOR"],
    "actor_counts": ["KOR:5;USA:9", "KOR:400000", "SUN:1", "KOR"],
}


def some_value(rng: random.Random, field: Field, register: Register) -> str | None:
    """A value that may or may not suit the field: often of its type, often that of another row."""
    if rng.random() < 0.1:
        return None
    if field.type in ("code", "codes"):
        return rng.choice([*codes(str(field.codes)), "nonsense"])
    if field.type in ("link", "links"):
        kind = rng.choice(["event", "exercise", "agreement"]) if field.target == "any" else str(field.target)
        record = rng.choice([*register.tables[kind]["id"], "no-such"])
        return f"{kind}:{record}" if field.target == "any" else str(record)
    return rng.choice(VALUES[field.type])


def told(faults: list[Fault], files: set[str]) -> set[tuple[str, str | None, str | None]]:
    return {(fault.code, fault.field, fault.record) for fault in faults if fault.file in files}


@pytest.fixture
def small_register(small: Any) -> tuple[Path, Register]:
    """The small package on disk and loaded."""
    path = small.write()
    return path, load(path)


@pytest.mark.parametrize("seed", range(60))
def test_a_change_brings_the_faults_that_the_whole_package_would_have(small_register: tuple[Path, Register], seed: int) -> None:
    path, register = small_register
    rng = random.Random(seed)
    kind = rng.choice([kind for kind in kinds().values() if kind.name not in ("claim", "marking", "finding") and register.tables[kind.name].height])
    record = rng.choice(register.tables[kind.name]["id"].to_list())
    field = rng.choice([field for field in kind.fields if field.name != "entered_at"])
    value = some_value(rng, field, register)
    slow = preview_change(path, f"{kind.name}:{record}", field.name, value, reason=WHY, today=TODAY)
    quick = change_record(register, register.snapshot("everything"), f"{kind.name}:{record}", {field.name: value}, reason=WHY, today=TODAY, token=tokens())
    if "same-value" in {fault.code for fault in slow.faults}:
        assert "nothing-changed" in {fault.code for fault in quick.faults}
        return
    files = {one.file for one in kinds().values() if one.name != "claim"}
    doubts = {(fault.code, fault.field, fault.record) for fault in quick.faults if fault.code == "possible-duplicate"}
    expected = told(slow.faults, files)
    if (kind.name, field.name, value) == ("actor", "start", ".."):
        expected = {one for one in expected if one[2] == record}  # refused for itself: what it would do to the others is not looked up
    assert told(quick.faults, files) - doubts == expected
    if not quick.errors and field.name != "marking":  # the claim on a new marking carries the new one
        after, claims = register.with_rows(quick.rows), slow.tables["claim"]
        assert after.tables[kind.name].sort("id").select(kind.columns).equals(slow.tables[kind.name].sort("id").select(kind.columns))
        cells = [name for name in kinds()["claim"].columns if name != "id"]
        assert sorted(after.tables["claim"].select(cells).rows(), key=str) == sorted(claims.select(cells).rows(), key=str)


@pytest.mark.parametrize("seed", range(40))
def test_a_new_record_brings_the_faults_that_the_whole_package_would_have(small_register: tuple[Path, Register], seed: int) -> None:
    path, register = small_register
    rng = random.Random(seed)
    names = ["agreement", "agreement_period", "dialogue", "event", "exercise", "partner", "strength", "transfer", "membership", "objective"]
    kind = kinds()[rng.choice(names)]
    cells = dict(rng.choice(register.tables[kind.name].select(kind.columns).rows(named=True)))
    cells |= {field.name: some_value(rng, field, register) for field in rng.sample(kind.fields, rng.choice([0, 1, 3]))} | {"id": "new-one", "entered_at": None}
    slow = preview_add(path, kind.name, cells, today=TODAY)
    quick = add_record(register, register.snapshot("everything"), kind.name, cells, today=TODAY, token=tokens())
    files = {one.file for one in kinds().values()}
    assert told(quick.faults, files) == told(slow.faults, files)
    assert quick.duplicates == slow.duplicates


# ---- as if what is hidden were not there

MARKINGS = [
    {"id": "public", "name_en": "Public", "public": "true"},
    {"id": "restricted", "name_en": "Restricted", "public": "false", "owner": "KOR", "releasable_to": "JPN", "level": "restricted"},
    {"id": "secret", "name_en": "Secret", "public": "false", "owner": "KOR", "level": "secret"},
    {"id": "secret-jpn", "name_en": "Secret, Japan", "public": "false", "owner": "KOR", "releasable_to": "JPN", "level": "secret"},
]
EDITORS = [Reader("public"), Reader("KOR", "restricted"), Reader("JPN", "secret"), Reader("KOR", "secret")]
OPEN = ("e0", "e1", "e2")
FIELDS = {
    "number": ["1", "2", "3"],
    "fatalities": ["0", "4"],
    "answers": ["event:e0", "event:e0;event:e1", "event:e2"],
    "part_of": ["event:e0"],
    "source_actors": ["PRK", "PRK;USA"],
}
HIDING = {
    "answers": ["event:h0", "event:e0;event:h0"],
    "part_of": ["event:h0"],
    "source_actors": ["PRK;UNIT-X"],
    **{name: ["1", "2", "7"] for name in ("number", "fatalities")},
}


def event(record: str, **cells: str | None) -> dict[str, str | None]:
    return {
        "id": record, "start": "2020-01-01", "source_actors": "PRK", "target_actors": "KOR", "event_type": "ASSAULT", "subtype": "artillery_fire",
        "event_class": "conventional_clash", "summary_en": f"What happened in {record}.", **cells,
    }  # fmt: skip


def world(rng: random.Random) -> tuple[Rows, Rows, Reader]:
    """The rows that an editor sees, the same with rows and claims that they do not see, and the editor."""
    editor = rng.choice(EDITORS[:3])
    visible = editor.visible(pl.DataFrame(MARKINGS, infer_schema_length=None))
    hidden = [str(one["id"]) for one in MARKINGS if one["id"] not in visible]
    cells = [{name: rng.choice([None, *values]) for name, values in FIELDS.items() if name != "source_actors"} for _ in OPEN]
    events = [event(one, **cells[at], marking=rng.choice(visible)) for at, one in enumerate(OPEN)]
    claims = [
        {"id": f"c{at}", "record_kind": "event", "record": rng.choice(OPEN), "field": name, "value": rng.choice(FIELDS[name]),
         "status": rng.choice(["competing", "competing", "adopted_within"]), "marking": rng.choice(visible), "confidence": rng.choice(["high", "low"])}
        for at, name in enumerate(rng.choices(list(FIELDS), k=rng.randrange(5)))
    ]  # fmt: skip
    sources = [{"id": "t", "title": "Another list", "source_type": "other", "url": "https://example.org/t", "marking": "public"}]
    plain: Rows = {"marking": MARKINGS, "source": sources, "event": events, "claim": claims}
    return plain, _with_hidden(rng, plain, hidden), editor


def _with_hidden(rng: random.Random, plain: Rows, hidden: list[str]) -> Rows:
    unit = {"id": "UNIT-X", "actor_type": "unit", "name_en": "X", "short_en": "X", "name_ko": "가", "short_ko": "가", "marking": rng.choice(hidden)}
    rows = [
        event(one, marking=rng.choice(hidden), answers=rng.choice([None, "event:e0"]), summary_en=f"What happened in {of}.")
        for one, of in (("h0", "new"), ("h1", "e0"))
    ]
    memo = {"id": "memo", "title": "A memo", "source_type": "other", "url": "https://example.org/new", "marking": rng.choice(hidden)}
    events, claims = [dict(one) for one in plain["event"]], list(plain["claim"])
    for at in range(rng.randrange(5)):
        name, status = rng.choice(list(HIDING)), rng.choice(["competing", "superseded", "adopted_within"])
        more = {"superseded_at": "2026-02-01", "reason_en": "x"} if status == "superseded" else {}
        cell = {"record_kind": "event", "record": rng.choice(OPEN), "field": name, "value": rng.choice(HIDING[name])}
        claims.append({"id": f"x{at}", **cell, "status": status, "marking": rng.choice(hidden), **more})
    for row in events:
        for name in ("number", "fatalities"):
            if rng.random() < 0.6:
                _rest_on_hidden(rng, row, name, claims, rng.choice(hidden))
        for name in ("answers", "part_of"):
            if rng.random() < 0.5 and (name == "answers" or row[name] is None):
                row[name] = ";".join([one for one in (row[name], "event:h0") if one])
        if rng.random() < 0.5:
            row["source_actors"] = "PRK;UNIT-X"
    return {**plain, "actor": [unit], "source": [*plain["source"], memo], "event": [*events, *rows], "claim": claims}


def _rest_on_hidden(rng: random.Random, row: dict[str, Any], name: str, claims: list[dict[str, Any]], marking: str) -> None:
    """Let a cell rest on an adopted claim that cannot be seen, where what the editor then reads is what the row said."""
    order = {"high": 0, "low": 2}
    cell = {"record_kind": "event", "record": row["id"], "field": name}
    rivals = [one for one in claims if one["id"].startswith("c") and one["status"] == "competing" and cell.items() <= one.items()]
    best = min(rivals, key=lambda one: (order[one["confidence"]], one["id"]), default=None)
    if (best["value"] if best else None) == row[name]:
        row[name] = rng.choice(["8", "9"])
        claims.append({"id": f"top-{row['id']}-{name}", **cell, "value": row[name], "status": "adopted", "marking": marking})


Told = tuple[str, dict[str, Any], Basis, str]


def doing(rng: random.Random) -> Told:
    """What an editor does: which edit, with which cells, on which basis, to which record. Most name only what can be seen, so that they can be made."""
    what = rng.choice(["change", "change", "change", "add", "claim", "claim", "judge", "withdraw"])
    careful = rng.random() < 0.75
    wrong = [] if careful else ["event:h0", "UNIT-X", "9"]
    names = rng.sample(list(FIELDS), rng.randint(1, 3))
    typed = {name: rng.choice([*([] if name == "source_actors" else [None]), *FIELDS[name], *wrong]) for name in names}
    source = rng.choice([None, None, "t"] if careful else ["s", "memo"])
    url = None if careful and source else rng.choice([None, None, "https://example.org/t", "https://example.org/new"])
    marking = rng.choice([None, None, "public"] if careful else ["restricted", "secret", "secret-jpn"])
    basis = Basis(source, None, rng.choice([None, "low", "high"]), marking, source_url=url, source_title="A title" if url else None)
    return what, typed, basis, rng.choice([*OPEN, *OPEN, "h0"])


def made(register: Register, editor: Reader, what: str, typed: dict[str, Any], basis: Basis, record: str) -> Edit | None:
    """The edit; none where the record cannot be seen."""
    seen, token = register.snapshot(editor), tokens()
    if what == "add":
        cells = {name: cell for name, cell in event("new").items() if name != "id"} | {"marking": "public", "source": "s", "confidence": "low"} | typed
        return add_record(register, seen, "event", cells, basis, today=TODAY, token=token)
    ref = f"event:{record}"
    if not seen.has_record(ref):
        return None
    if what == "change":
        return change_record(register, seen, ref, typed, basis, today=TODAY, token=token, reason=WHY)
    if what == "claim":
        name, value = next(iter(typed.items()), ("number", "5"))
        return add_claim(register, seen, ref, name, value, basis, today=TODAY, token=token, reason=WHY)
    if what == "withdraw":
        return withdraw(register, seen, ref, today=TODAY, token=token, reason=WHY)
    claims = seen.claims.filter(pl.col("record") == record).sort("id").select("field", "id").rows()
    name, one = claims[0] if claims else ("number", "no-such")
    return judge(register, seen, ref, name, one, today=TODAY, token=token, reason=WHY)


def sound(register: Register) -> set[tuple[str, str | None, str | None]]:
    tables = {name: table.with_columns(pl.lit(None, dtype=pl.Int32).alias(LINE), pl.lit(name).alias(FILE)) for name, table in register.tables.items()}
    return {(one.code, one.field, one.record) for one in faults_of(Package(register.path, register.settings, tables)) if one.severity == "error"}


@pytest.fixture(scope="module")
def register_of(tiny_register: Callable[..., Register]) -> Callable[[Rows], Register]:
    """A register of these rows, of a few actors."""

    def make(rows: Rows) -> Register:
        sources = [{"id": "s", "title": "A source", "source_type": "other", "marking": "public"}, *rows["source"]]
        register = tiny_register({name: listed for name, listed in rows.items() if listed} | {"source": sources})
        actors = register.tables["actor"].filter(pl.col("id").is_in(["KOR", "PRK", "JPN", "USA", "UNIT-X"]))
        return replace(
            register, tables=dict(register.tables) | {"actor": actors} | {name: register.tables[name].clear() for name in ("actor_code", "membership")}
        )

    return make


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_an_editor_may_not_see_changes_nothing_that_they_get(register_of: Callable[[Rows], Register], seed: int) -> None:
    """Faults, duplicates, ids, what is shown, and the snapshot afterwards: the same with hidden records, claims, links, sources and without."""
    rng = random.Random(seed)
    rows, more, editor = world(rng)
    plain, fuller, edit = register_of(rows), register_of(more), doing(rng)
    assert fuller.snapshot(editor).hash == plain.snapshot(editor).hash
    one, other = (made(register, editor, *edit) for register in (plain, fuller))
    if one is None or other is None:
        assert one is other
        return
    assert (one.ref, one.faults, one.duplicates) == (other.ref, other.faults, other.duplicates)
    assert {name: table.rows() for name, table in one.shown.items()} == {name: table.rows() for name, table in other.shown.items()}
    if one.errors:
        return
    after, fuller_after = plain.with_rows(one.rows), fuller.with_rows(other.rows)
    assert fuller_after.snapshot(editor).hash == after.snapshot(editor).hash
    assert sound(fuller_after) == sound(fuller)
    for reader in EDITORS:
        assert fuller.snapshot(reader).after(fuller_after, other.edited).hash == fuller_after.snapshot(reader).hash


@pytest.mark.parametrize("seed", range(SEEDS))
def test_an_edit_under_a_narrower_marking_changes_nothing_for_the_others(register_of: Callable[[Rows], Register], seed: int) -> None:
    """Whatever the register holds, new values, claims and sources under a marking are not there for readers who do not hold it."""
    rng = random.Random(seed)
    register, editor = register_of(world(rng)[1]), Reader("KOR", "secret")
    (_, typed, basis, record), what, marking = doing(rng), rng.choice(["change", "change", "claim"]), rng.choice(["secret", "secret-jpn"])
    one = made(register, editor, what, typed, replace(basis, marking=marking), record)
    if one is None or one.errors:
        return
    after = register.with_rows(one.rows)
    for reader in EDITORS:
        if marking not in reader.visible(register.tables["marking"]):
            assert after.snapshot(reader).hash == register.snapshot(reader).hash
    if what == "change":
        shown = after.snapshot(editor).record(one.ref)
        assert {name: shown[name] for name in typed} == typed


@pytest.mark.parametrize("seed", range(SEEDS // 3))
def test_edits_by_several_editors_leave_the_register_sound(register_of: Callable[[Rows], Register], seed: int) -> None:
    """One after the other: no edit brings an error, each editor reads what was shown and what was typed, and those who see a narrower value keep it."""
    rng = random.Random(seed)
    register = register_of(world(rng)[1])
    told_wrong = sound(register)
    for _ in range(4):
        editor, edit = rng.choice(EDITORS), doing(rng)
        one = made(register, editor, *edit)
        if one is None or one.errors:
            continue
        register = register.with_rows(one.rows)
        assert sound(register) == told_wrong
        snapshot = register.snapshot(editor)
        for name, table in one.shown.items():
            assert snapshot.table(name).filter(pl.col("id").is_in(table["id"].implode())).sort("id").select(table.columns).rows() == table.sort("id").rows()
        if edit[0] == "change":
            assert {name: snapshot.record(one.ref)[name] for name in edit[1]} == edit[1]
